package server

import (
	"context"
	"sync"
	"time"

	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// asker asks hops for the patrol, through the prober for the go environment of
// the moment. The zero value asks nobody.
type asker struct {
	mu  sync.Mutex // guards now
	now *prober    // nil asks nobody
}

// prober is a probe.Prober in use.
type prober struct {
	*probe.Prober
	// limit bounds each phase of a question; 0 for no other bounds than those of
	// the question.
	limit  time.Duration
	asking sync.WaitGroup
}

// swap has another prober asked from now on; nil is for nobody. The end of the
// old one is for the caller to wait for.
func (a *asker) swap(p *prober) (old *prober) {
	a.mu.Lock()
	defer a.mu.Unlock()
	old, a.now = a.now, p
	return old
}

// enter gives the prober to ask, and has its end wait for done.
func (a *asker) enter() (p *prober, done func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.now == nil {
		return nil, func() {}
	}
	a.now.asking.Add(1)
	return a.now, a.now.asking.Done
}

// Ask puts a question to its hop.
func (a *asker) Ask(ctx context.Context, q probe.Question) []probe.Answer {
	p, done := a.enter()
	defer done()
	if p == nil {
		return []probe.Answer{{Artefact: q.Artefacts[0], Outcome: probe.Unsure, Text: "not asked: the network is switched off"}}
	}
	q.Patience = p.bounded(q.Patience)
	return p.Ask(ctx, q)
}

// Knock learns whether the host of a hop answers anything.
func (a *asker) Knock(ctx context.Context, hop route.Hop, patience probe.Patience) *probe.Fault {
	p, done := a.enter()
	defer done()
	if p == nil {
		return nil
	}
	return p.Knock(ctx, hop, p.bounded(patience))
}

func (p *prober) bounded(all probe.Patience) probe.Patience {
	if p.limit <= 0 {
		return all
	}
	return probe.Patience{
		Connect: min(all.Connect, p.limit), Handshake: min(all.Handshake, p.limit),
		FirstByte: min(all.FirstByte, p.limit), Body: min(all.Body, p.limit),
	}
}

// end waits for those who ask, and closes the prober. It may be called on nil.
func (p *prober) end() {
	if p != nil {
		p.asking.Wait()
		p.Close()
	}
}
