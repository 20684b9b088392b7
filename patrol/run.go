package patrol

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/modreach/modreach/probe"
)

// errSuperseded cancels a question that nobody wants answered any more.
var errSuperseded = errors.New("no longer wanted")

// result is what a worker brings back: the answers to a job, or what a knock
// heard at a gate.
type result struct {
	job     *job
	answers []probe.Answer

	gate  *gate
	fault *probe.Fault
}

// Start begins the work. It ends when ctx is done or Stop is called.
func (p *Patrol) Start(ctx context.Context) {
	ctx, p.cancel = context.WithCancel(ctx)
	p.ctx = ctx
	go p.loop(ctx)
}

// Stop cancels what is under way and returns when every worker has returned.
func (p *Patrol) Stop() {
	p.cancel()
	<-p.stopped
}

func (p *Patrol) loop(ctx context.Context) {
	var workers sync.WaitGroup
	defer close(p.stopped)
	defer workers.Wait()

	wake := time.NewTimer(0)
	defer wake.Stop()
	for {
		p.dispatch(time.Now(), &workers)
		if p.dirty {
			p.dirty = false
			select {
			case p.changed <- struct{}{}:
			default:
			}
		}
		if next, ok := p.nextDue(); ok {
			wake.Reset(time.Until(next))
		} else {
			wake.Stop()
		}
		select {
		case f := <-p.calls:
			f()
		case r := <-p.results:
			p.receive(r, time.Now())
		case now := <-wake.C:
			p.tick(now)
		case <-ctx.Done():
			return
		}
	}
}

// ask has a worker put a job's question.
func (p *Patrol) ask(j *job, workers *sync.WaitGroup) {
	ctx, cancel := context.WithCancelCause(p.ctx)
	j.cancel = cancel
	workers.Go(func() {
		defer cancel(nil)
		p.deliver(result{job: j, answers: p.checker.Ask(ctx, j.question)})
	})
}

// knock has a worker knock at a gate.
func (p *Patrol) knock(g *gate, workers *sync.WaitGroup) {
	workers.Go(func() {
		p.deliver(result{gate: g, fault: p.checker.Knock(p.ctx, g.hop, probe.SecondLook)})
	})
}

func (p *Patrol) deliver(r result) {
	select {
	case p.results <- r:
	case <-p.ctx.Done():
	}
}

// receive takes what a worker brought.
func (p *Patrol) receive(r result, now time.Time) {
	if r.gate != nil {
		p.heard(r.gate, r.fault, now)
		return
	}
	p.answered(r.job, r.answers, now)
}

func (p *Patrol) settledLog(l *line) {
	p.log.Debug("settled", zap.String("module", l.route.Mod.Path), zap.String("version", l.route.Mod.Version),
		zap.Uint8("ending", uint8(l.status.Report.Ending)), zap.String("text", l.status.Report.FirstLine()))
}
