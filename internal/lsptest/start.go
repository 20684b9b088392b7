package lsptest

import (
	"bytes"
	"io"
	"os/exec"
	"testing"
)

// Pipe starts a server in this process and an Editor for it. At the end of the
// test the Editor hangs up and waits for the server.
func Pipe(t testing.TB, serve func(in io.Reader, out io.Writer) error) *Editor {
	t.Helper()
	toServer, out := io.Pipe()
	in, fromServer := io.Pipe()
	e := newEditor(t, out)
	served := make(chan struct{})
	var err error
	go func() {
		defer close(served)
		err = serve(toServer, fromServer)
		toServer.Close()
		fromServer.Close()
	}()
	e.end = func() error { <-served; return err }
	e.run(in)
	return e
}

// Start starts a server of its own process and an Editor for it. At the end of
// the test the Editor hangs up and waits for the process, whose standard error
// is logged if the test failed.
func Start(t testing.TB, cmd *exec.Cmd) *Editor {
	t.Helper()
	var errOut bytes.Buffer
	if cmd.Stderr == nil {
		cmd.Stderr = &errOut
	}
	out, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	e := newEditor(t, out)
	ended := make(chan struct{})
	e.end = func() error { <-ended; return err }
	read := e.run(in)
	go func() {
		defer close(ended)
		<-read // Wait closes what is being read
		err = cmd.Wait()
	}()
	t.Cleanup(func() {
		if t.Failed() && errOut.Len() > 0 {
			t.Logf("stderr:\n%s", &errOut)
		}
	})
	return e
}

// run reads what the server says until the end of the test. The channel is
// closed when there is no more.
func (e *Editor) run(in io.Reader) <-chan struct{} {
	read := make(chan struct{})
	go func() {
		defer close(read)
		e.read(in)
	}()
	e.t.Cleanup(func() {
		e.Hang()
		<-read
		_ = e.end() // a test that cares has asked
	})
	return read
}
