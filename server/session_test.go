package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/modreach/modreach/internal/lsptest"
	"github.com/modreach/modreach/route"
	"github.com/modreach/modreach/server"
)

func TestMain(m *testing.M) {
	// The resolver sets itself up at its first use. If that were in a synctest
	// bubble, no other bubble could use it any more.
	r := net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("nobody to ask")
	}}
	_, _ = r.LookupHost(context.Background(), "setup.invalid")
	goleak.VerifyTestMain(m)
}

// start serves an editor in this process.
func start(t *testing.T, o server.Options) *lsptest.Editor {
	t.Helper()
	return lsptest.Pipe(t, func(in io.Reader, out io.Writer) error {
		return server.Serve(t.Context(), in, out, o)
	})
}

// inBubble runs a test on a clock of its own. At its end no goroutine is left.
func inBubble(t *testing.T, name string, f func(t *testing.T)) {
	t.Run(name, func(t *testing.T) { synctest.Test(t, f) })
}

func TestInitialize(t *testing.T) {
	for _, name := range lsptest.Payloads() {
		inBubble(t, name, func(t *testing.T) {
			e := start(t, server.Options{Version: "v1.2.3"})
			var got struct {
				Capabilities struct {
					PositionEncoding string
				}
				ServerInfo struct{ Name, Version string }
			}
			if err := json.Unmarshal(e.Initialize(lsptest.Payload(t, name)), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff("modreach v1.2.3", got.ServerInfo.Name+" "+got.ServerInfo.Version); diff != "" {
				t.Errorf("server (-want +got):\n%s", diff)
			}
			e.Shutdown()
			if err := e.Exit(); err != nil {
				t.Errorf("exit: %v", err)
			}
		})
	}
}

// TestNoShutdown leaves nothing behind, though the client did not say that it
// would go.
func TestNoShutdown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var looks atomic.Int32
		e := start(t, server.Options{Alive: func(int) bool { looks.Add(1); return true }})
		e.Initialize(json.RawMessage(`{"processId":42}`))
		<-time.After(time.Minute)
		if err := e.Exit(); !errors.Is(err, server.ErrNoShutdown) {
			t.Errorf("error %v", err)
		}
		before := looks.Load()
		<-time.After(time.Minute)
		if after := looks.Load(); before < 2 || after != before {
			t.Errorf("looked %d times for the client, %d times after the end", before, after-before)
		}
	})
}

// TestSettingsOvertaken goes by what the client has said of its settings at its own
// instance, and not by an answer that it had begun before.
func TestSettingsOvertaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		seen := ""
		e := start(t, server.Options{Environment: func(_ context.Context, _ string, settings map[string]string, _ bool) route.Env {
			mu.Lock()
			defer mu.Unlock()
			seen = settings["GOPROXY"]
			return route.Env{}
		}})
		of := func(proxy string) any { return map[string]any{"env": map[string]string{"GOPROXY": proxy}} }
		e.On("workspace/configuration", func(json.RawMessage) (any, *lsptest.Error) {
			e.Notify("workspace/didChangeConfiguration", map[string]any{"settings": map[string]any{"modreach": of("new")}})
			return []any{of("old")}, nil
		})
		e.Initialize(map[string]any{"capabilities": map[string]any{"workspace": map[string]any{"configuration": true}}})
		e.Open("file:///m/go.mod", "module example.com/m\n")
		pass(time.Second)
		mu.Lock()
		defer mu.Unlock()
		if seen != "new" {
			t.Errorf("the environment is that of the settings %q", seen)
		}
	})
}

// TestManyFiles looks at so many files and no more, and at those that are open
// first.
func TestManyFiles(t *testing.T) {
	const most = 200
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		uri := func(n int) string { return fmt.Sprintf("file://%s/m%03d/go.mod", filepath.ToSlash(dir), n) }
		for n := range most + 50 {
			sub := filepath.Join(dir, fmt.Sprintf("m%03d", n))
			if err := os.Mkdir(sub, 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(sub, "go.mod"), []byte("nonsense\n"), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		e := start(t, server.Options{Environment: func(context.Context, string, map[string]string, bool) route.Env { return route.Env{} }})
		e.Initialize(map[string]any{"capabilities": map[string]any{}, "rootUri": "file://" + filepath.ToSlash(dir)})
		const last = most + 49
		e.Open(uri(last), "nonsense\n")
		pass(time.Second)
		shown := 0
		for n := range most + 50 {
			if len(e.Diagnostics(uri(n)).Diagnostics) > 0 {
				shown++
			}
		}
		if shown != most {
			t.Errorf("%d files are looked at, want %d", shown, most)
		}
		if len(e.Diagnostics(uri(last)).Diagnostics) == 0 {
			t.Error("the open one is not among them")
		}
		e.Shutdown()
	})
}
