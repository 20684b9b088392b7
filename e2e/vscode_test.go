//go:build unix

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// askedVSCode is the variable that has VS Code played; it names the package of
// the extension to install.
const askedVSCode = "MODREACH_E2E_VSCODE"

// mended is the file when VS Code has applied a fix to each line that needs one.
const mended = `module example.org/shop

go 1.21

require (
	corp.example/billing v1.2.0
	example.com/mail v1.8.1
	example.com/ok v1.0.0
	example.com/tools v1.0.0
)

replace example.com/tools => ../tools
`

// TestVSCode has a real VS Code, in a browser without a screen, install the
// extension and use it.
func TestVSCode(t *testing.T) {
	if os.Getenv(askedVSCode) == "" {
		t.Skip("make e2e-vscode runs it: it wants VS Code, Chromium and the packages")
	}
	t.Run("alone", func(t *testing.T) {
		s := vscode(t, "alone")
		if diff := cmp.Diff(mended, s.read(filepath.Join(s.dir, "go.mod"))); diff != "" {
			t.Errorf("the file (-want +got):\n%s", diff)
		}
		const settings = "{\n    \"modreach.env\": {\n        \"GOPRIVATE\": \"corp.example\"\n    }\n}"
		if diff := cmp.Diff(settings, s.read(filepath.Join(s.dir, ".vscode", "settings.json"))); diff != "" {
			t.Errorf("the settings of the workspace (-want +got):\n%s", diff)
		}
	})
	t.Run("beside", func(t *testing.T) {
		s := vscode(t, "beside")
		var settings map[string]any
		if err := json.Unmarshal([]byte(s.read(filepath.Join(s.dir, ".vscode", "settings.json"))), &settings); err != nil {
			t.Fatal(err)
		}
		private := map[string]any{"GOPRIVATE": "corp.example"}
		if diff := cmp.Diff(map[string]any{"go.toolsEnvVars": private, "modreach.env": private}, settings); diff != "" {
			t.Errorf("the settings of the workspace (-want +got):\n%s", diff)
		}
	})
	t.Run("restricted", func(t *testing.T) {
		s := vscode(t, "restricted")
		if asked := s.proxy.Requests(); len(asked) > 0 {
			t.Errorf("the proxy was asked before there was trust: %v", asked)
		}
	})
	t.Run("trusted", func(t *testing.T) { vscode(t, "trusted") })
	t.Run("missing", func(t *testing.T) { vscode(t, "missing") })
	t.Run("bare", func(t *testing.T) { vscode(t, "bare") })
}

// vscode plays one of the plays of extension/e2e.
func vscode(t *testing.T, play string) *stage {
	t.Helper()
	s := newStage(t, nil)
	bare := filepath.Join(s.home, "bare")
	s.write(filepath.Join(bare, "notes.txt"), "Nothing of Go.\n", 0o644)
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	s.env = append(append(s.env, expectations()...),
		"E2E_PACKAGES="+os.Getenv(askedVSCode), "E2E_FOLDER="+s.dir, "E2E_BARE="+bare,
		"E2E_PICTURES="+filepath.Join(root, "dist", "e2e", "pictures"), "CHROMIUM="+os.Getenv("CHROMIUM"),
	)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, find(t, "node"), filepath.Join("dist", "e2e", "play.mjs"), play)
	cmd.Dir, cmd.Env, cmd.WaitDelay = root, s.env, time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	t.Logf("%s\n%s", play, &out)
	if err != nil {
		t.Fatal(errors.Join(err, ctx.Err()))
	}
	return s
}
