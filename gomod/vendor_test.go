package gomod_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/gomod"
)

const vendoringMod = `module example.com/x

go 1.26.0

require (
	example.com/a v1.0.0
	example.com/b v1.1.0
	example.com/c v1.2.0 // indirect
)

replace example.com/b => ./b

replace example.com/c v1.2.0 => example.com/fork v1.3.0

replace example.com/unused => ../unused
`

const vendorText = `# example.com/a v1.0.0
## explicit; go 1.21
example.com/a
example.com/a/sub
# example.com/b v1.1.0 => ./b
## explicit
example.com/b
# example.com/c v1.2.0 => example.com/fork v1.3.0
## explicit; go 1.24.0
# example.com/d v1.0.0
## go 1.20
example.com/d
# something the go command does not know
## explicit
# example.com/b => ./b
# example.com/unused => ../unused
`

func mod(path, version string) module.Version {
	return module.Version{Path: path, Version: version}
}

func TestParseVendor(t *testing.T) {
	want := &gomod.VendorList{Modules: []gomod.Vendored{
		{Mod: mod("example.com/a", "v1.0.0"), Explicit: true, Go: "1.21", Provides: true},
		{Mod: mod("example.com/b", "v1.1.0"), Replacement: mod("./b", ""), Explicit: true, Provides: true},
		{Mod: mod("example.com/c", "v1.2.0"), Replacement: mod("example.com/fork", "v1.3.0"), Explicit: true, Go: "1.24.0"},
		{Mod: mod("example.com/d", "v1.0.0"), Go: "1.20", Provides: true},
		{Mod: mod("example.com/b", ""), Replacement: mod("./b", "")},
		{Mod: mod("example.com/unused", ""), Replacement: mod("../unused", "")},
	}}
	got := gomod.ParseVendor([]byte(vendorText))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestParseVendorWorkspace(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       bool
	}{
		{"first line", "## workspace\n# example.com/a v1.0.0\n", true},
		{"among others", "## later; workspace\n", true},
		{"no line end", "## workspace", true},
		{"second line", "# example.com/a v1.0.0\n## workspace\n", false},
		{"empty", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := gomod.ParseVendor([]byte(tt.text)).Workspace; got != tt.want {
				t.Errorf("Workspace = %t, want %t", got, tt.want)
			}
		})
	}
}

// details gives what an inconsistent vendor directory is refused for.
func details(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	var inconsistent *gomod.InconsistentVendor
	if !errors.As(err, &inconsistent) {
		t.Fatalf("error is %T: %v", err, err)
	}
	return inconsistent.Details
}

func TestConsistent(t *testing.T) {
	for _, tt := range []struct {
		name, mod, vendor string
		want              []string
	}{
		{name: "agree", mod: vendoringMod, vendor: vendorText},
		{name: "nothing vendored, nothing required", mod: "module example.com/x\n"},
		{
			name: "version changed", mod: "require example.com/a v1.1.0\n",
			vendor: "# example.com/a v1.0.0\n## explicit\nexample.com/a\n",
			want: []string{
				"example.com/a@v1.1.0: is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt",
				"example.com/a@v1.0.0: is marked as explicit in vendor/modules.txt, but not explicitly required in go.mod",
			},
		},
		{
			name: "explicit without packages may stay", mod: "",
			vendor: "# example.com/a v1.0.0\n## explicit\n",
		},
		{
			name: "the main module is not replaced", mod: "module example.com/x\nreplace example.com/x => ../y\n",
		},
		{
			name: "replaced later", mod: "require example.com/a v1.0.0\nreplace example.com/a => ../a\n",
			vendor: "# example.com/a v1.0.0\n## explicit\nexample.com/a\n",
			want:   []string{"example.com/a: is replaced in go.mod, but not marked as replaced in vendor/modules.txt"},
		},
		{
			name: "replaced otherwise", mod: "require example.com/a v1.0.0\nreplace example.com/a v1.0.0 => example.com/b v1.1.0\n",
			vendor: "# example.com/a v1.0.0 => ../a\n## explicit\nexample.com/a\n",
			want: []string{
				"example.com/a@v1.0.0: is replaced by example.com/b@v1.1.0 in go.mod, but marked as replaced by ../a in vendor/modules.txt",
			},
		},
		{
			name: "no longer replaced", mod: "require example.com/a v1.0.0\n",
			vendor: "# example.com/a v1.0.0 => ../a\n## explicit\nexample.com/a\n# example.com/a => ../a\n",
			want: []string{
				"example.com/a@v1.0.0: is marked as replaced in vendor/modules.txt, but not replaced in go.mod",
				"example.com/a: is marked as replaced in vendor/modules.txt, but not replaced in go.mod",
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := gomod.ParseVendor([]byte(tt.vendor)).Consistent(gomod.Parse([]byte(tt.mod)))
			if diff := cmp.Diff(tt.want, details(t, err)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestConsistentWork(t *testing.T) {
	const (
		work = "go 1.26.0\n\nuse (\n\t./a\n\t./b\n)\n\nreplace example.com/r => ../r\n"
		modA = "module example.com/a\n\nrequire (\n\texample.com/r v1.0.0\n\texample.com/s v1.0.0\n)\n\nreplace example.com/s => ../../s\n"
		modB = "module example.com/b\n\nrequire (\n\texample.com/t v1.0.0\n\texample.com/a v1.0.0\n)\n\nreplace example.com/a => ../a\n"
		// As "go work vendor" writes it.
		vendor = "## workspace\n" +
			"# example.com/r v1.0.0 => ../r\n## explicit; go 1.21\nexample.com/r\n" +
			"# example.com/s v1.0.0 => ../s\n## explicit; go 1.21\nexample.com/s\n" +
			"# example.com/t v1.0.0\n## explicit; go 1.21\nexample.com/t\n" +
			"# example.com/a v1.0.0 => ./a\n## explicit; go 1.26\n" +
			"# example.com/r => ../r\n# example.com/s => ../s\n"
	)
	for _, tt := range []struct {
		name, work, modB string
		want             []string
	}{
		{name: "agree", work: work, modB: modB},
		{
			name: "version changed", work: work, modB: strings.Replace(modB, "t v1.0.0", "t v1.1.0", 1),
			want: []string{
				"example.com/t@v1.1.0: is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt",
				"example.com/t@v1.0.0: is marked as explicit in vendor/modules.txt, but not explicitly required in a go.mod",
			},
		},
		{
			name: "replaced in a module", work: work, modB: modB + "\nreplace example.com/t => ./t\n",
			want: []string{"example.com/t: is replaced in b/go.mod, but not marked as replaced in vendor/modules.txt"},
		},
		{
			name: "replaced in the workspace", work: work + "replace example.com/s => example.com/fork v1.0.0\n", modB: modB,
			want: []string{"example.com/s: is replaced by example.com/fork@v1.0.0 in go.work, but marked as replaced by ../s in vendor/modules.txt"},
		},
		{
			name: "no longer replaced", work: strings.Replace(work, "replace", "// ", 1), modB: modB,
			want: []string{
				"example.com/r@v1.0.0: is marked as replaced in vendor/modules.txt, but not replaced in the workspace",
				"example.com/r: is marked as replaced in vendor/modules.txt, but not replaced in the workspace",
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := gomod.ParseVendor([]byte(vendor)).ConsistentWork(gomod.ParseWork([]byte(tt.work)), map[string]*gomod.File{
				"./a": gomod.Parse([]byte(modA)),
				"./b": gomod.Parse([]byte(tt.modB)),
			})
			if diff := cmp.Diff(tt.want, details(t, err)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
