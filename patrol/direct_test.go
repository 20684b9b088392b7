package patrol_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/patrol"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// directLines are n routes to modules of one forge, each in a repository of its
// own.
func directLines(n int) []route.Route {
	var all []route.Route
	for i := range n {
		r := line(fmt.Sprintf("git.example/m%d@v1.0.0", i+1), "")
		r.Hops = []route.Hop{{Kind: route.Direct, URL: &url.URL{Scheme: "https", Host: "git.example"}}}
		all = append(all, r)
	}
	return all
}

// TestDirectGate has forty lines behind one forge: a dead one costs a question
// and a knock, whatever it is that git says and however it came there.
func TestDirectGate(t *testing.T) {
	at := func(host string, m manner) manner {
		return func(_ string, patience probe.Patience) reply { return m(host, patience) }
	}
	type cost struct {
		Settled      time.Duration
		Asks, Knocks int
		Status       []string
	}
	for _, test := range []struct {
		name         string
		forge, front manner
		want         cost
	}{
		{"refuses", refuses, refuses, cost{time.Second + time.Millisecond, 1, 1, []string{"40 lost: refused"}}},
		{"silent", silent, silent, cost{10 * time.Second, 1, 1, []string{"40 lost: no answer"}}},
		{"silent by ssh too", at("git.example:22", silent), silent, cost{10 * time.Second, 1, 1, []string{"40 lost: no answer"}}},
		{"no name, as git has it", at("git.example", unresolved), unresolved, cost{time.Second + time.Millisecond, 1, 1, []string{"40 lost: unresolved"}}},
		{
			// Nothing is shut for that: each is asked, and once more.
			"ssh refuses, the front page does not", at("git.example:22", refuses), serves(0),
			cost{3 * time.Second, 80, 3, []string{"40 lost: refused"}},
		},
		{
			"led to another host that refuses", at("elsewhere.example:443", refuses), serves(0),
			cost{3 * time.Millisecond, 80, 0, []string{"40 lost: refused"}},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			play(t, patrol.Options{}, map[string]manner{"git.example": test.forge, "git.example /": test.front}, func(s *scene) {
				s.Want("go.mod", 0, directLines(40))
				got := cost{Settled: s.settled(), Asks: s.count("ask", ""), Knocks: s.count("knock", ""), Status: s.status("go.mod")}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("cost (-want +got):\n%s", diff)
				}
			})
		})
	}
}
