package probe

import (
	"context"
	"sync"
	"time"
)

// sharing is how long an answer is passed on to those who ask the same: about
// as long as the lines of one go.mod take to come by, and short enough that who
// mends something and asks again gets a new answer.
const sharing = 5 * time.Second

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
}

// usable reports whether a question can do with this flight.
func (f *sharedFlight[V]) usable(patience Patience, now time.Time) bool {
	select {
	case <-f.landed:
	default:
		return patience == f.patience
	}
	return now.Sub(f.at) <= sharing && (f.good || patience == f.patience)
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
			s.sweep(time.Now())
			f = &sharedFlight[V]{landed: make(chan struct{}), patience: patience}
			s.flights[key] = f
			s.mu.Unlock()
			f.value, f.good = ask(ctx)
			f.at = time.Now()
			if ctx.Err() != nil {
				s.mu.Lock()
				if s.flights[key] == f {
					delete(s.flights, key)
				}
				s.mu.Unlock()
				f.at = time.Time{} // of no use to anybody
			}
			close(f.landed)
			return f.value, ctx.Err() == nil
		}
		s.mu.Unlock()
		select {
		case <-f.landed:
			if !f.at.IsZero() {
				return f.value, true
			}
		case <-ctx.Done():
			return none, false
		}
	}
}

// sweep forgets the answers that nobody will be given any more. Callers hold mu.
func (s *shared[V]) sweep(now time.Time) {
	for key, f := range s.flights {
		select {
		case <-f.landed:
			if now.Sub(f.at) > sharing {
				delete(s.flights, key)
			}
		default:
		}
	}
}
