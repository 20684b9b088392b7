package fakenet

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Site is one HTTP or HTTPS server at its own address. It has no useful zero
// value; use [Net.Site] or one of the constructors of special sites.
type Site struct {
	net     *Net
	scheme  Scheme
	name    string // without port; the IP address if it has no name
	addr    string // "ip:port"
	handler http.Handler
	server  *http.Server
	// key is what the patterns of On are matched with.
	key func(*http.Request) string

	tls Trait // one of those about TLS, or NoTrait

	http1, misspoken, mute, wellKnown bool

	mu       sync.Mutex // guards what follows
	listener net.Listener
	rules    []rule
	requests []Request
	live     map[*siteConn]bool
	accepted int
	peak     int
	closed   bool
}

// Site starts a server for h. On loopback it has any free port; in pipe mode
// the port of its scheme. Rules are matched with the path of the request,
// without the first slash.
func (n *Net) Site(scheme Scheme, h http.Handler, options ...Option) *Site {
	n.t.Helper()
	s := &Site{net: n, scheme: scheme, handler: h, key: pathKey, live: make(map[*siteConn]bool)}
	for _, o := range options {
		if o != nil {
			o.apply(s)
		}
	}
	port := 80
	if scheme == HTTPS {
		port = 443
	}
	l := n.listen(n.wire.fresh(port))
	s.addr = l.Addr().String()
	ip := l.Addr().(*net.TCPAddr).IP
	if s.name == "" {
		s.name = ip.String()
	} else {
		n.dns.Set(s.name, ip.String())
	}
	if s.wellKnown {
		n.publish(net.JoinHostPort(s.name, strconv.Itoa(port)), s.addr)
	}

	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(!s.http1)
	s.server = &http.Server{
		Handler:     http.HandlerFunc(s.serve),
		Protocols:   protocols,
		TLSConfig:   n.ca.serverConfig(s.tls, s.name, ip),
		BaseContext: func(net.Listener) context.Context { return n.ctx },
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, c)
		},
		// What goes wrong here is meant to; the client's view is what counts.
		ErrorLog: log.New(io.Discard, "", 0),
	}
	s.start(l)
	n.onClose(s.close)
	return s
}

func (s *Site) close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.Down()
	s.server.Close()
}

// pathKey is the key of sites that are nothing more special.
func pathKey(r *http.Request) string { return strings.TrimPrefix(r.URL.Path, "/") }

// URL returns the address of the site, without a final slash.
func (s *Site) URL() string { return string(s.scheme) + "://" + s.Host() }

// Host returns the site's "name" or "name:port", as in its URL.
func (s *Site) Host() string {
	_, port, _ := net.SplitHostPort(s.addr)
	if s.wellKnown || s.scheme == HTTP && port == "80" || s.scheme == HTTPS && port == "443" {
		return s.name
	}
	return net.JoinHostPort(s.name, port)
}

// Addr returns the site's "ip:port".
func (s *Site) Addr() string { return s.addr }

// Down stops the site as if its program had died: its connections break, new
// ones are refused. It does nothing to a site that is down.
func (s *Site) Down() {
	s.mu.Lock()
	l := s.listener
	s.listener = nil
	s.mu.Unlock()
	if l != nil {
		l.Close()
	}
	s.Disconnect()
}

// Up starts a site that is down again, at its old address.
func (s *Site) Up() {
	s.net.t.Helper()
	s.mu.Lock()
	up := s.listener != nil
	s.mu.Unlock()
	if !up {
		s.start(s.net.listen(s.addr))
	}
}

// Disconnect breaks the connections the site has; new ones are welcome.
func (s *Site) Disconnect() {
	s.mu.Lock()
	conns := slices.Collect(maps.Keys(s.live))
	s.mu.Unlock()
	for _, c := range conns {
		c.abort()
	}
}

// Connections returns how many connections the site has accepted, and how
// many there were at most at the same time.
func (s *Site) Connections() (accepted, peak int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.accepted, s.peak
}

// Requests returns what the site was asked so far, in order of arrival.
func (s *Site) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// start serves l until the site goes down or the Net closes.
func (s *Site) start(l net.Listener) {
	s.mu.Lock()
	s.listener = l
	s.mu.Unlock()
	l = &siteListener{Listener: l, site: s}
	s.net.running.Go(func() {
		switch {
		case s.mute:
			hold(l)
		case (s.scheme == HTTPS) != s.misspoken:
			s.server.ServeTLS(l, "", "")
		default:
			s.server.Serve(l)
		}
	})
}

// hold accepts what comes to l and keeps it, unread, until l closes.
func hold(l net.Listener) {
	var held []net.Conn
	for {
		c, err := l.Accept()
		if err != nil {
			break
		}
		held = append(held, c)
	}
	for _, c := range held {
		c.Close()
	}
}

// keyBy has requests known by key from now on. Somebody may be asking already:
// who still knows another site at this port.
func (s *Site) keyBy(key func(*http.Request) string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.key = key
}

// serve logs the request and answers it by the newest rule that matches, or
// else as it should.
func (s *Site) serve(w http.ResponseWriter, r *http.Request) {
	fault, ok := s.note(r)
	if !ok {
		return
	}
	defer s.net.running.Done()
	if fault != nil {
		fault(w, r, s.handler)
		return
	}
	s.handler.ServeHTTP(w, r)
}

// note logs a request, counts it as running and returns the fault it
// deserves, nil for none. It does nothing and reports false once the Net is
// closing, for then nobody may be counted any more.
func (s *Site) note(r *http.Request) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, false
	}
	key := s.key(r)
	s.net.running.Add(1)
	s.requests = append(s.requests, newRequest(r, key))
	for _, rule := range slices.Backward(s.rules) {
		if rule.matches(key) {
			return rule.fault, true
		}
	}
	return nil, true
}

// siteListener tells its site of every connection.
type siteListener struct {
	net.Listener
	site *Site
}

func (l *siteListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	s := l.site
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener != l.Listener { // went down just now
		c.Close()
		return nil, net.ErrClosed
	}
	s.accepted++
	sc := &siteConn{Conn: c, site: s, number: s.accepted}
	s.live[sc] = true
	s.peak = max(s.peak, len(s.live))
	return sc, nil
}

// siteConn is a connection its site knows of.
type siteConn struct {
	net.Conn
	site   *Site
	number int // from 1, in the order of acceptance
}

// Close closes the connection. Where the site demands a certificate, the
// client is still to read why it was refused.
func (c *siteConn) Close() error {
	if c.site.tls == ClientCert {
		return c.hangup()
	}
	return c.abort()
}

// hangup closes the connection as soon as the client has seen its end. To
// close at once, with something of the client's unread, would reset it.
func (c *siteConn) hangup() error {
	closeWrite(c.Conn)
	io.Copy(io.Discard, c.Conn)
	return c.abort()
}

// abort closes the connection at once.
func (c *siteConn) abort() error {
	c.site.mu.Lock()
	delete(c.site.live, c)
	c.site.mu.Unlock()
	return c.Conn.Close()
}

// reset closes the connection so that the client learns it was reset.
func (c *siteConn) reset() error {
	if l, ok := c.Conn.(interface{ SetLinger(sec int) error }); ok {
		l.SetLinger(0)
	}
	return c.abort()
}

// closeWrite ends the sending half of c.
func closeWrite(c net.Conn) {
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
}

// connKey is the context key of the connection a request came on.
type connKey struct{}

// connOf returns the connection of r as its server writes to it (TLS or
// plain) and as the site accepted it.
func connOf(r *http.Request) (net.Conn, *siteConn) {
	c := r.Context().Value(connKey{}).(net.Conn)
	if t, ok := c.(*tls.Conn); ok {
		return c, t.NetConn().(*siteConn)
	}
	return c, c.(*siteConn)
}
