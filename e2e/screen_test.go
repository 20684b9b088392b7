//go:build unix

package e2e

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// screen is the terminal of an editor that wants one. It belongs to a tmux
// server of its own.
type screen struct {
	t      testing.TB
	socket string
	env    []string
	// drawn has what the editor writes, as it writes it.
	drawn *os.File
}

// screen starts a program on a screen, large enough for menus not to wrap.
func (s *stage) screen(program string, args ...string) *screen {
	s.t.Helper()
	dir := s.t.TempDir()
	fifo := filepath.Join(dir, "drawn")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		s.t.Fatal(err)
	}
	// Both ends in one, so that it does not end before tmux begins.
	drawn, err := os.OpenFile(fifo, os.O_RDWR|syscall.O_NONBLOCK, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	c := &screen{s.t, filepath.Join(dir, "tmux"), s.env, drawn}
	s.t.Cleanup(func() {
		if s.t.Failed() {
			s.t.Logf("the screen:\n%s", c.text())
			s.tell()
		}
		_ = c.tmux("kill-server").Run() // it may have gone by itself
		drawn.Close()
	})
	// What is drawn before it is piped would be missed, so the program comes last.
	c.do("-f", os.DevNull, "new-session", "-d", "-x", "200", "-y", "50", "-c", s.dir, "cat")
	c.do("pipe-pane", "-O", "cat >'"+fifo+"'")
	c.do(append([]string{"respawn-pane", "-k", "-c", s.dir, program}, args...)...)
	return c
}

func (c *screen) tmux(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(context.Background(), "tmux", append([]string{"-S", c.socket}, args...)...)
	cmd.Env = c.env
	return cmd
}

// do has tmux do something.
func (c *screen) do(args ...string) {
	c.t.Helper()
	if out, err := c.tmux(args...).CombinedOutput(); err != nil {
		c.t.Fatalf("tmux %s: %v\n%s", args[0], err, out)
	}
}

// keys presses keys, by the names tmux has for them.
func (c *screen) keys(keys ...string) {
	c.t.Helper()
	c.do(append([]string{"send-keys", "--"}, keys...)...)
}

// text gives what is on the screen.
func (c *screen) text() string {
	out, err := c.tmux("capture-pane", "-p").Output()
	if err != nil {
		return err.Error()
	}
	return string(out)
}

// wait waits until the screen is as wanted. It looks after each thing the editor
// writes.
func (c *screen) wait(what string, holds func(text string) bool) string {
	c.t.Helper()
	if err := c.drawn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		c.t.Fatal(err)
	}
	for {
		if text := c.text(); holds(text) {
			return text
		}
		if _, err := c.drawn.Read(make([]byte, 1<<16)); err != nil {
			if errors.Is(err, os.ErrDeadlineExceeded) {
				c.t.Fatalf("no %s within %v", what, patience)
			}
			c.t.Fatal(err)
		}
	}
}

// await waits for a text on the screen.
func (c *screen) await(want string) string {
	c.t.Helper()
	return c.wait(want, func(text string) bool { return strings.Contains(text, want) })
}
