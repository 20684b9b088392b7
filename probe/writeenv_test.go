package probe_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/probe"
)

func TestWriteEnv(t *testing.T) {
	name := filepath.Join(t.TempDir(), "env")
	if err := os.WriteFile(name, []byte("GOPROXY=off\nGOPRIVATE=old.example\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	env := probe.EnvironmentOfFiles(map[string]string{"GOENV": name})
	err := probe.WriteEnv(t.Context(), env, map[string]string{"GOPRIVATE": "old.example,git.corp.example", "GONOPROXY": "none"})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	want := "GONOPROXY=none\nGOPRIVATE=old.example,git.corp.example\nGOPROXY=off\n"
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("the file (-want +got):\n%s", diff)
	}
}

func TestWriteEnvFails(t *testing.T) {
	name := filepath.Join(t.TempDir(), "env")
	tests := []struct {
		name     string
		settings map[string]string
		want     string
	}{
		{"no file", map[string]string{"GOENV": "off"}, "GOENV is off"},
		{"no go command", map[string]string{"GOENV": name, "PATH": t.TempDir()}, "executable file not found"},
		{"a file that is a folder", map[string]string{"GOENV": filepath.Dir(name)}, "is a directory"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := probe.WriteEnv(t.Context(), probe.EnvironmentOfFiles(test.settings), map[string]string{"GOPRIVATE": "a.example"})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v", err)
			}
		})
	}
}
