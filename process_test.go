package main

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/internal/fakenet"
)

// process is a run of the program in a folder with a go.mod, behind a proxy
// that answers nothing.
type process struct {
	*exec.Cmd
	dir    string
	errOut bytes.Buffer
	// asked is closed when the proxy was asked something.
	asked chan struct{}
}

func newProcess(t *testing.T, args ...string) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{Cmd: exec.CommandContext(t.Context(), self, args...), dir: t.TempDir(), asked: make(chan struct{})}
	if err := os.WriteFile(filepath.Join(p.dir, "go.mod"), []byte("module example.org/main\n\ngo 1.21\n\nrequire example.com/a v1.0.0\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	proxy := fakenet.New(t).Proxy(fakenet.HTTP)
	var once sync.Once
	proxy.On("*", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		once.Do(func() { close(p.asked) })
		fakenet.Hang(w, r, next)
	})
	p.Dir = p.dir
	p.Env = append(hermetic(t.TempDir()), runAsCommand+"=1", "GOENV=off", "GOPROXY="+proxy.URL(), "PATH="+os.Getenv("PATH"))
	p.Stderr = &p.errOut
	return p
}

// TestInterrupted ends the program while it waits for an answer.
func TestInterrupted(t *testing.T) {
	for _, args := range [][]string{
		{"check"},
		{"check", "-o", "found.txt"},
		{"check", "-timeout", "10m"},
		{"trace", "example.com/a"},
	} {
		for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
			t.Run(strings.Join(args, " ")+" "+signal.String(), func(t *testing.T) {
				t.Parallel()
				p := newProcess(t, args...)
				if err := p.Start(); err != nil {
					t.Fatal(err)
				}
				<-p.asked
				if err := p.Process.Signal(signal); err != nil {
					t.Fatal(err)
				}
				_ = p.Wait() // the exit code tells it better
				if code := p.ProcessState.ExitCode(); code != exitFailed {
					t.Errorf("exit code %d, want %d", code, exitFailed)
				}
				if diff := cmp.Diff("modreach: interrupted\n", p.errOut.String()); diff != "" {
					t.Errorf("stderr (-want +got):\n%s", diff)
				}
				left, err := os.ReadDir(p.dir)
				if err != nil {
					t.Fatal(err)
				}
				if len(left) != 1 || left[0].Name() != "go.mod" {
					t.Errorf("left behind: %v", left)
				}
			})
		}
	}
}

// TestInterruptedInput ends the program while it reads standard input.
func TestInterruptedInput(t *testing.T) {
	p := newProcess(t, "check", "-")
	in, err := p.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	// More than a pipe holds: when it is written, some of it was read.
	if _, err := in.Write(bytes.Repeat([]byte("// a comment\n"), 100_000)); err != nil {
		t.Fatal(err)
	}
	if err := p.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); err == nil {
		t.Error("the program went on")
	}
	if diff := cmp.Diff("", p.errOut.String()); diff != "" {
		t.Errorf("stderr (-want +got):\n%s", diff)
	}
}

// TestClosedPipe has nobody read what the program writes, as head does when it
// has seen enough.
func TestClosedPipe(t *testing.T) {
	for _, args := range [][]string{
		{"check", "-offline"},
		{"check", "-offline", "-format", "json"},
		{"trace", "-offline", "example.com/a"},
		{"explain"},
		{"help"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			p := newProcess(t, args...)
			r, w, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer w.Close()
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			p.Stdout = w
			if err := p.Run(); err == nil {
				t.Error("exit code 0, though nothing could be written")
			}
			if diff := cmp.Diff("", p.errOut.String()); diff != "" {
				t.Errorf("stderr (-want +got):\n%s", diff)
			}
		})
	}
}
