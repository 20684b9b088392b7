//go:build unix

package e2e

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
)

// neovimVersion matches the first line of nvim --version.
var neovimVersion = regexp.MustCompile(`^NVIM v0\.(\d+)\.`)

// neovim plays the installed Neovim with the set-up that is told for its version.
func neovim(t *testing.T, servers map[string]string) {
	program := find(t, "nvim")
	out, err := exec.CommandContext(t.Context(), program, "--version").Output()
	if err != nil {
		t.Fatal(err)
	}
	found := neovimVersion.FindSubmatch(out)
	if found == nil {
		t.Fatalf("no version that is known: %s", out)
	}
	minor, err := strconv.Atoi(string(found[1]))
	if err != nil {
		t.Fatal(err)
	}
	heading := "## Neovim 0.7"
	switch {
	case minor >= 11:
		heading = "## Neovim 0.11 and later"
	case minor >= 8:
		heading = "## Neovim 0.8 to 0.10"
	}
	s := newStage(t, servers)
	init := setup(t, "neovim.md", heading)
	if _, ok := servers["gopls"]; ok {
		s.env = append(s.env, "E2E_BESIDE=gopls")
		init += setup(t, "neovim.md", "### gopls, "+heading[len("## "):])
	}
	s.write(filepath.Join(s.home, ".config", "nvim", "init.lua"), init, 0o644)
	s.env = append(s.env, expectations()...)
	driver, err := filepath.Abs(filepath.Join("testdata", "neovim.lua"))
	if err != nil {
		t.Fatal(err)
	}
	s.run(program, "--headless", "-i", "NONE", "-n", "-c", "luafile "+driver)
}
