package patrol_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/patrol"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// instant answers everything at once: what is measured is the patrol.
type instant struct{ dead bool }

func (c instant) Ask(_ context.Context, q probe.Question) []probe.Answer {
	if q.Hop.Kind == route.Cache {
		return []probe.Answer{{Artefact: q.Artefacts[0], Outcome: probe.Miss}}
	}
	if c.dead && q.Hop.URL.Host == "a.example" {
		r := refuses("a.example:443", q.Patience)
		return []probe.Answer{{Artefact: q.Artefacts[0], Outcome: probe.Failed, Fault: r.fault, At: time.Now()}}
	}
	var answers []probe.Answer
	for _, a := range q.Artefacts {
		answers = append(answers, probe.Answer{Artefact: a, Outcome: probe.OK, Proto: 2, At: time.Now()})
	}
	return answers
}

func (c instant) Knock(_ context.Context, hop route.Hop, patience probe.Patience) *probe.Fault {
	return refuses(probe.HostOf(hop), patience).fault
}

func many(n int) []route.Route {
	var all []route.Route
	for i := range n {
		l := line(fmt.Sprintf("m.example/x%d@v1.0.0", i), "a.example|b.example")
		l.Hops = append([]route.Hop{{Kind: route.Cache, Dir: "cache"}}, l.Hops...)
		l.Sums.Mod = []string{"h1:mod"}
		all = append(all, l)
	}
	return all
}

func finish(p *patrol.Patrol) {
	for p.Pending() > 0 {
		<-p.Changed()
	}
}

// BenchmarkCheck takes a file from its first line to its last answer: a cache
// that lacks everything, then a proxy. The time for a line must not depend on
// how many there are.
func BenchmarkCheck(b *testing.B) {
	for _, n := range []int{300, 3_000, 30_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { check(b, instant{}, n) })
	}
}

// BenchmarkDeadHop has a second proxy answer behind one that refuses; it takes
// a second until that is sure.
func BenchmarkDeadHop(b *testing.B) {
	for _, n := range []int{3_000, 30_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { check(b, instant{dead: true}, n) })
	}
}

func check(b *testing.B, c instant, n int) {
	routes := many(n)
	b.ReportAllocs()
	for b.Loop() {
		p := patrol.New(c, patrol.Options{}, quietLog)
		p.Start(b.Context())
		p.Want("go.mod", 0, routes)
		finish(p)
		p.Stop()
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "µs/line")
}

// BenchmarkEdit is a keystroke: the whole set is wanted again, by routes that
// were planned anew, with one line changed. Nothing settles for an hour.
func BenchmarkEdit(b *testing.B) {
	for _, n := range []int{300, 3_000, 30_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			p := patrol.New(instant{}, patrol.Options{Settle: time.Hour}, quietLog)
			p.Start(b.Context())
			defer p.Stop()
			p.Want("go.mod", 0, many(n))
			routes := many(n)
			for i := 0; b.Loop(); i++ {
				routes[0].Mod = module.Version{Path: "m.example/x0", Version: fmt.Sprintf("v1.0.%d", i)}
				routes[0].Required = routes[0].Mod
				p.Want("go.mod", 0, routes)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/line")
		})
	}
}
