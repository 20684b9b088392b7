package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/modreach/modreach/route"
)

// maxHeader bounds the header of an answer, in bytes. The go command takes
// 10 MiB, with which a few hosts could fill a small machine; no honest header
// comes near ours.
const maxHeader = 1 << 20

// exchange is one GET with all its redirects.
type exchange struct {
	// status is the code of the answer, line the code with the words the host
	// put beside it.
	status int
	line   string
	// version is that of the answer's HTTP, as in its status line.
	version string
	header  http.Header
	// body holds what was read, up to the limit asked for.
	body []byte
	// cut reports that the body was longer than the limit.
	cut bool
	// url is where the last redirect led.
	url   *url.URL
	proto int
	// tls is nil for an answer that came unencrypted.
	tls   *tls.ConnectionState
	steps []Step
	// err is why there is no status, or why the body ended early.
	err error
	// at is what was going on when err happened, or at the end.
	at moment
}

// maxErrorBody bounds what is read of an answer other than 200, in bytes: five
// times what the go command quotes at most.
const maxErrorBody = 4 << 10

// errand is one address to get something from, and how.
type errand struct {
	url *url.URL
	// limit is how many bytes are read of an answer's body, errors how many if
	// its status is not 200. Of a longer body the rest is never read.
	limit, errors int64
	patience      Patience
	// who is shown to the host.
	who login
	// guard tells to which hosts it must not lead, as it tells of the module of
	// that path; nil for none.
	guard *route.Guard
	path  string
	// client is for this errand alone; nil stands for the client of all.
	client *http.Client
}

// get runs an errand, and once more if the connection it took was dead.
func (p *Prober) get(ctx context.Context, e errand) exchange {
	if e.client != nil {
		return p.try(ctx, e.client, e)
	}
	client := p.client.Load()
	x := p.try(ctx, client, e)
	if x.at.stale == nil || ctx.Err() != nil {
		return x
	}
	x.at.stale.Close() // so that all who wait on it give up
	p.renew(client)
	steps := x.steps
	x = p.try(ctx, p.client.Load(), e)
	x.steps = append(steps, x.steps...)
	return x
}

// try is one attempt of get.
func (p *Prober) try(ctx context.Context, client *http.Client, e errand) exchange {
	ctx, clock := startClock(context.WithValue(ctx, errandKey{}, e), e.patience)
	defer clock.stop()

	req, err := http.NewRequestWithContext(ctx, http.MethodGet, e.url.String(), http.NoBody)
	if err != nil {
		return exchange{err: err, at: moment{phase: Request}}
	}
	e.who.add(req)
	res, err := client.Do(req)
	if err != nil {
		err = clock.why(err)
		return exchange{err: err, at: clock.moment(err), steps: clock.steps()}
	}
	defer res.Body.Close()
	clock.enter(Body, e.patience.Body)
	x := exchange{status: res.StatusCode, line: res.Status, version: res.Proto, header: res.Header, url: res.Request.URL, proto: res.ProtoMajor, tls: res.TLS}
	limit := e.limit
	if x.status != http.StatusOK {
		limit = e.errors
	}
	// One byte more than the limit tells a body that ends there from a longer
	// one, and lets a connection be used again after a short one.
	x.body, err = io.ReadAll(io.LimitReader(res.Body, limit+1))
	if err != nil {
		x.err = clock.why(err)
	}
	if int64(len(x.body)) > limit {
		x.body, x.cut = x.body[:limit], true
	}
	x.at, x.steps = clock.moment(x.err), clock.steps()
	return x
}

// insecureRedirect is a redirect that would give up encryption.
type insecureRedirect struct{ from, to *url.URL }

func (e *insecureRedirect) Error() string {
	return fmt.Sprintf("redirected from secure URL %s to insecure URL %s", route.Redacted(e.from), route.Redacted(e.to))
}

// publicRedirect is a redirect to a public host, which must not learn the path;
// evidence is why.
type publicRedirect struct {
	to       *url.URL
	evidence string
}

func (e *publicRedirect) Error() string { return "redirected to " + route.Redacted(e.to) }

type errandKey struct{}

var errManyRedirects = errors.New("stopped after 10 redirects")

// checkRedirect follows where the go command follows (cmd/go/internal/web).
func (p *Prober) checkRedirect(req *http.Request, via []*http.Request) error {
	if via[0].URL.Scheme == "https" && req.URL.Scheme != "https" {
		return &insecureRedirect{from: via[len(via)-1].URL, to: req.URL}
	}
	if err := p.checkGuard(req, via); err != nil {
		return err
	}
	return checkRedirects(req, via)
}

// checkGuard lets no redirect lead to a host that must not learn the path. The one
// that was asked knows it.
func (p *Prober) checkGuard(req *http.Request, via []*http.Request) error {
	e, _ := req.Context().Value(errandKey{}).(errand)
	if hostPort(req.URL) == hostPort(via[0].URL) {
		return nil
	}
	if evidence, _ := p.keeps(req.Context(), e.guard, e.path, req.URL); evidence != "" {
		return &publicRedirect{req.URL, evidence}
	}
	return nil
}

// checkRedirects is checkRedirect where encryption does not matter.
func checkRedirects(_ *http.Request, via []*http.Request) error {
	if len(via) >= 10 {
		return errManyRedirects
	}
	return nil
}

// refusedConnect is an HTTP proxy's answer other than 200 to CONNECT. Its text
// is what net/http, and so the go command, reports.
type refusedConnect struct {
	status int
	reason string
}

func (e *refusedConnect) Error() string { return e.reason }

func checkConnect(_ context.Context, _ *url.URL, _ *http.Request, res *http.Response) error {
	if res.StatusCode == http.StatusOK {
		return nil
	}
	_, reason, ok := strings.Cut(res.Status, " ")
	if !ok {
		reason = "unknown status code"
	}
	return &refusedConnect{status: res.StatusCode, reason: reason}
}
