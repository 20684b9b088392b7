package patrol_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modreach/modreach/patrol"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// TestStop returns with work in flight. That nothing is left behind is what
// every scene ends with: synctest waits for the last goroutine.
func TestStop(t *testing.T) {
	play(t, patrol.Options{}, map[string]manner{"a.example": serves(0), "b.example": silent, "c.example": serves(time.Hour)}, func(s *scene) {
		s.set("c.example first", serves(0))
		s.Want("first", 0, wants("c.example", "first"))
		s.settled()
		s.Want("go.mod", 0, append(lines(10, "b.example"), lines(10, "c.example")...))
		s.wait(2 * time.Second) // a knock is under way at b
		s.Stop()
		expect(t, "time", 2*time.Second, time.Since(s.start))
		expect(t, "questions called off", 11, s.count("off", ""))

		s.Stop()
		s.Want("go.mod", 0, lines(1, "a.example"))
		s.Recheck("go.mod")
		statuses, weather := s.Snapshot("go.mod")
		expect(t, "statuses after Stop", nil, statuses)
		expect(t, "weather after Stop", patrol.Weather{}, weather)
		expect(t, "pending after Stop", 0, s.Pending())
	})
}

// TestEndOfContext ends the work like Stop.
func TestEndOfContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		w := newWorld(map[string]manner{"a.example": serves(time.Hour)})
		p := patrol.New(w, patrol.Options{}, quietLog)
		p.Start(ctx)
		p.Want("go.mod", 0, lines(10, "a.example"))
		cancel()
		synctest.Wait()
		expect(t, "pending after the end", 0, p.Pending())
		p.Stop()
	})
}

// TestChanged leaves one token for all that happened before it is taken.
func TestChanged(t *testing.T) {
	play(t, patrol.Options{}, map[string]manner{"a.example": serves(0), "a.example slow": silent}, func(s *scene) {
		tokens := func() (n int) {
			synctest.Wait()
			for {
				select {
				case <-s.Changed():
					n++
				default:
					return n
				}
			}
		}
		s.Want("go.mod", 0, lines(100, "a.example"))
		s.wait(time.Minute)
		expect(t, "tokens after 100 lines settled", 1, tokens())
		s.wait(time.Minute)
		expect(t, "tokens after nothing", 0, tokens())
		s.Want("go.mod", 0, wants("a.example", "slow"))
		expect(t, "tokens after a Want", 1, tokens())
		s.wait(4 * time.Second)
		expect(t, "tokens after silence", 0, tokens())
		s.wait(time.Second)
		expect(t, "status", []string{"1 pending, slow"}, s.status("go.mod"))
		expect(t, "tokens when it is slow", 1, tokens())
		s.Want("other", 0, wants("a.example", "slow"))
		expect(t, "tokens when another joins", 1, tokens())
		expect(t, "status of the other", []string{"1 pending, slow"}, s.status("other"))

		s.set("cache", func(string, probe.Patience) reply {
			return reply{after: time.Second, fault: lacks("", probe.FirstLook).fault}
		})
		cached := wants("a.example", "slow")
		cached[0].Hops = append([]route.Hop{{Kind: route.Cache, Dir: "cache"}}, cached[0].Hops...)
		s.Want("third", 0, cached)
		expect(t, "tokens after another Want", 1, tokens())
		s.wait(time.Second)
		expect(t, "tokens when it joins later", 1, tokens())
	})
}

// TestNothingPilesUp edits a file 100,000 times, over hosts of every kind.
func TestNothingPilesUp(t *testing.T) {
	hosts := map[string]manner{"up.example": serves(time.Millisecond), "dead.example": refuses, "silent.example": silent}
	names := []string{"up.example", "dead.example", "silent.example", "up.example|silent.example"}
	const edits, keep = 100_000, 3
	play(t, patrol.Options{Settle: settle, Fresh: patrol.EditorFreshness}, hosts, func(s *scene) {
		kept := lines(keep, "up.example")
		for n := range edits {
			list := names[n%len(names)]
			if n%10 == 0 {
				list = fmt.Sprintf("h%d.example", n) // somebody types a host
			}
			s.Want("go.mod", 0, append(kept, line(fmt.Sprintf("m@v1.0.%d", n), list)))
			if n%7 == 0 {
				s.wait(settle + 100*time.Millisecond)
			}
			if n%1000 == 0 {
				s.forgetSeen()
			}
		}
		h := s.Held()
		if h.Books+h.Gates > 3*patrol.Crowd || h.Jobs > 1 || h.Queued > 1 || h.Lines != keep+1 || h.Due > keep+1 {
			t.Errorf("after %d edits: %+v, want as much as is in use and at most %d books and gates", edits, h, 3*patrol.Crowd)
		}
		s.wait(time.Hour) // all gates may open by now
		s.Want("go.mod", 0, nil)
		expect(t, "lines and what waits for them", patrol.Held{}, func(h patrol.Held) patrol.Held {
			h.Books, h.Gates = 0, 0
			return h
		}(s.Held()))
	})
}

// TestSpareAnswers keeps what is in use when there is too much, and gives back
// what was there a moment ago without asking.
func TestSpareAnswers(t *testing.T) {
	play(t, patrol.Options{}, nil, func(s *scene) {
		s.Want("kept", 0, wants("a.example", "kept"))
		const edits = 3 * patrol.Crowd
		for n := range edits {
			s.Want("go.mod", 0, []route.Route{line(fmt.Sprintf("m@v1.0.%d", n), "a.example")})
			s.settled()
		}
		s.forgetSeen()
		s.Want("other", 0, wants("a.example", "kept"))
		s.Want("go.mod", 0, []route.Route{line(fmt.Sprintf("m@v1.0.%d", edits-2), "a.example")})
		expect(t, "status", []string{"1 reached"}, s.status("other"))
		expect(t, "status of an edit undone", []string{"1 reached"}, s.status("go.mod"))
		s.Want("go.mod", 0, []route.Route{line("m@v1.0.0", "a.example")})
		s.settled()
		expect(t, "questions for what was thrown away", 1, s.count("ask", ""))
	})
}

// TestRandomEvents plays thousands of stories, each from its own seed. Whatever
// happens in them: when it is over every line settles, and nothing is left.
func TestRandomEvents(t *testing.T) {
	stories := 10_000
	if testing.Short() {
		stories = 500
	}
	const parts = 4 // stories run beside each other
	for part := range parts {
		t.Run(fmt.Sprint(part), func(t *testing.T) {
			t.Parallel()
			for seed := part; seed < stories && !t.Failed(); seed += parts {
				story(t, uint64(seed))
			}
		})
	}
}

func story(t *testing.T, seed uint64) {
	rnd := rand.New(rand.NewPCG(seed, 1))
	pick := func(list []string) string { return list[rnd.IntN(len(list))] }
	manners := []manner{
		serves(0), serves(10 * time.Millisecond), serves2(time.Second), serves(30 * time.Second), lacks, fails,
		silent, refuses, unresolved, limits(0), limits(20 * time.Second), logsIn, signedBy("Corp"),
	}
	hosts := []string{"a.example", "b.example", "c.example", "cache"}
	about := []string{"", " m1", " m2", " /"}
	lists := []string{"a.example", "b.example", "a.example,b.example", "a.example|b.example", "c.example|a.example,b.example"}
	docs := []string{"one", "two", "three"}
	fresh := []patrol.Freshness{{}, patrol.EditorFreshness, {Found: 3 * time.Second, Missing: 2 * time.Second, Failing: 5 * time.Second}}
	o := patrol.Options{Settle: time.Duration(rnd.IntN(2)) * settle, Fresh: fresh[rnd.IntN(len(fresh))], HTTP1: 1 + rnd.IntN(4), HTTP2: 4}

	world := map[string]manner{}
	change := func() { world[pick(hosts)+pick(about)] = manners[rnd.IntN(len(manners))] }
	for range 3 {
		change()
	}
	set := func() []route.Route {
		var all []route.Route
		for range rnd.IntN(6) {
			l := line(fmt.Sprintf("m%d@v1.0.%d", rnd.IntN(4), rnd.IntN(3)), pick(lists))
			l.Query = rnd.IntN(5) == 0
			if rnd.IntN(2) == 0 {
				l.Hops = append([]route.Hop{{Kind: route.Cache, Dir: "cache"}}, l.Hops...)
			}
			all = append(all, l)
		}
		return all
	}
	play(t, o, world, func(s *scene) {
		for range 4 + rnd.IntN(16) {
			switch rnd.IntN(8) {
			case 0:
				s.mu.Lock()
				change()
				s.mu.Unlock()
			case 1:
				s.Recheck(pick(docs))
			case 2, 3, 4:
				s.Want(pick(docs), rnd.IntN(3), set())
			case 5:
				s.wait(time.Duration(rnd.IntN(2000)) * time.Millisecond)
			case 6:
				s.wait(time.Duration(rnd.IntN(20)) * time.Second)
			case 7:
				// What happens next happens in the same instant.
			}
		}
		if rnd.IntN(10) == 0 {
			return // Stop in the midst of it
		}
		// The longest way: a dozen questions, with a short deadline and a long
		// one each.
		for end := time.Now().Add(20 * time.Minute); s.Pending() > 0 && time.Now().Before(end); {
			s.wait(10 * time.Second)
		}
		expect(t, fmt.Sprintf("pending in seed %d", seed), 0, s.Pending())

		// Nobody is left waiting with an old status either: once all is well,
		// all is found. The last pause that a host asked for is 20 s.
		s.mu.Lock()
		clear(world)
		s.mu.Unlock()
		for _, d := range docs {
			s.Recheck(d)
		}
		s.wait(25 * time.Second)
		for _, d := range docs {
			all, _ := s.Snapshot(d)
			for i, st := range all {
				if w := says(st); w != "reached" && w != "cached" {
					t.Errorf("seed %d: line %d of %s at the end: %s", seed, i, d, w)
				}
			}
		}
		for _, d := range docs {
			s.Want(d, 0, nil)
		}
		h := s.Held()
		if h.Lines+h.Jobs+h.Queued+h.Due != 0 {
			t.Errorf("seed %d: %+v, want nothing in hand when nothing is wanted", seed, h)
		}
	})
}
