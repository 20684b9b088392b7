package patrol_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/patrol"
)

// settle is the settling time of an editor.
const settle = 400 * time.Millisecond

// numbers are what a scene costs.
type numbers struct {
	// Settled is when all lines but the first, which may be one that somebody
	// is typing, were settled.
	Settled   time.Duration
	Asks, Off int // questions, and those called off
	Knocks    int
	Status    []string
}

// TestScenes holds the costs of what happens every day.
func TestScenes(t *testing.T) {
	// typing edits the version of the first line every so often.
	typing := func(every, total time.Duration) func(*scene) {
		return func(s *scene) {
			routes := lines(40, "a.example")
			for n := 0; time.Since(s.start) < total; n++ {
				routes[0] = line(fmt.Sprintf("m1@v1.0.%d", n), "a.example")
				s.Want("go.mod", 0, routes)
				s.wait(every)
			}
		}
	}
	once := func(n int) func(*scene) {
		return func(s *scene) { s.Want("go.mod", 0, lines(n, "a.example")) }
	}
	for _, test := range []struct {
		name  string
		a     manner
		act   func(*scene)
		until time.Duration // when the counting ends
		want  numbers
	}{
		{
			"healthy host, 40 lines", serves(50 * time.Millisecond), once(40), 2 * time.Second,
			numbers{Settled: settle + 100*time.Millisecond, Asks: 40, Status: []string{"40 reached"}},
		},
		{
			"healthy host, 300 lines over HTTP/1.1", serves(50 * time.Millisecond), once(300), 2 * time.Second,
			// The first alone, the others 64 at a time.
			numbers{Settled: settle + 6*50*time.Millisecond, Asks: 300, Status: []string{"300 reached"}},
		},
		{
			"healthy host, 300 lines over HTTP/2", serves2(50 * time.Millisecond), once(300), 2 * time.Second,
			// The first alone, the others 250 at a time.
			numbers{Settled: settle + 3*50*time.Millisecond, Asks: 300, Status: []string{"300 reached"}},
		},
		{
			"silent host, 40 lines", silent, once(40), 12 * time.Second,
			numbers{Settled: settle + 10*time.Second, Asks: 1, Knocks: 1, Status: []string{"40 lost: no answer"}},
		},
		{
			"silent host, 300 lines", silent, once(300), 12 * time.Second,
			numbers{Settled: settle + 10*time.Second, Asks: 1, Knocks: 1, Status: []string{"300 lost: no answer"}},
		},
		{
			"refusing host, 300 lines", refuses, once(300), 2 * time.Second,
			numbers{Settled: settle + time.Second + time.Millisecond, Asks: 1, Knocks: 1, Status: []string{"300 lost: refused"}},
		},
		{
			"silent host, somebody types", silent, typing(300*time.Millisecond, 14*time.Second), 14 * time.Second,
			// What somebody is typing is never asked, but has its answer.
			numbers{Settled: settle + 10*time.Second, Asks: 1, Knocks: 1, Status: []string{"40 lost: no answer"}},
		},
		{
			"slow healthy host, somebody types", serves(2 * time.Second), typing(1200*time.Millisecond, 15*time.Second), 20 * time.Second,
			// Twelve versions of the first line were settled enough to be asked
			// for, and gone before the answer came.
			numbers{Settled: settle + 800*time.Millisecond + 4*time.Second, Asks: 40 + 11, Off: 11, Knocks: 1, Status: []string{"40 reached"}},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			play(t, patrol.Options{Settle: settle, Fresh: patrol.EditorFreshness}, map[string]manner{"a.example": test.a}, func(s *scene) {
				var got numbers
				go func() {
					for got.Settled == 0 {
						<-s.Changed()
						all, _ := s.Snapshot("go.mod")
						if len(all) > 0 && !slices.ContainsFunc(all[1:], func(st patrol.Status) bool { return !st.Settled }) {
							got.Settled = time.Since(s.start)
						}
					}
				}()
				test.act(s)
				s.wait(test.until - time.Since(s.start))
				got.Asks, got.Off, got.Knocks = s.count("ask", ""), s.count("off", ""), s.count("knock", "")
				got.Status = s.status("go.mod")
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("numbers (-want +got):\n%s", diff)
				}
			})
		})
	}
}
