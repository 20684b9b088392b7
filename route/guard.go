package route

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Guard is what has to be seen to before a hop may learn a module path that is,
// or may be, private. A nil Guard lets it pass.
type Guard struct {
	// Evidence is why the path looks private, in half a sentence that follows
	// "because"; empty where only the addresses of its host can tell.
	Evidence string
	// Places are the hosts that the hop may ask and that are public, or may be.
	Places []Place
	// Elsewhere reports that it may also ask one that is not; for a proxy that it
	// is not one of them itself, and may only lead there.
	Elsewhere bool
	// Blind reports that the evidence is Hints.Broken, and so the same for any path.
	Blind bool
	// Covered reports that GONOPROXY keeps the path from proxies, and this hop is
	// a checksum database that nothing keeps it from.
	Covered bool
}

// Place is a host that everybody may ask.
type Place struct {
	// Host is its name and port.
	Host string
	// ByAddress reports that its name does not tell whether it is public: it is
	// if it has an address that everybody can reach.
	ByAddress bool
}

// Shut reports whether the hop must not be asked, whatever addresses there are.
func (g *Guard) Shut() bool {
	return g != nil && g.Evidence != "" && !g.Elsewhere &&
		!slices.ContainsFunc(g.Places, func(p Place) bool { return p.ByAddress })
}

// At gives the place for an address; ok is false for one that may learn the
// path.
func (g *Guard) At(u *url.URL) (p Place, ok bool) {
	if g == nil {
		return Place{}, false
	}
	i := slices.IndexFunc(g.Places, func(p Place) bool { return p.Host == hostPort(u) })
	if i < 0 {
		return Place{}, false
	}
	return g.Places[i], true
}

// key tells guards apart that may come to different ends.
func (g *Guard) key() string {
	if g == nil {
		return ""
	}
	return fmt.Sprintf(" guarded %q %v %v", g.Evidence, g.Places, g.Elsewhere)
}

// guards looks after what the hops of a route may learn.
type guards struct {
	env   Env
	hints Hints
	path  string
	// evidence is as in Guard; tells reports that where there is none the
	// addresses of the host can tell.
	evidence string
	tells    bool
	// related are the tails of hosts that belong to whom the module belongs to.
	related []string
}

func newGuards(env Env, h Hints, modulePath string) guards {
	host := Host(modulePath)
	g := guards{env: env, hints: h, path: modulePath}
	if modulePath == ToolchainModule {
		return g // everybody has it
	}
	g.evidence, g.related = h.evidence(env, modulePath), g.owners()
	_, public := covers(h.Public, modulePath)
	_, err := netip.ParseAddr(host)
	g.tells = !public && err != nil && !Forge(host) && !Common(host)
	return g
}

// of gives the guard before some addresses, of which any may be asked.
func (g guards) of(urls ...*url.URL) *Guard {
	if g.evidence == "" && !g.tells {
		return nil
	}
	guard := &Guard{Evidence: g.evidence, Blind: g.evidence != "" && g.evidence == g.hints.Broken}
	for _, u := range urls {
		switch g.stands(u) {
		case company:
			guard.Elsewhere = true
		case public:
			guard.Places = append(guard.Places, Place{Host: hostPort(u)})
		case byAddress:
			guard.Places = append(guard.Places, Place{Host: hostPort(u), ByAddress: true})
		}
	}
	if len(guard.Places) == 0 {
		return nil
	}
	return guard
}

// proxy gives the guard before a proxy. Whoever may be asked may not lead on to a
// host that is named as public, so that those are among its places.
func (g guards) proxy(u *url.URL) *Guard {
	if g.evidence == "" && !g.tells {
		return nil
	}
	guard := g.of(u)
	if guard == nil {
		guard = &Guard{Evidence: g.evidence, Blind: g.evidence != "" && g.evidence == g.hints.Broken, Elsewhere: true}
	}
	hosts := slices.Clone(g.env.public)
	for _, h := range g.hints.Mirrors {
		hosts = append(hosts, publicHosts(h.What, "")...)
	}
	for _, host := range hosts {
		if !slices.ContainsFunc(guard.Places, func(p Place) bool { return p.Host == host }) {
			guard.Places = append(guard.Places, Place{Host: host})
		}
	}
	if len(guard.Places) == 0 {
		return nil
	}
	return guard
}

// database gives the guard before a checksum database: the go command asks it
// below the first proxy that serves it, or else at its own address.
func (g guards) database(db Database) *Guard {
	var urls []*url.URL
	entries, _ := g.env.Proxies() // without them there is no route
	for _, e := range entries {
		if e.Kind == Proxy && !db.Fixed {
			urls = append(urls, e.URL)
		}
	}
	guard := g.of(append(urls, db.URL)...)
	if guard != nil {
		_, guard.Covered = g.env.NoProxy(g.path)
	}
	return guard
}

// standing is whose a host is.
type standing uint8

const (
	// company may know every path that is asked here.
	company standing = iota
	public
	byAddress
)

// stands tells whose a host is, as far as its name and the settings do.
func (g guards) stands(u *url.URL) standing {
	name := strings.ToLower(u.Hostname())
	addr, err := netip.ParseAddr(name)
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return company
	case u.User != nil || slices.Contains(g.hints.Logins, name) || named(g.env, name):
		return company // one that has given us a login
	case slices.ContainsFunc(g.hints.Mirrors, func(h Hint) bool { return mentions(h.What, u) }):
		return public
	case slices.Contains(g.related, tail(name)):
		return company
	case slices.Contains(g.env.public, hostPort(u)):
		return public
	case err == nil && (PrivateAddress(addr) || BenchAddress(addr)), err != nil && Inner(name):
		return company
	case err == nil:
		return public
	}
	return byAddress
}

// owners gives the tails of the names that tell who the module, the main module
// and the private patterns belong to.
func (g guards) owners() []string {
	names := []string{g.path, g.hints.Main}
	for _, name := range []string{"GOPRIVATE", "GONOPROXY", "GONOSUMDB"} {
		if v := g.env.Get(name); v.From == "" && v.Value != "" {
			names = append(names, strings.Split(v.Value, ",")...)
		}
	}
	for _, h := range g.hints.Private {
		names = append(names, h.What)
	}
	var tails []string
	for _, name := range names {
		owner := strings.ToLower(strings.TrimLeft(Host(name), "*."))
		if t := tail(owner); t != "" && !Forge(owner) && !Common(owner) {
			tails = append(tails, t)
		}
	}
	return tails
}

// mentions reports whether a list of proxies has an entry on the host of u.
func mentions(list string, u *url.URL) bool {
	entries, _ := ParseProxies(list) // one that cannot be read names nobody
	return slices.ContainsFunc(entries, func(e Entry) bool { return e.URL != nil && hostPort(e.URL) == hostPort(u) })
}

// publicHosts gives the hosts of a list of proxies and of a checksum database.
func publicHosts(proxies, sumDB string) []string {
	var hosts []string
	entries, _ := ParseProxies(proxies) // as in mentions
	for _, e := range entries {
		if e.URL != nil {
			hosts = append(hosts, hostPort(e.URL))
		}
	}
	if db, err := ParseSumDB(sumDB); err == nil && db.URL != nil {
		hosts = append(hosts, hostPort(db.URL))
	}
	return hosts
}

// hostPort gives the host of a URL with its port.
func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return strings.ToLower(u.Hostname()) + ":" + port
}
