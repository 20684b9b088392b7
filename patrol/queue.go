package patrol

import "container/heap"

// queue holds things in the order of their rank; its zero value is empty. A
// thing is in one queue at most and knows its place there, so that it can be
// taken out, or moved when its rank has changed, in logarithmic time.
type queue[T ranked[T]] []T

type ranked[T any] interface {
	// before reports whether the other one comes later.
	before(other T) bool
	place() *int
}

// seat is embedded in what a queue can hold. It is one more than the index
// there, so that zero is nowhere.
type seat int

func (s *seat) place() *int { return (*int)(s) }

// put adds x, or moves it to where its rank now belongs.
func (q *queue[T]) put(x T) {
	if at := *x.place(); at > 0 {
		heap.Fix(q, at-1)
		return
	}
	heap.Push(q, x)
}

// drop takes x out, if it is in.
func (q *queue[T]) drop(x T) {
	if at := *x.place(); at > 0 {
		heap.Remove(q, at-1)
	}
}

// next takes the first one out.
func (q *queue[T]) next() T { return heap.Pop(q).(T) }

// Len is for container/heap, like the methods after it.
func (q queue[T]) Len() int           { return len(q) }
func (q queue[T]) Less(i, j int) bool { return q[i].before(q[j]) }
func (q queue[T]) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	*q[i].place(), *q[j].place() = i+1, j+1
}

// Push adds at the end.
func (q *queue[T]) Push(x any) {
	*q = append(*q, x.(T))
	*x.(T).place() = len(*q)
}

// Pop takes from the end.
func (q *queue[T]) Pop() any {
	var none T
	last := len(*q) - 1
	x := (*q)[last]
	(*q)[last] = none
	*q = (*q)[:last]
	*x.place() = 0
	return x
}
