package route

import (
	"slices"
	"strings"

	"golang.org/x/mod/module"
)

// Overbroad is a pattern in GOPRIVATE or its like that keeps public modules from
// the proxies and the checksum database.
type Overbroad struct {
	// Setting is the variable where it is written, Pattern the entry.
	Setting, Pattern string
	// Public are the paths of require lines that it covers, and that are public
	// by all that is known, in their order.
	Public []string
	// Mirror reports that they go past the proxies because of it, Sums that
	// their hashes are not looked up.
	Mirror, Sums bool
	// Mended is the list with patterns in its place that cover the other modules
	// of the file; empty where there are none.
	Mended string
}

// Overbroad finds such patterns. One that names an owner of modules, or a host
// that is somebody's own, is none; nor is one that covers what a single stranger
// owns: their modules may be private.
func (m Module) Overbroad(env Env) []Overbroad {
	if m.File == nil || m.File.Module == nil {
		return nil
	}
	var all []Overbroad
	db, _ := env.SumDB() // of one that is malformed no hash is looked up either
	for _, s := range []struct {
		name string
		idle bool // that there is nothing to lose
	}{
		{"GONOPROXY", !env.usesProxy()},
		{"GONOSUMDB", db.URL == nil},
	} {
		v := env.Get(s.name)
		written := s.name
		if v.From != "" {
			written = v.From
		}
		for entry := range strings.SplitSeq(v.Value, ",") {
			if s.idle || entry == "" {
				continue
			}
			at := slices.IndexFunc(all, func(o Overbroad) bool { return o.Setting == written && o.Pattern == entry })
			if at < 0 {
				o, ok := m.overbroad(env, written, entry)
				if !ok {
					continue
				}
				all, at = append(all, o), len(all)
			}
			all[at].Mirror = all[at].Mirror || s.name == "GONOPROXY"
			all[at].Sums = all[at].Sums || s.name == "GONOSUMDB"
		}
	}
	return all
}

// overbroad looks at one entry of a setting; ok is false for one that is not too
// broad.
func (m Module) overbroad(env Env, setting, entry string) (o Overbroad, ok bool) {
	o = Overbroad{Setting: setting, Pattern: entry}
	own := ownerOf(m.File.Module.Path)
	var owners, narrow []string
	common := false
	for _, r := range m.File.Requires {
		path := r.Mod.Path
		if !module.MatchPrefixPatterns(entry, path) {
			continue
		}
		owner := ownerOf(path)
		host := Host(path)
		elsewhere := !Forge(host) && !Common(host) // of such a host nobody knows whose it is
		if owner == own || elsewhere || telling(entry, path) || m.Hints.evidence(env, path) != "" {
			narrow = append(narrow, owner)
			continue
		}
		common = common || Common(host)
		o.Public, owners = append(o.Public, path), append(owners, owner)
	}
	slices.Sort(owners)
	if len(slices.Compact(owners)) < 2 && !common {
		return Overbroad{}, false
	}
	if module.MatchPrefixPatterns(entry, own) || own == Host(own) && module.MatchPrefixPatterns(entry, m.File.Module.Path) {
		narrow = append(narrow, own)
	}
	slices.Sort(narrow)
	mended, _ := Mended(env.Get(setting).Value, []Flaw{{Entry: entry, Instead: slices.Compact(narrow)}})
	if len(narrow) == 0 {
		mended = without(env.Get(setting).Value, entry)
	}
	o.Mended = mended
	return o, true
}

// ownerOf gives the pattern for all modules of whoever has a module: its host,
// or on a host that all share, the owner there.
func ownerOf(modulePath string) string {
	host := Host(modulePath)
	if !Forge(host) {
		return host
	}
	owner, _, _ := strings.Cut(strings.TrimPrefix(modulePath, host+"/"), "/")
	return host + "/" + owner
}

// without gives a list without an entry.
func without(list, entry string) string {
	kept := slices.DeleteFunc(strings.Split(list, ","), func(e string) bool { return e == entry || e == "" })
	return strings.Join(kept, ",")
}

// usesProxy reports whether GOPROXY has a proxy that a module could come from.
func (e Env) usesProxy() bool {
	entries, _ := e.Proxies() // without them nothing is fetched at all
	return slices.ContainsFunc(entries, func(p Entry) bool { return p.Kind == Proxy })
}
