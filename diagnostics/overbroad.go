package diagnostics

import (
	"strconv"
	"strings"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/route"
)

// overbroad finds private patterns that cover public modules.
func (s ambience) overbroad() []Finding {
	var found []Finding
	for _, o := range s.Module.Overbroad(s.Env) {
		v := s.Env.Get(o.Setting)
		cost := "They are fetched from their repositories one by one, and their hashes are looked up nowhere"
		switch {
		case !o.Sums:
			cost = "They are fetched from their repositories one by one"
		case !o.Mirror:
			cost = "Their hashes are looked up nowhere"
		}
		f := s.ambient(OverbroadPrivate, Warning, "{setting}", o.Setting, "{place}", s.where(v), "{pattern}", o.Pattern,
			"{modules}", s.counted(o.Public), "{cost}", s.say(cost), "{mend}", s.mend(o.Setting, v, o.Mended, o.Mended != "" || v.Origin == route.User))
		f.Setting, f.Instead = o.Setting, o.Mended
		found = append(found, f)
	}
	return found
}

// counted names the first of some modules, and tells how many there are.
func (s ambience) counted(paths []string) string {
	if len(paths) == 1 {
		return paths[0]
	}
	return s.say("{n} modules here ({names})", "{n}", strconv.Itoa(len(paths)), "{names}", s.few(paths, ", "))
}

// nearMisses finds patterns that pass by a module of the file by a hair: those
// for the hosts below one do not cover that host, and that for a host not those
// below it.
func (s ambience) nearMisses() []Finding {
	var found []Finding
	for _, name := range patternSettings[:3] {
		v := s.Env.Get(name)
		if v.From != "" {
			continue
		}
		for entry := range strings.SplitSeq(v.Value, ",") {
			missed, pattern := s.missed(v.Value, strings.TrimSuffix(entry, "/"))
			if len(missed) == 0 {
				continue
			}
			mended, _ := route.Mended(v.Value, []route.Flaw{{Entry: entry, Instead: []string{entry, pattern}}})
			why := s.say("{entry} does not cover {modules}, for which it takes {pattern}", "{entry}", strconv.Quote(entry), "{modules}", s.counted(missed), "{pattern}", pattern)
			f := s.ambient(EnvPattern, Information, "{setting}", name, "{place}", s.where(v), "{why}", why, "{mend}", s.say("If that is private too, it is to be covered as well. ")+s.mend(name, v, mended, true))
			f.Setting, f.Instead = name, mended
			found = append(found, f)
		}
	}
	return found
}

// missed gives the modules of the file that no pattern of a list covers, but that
// one beside an entry would.
func (s ambience) missed(list, entry string) (modules []string, pattern string) {
	apex, wild := strings.CutPrefix(entry, "*.")
	host, _, _ := strings.Cut(apex, "/")
	if strings.ContainsAny(host, `*?[\`) || !strings.Contains(host, ".") || route.Forge(host) || route.Common(host) || len(route.Flaws(entry)) > 0 {
		return nil, ""
	}
	if pattern = apex; !wild {
		pattern = "*." + apex
	}
	for _, r := range s.Module.File.Requires {
		path := r.Mod.Path
		if module.MatchPrefixPatterns(pattern, path) && !module.MatchPrefixPatterns(list, path) {
			modules = append(modules, path)
		}
	}
	return modules, pattern
}
