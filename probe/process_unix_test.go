//go:build unix

package probe

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/modreach/modreach/route"
)

// script makes a program of a shell script.
func script(t *testing.T, lines string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"+lines), 0o700); err != nil {
		t.Fatal(err)
	}
	return file
}

// waitGone waits until the process whose number a file holds has ended: one that
// was killed needs a moment for it. If it lives on, so does the test.
func waitGone(t *testing.T, file string) {
	t.Helper()
	for !gone(t, file) {
		runtime.Gosched()
	}
}

// gone reports whether a process has ended. Nobody may have noticed yet.
func gone(t *testing.T, file string) bool {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, 0); err != nil {
		return errors.Is(err, syscall.ESRCH)
	}
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if _, noProc := os.Stat("/proc/self"); noProc != nil {
		return false // whoever inherits it will notice soon
	}
	return err != nil || strings.Contains(string(stat), ") Z ")
}

func TestRun(t *testing.T) {
	t.Run("both outputs and the status", func(t *testing.T) {
		out := run(t.Context(), command{name: script(t, "echo $WORD; echo bad >&2; exit 3"), env: []string{"WORD=good"}})
		exit := (*exec.ExitError)(nil)
		if string(out.stdout) != "good\n" || string(out.stderr) != "bad\n" || !errors.As(out.err, &exit) || exit.ExitCode() != 3 {
			t.Errorf("stdout %q, stderr %q, error %v", out.stdout, out.stderr, out.err)
		}
	})
	t.Run("what it reads", func(t *testing.T) {
		if out := run(t.Context(), command{name: "cat", stdin: []byte("in")}); string(out.stdout) != "in" || out.err != nil {
			t.Errorf("stdout %q, error %v", out.stdout, out.err)
		}
	})
	t.Run("no such program", func(t *testing.T) {
		out := run(t.Context(), command{name: filepath.Join(t.TempDir(), "none")})
		if !errors.Is(out.err, os.ErrNotExist) {
			t.Errorf("error %v", out.err)
		}
	})
	t.Run("no terminal to ask at", func(t *testing.T) {
		out := run(t.Context(), command{name: script(t, ": </dev/tty")})
		if out.err == nil {
			t.Error("it could open the terminal")
		}
	})
	t.Run("it hangs, and so does its child", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		dir := t.TempDir()
		fifo := filepath.Join(dir, "ready")
		if err := syscall.Mkfifo(fifo, 0o600); err != nil {
			t.Fatal(err)
		}
		done := make(chan outcome)
		go func() {
			done <- run(ctx, command{name: script(t, "sleep 1000 & echo $! >child; echo $$ >own; : >ready; wait"), dir: dir})
		}()
		if _, err := os.ReadFile(fifo); err != nil { // until it has come so far
			t.Fatal(err)
		}
		enough := errors.New("enough")
		cancel(enough)
		if out := <-done; !errors.Is(out.err, enough) {
			t.Errorf("error %v", out.err)
		}
		for _, who := range []string{"own", "child"} {
			waitGone(t, filepath.Join(dir, who))
		}
	})
	t.Run("a child lives on and holds the outputs", func(t *testing.T) {
		dir := t.TempDir()
		out := run(t.Context(), command{name: script(t, "sleep 1000 & echo $! >child; echo done"), dir: dir})
		if string(out.stdout) != "done\n" || out.err != nil {
			t.Errorf("stdout %q, error %v", out.stdout, out.err)
		}
		waitGone(t, filepath.Join(dir, "child"))
	})
	t.Run("a child lives on in silence", func(t *testing.T) {
		dir := t.TempDir()
		out := run(t.Context(), command{name: script(t, "sleep 1000 >/dev/null 2>&1 & echo $! >child"), dir: dir})
		if out.err != nil {
			t.Errorf("error %v", out.err)
		}
		waitGone(t, filepath.Join(dir, "child"))
	})
	t.Run("output without end", func(t *testing.T) {
		out := run(t.Context(), command{name: "yes"})
		if !errors.Is(out.err, errFlood) || len(out.stdout) != maxOutput {
			t.Errorf("%d bytes, error %v", len(out.stdout), out.err)
		}
	})
	t.Run("errors without end", func(t *testing.T) {
		out := run(t.Context(), command{name: script(t, "yes >&2")})
		if !errors.Is(out.err, errFlood) || len(out.stderr) != maxOutput {
			t.Errorf("%d bytes, error %v", len(out.stderr), out.err)
		}
	})
}

func TestLookPath(t *testing.T) {
	dir := filepath.Dir(script(t, "exit 0"))
	find := func(path string) (string, error) {
		return lookPath("program", route.ParseEnv(route.Sources{Process: []string{"PATH=" + path}}))
	}
	if got, err := find("/none" + string(filepath.ListSeparator) + dir); got != filepath.Join(dir, "program") || err != nil {
		t.Errorf("found %q, error %v", got, err)
	}
	if got, err := find("/none"); !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("found %q, error %v", got, err)
	}
	t.Chdir(filepath.Dir(dir))
	if got, err := find(filepath.Base(dir)); !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("a folder relative to where we are counts: %q, error %v", got, err)
	}
}
