package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/net/http/httpproxy"

	"github.com/modreach/modreach/route"
)

// Patience bounds the phases of one request.
type Patience struct {
	// Connect covers name resolution and the connection itself.
	Connect time.Duration
	// Handshake covers TLS.
	Handshake time.Duration
	// FirstByte runs from the end of the request to the answer's first byte.
	FirstByte time.Duration
	// Body covers reading the answer.
	Body time.Duration
}

// The go command waits 30 s for a connection, 10 s for a handshake and without
// end for an answer. An editor cannot; so we ask with short deadlines first and
// with long ones before we call anything unreachable.
var (
	// FirstLook is for every question at first: three seconds carry a
	// connection over two lost packets (retransmission after 1 s), and a
	// proxy that has the module answers well within five.
	FirstLook = Patience{Connect: 3 * time.Second, Handshake: 3 * time.Second, FirstByte: 5 * time.Second, Body: 20 * time.Second}
	// SecondLook decides whether a host is dead. The handshake gets what the
	// go command gives it; the rest is as long as a person can be kept waiting.
	SecondLook = Patience{Connect: 9 * time.Second, Handshake: 10 * time.Second, FirstByte: 9 * time.Second, Body: 20 * time.Second}
	// LongLook is for one module that is slow at a host that answers others:
	// a proxy may be fetching it from its origin at this moment, which public
	// proxies give up after a minute.
	LongLook = Patience{Connect: 9 * time.Second, Handshake: 10 * time.Second, FirstByte: 60 * time.Second, Body: 60 * time.Second}
)

// Question asks one hop for artefacts of one module version.
type Question struct {
	Hop route.Hop
	Mod module.Version
	// Query tells that the version is not canonical.
	Query bool
	// Artefacts are asked in order, for as long as the answer is OK.
	Artefacts []Artefact
	Patience  Patience
}

// Options are the parts of the world a Prober uses. The zero value is this
// machine as the process sees it.
type Options struct {
	Env route.Env
	// Roots are the certificate authorities to trust; nil means the system's
	// and SSL_CERT_FILE, as for the go command.
	Roots *x509.CertPool
	// Resolver looks names up; nil means the system's.
	Resolver *net.Resolver
	// Dial opens connections; nil means the network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// SkipCache answers every question to the module cache with a miss: what
	// would a machine see that has nothing yet?
	SkipCache bool
	// Offline keeps the Prober from opening any socket.
	Offline bool
}

// Prober asks hops. It may be used by many goroutines at once.
type Prober struct {
	opts  Options
	proxy func(*url.URL) (*url.URL, error)
	// client has the connections; see renew.
	client atomic.Pointer[http.Client]
	// secrets are kept out of all that is printed.
	secrets    *secrets
	gitSecrets gitSecrets
	logins     *logins

	git     *git
	forges  forges
	remotes shared[gitListed]    // by address
	pages   shared[page]         // by import path
	commits shared[peekedAnswer] // by address, hash and files

	situations shared[situation] // by host

	histories histories

	dbMu       sync.Mutex         // guards db and endLookups
	db         *database          // nil until it is first asked
	endLookups context.CancelFunc // ends those of db; nil as long as that is
	lookups    sync.WaitGroup
}

// New returns a Prober. Close it to end its idle connections.
func New(o Options) *Prober {
	hide := newSecrets(o.Env)
	p := &Prober{opts: o, secrets: hide, logins: newLogins(o.Env, hide), git: newGit(o.Env)}
	if o.Roots == nil {
		p.opts.Roots = workspaceRoots(o.Env)
	}
	if o.Dial == nil {
		p.opts.Dial = (&net.Dialer{Resolver: o.Resolver}).DialContext
	}
	get := func(upper, lower string) string {
		if v := o.Env.Get(upper).Value; v != "" {
			return v
		}
		return o.Env.Get(lower).Value
	}
	p.proxy = (&httpproxy.Config{
		HTTPProxy:  get("HTTP_PROXY", "http_proxy"),
		HTTPSProxy: get("HTTPS_PROXY", "https_proxy"),
		NoProxy:    get("NO_PROXY", "no_proxy"),
		CGI:        o.Env.Get("REQUEST_METHOD").Value != "",
	}).ProxyFunc()
	p.client.Store(p.newClient())
	return p
}

// newClient gives a client without connections.
func (p *Prober) newClient() *http.Client {
	return &http.Client{
		CheckRedirect: p.checkRedirect,
		Transport: transport{&http.Transport{
			Proxy:       p.through,
			DialContext: p.dial,
			// A custom dialer switches HTTP/2 off unless it is asked for.
			ForceAttemptHTTP2: true,
			TLSClientConfig: &tls.Config{
				RootCAs: p.opts.Roots, MinVersion: tls.VersionTLS12,
				GetClientCertificate: noCertificate,
			},
			// The go command's own bound; shorter ones are set per request.
			TLSHandshakeTimeout: 10 * time.Second,
			// As many as may ever be in use at one host, so that none is
			// thrown away between two requests of one check.
			MaxIdleConnsPerHost: MaxConnections,
			// Long enough for a pause between two keystrokes, short enough
			// not to hold a proxy's sockets overnight.
			IdleConnTimeout:        90 * time.Second,
			MaxResponseHeaderBytes: maxHeader,
			OnProxyConnectResponse: checkConnect,
			HTTP2:                  &http.HTTP2Config{MaxReceiveBufferPerStream: streamWindow},
		}},
	}
}

// renew gives up all connections of a client: where one was found dead, the
// others most likely are too, and some may be shared by requests that have not
// found out yet.
func (p *Prober) renew(old *http.Client) {
	p.client.CompareAndSwap(old, p.newClient())
	old.CloseIdleConnections()
}

// MaxConnections bounds the connections to one host. A proxy that speaks
// HTTP/1.1 needs one for each request in flight, one that speaks HTTP/2 gets by
// with one or two.
const MaxConnections = 64

// Close ends lookups and commands that nobody waits for any more, and idle
// connections.
func (p *Prober) Close() {
	p.dbMu.Lock()
	if p.endLookups != nil {
		p.endLookups()
	}
	p.dbMu.Unlock()
	p.lookups.Wait()
	p.logins.close()
	p.client.Load().CloseIdleConnections()
	p.git.close()
}

// streamWindow is how many bytes a host may send ahead over HTTP/2: all that is
// ever sent of a zip in vain. It is what HTTP/2 begins with by itself; net/http
// would allow 4 MiB.
const streamWindow = 64 << 10

// transport tells the clock of each request when its answer came, so that what
// fails then can only be a redirect.
type transport struct{ *http.Transport }

// RoundTrip is that of http.Transport.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := t.Transport.RoundTrip(r)
	if err == nil {
		clockOf(r.Context()).answered()
	}
	return res, err
}

// through finds the HTTP proxy for a request.
func (p *Prober) through(r *http.Request) (*url.URL, error) {
	via, err := p.proxy(r.URL)
	if err != nil {
		return nil, &unusableProxy{err}
	}
	clockOf(r.Context()).through(via)
	return via, nil
}

// unusableProxy is why the environment's HTTP proxy is not even tried.
type unusableProxy struct{ error }

// dial opens a connection with the patience of the request it is for.
func (p *Prober) dial(ctx context.Context, network, address string) (net.Conn, error) {
	c := clockOf(ctx)
	limit := c.patience.Connect
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	c.dial(Connect, 0)
	conn, err := p.opts.Dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	c.dial(Connect, limit) // an HTTP proxy has still to connect
	return watch(conn), nil
}

// noCertificate notes that a server wants a certificate. Like the go command
// we have none.
func noCertificate(r *tls.CertificateRequestInfo) (*tls.Certificate, error) {
	clockOf(r.Context()).want()
	return &tls.Certificate{}, nil
}

// Ask puts a question to its hop and gives one answer for each artefact that
// was asked. It returns early, with what it has, when ctx is done; an
// interrupted artefact has no answer.
func (p *Prober) Ask(ctx context.Context, q Question) []Answer {
	var ask func(context.Context, Question, Artefact) Answer
	switch q.Hop.Kind {
	case route.Cache:
		ask = p.askCache
	case route.Directory, route.Vendor:
		ask = p.askDirectory
	case route.Proxy:
		ask = p.askProxy
	case route.SumDB:
		ask = p.askSumDB
	case route.Direct:
		ask = p.askDirect
	case route.Off:
		ask = p.askOff
	}
	if q.Hop.Kind == route.Proxy {
		if ans, shut := p.withhold(ctx, q, q.Hop.URL); shut && ctx.Err() == nil {
			ans.Artefact = q.Artefacts[0]
			return []Answer{ans}
		}
	}
	answers := make([]Answer, 0, len(q.Artefacts))
	for _, a := range q.Artefacts {
		ans := ask(ctx, q, a)
		if ctx.Err() != nil {
			break
		}
		ans.Artefact = a
		if q.Hop.Kind == route.Direct && ans.Fault != nil {
			p.gitSecrets.read(ctx, p, q.Patience, ans.Text)
		}
		p.secrets.hideIn(&ans, q.Mod.Path)
		answers = append(answers, ans)
		if ans.Outcome != OK {
			break
		}
	}
	return answers
}

// askOff is the answer of GOPROXY=off, for which nobody has to be asked.
func (p *Prober) askOff(context.Context, Question, Artefact) Answer {
	return Answer{Outcome: Miss, Text: offText, Fault: &Fault{Cause: ProxyOff}}
}
