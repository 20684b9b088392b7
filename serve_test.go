package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/internal/lsptest"
)

// serveProcess prepares the language server in a process of its own.
func serveProcess(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, append([]string{"serve"}, args...)...)
	cmd.Dir = t.TempDir()
	cmd.Env = append(hermetic(t.TempDir()), runAsCommand+"=1", "GOENV=off", "GORACE=atexit_sleep_ms=10", "PATH="+os.Getenv("PATH"))
	return cmd
}

// exitCode gives the code in the error of a process that has ended.
func exitCode(t *testing.T, err error) int {
	t.Helper()
	if err == nil {
		return 0
	}
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		t.Fatal(err)
	}
	return exit.ExitCode()
}

func TestServe(t *testing.T) {
	tests := []struct {
		name   string
		args   []string
		end    func(e *lsptest.Editor, cmd *exec.Cmd)
		code   int
		stderr string // the last line
	}{
		{"in order", nil, func(e *lsptest.Editor, _ *exec.Cmd) {
			e.Shutdown()
			e.Notify("exit", nil)
		}, 0, `"message":"session ends"`},
		{"as editors write it", []string{"--stdio"}, func(e *lsptest.Editor, _ *exec.Cmd) {
			e.Shutdown()
			e.Hang()
		}, 0, `"message":"session ends"`},
		{"without shutdown", []string{"-stdio"}, func(e *lsptest.Editor, _ *exec.Cmd) {
			e.Notify("exit", nil)
		}, 1, "modreach: the session ended: the client left without shutdown"},
		{"the end of input", nil, func(e *lsptest.Editor, _ *exec.Cmd) {
			e.Hang()
		}, 1, "modreach: the session ended: the client left without shutdown"},
		{"a bad header", nil, func(e *lsptest.Editor, _ *exec.Cmd) {
			e.Write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
		}, 1, "modreach: the session ended: malformed frame: a header line without a colon"},
		{"a frame of 2 GiB", nil, func(e *lsptest.Editor, _ *exec.Cmd) {
			e.Write("Content-Length: 2147483648\r\n\r\n")
		}, 1, "modreach: the session ended: malformed frame: Content-Length 2147483648 is more than 67108864"},
		{"SIGTERM", nil, func(_ *lsptest.Editor, cmd *exec.Cmd) {
			_ = cmd.Process.Signal(syscall.SIGTERM)
		}, 1, "modreach: the session ended: interrupted"},
		{"SIGINT", nil, func(_ *lsptest.Editor, cmd *exec.Cmd) {
			_ = cmd.Process.Signal(os.Interrupt)
		}, 1, "modreach: the session ended: interrupted"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cmd := serveProcess(t, test.args...)
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			e := lsptest.Start(t, cmd)
			e.Initialize(lsptest.Payload(t, "neovim-0.9"))
			test.end(e, cmd)
			if code := exitCode(t, e.End()); code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")
			if last := lines[len(lines)-1]; !strings.Contains(last, test.stderr) {
				t.Errorf("stderr:\n%s", stderr.String())
			}
		})
	}
}

// TestServeBrokenOutput closes what the server writes to: it ends the session
// in order instead of being killed by a signal.
func TestServeBrokenOutput(t *testing.T) {
	cmd := serveProcess(t)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = w, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	r.Close()
	const body = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}`
	fmt.Fprintf(in, "Content-Length: %d\r\n\r\n%s", len(body), body)
	if code := exitCode(t, cmd.Wait()); code != exitSession {
		t.Errorf("exit code %d", code)
	}
	if !strings.Contains(stderr.String(), "the session ended: writing to the client:") {
		t.Errorf("stderr:\n%s", stderr.String())
	}
}

// TestServeKilledClient kills the process whose end the server was asked to
// watch, while the server's input stays open: a process of our own holds it.
func TestServeKilledClient(t *testing.T) {
	t.Parallel()
	client := serveProcess(t) // any process that stays until it is killed
	hold, err := client.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer hold.Close()
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	e := lsptest.Start(t, serveProcess(t))
	e.Initialize(map[string]any{"processId": client.Process.Pid, "capabilities": map[string]any{}})
	if err := client.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = client.Wait()
	if code := exitCode(t, e.End()); code != exitSession {
		t.Errorf("exit code %d", code)
	}
}

// TestServeUnread has the server take requests, though nobody reads what it
// answers, and answer all of them when somebody does.
func TestServeUnread(t *testing.T) {
	t.Parallel()
	cmd := serveProcess(t)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	const count = 5_000 // answers of 500 kB, of which a pipe holds 64
	for id := range count {
		body := fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"none"}`, id)
		if _, err := fmt.Fprintf(in, "Content-Length: %d\r\n\r\n%s", len(body), body); err != nil {
			t.Fatal(err)
		}
	}
	in.Close()
	all, err := io.ReadAll(out)
	if err != nil {
		t.Fatal(err)
	}
	if got := bytes.Count(all, []byte(`"code":-32002`)); got != count {
		t.Errorf("%d answers", got)
	}
	if code := exitCode(t, cmd.Wait()); code != exitSession {
		t.Errorf("exit code %d", code)
	}
}

// TestServeLog writes to a file that only its owner can read.
func TestServeLog(t *testing.T) {
	name := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(name, []byte("before\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	e := lsptest.Start(t, serveProcess(t, "-v", "-log", name))
	e.Initialize(nil)
	e.Open("file:///secret", "secret")
	e.Shutdown()
	if err := e.Exit(); err != nil {
		t.Error(err)
	}
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(os.FileMode(0o600), info.Mode()); diff != "" {
		t.Errorf("mode (-want +got):\n%s", diff)
	}
	log, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(bytes.TrimPrefix(log, []byte("before\n"))))
	var said []string
	run := ""
	for lines.Scan() {
		var event struct{ Time, Level, Run, Message, Method string }
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
			t.Fatalf("line %q: %v", lines.Text(), err)
		}
		if run == "" {
			run = event.Run
		}
		if event.Run != run || !regexp.MustCompile(`^[A-Z2-7]{8}$`).MatchString(run) || event.Time == "" {
			t.Errorf("event %+v", event)
		}
		said = append(said, strings.TrimSpace(event.Level+": "+event.Message+" "+event.Method))
	}
	for _, want := range []string{"info: initialize", "debug: answered initialize", "debug: answered shutdown"} {
		if !slices.Contains(said, want) {
			t.Errorf("nothing is said of %q", want)
		}
	}
	if first, last := said[0], said[len(said)-1]; first != "info: session begins" || last != "info: session ends" {
		t.Errorf("events from %q to %q", first, last)
	}
	if bytes.Contains(log, []byte("secret")) {
		t.Errorf("the log tells of documents:\n%s", log)
	}
}

func TestServeBadLog(t *testing.T) {
	cmd := serveProcess(t, "-log", filepath.Join("no", "such", "folder"))
	out, err := cmd.CombinedOutput()
	if code := exitCode(t, err); code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	want := "modreach: " + filepath.Join("no", "such", "folder") + ": no such file or directory\n"
	if diff := cmp.Diff(want, string(out)); diff != "" {
		t.Errorf("stderr (-want +got):\n%s", diff)
	}
}

// TestLogFile moves a log away before it grows too long.
func TestLogFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "log")
	l, err := openLog(name)
	if err != nil {
		t.Fatal(err)
	}
	event := bytes.Repeat([]byte("x"), 1<<20)
	for range 20 {
		if _, err := l.Write(event); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	var sizes []int64
	for _, n := range []string{name, name + ".old"} {
		info, err := os.Stat(n)
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, info.Size())
	}
	if diff := cmp.Diff([]int64{4 << 20, logMax}, sizes); diff != "" {
		t.Errorf("sizes (-want +got):\n%s", diff)
	}
	again, err := openLog(name)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if again.size != 4<<20 {
		t.Errorf("opened again, it has %d bytes", again.size)
	}
}

// TestServeWatches has the user's env file changed, as by go env -w in a
// terminal, and with it what is found.
func TestServeWatches(t *testing.T) {
	t.Parallel()
	net := fakenet.New(t)
	proxy := net.Proxy(fakenet.HTTP)
	proxy.Add("corp.example/a", "v1.0.0", "")
	cmd := serveProcess(t)
	env := filepath.Join(t.TempDir(), "go", "env")
	cmd.Env = slices.DeleteFunc(cmd.Env, func(v string) bool { return strings.HasPrefix(v, "GOPROXY=") })
	cmd.Env = append(cmd.Env, "GOENV="+env, "GOSUMDB=off")
	write := func(text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(env), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(env, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("GOPROXY=off\n")
	const text = "module example.com/m\n\ngo 1.20\n\nrequire corp.example/a v1.0.0\n"
	name := filepath.Join(cmd.Dir, "go.mod")
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	uri := "file://" + filepath.ToSlash(name)

	e := lsptest.Start(t, cmd)
	e.Initialize(lsptest.Payload(t, "neovim-0.9"))
	e.Open(uri, text)
	e.Until("the finding", func() bool {
		all := e.Diagnostics(uri).Diagnostics
		return len(all) == 1 && all[0].Code == "proxy-off" && all[0].Range.Start.Line == 4
	})
	write("GOPROXY=" + proxy.URL() + "\n")
	e.Until("its end", func() bool { return len(e.Diagnostics(uri).Diagnostics) == 0 })
	if err := os.RemoveAll(filepath.Dir(env)); err != nil {
		t.Fatal(err)
	}
	write("GOPROXY=off\n")
	e.Until("the finding again", func() bool { return len(e.Diagnostics(uri).Diagnostics) == 1 })
	e.Shutdown()
	if err := e.Exit(); err != nil {
		t.Error(err)
	}
}
