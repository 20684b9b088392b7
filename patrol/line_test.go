package patrol_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/patrol"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// TestSingleFlight asks once for all who want the same at the same hop.
func TestSingleFlight(t *testing.T) {
	play(t, patrol.Options{}, map[string]manner{"a.example": serves(time.Second / 2)}, func(s *scene) {
		twice := append(lines(10, "a.example"), lines(10, "a.example")...)
		s.Want("one/go.mod", 0, twice)
		s.Want("two/go.mod", 1, lines(10, "a.example"))
		s.wait(time.Second / 4)
		s.Want("three/go.mod", 1, lines(12, "a.example"))
		s.settled()
		s.Want("four/go.mod", 1, lines(12, "a.example"))
		expect(t, "status of the last", []string{"12 reached"}, s.status("four/go.mod"))
		expect(t, "questions", 12, s.count("ask", ""))

		other := line("m1@v1.0.0", "b.example")
		s.Want("five/go.mod", 1, []route.Route{other})
		s.settled()
		expect(t, "questions to another hop", 1, s.count("ask", "b.example"))
	})
}

// TestDebounce never asks for what stood in a file for less than the settling
// time.
func TestDebounce(t *testing.T) {
	play(t, patrol.Options{Settle: settle}, nil, func(s *scene) {
		for _, v := range []string{"v0", "v0.4", "v0.42", "v0.42.0"} {
			s.Want("go.mod", 0, []route.Route{line("m@"+v, "a.example"), line("n@v1.0.0", "a.example")})
			s.wait(settle - 1)
		}
		s.wait(1)
		expect(t, "status", []string{"2 reached"}, s.status("go.mod"))
		expect(t, "diary", []string{"0.400s ask a.example n@v1.0.0", "1.600s ask a.example m@v0.42.0"}, s.diary())

		// What is known needs no question, and so no time to settle.
		s.Want("go.mod", 0, []route.Route{line("m@v0.42.1", "a.example")})
		s.Want("go.mod", 0, []route.Route{line("m@v0.42.0", "a.example")})
		expect(t, "status of what is known", []string{"1 reached"}, s.status("go.mod"))
	})
}

// TestReplan keeps what is under way when a route changes in a point that is
// not asked about, as when go.sum is written.
func TestReplan(t *testing.T) {
	play(t, patrol.Options{Settle: settle}, map[string]manner{"a.example": serves(time.Second)}, func(s *scene) {
		l := line("m@v1.0.0", "a.example")
		s.Want("go.mod", 0, []route.Route{l})
		s.wait(time.Second)
		l.Sums.Mod = []string{"h1:x"}
		s.Want("go.mod", 0, []route.Route{l})
		expect(t, "time", settle+time.Second, s.settled())
		expect(t, "questions", 1, s.count("ask", ""))
		expect(t, "questions called off", 0, s.count("off", ""))
	})
}

// TestUnchangedLines keep their status, and what is under way for them, while
// others change.
func TestUnchangedLines(t *testing.T) {
	play(t, patrol.Options{}, map[string]manner{"a.example": serves(time.Second), "a.example slow": serves(3 * time.Second)}, func(s *scene) {
		keep := []route.Route{line("m@v1.0.0", "a.example"), line("slow@v1.0.0", "a.example")}
		s.Want("go.mod", 0, append(keep, line("x@v1.0.0", "a.example")))
		s.wait(2500 * time.Millisecond)
		for i := range 5 {
			s.Want("go.mod", 0, append([]route.Route{line(fmt.Sprintf("x@v1.0.%d", i+1), "a.example")}, keep...))
			expect(t, "status", []string{"1 pending", "1 reached", "1 pending"}, s.status("go.mod"))
			s.wait(100 * time.Millisecond)
		}
		s.settled()
		for _, what := range []string{"m@v1.0.0", "slow@v1.0.0"} {
			n := 0
			for _, e := range s.seen {
				if e.what == "ask" && e.mod.String() == what {
					n++
				}
			}
			expect(t, "questions for "+what, 1, n)
		}
		expect(t, "status at the end", []string{"3 reached"}, s.status("go.mod"))
	})
}

// order gives the modules in the order they were asked for.
func (s *scene) order() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, e := range s.seen {
		if e.what == "ask" {
			all = append(all, e.mod.Path)
		}
	}
	s.seen = nil
	return all
}

func wants(list string, mods ...string) []route.Route {
	var all []route.Route
	for _, m := range mods {
		all = append(all, line(m+"@v1.0.0", list))
	}
	return all
}

func TestUrgency(t *testing.T) {
	hosts := map[string]manner{"a.example": serves(10 * time.Millisecond)}
	for _, test := range []struct {
		name string
		act  func(*scene)
		want []string
	}{
		{
			"the urgent document first, then as wanted",
			func(s *scene) {
				s.Want("back", 5, wants("a.example", "b1", "b2"))
				s.Want("mid", 2, wants("a.example", "m1", "m2"))
				s.Want("front", 0, wants("a.example", "f1", "f2", "f3"))
			},
			[]string{"b1", "f1", "f2", "f3", "m1", "m2", "b2"},
		},
		{
			"what two documents want is as urgent as the more urgent one",
			func(s *scene) {
				s.Want("back", 5, wants("a.example", "b1", "b2", "b3", "both"))
				s.Want("front", 0, wants("a.example", "f1", "both"))
			},
			[]string{"b1", "both", "f1", "b2", "b3"},
		},
		{
			"another document comes to the front",
			func(s *scene) {
				s.Want("one", 0, wants("a.example", "a1", "a2", "a3"))
				s.Want("two", 5, wants("a.example", "b1", "b2", "b3"))
				s.Want("one", 5, wants("a.example", "a1", "a2", "a3"))
				s.Want("two", 0, wants("a.example", "b1", "b2", "b3"))
			},
			[]string{"a1", "b1", "b2", "b3", "a2", "a3"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			play(t, patrol.Options{HTTP1: 1}, hosts, func(s *scene) {
				test.act(s)
				s.settled()
				expect(t, "order", test.want, s.order())
			})
		})
	}
}

// TestRenewalWaits has a host that can hardly keep up with what goes stale in
// the urgent document: what was never answered comes first all the same.
func TestRenewalWaits(t *testing.T) {
	play(t, patrol.Options{HTTP1: 1, Fresh: patrol.Freshness{Found: 3 * time.Second}}, map[string]manner{"a.example": serves(time.Second)}, func(s *scene) {
		s.Want("front", 0, wants("a.example", "f1", "f2", "f3", "f4"))
		s.wait(time.Minute)
		s.Want("back", 5, wants("a.example", "b1"))
		s.wait(2 * time.Second)
		expect(t, "status", []string{"1 reached"}, s.status("back"))
	})
}

// TestOrderAfterDeadHop has lines that are let go all at once go on in order.
func TestOrderAfterDeadHop(t *testing.T) {
	play(t, patrol.Options{HTTP1: 1}, map[string]manner{"a.example": refuses, "b.example": serves(time.Millisecond)}, func(s *scene) {
		routes := lines(50, "a.example|b.example")
		s.Want("go.mod", 0, routes)
		s.settled()
		var got, want []string
		for _, e := range s.seen {
			if e.what == "ask" && e.host == "b.example" {
				got = append(got, e.mod.Path)
			}
		}
		for _, r := range routes {
			want = append(want, r.Mod.Path)
		}
		expect(t, "order at the second hop", want, got)
	})
}

// TestFreshness asks again when an answer has gone stale, by its outcome.
func TestFreshness(t *testing.T) {
	fresh := patrol.Freshness{Found: 10 * time.Minute, Missing: 2 * time.Minute, Failing: time.Minute}
	for _, test := range []struct {
		name  string
		fresh patrol.Freshness
		a     manner
		want  []time.Duration // when it is asked, in 11 minutes
	}{
		{"found", fresh, serves(0), []time.Duration{0, 10 * time.Minute}},
		{"failing", patrol.Freshness{Failing: 5 * time.Minute}, fails, []time.Duration{0, 5 * time.Minute, 10 * time.Minute}},
		{"failing, with a pause that is longer", fresh, limits(7 * time.Minute), []time.Duration{0, 7 * time.Minute}},
		{"failing, with a pause that is shorter", patrol.Freshness{Failing: 6 * time.Minute}, limits(time.Minute), []time.Duration{0, 6 * time.Minute}},
		// .info and then the list, each time.
		{"missing", patrol.Freshness{Missing: 6 * time.Minute}, lacks, []time.Duration{0, 0, 6 * time.Minute, 6 * time.Minute}},
		{"for good", patrol.Freshness{}, serves(0), []time.Duration{0}},
		{"others for good", patrol.Freshness{Missing: time.Minute}, fails, []time.Duration{0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			play(t, patrol.Options{Fresh: test.fresh}, map[string]manner{"a.example": test.a}, func(s *scene) {
				s.Want("go.mod", 0, lines(1, "a.example"))
				s.settled()
				before := s.status("go.mod")
				s.wait(11 * time.Minute)
				var got []time.Duration
				for _, e := range s.seen {
					got = append(got, e.at)
				}
				expect(t, "questions", test.want, got)
				expect(t, "status", before, s.status("go.mod"))
			})
		})
	}
}

// TestStaleStatus keeps a status while its answers are renewed.
func TestStaleStatus(t *testing.T) {
	play(t, patrol.Options{Fresh: patrol.Freshness{Found: time.Minute, Missing: time.Minute}}, map[string]manner{"a.example": serves(time.Second)}, func(s *scene) {
		s.Want("go.mod", 0, lines(3, "a.example"))
		s.settled()
		s.set("a.example", lacks)
		s.wait(58 * time.Second)
		expect(t, "status before", []string{"3 reached"}, s.status("go.mod"))
		expect(t, "pending", 0, s.Pending())
		s.wait(4 * time.Second)
		expect(t, "status after", []string{"3 lost: not found"}, s.status("go.mod"))
	})
}

func TestRecheck(t *testing.T) {
	t.Run("answers are forgotten, for all who share them", func(t *testing.T) {
		play(t, patrol.Options{}, map[string]manner{"a.example": lacks}, func(s *scene) {
			s.Want("one", 0, lines(3, "a.example"))
			s.Want("two", 0, lines(4, "a.example"))
			s.settled()
			s.diary()
			s.set("a.example", serves(time.Second))
			s.Recheck("one")
			expect(t, "status at once", []string{"3 lost: not found"}, s.status("one"))
			s.wait(time.Second)
			expect(t, "status", []string{"3 reached"}, s.status("one"))
			expect(t, "status of the other document", []string{"3 reached", "1 lost: not found"}, s.status("two"))
			expect(t, "questions", 3, s.count("ask", ""))
		})
	})
	t.Run("a query is resolved again", func(t *testing.T) {
		play(t, patrol.Options{}, nil, func(s *scene) {
			l := line("m@main", "a.example")
			l.Query = true
			s.Want("go.mod", 0, []route.Route{l})
			s.settled()
			s.Recheck("go.mod")
			s.wait(0)
			expect(t, "diary", []string{
				"0.000s ask a.example m@main", "0.000s ask a.example m@main",
				"0.000s ask a.example m@v1.0.0 .mod .zip", "0.000s ask a.example m@v1.0.0 .mod .zip",
			}, s.diary())
			expect(t, "status", []string{"1 reached"}, s.status("go.mod"))
		})
	})
	t.Run("what is under way is too old", func(t *testing.T) {
		play(t, patrol.Options{}, map[string]manner{"a.example": serves(0)}, func(s *scene) {
			s.Want("go.mod", 0, wants("a.example", "first"))
			s.settled()
			s.set("a.example", func(host string, patience probe.Patience) reply {
				r := lacks(host, patience)
				r.after = 4 * time.Second
				return r
			})
			s.Want("go.mod", 0, lines(3, "a.example"))
			s.Want("other", 0, lines(3, "a.example"))
			s.wait(time.Second)
			s.set("a.example", serves(time.Second/2))
			s.Recheck("go.mod")
			expect(t, "time", 1500*time.Millisecond, s.settled())
			expect(t, "status", []string{"3 reached"}, s.status("go.mod"))
			expect(t, "status of the other", []string{"3 reached"}, s.status("other"))
			s.wait(time.Minute)
			expect(t, "status later", []string{"3 reached"}, s.status("go.mod"))
			expect(t, "questions called off", 3, s.count("off", ""))
		})
	})
	t.Run("a shut gate opens", func(t *testing.T) {
		play(t, patrol.Options{Fresh: patrol.EditorFreshness}, map[string]manner{"a.example": refuses}, func(s *scene) {
			s.Want("go.mod", 0, lines(300, "a.example"))
			s.Want("other", 0, lines(300, "a.example"))
			s.wait(2 * time.Minute)
			s.set("a.example", serves(0))
			s.Recheck("go.mod")
			s.wait(0)
			expect(t, "status", []string{"300 reached"}, s.status("go.mod"))
			expect(t, "status of the other document", []string{"300 reached"}, s.status("other"))
		})
	})
	t.Run("a dead host costs two looks again", func(t *testing.T) {
		play(t, patrol.Options{}, map[string]manner{"a.example": refuses}, func(s *scene) {
			s.Want("go.mod", 0, lines(300, "a.example"))
			s.settled()
			s.Recheck("go.mod")
			s.wait(4 * time.Second)
			expect(t, "status", []string{"300 lost: refused"}, s.status("go.mod"))
			expect(t, "questions", 2, s.count("ask", ""))
			expect(t, "knocks", 2, s.count("knock", ""))
		})
	})
	t.Run("during a round", func(t *testing.T) {
		play(t, patrol.Options{}, map[string]manner{"a.example": silent}, func(s *scene) {
			s.Want("go.mod", 0, lines(300, "a.example"))
			s.Want("other", 0, wants("a.example", "x"))
			s.wait(7 * time.Second) // the look has failed, the knock goes on
			s.Recheck("go.mod")
			expect(t, "time", 17*time.Second, s.settled())
			expect(t, "status", []string{"300 lost: no answer"}, s.status("go.mod"))
			expect(t, "questions", 2, s.count("ask", ""))
			expect(t, "knocks", 2, s.count("knock", ""))
		})
	})
	t.Run("of a line that leads to the gate where others wait", func(t *testing.T) {
		play(t, patrol.Options{}, map[string]manner{"a.example": silent}, func(s *scene) {
			s.Want("look", 0, wants("a.example", "x"))
			s.Want("waits", 0, wants("a.example", "y"))
			s.Want("passes", 0, wants("b.example,a.example", "z"))
			s.wait(6 * time.Second)
			s.Want("look", 0, nil) // the look has failed, the knock goes on
			s.wait(time.Second)
			s.Recheck("passes")
			expect(t, "time", 17*time.Second, s.settled())
			expect(t, "status", []string{"1 lost: no answer"}, s.status("waits"))
		})
	})
	t.Run("of a query that comes out at another version", func(t *testing.T) {
		play(t, patrol.Options{}, map[string]manner{"a.example": lacks}, func(s *scene) {
			s.Want("other", 0, wants("a.example", "m"))
			l := line("m@main", "a.example")
			l.Query = true
			s.Want("go.mod", 0, []route.Route{l})
			s.settled()
			s.set("a.example", serves(0))
			s.Recheck("go.mod") // main is v1.0.0 now
			s.wait(0)
			expect(t, "status", []string{"1 reached"}, s.status("go.mod"))
		})
	})
	t.Run("of nothing", func(t *testing.T) {
		play(t, patrol.Options{}, nil, func(s *scene) {
			s.Recheck("go.mod")
			expect(t, "pending", 0, s.Pending())
		})
	})
}

// TestWantNothing forgets a document, and calls off what only it wanted.
func TestWantNothing(t *testing.T) {
	play(t, patrol.Options{HTTP1: 4}, map[string]manner{"a.example": serves(time.Second), "a.example m1": serves(0)}, func(s *scene) {
		s.Want("one", 0, lines(10, "a.example"))
		s.Want("two", 0, lines(2, "a.example"))
		s.wait(time.Second / 2)
		s.Want("one", 0, nil)
		expect(t, "pending", 1, s.Pending())
		s.settled()
		expect(t, "status of the other document", []string{"2 reached"}, s.status("two"))
		expect(t, "status", nil, s.status("one"))
		expect(t, "diary", []string{
			"0.000s ask a.example m1@v1.0.0", "0.000s ask a.example m2@v1.0.0", "0.000s ask a.example m3@v1.0.0",
			"0.000s ask a.example m4@v1.0.0", "0.000s ask a.example m5@v1.0.0", "0.500s off a.example m3@v1.0.0",
			"0.500s off a.example m4@v1.0.0", "0.500s off a.example m5@v1.0.0",
		}, s.diary())
		s.Want("two", 0, nil)
		expect(t, "held", patrol.Held{Books: 2, Gates: 1}, s.Held())
	})
}

// TestSameLineTwice gives each of two equal lines its status.
func TestSameLineTwice(t *testing.T) {
	play(t, patrol.Options{}, nil, func(s *scene) {
		l := line("m@v1.0.0", "a.example")
		s.Want("go.mod", 0, []route.Route{l, l, l})
		s.settled()
		expect(t, "status", []string{"3 reached"}, s.status("go.mod"))
		s.Want("go.mod", 0, []route.Route{l, l})
		expect(t, "status of two", []string{"2 reached"}, s.status("go.mod"))
		expect(t, "lines", 2, s.Held().Lines)
		expect(t, "questions", 1, s.count("ask", ""))
	})
}

// TestSnapshotOrder gives the statuses in the order of the routes.
func TestSnapshotOrder(t *testing.T) {
	play(t, patrol.Options{}, nil, func(s *scene) {
		routes := lines(20, "a.example")
		s.Want("go.mod", 0, routes)
		slices.Reverse(routes)
		s.Want("go.mod", 0, routes)
		s.settled()
		var got, want []module.Version
		all, _ := s.Snapshot("go.mod")
		for i, st := range all {
			got, want = append(got, st.Report.Route.Mod), append(want, routes[i].Mod)
		}
		expect(t, "modules", want, got)
	})
}
