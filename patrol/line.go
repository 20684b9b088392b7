package patrol

import (
	"reflect"
	"time"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// line is one wanted route of one document.
type line struct {
	route   route.Route
	urgency int
	status  Status
	// due is when the line is walked (again): after the settling time, and
	// when the first of the answers it rests on goes stale. Zero means never.
	due time.Time
	// waits is the job the walk waits for; nil if none.
	waits *job
}

// key names what is asked: one module version at one hop.
type key struct {
	hop string
	mod module.Version
}

// book keeps the answers for one key.
type book struct {
	answers [probe.Artefacts]probe.Answer
	stale   [probe.Artefacts]time.Time // zero: never
}

func (p *Patrol) want(doc string, urgency int, routes []route.Route) {
	old := map[module.Version][]*line{}
	for _, l := range p.docs[doc] {
		old[l.route.Required] = append(old[l.route.Required], l)
	}
	lines := make([]*line, 0, len(routes))
	for _, r := range routes {
		if l := takeSame(old, r); l != nil {
			l.urgency = urgency
			lines = append(lines, l)
			continue
		}
		l := &line{route: r, urgency: urgency}
		p.schedule(l, time.Now().Add(p.opts.Settle))
		p.pending++
		lines = append(lines, l)
	}
	for _, left := range old {
		for _, l := range left {
			p.leave(l)
			if !l.status.Settled {
				p.pending--
			}
		}
	}
	if len(lines) == 0 {
		delete(p.docs, doc)
	} else {
		p.docs[doc] = lines
	}
	p.dirty = true
	p.tick(time.Now())
}

// takeSame takes the line out of old that wants just this route.
func takeSame(old map[module.Version][]*line, r route.Route) *line {
	for i, l := range old[r.Required] {
		if reflect.DeepEqual(l.route, r) {
			old[r.Required] = append(old[r.Required][:i:i], old[r.Required][i+1:]...)
			return l
		}
	}
	return nil
}

// leave takes a line off the job it waits for; a job nobody waits for is
// dropped or cancelled.
func (p *Patrol) leave(l *line) {
	j := l.waits
	if j == nil {
		return
	}
	l.waits = nil
	if delete(j.waiters, l); len(j.waiters) > 0 {
		return
	}
	delete(p.jobs, j.key)
	j.dropped = true
	if j.cancel != nil {
		j.cancel(errSuperseded)
	}
}

func (p *Patrol) recheck(doc string) {
	for _, l := range p.docs[doc] {
		for _, hop := range l.route.Hops {
			delete(p.books, key{hop.Key(), l.route.Mod})
			delete(p.books, key{hop.Key(), l.status.Report.Served})
			if g := p.gates[gateName(hop)]; g != nil && g.state == down {
				g.state = untried
			}
		}
		p.schedule(l, time.Now())
	}
	p.tick(time.Now())
}

// schedule has a line walked at a time; zero means never.
func (p *Patrol) schedule(l *line, at time.Time) {
	l.due = at
	p.walkAt = earlier(p.walkAt, at)
}

// tick walks every line that is due.
func (p *Patrol) tick(now time.Time) {
	if p.walkAt.IsZero() || p.walkAt.After(now) {
		return
	}
	p.walkAt = time.Time{}
	for _, lines := range p.docs {
		for _, l := range lines {
			if l.due.IsZero() || l.due.After(now) {
				p.walkAt = earlier(p.walkAt, l.due)
				continue
			}
			p.walk(l, now)
		}
	}
}

// walk follows a line's route as far as the answers in hand allow.
func (p *Patrol) walk(l *line, now time.Time) {
	p.leave(l)
	l.due = time.Time{}
	var stale time.Time
	report, need := probe.Walk(l.route, func(hop int, mod module.Version, a probe.Artefact) probe.Answer {
		b := p.books[key{l.route.Hops[hop].Key(), mod}]
		if b == nil {
			return probe.Answer{}
		}
		until := b.stale[a]
		if !until.IsZero() && !until.After(now) {
			return probe.Answer{}
		}
		stale = earlier(stale, until)
		return b.answers[a]
	})
	if need != nil {
		p.enlist(l, l.route.Hops[need.Hop], need)
		return
	}
	if !l.status.Settled {
		p.pending--
	}
	l.status = Status{Report: report, Settled: true}
	p.schedule(l, stale)
	p.dirty = true
	p.settledLog(l)
}

// earlier gives the earlier of two times, of which zero means never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// enlist has a line wait for the answers it needs.
func (p *Patrol) enlist(l *line, hop route.Hop, need *probe.Need) {
	k := key{hop.Key(), need.Mod}
	j := p.jobs[k]
	if j == nil {
		p.seq++
		j = &job{
			key: k, seq: p.seq, urgency: l.urgency, waiters: map[*line]bool{},
			question: probe.Question{
				Hop: hop, Mod: need.Mod, Query: l.route.Query && need.Mod == l.route.Mod,
				Artefacts: need.Artefacts, Patience: probe.FirstLook,
			},
		}
		p.jobs[k] = j
		p.gateOf(hop).push(j)
	}
	j.urgency = min(j.urgency, l.urgency)
	j.waiters[l] = true
	l.waits = j
}

// nextDue is when something has to be done without anybody asking for it.
func (p *Patrol) nextDue() (time.Time, bool) {
	next := p.walkAt
	for _, g := range p.gates {
		next = earlier(next, g.due())
	}
	return next, !next.IsZero()
}
