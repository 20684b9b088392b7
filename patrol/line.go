package patrol

import (
	"reflect"
	"slices"
	"time"

	"go.uber.org/zap"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// line is one wanted route of one document.
type line struct {
	seat // in the agenda

	route route.Route
	// stops are where the hops of the route lead.
	stops   []stop
	urgency int
	// seq is the order in which lines were wanted.
	seq    int
	status Status

	// settles is when something may be asked for the line alone.
	settles time.Time
	// since is when the walk began, the last one or the one under way. Answers
	// that were fresh then count to its end: else a route with a hop that is
	// slow and one whose answers go stale quickly might never settle.
	since time.Time
	// due is when the line is walked again: after the settling time, and when
	// the first of the answers it rests on goes stale. Zero means never.
	due time.Time
	// waits is the job the walk waits for; nil if none.
	waits *job
	// rests are the keys that the walk came by.
	rests []key
}

// stop is where a hop leads.
type stop struct {
	hop  route.Hop
	key  string // the hop's
	gate *gate
}

func (l *line) before(other *line) bool {
	if !l.due.Equal(other.due) {
		return l.due.Before(other.due)
	}
	return l.seq < other.seq
}

func (p *Patrol) want(doc string, urgency int, routes []route.Route, now time.Time) {
	old := map[module.Version][]*line{}
	for _, l := range p.docs[doc] {
		old[l.route.Required] = append(old[l.route.Required], l)
	}
	lines := make([]*line, 0, len(routes))
	moved := map[*job]bool{}
	for _, r := range routes {
		l := takeSame(old, r)
		if l == nil {
			// It is walked before the old lines leave, so that what is under
			// way for them goes on when only go.sum has changed.
			l = p.newLine(r, urgency, now)
			p.begin(l, now)
		}
		if l.urgency != urgency && l.waits != nil {
			moved[l.waits] = true
		}
		l.urgency = urgency
		lines = append(lines, l)
	}
	for _, left := range old {
		for _, l := range left {
			p.forget(l)
		}
	}
	for j := range moved {
		j.rank()
	}
	delete(p.docs, doc)
	if len(lines) > 0 {
		p.docs[doc] = lines
	}
	p.dirty = true
}

// takeSame takes the line out of old that wants just this route. Of lines with
// the same requirement it looks at the first only: in one document their routes
// are the same too.
func takeSame(old map[module.Version][]*line, r route.Route) *line {
	same := old[r.Required]
	if len(same) == 0 || !reflect.DeepEqual(same[0].route, r) {
		return nil
	}
	old[r.Required] = same[1:]
	return same[0]
}

func (p *Patrol) newLine(r route.Route, urgency int, now time.Time) *line {
	p.seq++
	p.pending++
	l := &line{route: r, urgency: urgency, seq: p.seq, settles: now.Add(p.opts.Settle)}
	l.stops = make([]stop, 0, len(r.Hops)+1)
	for _, hop := range r.AllHops() {
		l.stops = append(l.stops, stop{hop, hop.Key(), p.gateOf(hop)})
	}
	return l
}

// forget ends a line.
func (p *Patrol) forget(l *line) {
	p.schedule(l, time.Time{})
	p.leave(l)
	if !l.status.Settled {
		p.pending--
	}
}

// recheck forgets all that is known of the modules of some lines at those of their
// hops that are meant, in whatever version: a query may come out at another one
// than before. The answers to what is under way would be older than the recheck,
// so it is called off.
func (p *Patrol) recheck(lines []*line, meant func(route.Hop) bool, now time.Time) {
	type place struct{ hop, path string }
	old := map[place]bool{}
	for _, l := range lines {
		for _, s := range l.stops {
			if meant(s.hop) {
				old[place{s.key, l.route.Mod.Path}] = true
				p.reopen(s.gate)
			}
		}
	}
	if len(old) == 0 {
		return
	}
	for k := range p.books {
		if old[place{k.hop, k.mod.Path}] {
			delete(p.books, k)
		}
	}
	for k, j := range p.jobs {
		if !old[place{k.hop, k.mod.Path}] {
			continue
		}
		p.withdraw(j)
		for l := range j.waiters {
			l.waits = nil
		}
	}
	p.review(now)
}

// review walks every line anew that does not wait for an answer: something
// that lines rest on has been forgotten.
func (p *Patrol) review(now time.Time) {
	for _, lines := range p.docs {
		for _, l := range lines {
			if l.waits == nil {
				p.begin(l, now)
			}
		}
	}
}

// schedule has a line walked at a time; zero means never.
func (p *Patrol) schedule(l *line, at time.Time) {
	l.due = at
	if at.IsZero() {
		p.agenda.drop(l)
		return
	}
	p.agenda.put(l)
}

// tick walks every line that is due.
func (p *Patrol) tick(now time.Time) {
	for len(p.agenda) > 0 && !p.agenda[0].due.After(now) {
		p.begin(p.agenda.next(), now)
	}
}

// begin walks a line with the answers that are fresh now.
func (p *Patrol) begin(l *line, now time.Time) {
	l.since = now
	p.walk(l, now)
}

// walk follows a line's route as far as the answers in hand allow.
func (p *Patrol) walk(l *line, now time.Time) {
	p.schedule(l, time.Time{})
	l.rests = l.rests[:0]
	var stale time.Time
	report, need := probe.Walk(l.route, func(hop int, mod module.Version, a probe.Artefact) probe.Answer {
		k := key{l.stops[hop].key, mod}
		if !slices.Contains(l.rests, k) {
			l.rests = append(l.rests, k)
		}
		ans, until := p.known(l, hop, k, a, now)
		stale = earlier(stale, until)
		return ans
	})
	if need != nil {
		p.enlist(l, need, now)
		return
	}
	if !l.status.Settled {
		p.pending--
	}
	l.status = Status{Report: report, Settled: true}
	p.schedule(l, stale)
	p.dirty = true
	p.log.Debug("settled", zap.Uint8("ending", uint8(report.Ending))) // a module path may be private, and a log is shown around
}

// earlier gives the earlier of two times, of which zero means never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
