//go:build unix

package e2e

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// vim plays the installed Vim with ALE, whose status line tells the findings.
func vim(t *testing.T, servers map[string]string) {
	program, err := exec.LookPath("vim")
	if err == nil {
		err = exec.CommandContext(t.Context(), program, "-N", "-u", "NONE", "-i", "NONE", "-es", "-c", "packadd ale", "-c", "qall!").Run()
	}
	if err != nil {
		t.Skip("not both of Vim and ALE are installed: ", err)
	}
	s := newStage(t, servers)
	vimrc := filepath.Join(s.home, ".vimrc")
	s.write(vimrc, "set nocompatible nobackup noswapfile hidden\npackadd ale\nfiletype plugin on\n"+setup(t, "vim.md", "## ALE"), 0o644)
	driver, err := filepath.Abs(filepath.Join("testdata", "ale.vim"))
	if err != nil {
		t.Fatal(err)
	}
	c := s.screen(program, "-N", "-u", vimrc, "-i", "NONE", "-S", driver, "go.mod")
	c.await("[" + atFirst + "]")
	vimChoose(c, "6", "GOPRIVATE")
	c.await("[" + private + "]")
	vimChoose(c, "9", "Replace")
	c.await("[" + replaced + "]")
	c.keys(":wq", "Enter")
	s.ended()
}

// vimChoose takes the fix from the menu on a line whose title has the words.
func vimChoose(c *screen, line, words string) {
	c.t.Helper()
	entry := regexp.MustCompile(`(?m)^(\d+)\) .*` + words)
	c.keys(":"+line, "Enter", "8|", ":ALECodeAction", "Enter")
	menu := c.wait("entry with "+words, func(text string) bool { return entry.MatchString(text) })
	c.keys(entry.FindStringSubmatch(menu)[1], "Enter")
}
