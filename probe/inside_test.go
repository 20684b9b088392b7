package probe_test

import (
	"net/url"

	"github.com/modreach/modreach/route"
)

// Some faults are made by this machine, not by a server. They are produced in a
// child process: this test program again, in a place that insideVar names. It
// knocks at deniedHop and prints the fault.
const insideVar = "PROBE_TEST_INSIDE"

const (
	// inSandbox forbids connect(2) by a seccomp filter, as the sandboxes of
	// packagers and containers do; inReady is the program in it.
	inSandbox = "sandbox"
	inReady   = "ready"
	// The others have a network namespace of their own: with a route that
	// prohibits or reports unreachable, as firewalls set one up, or with none.
	behindProhibit    = "prohibit"
	behindUnreachable = "unreachable"
	withoutRoute      = "cut off"
	// asNobody has no rights; it asks the module cache at cacheVar for a zip and
	// prints the words.
	asNobody = "nobody"
	cacheVar = "PROBE_TEST_CACHE"
)

// deniedHost is a documentation address (RFC 5737), so that nothing would
// answer even if the packet left.
const deniedHost = "192.0.2.1:443"

func deniedHop() route.Hop {
	return route.Hop{Kind: route.Proxy, URL: &url.URL{Scheme: "https", Host: deniedHost}}
}
