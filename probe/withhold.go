package probe

import (
	"context"
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

// ledOn is the answer of a proxy that may know the path, and leads on to a public
// host, which is not asked. ans has how it came to that.
func ledOn(hop route.Hop, to *url.URL, ans Answer) Answer {
	ans.Outcome, ans.Evidence, ans.Fault = Withheld, hop.Guard.Evidence, nil
	ans.Text = fmt.Sprintf("withheld from %s, which is public and to which the %s leads on, because %s", to.Host, hop, ans.Evidence)
	return ans
}

// withhold keeps a module path from an address of the question's hop where it
// looks private and the address is public; false where it may be shown. What the
// names do not tell, the addresses behind them do.
func (p *Prober) withhold(ctx context.Context, q Question, u *url.URL) (Answer, bool) {
	place, guarded := q.Hop.Guard.At(u)
	if !guarded || p.grounded().Outcome != Unasked {
		return Answer{}, false
	}
	if place.ByAddress && p.lies(ctx, u.Hostname()) != outside {
		return Answer{}, false
	}
	evidence := q.Hop.Guard.Evidence
	if evidence == "" {
		host := route.Host(q.Mod.Path)
		if p.lies(ctx, host) != inside {
			return Answer{}, false
		}
		if _, err := netip.ParseAddr(u.Hostname()); err != nil && p.lies(ctx, u.Hostname()) == inside {
			return Answer{}, false // the resolver says so of every name
		}
		evidence = fmt.Sprintf("its host %s has no address outside of private networks", host)
	}
	return withheld(q.Hop, evidence), true
}

// situation is where the addresses of a name are.
type situation uint8

const (
	// nowhere is a name whose addresses are not known.
	nowhere situation = iota
	// inside is one that has addresses of private networks only.
	inside
	// outside is one that has an address everybody can reach.
	outside
)

// lookupTime is how long the resolver may take to tell where a host is. It has
// to be asked for the hop as well, and what it does not tell decides nothing.
const lookupTime = time.Second

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
