//go:build unix

// Package e2e drives real editors, headless, with the set-ups that docs/editors
// tells their users to copy. It has tests only; make e2e runs them.
package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// asked is the variable that has the tests run: they want editors, which not
// every machine has.
const asked = "MODREACH_E2E"

// TestEditors has each editor open a go.mod behind a bad proxy, show what is
// wrong where, apply one fix that changes the settings of the go command and one
// that edits the file, see both findings go, save, and leave nothing behind.
func TestEditors(t *testing.T) {
	if os.Getenv(asked) == "" {
		t.Skip("make e2e runs it: it wants Neovim, Emacs and gopls")
	}
	program := filepath.Join(t.TempDir(), "modreach")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "..").CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	// Verbose, it logs the end of a session.
	alone := map[string]string{"modreach": "'" + program + "' \"$@\" -v"}
	beside := map[string]string{"modreach": alone["modreach"], "gopls": "'" + find(t, "gopls") + "' \"$@\""}
	t.Run("neovim", func(t *testing.T) { neovim(t, alone) })
	t.Run("neovim beside gopls", func(t *testing.T) { neovim(t, beside) })
	t.Run("emacs", func(t *testing.T) { emacs(t, alone) })
	t.Run("vim beside gopls", func(t *testing.T) { vim(t, beside) })
	t.Run("helix beside gopls", func(t *testing.T) { helix(t, beside) })
}

// find gives the path of a program that has to be there.
func find(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		t.Fatalf("%v; .ci/run installs it", err)
	}
	return path
}

// setup gives what a page of docs/editors has its reader copy: the first block
// of code below a heading.
func setup(t *testing.T, page, heading string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "docs", "editors", page))
	if err != nil {
		t.Fatal(err)
	}
	_, below, found := strings.Cut(string(text), "\n"+heading+"\n")
	block := fenced.FindStringSubmatch(below)
	if !found || block == nil {
		t.Fatalf("%s has no block of code below %q", page, heading)
	}
	return block[1]
}

var fenced = regexp.MustCompile("(?s)\n```[a-z]+\n(.*?\n)```\n")

// expectations tells the driver of an editor what to wait for.
func expectations() []string {
	return []string{"E2E_AT_FIRST=" + atFirst, "E2E_PRIVATE=" + private, "E2E_REPLACED=" + replaced}
}
