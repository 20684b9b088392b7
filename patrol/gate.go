package patrol

import (
	"container/heap"
	"hash/fnv"
	"sync"
	"time"

	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// gateState is what is known of a host.
type gateState uint8

const (
	// untried lets one question pass.
	untried gateState = iota
	// looking waits for the outcome of that question, and of a knock.
	looking
	// up lets questions pass, as many as the host can bear.
	up
	// down lets nothing pass: every question gets the fault.
	down
)

const (
	// knockAfter is how long after the first look the second one starts. It
	// outlasts one lost packet, and runs beside a first look that hangs, so
	// that a silent host costs one timeout and not two.
	knockAfter = time.Second
	// A dead host is looked at again after retryMin, then half as often each
	// time until retryMax, so that a VPN that connects is seen soon and a host
	// that is gone for the day is left alone.
	retryMin = 5 * time.Second
	retryMax = 5 * time.Minute
)

// gate stands before one host (scheme, name and port). It remembers the fault
// that closed it, so that a dead host costs two looks and not two a line.
type gate struct {
	name  string
	hop   route.Hop // one that leads there, to knock at
	state gateState
	width int
	queue queue
	busy  int

	// alive is when the host last answered anything.
	alive time.Time
	// knockAt is when the second look is due, knocking that it is under way.
	knockAt  time.Time
	knocking bool
	// doubtful are jobs that ended in a fault of the host while nobody knows
	// yet whether the host is at fault.
	doubtful []result
	// knocked is what the second look of this round found.
	knocked *probe.Fault

	fault *probe.Fault // while down
	until time.Time
	pause time.Duration // the length of the last closure
}

// job is a question and those who wait for its answers.
type job struct {
	key      key
	question probe.Question
	urgency  int
	seq      int
	waiters  map[*line]bool
	started  time.Time
	cancel   func(error)
	dropped  bool
	// again reports that this is the second time the question is put.
	again bool
}

// gateName names the host a hop leads to; what needs no host is local.
func gateName(h route.Hop) string {
	if h.Kind != route.Proxy || h.URL.Scheme == "file" {
		return "local"
	}
	return h.URL.Scheme + "://" + h.URL.Host
}

func (p *Patrol) gateOf(h route.Hop) *gate {
	name := gateName(h)
	g := p.gates[name]
	if g == nil {
		g = &gate{name: name, hop: h, width: p.opts.HTTP1}
		if name == "local" {
			g.state, g.width = up, localWidth
		}
		p.gates[name] = g
	}
	return g
}

func (g *gate) push(j *job) { heap.Push(&g.queue, j) }

// knockDue reports whether the second look should begin.
func (g *gate) knockDue(now time.Time) bool {
	return g.state == looking && !g.knocking && g.knocked == nil && !g.knockAt.After(now)
}

// due is when the gate has something to do by itself.
func (g *gate) due() time.Time {
	if g.state == looking && !g.knocking && g.knocked == nil {
		return g.knockAt
	}
	if g.state == down {
		return g.until
	}
	return time.Time{}
}

// dispatch starts what may start. A job that is turned away at one gate may
// send its lines on to another, so it goes round until nothing moves.
func (p *Patrol) dispatch(now time.Time, workers *sync.WaitGroup) {
	for moved := true; moved; {
		moved = false
		for _, g := range p.gates {
			if g.state == down && !g.until.After(now) {
				g.state = untried
			}
			if g.knockDue(now) {
				g.knocking = true
				p.knock(g, workers)
			}
			for g.queue.Len() > 0 && g.passes() {
				moved = true
				p.start(heap.Pop(&g.queue).(*job), g, now, workers)
			}
		}
	}
}

// start puts a job's question, or answers it at once if the gate is closed.
func (p *Patrol) start(j *job, g *gate, now time.Time, workers *sync.WaitGroup) {
	switch {
	case j.dropped:
		return
	case g.state == down:
		p.turnAway(j, g, now)
		return
	case g.state == untried:
		g.look(now)
	}
	j.started = now
	g.busy++
	p.ask(j, workers)
}

// passes reports whether another question may leave the queue.
func (g *gate) passes() bool {
	switch g.state {
	case untried:
		return g.busy == 0
	case looking:
		return false
	case up:
		return g.busy < g.width
	case down:
	}
	return true
}

// look begins a round: the question that passes now is the first look, and the
// second follows.
func (g *gate) look(now time.Time) {
	g.state, g.knockAt, g.knocked = looking, now.Add(knockAfter), nil
}

// turnAway answers a job with the fault of its gate.
func (p *Patrol) turnAway(j *job, g *gate, now time.Time) {
	var answers []probe.Answer
	for _, a := range j.question.Artefacts {
		answers = append(answers, probe.Behind(j.question, a, g.fault))
	}
	p.settle(j, answers, now)
}

// answered takes the answers to a job.
func (p *Patrol) answered(j *job, answers []probe.Answer, now time.Time) {
	g := p.gateOf(j.question.Hop)
	g.busy--
	if j.dropped {
		if g.state == looking && !g.knocking && g.busy == 0 {
			g.state = untried // the first look was called off
		}
		return
	}
	if len(answers) == 0 {
		return // cancelled
	}
	last := answers[len(answers)-1]
	if !g.atFault(last) {
		p.opened(g, last, now)
		p.settle(j, answers, now)
		return
	}
	switch {
	case j.again:
		p.settle(j, answers, now)
	case g.alive.After(j.started) || len(answers) > 1:
		// It answers others, or answered this very job: ask again.
		g.alive = now
		p.again(j, last)
		p.opened(g, last, now)
	default:
		g.doubtful = append(g.doubtful, result{job: j, answers: answers})
		if g.state == up {
			g.look(j.started)
		}
		p.conclude(g, now)
	}
}

// atFault reports whether an answer is a fault of this gate's own host.
func (g *gate) atFault(ans probe.Answer) bool {
	f := ans.Fault
	return g.name != "local" && f != nil && f.HostLevel() && (f.Host == probe.HostOf(g.hop) || f.Cause == probe.HTTPProxyFailed)
}

// heard takes what a knock found out.
func (p *Patrol) heard(g *gate, fault *probe.Fault, now time.Time) {
	g.knocking = false
	if g.state != looking {
		return
	}
	if fault == nil {
		p.opened(g, probe.Answer{}, now)
		return
	}
	g.knocked = fault
	p.conclude(g, now)
}

// conclude closes the gate when both looks agree.
func (p *Patrol) conclude(g *gate, now time.Time) {
	if g.state != looking || g.knocked == nil || len(g.doubtful) == 0 {
		return
	}
	first := g.doubtful[0]
	g.state, g.fault = down, first.answers[len(first.answers)-1].Fault
	g.pause = min(max(2*g.pause, retryMin), retryMax)
	g.until = now.Add(jitter(g.name, g.pause))
	done := g.doubtful
	g.doubtful, g.knocked = nil, nil
	for _, r := range done {
		if !r.job.dropped {
			p.settle(r.job, r.answers, now)
		}
	}
	p.dirty = true
}

// opened notes that the host answered, and asks again what was in doubt.
func (p *Patrol) opened(g *gate, ans probe.Answer, now time.Time) {
	if g.name == "local" {
		return
	}
	g.state, g.alive, g.fault, g.pause, g.knocked = up, now, nil, 0, nil
	switch {
	case ans.Proto >= 2:
		g.width = p.opts.HTTP2
	case ans.Proto == 1:
		g.width = p.opts.HTTP1
	}
	doubtful := g.doubtful
	g.doubtful = nil
	for _, r := range doubtful {
		if !r.job.dropped {
			p.again(r.job, r.answers[len(r.answers)-1])
		}
	}
}

// again puts a question a second time, with more patience: silence from a host
// that answers others is often a proxy that fetches the module at this moment.
func (p *Patrol) again(j *job, ans probe.Answer) {
	j.again, j.cancel = true, nil
	j.question.Patience = probe.SecondLook
	if ans.Fault.Cause == probe.NoAnswer {
		j.question.Patience = probe.LongLook
		for l := range j.waiters {
			l.status.Slow = true
		}
		p.dirty = true
	}
	p.gateOf(j.question.Hop).push(j)
}

// settle writes the answers down and walks everybody who waited for them.
func (p *Patrol) settle(j *job, answers []probe.Answer, now time.Time) {
	delete(p.jobs, j.key)
	b := p.books[j.key]
	if b == nil {
		b = &book{}
		p.books[j.key] = b
	}
	for _, ans := range answers {
		b.answers[ans.Artefact] = ans
		b.stale[ans.Artefact] = p.staleAt(j, ans, now)
	}
	for l := range j.waiters {
		l.waits = nil
		l.status.Slow = false
		p.walk(l, now)
	}
}

// staleAt is when an answer has to be asked for again.
func (p *Patrol) staleAt(j *job, ans probe.Answer, now time.Time) time.Time {
	fresh := p.opts.Fresh
	g := p.gateOf(j.question.Hop)
	var d time.Duration
	switch {
	case g.state == down && fresh != Freshness{}:
		return g.until
	case ans.Outcome == probe.OK:
		d = fresh.Found
	case ans.Outcome == probe.Miss:
		d = fresh.Missing
	default:
		d = fresh.Failing
		if f := ans.Fault; f != nil && d > 0 {
			d = max(d, f.RetryAfter)
		}
	}
	if d == 0 {
		return time.Time{}
	}
	return now.Add(d)
}

// jitter spreads d by up to a fifth either way, by a hash of the name: the same
// for one host each time, different for two hosts that died together.
func jitter(name string, d time.Duration) time.Duration {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // a hash never fails to write
	return d*4/5 + d*2/5*time.Duration(h.Sum32()%1024)/1024
}

// queue orders jobs by urgency, and first come first served.
type queue []*job

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	if q[i].urgency != q[j].urgency {
		return q[i].urgency < q[j].urgency
	}
	return q[i].seq < q[j].seq
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push and Pop are for container/heap.
func (q *queue) Push(x any) { *q = append(*q, x.(*job)) }

// Pop is for container/heap.
func (q *queue) Pop() any {
	old := *q
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	return last
}
