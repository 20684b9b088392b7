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
	var left []string
	switch {
	case f.Code == diagnostics.EnvProxy && f.Severity == diagnostics.Error:
		name = "GOPROXY"
		if value, left = usable(s.Env.Get(name).Value); len(left) > 0 {
			title = "Take {left} out of {name}"
		}
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
	// To narrow a pattern has public hosts know more than before.
	// Without an entry of GOPROXY all modules take another way.
	preferred, note := f.Code != diagnostics.OverbroadPrivate && f.Severity <= diagnostics.Warning && len(left) == 0, ""
	if f.Code == diagnostics.EnvPattern {
		added := added(v.Value, value)
		note = s.reach(privacy{pattern: strings.Join(added, ","), settings: []string{name}})
		// All that a forge has is hardly what was meant, and is not verified then.
		preferred = preferred && !slices.ContainsFunc(added, route.Forge)
	}
	fixes := s.setting(s.say(title, "{name}", name, "{value}", route.Redact(value), "{left}", strings.Join(left, s.say(" and "))), note, map[string]string{name: value})
	for i := range fixes {
		fixes[i].Preferred = fixes[i].Preferred && preferred
	}
	return fixes
}

// added gives the entries of a list that an older one does not have.
func added(before, after string) []string {
	old := strings.Split(before, ",")
	return slices.DeleteFunc(strings.Split(after, ","), func(entry string) bool { return slices.Contains(old, entry) })
}

// usable gives a GOPROXY list that go can use, and the entries it has to leave out
// for that; the list is empty where nothing would be left. What people take for
// separators counts as one.
func usable(list string) (kept string, left []string) {
	var all []route.Entry
	for rest := list; rest != ""; {
		var e route.Entry
		e, rest = route.CutProxy(rest)
		for word := range strings.FieldsFuncSeq(e.Raw, func(r rune) bool { return r == ';' || unicode.IsSpace(r) }) {
			if lower := strings.ToLower(word); lower == "direct" || lower == "off" {
				word = lower
			}
			if _, err := route.ParseProxies(word); err != nil {
				left = append(left, route.Redact(word))
				continue
			}
			all = append(all, route.Entry{Raw: word, Falls: e.Falls})
		}
	}
	return join(all), left
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
