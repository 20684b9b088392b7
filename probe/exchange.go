package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"time"

	"github.com/modreach/modreach/route"
)

// maxHeader bounds the header of an answer, in bytes: net/http's default of
// 10 MiB would let one host fill a small machine.
const maxHeader = 64 << 10

// exchange is one GET with all its redirects.
type exchange struct {
	status int
	header http.Header
	// body holds what was read, up to the limit asked for.
	body []byte
	// cut reports that the body was longer than the limit.
	cut bool
	// url is where the last redirect led.
	url   *url.URL
	proto int
	steps []Step
	// err is why there is no status, or why the body ended early.
	err error
	// phase is what was going on when err happened.
	phase Phase
}

// get fetches u and reads at most limit bytes of the body. Of a longer body
// the rest is never read.
func (p *Prober) get(ctx context.Context, u *url.URL, limit int64, patience Patience) exchange {
	ctx, clock := startClock(ctx, patience)
	defer clock.stop()

	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return exchange{err: err, phase: Request}
	}
	res, err := p.client.Do(req)
	if err != nil {
		return exchange{err: clock.why(err), phase: clock.phase(), steps: clock.steps()}
	}
	defer res.Body.Close()
	clock.enter(Body, patience.Body)
	x := exchange{status: res.StatusCode, header: res.Header, url: res.Request.URL, proto: res.ProtoMajor}
	// One byte more than the limit tells a body that ends there from a longer
	// one, and lets a connection be used again after a short one.
	x.body, err = io.ReadAll(io.LimitReader(res.Body, limit+1))
	if err != nil {
		x.err, x.phase = clock.why(err), Body
	}
	if int64(len(x.body)) > limit {
		x.body, x.cut = x.body[:limit], true
	}
	clock.enter(NoPhase, 0)
	x.steps = clock.steps()
	return x
}

// overdue is the cancellation cause of a phase that took too long.
type overdue struct {
	phase Phase
	after time.Duration
}

func (e *overdue) Error() string { return fmt.Sprintf("no answer within %v", e.after) }

// clock measures the phases of one exchange and ends the exchange when a phase
// outlasts its patience. A connection may be opened on behalf of several
// exchanges, so its callbacks come from other goroutines, some of them late.
type clock struct {
	cancel context.CancelCauseFunc
	ctx    context.Context

	mu    sync.Mutex // guards the rest
	now   Phase
	since time.Time
	took  [Checksum + 1]time.Duration
	alarm *time.Timer
	done  bool
}

type patienceKey struct{}

// patienceOf gives the patience of the exchange a context belongs to.
func patienceOf(ctx context.Context) Patience {
	p, _ := ctx.Value(patienceKey{}).(Patience)
	return p
}

func startClock(ctx context.Context, patience Patience) (context.Context, *clock) {
	ctx = context.WithValue(ctx, patienceKey{}, patience)
	ctx, cancel := context.WithCancelCause(ctx)
	c := &clock{cancel: cancel, ctx: ctx}
	trace := &httptrace.ClientTrace{
		DNSStart: func(httptrace.DNSStartInfo) { c.enter(Resolve, 0) },
		DNSDone:  func(httptrace.DNSDoneInfo) { c.enter(Connect, 0) },
		// The dialer bounds resolving and connecting together.
		ConnectStart:         func(string, string) { c.enter(Connect, 0) },
		ConnectDone:          func(_, _ string, err error) { c.leave(Connect, err) },
		TLSHandshakeStart:    func() { c.enter(Handshake, patience.Handshake) },
		TLSHandshakeDone:     func(_ tls.ConnectionState, err error) { c.leave(Handshake, err) },
		WroteRequest:         func(httptrace.WroteRequestInfo) { c.enter(Request, patience.FirstByte) },
		GotFirstResponseByte: func() { c.leave(Request, nil) },
	}
	return httptrace.WithClientTrace(ctx, trace), c
}

// enter ends the phase under way and begins another, which may take at most
// limit; zero means that something else bounds it.
func (c *clock) enter(p Phase, limit time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done {
		return
	}
	c.settleLocked()
	c.now, c.since = p, time.Now()
	if limit > 0 {
		c.alarm = time.AfterFunc(limit, func() { c.cancel(&overdue{p, limit}) })
	}
}

// leave ends phase p; after an error the phase stays, so that it can be named.
func (c *clock) leave(p Phase, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.done && c.now == p && err == nil {
		c.settleLocked()
		c.now = NoPhase
	}
}

func (c *clock) settleLocked() {
	if c.alarm != nil {
		c.alarm.Stop()
		c.alarm = nil
	}
	if c.now != NoPhase {
		c.took[c.now] += time.Since(c.since)
	}
}

// stop ends the clock; callbacks that come later are ignored.
func (c *clock) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.settleLocked()
	c.done = true
	c.cancel(nil)
}

// phase is what was going on last.
func (c *clock) phase() Phase {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// steps gives the phases that took any time, in the order of their nature.
func (c *clock) steps() []Step {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.settleLocked()
	c.now = NoPhase
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

// insecureRedirect is a redirect that would give up encryption.
type insecureRedirect struct{ from, to *url.URL }

func (e *insecureRedirect) Error() string {
	return fmt.Sprintf("redirected from secure URL %s to insecure URL %s", route.Redacted(e.from), route.Redacted(e.to))
}

var errManyRedirects = errors.New("stopped after 10 redirects")

// checkRedirect follows where the go command follows (cmd/go/internal/web).
func checkRedirect(req *http.Request, via []*http.Request) error {
	if via[0].URL.Scheme == "https" && req.URL.Scheme != "https" {
		return &insecureRedirect{from: via[len(via)-1].URL, to: req.URL}
	}
	if len(via) >= 10 {
		return errManyRedirects
	}
	return nil
}

// refusedConnect is an HTTP proxy's answer other than 200 to CONNECT. Its text
// is what net/http, and so the go command, reports.
type refusedConnect struct {
	status int
	proxy  string
}

func (e *refusedConnect) Error() string { return http.StatusText(e.status) }

func checkConnect(_ context.Context, proxy *url.URL, _ *http.Request, res *http.Response) error {
	if res.StatusCode == http.StatusOK {
		return nil
	}
	return &refusedConnect{status: res.StatusCode, proxy: proxy.Host}
}
