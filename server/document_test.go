package server

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/server/wire"
)

// TestDocuments follows what a client opens, changes and closes.
func TestDocuments(t *testing.T) {
	type note struct{ method, params string }
	type text struct {
		uri     string
		version int32
		text    string
	}
	open := note{"textDocument/didOpen", `{"textDocument":{"uri":"u","languageId":"go.mod","version":0,"text":"a"}}`}
	change := func(rest string) note {
		return note{"textDocument/didChange", `{"textDocument":{"uri":"u"` + rest}
	}
	tests := []struct {
		name  string
		notes []note
		want  *text
		fails bool // the last one
	}{
		{"open", []note{open}, &text{"u", 0, "a"}, false},
		{"open again", []note{open, {"textDocument/didOpen", `{"textDocument":{"uri":"u","version":7,"text":"b"}}`}}, &text{"u", 7, "b"}, false},
		{"change", []note{open, change(`,"version":5},"contentChanges":[{"text":"b"}]}`)}, &text{"u", 5, "b"}, false},
		{"two changes at once", []note{open, change(`,"version":5},"contentChanges":[{"text":"b"},{"text":"c"}]}`)}, &text{"u", 5, "c"}, false},
		{"a change of a part", []note{open, change(`,"version":5},"contentChanges":[{"range":{"start":{"line":0,"character":1},"end":{"line":0,"character":1}},"text":"b\n😀c"}]}`)}, &text{"u", 5, "ab\n😀c"}, false},
		{
			"parts, each of what is left", []note{open, change(`,"version":5},"contentChanges":[{"text":"é😀\r\nx"},` +
				`{"range":{"start":{"line":0,"character":1},"end":{"line":0,"character":3}},"text":""},` +
				`{"range":{"start":{"line":0,"character":9},"end":{"line":1,"character":1}},"text":"y"}]}`)}, &text{"u", 5, "éy"}, false,
		},
		{"the start of a text", []note{open, change(`,"version":5},"contentChanges":[{"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":0}},"text":"b"}]}`)}, &text{"u", 5, "ba"}, false},
		{"a range that ends before it begins", []note{open, change(`,"version":5},"contentChanges":[{"range":{"start":{"line":0,"character":1},"end":{"line":0,"character":0}},"text":"b"}]}`)}, &text{"u", 0, "a"}, true},
		{"change without a version", []note{open, change(`,"version":null},"contentChanges":[{"text":"b"}]}`)}, &text{"u", 0, "b"}, false},
		{"change of nothing", []note{open, change(`,"version":5},"contentChanges":[]}`)}, &text{"u", 0, "a"}, true},
		{"change of what is not open", []note{change(`,"version":5},"contentChanges":[{"text":"b"}]}`)}, nil, true},
		{"close", []note{open, {"textDocument/didClose", `{"textDocument":{"uri":"u"}}`}}, nil, false},
		{"close what is not open", []note{{"textDocument/didClose", `{"textDocument":{"uri":"u"}}`}}, nil, true},
		{"a version that is none", []note{open, change(`,"version":1e99},"contentChanges":[{"text":"b"}]}`)}, &text{"u", 0, "a"}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newSession(nil, Options{})
			handle := s.handlers().Notifications
			var err error
			before := s.snapshot()
			for _, n := range test.notes {
				err = handle[n.method](json.RawMessage(n.params))
			}
			if fault, ok := errors.AsType[*wire.Error](err); ok != test.fails || ok && fault.Code != wire.InvalidParams {
				t.Errorf("error %v", err)
			}
			var got *text
			if d := s.snapshot().document("u"); d != nil {
				got = &text{d.uri, d.version, d.text}
			}
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(text{})); diff != "" {
				t.Errorf("document (-want +got):\n%s", diff)
			}
			if len(before.documents) != 0 {
				t.Error("an old snapshot has changed")
			}
		})
	}
}
