//go:build unix

package probe_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/modreach/modreach/probe"
)

// TestGoOfSettings asks the go command that the PATH of the settings leads to.
func TestGoOfSettings(t *testing.T) {
	dir := writeTree(t, map[string]string{"go": "#!/bin/sh\necho '{\"GOVERSION\": \"go1.99.9\"}'\n"})
	if err := os.Chmod(filepath.Join(dir, "go"), 0o755); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{dir + ":" + os.Getenv("PATH"): "go1.99.9", t.TempDir(): ""} {
		env := probe.Environment(t.Context(), t.TempDir(), map[string]string{"PATH": path})
		if got := env.Get("GOVERSION").Value; got != want {
			t.Errorf("with PATH=%s it is %q, want %q", path, got, want)
		}
	}
}
