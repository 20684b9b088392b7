package server

import (
	"fmt"
	"maps"
	"sync"

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
func (s *session) didOpen(p struct {
	TextDocument struct {
		URI     string `json:"uri"`
		Version int32  `json:"version"`
		Text    string `json:"text"`
	} `json:"textDocument"`
},
) error {
	d := p.TextDocument
	s.put(newDocument(d.URI, d.Version, d.Text))
	return nil
}

// didChange replaces the text of a document.
func (s *session) didChange(p struct {
	TextDocument struct {
		URI     string `json:"uri"`
		Version *int32 `json:"version"`
	} `json:"textDocument"`
	ContentChanges []struct {
		Text string `json:"text"`
	} `json:"contentChanges"`
},
) error {
	old := s.snapshot().document(p.TextDocument.URI)
	switch {
	case old == nil:
		return wire.Errorf(wire.InvalidParams, "the document is not open")
	case len(p.ContentChanges) == 0:
		return wire.Errorf(wire.InvalidParams, "there is no change")
	}
	version := old.version
	if p.TextDocument.Version != nil {
		version = *p.TextDocument.Version
	}
	s.put(newDocument(old.uri, version, p.ContentChanges[len(p.ContentChanges)-1].Text))
	return nil
}

// didClose forgets a document.
func (s *session) didClose(p struct {
	TextDocument struct {
		URI string `json:"uri"`
	} `json:"textDocument"`
},
) error {
	if s.snapshot().document(p.TextDocument.URI) == nil {
		return fmt.Errorf("closing: %w", wire.Errorf(wire.InvalidParams, "the document is not open"))
	}
	s.update(func(next *snapshot) {
		next.documents = maps.Clone(next.documents)
		delete(next.documents, key(p.TextDocument.URI))
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
