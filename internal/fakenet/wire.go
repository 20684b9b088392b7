package fakenet

import (
	"context"
	"net"
	"net/netip"
	"os"
	"strconv"
	"sync"
	"syscall"
)

// wire is what carries the bytes of a Net.
type wire interface {
	// fresh returns an address to listen on; where the wire allows it, with
	// this port.
	fresh(port int) string
	listen(addr string) (net.Listener, error)
	dial(ctx context.Context, names *net.Resolver, network, addr string) (net.Conn, error)
	// unreachable returns an address to which there is no route.
	unreachable() string
}

// loopback carries them over the sockets of 127.0.0.1.
type loopback struct{}

func (loopback) fresh(int) string { return "127.0.0.1:0" }

func (loopback) listen(addr string) (net.Listener, error) {
	return net.Listen("tcp", addr)
}

func (loopback) dial(ctx context.Context, names *net.Resolver, network, addr string) (net.Conn, error) {
	d := net.Dialer{Resolver: names}
	return d.DialContext(ctx, network, addr)
}

// unreachable is the broadcast address of 127.0.0.0/8: Linux refuses TCP to a
// broadcast address with ENETUNREACH before it makes a packet.
func (loopback) unreachable() string { return "127.255.255.255:443" }

// memory carries them between goroutines.
type memory struct {
	mu        sync.Mutex // guards what follows
	last      netip.Addr // the last address given out
	listeners map[string]*memoryListener
	blackhole map[string]bool
}

func newMemory() *memory {
	return &memory{
		// 198.18.0.0/15 is set aside for benchmarks (RFC 2544): no real host.
		last:      netip.MustParseAddr("198.18.0.0"),
		listeners: make(map[string]*memoryListener),
		blackhole: make(map[string]bool),
	}
}

// unreachableIP is a documentation address (RFC 5737), in no memory's range.
const unreachableIP = "203.0.113.1"

func (m *memory) unreachable() string { return unreachableIP + ":443" }

func (m *memory) fresh(port int) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last = m.last.Next()
	return net.JoinHostPort(m.last.String(), strconv.Itoa(port))
}

func (m *memory) listen(addr string) (net.Listener, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.listeners[addr] != nil {
		return nil, &net.OpError{
			Op: "listen", Net: "tcp", Addr: tcpAddr(addr),
			Err: os.NewSyscallError("bind", syscall.EADDRINUSE),
		}
	}
	l := &memoryListener{
		addr:    tcpAddr(addr),
		arrived: make(chan net.Conn),
		closed:  make(chan struct{}),
	}
	m.listeners[addr] = l
	l.forget = func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.listeners, addr)
	}
	return l, nil
}

func (m *memory) swallow(addr string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.blackhole[addr] = true
}

func (m *memory) dial(ctx context.Context, names *net.Resolver, network, addr string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	ips, err := names.LookupNetIP(ctx, "ip4", host)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	// The first address that answers wins; else the first one's error, as in
	// net.Dialer.
	var first error
	for _, ip := range ips {
		c, err := m.connect(ctx, network, net.JoinHostPort(ip.Unmap().String(), port))
		if err == nil {
			return c, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// connect makes a connection to addr, an IP address and port, or fails in
// the words a socket would use.
func (m *memory) connect(ctx context.Context, network, addr string) (net.Conn, error) {
	m.mu.Lock()
	l, swallowed := m.listeners[addr], m.blackhole[addr]
	m.mu.Unlock()

	failed := func(errno syscall.Errno) error {
		return &net.OpError{
			Op: "dial", Net: network, Addr: tcpAddr(addr),
			Err: os.NewSyscallError("connect", errno),
		}
	}
	if host, _, _ := net.SplitHostPort(addr); host == unreachableIP {
		return nil, failed(syscall.ENETUNREACH)
	}
	if swallowed {
		<-ctx.Done()
	}
	if ctx.Err() != nil {
		// A real dialer whose time is up makes the right error and no packet.
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
	if l == nil {
		return nil, failed(syscall.ECONNREFUSED)
	}
	near, far := connPair(l.addr)
	select {
	case l.arrived <- far:
		return near, nil
	case <-l.closed:
		return nil, failed(syscall.ECONNREFUSED)
	}
}

// memoryListener is a net.Listener for connections made in memory. Whoever
// listens is always about to accept, so a dial never waits long.
type memoryListener struct {
	addr    net.Addr
	arrived chan net.Conn
	closed  chan struct{}
	once    sync.Once
	forget  func()
}

func (l *memoryListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.arrived:
		return c, nil
	case <-l.closed:
		return nil, &net.OpError{Op: "accept", Net: "tcp", Addr: l.addr, Err: net.ErrClosed}
	}
}

func (l *memoryListener) Close() error {
	l.once.Do(func() {
		l.forget()
		close(l.closed)
	})
	return nil
}

func (l *memoryListener) Addr() net.Addr { return l.addr }

// tcpAddr turns "ip:port" into the address a socket would have.
func tcpAddr(addr string) *net.TCPAddr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(addr))
}
