package doctor

import (
	"cmp"
	"crypto/tls"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// Door is a host to look at.
type Door struct {
	// Hop leads there.
	Hop route.Hop
	// Roles tell what the go command needs it for.
	Roles []string
	// Spare reports that the go command goes on without it.
	Spare bool
	// Instead is where git goes in its place, by url.insteadOf; empty if it does
	// not.
	Instead string
}

// Rewritten notes at the hosts of modules where git goes in their place.
func Rewritten(doors []Door, rewrites []probe.Rewrite) []Door {
	doors = slices.Clone(doors)
	for i, d := range doors {
		for _, r := range rewrites {
			from := strings.TrimPrefix(r.From, "https://")
			if d.Hop.Kind == route.Direct && (from == d.Hop.URL.Host || strings.HasPrefix(from, d.Hop.URL.Host+"/")) {
				doors[i].Instead = r.To
			}
		}
	}
	return doors
}

// maxForges bounds how many hosts of repositories are looked at: a module that
// is fetched without a proxy may need a hundred.
const maxForges = 10

// Doors gives the hosts that the routes lead to: the proxies, and the hosts of
// modules that are fetched from there at first.
func Doors(env route.Env, routes []route.Route) []Door {
	var doors []Door
	entries, _ := env.Proxies() // of a bad list the settings tell
	for i, e := range entries {
		if e.Kind != route.Proxy || e.URL.Scheme == "file" {
			continue
		}
		role := fmt.Sprintf("entry %d of GOPROXY", i+1)
		at := slices.IndexFunc(doors, func(d Door) bool { return sameHost(d.Hop.URL, e.URL) })
		if at >= 0 {
			doors[at].Roles = append(doors[at].Roles, role)
			doors[at].Spare = doors[at].Spare && e.Falls == route.AnyError
			continue
		}
		hop := route.Hop{Kind: route.Proxy, URL: e.URL, Falls: e.Falls}
		doors = append(doors, Door{Hop: hop, Roles: []string{role}, Spare: e.Falls == route.AnyError && i+1 < len(entries)})
	}
	return append(doors, forges(routes)...)
}

// forges are the hosts of the modules that are fetched from there at first, those
// of most modules first.
func forges(routes []route.Route) []Door {
	type forge struct {
		hop   route.Hop
		lines int
	}
	var all []forge
	for _, r := range routes {
		hop, ok := firstAsked(r)
		if !ok || hop.Kind != route.Direct || hop.URL == nil {
			continue
		}
		at := slices.IndexFunc(all, func(f forge) bool { return sameHost(f.hop.URL, hop.URL) })
		if at < 0 {
			at, all = len(all), append(all, forge{hop: hop})
		}
		all[at].lines++
	}
	slices.SortStableFunc(all, func(a, b forge) int { return cmp.Compare(b.lines, a.lines) })
	var doors []Door
	for _, f := range all[:min(len(all), maxForges)] {
		doors = append(doors, Door{Hop: f.hop, Roles: []string{"host of " + count(f.lines, "module")}})
	}
	return doors
}

// firstAsked is the first hop of a route that is on the network.
func firstAsked(r route.Route) (route.Hop, bool) {
	for _, h := range r.Hops {
		if h.Skip == "" && (h.Kind == route.Proxy || h.Kind == route.Direct) {
			return h, true
		}
	}
	return route.Hop{}, false
}

func sameHost(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Host, b.Host)
}

// soon is how long before its end a certificate is worth a word: renewals that
// go by themselves are done by then.
const soon = 14 * 24 * time.Hour

// HostCheck is the check of one host, given what was seen of it.
func HostCheck(d Door, s probe.Sight, now time.Time) Check {
	h := hostOf(d, s)
	c := Check{ID: "host." + h.Name, Status: OK, Title: h.Name, Host: h}
	cut := slices.ContainsFunc(s.Glances, func(g probe.Glance) bool { return g.Cut })
	if !s.Up() && cut {
		c.Status, c.Detail = Warn, "no answer in the time of this run."
		c.Remedy = "Give it more time with -timeout; the go command gives it 30 s to connect and any time to answer."
		return c
	}
	if f := s.Fault(); f != nil {
		e := diagnostics.HostWords(d.Hop, f)
		c.Status, c.Detail, c.Remedy, c.Code = Fail, e.What, e.Remedy, string(diagnostics.CodeOf(f))
		if d.Spare && f.Cause != probe.NoAnswer { // which go never gives up to wait for
			c.Status = Warn
			c.Detail += " go passes it by, and waits for that each time."
		}
		if d.Instead != "" {
			c.Status = Warn
			c.Detail += " git asks " + d.Instead + " in its place, so that it may not matter."
		}
		return c
	}
	c.Detail = answered(s)
	for _, g := range s.Glances {
		if g.Fault != nil && !g.Absent {
			c.Status = Warn
			c.Detail += fmt.Sprintf(" Over %s it does not answer: %s.", g.Family, lookMessage(g))
			c.Remedy = "Have " + g.Family + " mended on this network, or switched off: new connections wait for it."
		}
		if cert := g.Certificate; cert != nil && c.Status == OK && cert.NotAfter.Sub(now) < soon {
			c.Status = Warn
			c.Detail += " Its certificate expires on " + cert.NotAfter.UTC().Format(time.DateOnly) + "."
			c.Remedy = "Have its owners renew the certificate."
		}
	}
	return c
}

// answered tells how the host answered, over which families, in which time.
func answered(s probe.Sight) string {
	var families []string
	best := time.Duration(0)
	for _, g := range s.Glances {
		if g.Fault != nil {
			continue
		}
		if took := g.Took(); best == 0 || took < best {
			best = took
		}
		families = append(families, g.Family)
	}
	text := fmt.Sprintf("answers in %d ms", max(1, best.Round(time.Millisecond).Milliseconds()))
	if s.Via != nil {
		return text + " through the HTTP proxy " + route.Redacted(s.Via) + "."
	}
	return text + " over " + strings.Join(families, " and ") + "."
}

func hostOf(d Door, s probe.Sight) *Host {
	h := &Host{
		Name: probe.HostOf(d.Hop), URL: route.Redacted(&url.URL{Scheme: s.Door.Scheme, Host: s.Door.Host, Path: s.Door.Path}),
		Roles: d.Roles, Via: route.Redacted(s.Via), Why: s.Why, Looks: []Look{},
	}
	for _, g := range s.Glances {
		if g.Status != 0 && h.HTTP == 0 {
			h.HTTP, h.Proto = g.Status, g.Proto
		}
		h.Looks = append(h.Looks, lookOf(g))
	}
	return h
}

func lookOf(g probe.Glance) Look {
	l := Look{Family: g.Family, Address: g.Address, Outcome: "ok", Steps: waterfall(g.Steps)}
	switch {
	case g.Absent:
		l.Outcome, l.Message = "none", lookMessage(g)
	case g.Fault != nil:
		l.Outcome, l.Code, l.Message = "fault", string(diagnostics.CodeOf(g.Fault)), lookMessage(g)
	}
	if g.TLS != 0 {
		l.TLS = tls.VersionName(g.TLS)
	}
	if c := g.Certificate; c != nil {
		l.Certificate = &Certificate{Subject: c.Subject.String(), Issuer: c.Issuer.String(), Expires: c.NotAfter.UTC()}
	}
	return l
}

// lookMessage says in some words why a look failed.
func lookMessage(g probe.Glance) string {
	switch {
	case g.Absent && g.Fault.Cause == probe.NameNotFound:
		return "no address"
	case g.Absent:
		return "no way there from this machine"
	case g.Fault.Err != nil:
		return g.Fault.Err.Error()
	}
	return g.Fault.StatusLine()
}

// count is a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// NeedsGit reports whether some module is fetched from its own host at first, or
// any would be.
func NeedsGit(env route.Env, routes []route.Route) bool {
	for _, r := range append(routes, route.Explicit(env, route.Module{}, anyModule)) {
		if hop, ok := firstAsked(r); ok && hop.Kind == route.Direct {
			return true
		}
	}
	return false
}
