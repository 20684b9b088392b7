package trial_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/codeactions"
	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
	"github.com/modreach/modreach/sheet"
	"github.com/modreach/modreach/trial"
)

// TestToolchain has go kept from a toolchain that a go line asks for, and wants
// it allowed to fetch that where it is to be had, and by nobody's default.
func TestToolchain(t *testing.T) {
	const newer = "module example.org/main\n\ngo 1.99.0\n"
	tests := []struct {
		name, file string
		// process and user set GOTOOLCHAIN; published is what the proxy has.
		process, user string
		published     string
		want          []string
	}{
		{"by the user", newer, "", "local", "go1.99.0", []string{
			"modreach.setEnv: Let go fetch go1.99.0 with GOTOOLCHAIN=auto; it was found (now it is local, set in ENV, line 1, perhaps on purpose)",
			"modreach.setWorkspaceEnv: Let go fetch go1.99.0 with GOTOOLCHAIN=auto in this workspace; it was found (now it is local, set in ENV, line 1, perhaps on purpose)",
			"modreach.recheck: Check this file again now",
		}},
		{"by the process", newer, "path", "auto", "go1.99.0", []string{
			"modreach.setWorkspaceEnv: Let go fetch go1.99.0 with GOTOOLCHAIN=auto in this workspace; it was found (now it is path, set in the environment that the editor was started with, perhaps on purpose)",
			"modreach.recheck: Check this file again now",
		}},
		{"not published", newer, "", "local", "go1.98.0", []string{"modreach.recheck: Check this file again now"}},
		{"allowed already", newer, "", "auto", "go1.98.0", []string{"modreach.recheck: Check this file again now"}},
		{"against the file", newer + "\ntoolchain default\n", "", "local", "go1.99.0", []string{"modreach.recheck: Check this file again now"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := fakenet.New(t).Proxy(fakenet.HTTP)
			p.AddFiles(route.ToolchainModule, "v0.0.1-"+test.published+".linux-amd64", map[string]string{"bin/go": ""})
			tree, userEnv := filepath.Join(t.TempDir(), "tree"), filepath.Join(t.TempDir(), "env")
			p.WriteTree(tree)
			env := route.ParseEnv(route.Sources{
				OS: "linux", Home: t.TempDir(), UserPath: userEnv, UserFile: []byte("GOTOOLCHAIN=" + test.user + "\n"),
				// A directory alone needs no checksum database for a toolchain.
				Process: []string{"GOPROXY=file://" + filepath.ToSlash(tree), "GOSUMDB=off", "GOMODCACHE=" + t.TempDir(), "GOTOOLCHAIN=" + test.process},
				GoEnv:   map[string]string{"GOVERSION": "go1.26.8", "GOHOSTARCH": "amd64"},
			})
			m := route.Module{Dir: t.TempDir(), File: gomod.Parse([]byte(test.file))}
			now := trial.Run(t.Context(), probe.Options{Env: env}, m, []codeactions.Trial{{Toolchain: true}})
			s := sheet.New(env, m)
			findings := diagnostics.Find(s.Scene([]diagnostics.Verdict{now[0].Verdict}, diagnostics.Weather{}, time.Time{}))
			if len(findings) != 1 || findings[0].Code != diagnostics.ToolchainUnavailable {
				t.Fatalf("findings %+v", findings)
			}
			scene := codeactions.Scene{File: m.File, Env: env}
			scene.Tried = trial.Run(t.Context(), probe.Options{Env: env}, m, scene.AllTrials(findings))
			var got []string
			for _, fix := range scene.Fixes(findings[0]) {
				if fix.Preferred {
					t.Errorf("preferred: %s", fix.Text())
				}
				if !fix.Silences {
					got = append(got, strings.ReplaceAll(string(fix.Command.Name)+": "+fix.Text(), userEnv, "ENV"))
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
