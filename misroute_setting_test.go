package main

import (
	"slices"
	"strings"

	"github.com/modreach/modreach/internal/fakenet"
)

// settingMisroutings have settings that do not do what was meant by them. They
// are told of on the module line.
func settingMisroutings() []misrouting {
	var all []misrouting
	// add has the module at proxy A, or for a pattern at its own host alone.
	add := func(name, code, fix string, set func(*world)) *misrouting {
		all = append(all, misrouting{scenario: scenario{name: name, set: set}, code: code, line: 1, fix: fix})
		return &all[len(all)-1]
	}
	user := func(lines ...string) func(*world) {
		return func(w *world) {
			for _, line := range lines {
				w.user = append(w.user, w.fill(line))
			}
		}
	}
	for name, list := range map[string]string{
		"semicolon": "$A;$B", "blank": "$A $B", "direct-slash": "$A,direct/",
	} {
		fix := map[string]string{"semicolon": "$A,$B", "blank": "$A,$B", "direct-slash": "$A,direct"}[name]
		m := add("proxy-"+name, "env-proxy", "Correct GOPROXY to "+fix, user("GOPROXY="+list))
		m.works = name == "direct-slash" // that is for the modules that A does not have
	}
	add("proxy-behind-direct", "env-proxy", "Correct GOPROXY to $A,direct", user("GOPROXY=$A,direct,$B")).works = true
	add("proxy-scheme", "env-proxy", "Take ftp://x.example out of GOPROXY", user("GOPROXY=ftp://x.example,$A"))
	add("proxy-half", "env-proxy", "Take x out of GOPROXY", user("GOPROXY=x,$A"))

	// pattern has a private module that its own host has, and a list of patterns
	// that was to cover it.
	pattern := func(name, list, fix string) {
		s := direct(name, paged, "", func(w *world) {
			w.env = slices.DeleteFunc(w.env, func(v string) bool { return strings.HasPrefix(v, "GOPROXY=direct") })
			w.corp().Page("go.corp.example/x", corp)
			w.user = append(w.user, "GOPRIVATE="+list, "GOPROXY="+w.a.URL())
		})
		s.name, s.env = "pattern-"+name, ""
		all = append(all, misrouting{scenario: s, code: "env-pattern", line: 1, fix: "Correct GOPRIVATE to " + fix})
	}
	pattern("scheme", "https://go.corp.example", "go.corp.example")
	pattern("scheme-and-path", "https://go.corp.example/x", "go.corp.example/x")
	pattern("blank", "old.example, go.corp.example", "old.example,go.corp.example")
	pattern("semicolon", "old.example;go.corp.example", "old.example,go.corp.example")
	pattern("port", "go.corp.example:443", "go.corp.example")
	pattern("dots", "go.corp.example/...", "go.corp.example")
	pattern("capitals", "Go.Corp.Example", "go.corp.example")
	pattern("quotes", "\"go.corp.example\"", "go.corp.example")
	pattern("leading-dot", ".corp.example", "*.corp.example")
	pattern("version", "go.corp.example/x@v1.0.0", "go.corp.example/x")

	broad := func(name, list, fix string) {
		m := add("broad-"+name, "overbroad-private", fix, func(w *world) {
			w.env = append(w.env, w.net.HTTPProxy().Env()...) // to nowhere
			w.env = append(w.env, fakenet.SSH(w.t, fakenet.SSHRefused)...)
			w.a.Add("github.com/acme/x", "v1.0.0", "")
			w.a.Add("github.com/other/y", "v1.0.0", "")
			w.user = append(w.user, "GOPRIVATE="+list, "GOPROXY="+w.a.URL())
			db := w.net.SumDB(fakenet.HTTPS, w.a.Modules)
			w.user = append(w.user, "GOSUMDB="+db.GOSUMDB())
		})
		m.gomod = "module git.corp.example/main\n\ngo 1.21\n\nrequire (\n\tgithub.com/acme/x v1.0.0\n\tgithub.com/other/y v1.0.0\n)\n"
	}
	broad("all", "*", "Narrow GOPRIVATE to git.corp.example")
	broad("a-forge", "github.com,git.corp.example", "Narrow GOPRIVATE to git.corp.example")
	broad("stars", "git.corp.example,*.com", "Narrow GOPRIVATE to git.corp.example")
	return all
}
