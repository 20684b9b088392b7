package route_test

import (
	"strings"
	"testing"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/route"
)

// patternRows is what the go command makes of patterns; the third column is
// the pattern that matches.
var patternRows = []struct{ patterns, path, want string }{
	{"github.com", "github.com/acme/x", "github.com"},
	{"github.com/", "github.com/acme/x", "github.com/"},
	{"github.com//", "github.com/acme/x", ""},
	{"github.com/acme", "github.com/acme/x/y/v2", "github.com/acme"},
	{"github.com/acme", "github.com/acme-corp/x", ""},
	{"github.com/acme/*", "github.com/acme", ""},
	{"github.com/acme/*", "github.com/acme/x/sub", "github.com/acme/*"},
	{"github.com/*/x", "github.com/acme/x/v3", "github.com/*/x"},
	{"github.com/acme/x", "github.com/acme/x/v2", "github.com/acme/x"},
	{"github.com/acme/x/v2", "github.com/acme/x", ""},
	{"*", "example.com", "*"},
	{"**", "example.com/a/b", "**"},
	{"*/*", "github.com/acme/x", "*/*"},
	{"...", "github.com/acme/x", ""},
	{"github.com/...", "github.com/acme/x", ""},
	{"a.com, github.com", "github.com/x", ""},
	{"a.com,,github.com,", "github.com/x", "github.com"},
	{"a.com;github.com", "github.com/x", ""},
	{"a.com|github.com", "github.com/x", ""},
	{"gopkg.in/yaml", "gopkg.in/yaml.v2", ""},
	{"none", "github.com/x", ""},
	{"off", "github.com/x", ""},
	{"direct", "github.com/x", ""},
	{"*.corp.com", "a.b.corp.com/x", "*.corp.com"},
	{"*.corp.com", "corp.com/x", ""},
	{"corp.com", "git.corp.com/x", ""},
	{".corp.com", "git.corp.com/x", ""},
	{"corp*", "corp.example.com/a", "corp*"},
	{"git?.corp.com", "git1.corp.com/a", "git?.corp.com"},
	{"git[12].corp.com", "git2.corp.com/a", "git[12].corp.com"},
	{"git[!1].corp.com", "git2.corp.com/a", ""},
	{"git[^1].corp.com", "git2.corp.com/a", "git[^1].corp.com"},
	{"git[12.corp.com", "git1.corp.com/a", ""},
	{"[,github.com", "github.com/acme/x", "github.com"},
	{"{a,b}.corp.com", "a.corp.com/x", ""},
	{"GitHub.com", "github.com/acme/x", ""},
	{"github.com/Acme", "github.com/acme/x", ""},
	{"github.com/!acme", "github.com/Acme/x", ""},
	{"corp.com:8443", "corp.com/a", ""},
	{"https://github.com", "github.com/x", ""},
	{"github.com/acme/x@v1.0.0", "github.com/acme/x", ""},
	{"*,!github.com/acme", "github.com/acme/x", "*"},
	{"/github.com", "github.com/x", ""},
	{"/", "github.com/x", ""},
	{"", "github.com/x", ""},
}

func TestMatch(t *testing.T) {
	for _, tt := range patternRows {
		t.Run(tt.patterns+" "+tt.path, func(t *testing.T) {
			pattern, ok := route.Match(tt.patterns, tt.path)
			if pattern != tt.want || ok != (tt.want != "") {
				t.Errorf("Match(%q, %q) = %q, %v; want %q", tt.patterns, tt.path, pattern, ok, tt.want)
			}
		})
	}
}

func TestPrivate(t *testing.T) {
	tests := []struct {
		name, setting, path string
		want                string
	}{
		{"covered", "GOPRIVATE=corp.test", "corp.test/a", "corp.test"},
		{"covered by GONOPROXY alone", "GONOPROXY=corp.test", "corp.test/a", "corp.test"},
		{"covered by GONOSUMDB alone", "GONOSUMDB=corp.test", "corp.test/a", "corp.test"},
		{"other host", "GOPRIVATE=corp.test", "github.com/a", ""},
		{"nothing set", "", "github.com/a", ""},
		{"blank after the comma", "GOPRIVATE=a.test, corp.test", "corp.test/a", " corp.test"},
		{"semicolon", "GOPRIVATE=a.test;corp.test", "corp.test/a", "a.test;corp.test"},
		{"scheme", "GOPRIVATE=https://corp.test", "corp.test/a", "https://corp.test"},
		{"port", "GOPRIVATE=corp.test:8443/x", "corp.test/x/a", "corp.test:8443/x"},
		{"port of another path", "GOPRIVATE=corp.test:8443/x", "corp.test/y", ""},
		{"three dots", "GOPRIVATE=corp.test/...", "corp.test/a", "corp.test/..."},
		{"capitals", "GOPRIVATE=Corp.test/Team", "corp.test/team/a", "Corp.test/Team"},
		{"open class", "GOPRIVATE=git[12.corp.test", "git1.corp.test/a", "git[12.corp.test"},
		{"open class elsewhere", "GOPRIVATE=git[12.corp.test", "example.com/a", ""},
		{"nothing but bad", "GOPRIVATE=[", "example.com/a", "["},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			env := route.ParseEnv(route.Sources{Process: []string{tt.setting}, OS: "linux"})
			pattern, ok := route.Private(env, tt.path)
			if pattern != tt.want || ok != (tt.want != "") {
				t.Errorf("Private(%s, %s) = %q, %v; want %q", tt.setting, tt.path, pattern, ok, tt.want)
			}
		})
	}
}

func FuzzMatch(f *testing.F) {
	for _, row := range patternRows {
		f.Add(row.patterns, row.path)
	}
	f.Fuzz(func(t *testing.T, patterns, path string) {
		want := module.MatchPrefixPatterns(patterns, path)
		pattern, got := route.Match(patterns, path)
		if got != want {
			t.Fatalf("Match(%q, %q) = %v, the go command says %v", patterns, path, got, want)
		}
		if got && !strings.Contains(","+patterns+",", ","+pattern+",") {
			t.Errorf("Match(%q, %q) names %q, which is no item", patterns, path, pattern)
		}
		env := route.ParseEnv(route.Sources{Workspace: map[string]string{"GOPRIVATE": patterns}})
		if _, ok := route.Private(env, path); want && !ok {
			t.Errorf("Private(%q, %q) is false although the go command matches", patterns, path)
		}
	})
}
