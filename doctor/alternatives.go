package doctor

import (
	"fmt"
	"net/url"
	"slices"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// Candidate is a proxy to measure.
type Candidate struct {
	URL  *url.URL
	Role string
}

// anybodys is a module that everybody may know of: half of all others need it.
const anybodys = "golang.org/x/mod"

// PublicModule gives the module that proxies may be asked about, whoever they
// belong to: one that is required, from a host that has public modules only, of
// which neither a setting nor a trace on this machine says otherwise. Where there
// is none it is a module that everybody knows.
func PublicModule(env route.Env, routes []route.Route) string {
	for _, r := range routes {
		path := r.Mod.Path
		if _, private := route.Private(env, path); private || !route.Common(route.Host(path)) || r.Toolchain != "" {
			continue
		}
		guarded := slices.ContainsFunc(r.AllHops(), func(h route.Hop) bool { return h.Guard != nil })
		if hop, ok := firstAsked(r); ok && hop.Kind == route.Proxy && !guarded {
			return path
		}
	}
	return anybodys
}

// Candidates gives the proxies of GOPROXY, and after them the mirrors, each once.
// A proxy whose host was seen to be down is left out: that is told there.
func Candidates(env route.Env, mirrors []route.Hint, doors []Door, sights []probe.Sight) []Candidate {
	var all []Candidate
	add := func(u *url.URL, role string) {
		if u.Scheme != "https" && (u.Scheme != "http" || u.User != nil) {
			return // go does not ask it either, or it is a directory
		}
		for i, s := range sights {
			if sameHost(doors[i].Hop.URL, u) && !s.Up() {
				return
			}
		}
		for _, c := range all {
			if c.URL.String() == u.String() {
				return
			}
		}
		all = append(all, Candidate{u, role})
	}
	entries, _ := env.Proxies() // of a bad list the settings tell
	for i, e := range entries {
		if e.Kind == route.Proxy {
			add(e.URL, fmt.Sprintf("entry %d of GOPROXY", i+1))
		}
	}
	for _, mirror := range mirrors {
		if u, err := url.Parse(mirror.What); err == nil && u.Host != "" {
			add(u, "mirror in "+mirror.Where)
		}
	}
	return all
}

// Compared gives what was measured of each candidate, and a check for it.
func Compared(candidates []Candidate, measured []probe.Measured, modulePath string) ([]Alternative, []Check) {
	all, checks := []Alternative{}, []Check{}
	for i, m := range measured {
		a := Alternative{
			URL: route.Redacted(candidates[i].URL), Role: candidates[i].Role, Module: modulePath,
			Has: m.Has, SumDB: m.SumDB, P50: milliseconds(m.Median()), Samples: len(m.Times),
		}
		c := Check{ID: "alternatives." + a.URL, Status: OK, Title: a.URL}
		switch {
		case m.Fault != nil && m.Fault.Cause == probe.NotFound:
			a.Message = "does not know " + modulePath
			c.Status, c.Detail = Skipped, a.Role+"; "+a.Message+"."
		case m.Fault != nil && m.Fault.Status != 0:
			a.Message, c.Code = "answers "+m.Fault.StatusLine(), string(diagnostics.CodeOf(m.Fault))
			c.Status, c.Detail = Skipped, a.Role+"; not measured: it "+a.Message+"."
		case m.Fault != nil:
			e := diagnostics.HostWords(route.Hop{Kind: route.Proxy, URL: candidates[i].URL}, m.Fault)
			a.Message, c.Status, c.Code = e.What, Skipped, string(diagnostics.CodeOf(m.Fault))
			c.Detail = a.Role + "; not measured. " + e.What
		case !m.Has:
			a.Message = "no answer in time"
			c.Status, c.Detail = Skipped, a.Role+"; no answer in time."
		default:
			c.Detail = fmt.Sprintf("%s; has %s, median of %s %.0f ms", a.Role, modulePath, count(a.Samples, "answer"), a.P50)
			c.Detail += map[bool]string{true: ", serves the checksum database.", false: ", does not serve the checksum database."}[m.SumDB]
		}
		all, checks = append(all, a), append(checks, c)
	}
	return all, checks
}
