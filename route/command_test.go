package route_test

import (
	"cmp"
	"os/exec"
	"testing"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/route"
)

// TestCommand wants commands that can be pasted, whoever has written the names.
func TestCommand(t *testing.T) {
	tests := []struct {
		name          string
		path, version string
		required      module.Version // if another
		hops          []route.Hop
		toolchain     string
		want          string
	}{
		{name: "a module", path: "example.com/a", version: "v1.0.0+incompatible", want: "go mod download -x example.com/a@v1.0.0+incompatible"},
		{name: "a branch", path: "gopkg.in/~a.v2", version: "feature/x", want: "go mod download -x gopkg.in/~a.v2@feature/x"},
		{name: "a directory", path: "example.com/a", version: "v1.0.0", hops: []route.Hop{{Kind: route.Directory}}, want: "go list -m example.com/a"},
		{name: "vendored", path: "example.com/a;b", version: "v1.0.0", hops: []route.Hop{{Kind: route.Vendor}}, want: "go list -m 'example.com/a;b'"},
		{name: "a toolchain", toolchain: "go1.99.0", want: "GOTOOLCHAIN=go1.99.0 go version"},
		{name: "a toolchain with a program", toolchain: "go1.99.0-$(id)", want: "GOTOOLCHAIN='go1.99.0-$(id)' go version"},
		{name: "a second command", path: "example.com/a;id", version: "v1.0.0", want: "go mod download -x 'example.com/a;id@v1.0.0'"},
		{name: "a program in a version", path: "example.com/a", version: "$(id)", want: "go mod download -x 'example.com/a@$(id)'"},
		{name: "a home", path: "~root/a", version: "v1.0.0", want: "go mod download -x '~root/a@v1.0.0'"},
		{name: "letters of elsewhere", path: "example.com/é", version: "v1.0.0", want: "go mod download -x 'example.com/é@v1.0.0'"},
		{name: "replaced with no version", path: "nowhere", required: module.Version{Path: "example.com/a", Version: "v1.0.0"}, want: "go mod download -x example.com/a@v1.0.0"},
		{name: "a flag", path: "-modcacherw", version: "v1.0.0"},
		{name: "no module", version: "v1.0.0"},
		{name: "a quote", path: "example.com/a'b", version: "v1.0.0"},
		{name: "a double quote", path: "example.com/a", version: "v1\"0"},
		{name: "a typographic quote", path: "example.com/a’;id", version: "v1.0.0"},
		{name: "a back quote", path: "example.com/a", version: "`id`"},
		{name: "a second line", path: "example.com/a", version: "v1.0.0\nid"},
		{name: "an escape", path: "example.com/a", version: "v1.0.0\x1b[2J"},
		{name: "written backwards", path: "example.com/\u202ea", version: "v1.0.0"},
		{name: "cmd.exe", path: "example.com/a&calc", version: "v1.0.0"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			mod := module.Version{Path: test.path, Version: test.version}
			r := route.Route{Required: cmp.Or(test.required, mod), Mod: mod, Hops: test.hops, Toolchain: test.toolchain}
			if got := r.Command(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestCommandInShell pastes commands into a shell, which has to hand the go
// command the very words that the file has.
func TestCommandInShell(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh")
	}
	for _, path := range []string{"example.com/a", "a b", "a;id", "$(id)", "${HOME}", "~", "*", "#a", "{a,b}", "(a)", "a=b", "?", "[a]"} {
		mod := module.Version{Path: path, Version: "v1.0.0"}
		script := "go() { printf '%s\\n' \"$@\"; }; " + route.Route{Required: mod, Mod: mod}.Command()
		out, err := exec.CommandContext(t.Context(), shell, "-c", script).Output()
		if want := "mod\ndownload\n-x\n" + path + "@v1.0.0\n"; err != nil || string(out) != want {
			t.Errorf("%s: %v, go was called with\n%swant\n%s", script, err, out, want)
		}
	}
}
