package patrol_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/patrol"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// expect compares, with the words for what is compared.
func expect[T any](t *testing.T, what string, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestTwoLooks(t *testing.T) {
	for _, test := range []struct {
		name   string
		hosts  map[string]manner
		diary  []string
		status []string
	}{
		{
			"both refused: the others are not asked",
			map[string]manner{"a.example": refuses},
			[]string{"0.000s ask a.example m1@v1.0.0", "1.000s knock a.example"},
			[]string{"3 lost: refused"},
		},
		{
			"the looks differ in their fault",
			map[string]manner{"a.example": refuses, "a.example /": silent},
			[]string{"0.000s ask a.example m1@v1.0.0", "1.000s knock a.example"},
			[]string{"3 lost: refused"},
		},
		{
			"the knock is answered: the question is put again",
			map[string]manner{"a.example": serves(0), "a.example m1": refuses, "a.example /": serves(0)},
			[]string{
				"0.000s ask a.example m1@v1.0.0", "1.000s knock a.example",
				"1.000s ask a.example m1@v1.0.0", "1.000s ask a.example m2@v1.0.0", "1.000s ask a.example m3@v1.0.0",
			},
			[]string{"1 lost: refused", "2 reached"},
		},
		{
			"the question is answered before the knock",
			map[string]manner{"a.example": serves(999 * time.Millisecond)},
			[]string{"0.000s ask a.example m1@v1.0.0", "0.999s ask a.example m2@v1.0.0", "0.999s ask a.example m3@v1.0.0"},
			[]string{"3 reached"},
		},
		{
			"the host fails, but answers",
			map[string]manner{"a.example": fails},
			[]string{"0.000s ask a.example m1@v1.0.0", "0.000s ask a.example m2@v1.0.0", "0.000s ask a.example m3@v1.0.0"},
			[]string{"3 lost: server error"},
		},
		{
			"the fault is another host's, which the question was sent on to: each is put twice",
			map[string]manner{"a.example": func(string, probe.Patience) reply { return refuses("b.example:443", probe.FirstLook) }},
			[]string{
				"0.000s ask a.example m1@v1.0.0", "0.001s ask a.example m1@v1.0.0",
				"0.001s ask a.example m2@v1.0.0", "0.001s ask a.example m3@v1.0.0",
				"0.002s ask a.example m2@v1.0.0", "0.002s ask a.example m3@v1.0.0",
			},
			[]string{"3 lost: refused"},
		},
		{
			"the knock is sent on to another host, which fails",
			map[string]manner{
				"a.example": serves(0), "a.example m1": refuses,
				"a.example /": func(string, probe.Patience) reply { return refuses("b.example:443", probe.FirstLook) },
			},
			[]string{
				"0.000s ask a.example m1@v1.0.0", "1.000s knock a.example",
				"1.001s ask a.example m1@v1.0.0", "1.001s ask a.example m2@v1.0.0", "1.001s ask a.example m3@v1.0.0",
			},
			[]string{"1 lost: refused", "2 reached"},
		},
		{
			"the host serves one file and then nothing more",
			map[string]manner{"a.example": serves(0), "a.example m1": func(host string, patience probe.Patience) reply {
				if patience == probe.LongLook {
					return reply{proto: 1}
				}
				r := silent(host, patience)
				r.served = 1
				return r
			}},
			[]string{
				"0.000s ask a.example m1@v1.0.0", "1.000s knock a.example",
				"1.000s ask a.example m2@v1.0.0", "1.000s ask a.example m3@v1.0.0",
				"5.000s ask a.example m1@v1.0.0 .mod .zip long",
			},
			[]string{"3 reached"},
		},
		{
			"a question is withheld from the host: the next one is the look",
			map[string]manner{"a.example": refuses, "a.example m1": withheld},
			[]string{"0.000s ask a.example m1@v1.0.0", "0.000s ask a.example m2@v1.0.0", "1.000s knock a.example"},
			[]string{"1 withheld", "2 lost: refused"},
		},
		{
			"all questions are withheld from the host: nobody knocks",
			map[string]manner{"a.example": withheld},
			[]string{"0.000s ask a.example m1@v1.0.0", "0.000s ask a.example m2@v1.0.0", "0.000s ask a.example m3@v1.0.0"},
			[]string{"3 withheld"},
		},
		{
			"the fault is that of an HTTP proxy before the host",
			map[string]manner{"a.example": func(string, probe.Patience) reply {
				return reply{fault: &probe.Fault{Phase: probe.Connect, Cause: probe.HTTPProxyFailed, Host: "via.example:8080"}}
			}},
			[]string{"0.000s ask a.example m1@v1.0.0", "1.000s knock a.example"},
			[]string{"3 lost: "},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			play(t, patrol.Options{}, test.hosts, func(s *scene) {
				s.Want("go.mod", 0, lines(3, "a.example"))
				s.settled()
				expect(t, "diary", test.diary, s.diary())
				expect(t, "status", test.status, s.status("go.mod"))
			})
		})
	}
}

// TestTurnedAway sees to it that a line that was asked for shows what it was
// told, and a line that was not shows the same fault in the words it would have
// been told.
func TestTurnedAway(t *testing.T) {
	play(t, patrol.Options{}, map[string]manner{"a.example": refuses}, func(s *scene) {
		s.Want("go.mod", 0, []route.Route{line("m.example/x1@v1.0.0", "a.example"), line("m.example/x2@v1.0.0", "a.example")})
		s.settled()
		all, _ := s.Snapshot("go.mod")
		for i, st := range all {
			ans := st.Report.Results[0].Answers[probe.Info]
			if ans.Fault == nil || ans.Fault.Host != "a.example:443" || ans.At.IsZero() {
				t.Errorf("line %d: fault %v of %v, want that of a.example:443 with its time", i, ans.Fault, ans.At)
			}
			want := []string{"told to m.example/x1@v1.0.0", `Get "https://a.example/m.example/x2/@v/v1.0.0.info": connection refused`}
			expect(t, "text", want[i], st.Report.Text)
		}
	})
}

// TestSlowModule is about a host that answers others but takes its time for
// one module, as a proxy does that has to fetch it first.
func TestSlowModule(t *testing.T) {
	slow := func(took time.Duration) manner {
		return func(host string, patience probe.Patience) reply {
			if took > patience.FirstByte {
				return silent(host, patience)
			}
			return reply{after: took, proto: 1}
		}
	}
	for _, test := range []struct {
		name    string
		took    time.Duration
		diary   []string
		status  []string // after 10 s
		settled time.Duration
		end     []string
	}{
		{
			"it comes in the end", 40 * time.Second,
			[]string{
				"0.000s ask a.example m1@v1.0.0", "1.000s knock a.example",
				"1.000s ask a.example m2@v1.0.0", "1.000s ask a.example m3@v1.0.0",
				"5.000s ask a.example m1@v1.0.0 long",
			},
			[]string{"1 pending, slow", "2 reached"},
			45 * time.Second,
			[]string{"3 reached"},
		},
		{
			"it never comes", time.Hour,
			[]string{
				"0.000s ask a.example m1@v1.0.0", "1.000s knock a.example",
				"1.000s ask a.example m2@v1.0.0", "1.000s ask a.example m3@v1.0.0",
				// Nobody else was asked while it took its time, so whether the
				// host lives is looked at once more.
				"5.000s ask a.example m1@v1.0.0 long", "65.000s knock a.example",
			},
			[]string{"1 pending, slow", "2 reached"},
			65 * time.Second,
			[]string{"1 lost: no answer", "2 reached"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			play(t, patrol.Options{}, map[string]manner{"a.example": serves(0), "a.example m1": slow(test.took)}, func(s *scene) {
				s.Want("go.mod", 0, lines(3, "a.example"))
				s.wait(10 * time.Second)
				expect(t, "status", test.status, s.status("go.mod"))
				expect(t, "time", test.settled, s.settled())
				expect(t, "status at the end", test.end, s.status("go.mod"))
				expect(t, "diary", test.diary, s.diary())
			})
		})
	}
}

// TestSlowLane sees to it that slow modules hold nobody up.
func TestSlowLane(t *testing.T) {
	hosts := map[string]manner{"a.example": serves(0)}
	for i := range 8 {
		hosts[fmt.Sprintf("a.example m%d", i+1)] = silent
	}
	play(t, patrol.Options{HTTP1: 4}, hosts, func(s *scene) {
		s.Want("slow", 0, lines(8, "a.example"))
		s.wait(30 * time.Second)
		expect(t, "slow ones", []string{"8 pending, slow"}, s.status("slow"))
		s.Want("quick", 1, []route.Route{line("quick@v1.0.0", "a.example")})
		s.wait(0)
		expect(t, "the quick one", []string{"1 reached"}, s.status("quick"))
	})
}

func TestWidth(t *testing.T) {
	for _, test := range []struct {
		name string
		o    patrol.Options
		a    manner
		hops string
		host string
		want int
	}{
		{"HTTP/1.1", patrol.Options{}, serves(time.Second / 2), "a.example", "a.example", probe.MaxConnections},
		{"HTTP/2", patrol.Options{}, serves2(time.Second / 2), "a.example", "a.example", 250},
		{"HTTP/1.1 as set", patrol.Options{HTTP1: 3}, serves(time.Second / 2), "a.example", "a.example", 3},
		{"HTTP/2 as set", patrol.Options{HTTP2: 7}, serves2(time.Second / 2), "a.example", "a.example", 7},
		{"this machine", patrol.Options{}, serves(time.Second / 2), "", "", 32},
	} {
		t.Run(test.name, func(t *testing.T) {
			hosts := map[string]manner{"a.example": test.a, "cache": test.a}
			play(t, test.o, hosts, func(s *scene) {
				routes := lines(600, test.hops)
				if test.hops == "" {
					for i := range routes {
						routes[i].Hops = []route.Hop{{Kind: route.Cache, Dir: "cache"}}
					}
				}
				s.Want("go.mod", 0, routes)
				s.settled()
				expect(t, "most questions at once", test.want, s.most[test.host])
			})
		})
	}
}

// TestDeadHopBeforeBar has every line go on to the next hop.
func TestDeadHopBeforeBar(t *testing.T) {
	play(t, patrol.Options{}, map[string]manner{"a.example": silent, "b.example": serves(20 * time.Millisecond)}, func(s *scene) {
		s.Want("go.mod", 0, lines(100, "a.example|b.example"))
		// a: 1 s until the knock, which waits for 9 s; b: one ahead, 64, 35.
		expect(t, "time", 10*time.Second+60*time.Millisecond, s.settled())
		expect(t, "status", []string{"100 reached"}, s.status("go.mod"))
		expect(t, "questions to a", 1, s.count("ask", "a.example"))
		expect(t, "questions to b", 100, s.count("ask", "b.example"))
	})
	play(t, patrol.Options{}, map[string]manner{"a.example": refuses, "b.example": serves(0)}, func(s *scene) {
		s.Want("go.mod", 0, lines(100, "a.example,b.example"))
		s.settled()
		expect(t, "status before a comma", []string{"100 lost: refused"}, s.status("go.mod"))
		// Each learns whether b would have had it.
		expect(t, "questions to b before a comma", 100, s.count("ask", "b.example"))
	})
}

// TestDeadHopBeforeSlowOne is a route whose first hop may be tried again long
// before the second has answered: it settles all the same.
func TestDeadHopBeforeSlowOne(t *testing.T) {
	hosts := map[string]manner{"a.example": silent, "b.example": lacks, "c.example": serves(time.Minute)}
	hosts["c.example /"] = serves(0)
	play(t, patrol.Options{Fresh: patrol.Freshness{Found: time.Second, Missing: time.Second, Failing: time.Second}}, hosts, func(s *scene) {
		s.Want("go.mod", 0, []route.Route{line("m@v1.0.0", "a.example|b.example,c.example")})
		// 10 s for a, a minute for each of the three files of c.
		expect(t, "time", 190*time.Second, s.settled())
		expect(t, "status", []string{"1 reached"}, s.status("go.mod"))
	})
}

// TestBackoff has a dead host looked at more and more rarely, and a host that
// comes back noticed.
func TestBackoff(t *testing.T) {
	looks := func(host string) []time.Duration {
		var at []time.Duration
		play(t, patrol.Options{Fresh: patrol.EditorFreshness}, map[string]manner{host: refuses}, func(s *scene) {
			s.Want("go.mod", 0, lines(300, host))
			s.wait(30 * time.Minute)
			for _, e := range s.seen {
				if e.what == "ask" {
					at = append(at, e.at)
				}
			}
			expect(t, "knocks", len(at), s.count("knock", host))
			s.set(host, serves(0))
			s.wait(6 * time.Minute)
			expect(t, "status after the host came back", []string{"300 reached"}, s.status("go.mod"))

			s.set(host, refuses)
			s.forgetSeen()
			for s.count("knock", host) == 0 { // until the answers are stale
				s.wait(time.Second)
			}
			s.wait(20 * time.Second)
			expect(t, "looks when it died again: at 0, 5 and 15 s or a little sooner", 3, s.count("knock", host))
		})
		return at
	}
	a, b := looks("a.example"), looks("b.example")
	nominal := 5 * time.Second
	for i := 1; i < len(a); i++ {
		// A round takes a second, up to the knock.
		pause := a[i] - a[i-1] - time.Second - time.Millisecond
		if pause < nominal*4/5 || pause > nominal {
			t.Errorf("pause %d is %v, want %v or up to a fifth less", i, pause, nominal)
		}
		nominal = min(2*nominal, 5*time.Minute)
	}
	if len(a) < 10 || len(a) > 13 {
		t.Errorf("%d looks in half an hour, want about 5+10+20+40+80+160 s and then one in 5 minutes", len(a))
	}
	if a[1] == b[1] {
		t.Errorf("both hosts are looked at again after %v, want some difference", a[1])
	}
}

// TestHalfOpen lets one look pass when a gate has been shut long enough; the
// statuses stay until it is over.
func TestHalfOpen(t *testing.T) {
	play(t, patrol.Options{Fresh: patrol.EditorFreshness}, map[string]manner{"a.example": refuses}, func(s *scene) {
		s.Want("go.mod", 0, lines(5, "a.example"))
		s.settled()
		s.diary()
		s.set("a.example", serves(time.Second/2))
		for s.count("ask", "") == 0 {
			s.wait(100 * time.Millisecond)
		}
		expect(t, "questions", 1, s.count("ask", ""))
		expect(t, "status during the look", []string{"5 lost: refused"}, s.status("go.mod"))
		s.wait(time.Second)
		expect(t, "questions after it", 5, s.count("ask", ""))
		expect(t, "status after it", []string{"5 reached"}, s.status("go.mod"))
	})
}

// TestDyingHost is one that answered a while ago. Those who are asked at the
// same time share its fate, and nobody is asked after them.
func TestDyingHost(t *testing.T) {
	play(t, patrol.Options{Fresh: patrol.Freshness{Found: 20 * time.Second}}, map[string]manner{"a.example": serves(0)}, func(s *scene) {
		s.Want("go.mod", 0, lines(100, "a.example"))
		s.settled()
		s.set("a.example", silent)
		s.wait(34*time.Second - 1) // 20 s, 5 s for 64 questions, and a knock of 9 s
		expect(t, "status until it is sure", []string{"100 reached"}, s.status("go.mod"))
		s.wait(1)
		expect(t, "status", []string{"100 lost: no answer"}, s.status("go.mod"))
		expect(t, "questions", 100+64, s.count("ask", ""))
		expect(t, "knocks", 1, s.count("knock", ""))
	})
	play(t, patrol.Options{Fresh: patrol.Freshness{Found: time.Minute}}, map[string]manner{"a.example": serves(0)}, func(s *scene) {
		s.Want("go.mod", 0, lines(100, "a.example"))
		s.settled()
		s.set("a.example", silent)
		s.wait(71 * time.Second)
		expect(t, "questions after a minute of silence", 100+1, s.count("ask", ""))
	})
}

// TestStraggler has a question fail when the gate has been shut already.
func TestStraggler(t *testing.T) {
	hosts := map[string]manner{"a.example": refuses, "a.example up": serves(0), "a.example late": func(host string, patience probe.Patience) reply {
		r := refuses(host, patience)
		r.after = 3 * time.Second
		return r
	}}
	play(t, patrol.Options{}, hosts, func(s *scene) {
		s.Want("up", 0, wants("a.example", "up"))
		s.settled()
		s.Want("go.mod", 0, wants("a.example", "late", "m"))
		expect(t, "time", 3*time.Second, s.settled())
		expect(t, "status", []string{"2 lost: refused"}, s.status("go.mod"))
		s.wait(time.Second)
		expect(t, "knocks", 1, s.count("knock", ""))
	})
}

// TestStragglerAnswered has a question answered when the gate has been shut
// already: it opens for everybody.
func TestStragglerAnswered(t *testing.T) {
	hosts := map[string]manner{"a.example": refuses, "a.example up": serves(0), "a.example late": serves(3 * time.Second)}
	play(t, patrol.Options{}, hosts, func(s *scene) {
		s.Want("up", 0, wants("a.example", "up"))
		s.settled()
		s.Want("go.mod", 0, wants("a.example", "late", "m"))
		s.wait(2 * time.Second)
		expect(t, "status while it is shut", []string{"1 pending", "1 lost: refused"}, s.status("go.mod"))
		s.set("a.example", serves(0))
		s.wait(time.Second)
		expect(t, "status", []string{"2 reached"}, s.status("go.mod"))
	})
}

// TestFirstLookCalledOff begins a round with a line that goes away.
func TestFirstLookCalledOff(t *testing.T) {
	for _, test := range []struct {
		name  string
		off   time.Duration // when the first line goes
		a     manner
		want  time.Duration
		end   []string
		diary []string
	}{
		{
			"before the knock", time.Second / 2, silent, 10 * time.Second,
			[]string{"1 lost: no answer"},
			[]string{"0.000s ask a.example m1@v1.0.0", "0.500s off a.example m1@v1.0.0", "0.500s ask a.example m2@v1.0.0", "1.000s knock a.example"},
		},
		{
			"during the knock", 4 * time.Second, silent, 10 * time.Second,
			[]string{"1 lost: no answer"},
			[]string{"0.000s ask a.example m1@v1.0.0", "1.000s knock a.example", "4.000s off a.example m1@v1.0.0", "4.000s ask a.example m2@v1.0.0"},
		},
		{
			"after it failed", 7 * time.Second, silent, 10 * time.Second,
			[]string{"1 lost: no answer"},
			[]string{"0.000s ask a.example m1@v1.0.0", "1.000s knock a.example"},
		},
		{
			"during the knock, which fails sooner", 2 * time.Second,
			func(host string, patience probe.Patience) reply {
				if patience == probe.SecondLook {
					return refuses(host, patience)
				}
				return silent(host, patience)
			},
			7 * time.Second,
			[]string{"1 lost: no answer"},
			[]string{"0.000s ask a.example m1@v1.0.0", "1.000s knock a.example", "2.000s off a.example m1@v1.0.0", "2.000s ask a.example m2@v1.0.0"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			play(t, patrol.Options{}, map[string]manner{"a.example": test.a}, func(s *scene) {
				both := lines(2, "a.example")
				s.Want("go.mod", 0, both)
				s.wait(test.off)
				s.Want("go.mod", 0, both[1:])
				expect(t, "time", test.want, s.settled())
				expect(t, "status", test.end, s.status("go.mod"))
				expect(t, "diary", test.diary, s.diary())
			})
		})
	}
}

// TestRoundNobodyWants is over at once, knock and all.
func TestRoundNobodyWants(t *testing.T) {
	play(t, patrol.Options{}, map[string]manner{"a.example": silent}, func(s *scene) {
		s.Want("go.mod", 0, lines(5, "a.example"))
		s.wait(time.Second / 2)
		s.Want("go.mod", 0, nil)
		s.wait(time.Hour)
		expect(t, "diary", []string{"0.000s ask a.example m1@v1.0.0", "0.500s off a.example m1@v1.0.0"}, s.diary())
	})
}

// TestLateKnock has the knock of one round fail in the next one, where it says
// nothing any more.
func TestLateKnock(t *testing.T) {
	hosts := map[string]manner{"a.example": serves(3 * time.Second), "a.example /": silent}
	play(t, patrol.Options{}, hosts, func(s *scene) {
		s.Want("first", 0, []route.Route{line("m1@v1.0.0", "a.example")})
		s.settled() // at 3 s; the knock of 1 s would fail at 10 s
		s.set("a.example", silent)
		s.Want("second", 0, []route.Route{line("m2@v1.0.0", "a.example")})
		s.wait(14*time.Second - 1) // 5 s, and another knock for 9 s
		expect(t, "status", []string{"1 pending"}, s.status("second"))
		s.wait(1)
		expect(t, "status at the end", []string{"1 lost: no answer"}, s.status("second"))
		expect(t, "diary", []string{
			"0.000s ask a.example m1@v1.0.0", "1.000s knock a.example",
			"3.000s ask a.example m2@v1.0.0", "8.000s knock a.example",
		}, s.diary())
	})
}

// TestRetryAfter leaves a host alone that wants it, whoever asks.
func TestRetryAfter(t *testing.T) {
	play(t, patrol.Options{HTTP1: 2, Fresh: patrol.EditorFreshness}, map[string]manner{"a.example": limits(90 * time.Second)}, func(s *scene) {
		s.Want("go.mod", 0, lines(100, "a.example"))
		s.settled()
		unsure := "not asked: a.example wants to be left alone for 90 s"
		expect(t, "status", []string{"1 lost: rate limited", "99 " + unsure}, s.status("go.mod"))
		s.Recheck("go.mod")
		s.Want("other", 0, lines(101, "a.example"))
		s.wait(90*time.Second - 1)
		expect(t, "status of another document", []string{"101 " + unsure}, s.status("other"))
		expect(t, "questions", 1, s.count("ask", ""))
		s.set("a.example", serves(0))
		s.wait(1)
		expect(t, "status at the end", []string{"100 reached"}, s.status("go.mod"))
		expect(t, "status of the other document at the end", []string{"101 reached"}, s.status("other"))
		expect(t, "questions at the end", 1+101, s.count("ask", ""))
		expect(t, "knocks", 0, s.count("knock", ""))
	})
}

// TestRetryAfterInFlight takes the answers that were under way when the host
// asked for a pause, and puts no question again during it.
func TestRetryAfterInFlight(t *testing.T) {
	hosts := map[string]manner{"a.example": serves(time.Second / 2), "a.example m2": limits(time.Minute), "a.example m3": silent}
	hosts["a.example m4"] = func(host string, patience probe.Patience) reply {
		r := limits(10*time.Second)(host, patience) // less than what is asked for already
		r.after = time.Second
		return r
	}
	play(t, patrol.Options{}, hosts, func(s *scene) {
		s.Want("go.mod", 0, lines(5, "a.example"))
		s.wait(10 * time.Second)
		expect(t, "status", []string{
			"1 reached", "1 lost: rate limited", "1 not asked: a.example wants to be left alone for 55 s",
			"1 lost: rate limited", "1 reached",
		}, s.status("go.mod"))
		expect(t, "questions", 5, s.count("ask", ""))
	})
}
