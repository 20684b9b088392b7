package server_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/internal/lsptest"
	"github.com/modreach/modreach/server"
)

// TestAddPrivate has the real go command write, and sees that what it wrote is
// in force at once. Nobody is asked over the network.
func TestAddPrivate(t *testing.T) {
	home := t.TempDir()
	goEnv := filepath.Join(home, "env")
	if err := os.WriteFile(goEnv, []byte("GOPRIVATE=old.example\nGOFLAGS=-mod=mod\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOME", home)
	t.Setenv("GOENV", goEnv)
	for _, name := range []string{"GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOFLAGS"} {
		t.Setenv(name, "")
	}
	e := start(t, server.Options{})
	e.Initialize(map[string]any{
		"capabilities": map[string]any{}, "initializationOptions": map[string]any{"network": "cached"},
	})
	uri := "file://" + filepath.ToSlash(home) + "/go.mod"
	e.Open(uri, "module example.com/m\n\nrequire git.corp.example/lib v1.0.0\n")
	order := map[string]any{"uri": uri, "settings": []string{"GOPRIVATE"}, "pattern": "git.corp.example"}
	params := map[string]any{"command": "modreach.addPrivate", "arguments": []any{order}}
	e.Call("workspace/executeCommand", params, nil)

	text, err := os.ReadFile(goEnv)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("GOFLAGS=-mod=mod\nGOPRIVATE=old.example,git.corp.example\n", string(text)); diff != "" {
		t.Errorf("the file (-want +got):\n%s", diff)
	}
	// A link is there as soon as the module counts as private.
	var links []struct{ Target string }
	document := map[string]any{"textDocument": map[string]any{"uri": uri}}
	for len(links) == 0 {
		e.Call("textDocument/documentLink", document, &links)
	}

	e.Call("workspace/executeCommand", params, nil)
	again, err := os.ReadFile(goEnv)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(text), string(again)); diff != "" {
		t.Errorf("adding it twice (-once +twice):\n%s", diff)
	}

	t.Setenv("GOPRIVATE", "process.example")
	want := &lsptest.Error{
		Code:    -32803,
		Message: "GOPRIVATE is set in the environment or in the editor's settings, and go env -w would have no effect: change it there",
	}
	if diff := cmp.Diff(want, e.Wait(e.Send("workspace/executeCommand", params)).Error); diff != "" {
		t.Errorf("shadowed (-want +got):\n%s", diff)
	}
	e.Shutdown()
	if err := e.Exit(); err != nil {
		t.Error(err)
	}
}
