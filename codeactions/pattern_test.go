package codeactions_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/codeactions"
	"github.com/modreach/modreach/route"
)

func TestNarrowest(t *testing.T) {
	for path, want := range map[string]string{
		"git.corp.example/team/lib":    "git.corp.example",
		"corp.example":                 "corp.example",
		"github.com/acme/tool/v2":      "github.com/acme",
		"gitlab.com/group/sub/project": "gitlab.com/group",
		"git.sr.ht/~gopher/lib":        "git.sr.ht/~gopher",
		"github.com":                   "",
		"golang.org/x/mod":             "",
		"k8s.io/api":                   "",
		"lib":                          "",
		"":                             "",
	} {
		if got := codeactions.Narrowest(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

func TestLooksPrivate(t *testing.T) {
	env := route.ParseEnv(route.Sources{
		Process: []string{"GOPRIVATE=https://odd.org,github.com/acme", "GONOSUMDB=sums.org"}, OS: "linux",
	})
	for path, want := range map[string]bool{
		"git.corp.example/lib":  true, // a reserved name
		"code.acme.com/lib":     true, // called like a host of repositories
		"git.acme.com/lib":      true,
		"build.acme.local/lib":  true,
		"odd.org/lib":           true, // somebody meant it to be
		"sums.org/lib":          true,
		"github.com/acme/lib":   true,
		"github.com/other/lib":  false,
		"golang.org/x/mod":      false,
		"vanity.org/lib":        false,
		"git.org/lib":           false, // a domain of its own
		"digital.acme.com/lib":  false,
		"example.org/local/lib": false,
	} {
		if got := codeactions.LooksPrivate(env, path); got != want {
			t.Errorf("%s: %t", path, got)
		}
	}
}

func TestRelative(t *testing.T) {
	for dir, want := range map[string]string{
		"/src/lib":         "../lib",
		"/src":             "..",
		"/src/app":         ".",
		"/src/app/lib":     "./lib",
		"/src/app/..lib":   "./..lib",
		"/elsewhere/a b/c": "../../elsewhere/a b/c",
	} {
		if got := codeactions.Relative("/src/app", dir); got != want {
			t.Errorf("%s: %q, want %q", dir, got, want)
		}
	}
}

func TestToWrite(t *testing.T) {
	env := func(process ...string) route.Env {
		return route.ParseEnv(route.Sources{
			Process: append(process, "GOVERSION=go1.26.8"), OS: "linux", // the first of two counts
			UserPath: "/home/gopher/.config/go/env", UserFile: []byte("GOPRIVATE=old.example,\nGONOPROXY=none\n"),
		})
	}
	tests := []struct {
		name     string
		env      route.Env
		settings []string
		pattern  string
		want     map[string]string
		fault    string
	}{
		{"joins what is there", env(), []string{"GOPRIVATE"}, "a.example/b", map[string]string{"GOPRIVATE": "old.example,a.example/b"}, ""},
		{"is there", env(), []string{"GONOPROXY", "GOPRIVATE"}, "old.example", map[string]string{"GONOPROXY": "none,old.example", "GOPRIVATE": "old.example,"}, ""},
		{"keeps what another setting has", env(), []string{"GONOSUMDB"}, "a.example", map[string]string{"GONOSUMDB": "old.example,a.example"}, ""},
		{"another setting is in the process", env("GOPRIVATE=p.example"), []string{"GONOSUMDB"}, "a.example", map[string]string{"GONOSUMDB": "p.example,a.example"}, ""},
		{
			"hidden", env("GONOPROXY=p.example"),
			[]string{"GONOPROXY", "GOPRIVATE"},
			"a.example", nil,
			"GONOPROXY is set in the environment or in the editor's settings, and go env -w would have no effect: change it there",
		},
		{"no go command", env("GOVERSION="), []string{"GOPRIVATE"}, "a.example", nil, "there is no go command to run go env -w with"},
		{"no file", env("GOENV=off"), []string{"GOPRIVATE"}, "a.example", nil, "there is no file for go env -w to write: GOENV is off"},
		{"no setting", env(), nil, "a.example", nil, "no setting is named"},
		{"another setting", env(), []string{"GOPROXY"}, "a.example", nil, `"GOPROXY" is not a list of private modules`},
		{"a glob", env(), []string{"GOPRIVATE"}, "*", nil, `"*" is not a pattern of a host or of a path below one`},
		{"two patterns", env(), []string{"GOPRIVATE"}, "a.example,b.example", nil, `"a.example,b.example" is not a pattern of a host or of a path below one`},
		{"a line more", env(), []string{"GOPRIVATE"}, "a.example\nGOSUMDB=off", nil, `"a.example\nGOSUMDB=off" is not a pattern of a host or of a path below one`},
		{"no host", env(), []string{"GOPRIVATE"}, "lib", nil, `"lib" is not a pattern of a host or of a path below one`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := codeactions.ToWrite(test.env, test.settings, test.pattern)
			fault := ""
			if err != nil {
				fault = err.Error()
			}
			if diff := cmp.Diff(test.fault, fault); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
