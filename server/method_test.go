package server

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/codeactions"
	"github.com/modreach/modreach/server/wire"
)

// TestRequest has a request work on the snapshot of the moment when it came.
func TestRequest(t *testing.T) {
	s := newSession(nil, Options{})
	s.put(newDocument("u", 1, ""))
	ask := request(s, func(_ context.Context, now *snapshot, p struct{ URI string }) (int32, error) {
		return now.document(p.URI).version, nil
	})
	work := ask(json.RawMessage(`{"uri":"u"}`))
	s.put(newDocument("u", 2, ""))
	got, err := work(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(any(int32(1)), got); diff != "" {
		t.Errorf("version (-want +got):\n%s", diff)
	}
}

// TestMoved says of a document that has changed since a request came that it has,
// and to a client that pulls that it is to ask again.
func TestMoved(t *testing.T) {
	const params = `{"textDocument":{"uri":"u"}}`
	again := json.RawMessage(`{"retriggerRequest":true}`)
	tests := []struct {
		method string
		want   wire.Error
	}{
		{"textDocument/hover", wire.Error{Code: wire.ContentModified, Message: "the document has changed"}},
		{"textDocument/codeAction", wire.Error{Code: wire.ContentModified, Message: "the document has changed"}},
		{"textDocument/diagnostic", wire.Error{Code: wire.ServerCancelled, Message: "the document has changed", Data: &again}},
	}
	for _, test := range tests {
		t.Run(test.method, func(t *testing.T) {
			s := newSession(nil, Options{})
			s.put(newDocument("u", 1, ""))
			work := s.handlers().Requests[test.method](json.RawMessage(params))
			s.put(newDocument("u", 2, ""))
			_, err := work(t.Context())
			fault, ok := errors.AsType[*wire.Error](err)
			if !ok {
				t.Fatalf("error %v", err)
			}
			if diff := cmp.Diff(test.want, *fault); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

// TestEditMoved makes no edit of a text that the client has changed meanwhile.
func TestEditMoved(t *testing.T) {
	s := newSession(nil, Options{})
	s.put(newDocument("u", 1, "a"))
	now := s.snapshot()
	v := &view{document: now.document("u"), open: true}
	edits := []codeactions.Edit{{}}
	if _, ok := s.edit(now, v, edits); !ok {
		t.Error("no edit of the text that the client has")
	}
	s.put(newDocument("u", 2, ""))
	if e, ok := s.edit(now, v, edits); ok {
		t.Errorf("edit %+v", e)
	}
}

func TestDecode(t *testing.T) {
	type params struct{ Line int }
	tests := []struct {
		name, raw string
		want      params
		fault     string // of the error; empty for none
	}{
		{"whole", `{"line":7}`, params{7}, ""},
		{"absent", ``, params{}, ""},
		{"null", `null`, params{}, ""},
		{"more than is known", `{"line":7,"secret":"s3cr3t"}`, params{7}, ""},
		{"a field of another type", `{"line":"s3cr3t"}`, params{}, "wrong type of Line: string"},
		{"another type", `["s3cr3t"]`, params{}, "wrong type of the parameters: array"},
		{"no JSON", `{"line":s3cr3t}`, params{}, "not as the protocol has them"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := decode[params](json.RawMessage(test.raw))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			fault, ok := errors.AsType[*wire.Error](err)
			if !ok {
				fault = wire.Errorf(wire.InvalidParams, "%s", "")
			}
			if diff := cmp.Diff(wire.Errorf(wire.InvalidParams, "%s", test.fault), fault); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if (err != nil) != (test.fault != "") {
				t.Errorf("error %v", err)
			}
		})
	}
}
