//go:build unix

package probe

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestReadRegular reads nothing that has no end, or that is for one reader only.
func TestReadRegular(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := syscall.Mkfifo(at("pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{"endless": "/dev/zero", "null": os.DevNull, "linked": at("file")} {
		if err := os.Symlink(target, at(name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(at("file"), []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"file": "text", "linked": "text", "null": "", "pipe": "not a regular file", "endless": "not a regular file", ".": "is a directory", "none": "no such file",
	} {
		text, err := readWhole(at(name), 1<<20)
		got := string(text)
		if err != nil {
			got = err.Error()
		}
		if !strings.HasSuffix(got, want) && !strings.Contains(got, want) || err == nil && got != want {
			t.Errorf("%s gives %q, want %q", name, got, want)
		}
	}
	if err := os.WriteFile(at("large"), make([]byte, 1<<20+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readWhole(at("large"), 1<<20); err == nil || !strings.Contains(err.Error(), "larger than 1 MiB") {
		t.Errorf("a large file: %v", err)
	}
}

// TestOwnWords takes for git's own what the host has not written.
func TestOwnWords(t *testing.T) {
	own, quotes := ownWords("remote: see https://evil.example/a\n\tremote: and https://evil.example/b\nfatal: unable to access 'https://git.example/x/': 403\n")
	if want := "fatal: unable to access 'https://git.example/x/': 403\n"; own != want || !quotes {
		t.Errorf("%q, %t", own, quotes)
	}
	if _, quotes := ownWords("fatal: no\n"); quotes {
		t.Error("nobody is quoted")
	}
}
