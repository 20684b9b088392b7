package diagnostics

import (
	"slices"
	"strconv"
	"strings"

	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// Surroundings are the settings around a go.mod, where it is the one file of a
// workspace that tells of them.
type Surroundings struct {
	Env route.Env
	// Module is the go.mod with what stands around it.
	Module  route.Module
	Machine probe.Machine
}

// Ambient reports whether a code is about the settings and this machine, and not
// about a line: it is told on the module line, once a workspace.
func (c Code) Ambient() bool {
	return slices.Contains([]Code{OverbroadPrivate, EnvProxy, EnvPattern, EnvShadowed, EnvUnknown, Netrc}, c)
}

// Findings gives what there is to say about the settings in a language, placed on
// the module line. A setting with which go fails is not among it: the lines tell
// of that.
func (s Surroundings) Findings(l Language) []Finding {
	a := ambience{s, l}
	return slices.Concat(a.overbroad(), a.proxies(), a.patterns(), a.nearMisses(), a.shadowed(), a.unknown(), a.debugKeys(), a.netrc())
}

// ambience is what findings about the settings are made of.
type ambience struct {
	Surroundings
	lang Language
}

// ambient makes a finding of the catalogue's words and what fills them.
func (s ambience) ambient(c Code, level Severity, fill ...string) Finding {
	e, _ := s.lang.Describe(c)
	return worded(s.Module.File, c, level, words{e.What, e.Remedy}, fill...)
}

// say translates a text and fills it.
func (s ambience) say(text string, fill ...string) string {
	return strings.NewReplacer(fill...).Replace(s.lang.say(text))
}

// worded makes a finding on the module line.
func worded(f *gomod.File, c Code, level Severity, w words, fill ...string) Finding {
	r := strings.NewReplacer(fill...)
	found := Finding{Code: c, Severity: level, What: r.Replace(w.what), Remedy: r.Replace(w.remedy)}
	found.Span = f.LineSpan(0)
	if f.Module != nil {
		found.Span = f.Module.Line
	}
	return found
}

// patternSettings are the settings that are lists of patterns, those first that
// keep something private.
var patternSettings = []string{"GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOINSECURE", "GOVCS"}

// patterns finds what never matches in each list.
func (s ambience) patterns() []Finding {
	var found []Finding
	for i, name := range patternSettings {
		v := s.Env.Get(name)
		if v.From != "" {
			continue // the list is that of another one
		}
		list := v.Value
		if name == "GOVCS" {
			list = route.VCSPatterns(list)
		}
		flaws := route.Flaws(list)
		if len(flaws) == 0 {
			continue
		}
		level := Warning
		if i > 2 || !slices.ContainsFunc(flaws, func(f route.Flaw) bool { return !f.Word }) {
			level = Information
		}
		var each []string
		for _, f := range flaws {
			each = append(each, s.say("{entry} never matches, because {why}", "{entry}", strconv.Quote(route.Redact(f.Entry)), "{why}", s.say(f.Why)))
		}
		mended, ok := route.Mended(list, flaws)
		if name == "GOVCS" {
			mended, ok = "", false // its entries have more than the pattern
		}
		f := s.ambient(EnvPattern, level, "{setting}", name, "{place}", s.where(v), "{why}", s.few(each, s.say("; ")), "{mend}", s.mend(name, v, mended, ok))
		f.Setting, f.Instead = name, mended
		if !ok || name == "GOINSECURE" { // whoever wants less verified has to write that
			f.Instead = ""
		}
		found = append(found, f)
	}
	return found
}

// fewMax is how many of several things of one kind a message names: whoever
// mends those sees the others.
const fewMax = 3

// few joins the first of some texts, and says how many more there are.
func (s ambience) few(all []string, separator string) string {
	if len(all) <= fewMax {
		return strings.Join(all, separator)
	}
	return strings.Join(all[:fewMax], separator) + separator + s.say("and {n} more", "{n}", strconv.Itoa(len(all)-fewMax))
}

// where tells where a setting is set.
func (s ambience) where(v route.Var) string { return s.say(s.Env.Where(v)) }

// mend says how to give a setting another value, where it is set now; ok is false
// where nobody knows the value.
func (s ambience) mend(name string, v route.Var, value string, ok bool) string {
	shown := name + "=" + value
	switch {
	case !ok || route.Redact(value) != value:
		return s.say("Correct it there.")
	case v.Origin == route.Process || v.Origin == route.Workspace:
		return s.say("Set {it} there.", "{it}", shown)
	case value == "":
		return s.say("Take it back: {command}.", "{command}", "go env -u "+name)
	case strings.ContainsAny(shown, " *?[]|;&<>()$`\\\"'!~#^{}"):
		shown = "'" + strings.ReplaceAll(shown, "'", `'\''`) + "'"
	}
	return s.say("Correct it: {command}.", "{command}", "go env -w "+shown)
}

// proxies finds what GOPROXY has to no effect, or to another than it seems.
func (s ambience) proxies() []Finding {
	v := s.Env.Get("GOPROXY")
	flaws, mended := route.ProxyFlaws(v.Value)
	var found []Finding
	for _, flaw := range flaws {
		level, entry := Information, s.say("an empty entry")
		if flaw.Breaks {
			level = Warning
		}
		if flaw.Entry != "" {
			entry = strconv.Quote(route.Redact(flaw.Entry))
		}
		f := worded(s.Module.File, EnvProxy, level, words{s.lang.say(oddProxy), "{mend}"}, "{place}", s.where(v), "{entry}", entry, "{why}", s.say(flaw.Why), "{mend}", s.mend("GOPROXY", v, mended, mended != ""))
		f.Setting, f.Instead = "GOPROXY", mended
		found = append(found, f)
	}
	return found
}

// oddProxy is for a list that can be used and does not mean what it seems to.
const oddProxy = "GOPROXY, set in {place}, has {entry}: {why}."

// shadowed finds what "go env -w" has written to no effect.
func (s ambience) shadowed() []Finding {
	var found []Finding
	for _, v := range s.Env.Hidden() {
		now := s.Env.Get(v.Name)
		if v.Name == "GOTOOLCHAIN" && now.Value == "" {
			continue
		}
		remedy := s.say("Remove one of the two: the one in {place}, or with {command} the hidden one.", "{place}", s.where(now), "{command}", "go env -u "+v.Name)
		f := s.ambient(EnvShadowed, Warning, "{setting}", v.Name, "{hidden}", shown(v), "{file}", s.where(v.Var),
			"{value}", shown(route.Named{Name: v.Name, Var: now}), "{place}", s.where(now), "{mend}", remedy)
		f.Setting = v.Name
		found = append(found, f)
	}
	return found
}

// shown gives the value of a setting without secrets.
func shown(v route.Named) string {
	if v.Name == "GOAUTH" {
		return route.RedactAuth(v.Value)
	}
	return route.Redact(v.Value)
}
