package probe_test

import (
	"context"
	"errors"
	"net"
	"net/url"
	"os"
	"testing"
	"testing/synctest"

	"go.uber.org/goleak"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

func TestMain(m *testing.M) {
	if kind := os.Getenv(insideVar); kind != "" {
		os.Exit(inside(kind))
	}
	// The resolver sets itself up at its first use. If that were in a synctest
	// bubble, no test outside could use it any more.
	r := net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("nobody to ask")
	}}
	r.LookupHost(context.Background(), "setup.invalid")
	goleak.VerifyTestMain(m)
}

// wanted is the module version that most tests ask for.
var wanted = module.Version{Path: "corp.example/a", Version: "v1.0.0"}

// newProber returns a prober on the names and authorities of a loopback Net.
func newProber(t *testing.T, n *fakenet.Net, o probe.Options) *probe.Prober {
	t.Helper()
	o.Resolver = n.Resolver()
	if o.Roots == nil {
		o.Roots = n.CA().Pool()
	}
	p := probe.New(o)
	t.Cleanup(p.Close)
	return p
}

// newPipeProber is newProber for a Net in memory.
func newPipeProber(t *testing.T, n *fakenet.Net, o probe.Options) *probe.Prober {
	t.Helper()
	o.Dial = n.Dial
	return newProber(t, n, o)
}

// inBubble runs f with a Net in memory, on the clock of a synctest bubble.
func inBubble(t *testing.T, f func(t *testing.T, n *fakenet.Net)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(t, fakenet.NewPipe(t)) })
}

// newProxy starts a proxy that has the wanted module version.
func newProxy(n *fakenet.Net, scheme fakenet.Scheme, options ...fakenet.Option) *fakenet.Proxy {
	p := n.Proxy(scheme, options...)
	p.Add(wanted.Path, wanted.Version, "")
	return p
}

// hopTo is the hop of a GOPROXY entry.
func hopTo(t *testing.T, base string) route.Hop {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	return route.Hop{Kind: route.Proxy, URL: u}
}

// settings is an environment with these variables of the process and nothing
// else.
func settings(vars ...string) route.Env {
	return route.ParseEnv(route.Sources{Process: vars, OS: "linux"})
}

// question asks a hop for artefacts of the wanted module version.
func question(hop route.Hop, artefacts ...probe.Artefact) probe.Question {
	return probe.Question{Hop: hop, Mod: wanted, Artefacts: artefacts, Patience: probe.FirstLook}
}

// ask puts a question about one artefact.
func ask(t *testing.T, p *probe.Prober, q probe.Question) probe.Answer {
	t.Helper()
	answers := p.Ask(t.Context(), q)
	if len(answers) == 0 {
		t.Fatal("no answer at all")
	}
	return answers[len(answers)-1]
}

// follow walks a route to its end, asking whatever has to be asked.
func follow(t *testing.T, p *probe.Prober, r route.Route) probe.Report {
	t.Helper()
	known := answerBook{}
	for {
		report, need := probe.Walk(r, known.look)
		if need == nil {
			return report
		}
		answers := p.Ask(t.Context(), probe.Question{
			Hop: r.Hops[need.Hop], Mod: need.Mod, Query: r.Query && need.Mod == r.Mod,
			Artefacts: need.Artefacts, Patience: probe.FirstLook,
		})
		if len(answers) == 0 {
			t.Fatal("no answer at all")
		}
		for _, ans := range answers {
			known[asked{need.Hop, need.Mod, ans.Artefact}] = ans
		}
	}
}

// asked is what identifies one question to a hop of a route.
type asked struct {
	hop int
	mod module.Version
	a   probe.Artefact
}

// answerBook has the answers known so far.
type answerBook map[asked]probe.Answer

func (b answerBook) look(hop int, mod module.Version, a probe.Artefact) probe.Answer {
	return b[asked{hop, mod, a}]
}
