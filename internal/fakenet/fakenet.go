// Package fakenet is a small misbehaving internet for tests: module proxies,
// a checksum database, HTTP proxies, git hosts with their go-get pages, captive
// portals, a name server and addresses that fail in one known way each.
//
// A [Net] comes in two modes with the same parts. [New] uses loopback sockets,
// so that child processes such as the real go command can use it. [NewPipe]
// keeps everything in memory; inside a testing/synctest bubble it runs on the
// bubble's clock, and hours of silence cost nothing.
//
// Every HTTP server here is a [Site]: it logs what it is asked, counts its
// connections, and answers as it should until [Site.On] sets a [Fault] for
// some of its requests:
//
//	n := fakenet.New(t)
//	p := n.Proxy(fakenet.HTTPS)
//	p.Add("corp.example/a", "v1.0.0", "")
//	p.On("*.zip", fakenet.Truncate)
//	_, stderr, err := fakenet.Go(t.Context(), t, dir, append(n.Env(), "GOPROXY="+p.URL()), "mod", "download")
//
// Everything ends with the test: a Net registers its own cleanup. A failure
// to set something up fails the test at once, so no constructor returns an
// error. The package is for tests only; it must not be imported by other code.
package fakenet

import (
	"context"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// Net is one internet. It has no useful zero value; use [New] or [NewPipe].
// Its methods may be called from several goroutines, but those that build
// something only from the test's own.
type Net struct {
	t    testing.TB
	wire wire
	ca   *CA
	dns  *DNS

	// ctx ends when the Net closes; every server's requests derive from it.
	ctx    context.Context
	cancel context.CancelFunc
	// running counts the goroutines and connections of all servers.
	running sync.WaitGroup

	mu      sync.Mutex // guards what follows
	closers []func()
	// known has where to find the sites that are [WellKnown], by their name and
	// the port of their scheme.
	known map[string]string
}

// New returns a Net on loopback sockets, closed when the test ends.
func New(t testing.TB) *Net {
	return newNet(t, loopback{})
}

// NewPipe returns a Net in memory, closed when the test ends. It can only be
// reached by [Net.Dial] and what is built on it. All its goroutines block
// durably, so that the clock of a synctest bubble can advance; it must be
// created inside the bubble that uses it.
func NewPipe(t testing.TB) *Net {
	return newNet(t, newMemory())
}

func newNet(t testing.TB, w wire) *Net {
	t.Helper()
	n := &Net{t: t, wire: w, known: make(map[string]string)}
	n.ctx, n.cancel = context.WithCancel(t.Context())
	t.Cleanup(n.Close)
	n.ca = newCA(t)
	n.dns = newDNS(n)
	return n
}

// Close breaks every connection, stops every server and waits for their
// goroutines. The test's cleanup calls it; calling it again does nothing.
func (n *Net) Close() {
	n.cancel()
	n.mu.Lock()
	closers := n.closers
	n.closers = nil
	n.mu.Unlock()
	for _, f := range closers {
		f()
	}
	n.running.Wait()
}

// publish makes Dial lead what asks for addr, a name and a port, to a site.
func (n *Net) publish(addr, site string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.known[strings.ToLower(addr)] = site
}

// onClose has f called when the Net closes. f must not block.
func (n *Net) onClose(f func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.closers = append(n.closers, f)
}

// CA returns the authority that signs the certificates of this Net.
func (n *Net) CA() *CA { return n.ca }

// Dial connects to addr, a "host:port" of this Net; host is an IP address or
// a name its [DNS] knows. It has the errors of [net.Dialer], and fits
// [http.Transport.DialContext]. It is the way into a Net in pipe mode; on
// loopback it adds nothing but the names and the sites that are [WellKnown].
func (n *Net) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	n.mu.Lock()
	if real, ok := n.known[strings.ToLower(addr)]; ok {
		addr = real
	}
	n.mu.Unlock()
	return n.wire.dial(ctx, n.Resolver(), network, addr)
}

// Client returns an HTTP client that dials with [Net.Dial], trusts the Net's
// authority, speaks HTTP/2 where the server does, follows at most 10
// redirects and has no timeouts. It uses no HTTP proxy.
func (n *Net) Client() *http.Client {
	transport := &http.Transport{
		DialContext:       n.Dial,
		TLSClientConfig:   n.ca.ClientConfig(),
		ForceAttemptHTTP2: true,
	}
	n.onClose(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// Env returns the variables that make a child process trust the Net's
// authority, as "NAME=value": SSL_CERT_FILE for Go programs on Unix,
// GIT_SSL_CAINFO for git.
func (n *Net) Env() []string {
	return []string{
		"SSL_CERT_FILE=" + n.ca.File(),
		"GIT_SSL_CAINFO=" + n.ca.File(),
	}
}

// listen is the wire's listen for the constructors: it fails the test.
func (n *Net) listen(addr string) net.Listener {
	n.t.Helper()
	l, err := n.wire.listen(addr)
	if err != nil {
		n.t.Fatalf("fakenet: listening on %s: %v", addr, err)
	}
	return l
}
