package route_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/route"
)

// TestFlaws has a row for each way to write a pattern that covers nothing, with
// a module that its author can have meant, and for what only looks like one.
func TestFlaws(t *testing.T) {
	tests := []struct {
		list  string
		meant string // the module
		// mended is the list that covers it; empty where nobody can tell, and
		// "-" where nothing is wrong with the list.
		mended string
		why    string // a part of it
	}{
		{"https://git.corp.example", "git.corp.example/g/m", "git.corp.example", "scheme"},
		{"https://user:pass@git.corp.example:8443/g/", "git.corp.example/g/m", "git.corp.example/g", "scheme"},
		{"ssh://git@git.corp.example/g", "git.corp.example/g/m", "git.corp.example/g", "scheme"},
		{" gitlab.com/g", "gitlab.com/g/m", "gitlab.com/g", "blank"},
		{"gitlab.com/g ,github.com/x", "gitlab.com/g/m", "gitlab.com/g,github.com/x", "blank"},
		{"a.example, github.com", "github.com/x", "a.example,github.com", "blank"},
		{"gitlab.com/g\r", "gitlab.com/g/m", "gitlab.com/g", "blank"},
		{"gitlab.com/g gitlab.com/h", "gitlab.com/h/m", "gitlab.com/g,gitlab.com/h", "blank"},
		{"gitlab.com/g;gitlab.com/h", "gitlab.com/h/m", "gitlab.com/g,gitlab.com/h", "commas"},
		{"a.example|github.com", "github.com/x", "a.example,github.com", "commas"},
		{`"gitlab.com/g"`, "gitlab.com/g/m", "gitlab.com/g", "quotes"},
		{"git.corp.example:8443", "git.corp.example/x", "git.corp.example", "port"},
		{"github.com/acme/x@v1.0.0", "github.com/acme/x", "github.com/acme/x", "versions"},
		{"github.com/acme/...", "github.com/acme/x", "github.com/acme", "wildcard"},
		{"github.com/...", "github.com/acme/x", "github.com", "wildcard"},
		{"...", "github.com/acme/x", "", "wildcard"},
		{"github.com//", "github.com/acme/x", "github.com", "empty"},
		{"/github.com", "github.com/acme/x", "github.com", "empty"},
		{".corp.example", "git.corp.example/x", "*.corp.example", "dot"},
		{"GitHub.com/Org", "github.com/Org/m", "github.com/Org", "lower case"},
		{"github.com/!acme", "github.com/Acme/x", "", "capital"},
		{"!github.com/acme", "github.com/acme/x", "", "exceptions"},
		{"github.com/[org", "github.com/org/x", "", "proper"},
		{"git[12.corp.example", "git1.corp.example/a", "", "proper"},
		{"git[!1].corp.example", "git2.corp.example/a", "git[^1].corp.example", "[^"},
		{"{a,b}.corp.example", "a.corp.example/x", "", "characters"},
		{"off", "github.com/x", "", "dot"},
		{"direct", "github.com/x", "", "dot"},
		{"https://*", "github.com/x", "", "scheme"},

		{"[,github.com", "", "", "proper"},
		{"*,!github.com/acme", "", "", "exceptions"},

		{list: "", mended: "-"},
		{list: "*gitlab.com*", meant: "gitlab.com/g/m", mended: "-"},
		{list: "github.com/acme", meant: "github.com/acme/x/y/v2", mended: "-"},
		{list: "github.com/*/x", meant: "github.com/acme/x/v3", mended: "-"},
		{list: "github.com/acme/x", meant: "github.com/acme/x/v2", mended: "-"},
		{list: "github.com/acme/x/v2", mended: "-"},
		{list: "gopkg.in/yaml", mended: "-"},
		{list: "none", mended: "-"},
		{list: "/", mended: "-"}, // the go command drops it
		{list: "*", meant: "github.com/acme/x", mended: "-"},
		{list: "**", meant: "github.com/acme/x", mended: "-"},
		{list: "*/*", meant: "github.com/acme/x", mended: "-"},
		{list: "corp*", meant: "corp.example/a", mended: "-"},
		{list: "github.com/", meant: "github.com/acme/x", mended: "-"},
		{list: "github.com/acme/*", meant: "github.com/acme/m/v2", mended: "-"},
		{list: "github.com/Azure", meant: "github.com/Azure/x", mended: "-"},
		{list: "a.example,,github.com,", meant: "github.com/x", mended: "-"},
		{list: "*.corp.example", meant: "a.b.corp.example/x", mended: "-"},
		{list: "git[12].corp.example", meant: "git2.corp.example/a", mended: "-"},
		{list: "git?.corp.example", meant: "git1.corp.example/a", mended: "-"},
		{list: "git.sr.ht/~sircmpwn", meant: "git.sr.ht/~sircmpwn/x", mended: "-"},
	}
	for _, tt := range tests {
		t.Run(tt.list, func(t *testing.T) {
			flaws := route.Flaws(tt.list)
			if tt.mended == "-" {
				if len(flaws) > 0 {
					t.Fatalf("flaws in a good list: %+v", flaws)
				}
				if tt.meant != "" && !module.MatchPrefixPatterns(tt.list, tt.meant) {
					t.Fatalf("the list does not cover %s", tt.meant)
				}
				return
			}
			if len(flaws) == 0 || !strings.Contains(flaws[0].Why, tt.why) {
				t.Fatalf("flaws %+v, want one with %q", flaws, tt.why)
			}
			if module.MatchPrefixPatterns(flaws[0].Entry, tt.meant) {
				t.Errorf("%q covers %s", flaws[0].Entry, tt.meant)
			}
			mended, ok := route.Mended(tt.list, flaws)
			if ok != (tt.mended != "") {
				t.Fatalf("mended: %v, %q", ok, mended)
			}
			if !ok {
				return
			}
			if diff := cmp.Diff(tt.mended, mended); diff != "" {
				t.Error(diff)
			}
			if !module.MatchPrefixPatterns(mended, tt.meant) {
				t.Errorf("%q does not cover %s", mended, tt.meant)
			}
			if again := route.Flaws(mended); len(again) > 0 {
				t.Errorf("the mended list has flaws: %+v", again)
			}
		})
	}
}

// FuzzFlaws wants of every entry: one with a flaw matches no module path, and a
// mended list has none.
func FuzzFlaws(f *testing.F) {
	for _, s := range []string{"https://a.example:1/x;b.example", "git[!1].x.example", "*,!a", ".a.example/...", "A.example/[x"} {
		f.Add(s, "a.example/x")
	}
	f.Fuzz(func(t *testing.T, list, modulePath string) {
		flaws := route.Flaws(list)
		for _, flaw := range flaws {
			if module.CheckPath(modulePath) == nil && !strings.Contains(flaw.Entry, "[!") && module.MatchPrefixPatterns(flaw.Entry, modulePath) {
				t.Errorf("%q covers %s", flaw.Entry, modulePath)
			}
			for _, better := range flaw.Instead {
				if again := route.Flaws(better); len(again) > 0 {
					t.Errorf("%q in place of %q: %+v", better, flaw.Entry, again)
				}
			}
		}
	})
}
