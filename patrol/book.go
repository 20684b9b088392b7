package patrol

import (
	"time"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/probe"
)

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

// Freshness is how long an answer counts before it is asked again. A zero
// duration means for good.
type Freshness struct {
	// Found is for what was served, Missing for what was not there, Failing
	// for errors of a host that answers. A dead host has a gate of its own.
	Found, Missing, Failing time.Duration
}

// EditorFreshness suits a file that stays open for hours: a published version
// does not go away, a missing one is often about to be pushed, and a server
// error rarely lasts.
var EditorFreshness = Freshness{Found: 10 * time.Minute, Missing: 2 * time.Minute, Failing: time.Minute}

// spare is how many books and gates are kept beyond those in use: what somebody
// undoes an edit to, or opens again, is then not asked again.
const spare = 1024

// of gives how long an answer counts; zero means for good.
func (f Freshness) of(ans probe.Answer) time.Duration {
	switch ans.Outcome {
	case probe.OK:
		return f.Found
	case probe.Miss:
		return f.Missing
	case probe.Unasked, probe.Failed, probe.Spoiled, probe.Unsure, probe.Withheld:
	}
	if ans.Fault != nil && f.Failing > 0 {
		return max(f.Failing, ans.Fault.RetryAfter)
	}
	return f.Failing
}

// note writes answers down.
func (p *Patrol) note(k key, answers []probe.Answer, now time.Time) {
	b := p.books[k]
	if b == nil {
		b = &book{}
		p.books[k] = b
	}
	for _, ans := range answers {
		b.answers[ans.Artefact], b.stale[ans.Artefact] = ans, time.Time{}
		if d := p.opts.Fresh.of(ans); d > 0 {
			b.stale[ans.Artefact] = now.Add(d)
		}
	}
}

// known gives the answer that a line's walk may count on, and until when, of
// which zero means for good; an Unasked answer if there is none.
func (p *Patrol) known(l *line, hop int, k key, a probe.Artefact, now time.Time) (probe.Answer, time.Time) {
	if b := p.books[k]; b != nil && b.answers[a].Outcome != probe.Unasked {
		if until := b.stale[a]; until.IsZero() || until.After(l.since) {
			return b.answers[a], until
		}
	}
	at := l.stops[hop]
	return at.gate.turnedAway(at, k.mod, a, l.since, now)
}

// sweep throws away the books and gates that no line needs once there are too
// many. It leaves twice as much room as is in use, so that it costs little for
// each that is added, however many there are.
func (p *Patrol) sweep(now time.Time) {
	if len(p.books)+len(p.gates) <= p.crowded {
		return
	}
	needed, led := map[key]bool{}, map[*gate]bool{}
	for _, lines := range p.docs {
		for _, l := range lines {
			for _, k := range l.rests {
				needed[k] = true
			}
			for _, s := range l.stops {
				led[s.gate] = true
			}
		}
	}
	for k := range p.books {
		if !needed[k] {
			delete(p.books, k)
		}
	}
	for name, g := range p.gates {
		if !led[g] && g.idle() && !g.shut(now) {
			delete(p.gates, name)
		}
	}
	p.crowded = 2*(len(p.books)+len(p.gates)) + spare
}
