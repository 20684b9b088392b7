package server

import (
	"context"

	"github.com/modreach/modreach/codeactions"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/server/wire"
)

// workspaceEdit changes documents. Either of its fields is used.
type workspaceEdit struct {
	Changes         map[string][]textEdit `json:"changes,omitempty"`
	DocumentChanges []documentEdit        `json:"documentChanges,omitempty"`
}

// documentEdit changes one document.
type documentEdit struct {
	TextDocument struct {
		URI string `json:"uri"`
		// Version is that of the document, or null for one that is not open.
		Version *int32 `json:"version"`
	} `json:"textDocument"`
	Edits []textEdit `json:"edits"`
}

type textEdit struct {
	Range   textRange `json:"range"`
	NewText string    `json:"newText"`
}

// edit gives the edits of a fix as the client takes them. ok is false where the
// text they were made for is not the one that the client has.
func (s *session) edit(now *snapshot, v *view, edits []codeactions.Edit) (e *workspaceEdit, ok bool) {
	e = &workspaceEdit{}
	for _, change := range edits {
		doc, open := v.document, v.open
		if change.Name != "" {
			if doc, open = now.other(v, change.Name); doc == nil {
				return nil, false
			}
		}
		edit := textEdit{doc.ruler().span(change.Span, now.client.encoding()), change.Text}
		if !now.client.Workspace.WorkspaceEdit.DocumentChanges {
			if e.Changes == nil {
				e.Changes = map[string][]textEdit{}
			}
			e.Changes[doc.uri] = append(e.Changes[doc.uri], edit)
			continue
		}
		var d documentEdit
		d.TextDocument.URI, d.Edits = doc.uri, []textEdit{edit}
		if open {
			d.TextDocument.Version = &doc.version
		}
		e.DocumentChanges = append(e.DocumentChanges, d)
	}
	return e, true
}

// other gives the document for the go.work that a view was made with; nil if
// the client shows another text of it.
func (s *snapshot) other(v *view, name string) (doc *document, open bool) {
	var f *gomod.File
	if v.sheet != nil && v.sheet.Module.Work != nil {
		f = v.sheet.Module.Work.File
	}
	if f == nil {
		return nil, false
	}
	uri := fileURI(name)
	if doc = s.document(uri); doc != nil {
		if doc.text != string(f.Text) {
			return nil, false
		}
		return doc, true
	}
	return newDocument(uri, 0, string(f.Text)), false
}

// apply has the client make an edit, as the user has asked for.
func (s *session) apply(ctx context.Context, now *snapshot, label string, e *workspaceEdit) error {
	if !now.client.Workspace.ApplyEdit {
		return wire.Errorf(wire.RequestFailed, "the editor cannot apply edits")
	}
	params := struct {
		Label string         `json:"label"`
		Edit  *workspaceEdit `json:"edit"`
	}{label, e}
	var answer struct {
		Applied       bool   `json:"applied"`
		FailureReason string `json:"failureReason"`
	}
	if err := s.conn.Call(ctx, "workspace/applyEdit", params, &answer); err != nil {
		return err
	}
	if !answer.Applied {
		why := answer.FailureReason
		if why == "" {
			why = "the document may have changed"
		}
		return wire.Errorf(wire.RequestFailed, "the editor did not apply the edit: %s", why)
	}
	return nil
}
