package patrol

import (
	"time"

	"github.com/modreach/modreach/probe"
)

// job is a question and the lines that wait for its answers. It is in the queue
// of its gate, or in flight, or among the suspects of a round.
type job struct {
	seat // in the gate's queue

	key      key
	gate     *gate
	question probe.Question
	waiters  map[*line]bool
	// renews reports that all waiters have settled before.
	renews bool
	// urgency is the lowest of all who ever waited, until rank finds it anew.
	urgency int
	// since and seq are those of the line that the job was made for.
	since time.Time
	seq   int
	// flight is the worker's errand; nil while there is none.
	flight *flight
	// again reports that the host answers others and the question is put for
	// the second and last time.
	again bool
}

// flight is one errand of a worker.
type flight struct {
	job    *job
	began  time.Time
	cancel func(error)
	// slow is the lane it is counted in.
	slow bool
	// heard is how often the host had answered when it began.
	heard int
}

// slow reports whether the question gets the long deadline.
func (j *job) slow() bool { return j.question.Patience == probe.LongLook }

// before puts the slow ones, which have a lane of their own, last. What renews
// a stale answer comes after what was never answered, so that a host that can
// hardly keep up does not starve anybody. Then they come by urgency, by the
// time they were wanted, and in the order of the file.
func (j *job) before(other *job) bool {
	switch {
	case j.slow() != other.slow():
		return other.slow()
	case j.renews != other.renews:
		return other.renews
	case j.urgency != other.urgency:
		return j.urgency < other.urgency
	case !j.since.Equal(other.since):
		return j.since.Before(other.since)
	}
	return j.seq < other.seq
}

// rank finds the job's place among the others anew.
func (j *job) rank() {
	first := true
	for l := range j.waiters {
		if first || l.urgency < j.urgency {
			j.urgency = l.urgency
		}
		first = false
	}
	if j.seat > 0 {
		j.gate.queue.put(j)
	}
}

// enlist has a line wait for the answers it needs.
func (p *Patrol) enlist(l *line, need *probe.Need, now time.Time) {
	at := l.stops[need.Hop]
	k := key{at.key, need.Mod}
	j := p.jobs[k]
	if j == nil {
		if now.Before(l.settles) {
			p.schedule(l, l.settles)
			return
		}
		j = &job{
			key: k, gate: at.gate, waiters: map[*line]bool{},
			renews: l.status.Settled, urgency: l.urgency, since: l.since, seq: l.seq,
			question: probe.Question{
				Hop: at.hop, Mod: need.Mod, Query: l.route.Query && need.Mod == l.route.Mod,
				Artefacts: need.Artefacts, Patience: probe.FirstLook,
			},
		}
		p.jobs[k] = j
		p.enqueue(j)
	}
	l.waits, j.waiters[l] = j, true
	j.renews, j.urgency = j.renews && l.status.Settled, min(j.urgency, l.urgency)
	if j.seat > 0 {
		j.gate.queue.put(j)
	}
	p.dirty = p.dirty || j.slow()
}

// enqueue puts a job into the queue of its gate.
func (p *Patrol) enqueue(j *job) {
	j.gate.queue.put(j)
	p.stir(j.gate)
}

// leave takes a line off the job it waits for; a job nobody waits for is
// called off.
func (p *Patrol) leave(l *line) {
	j := l.waits
	if j == nil {
		return
	}
	l.waits = nil
	delete(j.waiters, l)
	if len(j.waiters) == 0 {
		p.withdraw(j)
	}
}

// withdraw calls a job off, wherever it is.
func (p *Patrol) withdraw(j *job) {
	delete(p.jobs, j.key)
	g := j.gate
	g.queue.drop(j)
	if j.flight != nil {
		j.flight.cancel(errSuperseded)
		j.flight = nil
	}
	if r := g.round; r != nil {
		r.lose(j)
	}
	p.stir(g)
}

// settle writes the answers to a job down and ends it.
func (p *Patrol) settle(j *job, answers []probe.Answer, now time.Time) {
	p.note(j.key, answers, now)
	p.release(j, now)
}

// release ends a job: those who waited for it walk on.
func (p *Patrol) release(j *job, now time.Time) {
	delete(p.jobs, j.key)
	for l := range j.waiters {
		l.waits = nil
		p.walk(l, now)
	}
}
