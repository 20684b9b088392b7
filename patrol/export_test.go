package patrol

import "time"

// Held tells how much of everything a patrol keeps in mind.
type Held struct{ Lines, Jobs, Books, Gates, Queued, Due int }

// Held counts on the loop.
func (p *Patrol) Held() Held {
	var h Held
	p.call(func(time.Time) {
		h = Held{Jobs: len(p.jobs), Books: len(p.books), Gates: len(p.gates), Due: len(p.agenda)}
		for _, lines := range p.docs {
			h.Lines += len(lines)
		}
		for _, g := range p.gates {
			h.Queued += len(g.queue)
		}
	})
	return h
}

// Crowd is how many books and gates are kept beyond those in use.
const Crowd = spare
