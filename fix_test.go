package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/modfile"

	"github.com/modreach/modreach/gomod"
)

// TestFixKeepsTheRest mends files of every form, and wants all but the words that
// are wrong as they were, also by the patch that -diff prints. A second run has
// nothing to do.
func TestFixKeepsTheRest(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	mended := strings.NewReplacer(`"v1.9.9"`, "v1.1.0", `"../gone"`, "../lib", "v1.9.9", "v1.1.0", "../gone", "../lib", "example.com/fork v1.8.0", "example.com/fork v1.0.0")
	const plain = "module example.org/main\n\ngo 1.21\n\nrequire example.com/a v1.9.9\nrequire example.com/lib v1.0.0\n\nreplace example.com/lib => ../gone\n"
	forms := []struct{ name, text string }{
		{"plain", plain},
		{"Windows", strings.ReplaceAll(plain, "\n", "\r\n")},
		{"no last newline", strings.TrimSuffix(plain, "\n")},
		{"Windows without a last newline", strings.TrimSuffix(strings.ReplaceAll(plain, "\n", "\r\n"), "\r\n")},
		{"blocks", "module example.org/main\n\ngo 1.21\n\nrequire (\n\texample.com/a v1.9.9\n\texample.com/lib v1.0.0\n)\n\nreplace (\n\texample.com/lib => ../gone\n)\n"},
		{"blanks", "module   example.org/main\n\n\n\ngo\t1.21\n\nrequire(\n  example.com/a    v1.9.9   \n\n\n\texample.com/lib\tv1.0.0\n)\n\nreplace   example.com/lib   =>   ../gone   \n\n\n"},
		{"comments", "// Package main.\nmodule example.org/main // the module\n\ngo 1.21 // old enough\n\n// What it needs:\nrequire ( // all of it\n\t// v1.9.9 is the newest.\n\texample.com/a v1.9.9 // indirect\n\n\t// Ours.\n\texample.com/lib v1.0.0 // indirect; ours\n\t// The end.\n)\n\n// Until it is released.\nreplace example.com/lib => ../gone // see below\n\n// below\n"},
		{"quoted", "module \"example.org/main\"\n\ngo 1.21\n\nrequire (\n\t\"example.com/a\" \"v1.9.9\"\n\texample.com/lib v1.0.0\n)\n\nreplace \"example.com/lib\" => \"../gone\"\n"},
		{"one replaced by a module", "module example.org/main\n\ngo 1.21\n\nrequire example.com/b v1.0.0\n\nreplace (\n\texample.com/b v1.0.0 => example.com/fork v1.8.0 // for now\n)\n"},
	}
	program := build(t)
	for _, form := range forms {
		t.Run(form.name, func(t *testing.T) {
			t.Parallel()
			text := form.text
			want := mended.Replace(text)
			// What stands in a comment is nobody's business.
			want = strings.ReplaceAll(want, "// v1.1.0 is", "// v1.9.9 is")
			w := scenario{gomod: text, env: "GOPROXY=$A", set: func(w *world) { w.write("../lib/go.mod", "module example.com/lib\n") }}.world(t)
			file := filepath.Join(w.dir, "go.mod")
			if runtime.GOOS != "windows" {
				if err := os.Chmod(file, 0o640); err != nil {
					t.Fatal(err)
				}
			}
			patch := w.run(program, exitFindings, "fix", "-diff")
			if got := w.patched(text, patch); got != want {
				t.Errorf("what -diff prints makes of it (-want +got):\n%s", cmp.Diff(want, got))
			}
			w.run(program, exitClean, "fix")
			got, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if _, err := modfile.Parse("go.mod", got, nil); err != nil {
				t.Errorf("the go command cannot read it: %v", err)
			}
			if info, err := os.Stat(file); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
				t.Errorf("mode %v, %v", info.Mode(), err)
			}
			if again := w.run(program, exitClean, "fix", "-diff"); again != "" {
				t.Errorf("a second run would change:\n%s", again)
			}
		})
	}
}

// run runs the program in the world, wants an exit code, and gives what it
// prints.
func (w *world) run(program string, code int, args ...string) string {
	w.t.Helper()
	cmd := exec.CommandContext(w.t.Context(), program, args...)
	cmd.Dir = w.dir
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "GOMODCACHE=" + w.cache}, hermetic(w.home)...)
	cmd.Env = append(cmd.Env, w.env...)
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if got := cmd.ProcessState.ExitCode(); got != code {
		w.t.Errorf("%v: exit code %d, want %d: %v\n%s%s", args, got, code, err, out, errs.String())
	}
	return string(out)
}

// patched gives what git makes of a go.mod by a patch.
func (w *world) patched(text, patch string) string {
	w.t.Helper()
	dir := w.t.TempDir()
	file := filepath.Join(dir, "go.mod")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	cmd := exec.CommandContext(w.t.Context(), "git", "apply", "-p1", "-")
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(patch)
	cmd.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir))
	if out, err := cmd.CombinedOutput(); err != nil {
		w.t.Errorf("git apply: %v\n%s\n%s", err, out, patch)
	}
	got, err := os.ReadFile(file)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(got)
}

// TestFixWritesNothing has something in the way of writing, and wants every file
// as it is then.
func TestFixWritesNothing(t *testing.T) {
	const text = "module example.org/main\n\ngo 1.21\n\nrequire example.com/a v1.0.0\n"
	tests := []struct {
		name, fault string
		// before happens after the files were read; edit gives what is wrong with
		// what would be written.
		before func(dir string) error
		edit   func(f *gomod.File) gomod.Edit
	}{
		{"changed meanwhile", "go.mod: it has changed meanwhile; no file was written", func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "go.mod"), []byte(text+"// more\n"), 0o600)
		}, nil},
		{"gone meanwhile", "go.mod: no such file or directory", func(dir string) error { return os.Remove(filepath.Join(dir, "go.mod")) }, nil},
		{"not to be read", "go.mod: the go command could not read what would be written; no file was", nil, func(f *gomod.File) gomod.Edit {
			return gomod.Edit{Span: f.Requires[0].Version, Text: "((("}
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			name := filepath.Join(dir, "go.mod")
			if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			t.Chdir(dir)
			targets, err := one(dir, name)
			if err != nil {
				t.Fatal(err)
			}
			m := newMender(&fixFlags{}, dir, targets, io.Discard)
			f := gomod.Parse(targets[0].text)
			e := f.SetVersion(f.Requires[0], "v1.1.0")
			if test.edit != nil {
				e = test.edit(f)
			}
			if err := m.edit(name, []gomod.Edit{e}); err != nil {
				t.Fatal(err)
			}
			if test.before != nil {
				if err := test.before(dir); err != nil {
					t.Fatal(err)
				}
			}
			before, _ := os.ReadFile(name) // it may be gone
			if err := m.save(); err == nil || err.Error() != test.fault {
				t.Errorf("error %v, want %s", err, test.fault)
			}
			if after, _ := os.ReadFile(name); string(before) != string(after) {
				t.Errorf("it was changed: %s", after)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "*.tmp")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}
