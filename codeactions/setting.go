package codeactions

import (
	"slices"
	"strings"
	"unicode"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/route"
)

// corrected gives a setting the value that does what was meant by it. It takes no
// network to know that.
func (s Scene) corrected(f diagnostics.Finding) []Fix {
	name, value := f.Setting, f.Instead
	v := s.Env.Get(name)
	title := "Correct {name} to {value}"
	switch {
	case f.Code == diagnostics.EnvProxy && f.Severity == diagnostics.Error:
		name, value = "GOPROXY", usable(s.Env.Get("GOPROXY").Value)
	case f.Code == diagnostics.OverbroadPrivate:
		title = "Narrow {name} to {value}"
	case f.Code != diagnostics.EnvPattern && f.Code != diagnostics.EnvProxy:
		return nil
	}
	if value == "" {
		if f.Code != diagnostics.OverbroadPrivate || v.Origin != route.User {
			return nil
		}
		title = "Take back {name}"
	}
	fixes := s.setting(s.say(title, "{name}", name, "{value}", route.Redact(value)), "", map[string]string{name: value})
	for i := range fixes {
		// To narrow a pattern has public hosts know more than before.
		fixes[i].Preferred = fixes[i].Preferred && f.Code != diagnostics.OverbroadPrivate && f.Severity <= diagnostics.Warning
	}
	return fixes
}

// usable gives a GOPROXY list without what go cannot use of it; empty where nothing
// would be left. What people take for separators counts as one.
func usable(list string) string {
	var kept []route.Entry
	for rest := list; rest != ""; {
		var e route.Entry
		e, rest = route.CutProxy(rest)
		for word := range strings.FieldsFuncSeq(e.Raw, func(r rune) bool { return r == ';' || unicode.IsSpace(r) }) {
			if _, err := route.ParseProxies(word); err == nil {
				kept = append(kept, route.Entry{Raw: word, Falls: e.Falls})
			}
		}
	}
	return join(kept)
}

// Sure gives the edits that need no judgement, for all findings of the file: what
// nothing uses goes.
func (s Scene) Sure(findings []diagnostics.Finding) []Edit {
	var edits []Edit
	for _, f := range findings {
		for _, fix := range s.dropUnused(f) {
			edits = append(edits, fix.Edits...)
		}
	}
	return edits
}

// dropUnused removes a replace directive that nothing uses.
func (s Scene) dropUnused(f diagnostics.Finding) []Fix {
	i := slices.IndexFunc(s.File.Replaces, func(r gomod.Replace) bool { return r.Line == f.Span })
	if f.Code != diagnostics.ReplaceUnused || i < 0 {
		return nil
	}
	r := s.File.Replaces[i]
	return []Fix{own(s.say("Remove the replace of {module} with {dir}, which nothing uses", "{module}", r.Old.Path, "{dir}", r.New.Path), true, s.File.DropReplace(r))}
}
