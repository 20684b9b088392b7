package codeactions

import (
	"slices"
	"strings"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// rerouted are the changes of GOPROXY that may bring a module past the entry that
// is at fault.
func (s Scene) rerouted(t trouble) []Trial {
	r := t.verdict.Report
	if !t.lost() || r.Fault == nil || r.Route.Toolchain != "" || r.Hop < 0 || r.Hop >= len(r.Route.Hops) {
		return nil
	}
	path := r.Route.Mod.Path
	if _, private := s.Env.NoProxy(path); private {
		return nil // no entry is asked
	}
	entries, err := s.Env.Proxies()
	if err != nil {
		return nil
	}
	at := r.Hop - (len(r.Route.Hops) - len(entries))
	if at < 0 {
		return nil
	}
	list := proxyList{entries: entries, at: at, failed: r.Results[r.Hop].Answers[r.Artefact].Outcome == probe.Failed}
	cause := diagnostics.CodeOf(r.Fault)
	refuses := cause == diagnostics.Forbidden || cause == diagnostics.AuthNeeded
	dead := slices.Contains(broken, cause) && cause != diagnostics.SumDBUnreachable
	name := shown(entries[at])
	var all []Trial
	add := func(title string, changed []route.Entry, preferred bool) {
		trial := Trial{
			Requirement: t.requirement, Values: map[string]string{"GOPROXY": join(changed)},
			title: title, preferred: preferred && !refuses && !looksPrivate(s.Env, path),
		}
		if refuses && list.failed {
			trial.warning = s.say(" ({name} refuses it, perhaps on purpose)", "{name}", name)
		}
		all = append(all, trial)
	}
	if entries[at].Kind == route.Proxy {
		if changed, ok := list.bar(); ok {
			public := r.Route.Hops[r.Hop].Public
			add(s.say("Let GOPROXY go on after any error of {name}", "{name}", name), changed, public)
			if trial := &all[len(all)-1]; !public && trial.warning == "" {
				trial.warning = s.say(" (what follows is then asked for private modules, too)")
			}
		}
		if changed, ok := list.drop(); ok && dead {
			add(s.say("Take {name} out of GOPROXY", "{name}", name), changed, false)
		}
		if changed, ok := list.direct(); ok {
			add(s.say("Let GOPROXY end with direct"), changed, false)
		}
	}
	for i, mirror := range slices.Concat(s.Mirrors, s.TeamMirrors) {
		own := i < len(s.Mirrors)
		changed, ok := list.mirror(mirror)
		switch {
		case !ok:
		case list.failed && entries[at].Kind == route.Proxy:
			add(s.say("Put the mirror {mirror} in the place of {name} in GOPROXY", "{mirror}", route.Redact(mirror), "{name}", name), changed, own && dead)
		default:
			add(s.say("Put the mirror {mirror} into GOPROXY", "{mirror}", route.Redact(mirror)), changed, own && entries[at].Kind != route.Off)
		}
	}
	return all
}

// shown is an entry without its password.
func shown(e route.Entry) string { return route.Redact(e.Raw) }

// proxyList is a GOPROXY list with the entry that is at fault.
type proxyList struct {
	entries []route.Entry
	at      int
	// failed reports that the entry gave another error than that it does not have
	// the module.
	failed bool
}

// bar has the list go on after any error of the entry.
func (l proxyList) bar() (changed []route.Entry, ok bool) {
	if !l.failed || l.entries[l.at].Falls == route.AnyError || l.at == len(l.entries)-1 {
		return nil, false
	}
	changed = slices.Clone(l.entries)
	changed[l.at].Falls = route.AnyError
	return changed, true
}

// drop leaves the entry out.
func (l proxyList) drop() (changed []route.Entry, ok bool) {
	return slices.Delete(slices.Clone(l.entries), l.at, l.at+1), len(l.entries) > 1
}

// direct has the module's own host asked in the end.
func (l proxyList) direct() (changed []route.Entry, ok bool) {
	end := len(l.entries) - 1
	if l.entries[end].Kind != route.Proxy || l.failed && l.at < end {
		return nil, false // somebody has thought of the end, or is still to come there
	}
	changed = slices.Clone(l.entries)
	changed[end].Falls = route.NotFound
	if l.failed {
		changed[end].Falls = route.AnyError
	}
	return append(changed, route.Entry{Kind: route.Direct, Raw: "direct"}), true
}

// mirror has another proxy asked: in place of one that failed, or else where the
// proxies end.
func (l proxyList) mirror(address string) (changed []route.Entry, ok bool) {
	read, err := route.ParseProxies(address)
	if err != nil || len(read) != 1 || read[0].Kind != route.Proxy || strings.ContainsAny(address, ",|") {
		return nil, false
	}
	known := func(e route.Entry) bool { return e.URL != nil && e.URL.String() == read[0].URL.String() }
	if slices.ContainsFunc(l.entries, known) {
		return nil, false
	}
	changed = slices.Clone(l.entries)
	if at := l.entries[l.at]; at.Kind == route.Off && l.at == 0 || at.Kind == route.Proxy && l.failed {
		read[0].Falls = at.Falls
		changed[l.at] = read[0]
		return changed, true
	}
	end := slices.IndexFunc(changed, func(e route.Entry) bool { return e.Kind != route.Proxy })
	if end < 0 {
		end = len(changed)
	}
	if end > 0 && changed[end-1].Falls != route.AnyError {
		changed[end-1].Falls = route.NotFound
	}
	return slices.Insert(changed, end, read[0]), true
}

// join writes a list.
func join(entries []route.Entry) string {
	var b strings.Builder
	for i, e := range entries {
		b.WriteString(e.Raw)
		switch {
		case i == len(entries)-1:
		case e.Falls == route.AnyError:
			b.WriteByte('|')
		default:
			b.WriteByte(',')
		}
	}
	return b.String()
}
