package server

import (
	"fmt"
	"maps"
	"sync"

	"go.lsp.dev/protocol"

	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/server/wire"
)

// document is one version of a text: one that the client has open, or of a file
// on the disk. It never changes: a change makes another document.
type document struct {
	// uri is as the client writes it, and so it is written back to it.
	uri string
	// version is the client's; it grows, though not by one.
	version int32
	text    string
	// opening is which of all openings it came with; 0 for a file on the disk.
	opening int

	// Both are made when they are first needed: somebody types faster than
	// anything is shown.
	file  func() *gomod.File
	ruler func() ruler
}

func newDocument(uri string, version int32, text string) *document {
	return &document{
		uri: uri, version: version, text: text,
		file: sync.OnceValue(func() *gomod.File {
			if baseOf(uri) == goWork {
				return gomod.ParseWork([]byte(text))
			}
			return gomod.Parse([]byte(text))
		}),
		ruler: sync.OnceValue(func() ruler { return newRuler(text) }),
	}
}

// The names of the files that are looked at.
const (
	goMod  = "go.mod"
	goWork = "go.work"
)

// didOpen takes a document up. One that is open already is replaced, as after a
// client that lost count.
func (s *session) didOpen(p protocol.DidOpenTextDocumentParams) error {
	d := newDocument(string(p.TextDocument.URI), p.TextDocument.Version, p.TextDocument.Text)
	d.opening = s.update(func(next *snapshot) { next.openings++ }).openings
	s.put(d)
	return nil
}

// documentParams are those of a request about a document. The library's have
// tokens of progress too, and fail for some.
type documentParams struct {
	TextDocument protocol.TextDocumentIdentifier `json:"textDocument"`
}

// contentChange is a new text for a range of a document, or without one for all
// of it. In the library's a missing range is the start of the text.
type contentChange struct {
	Range *protocol.Range `json:"range"`
	Text  string          `json:"text"`
}

// didChange changes the text of a document. Each change counts on what the ones
// before it have left.
func (s *session) didChange(p struct {
	TextDocument   protocol.OptionalVersionedTextDocumentIdentifier `json:"textDocument"`
	ContentChanges []contentChange                                  `json:"contentChanges"`
},
) error {
	now := s.snapshot()
	old := now.document(string(p.TextDocument.URI))
	switch {
	case old == nil:
		return wire.Errorf(wire.InvalidParams, "the document is not open")
	case len(p.ContentChanges) == 0:
		return wire.Errorf(wire.InvalidParams, "there is no change")
	}
	text := old.ruler()
	for i, c := range p.ContentChanges {
		if i > 0 {
			text = newRuler(text.text)
		}
		if c.Range == nil {
			text.text = c.Text
			continue
		}
		start, end := text.offset(c.Range.Start, now.client.encoding()), text.offset(c.Range.End, now.client.encoding())
		if end < start {
			return wire.Errorf(wire.InvalidParams, "a range ends before it begins")
		}
		text.text = text.text[:start] + c.Text + text.text[end:]
	}
	version := old.version
	if p.TextDocument.Version != nil {
		version = *p.TextDocument.Version
	}
	next := newDocument(old.uri, version, text.text)
	next.opening = old.opening
	s.put(next)
	return nil
}

// didClose forgets a document.
func (s *session) didClose(p protocol.DidCloseTextDocumentParams) error {
	uri := string(p.TextDocument.URI)
	if s.snapshot().document(uri) == nil {
		return fmt.Errorf("closing: %w", wire.Errorf(wire.InvalidParams, "the document is not open"))
	}
	s.update(func(next *snapshot) {
		next.documents = maps.Clone(next.documents)
		delete(next.documents, key(uri))
	})
	s.desk.leave(chores{})
	return nil
}

// put makes a document the current one of its URI.
func (s *session) put(d *document) {
	s.update(func(next *snapshot) {
		next.documents = maps.Clone(next.documents)
		if next.documents == nil {
			next.documents = map[string]*document{}
		}
		next.documents[key(d.uri)] = d
	})
	s.desk.leave(chores{})
}
