package server

import (
	"encoding/json"
	"slices"

	"go.lsp.dev/protocol"

	"github.com/modreach/modreach/codeactions"
	"github.com/modreach/modreach/diagnostics"
)

// client is what a client can do: of all it announces, what makes a difference
// here. The zero value can do nothing but show diagnostics and text.
type client struct {
	// name is as it calls itself; empty for many.
	name string
	// language is that of the person in front of it.
	language diagnostics.Language

	General struct {
		PositionEncodings []encoding `json:"positionEncodings"`
	} `json:"general"`

	Window struct {
		WorkDoneProgress bool `json:"workDoneProgress"`
	} `json:"window"`

	Workspace struct {
		ApplyEdit     bool `json:"applyEdit"`
		Configuration bool `json:"configuration"`
		WorkspaceEdit struct {
			DocumentChanges bool `json:"documentChanges"`
		} `json:"workspaceEdit"`
		DidChangeConfiguration dynamic `json:"didChangeConfiguration"`
		DidChangeWatchedFiles  dynamic `json:"didChangeWatchedFiles"`
		CodeLens               refresh `json:"codeLens"`
		InlayHint              refresh `json:"inlayHint"`
		Diagnostics            refresh `json:"diagnostics"`
	} `json:"workspace"`

	Experimental struct {
		// Commands are those that the client executes itself.
		Commands struct {
			Commands []codeactions.Name `json:"commands"`
		} `json:"commands"`
		// Status reports that the client shows how it stands with a file.
		Status bool `json:"status"`
	} `json:"experimental"`

	TextDocument struct {
		PublishDiagnostics struct {
			RelatedInformation     bool `json:"relatedInformation"`
			CodeDescriptionSupport bool `json:"codeDescriptionSupport"`
			DataSupport            bool `json:"dataSupport"`
			TagSupport             tags `json:"tagSupport"`
		} `json:"publishDiagnostics"`
		// Diagnostic is there if the client pulls diagnostics.
		Diagnostic *struct{} `json:"diagnostic"`
		CodeAction struct {
			// LiteralSupport is there if actions may be more than commands.
			LiteralSupport *struct{}  `json:"codeActionLiteralSupport"`
			DataSupport    bool       `json:"dataSupport"`
			ResolveSupport properties `json:"resolveSupport"`
		} `json:"codeAction"`
		Hover struct {
			ContentFormat []protocol.MarkupKind `json:"contentFormat"`
		} `json:"hover"`
	} `json:"textDocument"`
}

// The shapes that capabilities share.
type (
	dynamic struct {
		DynamicRegistration bool `json:"dynamicRegistration"`
	}
	refresh struct {
		RefreshSupport bool `json:"refreshSupport"`
	}
	tags struct {
		ValueSet []protocol.DiagnosticTag `json:"valueSet"`
	}
	properties struct {
		Properties []string `json:"properties"`
	}
)

// encoding is the unit in which a client counts the characters of a line.
type encoding string

const (
	inUTF16 encoding = "utf-16"
	inRunes encoding = "utf-32"
	inBytes encoding = "utf-8"
)

// readClient reads what a client announces.
func readClient(raw json.RawMessage) client {
	var c client
	lenient(raw, &c)
	return c
}

// encoding gives the unit for this client: UTF-16 wherever it is possible, for
// gopls knows no other and editors want all servers of a buffer to agree.
func (c *client) encoding() encoding {
	offered := c.General.PositionEncodings
	if slices.Contains(offered, inUTF16) {
		return inUTF16
	}
	for _, e := range offered {
		if e == inRunes || e == inBytes {
			return e
		}
	}
	return inUTF16
}

// pullsAll reports whether a client that pulls may be offered to ask for all files
// at once. Neovim 0.12, told to ask again, would then do only that, and take from
// the answer nothing that it has open.
func (c *client) pullsAll() bool { return c.name != "Neovim" }

// pulls reports whether the client asks for diagnostics, so that none are
// pushed to it. It has to let itself be told when to ask again: most of what is
// found is found long after the last edit.
func (c *client) pulls() bool {
	return c.TextDocument.Diagnostic != nil && c.Workspace.Diagnostics.RefreshSupport
}

// resolvesEdits reports whether the client asks for the edit of an action when
// the user has chosen it, and brings back what finds it again.
func (c *client) resolvesEdits() bool {
	can := &c.TextDocument.CodeAction
	return can.LiteralSupport != nil && can.DataSupport && slices.Contains(can.ResolveSupport.Properties, "edit")
}

// runs reports whether the client executes a command itself.
func (c *client) runs(name codeactions.Name) bool {
	return slices.Contains(c.Experimental.Commands.Commands, name)
}

// markdown reports whether hovers may be more than plain text.
func (c *client) markdown() bool {
	return slices.Contains(c.TextDocument.Hover.ContentFormat, protocol.Markdown)
}
