package probe

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/route"
)

// at is the place of a module in the repository of github.com/acme/x, or in
// that of gopkg.in/acme.v2.
func at(t *testing.T, modulePath string) place {
	t.Helper()
	root := "github.com/acme/x"
	if strings.HasPrefix(modulePath, "gopkg.in/") {
		root = modulePath
	}
	p, err := placeOf(route.Repository{Root: root}, modulePath)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPlaceOf(t *testing.T) {
	for _, test := range []struct {
		root, subdir, module string
		// what is told of the place: its tags begin with, and its go.mod is at.
		prefix, own, split string
		err                string
	}{
		{"a.example/x", "", "a.example/x", "", "go.mod", "", ""},
		{"a.example/x", "", "a.example/x/v2", "", "go.mod", "v2/go.mod", ""},
		{"a.example/x", "", "a.example/x/sub", "sub/", "sub/go.mod", "", ""},
		{"a.example/x", "", "a.example/x/sub/v3", "sub/", "sub/go.mod", "sub/v3/go.mod", ""},
		{"a.example/x/v2", "", "a.example/x/v2", "", "go.mod", "", ""},
		{"a.example/x", "go", "a.example/x", "go/", "go/go.mod", "", ""},
		{"a.example/x", "go", "a.example/x/sub", "sub/go/", "sub/go/go.mod", "", ""},
		{"gopkg.in/x.v2", "", "gopkg.in/x.v2", "", "go.mod", "", ""},
		{"a.example/x", "", "a.example/xy", "", "", "", "mismatched repo: found a.example/x for a.example/xy"},
		{"a.example/x/v2/y", "", "a.example/x/v2", "", "", "", "mismatched repo: found a.example/x/v2/y for a.example/x/v2"},
		{"a.example/x", "", "a.example/x/v1", "", "", "", `invalid module path "a.example/x/v1"`},
	} {
		p, err := placeOf(route.Repository{Root: test.root, Subdir: test.subdir}, test.module)
		if err != nil || test.err != "" {
			if err == nil || err.Error() != test.err {
				t.Errorf("%s in %s: error %v, want %q", test.module, test.root, err, test.err)
			}
			continue
		}
		own, split := p.files()
		if diff := cmp.Diff([]string{test.prefix, test.own, test.split}, []string{p.tagPrefix(), own, split}); diff != "" {
			t.Errorf("%s in %s, %q (-want +got):\n%s", test.module, test.root, test.subdir, diff)
		}
	}
}

func TestRevision(t *testing.T) {
	for _, test := range []struct{ module, version, want string }{
		{"github.com/acme/x", "v1.2.3", "v1.2.3"},
		{"github.com/acme/x", "v2.0.0+incompatible", "v2.0.0"},
		{"github.com/acme/x/sub", "v1.2.3", "sub/v1.2.3"},
		{"github.com/acme/x/sub/v2", "v2.0.0", "sub/v2.0.0"},
		{"github.com/acme/x/sub", "v0.0.0-20200101000000-0123456789ab", "0123456789ab"},
		{"github.com/acme/x/sub", "v1.2.4-0.20200101000000-0123456789ab", "0123456789ab"},
		{"github.com/acme/x/sub", "main", "main"},
	} {
		if got := at(t, test.module).revision(test.version); got != test.want {
			t.Errorf("%s@%s is %q, want %q", test.module, test.version, got, test.want)
		}
	}
}

func TestVersions(t *testing.T) {
	all := refs{}
	for _, tag := range []string{
		"v1.10.0", "v1.9.0", "v1.0.0-rc.1", "v1.0", "v1.0.0+meta", "v2.0.0", "v1.0.1-0.20200101000000-0123456789ab", "1.0.0", "release",
		"sub/v0.3.0", "sub/v2.1.0", "v2/v2.2.0",
	} {
		all["refs/tags/"+tag] = hashA
	}
	all["refs/heads/v1.11.0"] = hashA
	for module, want := range map[string][]string{
		"github.com/acme/x":        {"v1.0.0-rc.1", "v1.9.0", "v1.10.0"},
		"github.com/acme/x/v2":     {"v2.0.0"},
		"github.com/acme/x/sub":    {"v0.3.0"},
		"github.com/acme/x/sub/v2": {"v2.1.0"},
		"github.com/acme/x/none":   nil,
		"gopkg.in/acme.v1":         {"v1.0.0-rc.1", "v1.9.0", "v1.10.0"},
	} {
		if diff := cmp.Diff(want, at(t, module).versions(all)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", module, diff)
		}
	}
}

func TestFits(t *testing.T) {
	for _, test := range []struct {
		module, declared string
		want             bool
	}{
		{"github.com/acme/x", "github.com/acme/x", true},
		{"github.com/acme/x", "example.org/other", true},
		{"github.com/acme/x", "gopkg.in/other.v1", true},
		{"github.com/acme/x", "gopkg.in/other.v2", false},
		{"github.com/acme/x", "github.com/acme/x/v2", false},
		{"github.com/acme/x", "github.com/acme/x/v1", false},
		{"github.com/acme/x", "", false},
		{"github.com/acme/x/v2", "github.com/acme/x/v2", true},
		{"github.com/acme/x/v2", "example.org/other/v2", true},
		{"github.com/acme/x/v2", "gopkg.in/other.v2", true},
		{"github.com/acme/x/v2", "example.org/other/v3", false},
		{"github.com/acme/x/v2", "github.com/acme/x", false},
		{"gopkg.in/acme.v1", "gopkg.in/acme.v1", true},
		{"gopkg.in/acme.v1", "github.com/acme/x", false},
		{"gopkg.in/acme.v2", "gopkg.in/acme.v2-unstable", false},
	} {
		if got := at(t, test.module).fits(test.declared); got != test.want {
			t.Errorf("%s fits %q: %v, want %v", test.module, test.declared, got, test.want)
		}
	}
}

// TestChoose has both files a module may have; the words are held against the
// go command's in the scenarios of tags.
func TestChoose(t *testing.T) {
	const x = "github.com/acme/x"
	declares := func(path string) file { return file{text: []byte("module " + path + "\n"), ok: true} }
	nameless, none := file{text: []byte("go 1.20\n"), ok: true}, file{}
	for _, test := range []struct {
		name, module, version string
		own, split            file
		// want is what the chosen file declares, or "none" for a module without
		// one, or a part of the error.
		want string
	}{
		{"root", x, "v1.0.0", declares(x), none, x},
		{"root without", x, "v1.0.0", none, none, "none"},
		{"root nameless", x, "v1.0.0", nameless, none, "go.mod is missing module path at revision v1.0.0"},
		{"root too high", x, "v1.0.0", declares(x + "/v2"), none, `go.mod has post-v1 module path "github.com/acme/x/v2" at`},
		{"root malformed", x, "v1.0.0", declares(x + "/v1"), none, `go.mod has malformed module path "github.com/acme/x/v1"`},
		{"root of gopkg.in", x, "v2.0.0+incompatible", declares("gopkg.in/acme.v2"), none, "gopkg.in/acme.v2"},
		{"incompatible", x, "v2.0.0+incompatible", none, none, "none"},
		{"below", x + "/sub", "v1.0.0", declares(x + "/sub"), none, x + "/sub"},
		{"below without", x + "/sub", "v1.0.0", none, none, "missing github.com/acme/x/sub/go.mod at revision sub/v1.0.0"},
		{"v2 in root", x + "/v2", "v2.0.0", declares(x + "/v2"), none, x + "/v2"},
		{"v2 in its directory", x + "/v2", "v2.0.0", declares(x), declares(x + "/v2"), x + "/v2"},
		{"v2 in both", x + "/v2", "v2.0.0", declares(x + "/v2"), declares(x + "/v2"), "both have .../v2 module paths"},
		{"v2 in neither", x + "/v2", "v2.0.0", none, none, "missing github.com/acme/x/go.mod and .../v2/go.mod"},
		{"v2 with a nameless directory", x + "/v2", "v2.0.0", none, nameless, "github.com/acme/x/v2/go.mod is missing module path"},
		{"v2 with a wrong directory", x + "/v2", "v2.0.0", declares(x + "/v2"), declares(x), "github.com/acme/x/v2/go.mod has non-.../v2 module path"},
		{"v2 nameless", x + "/v2", "v2.0.0", nameless, none, "go.mod is missing module path (and .../v2/go.mod does not exist)"},
		{"v2 wrong", x + "/v2", "v2.0.0", declares(x), none, `go.mod has non-.../v2 module path "github.com/acme/x" (and`},
		{"gopkg.in without", "gopkg.in/acme.v2", "v2.0.0", none, none, "none"},
		{"gopkg.in wrong", "gopkg.in/acme.v2", "v2.0.0", declares("gopkg.in/acme.v1"), none, "go.mod has non-....v2 module path"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text, err := at(t, test.module).choose(test.version, test.own, test.split)
			got := strings.TrimSpace(strings.TrimPrefix(string(text), "module"))
			switch {
			case err != nil:
				got = err.Error()
			case text == nil:
				got = "none"
			}
			if err == nil && got != test.want || !strings.Contains(got, test.want) {
				t.Errorf("chose %q, want %q", got, test.want)
			}
		})
	}
}

func TestCompatible(t *testing.T) {
	const x = "github.com/acme/x"
	for _, test := range []struct {
		module, version string
		hasMod          bool
		want            string // a part of the error
	}{
		{x, "v1.0.0", true, ""},
		{x, "v1.0.0+incompatible", false, "+incompatible suffix not allowed: major version v1 is compatible"},
		{x, "v2.0.0+incompatible", false, ""},
		{x, "v2.0.0+incompatible", true, `so module path must match major version ("github.com/acme/x/v2")`},
		{x + "/sub", "v2.0.0+incompatible", false, `so module path must match major version ("github.com/acme/x/sub/v2")`},
		{x + "/v2", "v2.0.0", true, ""},
		{x + "/v2", "v2.0.0+incompatible", true, "+incompatible suffix not allowed: major version v2 is compatible"},
		{x + "/v2", "v3.0.0+incompatible", true, "module path includes a major version suffix, so major version must match"},
		{"gopkg.in/acme.v2", "v2.0.0", false, ""},
	} {
		err := at(t, test.module).compatible(test.version, test.hasMod)
		if got := err != nil; got != (test.want != "") || got && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s@%s, go.mod %v: error %v, want %q", test.module, test.version, test.hasMod, err, test.want)
		}
	}
}
