package patrol

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// Way is one of the ways in which a filter keeps requests from hosts.
type Way struct {
	// Cause is that of the fault: ConnectTimeout for packets that are dropped,
	// Reset and HandshakeFailed for connections that are cut, or go silent, when
	// they say which host they are for, HTTPProxyFailed for an HTTP proxy that
	// does not want to connect, BadAnswer for a page that answers in place of the
	// host.
	Cause probe.Cause
	// Status is what the HTTP proxy said, Page the title of that page; zero for
	// the others.
	Status int
	Page   string
}

// The statuses by which an HTTP proxy says that it does not want to connect (RFC
// 9110 and 7725); with others it says that it cannot.
const forbidden, forbiddenByLaw = 403, 451

// kept tells in which way the host behind a shut gate is kept from us, if it can
// be a filter that does so; what else has the same look takes a second host to
// rule out.
func (g *gate) kept() (w Way, ok bool) {
	f := g.evidence.Fault
	switch {
	case f.Cause == probe.ConnectTimeout, f.Phase == probe.Handshake && f.Cause == probe.Reset:
		return Way{Cause: f.Cause}, true
	case f.Cause == probe.HandshakeFailed && f.Overdue():
		return Way{Cause: f.Cause}, true
	case f.Cause == probe.HTTPProxyFailed && g.hop.Kind != route.SumDB: // which is asked at another host, perhaps
		return Way{Cause: f.Cause, Status: f.Status}, f.Status == forbidden || f.Status == forbiddenByLaw
	}
	return Way{}, false
}

// paperedOver tells which page answers for a host that has not answered itself
// since.
func (g *gate) paperedOver(now time.Time) (w Way, ok bool) {
	if g.page == "" || g.alive.After(g.paged) || now.Sub(g.paged) > retryMax {
		return Way{}, false
	}
	return Way{Cause: probe.BadAnswer, Page: g.page}, true
}

// filtered gives the weather if hosts of different owners fail in one way. answers
// reports that others answer: without that, silence may be anybody's.
func filtered(ways map[Way]names, answers bool) Weather {
	for _, w := range slices.SortedFunc(maps.Keys(ways), func(a, b Way) int {
		return cmp.Or(cmp.Compare(a.Cause, b.Cause), cmp.Compare(a.Status, b.Status), cmp.Compare(a.Page, b.Page))
	}) {
		hosts := ways[w].sorted()
		if ownedByMany(hosts) && (answers || w.Cause != probe.ConnectTimeout) {
			return Weather{Sky: Filtered, Hosts: hosts, Way: w}
		}
	}
	return Weather{}
}

// ownedByMany reports whether two of the hosts have different owners.
func ownedByMany(hosts []string) bool {
	return slices.ContainsFunc(hosts, func(a string) bool {
		return slices.ContainsFunc(hosts, func(b string) bool { return route.Unrelated(a, b) })
	})
}
