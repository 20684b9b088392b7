package server_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/server"
)

// TestWatchClient ends the session some seconds after the client's process,
// though its pipes stay open.
func TestWatchClient(t *testing.T) {
	tests := []struct {
		name, processID string
		// seen tells whether the process can be seen at first.
		seen bool
	}{
		{"a process that cannot be seen", `42`, false},
		{"no process", `null`, true},
		{"a number that is none", `0`, true},
		{"a number less than none", `-42`, true},
		{"a number in a string", `"42"`, true},
		{"a fraction", `42.5`, true},
		{"a number beyond all", `99999999999999999999`, true},
	}
	for _, test := range tests {
		inBubble(t, test.name, func(t *testing.T) {
			var gone atomic.Bool
			e := start(t, server.Options{Alive: func(int) bool { return test.seen && !gone.Load() }})
			e.Initialize(json.RawMessage(`{"processId":` + test.processID + `,"capabilities":{}}`))
			gone.Store(true)
			<-time.After(time.Minute)
			e.Shutdown() // it is still there
			if err := e.Exit(); err != nil {
				t.Errorf("end %v", err)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		var gone atomic.Bool
		e := start(t, server.Options{Alive: func(int) bool { return !gone.Load() }})
		e.Initialize(json.RawMessage(`{"processId":42}`))
		<-time.After(time.Minute + time.Second)
		gone.Store(true)
		began := time.Now()
		err := e.End()
		if err == nil || err.Error() != "the process of the client has ended" {
			t.Errorf("end %v", err)
		}
		if diff := cmp.Diff(4*time.Second, time.Since(began)); diff != "" {
			t.Errorf("time (-want +got):\n%s", diff)
		}
	})
}

// TestLog tells what happened, by the name of the run, and no more.
func TestLog(t *testing.T) {
	for _, debug := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			var log bytes.Buffer
			e := start(t, server.Options{Log: server.NewLog(&log, "RUN", debug)})
			e.Initialize(json.RawMessage(`{"initializationOptions":{"env":{"TOKEN":"s3cr3t"}}}`))
			e.Open("file:///s3cr3t/go.mod", "s3cr3t")
			e.Change("file:///s3cr3t/go.mod", "s3cr3t again")
			e.Notify("textDocument/didChange", map[string]any{"textDocument": "s3cr3t"})
			e.Close("file:///s3cr3t/go.mod")
			e.Close("file:///s3cr3t/go.mod")
			e.Shutdown()
			if err := e.Exit(); err != nil {
				t.Errorf("end %v", err)
			}
			text := log.String()
			if strings.Contains(text, "s3cr3t") {
				t.Errorf("the log tells:\n%s", text)
			}
			if got := strings.Count(text, `"run":"RUN"`); got != strings.Count(text, "\n") || got == 0 {
				t.Errorf("%d lines name the run:\n%s", got, text)
			}
			if strings.Contains(text, `"level":"debug"`) != debug {
				t.Errorf("debug %v:\n%s", debug, text)
			}
		})
	}
}
