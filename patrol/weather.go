package patrol

import (
	"crypto/tls"
	"errors"
	"maps"
	"net/url"
	"slices"
	"time"

	"github.com/modreach/modreach/probe"
)

// Sky is the state of the network as a whole.
type Sky uint8

const (
	// Clear means that what fails, fails for reasons of its own.
	Clear Sky = iota
	// Offline means that no host can be resolved or connected to.
	Offline
	// Captive means that a login page answers for hosts it is not.
	Captive
	// Intercepted means that one certificate authority that nobody trusts
	// speaks for several hosts.
	Intercepted
	// Filtered means that hosts of different owners fail in the one way in which
	// something on the network lets nobody through to them.
	Filtered
)

// String gives the word used in messages.
func (s Sky) String() string {
	return [...]string{"clear", "offline", "captive", "intercepted", "filtered"}[s]
}

// Weather is the state of the network with what it was told by.
type Weather struct {
	Sky Sky
	// Hosts are the names of those it was seen at, sorted.
	Hosts []string
	// Issuer is who signed for them, when Sky is Intercepted.
	Issuer string
	// Way is how they fail, when Sky is Filtered.
	Way Way
}

// names is a set of host names. Two ports of one host are one name: it takes
// two hosts to say that the fault is not theirs.
type names map[string]bool

// with adds a name to a set, which may be nil.
func (n names) with(name string) names {
	if n == nil {
		n = names{}
	}
	n[name] = true
	return n
}

func (n names) sorted() []string { return slices.Sorted(maps.Keys(n)) }

// weather judges the machine by its gates.
func (p *Patrol) weather(now time.Time) Weather {
	cut, captive, issuers, ways := names{}, names{}, map[string]names{}, map[Way]names{}
	alive := p.lastAnswer()
	for _, g := range p.gates {
		// In an editor a login page is seen again sooner than that.
		if g.portal.After(alive) && now.Sub(g.portal) <= retryMax {
			captive[g.hop.URL.Hostname()] = true
		}
		if way, ok := g.paperedOver(now); ok {
			ways[way] = ways[way].with(g.hop.URL.Hostname())
		}
		if !g.until.After(now) && (g.until.IsZero() || g.round == nil) {
			continue
		}
		host := (&url.URL{Host: g.evidence.Fault.Host}).Hostname()
		if way, ok := g.kept(); ok {
			at := host
			if way.Cause == probe.HTTPProxyFailed {
				at = g.hop.URL.Hostname()
			}
			ways[way] = ways[way].with(at)
		}
		switch g.evidence.Fault.Cause {
		// That a name does not exist is an answer, which somebody gave.
		case probe.NameFailed, probe.NameTimeout, probe.NoRoute, probe.ConnectTimeout:
			cut[host] = true
		case probe.UnknownAuthority:
			if issuer := issuerOf(g.evidence.Fault.Err); issuer != "" {
				issuers[issuer] = issuers[issuer].with(host)
			}
		}
	}
	if len(captive) > 0 {
		return Weather{Sky: Captive, Hosts: captive.sorted()}
	}
	for _, issuer := range slices.Sorted(maps.Keys(issuers)) {
		if hosts := issuers[issuer]; len(hosts) > 1 {
			return Weather{Sky: Intercepted, Hosts: hosts.sorted(), Issuer: issuer}
		}
	}
	answers := !alive.IsZero() && now.Sub(alive) <= quiet
	if len(cut) > 1 && !answers {
		return Weather{Sky: Offline, Hosts: cut.sorted()}
	}
	return filtered(ways, answers)
}

// lastAnswer is when any host last answered for itself.
func (p *Patrol) lastAnswer() time.Time {
	var last time.Time
	for _, g := range p.gates {
		if g.alive.After(g.portal) && g.alive.After(last) {
			last = g.alive
		}
	}
	return last
}

// clears reports whether an answer of a host, now, changes the weather for the
// better, so that other hosts are worth another look.
func (p *Patrol) clears(g *gate, now time.Time) bool {
	if g.until.IsZero() && g.trusted(now) {
		return false // it spoke against bad weather already: spare the search
	}
	sky := p.weather(now).Sky
	return sky == Offline || (sky == Intercepted || sky == Filtered) && !g.until.IsZero()
}

// issuerOf names who signed the certificate that a handshake rejected.
func issuerOf(err error) string {
	var verify *tls.CertificateVerificationError
	if !errors.As(err, &verify) || len(verify.UnverifiedCertificates) == 0 {
		return ""
	}
	return verify.UnverifiedCertificates[len(verify.UnverifiedCertificates)-1].Issuer.String()
}
