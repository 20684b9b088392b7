//go:build !linux

package fakenet

// fullListener skips the test: only Linux is known to ignore connection
// requests when a listener's queue is full.
func (n *Net) fullListener() string {
	n.t.Helper()
	n.t.Skip("fakenet: no black hole on this system's loopback")
	return ""
}
