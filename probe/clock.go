package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http/httptrace"
	"net/url"
	"sync"
	"time"
)

// clock measures the phases of one exchange and ends the exchange when a phase
// outlasts its patience. A connection may be opened on behalf of several
// exchanges, so its callbacks come from other goroutines, some of them late.
type clock struct {
	cancel   context.CancelCauseFunc
	ctx      context.Context
	patience Patience

	mu    sync.Mutex // guards the rest
	at    moment
	since time.Time
	took  [Checksum + 1]time.Duration
	alarm *time.Timer
	done  bool
	// came reports that something came in answer to the request under way.
	came bool
	// old is the connection of the request if it had rested for long before,
	// heard when it was last heard of; nil otherwise.
	old   *watched
	heard int64
}

// moment is what was going on at some time during an exchange.
type moment struct {
	// phase is NoPhase where a connection is being made and nothing else is
	// known of it.
	phase Phase
	// via is the HTTP proxy of the environment that the request goes through;
	// nil for none.
	via *url.URL
	// dialling reports that the request has no connection yet, to the far side
	// of via if there is one.
	dialling bool
	// wanted reports that the server asked for a certificate on the way.
	wanted bool
	// answered reports that the request had an answer, and nothing was sent
	// since.
	answered bool
	// stale is the connection on which a request was made in vain, if it had
	// rested for long before and was not heard of since; nil otherwise.
	stale *watched
}

// overdue is the cancellation cause of a phase that took too long.
type overdue struct {
	phase Phase
	after time.Duration
}

func (e *overdue) Error() string {
	if e.phase == Handshake {
		return "net/http: TLS handshake timeout" // the go command's words
	}
	return fmt.Sprintf("no answer within %v", e.after)
}

type clockKey struct{}

// clockOf gives the clock of the exchange a context belongs to.
func clockOf(ctx context.Context) *clock { return ctx.Value(clockKey{}).(*clock) }

// startClock begins an exchange. From the first step to the last there is
// always something that ends it: the dialer while it resolves and connects,
// and else an alarm.
func startClock(ctx context.Context, patience Patience) (context.Context, *clock) {
	ctx, cancel := context.WithCancelCause(ctx)
	c := &clock{cancel: cancel, ctx: ctx, patience: patience}
	trace := &httptrace.ClientTrace{
		GetConn:           func(string) { c.seek() },
		DNSStart:          func(httptrace.DNSStartInfo) { c.dial(Resolve, 0) },
		DNSDone:           func(httptrace.DNSDoneInfo) { c.dial(Connect, 0) },
		TLSHandshakeStart: func() { c.dial(Handshake, patience.Handshake) },
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) {
			if err == nil {
				// An HTTP proxy that speaks TLS has still to connect.
				c.dial(NoPhase, patience.Connect)
			}
		},
		GotConn:      c.connected,
		WroteRequest: func(httptrace.WroteRequestInfo) { c.wrote() },
		// The rest of the header may still take its time.
		GotFirstResponseByte: c.begun,
	}
	return httptrace.WithClientTrace(context.WithValue(ctx, clockKey{}, c), trace), c
}

// seek notes that the request, or the next one after a redirect, looks for a
// connection.
func (c *clock) seek() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turnLocked(NoPhase, 0)
	c.at.dialling, c.at.wanted, c.at.answered = true, false, false
	c.came, c.old = false, nil
}

// dial enters a phase of making a connection. Once the request has one, what
// still happens to others that were begun for it does not matter.
func (c *clock) dial(p Phase, limit time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at.dialling {
		c.turnLocked(p, limit)
	}
}

// connected notes on which connection the request is to be sent. It may have to
// wait there for a place among others.
func (c *clock) connected(info httptrace.GotConnInfo) {
	c.enter(Request, c.patience.FirstByte)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.old = nil
	if w := underneath(info.Conn); w != nil && info.Reused && w.suspect() {
		c.old, c.heard = w, w.heard.Load()
	}
}

// wrote notes that the request was sent. Who sends it may be slower to say so
// than the host is to answer.
func (c *clock) wrote() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.came {
		c.turnLocked(Request, c.patience.FirstByte)
	}
}

// begun notes the first byte of the answer.
func (c *clock) begun() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.came = true
	c.turnLocked(Request, c.patience.Body)
}

// enter begins a phase that needs a connection.
func (c *clock) enter(p Phase, limit time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at.dialling = false
	c.turnLocked(p, limit)
}

// turnLocked ends the phase under way and begins another, which may take at
// most limit; zero means that something else bounds it.
func (c *clock) turnLocked(p Phase, limit time.Duration) {
	if c.done {
		return
	}
	c.settleLocked()
	c.at.phase, c.since = p, time.Now()
	if limit > 0 {
		c.alarm = time.AfterFunc(limit, func() { c.cancel(&overdue{p, limit}) })
	}
}

func (c *clock) settleLocked() {
	if c.alarm != nil {
		c.alarm.Stop()
		c.alarm = nil
	}
	if c.at.phase != NoPhase {
		c.took[c.at.phase] += time.Since(c.since)
	}
	c.since = time.Now()
}

// through notes which HTTP proxy the request takes; nil for none.
func (c *clock) through(via *url.URL) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at.via = via
}

// want notes that the server asked for a certificate.
func (c *clock) want() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at.dialling {
		c.at.wanted = true
	}
}

// answered notes that a whole header came.
func (c *clock) answered() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at.answered = true
}

// stop ends the clock; callbacks that come later are ignored.
func (c *clock) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.settleLocked()
	c.done = true
	c.cancel(nil)
}

// moment tells what is going on, after the exchange ended with err.
func (c *clock) moment(err error) moment {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := c.at
	if err != nil && c.old != nil && c.old.heard.Load() == c.heard {
		at.stale = c.old
	}
	return at
}

// steps gives the phases that took any time, in the order of their nature.
func (c *clock) steps() []Step {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.settleLocked()
	var steps []Step
	for p, d := range c.took {
		if d > 0 {
			steps = append(steps, Step{Phase: Phase(p), Took: d})
		}
	}
	return steps
}

// why replaces an error that our own alarm caused by the alarm.
func (c *clock) why(err error) error {
	if late := (*overdue)(nil); errors.As(context.Cause(c.ctx), &late) {
		return late
	}
	return err
}
