package diagnostics

import (
	"slices"
	"strings"

	"github.com/modreach/modreach/probe"
)

// Way is how a filter keeps requests from hosts. Status and Page are as for the
// fault; zero where there is none.
type Way struct {
	Cause  probe.Cause
	Status int
	Page   string
}

// keeps reports whether a fault is one by which a filter keeps a request from its
// host.
func (w Weather) keeps(f *probe.Fault) bool {
	switch w.Way.Cause {
	case probe.BadAnswer:
		return f.Page != "" && f.Page == w.Way.Page
	case probe.HTTPProxyFailed: // whose host is the HTTP proxy
		return f.Cause == w.Way.Cause && f.Status == w.Way.Status
	}
	host, _, _ := strings.Cut(f.Host, ":")
	return f.Cause == w.Way.Cause && slices.Contains(w.Hosts, host)
}

// evidence is what a filter was seen by: a sentence, with the blank before it.
func (l Language) evidence(w Way) string {
	switch w.Cause {
	case probe.ConnectTimeout:
		return l.say(" Requests to connect get no answer, while other hosts answer.")
	case probe.Reset:
		return l.say(" Connections are cut as soon as they say which host they are for.")
	case probe.HandshakeFailed:
		return l.say(" Connections go silent as soon as they say which host they are for.")
	case probe.HTTPProxyFailed:
		return strings.ReplaceAll(l.say(" The HTTP proxy refuses to connect to them: {status}."), "{status}", (&probe.Fault{Status: w.Status}).StatusLine())
	case probe.BadAnswer:
		return strings.ReplaceAll(l.say(" One and the same web page answers for them: {page}."), "{page}", w.Page)
	}
	return ""
}
