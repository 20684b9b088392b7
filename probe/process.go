package probe

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/modreach/modreach/route"
)

// command is a child process to run to its end.
type command struct {
	name string
	args []string
	dir  string
	// env is the whole environment, in the form of os.Environ.
	env []string
	// stdin is what it may read; nothing if empty.
	stdin []byte
}

// outcome is how a command ended.
type outcome struct {
	stdout, stderr []byte
	// err is why it did not succeed: an *exec.ExitError, an *exec.Error where
	// there is no such program, errFlood, or what ended its context.
	err  error
	took time.Duration
}

const (
	// maxOutput bounds each of the two outputs of a command, in bytes: the
	// refs of the largest public repositories take about 20 MiB.
	maxOutput = 64 << 20
	// killGrace is how long a child of the command may hold its outputs open
	// after the command itself has ended.
	killGrace = 200 * time.Millisecond
)

var errFlood = errors.New("its output has no end")

// run runs a command without terminal. When it has ended, or ctx is done, or
// its output has no end, whatever it has started is killed with it.
func run(ctx context.Context, c command) outcome {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	stdout := &bounded{stop: stop}
	stderr := &bounded{stop: stop}

	cmd := exec.CommandContext(ctx, c.name, c.args...)
	cmd.Dir, cmd.Env = c.dir, c.env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(c.stdin), stdout, stderr
	if len(c.stdin) == 0 {
		cmd.Stdin = nil
	}
	cmd.WaitDelay = killGrace
	family := adopt(cmd)
	cmd.Cancel = func() error { family.kill(); return nil }

	began := time.Now()
	err := cmd.Run()
	if cmd.Process != nil {
		family.kill()
	}
	switch cause := context.Cause(ctx); {
	case cause != nil:
		err = cause
	case errors.Is(err, exec.ErrWaitDelay) && cmd.ProcessState.Success():
		err = nil // it ended well; what it left behind did not
	}
	return outcome{stdout: stdout.text.Bytes(), stderr: stderr.text.Bytes(), err: err, took: time.Since(began)}
}

// lookPath finds a program on the PATH of an environment, which need not be
// that of this process.
func lookPath(name string, env route.Env) (string, error) {
	if env.Get("PATH").Value == os.Getenv("PATH") {
		return exec.LookPath(name)
	}
	if program := InPath(env)(name); program != "" {
		return program, nil
	}
	return "", &exec.Error{Name: name, Err: exec.ErrNotFound}
}

// bounded is an output that stops the command when it gets too long.
type bounded struct {
	text bytes.Buffer // no embedded one, whose ReadFrom knows no bound
	stop context.CancelCauseFunc
}

// Write takes what fits.
func (b *bounded) Write(p []byte) (int, error) {
	if room := maxOutput - b.text.Len(); len(p) > room {
		n, _ := b.text.Write(p[:room]) // a Buffer never fails
		b.stop(errFlood)
		return n, io.ErrShortWrite
	}
	return b.text.Write(p)
}
