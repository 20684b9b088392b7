package route

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/gomod"
)

// Plan says what the go command would do for one require line of m: the route
// of "go mod download" without arguments, and of a build that needs the module.
func Plan(env Env, m Module, r gomod.Requirement) Route {
	route := Route{Required: r.Mod, Mod: r.Mod, KeepsSums: true}
	if route.Stop = preconditions(env, m.file()); route.Stop.Text != "" {
		return route
	}
	if !r.Canonical() {
		// Reading go.mod already resolves the version, and does not get as
		// far as the other directives.
		route.Query, route.Mod.Version = true, r.Written
	}
	if text := unreadable(route.Mod); text != "" {
		return route.stopped(gate(route.Mod), text)
	}
	if m.BadSum != "" {
		return route.stopped(BadSum, m.BadSum)
	}
	if route.Query {
		return route.walked(env, m)
	}
	route.Excluded = m.excluded(r.Mod.Path)
	if slices.Contains(route.Excluded, r.Mod.Version) {
		return route.stopped(Excluded, fmt.Sprintf("dropping requirement on excluded version %s %s", r.Mod.Path, r.Mod.Version))
	}
	if dir, by, why, ok := m.uses(r.Mod.Path); ok {
		route.Replaced = by
		return route.local(Directory, dir, why)
	}
	if with, stop, ok := m.replaced(r.Mod); ok {
		route.Replaced, route.Mod = with.by, with.new
		route.Excluded = nil // they are about what is required
		if stop.Text != "" {
			return route.stopped(stop.Kind, stop.Text)
		}
		if with.dir != "" {
			file, _, _ := strings.Cut(with.by, " ")
			return route.local(Directory, with.dir, fmt.Sprintf("%s replaces %s with %s", file, r.Mod.Path, with.new.Path))
		}
		route.Query = !canonical(with.new.Version)
	}
	flags, _ := env.Flags() // preconditions has stopped at an error
	if m.Vendor != "" && flags.Mod != "mod" && flags.Mod != "readonly" && m.Vendored != nil && m.Vendored(r.Mod) {
		return route.local(Vendor, m.Vendor, "vendor/modules.txt lists it")
	}
	return route.walked(env, m)
}

// Explicit says what the go command would do for "go mod download PATH@VERSION"
// outside any module, where nothing is replaced, excluded or vendored. An empty
// version stands for "latest". Of the module m only its Hints count.
func Explicit(env Env, m Module, v module.Version) Route {
	if v.Version == "" {
		v.Version = "latest"
	}
	route := Route{Required: v, Mod: v, Query: !canonical(v.Version)}
	if route.Stop = preconditions(env, nil); route.Stop.Text != "" {
		return route
	}
	return route.walked(env, Module{Hints: m.Hints})
}

// VendorInForce reports whether a build takes its modules from the vendor
// directory beside the go.work or, outside a workspace, the go.mod.
//
// goVersion is the go line of that file; empty for none. hasVendor reports
// that the directory exists, and modulesTxtWorkspace that the first line of its
// modules.txt is annotated with "workspace", for which see "go work vendor".
func VendorInForce(env Env, goVersion string, hasVendor, modulesTxtWorkspace, inWorkspace bool) bool {
	flags, err := env.Flags()
	if err != nil || !hasVendor {
		return false
	}
	if flags.Mod != "" {
		return flags.Mod == "vendor"
	}
	// 1.14 is the version with which the go command began to use a vendor
	// directory unasked.
	return goVersion != "" && !newer("1.14", goVersion) && modulesTxtWorkspace == inWorkspace
}

// preconditions finds what makes every go command fail, or change its version,
// before it looks at a module. f is the file in force; nil for none.
func preconditions(env Env, f *gomod.File) Stop {
	if stop := env.broken(); stop.Text != "" {
		return stop
	}
	return needsToolchain(env, f)
}

// stopped ends the route with the go command's words.
func (r Route) stopped(kind StopKind, text string) Route {
	r.Stop, r.Hops, r.SumDB = Stop{Kind: kind, Text: text}, nil, nil
	return r
}

// local ends the route in a directory.
func (r Route) local(kind Kind, dir, why string) Route {
	r.Hops = []Hop{{Kind: kind, Dir: dir, Why: why}}
	return r
}

// walked fills in the hops over the cache and GOPROXY, or the reason why
// Route.Mod cannot be looked for at all.
func (r Route) walked(env Env, m Module) Route {
	if env.unknown && (env.Get("GOPROXY").Value == "" || env.Get("GOSUMDB").Value == "") {
		return r.stopped(NoGo, "no go command was found that could tell where it asks")
	}
	entries, err := env.Proxies()
	if err != nil {
		return r.stopped(BadList, err.Error())
	}
	if err := module.CheckPath(r.Mod.Path); err != nil {
		return r.stopped(BadPath, err.Error())
	}
	if text := unreadable(r.Mod); text != "" {
		return r.stopped(gate(r.Mod), text)
	}
	cache, err := env.ModCache()
	if err != nil {
		return r.stopped(NoModCache, err.Error())
	}
	guards := newGuards(env, m.Hints, r.Mod.Path)
	r.Hops = append([]Hop{{Kind: Cache, Dir: cache, Why: "GOMODCACHE"}}, networkHops(env, entries, r.Mod.Path, guards)...)
	r.Running = env.running(m.file())
	if m.Sums != nil && !r.Query {
		r.Sums = m.Sums(r.Mod)
	}
	r.SumDB = sumHop(env, m, r, guards)
	return r
}

// networkHops lists what comes after the cache. For a path that GONOPROXY
// covers the go command begins with the module's own host, even where GOPROXY
// is "off", and passes every proxy; only a GOPROXY of exactly "direct" saves
// it asking the host twice.
func networkHops(env Env, entries []Entry, modulePath string, guards guards) []Hop {
	noProxy, private := env.NoProxy(modulePath)
	var hops []Hop
	if private && env.Get("GOPROXY").Value != "direct" {
		hops = append(hops, Hop{Kind: Direct, URL: hostURL(modulePath), Why: noProxy})
	}
	for i, e := range entries {
		h := Hop{Kind: e.Kind, URL: e.URL, Falls: e.Falls, Why: fmt.Sprintf("GOPROXY entry %d of %d", i+1, len(entries))}
		if i > 0 {
			h.Why += ", after a " + entries[i-1].Falls.String()
		}
		if private && e.Kind != Direct {
			h.Skip = noProxy
		}
		switch e.Kind {
		case Proxy:
			h.Refused, h.Public = refusal(e.URL), guards.stands(e.URL) == public
			if h.Skip == "" {
				h.Guard = guards.proxy(e.URL)
			}
		case Direct:
			h.URL = hostURL(modulePath)
		case Directory, Vendor, Cache, Off, SumDB:
		}
		hops = append(hops, h)
	}
	return hops
}

// hostURL is where a direct search begins.
func hostURL(modulePath string) *url.URL {
	host, _, _ := strings.Cut(modulePath, "/")
	return &url.URL{Scheme: "https", Host: host}
}

// sumHop gives the checksum database as the go command would ask it about the
// route's module; nil where it would not.
func sumHop(env Env, m Module, r Route, guards guards) *Hop {
	why := r.Sums.lacks()
	switch {
	case r.Mod.Path == ToolchainModule:
		// A lone file:// proxy is how a new release is tested.
		if list := env.Get("GOPROXY").Value; strings.HasPrefix(list, "file://") && !strings.ContainsAny(list, ",|") {
			return nil
		}
		why = "go.sum cannot hold the hash of a toolchain"
	case why == "" || env.Get("GOSUMDB").Value == "off":
		return nil
	case r.Query:
		why = "the version is not known yet"
	case m.Sums == nil:
		why = "there is no go.sum"
	}
	if _, ok := env.NoSumDB(r.Mod.Path); ok && r.Mod.Path != ToolchainModule {
		return nil
	}
	h := &Hop{Kind: SumDB, Why: why}
	db, err := env.SumDB()
	switch {
	case err != nil:
		h.Refused = err.Error()
	case db.Off:
		h.Refused = "checksum database disabled by GOSUMDB=off"
	default:
		h.URL, h.Refused, h.Guard = db.URL, refusal(db.URL), guards.database(db)
	}
	return h
}

// gate tells whether it is the path or the version that unreadable objects to.
func gate(mod module.Version) StopKind {
	if _, _, ok := module.SplitPathVersion(mod.Path); !ok {
		return BadPath
	}
	return BadVersion
}
