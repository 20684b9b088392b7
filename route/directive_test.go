package route_test

import (
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
	const stop = "stop, needs toolchain: "
	tests := []struct {
		name                       string
		setting, goLine, toolchain string
		want                       string
	}{
		{"old enough", "local", "1.26.1", "", direct},
		{"local", "local", "1.99", "", stop + "go.mod requires go >= 1.99 (running go 1.26.1; GOTOOLCHAIN=local)\n"},
		{"no setting", "", "1.99", "", stop + "go.mod requires go >= 1.99 (running go 1.26.1)\n"},
		{"local minds no toolchain line", "local", "1.21", "go1.99.0", direct},
		{"named", "go1.26.1", "1.99", "", stop + "go.mod requires go >= 1.99 (running go 1.26.1; GOTOOLCHAIN=go1.26.1)\n"},
		{"named and newer", "go1.99.0", "1.99", "", stop + "go1.99.0\n" + direct},
		{"named and too old", "go1.27.0", "1.99", "", stop + "go.mod requires go >= 1.99 (running go 1.27.0; GOTOOLCHAIN=go1.27.0)\n"},
		{"auto", "auto", "1.99.2", "", stop + "go1.99.2\n" + direct},
		{"auto, language version", "auto", "1.99", "", stop + "go1.99.0\n" + direct},
		{"auto, toolchain line", "auto", "1.21", "go1.99.0-corp", stop + "go1.99.0-corp\n" + direct},
		{"auto, go line after toolchain line", "auto", "1.99.2", "go1.98.0", stop + "go1.99.2\n" + direct},
		{"auto, candidate", "auto", "1.99rc1", "", stop + "go1.99rc1\n" + direct},
		{"auto, old enough", "auto", "1.21", "go1.22.0", direct},
		{"path", "path", "1.99.0", "", stop + "go1.99.0\n" + direct},
		{"pinned by auto", "auto", "1.99", "default", stop + "go.mod requires go >= 1.99 (running go 1.26.1; go.mod sets toolchain default)\n"},
		{"pinned by a minimum", "go1.26.1+auto", "1.99", "default", stop + "go.mod requires go >= 1.99 (running go 1.26.1; GOTOOLCHAIN=go1.26.1+auto; go.mod sets toolchain default)\n"},
		{"bad toolchain line", "auto", "1.21", "go1foo", stop + "invalid toolchain \"go1foo\" in go.mod\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := modWith(func(f *gomod.File) {
				f.Go = &gomod.Version{Name: tt.goLine}
				if tt.toolchain != "" {
					f.Toolchain = &gomod.Version{Name: tt.toolchain}
				}
			})
			env := environ("GOPROXY=direct", "GOTOOLCHAIN="+tt.setting)
			r := route.Plan(env, m, require("example.com/a", "v1.0.0"))
			if diff := cmp.Diff(tt.want, drawn(r)); diff != "" {
				t.Errorf("route (-want +got):\n%s", diff)
			}
		})
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
