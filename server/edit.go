package server

import (
	"context"
	"slices"

	"go.lsp.dev/protocol"

	"github.com/modreach/modreach/codeactions"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/server/wire"
)

// edit gives the edits of a fix as the client takes them. ok is false where the
// text they were made for is not the one that the client has.
func (s *session) edit(now *snapshot, v *view, edits []codeactions.Edit) (e *protocol.WorkspaceEdit, ok bool) {
	e = &protocol.WorkspaceEdit{}
	for _, change := range edits {
		doc, open := v.document, v.open
		if change.Name != "" {
			if doc, open = now.other(v, change.Name); doc == nil {
				return nil, false
			}
		}
		if open && s.snapshot().document(doc.uri) != doc {
			return nil, false // the disk was searched meanwhile, and somebody typed
		}
		uri := protocol.DocumentURI(doc.uri)
		edit := protocol.TextEdit{Range: doc.ruler().span(change.Span, now.client.encoding()), NewText: change.Text}
		if !now.client.Workspace.WorkspaceEdit.DocumentChanges {
			if e.Changes == nil {
				e.Changes = map[protocol.DocumentURI][]protocol.TextEdit{}
			}
			e.Changes[uri] = append(e.Changes[uri], edit)
			continue
		}
		// All edits of one document have to go together: a later one would be taken
		// for one of the text that the earlier ones have made.
		if i := slices.IndexFunc(e.DocumentChanges, func(d protocol.TextDocumentEdit) bool { return d.TextDocument.URI == uri }); i >= 0 {
			e.DocumentChanges[i].Edits = append(e.DocumentChanges[i].Edits, edit)
			continue
		}
		d := protocol.TextDocumentEdit{Edits: []protocol.TextEdit{edit}}
		d.TextDocument.URI = uri
		if open { // else the version is null
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
func (s *session) apply(ctx context.Context, now *snapshot, label string, e *protocol.WorkspaceEdit) error {
	if !now.client.Workspace.ApplyEdit {
		return wire.Errorf(wire.RequestFailed, "the editor cannot apply edits")
	}
	params := protocol.ApplyWorkspaceEditParams{Label: label, Edit: *e}
	var answer protocol.ApplyWorkspaceEditResponse
	if err := s.conn.Call(ctx, protocol.MethodWorkspaceApplyEdit, params, &answer); err != nil {
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
