package doctor

import (
	"regexp"
	"slices"
	"strings"
)

// Hide is what a report that is sent to a colleague should not tell of the person
// it is from. The zero value hides nothing.
type Hide struct {
	// Home is the home directory, shown as ~, User the name of the user, shown
	// as USER where it is part of a file's path; empty for none.
	Home, User string
}

// shortHome is a home directory that says nothing, as / does for many services.
const shortHome = 1

// hide gives a text without them.
func (h Hide) hide(text string) string {
	if len(h.Home) > shortHome {
		text = elements(h.Home).ReplaceAllString(text, "~$1")
	}
	if h.User != "" {
		name := regexp.MustCompile(`([/\\])` + regexp.QuoteMeta(h.User) + `([/\\"'\s,;:)]|$)`)
		text = filePath.ReplaceAllStringFunc(text, func(path string) string {
			return name.ReplaceAllString(path, "${1}USER$2")
		})
	}
	return text
}

// elements matches a directory, and not the beginning of a longer name.
func elements(dir string) *regexp.Regexp {
	return regexp.MustCompile(regexp.QuoteMeta(strings.TrimRight(dir, `/\`)) + `(\.?(?:[/\\"'\s,;:)|]|$))`)
}

// filePath matches an absolute path of a file, and not that of a module or a URL.
var filePath = regexp.MustCompile(`(?:^|[\s"'(=,;|]|file://)(?:/|[A-Za-z]:[/\\])[^\s"',;|)]*`)

// Rewritten gives the report with every text of it that may quote a setting, a
// file or a host replaced by what f makes of it.
func (r Report) Rewritten(f func(string) string) Report {
	all := func(texts ...*string) {
		for _, t := range texts {
			*t = f(*t)
		}
	}
	r.Settings = slices.Clone(r.Settings)
	for i := range r.Settings {
		all(&r.Settings[i].Value)
	}
	r.Stages = slices.Clone(r.Stages)
	for i := range r.Stages {
		s := &r.Stages[i]
		s.Checks = slices.Clone(s.Checks)
		for j := range s.Checks {
			c := &s.Checks[j]
			all(&c.ID, &c.Title, &c.Detail, &c.Remedy)
			if c.Host != nil {
				host := *c.Host
				all(&host.URL, &host.Via, &host.Why)
				host.Looks = slices.Clone(host.Looks)
				for k := range host.Looks {
					all(&host.Looks[k].Message)
				}
				c.Host = &host
			}
		}
	}
	r.Modules = slices.Clone(r.Modules)
	for i := range r.Modules {
		m := &r.Modules[i]
		all(&m.Reason)
		m.Hops = slices.Clone(m.Hops)
		for j := range m.Hops {
			all(&m.Hops[j].Name, &m.Hops[j].Why, &m.Hops[j].Message)
		}
	}
	r.Alternatives = slices.Clone(r.Alternatives)
	for i := range r.Alternatives {
		all(&r.Alternatives[i].URL, &r.Alternatives[i].Message)
	}
	return r
}
