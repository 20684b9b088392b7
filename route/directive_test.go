package route_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/route"
)

// swap is a replace directive; a version or both may be empty.
func swap(old, oldVersion, new, newVersion string) gomod.Replace {
	return gomod.Replace{
		Old: module.Version{Path: old, Version: oldVersion},
		New: module.Version{Path: new, Version: newVersion},
	}
}

// modWith is the module example.com/m in /m with some directives.
func modWith(change func(f *gomod.File)) route.Module {
	f := &gomod.File{Module: &gomod.Module{Path: "example.com/m"}, Go: &gomod.Version{Name: "1.21"}}
	if change != nil {
		change(f)
	}
	return route.Module{Dir: "/m", File: f}
}

func modReplacing(replaces ...gomod.Replace) route.Module {
	return modWith(func(f *gomod.File) { f.Replaces = replaces })
}

// workWith puts example.com/m into a workspace in / that uses it and ./used.
func workWith(work route.Work, replaces ...gomod.Replace) route.Module {
	m := modWith(nil)
	work.Dir = "/"
	work.File = &gomod.File{Kind: gomod.WorkFile, Replaces: replaces}
	work.Modules = map[string]string{"example.com/m": "/m", "example.com/used": "/used"}
	m.Work = &work
	return m
}

const direct = cacheHop + "direct (GOPROXY entry 1 of 1)\n"

func TestPlanDirectives(t *testing.T) {
	const a = "example.com/a"
	one := module.Version{Path: a, Version: "v1.0.0"}
	tests := []struct {
		name   string
		module route.Module
		req    gomod.Requirement
		want   string
	}{
		{"nothing applies", modReplacing(swap("example.com/b", "", "./b", "")), require(a, "v1.0.0"), direct},
		{"no file", route.Module{}, require(a, "v1.0.0"), direct},
		{
			"exclude", modWith(func(f *gomod.File) {
				f.Excludes = []gomod.Exclude{{Mod: one}}
				f.Replaces = []gomod.Replace{swap(a, "", "./x", "")}
			}), require(a, "v1.0.0"),
			"stop, excluded: dropping requirement on excluded version example.com/a v1.0.0\n",
		},
		{
			"exclude of another version", modWith(func(f *gomod.File) { f.Excludes = []gomod.Exclude{{Mod: one}} }),
			require(a, "v1.0.1"), direct,
		},
		{
			"itself", modWith(nil), require("example.com/m", "v1.0.0"),
			"by main module\ndirectory /m (the main module itself)\n",
		},
		{
			"directory, any version", modReplacing(swap(a, "", "../x", "")), require(a, "v1.0.0"),
			"fetch ../x\nby go.mod replace\ndirectory /x (go.mod replaces example.com/a with ../x)\n",
		},
		{
			"absolute directory", modReplacing(swap(a, "", "/else/x", "")), require(a, "v1.0.0"),
			"fetch /else/x\nby go.mod replace\ndirectory /else/x (go.mod replaces example.com/a with /else/x)\n",
		},
		{
			"directory for a path without a dot", modReplacing(swap("foo", "", "./x", "")), require("foo", "v1.0.0"),
			"fetch ./x\nby go.mod replace\ndirectory /m/x (go.mod replaces foo with ./x)\n",
		},
		{
			"directory for this version", modReplacing(swap(a, "v1.0.0", "./x", "")), require(a, "v1.0.0"),
			"fetch ./x\nby go.mod replace\ndirectory /m/x (go.mod replaces example.com/a with ./x)\n",
		},
		{"directory for another version", modReplacing(swap(a, "v1.0.0", "./x", "")), require(a, "v1.0.1"), direct},
		{
			"version before all versions", modReplacing(swap(a, "", "./all", ""), swap(a, "v1.0.0", "./one", "")), require(a, "v1.0.0"),
			"fetch ./one\nby go.mod replace\ndirectory /m/one (go.mod replaces example.com/a with ./one)\n",
		},
		{
			"module", modReplacing(swap(a, "", "example.com/b/v2", "v2.1.0")), require(a, "v1.0.0"),
			"fetch example.com/b/v2@v2.1.0\nby go.mod replace\n" + direct,
		},
		{
			"module for a path without a dot", modReplacing(swap("foo", "", "example.com/b", "v1.0.0")), require("foo", "v1.0.0"),
			"fetch example.com/b@v1.0.0\nby go.mod replace\n" + direct,
		},
		{
			"module to be resolved", modReplacing(swap(a, "", "example.com/b", "master")), require(a, "v1.0.0"),
			"fetch example.com/b@master\nby go.mod replace\nquery\n" + direct,
		},
		{
			"module without a dot", modReplacing(swap(a, "", "foo", "v1.0.0")), require(a, "v1.0.0"),
			"fetch foo@v1.0.0\nby go.mod replace\nstop, bad path: malformed module path \"foo\": missing dot in first path element\n",
		},
		{
			"same directive twice", modReplacing(swap(a, "", "./x", ""), swap(a, "", "./x", "")), require(a, "v1.0.0"),
			"fetch ./x\nby go.mod replace\ndirectory /m/x (go.mod replaces example.com/a with ./x)\n",
		},
		{
			"conflict", modReplacing(swap(a, "", "./x", ""), swap(a, "", "./y", "")), require(a, "v1.0.0"),
			"by go.mod replace\nstop, bad replace: conflicting replacements for example.com/a:\n\t./x\n\t./y\n",
		},
		{
			"conflict elsewhere", modReplacing(swap("example.com/b", "", "./x", ""), swap("example.com/b", "", "./y", "")), require(a, "v1.0.0"),
			direct,
		},
		{
			"no directory, no version", modReplacing(swap(a, "", "x", "")), require(a, "v1.0.0"),
			"fetch x\nby go.mod replace\nstop, bad replace: replacement module without version must be directory path (rooted or starting with . or ..)\n",
		},
		{
			"path@version", modReplacing(swap(a, "", "example.com/x@v1.0.0", "")), require(a, "v1.0.0"),
			"fetch example.com/x@v1.0.0\nby go.mod replace\nstop, bad replace: replacement module must match format 'path version', not 'path@version'\n",
		},
		{
			"directory with version", modReplacing(swap(a, "", "./x", "v1.0.0")), require(a, "v1.0.0"),
			"fetch ./x@v1.0.0\nby go.mod replace\nstop, bad replace: replacement module directory path \"./x\" cannot have version\n",
		},
		{
			"module of another major version", modReplacing(swap(a, "", "example.com/b", "v2.0.0")), require(a, "v1.0.0"),
			"fetch example.com/b@v2.0.0\nby go.mod replace\nstop, bad replace: version \"v2.0.0\" invalid: should be v0 or v1, not v2\n",
		},
		{
			"module with a malformed major version", modReplacing(swap(a, "", "example.com/b/v1", "v1.0.0")), require(a, "v1.0.0"),
			"fetch example.com/b/v1@v1.0.0\nby go.mod replace\nstop, bad replace: version \"v1.0.0\" invalid: malformed module path \"example.com/b/v1\"\n",
		},
		{
			"wrong major version, although replaced", modReplacing(swap(a, "", "./x", "")), require(a, "v2.0.0"),
			"stop, bad version: version \"v2.0.0\" invalid: should be v0 or v1, not v2\n",
		},
		{
			"malformed major version, although replaced", modReplacing(swap("example.com/a/v1", "", "./x", "")), require("example.com/a/v1", "v1.0.0"),
			"stop, bad path: version \"v1.0.0\" invalid: malformed module path \"example.com/a/v1\"\n",
		},
		{
			"branch, although replaced", modReplacing(swap(a, "", "./x", "")), require(a, "master"), "query\n" + direct,
		},
		{
			"shortened version",
			modWith(nil),
			gomod.Requirement{Mod: one, Written: "v1.0"},
			"fetch example.com/a@v1.0\nquery\n" + direct,
		},
		{
			"used by go.work", workWith(route.Work{}), require("example.com/used", "v0.0.0"),
			"by go.work use\ndirectory /used (go.work uses ./used)\n",
		},
		{
			"used before replaced", workWith(route.Work{}, swap("example.com/used", "", "./x", "")), require("example.com/used", "v1.0.0"),
			"by go.work use\ndirectory /used (go.work uses ./used)\n",
		},
		{
			"replaced by go.work", workWith(route.Work{
				Replaces: []route.WorkReplace{{Replace: swap(a, "v1.0.0", "./mod", ""), Dir: "/m"}},
			}, swap(a, "", "./work", "")), require(a, "v1.0.0"),
			"fetch ./work\nby go.work replace\ndirectory /work (go.work replaces example.com/a with ./work)\n",
		},
		{
			"replaced by a module of the workspace", workWith(route.Work{
				Replaces: []route.WorkReplace{{Replace: swap(a, "", "./x", ""), Dir: "/used"}},
			}), require(a, "v1.0.0"),
			"fetch ./x\nby go.mod replace\ndirectory /used/x (go.mod replaces example.com/a with ./x)\n",
		},
		{
			"one directory under two names in the workspace", workWith(route.Work{
				Replaces: []route.WorkReplace{
					{Replace: swap(a, "", "./x", ""), Dir: "/used"},
					{Replace: swap(a, "", "../used/x", ""), Dir: "/m"},
				},
			}), require(a, "v1.0.0"),
			"fetch ./x\nby go.mod replace\ndirectory /used/x (go.mod replaces example.com/a with ./x)\n",
		},
		{
			"conflict in the workspace", workWith(route.Work{
				Replaces: []route.WorkReplace{
					{Replace: swap(a, "", "./x", ""), Dir: "/used"},
					{Replace: swap(a, "", "./x", ""), Dir: "/m"},
				},
			}), require(a, "v1.0.0"),
			"by go.mod replace\nstop, bad replace: conflicting replacements for example.com/a:\n\t/used/x\n\t/m/x\nuse \"go work edit -replace example.com/a=[override]\" to resolve\n",
		},
		{
			"excluded by a module of the workspace", workWith(route.Work{Excludes: []gomod.Exclude{{Mod: one}}}), require(a, "v1.0.0"),
			"stop, excluded: dropping requirement on excluded version example.com/a v1.0.0\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := route.Plan(environ("GOPROXY=direct"), tt.module, tt.req)
			if diff := cmp.Diff(tt.want, drawn(r)); diff != "" {
				t.Errorf("route (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPlanVendor(t *testing.T) {
	const vendored = "vendor directory (vendor/modules.txt lists it)\n"
	all := func(module.Version) bool { return true }
	tests := []struct {
		name     string
		settings []string
		vendored func(module.Version) bool
		replaces []gomod.Replace
		want     string
	}{
		{"in the tree", nil, all, nil, vendored},
		{"in the tree, without a proxy", []string{"GOPROXY=,"}, all, nil, vendored},
		{"not in the tree", nil, func(module.Version) bool { return false }, nil, direct},
		{"empty tree", nil, nil, nil, direct},
		{"-mod=mod", []string{"GOFLAGS=-mod=mod"}, all, nil, direct},
		{
			"replaced by a module", nil,
			func(v module.Version) bool { return v.Path == "example.com/a" },
			[]gomod.Replace{swap("example.com/a", "", "example.com/b", "v1.0.0")},
			"fetch example.com/b@v1.0.0\nby go.mod replace\n" + vendored,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := modReplacing(tt.replaces...)
			m.Vendor, m.Vendored = "/m/vendor", tt.vendored
			r := route.Plan(environ(append([]string{"GOPROXY=direct"}, tt.settings...)...), m, require("example.com/a", "v1.0.0"))
			if diff := cmp.Diff(tt.want, drawn(r)); diff != "" {
				t.Errorf("route (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPlanToolchain(t *testing.T) {
	const (
		stop    = "stop, needs toolchain: "
		enough  = "stop, installed: the installed go1.26.1 is new enough\n"
		tooOld  = "go.mod requires go >= 1.99 (running go "
		skipped = "the toolchain line asks for a newer version"
		older   = "go1.26.1 is new enough"
		newer   = "the go line asks for a newer version"
		fixed   = "GOTOOLCHAIN does not let go change its version"
	)
	tests := []struct {
		name                       string
		setting, goLine, toolchain string
		// fetch is the toolchain on the way, stop what is said instead, refused
		// what the toolchain says then.
		fetch, stop, refused string
		line, idle           string
	}{
		{"old enough", "local", "1.26.1", "", "", enough, "", "go", fixed},
		{"local", "local", "1.99", "", "", stop + tooOld + "1.26.1; GOTOOLCHAIN=local)\n", "", "go", fixed},
		{"no setting", "", "1.99", "", "", stop + tooOld + "1.26.1)\n", "", "go", fixed},
		{"local minds no toolchain line", "local", "1.21", "go1.99.0", "", enough, "", "go", fixed},
		{"named", "go1.26.1", "1.99", "", "", stop + tooOld + "1.26.1; GOTOOLCHAIN=go1.26.1)\n", "", "go", fixed},
		{"named, of one's own", "go1.26.1-corp", "1.21", "", "go1.26.1-corp", "", "", "go", fixed},
		{"named and newer", "go1.99.0", "1.99", "", "go1.99.0", "", "", "go", fixed},
		{"named and too old", "go1.27.0", "1.99", "", "go1.27.0", "", tooOld + "1.27.0; GOTOOLCHAIN=go1.27.0)", "go", fixed},
		{"named and too old to mind", "go1.20.1", "1.99", "", "go1.20.1", "", "", "go", fixed},
		{"named, of another language", "go2.0", "1.21", "", "", "stop, bad setting: invalid GOTOOLCHAIN \"go2.0\"\n", "", "go", fixed},
		{"auto", "auto", "1.99.2", "", "go1.99.2", "", "", "go", newer},
		{"auto, language version", "auto", "1.99", "", "go1.99.0", "", "", "go", newer},
		{"auto, toolchain line", "auto", "1.21", "go1.99.0-corp", "go1.99.0-corp", "", "", "toolchain", skipped},
		{"auto, go line after toolchain line", "auto", "1.99.2", "go1.98.0", "go1.99.2", "", "", "go", newer},
		{"auto, candidate", "auto", "1.99rc1", "", "go1.99rc1", "", "", "go", newer},
		{"auto, old enough", "auto", "1.21", "go1.22.0", "", enough, "", "go", older},
		{"path", "path", "1.99.0", "", "", stop + "cannot find \"go1.99.0\" in PATH\n", "", "go", newer},
		{"in PATH", "path", "1.98.0", "", "", "stop, installed: go1.98.0 is /bin/go1.98.0\n", "", "go", newer},
		{"in PATH, auto", "auto", "1.98.0", "", "", "stop, installed: go1.98.0 is /bin/go1.98.0\n", "", "go", newer},
		{"in PATH, too old", "go1.98.0", "1.99", "", "", stop + tooOld + "1.98.0; GOTOOLCHAIN=go1.98.0)\n", "", "go", fixed},
		{"pinned by auto", "auto", "1.99", "default", "", stop + tooOld + "1.26.1; go.mod sets toolchain default)\n", "", "go", "it leaves the choice to GOTOOLCHAIN"},
		{"pinned by a minimum", "go1.26.1+auto", "1.99", "default", "", stop + tooOld + "1.26.1; GOTOOLCHAIN=go1.26.1+auto; go.mod sets toolchain default)\n", "", "go", "it leaves the choice to GOTOOLCHAIN"},
		{"bad toolchain line", "auto", "1.21", "go1foo", "", stop + "invalid toolchain \"go1foo\" in go.mod\n", "", "go", ""},
		{"toolchain line that leads away", "auto", "1.21", "go1.99.0-a/../b", "", stop + "invalid toolchain \"go1.99.0-a/../b\" in go.mod\n", "", "go", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := modWith(func(f *gomod.File) {
				f.Go = &gomod.Version{Name: tt.goLine}
				if tt.toolchain != "" {
					f.Toolchain = &gomod.Version{Name: tt.toolchain}
				}
			})
			m.InPath = func(name string) string {
				if name == "go1.98.0" {
					return "/bin/" + name
				}
				return ""
			}
			env := environ("GOPROXY=direct", "GOTOOLCHAIN="+tt.setting)
			got := route.PlanToolchain(env, m)
			want := tt.stop
			if tt.fetch != "" {
				want = direct + "checksum database (go.sum cannot hold the hash of a toolchain) refused: checksum database disabled by GOSUMDB=off\n"
				if v := "v0.0.1-" + tt.fetch + ".linux-amd64"; got.Route.Mod.Version != v || got.Route.Toolchain != tt.fetch {
					t.Errorf("%s leads to %s, want %s", got.Route.Mod, got.Route.Toolchain, v)
				}
			}
			if diff := cmp.Diff(want, drawn(got.Route)); diff != "" {
				t.Errorf("route (-want +got):\n%s", diff)
			}
			if got.Line != tt.line || got.Idle != tt.idle || tt.fetch != "" && got.Route.Refused != tt.refused {
				t.Errorf("line %q, idle %q, refused %q", got.Line, got.Idle, got.Route.Refused)
			}
			// A requirement only minds what no toolchain in reach is content with.
			want = direct
			switch refused := strings.TrimPrefix(tt.stop, stop); {
			case tt.refused != "":
				want = stop + tt.refused + "\n"
			case strings.HasPrefix(tt.stop, "stop, bad") || strings.HasPrefix(refused, tooOld) || strings.HasPrefix(refused, "invalid"):
				want = tt.stop
			}
			if diff := cmp.Diff(want, drawn(route.Plan(env, m, require("example.com/a", "v1.0.0")))); diff != "" {
				t.Errorf("route of a requirement (-want +got):\n%s", diff)
			}
		})
	}
}

func TestExplicitToolchain(t *testing.T) {
	for v, want := range map[string]string{
		"1.99.0": "go1.99.0", "go1.99.0": "go1.99.0", "1.99": "go1.99.0", "1.20": "go1.20", "1.26.1": "", "go1.99.0-corp": "go1.99.0-corp",
	} {
		r, ok := route.ExplicitToolchain(environ("GOTOOLCHAIN=local"), route.Module{}, v)
		if !ok {
			t.Errorf("%s is no version", v)
		}
		if want == "" && r.Stop.Kind != route.Installed || want != "" && r.Mod.Version != "v0.0.1-"+want+".linux-amd64" {
			t.Errorf("%s leads to %s, %v", v, r.Mod, r.Stop)
		}
	}
	for _, v := range []string{"latest", "", "v1.26.0", "1.x"} {
		if r, ok := route.ExplicitToolchain(environ(), route.Module{}, v); ok {
			t.Errorf("%q leads to %s", v, r.Mod)
		}
	}
}

func TestPlanToolchainOfWork(t *testing.T) {
	m := workWith(route.Work{})
	m.Work.File.Go = &gomod.Version{Name: "1.99"}
	r := route.Plan(environ("GOTOOLCHAIN=local"), m, require("example.com/a", "v1.0.0"))
	want := "stop, needs toolchain: go.work requires go >= 1.99 (running go 1.26.1; GOTOOLCHAIN=local)\n"
	if diff := cmp.Diff(want, drawn(r)); diff != "" {
		t.Errorf("route (-want +got):\n%s", diff)
	}
}

func TestPlanUnknownToolchain(t *testing.T) {
	// Without a go command nothing is known of versions, so nothing is said.
	env := route.ParseEnv(route.Sources{Process: []string{"GOPROXY=direct", "GOMODCACHE=/cache", "GOSUMDB=off"}, OS: "linux"})
	m := modWith(func(f *gomod.File) { f.Go = &gomod.Version{Name: "1.99"} })
	if diff := cmp.Diff(direct, drawn(route.Plan(env, m, require("example.com/a", "v1.0.0")))); diff != "" {
		t.Errorf("route (-want +got):\n%s", diff)
	}
}
