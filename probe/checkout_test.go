package probe_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/probe"
)

func TestCheckouts(t *testing.T) {
	top := t.TempDir()
	for name, text := range map[string]string{
		"lib/go.mod":             "// Package lib.\nmodule git.corp.example/lib // here\n",
		"lib/v2/go.mod":          "module \"git.corp.example/lib/v2\"\r\n",
		"lib/v2/deep/go.mod":     "module git.corp.example/too/deep\n",
		"lib/vendor/x/go.mod":    "module git.corp.example/vendored\n",
		"lib/.git/go.mod":        "module git.corp.example/hidden\n",
		"lib/testdata/go.mod":    "module git.corp.example/test\n",
		"none/go.mod":            "go 1.26\n",
		"dir/go.mod/file":        "",
		"home/src/own/go.mod":    "module git.corp.example/own\n",
		"home/Documents/go.mod":  "module git.corp.example/private\n",
		"elsewhere/other/go.mod": "module git.corp.example/other\n",
	} {
		name = filepath.Join(top, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	home := filepath.Join(top, "home")
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	in := func(name string) string { return filepath.Join(top, filepath.FromSlash(name)) }
	tests := []struct {
		name string
		dirs []string
		want []probe.Checkout
	}{
		{"two levels", []string{in("lib")}, []probe.Checkout{
			{"git.corp.example/lib", in("lib")},
			{"git.corp.example/lib/v2", in("lib/v2")},
			{"git.corp.example/too/deep", in("lib/v2/deep")},
		}},
		{"each once", []string{in("elsewhere"), in("elsewhere/other"), in("elsewhere") + "/."}, []probe.Checkout{
			{"git.corp.example/other", in("elsewhere/other")},
		}},
		{"below the home directory, but not there", []string{home, in("home/src")}, []probe.Checkout{
			{"git.corp.example/own", in("home/src/own")},
		}},
		{"no module", []string{in("none"), in("dir"), in("nowhere")}, nil},
		{"the top of the disk, a relative one", []string{filepath.VolumeName(top) + string(filepath.Separator), "testdata", "."}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, probe.Checkouts(t.Context(), test.dirs)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("called off", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if got := probe.Checkouts(ctx, []string{top}); got != nil {
			t.Errorf("found %v", got)
		}
	})
}
