package fakenet

import (
	"net"
	"testing"

	"golang.org/x/net/nettest"
)

// TestMemoryConn runs the conformance tests for net.Conn.
func TestMemoryConn(t *testing.T) {
	nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
		near, far := connPair(tcpAddr("198.18.0.1:443"))
		return near, far, func() { near.Close(); far.Close() }, nil
	})
}
