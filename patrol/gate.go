package patrol

import (
	"fmt"
	"hash/fnv"
	"net/url"
	"strings"
	"time"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

const (
	// quiet is how long the last answer of a host speaks for it: a connection
	// that worked half a minute ago may be gone now.
	quiet = 30 * time.Second
	// A dead host is looked at again after retryMin, then half as often each
	// time until retryMax, so that a VPN that connects is seen soon and a host
	// that is gone for the day is left alone.
	retryMin = 5 * time.Second
	retryMax = 5 * time.Minute
	// localWidth bounds the questions to this machine: more than a disk has
	// use for, and few enough threads.
	localWidth = 32
)

// gate stands before one host (scheme, name and port), or before this machine.
// It remembers the fault that shut it, so that a dead host costs two looks and
// not two a line.
type gate struct {
	name string
	hop  route.Hop // one that leads there, to knock at
	// local reports that no network host is behind it.
	local bool
	queue queue[*job]
	// busy and slow count the flights with short deadlines and with long ones.
	busy, slow int
	stirred    bool

	// alive is when the host last answered anything, heard how often it did,
	// and proto the version of HTTP it spoke.
	alive time.Time
	heard int
	proto int
	// round is the one that finds out whether the host lives; nil if none is
	// under way.
	round *round

	// until is when a gate that was shut lets the next look pass; zero if it is
	// not shut. What shut it is in evidence, what those were told who were asked
	// is in told, and pause is how long it stays shut.
	until    time.Time
	evidence probe.Answer
	told     map[key]probe.Answer
	pause    time.Duration
	// rests is until when the host wants to be left alone.
	rests time.Time
	// portal is when a login page answered for the host.
	portal time.Time
	// page is the title of a web page that answered for the host, paged when.
	page  string
	paged time.Time
}

// gateOf gives the gate before the host that a hop leads to.
func (p *Patrol) gateOf(h route.Hop) *gate {
	local := h.URL == nil || h.URL.Scheme == "file"
	name := ""
	switch {
	case local:
	case h.Kind != route.Proxy:
		// A database, whichever host it is asked at; or a module's own host,
		// of which only the beginning of the way is known.
		name = h.String()
	default:
		name = strings.ToLower(h.URL.Scheme + "://" + probe.HostOf(h))
	}
	g := p.gates[name]
	if g == nil {
		g = &gate{name: name, hop: h, local: local}
		p.gates[name] = g
	}
	return g
}

// trusted reports whether the host may be taken to be alive.
func (g *gate) trusted(now time.Time) bool {
	return g.local || !g.alive.IsZero() && now.Sub(g.alive) <= quiet
}

// shut reports whether the gate turns everybody away.
func (g *gate) shut(now time.Time) bool {
	return g.until.After(now) || g.rests.After(now)
}

// idle reports whether nothing is under way at the gate.
func (g *gate) idle() bool {
	return g.busy+g.slow+len(g.queue) == 0 && g.round == nil
}

// lane is the count of flights of one kind.
func (g *gate) lane(slow bool) *int {
	if slow {
		return &g.slow
	}
	return &g.busy
}

// turnedAway is the answer to a question that the gate does not let pass, and
// until when it holds; Unasked if it may pass. What is known of a dead host
// when a walk begins counts to its end.
func (g *gate) turnedAway(s stop, mod module.Version, a probe.Artefact, since, now time.Time) (probe.Answer, time.Time) {
	switch {
	case g.until.After(since):
		if ans := g.told[key{s.key, mod}]; ans.Fault != nil && ans.Artefact == a {
			return ans, g.until
		}
		ans := probe.Behind(probe.Question{Hop: s.hop, Mod: mod}, a, g.evidence.Fault)
		ans.Steps, ans.At = g.evidence.Steps, g.evidence.At
		return ans, g.until
	case g.rests.After(now):
		left := g.rests.Sub(now).Round(time.Second)
		text := fmt.Sprintf("not asked: %s wants to be left alone for %.0f s", g.hop.URL.Host, left.Seconds())
		return probe.Answer{Artefact: a, Outcome: probe.Unsure, Text: text}, g.rests
	}
	return probe.Answer{}, time.Time{}
}

// stir has a gate looked after before the loop rests.
func (p *Patrol) stir(g *gate) {
	if !g.stirred {
		g.stirred = true
		p.stirred = append(p.stirred, g)
	}
}

// serveAll lets pass what may pass. Lines that are turned away at one gate may
// go on to another, so it goes round until nothing moves.
func (p *Patrol) serveAll(now time.Time) {
	for len(p.stirred) > 0 {
		all := p.stirred
		p.stirred = nil
		for _, g := range all {
			g.stirred = false
			p.serve(g, now)
		}
	}
}

func (p *Patrol) serve(g *gate, now time.Time) {
	for len(g.queue) > 0 {
		if g.shut(now) {
			p.release(g.queue.next(), now)
		} else if p.passes(g, now) {
			p.start(g.queue.next(), now)
		} else {
			break
		}
	}
	if g.round != nil && !g.round.wanted() {
		g.endRound()
	}
}

// passes reports whether the first in the queue may pass.
func (p *Patrol) passes(g *gate, now time.Time) bool {
	switch {
	case g.round != nil:
		return g.round.lacksLook()
	case !g.trusted(now):
		return true
	}
	return *g.lane(g.queue[0].slow()) < p.width(g)
}

// width is how many flights of a lane may be under way at once.
func (p *Patrol) width(g *gate) int {
	switch {
	case g.local:
		return localWidth
	case g.proto >= 2:
		return p.opts.HTTP2
	}
	return p.opts.HTTP1
}

// start puts a job's question.
func (p *Patrol) start(j *job, now time.Time) {
	g := j.gate
	if g.round == nil && !g.trusted(now) {
		p.beginRound(g, knockAfter)
	}
	if g.round != nil {
		g.round.look = j
	}
	j.flight = &flight{job: j, began: now, slow: j.slow(), heard: g.heard}
	*g.lane(j.slow())++
	p.ask(j.flight)
}

// answered takes the answers to a job.
func (p *Patrol) answered(f *flight, answers []probe.Answer, now time.Time) {
	j, last := f.job, answers[len(answers)-1]
	g := j.gate
	if last.Outcome == probe.Withheld {
		// The host does not know, so that nothing is known of it.
		if g.round != nil {
			g.round.lose(j)
		}
		p.settle(j, answers, now)
		p.stir(g)
		return
	}
	if !g.atFault(last.Fault) {
		p.opened(g, now)
		g.learn(last, now)
		if last.Fault != nil && last.Fault.HostLevel() {
			p.failed(j, answers, now) // of another host, to which this one led
		} else {
			p.settle(j, answers, now)
		}
		return
	}
	if len(answers) > 1 {
		p.opened(g, now) // it answered this very job before
	}
	switch {
	case g.until.After(now):
		g.told[j.key] = last
		p.release(j, now)
	case g.heard == f.heard:
		p.suspect(f, answers, now)
	default:
		p.failed(j, answers, now)
	}
}

// failed takes a fault of a host for what it is: that of one question, for
// the host of the gate answers others. It gets a second look.
func (p *Patrol) failed(j *job, answers []probe.Answer, now time.Time) {
	if j.again {
		p.settle(j, answers, now)
		return
	}
	// Silence from a host that answers others is often a proxy that fetches
	// the module at this moment.
	whole := len(answers) - 1
	if whole > 0 {
		p.note(j.key, answers[:whole], now)
		j.question.Artefacts = j.question.Artefacts[whole:]
	}
	j.again, j.question.Patience = true, probe.SecondLook
	if f := answers[whole].Fault; f.Cause == probe.NoAnswer && j.gate.atFault(f) {
		j.question.Patience = probe.LongLook
		p.dirty = true
	}
	p.enqueue(j)
}

// atFault reports whether a fault is one of this gate's own host, or of the
// HTTP proxy before it.
func (g *gate) atFault(f *probe.Fault) bool {
	if g.local || f == nil || !f.HostLevel() {
		return false
	}
	switch {
	case f.Cause == probe.HTTPProxyFailed || f.Cause == probe.HTTPProxyAuth || g.hop.Kind == route.SumDB:
		return true
	case g.hop.Kind == route.Direct:
		// git may come by ssh, and the knock by https: both have to fail.
		return strings.EqualFold((&url.URL{Host: f.Host}).Hostname(), g.hop.URL.Hostname())
	}
	return strings.EqualFold(f.Host, probe.HostOf(g.hop))
}

// learn takes from an answer what it tells of the host.
func (g *gate) learn(ans probe.Answer, now time.Time) {
	if ans.Proto > 0 {
		g.proto = ans.Proto
	}
	if g.local || ans.Fault == nil {
		return
	}
	if ans.Fault.Cause == probe.CaptivePortal {
		g.portal = now
	}
	if ans.Fault.Page != "" {
		g.page, g.paged = ans.Fault.Page, now
	}
	if rests := now.Add(ans.Fault.RetryAfter); rests.After(now) && rests.After(g.rests) {
		g.rests = rests
	}
}

// shutFor gives how long a gate stays shut this time.
func (g *gate) shutFor() time.Duration {
	g.pause = min(max(2*g.pause, retryMin), retryMax)
	return jitter(g.name, g.pause)
}

// jitter takes up to a fifth off d, by a hash of the name: the same for one host
// each time, different for two hosts that died together.
func jitter(name string, d time.Duration) time.Duration {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // a hash never fails to write
	return d*4/5 + d/5*time.Duration(h.Sum32()%1024)/1024
}
