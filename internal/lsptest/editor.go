// Package lsptest is a fake editor for tests of a language server.
//
//	e := lsptest.Pipe(t, func(in io.Reader, out io.Writer) error {
//		return server.Serve(t.Context(), in, out, server.Options{})
//	})
//	e.Initialize(lsptest.Payload(t, "vscode-11"))
//	e.Open("file:///w/go.mod", "module m\n")
//	e.Until("a diagnostic", func() bool { return len(e.Diagnostics("file:///w/go.mod").Diagnostics) > 0 })
//	e.Shutdown()
//	if err := e.Exit(); err != nil { ... }
//
// An [Editor] waits for what it is told to wait for and never sleeps, so that it
// also works on the clock of a testing/synctest bubble. It is strict where real
// editors differ: a malformed frame, and an answer to a request that was not
// made or was answered already, fail the test. So does the end of the server
// while something is waited for.
//
// The package is for tests only; it must not be imported by other code.
package lsptest

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"sync"
	"testing"
)

// Editor is one client of one server. Make it with [Pipe] or [Start]. Its
// methods may be called from several goroutines, but those that wait only from
// the test's own.
type Editor struct {
	t   testing.TB
	out io.WriteCloser
	// end gives how the server ended, when it has.
	end func() error

	sending sync.Mutex // guards out

	mu sync.Mutex // guards the rest
	// arrived is broadcast after each message, and at the end.
	arrived *sync.Cond
	count   int
	over    bool
	lastID  int
	// asked counts the requests that wait for a reply, replies has the last
	// that came, by id.
	asked    map[string]int
	replies  map[string]Reply
	refusals []Error
	notes    []Note
	answers  map[string]Answer
	versions map[string]int32
}

// Reply is the answer to a request.
type Reply struct {
	Result json.RawMessage // as sent; nil with an Error
	Error  *Error          // nil for a success
}

// Error is what a server says of a request that failed.
type Error struct {
	Code    int             `json:"code"`
	Message string          `json:"message"`
	Data    json.RawMessage `json:"data,omitempty"`
}

// Note is a notification of the server.
type Note struct {
	Method string
	Params json.RawMessage
}

// Answer answers a request of the server.
type Answer func(params json.RawMessage) (result any, err *Error)

// newEditor returns an Editor that writes to out; read is to be called with
// what the server says.
func newEditor(t testing.TB, out io.WriteCloser) *Editor {
	e := &Editor{
		t: t, out: out,
		asked: map[string]int{}, replies: map[string]Reply{},
		answers: map[string]Answer{}, versions: map[string]int32{},
	}
	e.arrived = sync.NewCond(&e.mu)
	return e
}

// On has requests of the server answered by f; others get null. Calls of f
// overlap with the test, and follow one another in the order of the requests.
func (e *Editor) On(method string, f Answer) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.answers[method] = f
}

// Send makes a request and gives its id, for Wait.
func (e *Editor) Send(method string, params any) string {
	e.t.Helper()
	e.mu.Lock()
	e.lastID++
	id := strconv.Itoa(e.lastID)
	e.mu.Unlock()
	e.SendAs(id, method, params)
	return id
}

// SendAs makes a request under an id of the test's choice, which is JSON: a
// number, or a string with its quotes.
func (e *Editor) SendAs(id, method string, params any) {
	e.t.Helper()
	e.mu.Lock()
	e.asked[id]++
	delete(e.replies, id)
	e.mu.Unlock()
	e.send(message{ID: json.RawMessage(id), Method: method, Params: e.encode(params)})
}

// Wait gives the reply to a request when it has come.
func (e *Editor) Wait(id string) Reply {
	e.t.Helper()
	var reply Reply
	e.Until("the reply to request "+id, func() (ok bool) { reply, ok = e.Reply(id); return ok })
	return reply
}

// Reply gives the reply to a request, if it has come.
func (e *Editor) Reply(id string) (Reply, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	reply, ok := e.replies[id]
	return reply, ok
}

// Call makes a request, waits for the reply, and stores it in what result points
// to; nil throws it away. An error in the reply fails the test.
func (e *Editor) Call(method string, params, result any) {
	e.t.Helper()
	reply := e.Wait(e.Send(method, params))
	if reply.Error != nil {
		e.t.Fatalf("%s: %d %s", method, reply.Error.Code, reply.Error.Message)
	}
	if result == nil {
		return
	}
	if err := json.Unmarshal(reply.Result, result); err != nil {
		e.t.Fatalf("%s: reading the reply %s: %v", method, reply.Result, err)
	}
}

// Notify sends a notification.
func (e *Editor) Notify(method string, params any) {
	e.t.Helper()
	e.send(message{Method: method, Params: e.encode(params)})
}

// Cancel calls a request off.
func (e *Editor) Cancel(id string) {
	e.t.Helper()
	e.Notify("$/cancelRequest", map[string]any{"id": json.RawMessage(id)})
}

// Notes gives the notifications of the server so far, in order; with a method
// only those.
func (e *Editor) Notes(method string) []Note {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []Note
	for _, n := range e.notes {
		if method == "" || n.Method == method {
			all = append(all, n)
		}
	}
	return all
}

// Refusals gives the errors that answered nothing in particular: those of
// messages the server could not read.
func (e *Editor) Refusals() []Error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]Error(nil), e.refusals...)
}

// Until waits until a condition holds, which is asked after each message of the
// server. If the server ends first, the test fails.
func (e *Editor) Until(what string, holds func() bool) {
	e.t.Helper()
	for {
		e.mu.Lock()
		count, over := e.count, e.over
		e.mu.Unlock()
		if holds() {
			return
		}
		if over {
			e.t.Fatalf("the server ended before %s", what)
		}
		e.mu.Lock()
		for e.count == count && !e.over {
			e.arrived.Wait()
		}
		e.mu.Unlock()
	}
}

// Hang closes what the editor writes to, as the end of its process does.
func (e *Editor) Hang() { e.out.Close() }

// End waits for the end of the server and gives its error.
func (e *Editor) End() error {
	e.mu.Lock()
	for !e.over {
		e.arrived.Wait()
	}
	e.mu.Unlock()
	return e.end()
}

// encode gives the JSON of params; nil for none.
func (e *Editor) encode(params any) json.RawMessage {
	e.t.Helper()
	if params == nil {
		return nil
	}
	raw, err := json.Marshal(params)
	if err != nil {
		e.t.Fatalf("encoding parameters: %v", err)
	}
	return raw
}

// Write sends bytes as they are.
func (e *Editor) Write(text string) {
	e.sending.Lock()
	defer e.sending.Unlock()
	// If the server has ended, whatever is waited for will tell.
	_, _ = io.WriteString(e.out, text)
}

// Frame sends a body, whatever is in it, with the header it needs.
func (e *Editor) Frame(body string) {
	e.Write(fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body))
}

func (e *Editor) send(m message) {
	e.t.Helper()
	m.Version = "2.0"
	body, err := json.Marshal(m)
	if err != nil {
		e.t.Fatalf("encoding a message: %v", err)
	}
	e.Frame(string(body))
}
