package codeactions_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/codeactions"
	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/route"
)

// TestCorrected corrects how a setting is written, and nothing beyond that. A star
// marks the preferred fix.
func TestCorrected(t *testing.T) {
	proxy := diagnostics.Finding{Code: diagnostics.EnvProxy, Severity: diagnostics.Error}
	pattern := func(name, instead string) diagnostics.Finding {
		return diagnostics.Finding{Code: diagnostics.EnvPattern, Severity: diagnostics.Warning, Setting: name, Instead: instead}
	}
	tests := []struct {
		name, user string
		finding    diagnostics.Finding
		want       []string
	}{
		{"a semicolon", "GOPROXY=https://a.example;direct", proxy, []string{"* Correct GOPROXY to https://a.example,direct GOPROXY=https://a.example,direct"}},
		{"a word in capitals", "GOPROXY=https://a.example,Direct", proxy, []string{"* Correct GOPROXY to https://a.example,direct GOPROXY=https://a.example,direct"}},
		{"off in capitals", "GOPROXY=OFF,https://a.example", proxy, []string{"* Correct GOPROXY to off,https://a.example GOPROXY=off,https://a.example"}},
		{"a host without a scheme", "GOPROXY=corp-proxy,https://a.example,direct", proxy, []string{"- Take corp-proxy out of GOPROXY GOPROXY=https://a.example,direct"}},
		{"another scheme", "GOPROXY=ftp://ann:word@corp.example|https://a.example", proxy, []string{"- Take ftp://ann:xxxxx@corp.example out of GOPROXY GOPROXY=https://a.example"}},
		{
			"a scheme in a pattern", "GOPRIVATE=https://git.corp.example", pattern("GOPRIVATE", "git.corp.example"),
			[]string{"* Correct GOPRIVATE to git.corp.example (1 module here, not verified by sum.golang.org then) GOPRIVATE=git.corp.example"},
		},
		{
			"a whole forge", "GONOSUMDB=https://github.com", pattern("GONOSUMDB", "github.com"),
			[]string{"- Correct GONOSUMDB to github.com (2 modules here, not verified by sum.golang.org then) GONOSUMDB=github.com"},
		},
		{
			"what was there already", "GOPRIVATE=github.com,corp.example ", pattern("GOPRIVATE", "github.com,corp.example"),
			[]string{"* Correct GOPRIVATE to github.com,corp.example (0 modules here, not verified by sum.golang.org then) GOPRIVATE=github.com,corp.example"},
		},
		{"what verifies less", "GOINSECURE=https://git.corp.example", pattern("GOINSECURE", ""), nil},
	}
	file := gomod.Parse([]byte("module m\n\nrequire git.corp.example/a v1.0.0\nrequire github.com/a/b v1.0.0\nrequire github.com/c/d v1.0.0\n"))
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			env := route.ParseEnv(route.Sources{
				OS: "linux", Home: "/home/gopher", UserPath: "/home/gopher/env", UserFile: []byte(test.user + "\n"),
				GoEnv:      map[string]string{"GOVERSION": "go1.26.8"},
				GOROOTFile: []byte("GOPROXY=https://public.example,direct\nGOSUMDB=sum.golang.org\n"),
			})
			var got []string
			for _, fix := range (codeactions.Scene{File: file, Env: env}).Fixes(test.finding) {
				if fix.Command.Name != codeactions.SetEnv {
					continue
				}
				mark := "-"
				if fix.Preferred {
					mark = "*"
				}
				words := []string{mark, fix.Text()}
				for _, name := range slices.Sorted(maps.Keys(fix.Command.Values)) {
					words = append(words, name+"="+fix.Command.Values[name])
				}
				got = append(got, strings.Join(words, " "))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
