package fakenet

import "net"

// Refused returns an address where connections are refused.
func (n *Net) Refused() string {
	n.t.Helper()
	m, ok := n.wire.(*memory)
	if ok {
		return m.fresh(443)
	}
	// The port of a connected socket is taken and yet nobody listens there.
	// A port that was listened on and closed could be given to somebody else.
	l := n.listen(n.wire.fresh(0))
	near, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		n.t.Fatalf("fakenet: holding a port: %v", err)
	}
	n.onClose(func() { near.Close(); l.Close() })
	return near.LocalAddr().String()
}

// Silent returns an address that accepts connections and never says anything:
// a TLS handshake there never ends, and a request is never answered.
func (n *Net) Silent() string {
	n.t.Helper()
	return n.Site(HTTPS, nil, Mute).Addr()
}

// Unreachable returns an address to which there is no route: connecting fails
// at once with ENETUNREACH, and no packet is sent. On loopback it is verified
// for Linux only.
func (n *Net) Unreachable() string { return n.wire.unreachable() }

// Blackhole returns an address that does not answer a connection request, so
// that a dial lasts until its own deadline. On loopback it is a listener with
// a full queue, which Linux lets drop every further request; elsewhere the
// test is skipped.
func (n *Net) Blackhole() string {
	n.t.Helper()
	if m, ok := n.wire.(*memory); ok {
		addr := m.fresh(443)
		m.swallow(addr)
		return addr
	}
	return n.fullListener()
}
