package lsptest

import (
	"embed"
	"encoding/json"
	"path"
	"slices"
	"strings"
	"testing"
)

// payloads are the parameters of initialize as real editors send them.
//
//go:embed testdata/initialize/*.json
var payloads embed.FS

// Payloads gives the names of all payloads, in order.
func Payloads() []string {
	entries, err := payloads.ReadDir("testdata/initialize")
	if err != nil {
		panic(err) // they are in the program
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), path.Ext(e.Name())))
	}
	return names
}

// Payload gives the parameters of initialize of an editor.
func Payload(t testing.TB, name string) json.RawMessage {
	t.Helper()
	raw, err := payloads.ReadFile("testdata/initialize/" + name + ".json")
	if err != nil {
		t.Fatalf("no payload %q; there are %v", name, Payloads())
	}
	return raw
}

// Initialize makes the first request and says that its reply has come, which it
// gives. Nil params are those of an editor that can do nothing.
func (e *Editor) Initialize(params any) json.RawMessage {
	e.t.Helper()
	if params == nil {
		params = json.RawMessage(`{"processId":null,"rootUri":null,"capabilities":{}}`)
	}
	var result json.RawMessage
	e.Call("initialize", params, &result)
	e.Notify("initialized", struct{}{})
	return result
}

// Shutdown asks the server to end its work, and waits until it has.
func (e *Editor) Shutdown() {
	e.t.Helper()
	e.Call("shutdown", nil, nil)
}

// Exit tells the server to end, waits until it has, and gives its error.
func (e *Editor) Exit() error {
	e.t.Helper()
	e.Notify("exit", nil)
	return e.End()
}

// Open opens a document, with the languageId of most editors, as version 1 or
// the one after its last.
func (e *Editor) Open(uri, text string) {
	e.t.Helper()
	e.Notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{
		"uri": uri, "languageId": "go.mod", "version": e.version(uri), "text": text,
	}})
}

// Change replaces the text of a document.
func (e *Editor) Change(uri, text string) {
	e.t.Helper()
	e.Notify("textDocument/didChange", map[string]any{
		"textDocument":   map[string]any{"uri": uri, "version": e.version(uri)},
		"contentChanges": []any{map[string]any{"text": text}},
	})
}

// Close closes a document.
func (e *Editor) Close(uri string) {
	e.t.Helper()
	e.Notify("textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": uri}})
}

func (e *Editor) version(uri string) int32 {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.versions[uri]++
	return e.versions[uri]
}

// Published is what a server said of a document last.
type Published struct {
	URI         string       `json:"uri"`
	Version     *int32       `json:"version"` // nil if it was not told
	Diagnostics []Diagnostic `json:"diagnostics"`
}

// Diagnostic is one remark on a document.
type Diagnostic struct {
	Range    Range           `json:"range"`
	Severity int             `json:"severity"`
	Code     string          `json:"code"`
	Source   string          `json:"source"`
	Message  string          `json:"message"`
	Tags     []int           `json:"tags,omitempty"`
	Data     json.RawMessage `json:"data,omitempty"`

	CodeDescription *struct {
		Href string `json:"href"`
	} `json:"codeDescription,omitempty"`
	RelatedInformation []struct {
		Location struct {
			URI   string `json:"uri"`
			Range Range  `json:"range"`
		} `json:"location"`
		Message string `json:"message"`
	} `json:"relatedInformation,omitempty"`
}

// Range is a part of a text, without the place where it ends.
type Range struct {
	Start Position `json:"start"`
	End   Position `json:"end"`
}

// Position is a place in a text, counted from 0.
type Position struct {
	Line      int `json:"line"`
	Character int `json:"character"` // in UTF-16 unless negotiated otherwise
}

// Diagnostics gives what was published of a document last; without a URI if
// nothing was. Diagnostics that are null instead of an empty list fail the test.
func (e *Editor) Diagnostics(uri string) Published {
	e.t.Helper()
	notes := e.Notes("textDocument/publishDiagnostics")
	for _, n := range slices.Backward(notes) {
		var p Published
		if err := json.Unmarshal(n.Params, &p); err != nil {
			e.t.Fatalf("reading diagnostics %s: %v", n.Params, err)
		}
		if p.URI != uri {
			continue
		}
		if p.Diagnostics == nil {
			e.t.Errorf("diagnostics without a list: %s", n.Params)
		}
		return p
	}
	return Published{}
}
