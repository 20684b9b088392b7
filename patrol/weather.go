package patrol

import (
	"crypto/tls"
	"errors"
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
)

// String gives the word used in messages.
func (s Sky) String() string {
	return [...]string{"clear", "offline", "captive", "intercepted"}[s]
}

// Weather is the state of the network with what it was told by.
type Weather struct {
	Sky Sky
	// Hosts are those it was seen at, sorted.
	Hosts []string
	// Issuer is who signed for them, when Sky is Intercepted.
	Issuer string
}

// quiet is how long the last success of any host speaks against Offline: a
// connection that worked half a minute ago may be gone now.
const quiet = 30 * time.Second

// weather judges the machine by its gates. It takes two unrelated hosts to say
// that the fault is not theirs.
func (p *Patrol) weather(now time.Time) Weather {
	var cut, captive []string
	issuers := map[string][]string{}
	var alive time.Time
	for _, g := range p.gates {
		if g.alive.After(alive) {
			alive = g.alive
		}
		if g.state != down && g.state != looking || g.fault == nil {
			continue
		}
		switch g.fault.Cause {
		case probe.NameFailed, probe.NameTimeout, probe.NameNotFound, probe.NoRoute, probe.ConnectTimeout:
			cut = append(cut, g.name)
		case probe.CaptivePortal:
			captive = append(captive, g.name)
		case probe.UnknownAuthority:
			if issuer := issuerOf(g.fault.Err); issuer != "" {
				issuers[issuer] = append(issuers[issuer], g.name)
			}
		}
	}
	if len(captive) > 0 {
		return Weather{Sky: Captive, Hosts: slices.Sorted(slices.Values(captive))}
	}
	for issuer, hosts := range issuers {
		if len(hosts) > 1 {
			return Weather{Sky: Intercepted, Hosts: slices.Sorted(slices.Values(hosts)), Issuer: issuer}
		}
	}
	if len(cut) > 1 && now.Sub(alive) > quiet {
		return Weather{Sky: Offline, Hosts: slices.Sorted(slices.Values(cut))}
	}
	return Weather{}
}

// issuerOf names who signed the certificate that a handshake rejected.
func issuerOf(err error) string {
	var verify *tls.CertificateVerificationError
	if !errors.As(err, &verify) || len(verify.UnverifiedCertificates) == 0 {
		return ""
	}
	return verify.UnverifiedCertificates[len(verify.UnverifiedCertificates)-1].Issuer.String()
}
