//go:build unix

package e2e

import (
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// helix plays the installed Helix. Its screen is all that tells of it: a finding
// stands on its line, and its code in the list of findings.
func helix(t *testing.T, servers map[string]string) {
	program, err := exec.LookPath("hx")
	if err != nil {
		t.Skip("Helix is not installed: ", err)
	}
	s := newStage(t, servers)
	config := filepath.Join(s.home, ".config", "helix")
	s.write(filepath.Join(config, "languages.toml"), setup(t, "helix.md", "## languages.toml"), 0o644)
	// With a frame around it, one sees which entry of a menu is the first.
	s.write(filepath.Join(config, "config.toml"), "[editor]\npopup-border = \"all\"\nend-of-line-diagnostics = \"hint\"\ninline-diagnostics.cursor-line = \"disable\"\n", 0o644)
	c := s.screen(program, "go.mod")
	helixAwait(c, atFirst)
	helixChoose(c, "6", "GOPRIVATE")
	helixAwait(c, private)
	helixChoose(c, "9", "Replace")
	helixAwait(c, replaced)
	c.keys(":wq", "Enter")
	s.ended()
	s.inOrder()
}

// helixAwait waits until the lines with findings show one, and no others do, and
// until the list of findings has their codes.
func helixAwait(c *screen, want string) {
	c.t.Helper()
	codes := map[string]string{} // by the text of the line
	lines := strings.Split(before, "\n")
	for finding := range strings.FieldsSeq(want) {
		line, code, _ := strings.Cut(finding, ":")
		n, err := strconv.Atoi(line)
		if err != nil {
			c.t.Fatal(err)
		}
		codes[strings.TrimSpace(lines[n-1])] = code
	}
	c.wait(want, func(text string) bool {
		for line := range strings.Lines(before) {
			line = strings.TrimSpace(line)
			if _, message, shown := strings.Cut(text, line); line != "" {
				message, _, _ = strings.Cut(message, "\n")
				if !shown || (strings.TrimSpace(message) != "") != (codes[line] != "") {
					return false
				}
			}
		}
		return true
	})
	c.keys("Space", "d")
	c.wait("list of "+want, func(text string) bool {
		for _, code := range codes {
			if !strings.Contains(text, code) {
				return false
			}
		}
		return true
	})
	c.keys("Escape")
}

// helixChoose takes the fix from the menu on a line whose title has the words.
func helixChoose(c *screen, line, words string) {
	c.t.Helper()
	c.keys(":"+line, "Enter", "Space", "a")
	entry := -1
	c.wait("entry with "+words, func(text string) bool {
		entry = entryOf(text, words)
		return entry >= 0
	})
	// The first entry is chosen when the menu opens.
	for range entry {
		c.keys("C-n")
	}
	c.keys("Enter")
}

// entryOf gives the number, from 0, of the first entry with the words in a menu
// with a frame; -1 if there is none.
func entryOf(text, words string) int {
	n := -1
	for row := range strings.Lines(text) {
		switch {
		case strings.Contains(row, "┌"):
			n = 0
		case n >= 0 && strings.Contains(row, words):
			return n
		case n >= 0:
			n++
		}
	}
	return -1
}
