package patrol

import (
	"context"
	"errors"
	"time"

	"github.com/modreach/modreach/probe"
)

// errSuperseded cancels what nobody wants to know any more.
var errSuperseded = errors.New("no longer wanted")

// result is what a worker brings back: the answers to a job, or what a knock
// heard in a round.
type result struct {
	flight  *flight
	answers []probe.Answer

	round *round
	fault *probe.Fault
}

// Start begins the work. It ends when ctx is done or Stop is called.
func (p *Patrol) Start(ctx context.Context) {
	p.ctx, p.cancel = context.WithCancel(ctx)
	go p.loop()
}

// Stop cancels what is under way and returns when every worker has returned.
func (p *Patrol) Stop() {
	p.cancel()
	<-p.stopped
}

func (p *Patrol) loop() {
	defer close(p.stopped)
	defer p.workers.Wait()

	wake := time.NewTimer(0)
	defer wake.Stop()
	for {
		now := time.Now()
		p.tick(now)
		p.serveAll(now)
		p.sweep(now)
		p.tell()
		if len(p.agenda) > 0 {
			wake.Reset(time.Until(p.agenda[0].due))
		} else {
			wake.Stop()
		}
		select {
		case f := <-p.calls:
			f(time.Now())
		case r := <-p.results:
			p.receive(r, time.Now())
		case <-wake.C:
		case <-p.ctx.Done():
			return
		}
	}
}

// tell leaves a token if anything has changed.
func (p *Patrol) tell() {
	if !p.dirty {
		return
	}
	p.dirty = false
	select {
	case p.changed <- struct{}{}:
	default:
	}
}

// ask has a worker put a job's question.
func (p *Patrol) ask(f *flight) {
	ctx, cancel := context.WithCancelCause(p.ctx)
	f.cancel = cancel
	question := f.job.question
	p.workers.Go(func() {
		defer cancel(nil)
		p.deliver(result{flight: f, answers: p.checker.Ask(ctx, question)})
	})
}

// knock has a worker knock at a gate after a while, unless the round is over
// by then.
func (p *Patrol) knock(r *round, after time.Duration) {
	ctx, cancel := context.WithCancelCause(p.ctx)
	r.cancel = cancel
	p.workers.Go(func() {
		defer cancel(nil)
		wait := time.NewTimer(after)
		defer wait.Stop()
		select {
		case <-wait.C:
			p.deliver(result{round: r, fault: p.checker.Knock(ctx, r.gate.hop, probe.SecondLook)})
		case <-ctx.Done():
		}
	})
}

func (p *Patrol) deliver(r result) {
	select {
	case p.results <- r:
	case <-p.ctx.Done():
	}
}

// receive takes what a worker brought, unless it was called off in between.
func (p *Patrol) receive(r result, now time.Time) {
	if r.round != nil {
		if r.round.gate.round == r.round {
			p.heard(r.round, r.fault, now)
		}
		return
	}
	g, j := r.flight.job.gate, r.flight.job
	*g.lane(r.flight.slow)--
	p.stir(g)
	if j.flight != r.flight || len(r.answers) == 0 {
		return // called off, or the patrol is being stopped
	}
	j.flight = nil
	p.answered(r.flight, r.answers, now)
}
