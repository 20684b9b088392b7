package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/modreach/modreach/internal/fakenet"
)

// ciPage gives docs/ci.md and its blocks of code by language.
func ciPage(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("docs", "ci.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := map[string][]string{}
	for _, m := range regexp.MustCompile("(?s)\n```([a-z]+)\n(.*?\n)```\n").FindAllStringSubmatch(string(text), -1) {
		blocks[m[1]] = append(blocks[m[1]], m[2])
	}
	// The one command that stands in the text.
	for _, m := range regexp.MustCompile(`(?m)^    (modreach .*)$`).FindAllStringSubmatch(string(text), -1) {
		blocks["sh"] = append(blocks["sh"], m[1])
	}
	return blocks
}

// ourLine finds a command line of this program in a script of any kind.
var ourLine = regexp.MustCompile(`(?m)\bmodreach ((?:check|doctor)\b[^&|#\n]*)`)

// ciCommands gives the arguments of each command line of docs/ci.md.
func ciCommands(t *testing.T) [][]string {
	t.Helper()
	var all [][]string
	for _, blocks := range ciPage(t) {
		for _, block := range blocks {
			for _, m := range ourLine.FindAllStringSubmatch(block, -1) {
				all = append(all, strings.Fields(m[1]))
			}
		}
	}
	const least = 8
	if len(all) < least {
		t.Fatalf("%d command lines, want %d at least: %q", len(all), least, all)
	}
	return all
}

// TestCICommandsAreUnderstood wants that the program takes every command line.
func TestCICommandsAreUnderstood(t *testing.T) {
	hooks, err := os.ReadFile(".pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	entry := ourLine.FindStringSubmatch(string(hooks))
	if entry == nil {
		t.Fatal(".pre-commit-hooks.yaml has no command line")
	}
	for _, args := range append(ciCommands(t), strings.Fields(entry[1])) {
		root := rootCommand(strings.NewReader(""), io.Discard, io.Discard)
		cmd, rest, err := root.Find(goFlags(root, args))
		if err == nil {
			err = cmd.ParseFlags(rest)
		}
		if err == nil {
			err = cmd.ValidateArgs(cmd.Flags().Args())
		}
		if format := cmd.Flags().Lookup("format"); err != nil || !slices.Contains(append(formatNames(), doctorFormats...), format.Value.String()) {
			t.Errorf("%q: %v, format %s", args, err, format.Value)
		}
	}
}

// TestCIFiles wants that the pre-commit framework gives the hook what it is for.
func TestCIFiles(t *testing.T) {
	hooks, err := os.ReadFile(".pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^  files: (.*)$`).FindSubmatch(hooks)
	if m == nil {
		t.Fatal(".pre-commit-hooks.yaml says nothing of files")
	}
	files := regexp.MustCompile(string(m[1]))
	for name, want := range map[string]bool{
		"go.mod": true, "a/b/go.mod": true, "go.work": true, "a/go.work": true,
		"go.sum": false, "mygo.mod": false, "go.mod.orig": false, "a/go.mod/x": false, "goxmod": false,
	} {
		if got := files.MatchString(name); got != want {
			t.Errorf("%s is looked at: %t, want %t", name, got, want)
		}
	}
	id := regexp.MustCompile(`(?m)- id: (.*)$`)
	here, page := id.FindStringSubmatch(string(hooks)), ""
	for _, block := range ciPage(t)["yaml"] {
		page += block
		if strings.Contains(block, "\t") {
			t.Errorf("a tab in YAML:\n%s", block)
		}
	}
	if there := id.FindStringSubmatch(page); here == nil || there == nil || here[1] != there[1] {
		t.Errorf("the hook is %q here, and %q in docs/ci.md", here, there)
	}
}

// ciStage is a repository with a go.mod, and a proxy that has v1.0.0 of what it
// requires.
type ciStage struct {
	t       *testing.T
	program string
	dir     string
	env     []string
}

func newCIStage(t *testing.T) *ciStage {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the scripts are for a shell")
	}
	bin, home := t.TempDir(), t.TempDir()
	self, err := os.Executable()
	if err == nil {
		err = os.Symlink(self, filepath.Join(bin, "modreach"))
	}
	if err != nil {
		t.Fatal(err)
	}
	proxy := fakenet.New(t).Proxy(fakenet.HTTP)
	stock(proxy.Modules)
	s := &ciStage{t: t, program: filepath.Join(bin, "modreach"), dir: t.TempDir()}
	s.env = append(hermetic(home),
		runAsCommand+"=1", "GOENV=off", "GOPROXY="+proxy.URL(), "GOMODCACHE="+fakenet.ModCache(t), "GORACE=atexit_sleep_ms=10",
		"PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"),
		"GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b.example", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b.example",
	)
	// A child of the go command would write there while the test cleans up.
	s.write(filepath.Join(home, ".config", "go", "telemetry", "mode"), "off", 0o644)
	return s
}

func (s *ciStage) write(name, text string, mode os.FileMode) {
	s.t.Helper()
	if !filepath.IsAbs(name) {
		name = filepath.Join(s.dir, name)
	}
	err := os.MkdirAll(filepath.Dir(name), 0o755)
	if err == nil {
		err = os.WriteFile(name, []byte(text), mode)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// requires writes the go.mod of a folder.
func (s *ciStage) requires(folder, version string) {
	s.t.Helper()
	s.write(filepath.Join(folder, "go.mod"), "module example.org/main\n\ngo 1.21\n\nrequire example.com/a "+version+"\n", 0o644)
}

// run runs a program and gives all that it prints, and the exit code.
func (s *ciStage) run(program string, args ...string) (string, int) {
	s.t.Helper()
	cmd := exec.CommandContext(s.t.Context(), program, args...)
	cmd.Dir, cmd.Env = s.dir, s.env
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		s.t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

func (s *ciStage) git(args ...string) {
	s.t.Helper()
	if out, code := s.run("git", args...); code != 0 {
		s.t.Fatalf("git %q: %s", args, out)
	}
}

// TestCIChecksRun runs each check of docs/ci.md on a go.mod with one line that
// fails.
func TestCIChecksRun(t *testing.T) {
	for _, args := range ciCommands(t) {
		if args[0] != "check" {
			continue
		}
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			s := newCIStage(t)
			s.requires(".", "v1.9.9")
			out, code := s.run(s.program, args...)
			if code != exitFindings {
				t.Fatalf("exit code %d\n%s", code, out)
			}
			if i := slices.Index(args, "-o"); i >= 0 {
				text, err := os.ReadFile(filepath.Join(s.dir, args[i+1]))
				if err != nil {
					t.Fatal(err)
				}
				out = string(text)
			}
			if !strings.Contains(out, "version-not-found") {
				t.Errorf("it does not tell what is wrong:\n%s", out)
			}
		})
	}
}

// TestCIHook has the hook of docs/ci.md look at real commits.
func TestCIHook(t *testing.T) {
	var hook string
	for _, block := range ciPage(t)["sh"] {
		if strings.HasPrefix(block, "#!/bin/sh\n") {
			hook = block
		}
	}
	s := newCIStage(t)
	s.git("init", "-q")
	s.write(filepath.Join(".git", "hooks", "pre-commit"), hook, 0o755)
	commit := func(what string, taken bool) {
		t.Helper()
		s.git("add", "-A")
		out, code := s.run("git", "commit", "-q", "-m", what)
		if (code == 0) != taken {
			t.Fatalf("%s: git commit gives %d\n%s", what, code, out)
		}
		if !taken && !strings.Contains(out, "[version-not-found]") {
			t.Errorf("%s: it does not say why:\n%s", what, out)
		}
	}
	s.write("notes.txt", "Nothing of Go.\n", 0o644)
	commit("no go.mod", true)
	s.requires(".", "v1.0.0")
	s.requires("name with blanks", "v1.1.0")
	commit("what can be fetched", true)
	s.requires("name with blanks", "v1.9.9")
	commit("what cannot", false)
	s.git("reset", "-q")
	s.write("notes.txt", "More.\n", 0o644)
	s.git("add", "notes.txt")
	if out, code := s.run("git", "commit", "-q", "-m", "beside it"); code != 0 {
		t.Errorf("a go.mod that is no part of the commit stops it:\n%s", out)
	}
	s.git("rm", "-q", "--cached", "name with blanks/go.mod")
	if out, code := s.run("git", "commit", "-q", "-m", "a go.mod goes"); code != 0 {
		t.Errorf("a go.mod that is removed stops the commit:\n%s", out)
	}
}
