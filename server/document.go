package server

import (
	"fmt"
	"maps"

	"github.com/modreach/modreach/server/wire"
)

// document is one version of a text that the client has open. It never changes:
// a change makes another document.
type document struct {
	// uri is as the client writes it, and so it is written back to it.
	uri string
	// version is the client's; it grows, though not by one.
	version int32
	text    string
}

// key is the one spelling of a URI under which its document is found.
func key(uri string) string { return uri }

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
	s.put(&document{uri: d.URI, version: d.Version, text: d.Text})
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
	d := *old
	d.text = p.ContentChanges[len(p.ContentChanges)-1].Text
	if p.TextDocument.Version != nil {
		d.version = *p.TextDocument.Version
	}
	s.put(&d)
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
}
