//go:build unix

package e2e

import (
	"path/filepath"
	"testing"
)

// emacs plays the installed Emacs with eglot.
func emacs(t *testing.T, servers map[string]string) {
	s := newStage(t, servers)
	init := filepath.Join(s.home, ".emacs.d", "init.el")
	s.write(init, setup(t, "emacs.md", "## eglot"), 0o644)
	s.env = append(s.env, expectations()...)
	driver, err := filepath.Abs(filepath.Join("testdata", "emacs.el"))
	if err != nil {
		t.Fatal(err)
	}
	// In batch mode Emacs loads no init file by itself.
	s.run(find(t, "emacs"), "--batch", "-f", "package-initialize", "-l", init, "-l", driver)
}
