package probe

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// TestShared puts questions with one key, at certain times, to somebody who
// takes a second for each answer: how often they were asked.
func TestShared(t *testing.T) {
	type question struct {
		at       time.Duration
		patience Patience
		// gone is when who asks loses interest; never if zero.
		gone time.Duration
	}
	const s = time.Second
	first := func(at time.Duration) question { return question{at: at, patience: FirstLook} }
	second := func(at time.Duration) question { return question{at: at, patience: SecondLook} }
	for _, test := range []struct {
		name string
		good bool
		all  []question
		asks int
		// answered is how many got an answer.
		answered int
	}{
		{"one", true, []question{first(0)}, 1, 1},
		{"at the same time", true, []question{first(0), first(0), first(0)}, 1, 3},
		{"under way", true, []question{first(0), first(s / 2)}, 1, 2},
		{"fresh", true, []question{first(0), first(6*s - 1)}, 1, 2},
		{"stale", true, []question{first(0), first(6*s + 1)}, 2, 2},
		{"asked for again and again", true, []question{first(0), first(5 * s), first(9 * s), first(13 * s)}, 1, 4},
		{"bad, however often it is asked for", false, []question{first(0), first(5 * s), first(9 * s)}, 2, 3},
		{"not for ever", true, func() (all []question) {
			for at := time.Duration(0); at <= 63*s; at += 3 * s {
				all = append(all, first(at))
			}
			return all
		}(), 2, 22},
		{"good for the more patient", true, []question{first(0), second(2 * s)}, 1, 2},
		{"bad for the more patient", false, []question{first(0), second(2 * s)}, 2, 2},
		{"bad for the same", false, []question{first(0), first(2 * s)}, 1, 2},
		{"under way with less patience", true, []question{first(0), second(s / 2)}, 2, 2},
		{"the one who asks goes: the other begins anew", true, []question{{0, FirstLook, s / 2}, first(s / 4)}, 2, 1},
		{"the one who waits goes", true, []question{first(0), {s / 4, FirstLook, s / 4}}, 1, 1},
		{"nothing stays of one who went", true, []question{{0, FirstLook, s / 2}, first(2 * s)}, 2, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var all shared[int]
				asks, answered := make(chan int, len(test.all)), make(chan int, len(test.all))
				for _, q := range test.all {
					go func() {
						<-time.After(q.at)
						ctx := t.Context()
						if q.gone > 0 {
							var cancel context.CancelFunc
							ctx, cancel = context.WithTimeout(ctx, q.gone)
							defer cancel()
						}
						v, ok := all.do(ctx, "key", q.patience, func(ctx context.Context) (int, bool) {
							asks <- 1
							select {
							case <-time.After(s):
							case <-ctx.Done():
							}
							return 42, test.good
						})
						if ok && v == 42 {
							answered <- 1
						}
					}()
				}
				<-time.After(2 * time.Minute)
				synctest.Wait()
				if len(asks) != test.asks || len(answered) != test.answered {
					t.Errorf("asked %d times, %d answered; want %d and %d", len(asks), len(answered), test.asks, test.answered)
				}
				all.mu.Lock()
				defer all.mu.Unlock()
				if len(all.flights) > 0 {
					t.Errorf("%d answers are kept in the end, want none", len(all.flights))
				}
			})
		})
	}
}
