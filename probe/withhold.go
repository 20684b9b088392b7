package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"time"

	"github.com/modreach/modreach/route"
)

// withheld is the answer of a hop that is not asked, because the path looks
// private and the hop is public.
func withheld(hop route.Hop, evidence string) Answer {
	return Answer{
		Outcome: Withheld, Evidence: evidence,
		Text: fmt.Sprintf("withheld from the %s, which is public, because %s", hop, evidence),
	}
}

// ledOn is the answer of a hop that may know the path, and leads on to a public
// host, which is not asked. ans has how it came to that.
func ledOn(hop route.Hop, led *publicRedirect, ans Answer) Answer {
	ans.Outcome, ans.Evidence, ans.Fault = Withheld, led.evidence, nil
	ans.Text = fmt.Sprintf("withheld from %s, which is public and to which the %s leads on, because %s", led.to.Host, hop, ans.Evidence)
	return ans
}

// withhold keeps a module path from an address of the question's hop where it
// looks private and the address is public; false where it may be shown.
func (p *Prober) withhold(ctx context.Context, q Question, u *url.URL) (Answer, bool) {
	if p.grounded().Outcome != Unasked {
		return Answer{}, false
	}
	switch evidence, told := p.keeps(ctx, q.Hop.Guard, q.Mod.Path, u); {
	case !told:
		return unsure("not asked: whether %s is public cannot be told, as its name cannot be looked up now", u.Host), true
	case evidence != "":
		return withheld(q.Hop, evidence), true
	}
	return Answer{}, false
}

// keeps tells why an address must not learn a module path; empty where it may.
// What the names do not tell, the addresses behind them do; told is false where
// those cannot be had at the moment, so that nobody knows.
func (p *Prober) keeps(ctx context.Context, g *route.Guard, path string, u *url.URL) (evidence string, told bool) {
	place, guarded := g.At(u)
	if !guarded {
		return "", true
	}
	if place.ByAddress {
		switch p.lies(ctx, u.Hostname()) {
		case outside:
		case unseen:
			via, err := p.proxy(u)
			return "", via != nil || err != nil || g.Evidence == "" // an HTTP proxy looks names up itself
		case nowhere, inside:
			return "", true
		}
	}
	if g.Evidence != "" {
		return g.Evidence, true
	}
	host := route.Host(path)
	if p.lies(ctx, host) != inside {
		return "", true
	}
	if _, err := netip.ParseAddr(u.Hostname()); err != nil && p.lies(ctx, u.Hostname()) == inside {
		return "", true // the resolver says so of every name
	}
	return fmt.Sprintf("its host %s has no address outside of private networks", host), true
}

// situation is where the addresses of a name are.
type situation uint8

const (
	// nowhere is a name without an address, or with none that tells.
	nowhere situation = iota
	// unseen is one that could not be looked up.
	unseen
	// inside is one that has addresses of private networks only.
	inside
	// outside is one that has an address everybody can reach.
	outside
)

// lookupTime is how long the resolver may take to tell where a host is: as long as
// a connection may at most. It has to be asked for that as well.
const lookupTime = 9 * time.Second

// lies looks up where a host is, which only the resolver of this machine learns
// about.
func (p *Prober) lies(ctx context.Context, host string) situation {
	s, _ := p.situations.do(ctx, host, Patience{}, func(ctx context.Context) (situation, bool) {
		ctx, cancel := context.WithTimeout(ctx, lookupTime)
		defer cancel()
		resolver := p.opts.Resolver
		if resolver == nil {
			resolver = net.DefaultResolver
		}
		addrs, err := resolver.LookupNetIP(ctx, "ip", host)
		if dns, ok := errors.AsType[*net.DNSError](err); err != nil && !(ok && dns.IsNotFound) {
			return unseen, false
		}
		return situate(addrs), err == nil
	})
	return s
}

// situate tells where a host with some addresses is.
func situate(addrs []netip.Addr) situation {
	s := nowhere
	for _, a := range addrs {
		switch {
		case route.BenchAddress(a):
			return nowhere
		case !route.PrivateAddress(a):
			s = outside
		case s == nowhere:
			s = inside
		}
	}
	return s
}
