package patrol

import (
	"time"

	"github.com/modreach/modreach/probe"
)

// knockAfter is how long after the first look the second one starts. It
// outlasts one lost packet, and runs beside a first look that hangs, so that a
// silent host costs one timeout and not two.
const knockAfter = time.Second

// round finds out whether a host lives, with two looks: a question that was
// wanted anyway, and a knock. Anything the host answers ends it; when both looks
// find the host at fault, the gate shuts.
type round struct {
	gate   *gate
	cancel func(error)
	// look is the question that is the first look; nil if none has passed, or
	// it was called off.
	look *job
	// suspects are jobs that ended in a fault of the host, and how. They wait
	// for the end of the round.
	suspects map[*job][]probe.Answer
	// evidence is the fault of the first suspect; it stays when nobody wants
	// that job any more.
	evidence probe.Answer
	// knocked is what the knock found; nil if it is still under way.
	knocked *probe.Fault
}

// beginRound has the gate knocked at after a while.
func (p *Patrol) beginRound(g *gate, after time.Duration) {
	g.round = &round{gate: g, suspects: map[*job][]probe.Answer{}}
	p.knock(g.round, after)
}

// endRound ends the round under way without an outcome.
func (g *gate) endRound() {
	g.round.cancel(errSuperseded)
	g.round = nil
}

// lacksLook reports whether a question may pass to be the first look.
func (r *round) lacksLook() bool { return r.look == nil && r.evidence.Fault == nil }

// wanted reports whether anybody waits for the outcome.
func (r *round) wanted() bool {
	return r.look != nil || len(r.suspects)+len(r.gate.queue) > 0
}

// lose takes a job out that was called off.
func (r *round) lose(j *job) {
	delete(r.suspects, j)
	if r.look == j {
		r.look = nil
	}
}

// suspect takes a fault of a host that has answered nobody since the question
// was put: the first look of a round, which begins now if none is under way.
func (p *Patrol) suspect(f *flight, answers []probe.Answer, now time.Time) {
	g := f.job.gate
	if g.round == nil {
		p.beginRound(g, knockAfter-now.Sub(f.began))
	}
	r := g.round
	r.suspects[f.job] = answers
	if r.evidence.Fault == nil {
		r.evidence = answers[len(answers)-1]
	}
	p.conclude(r, now)
}

// heard takes what a knock found out.
func (p *Patrol) heard(r *round, fault *probe.Fault, now time.Time) {
	if !r.gate.atFault(fault) {
		p.opened(r.gate, now)
		return
	}
	r.knocked = fault
	p.conclude(r, now)
}

// conclude shuts the gate when both looks agree.
func (p *Patrol) conclude(r *round, now time.Time) {
	if r.knocked == nil || r.evidence.Fault == nil {
		return
	}
	g := r.gate
	g.round, g.evidence = nil, r.evidence
	g.until = now.Add(g.shutFor())
	g.told = map[key]probe.Answer{}
	for j, answers := range r.suspects {
		g.told[j.key] = answers[len(answers)-1]
	}
	for j := range r.suspects {
		p.release(j, now)
	}
	p.dirty = true
	p.stir(g)
}

// opened notes that a host answered. What was in doubt is a matter of the
// questions then, and what rested on a shut gate is walked anew.
func (p *Patrol) opened(g *gate, now time.Time) {
	if g.local {
		return
	}
	clears, wasShut := p.clears(g, now), g.until.After(now)
	g.alive = now
	g.heard++
	g.until, g.pause = time.Time{}, 0
	if r := g.round; r != nil {
		g.endRound()
		for j, answers := range r.suspects {
			p.failed(j, answers, now)
		}
	}
	if clears {
		for _, other := range p.gates {
			other.until = time.Time{}
		}
	}
	if clears || wasShut {
		p.review(now)
	}
	p.stir(g)
}

// reopen gives a host a new chance, as if it had never failed.
func (p *Patrol) reopen(g *gate) {
	g.until, g.pause = time.Time{}, 0
	if r := g.round; r != nil {
		g.endRound()
		for j := range r.suspects {
			p.enqueue(j)
		}
	}
	p.stir(g)
}
