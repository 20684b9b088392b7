package probe

import (
	"context"
	"sync"
	"time"
)

const (
	// sharing is how long an answer waits for the next who asks the same: longer
	// than the lines of one go.mod take to follow each other, and short enough
	// that who mends something and asks again gets a new answer.
	sharing = 5 * time.Second
	// stale is the age at which no answer is passed on any more, however many
	// ask for it one after the other.
	stale = time.Minute
)

// shared lets questions with the same key share one answer. The zero value is
// ready for use.
type shared[V any] struct {
	mu      sync.Mutex
	flights map[string]*sharedFlight[V]
}

// sharedFlight is one question under way, or its answer.
type sharedFlight[V any] struct {
	landed chan struct{} // closed when value is there
	value  V
	// good reports that the answer holds for everybody, and not only for who
	// has no more patience than patience.
	good     bool
	patience Patience
	at       time.Time
	end      *time.Timer // gives the answer up when nobody has asked for a while
}

// usable reports whether a question can do with this flight.
func (f *sharedFlight[V]) usable(patience Patience, now time.Time) bool {
	select {
	case <-f.landed:
	default:
		return patience == f.patience
	}
	return now.Sub(f.at) <= stale && (f.good || patience == f.patience)
}

// do gives the answer to the question named key: one that is fresh, or under
// way, or what ask gives. It returns false when ctx is done before. ask also
// tells whether the answer is a good one, which holds whatever the patience.
//
// A question that ctx ends is given up together with those who share it; they
// begin anew.
func (s *shared[V]) do(ctx context.Context, key string, patience Patience, ask func(context.Context) (value V, good bool)) (V, bool) {
	var none V
	for {
		s.mu.Lock()
		f := s.flights[key]
		if f == nil || !f.usable(patience, time.Now()) {
			if s.flights == nil {
				s.flights = map[string]*sharedFlight[V]{}
			}
			f = &sharedFlight[V]{landed: make(chan struct{}), patience: patience}
			s.flights[key] = f
			s.mu.Unlock()
			f.value, f.good = ask(ctx)
			f.at = time.Now()
			ended := ctx.Err() != nil
			if ended {
				f.at = time.Time{} // of no use to anybody
				s.forget(key, f)
			} else {
				// An answer may be as large as the refs of a repository.
				f.end = time.AfterFunc(sharing, func() { s.forget(key, f) })
			}
			close(f.landed)
			return f.value, !ended
		}
		s.mu.Unlock()
		select {
		case <-f.landed:
			if !f.at.IsZero() {
				if f.good { // a fault may be mended at any time
					f.end.Reset(sharing)
				}
				return f.value, true
			}
		case <-ctx.Done():
			return none, false
		}
	}
}

// forget gives a flight up, unless another one has taken its place.
func (s *shared[V]) forget(key string, f *sharedFlight[V]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.flights[key] == f {
		delete(s.flights, key)
	}
}
