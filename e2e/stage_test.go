//go:build unix

package e2e

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/modfile"

	"github.com/modreach/modreach/internal/fakenet"
)

// before is the file that every editor opens. Of its four modules the proxy has
// only the third: the first is in a repository of its own, the second has no
// such version, and the last is checked out next to the module.
const before = `module example.org/shop

go 1.21

require (
	corp.example/billing v1.2.0
	example.com/mail v1.9.9
	example.com/ok v1.0.0
	example.com/tools v1.0.0
)
`

// after is what it is to be when GOPRIVATE has its pattern and the last line
// its replace.
const after = before + `
replace example.com/tools => ../tools
`

// What an editor has to show, as LINE:CODE, one after the other: at first, with
// the fix for corp.example, and with the one for example.com/tools as well.
const (
	atFirst  = "6:module-not-found 7:version-not-found 9:module-not-found"
	private  = "7:version-not-found 9:module-not-found"
	replaced = "7:version-not-found"
)

// patience bounds one run of an editor, start and end included. On an idle
// machine it takes seconds; the rest is for a busy one.
const patience = 3 * time.Minute

// stage is what an editor plays on: a home, a workspace, a network with a bad
// proxy, and the servers under their usual names.
type stage struct {
	t testing.TB
	// home holds the settings of the editor and of the go command, dir the
	// go.mod.
	home, dir string
	// logs holds what the servers wrote to standard error, a file for each.
	logs string
	env  []string
	net  *fakenet.Net
	// proxy is the bad one.
	proxy *fakenet.Proxy
	// alive ends when the last server and all it has started are gone: each
	// of them holds the other end of the pipe open.
	alive *os.File
}

// newStage sets up for one editor. servers are command lines of the shell that
// take the arguments of the editor as "$@", by the name the editor calls.
func newStage(t testing.TB, servers map[string]string) *stage {
	t.Helper()
	top := t.TempDir()
	s := &stage{t: t, home: filepath.Join(top, "home"), dir: filepath.Join(top, "src", "shop"), logs: filepath.Join(top, "logs")}
	n := fakenet.New(t)
	s.net, s.proxy = n, badProxy(t, n)
	s.env = append(n.Env(), n.HTTPProxy().Env()...)
	s.env = append(s.env,
		"PATH="+filepath.Join(top, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"),
		"TERM=xterm", "LANG=C.UTF-8", "TMPDIR="+t.TempDir(),
		"HOME="+s.home, "XDG_CONFIG_HOME="+filepath.Join(s.home, ".config"), "XDG_STATE_HOME="+filepath.Join(s.home, "state"),
		"XDG_DATA_HOME="+filepath.Join(s.home, "data"), "XDG_CACHE_HOME="+filepath.Join(s.home, "cache"),
		"GOPATH="+filepath.Join(s.home, "gopath"), "GOMODCACHE="+fakenet.ModCache(t),
		"GOPROXY="+s.proxy.URL(), "GOSUMDB=off", "GOTOOLCHAIN=local", "GOFLAGS=",
		"GIT_CONFIG_NOSYSTEM=1", "GIT_TERMINAL_PROMPT=0",
	)
	// A child of the go command would write there while the test cleans up.
	s.write(filepath.Join(s.home, ".config", "go", "telemetry", "mode"), "off", 0o644)
	s.write(filepath.Join(s.dir, "go.mod"), before, 0o644)
	s.write(filepath.Join(s.dir, "main.go"), "package main\n\nimport _ \"example.com/ok\"\n\nfunc main() {}\n", 0o644)
	s.write(filepath.Join(top, "src", "tools", "go.mod"), "module example.com/tools\n\ngo 1.21\n", 0o644)

	fifo := filepath.Join(top, "alive")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	// Not to wait for somebody to write lets the runtime poll it later.
	alive, err := os.OpenFile(fifo, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { alive.Close() })
	s.alive = alive
	for name, command := range servers {
		script := "#!/bin/sh\nexec 9>'" + fifo + "' 2>>'" + filepath.Join(s.logs, name) + "'\nexec " + command + "\n"
		s.write(filepath.Join(top, "bin", name), script, 0o755)
		s.write(filepath.Join(s.logs, name), "", 0o644)
	}
	return s
}

// badProxy starts a proxy that lacks what the file requires, and the forge that
// has one of the modules.
func badProxy(t testing.TB, n *fakenet.Net) *fakenet.Proxy {
	billing := fakenet.NewRepo(t)
	billing.Commit(map[string]string{"go.mod": "module corp.example/billing\n\ngo 1.21\n", "billing.go": "package billing\n"})
	billing.Tag("v1.2.0")
	forge := n.Forge("corp.example")
	forge.Page("corp.example/billing", "corp.example/billing git https://corp.example/billing.git")
	forge.Git("billing.git", billing)

	p := n.Proxy(fakenet.HTTP)
	p.Add("example.com/ok", "v1.0.0", "")
	p.Add("example.com/mail", "v1.8.1", "")
	return p
}

func (s *stage) write(name, text string, mode os.FileMode) {
	s.t.Helper()
	err := os.MkdirAll(filepath.Dir(name), 0o755)
	if err == nil {
		err = os.WriteFile(name, []byte(text), mode)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// run plays an editor that needs no screen from its start to its end, and then
// looks at what it has left.
func (s *stage) run(program string, args ...string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Env = s.dir, s.env
	// A server that outlives its editor may hold the output open.
	cmd.WaitDelay = time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	s.t.Cleanup(func() {
		if s.t.Failed() {
			s.t.Logf("%s said:\n%s", program, &out)
			s.tell()
		}
	})
	if err != nil {
		s.t.Fatalf("%s: %v", program, errors.Join(err, ctx.Err()))
	}
	s.ended()
	s.inOrder()
}

// ended looks at what an editor has left: the file it wrote, the settings of the
// go command, and no process.
func (s *stage) ended() {
	s.t.Helper()
	if err := s.alive.SetReadDeadline(time.Now().Add(patience)); err != nil {
		s.t.Fatal(err)
	}
	if _, err := io.ReadAll(s.alive); err != nil {
		s.t.Errorf("a server or what it has started runs on: %v", err)
	}
	if diff := cmp.Diff(after, s.read(filepath.Join(s.dir, "go.mod"))); diff != "" {
		s.t.Errorf("the file (-want +got):\n%s", diff)
	}
	if _, err := modfile.Parse("go.mod", []byte(s.read(filepath.Join(s.dir, "go.mod"))), nil); err != nil {
		s.t.Error(err)
	}
	if diff := cmp.Diff("GOPRIVATE=corp.example\n", s.read(filepath.Join(s.home, ".config", "go", "env"))); diff != "" {
		s.t.Errorf("the settings of the go command (-want +got):\n%s", diff)
	}
}

// inOrder looks for the end of the session in what the server has logged. Not
// every editor cares to end one.
func (s *stage) inOrder() {
	s.t.Helper()
	// Emacs kills a server that has answered this, before it can log its end.
	if !answeredShutdown.MatchString(s.read(filepath.Join(s.logs, "modreach"))) {
		s.t.Error("the session did not end in order: shutdown was not answered")
	}
}

var answeredShutdown = regexp.MustCompile(`"message":"answered".*"method":"shutdown"`)

func (s *stage) read(name string) string {
	s.t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		s.t.Error(err)
	}
	return string(text)
}

// tell logs what the servers said.
func (s *stage) tell() {
	logs, err := filepath.Glob(filepath.Join(s.logs, "*"))
	if err != nil {
		s.t.Error(err)
	}
	for _, name := range logs {
		s.t.Logf("%s said:\n%s", filepath.Base(name), s.read(name))
	}
}
