package server

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/zap"

	"github.com/modreach/modreach/internal/lsptest"
)

// able is what a client was understood to be able to do.
type able struct {
	Encoding                                                      encoding
	Pulls, Resolves, Literals, Markdown, DocumentChanges, Watches bool
	LensRefresh, Progress                                         bool
}

func ableOf(c client) able {
	return able{
		c.encoding(), c.pulls(), c.resolvesEdits(), c.TextDocument.CodeAction.LiteralSupport != nil, c.markdown(),
		c.Workspace.WorkspaceEdit.DocumentChanges, c.Workspace.DidChangeWatchedFiles.DynamicRegistration,
		c.Workspace.CodeLens.RefreshSupport, c.Window.WorkDoneProgress,
	}
}

func TestReadClient(t *testing.T) {
	vscode := able{inUTF16, true, true, true, true, true, true, true, true}
	tests := []struct {
		payload string
		want    able
	}{
		{"vscode", vscode},
		{"vscode-newer", vscode},
		{"vscode-older", able{inUTF16, false, true, true, true, true, true, true, true}},
		{"neovim-0.7", able{inUTF16, false, true, true, true, false, false, false, true}},
		{"neovim-0.9", able{inUTF16, false, true, true, true, false, false, false, true}},
		{"neovim-0.10", able{inUTF16, false, true, true, true, false, false, false, true}},
		{"neovim-0.11", able{inUTF16, false, true, true, true, false, false, false, true}},
		{"emacs-eglot", able{inUTF16, false, false, true, true, true, true, false, true}},
		{"emacs-lsp-mode", able{inUTF16, false, false, true, true, true, true, true, true}},
		{"helix", able{inUTF16, false, true, true, true, true, true, false, true}},
		{"sublime", able{inUTF16, false, true, true, true, true, false, true, true}},
		{"vim-lsp", able{inUTF16, false, false, true, false, false, false, false, false}},
	}
	seen := map[string]bool{}
	for _, test := range tests {
		seen[test.payload] = true
		t.Run(test.payload, func(t *testing.T) {
			got := readClient(fields(lsptest.Payload(t, test.payload))["capabilities"])
			if diff := cmp.Diff(test.want, ableOf(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	for _, name := range lsptest.Payloads() {
		if !seen[name] {
			t.Errorf("nobody says what the payload %s means", name)
		}
	}
}

// TestReadOddClient reads on after what is not as the protocol has it.
func TestReadOddClient(t *testing.T) {
	const end = `,"window":{"workDoneProgress":true}`
	progress := able{Encoding: inUTF16, Progress: true}
	tests := []struct {
		name, capabilities string
		want               able
	}{
		{"nothing", ``, able{Encoding: inUTF16}},
		{"null", `null`, able{Encoding: inUTF16}},
		{"an array", `[]`, able{Encoding: inUTF16}},
		{"a number", `7`, able{Encoding: inUTF16}},
		{"textDocument is an array", `{"textDocument":[]` + end + `}`, progress},
		{"workspace is true", `{"workspace":true` + end + `}`, progress},
		{"tagSupport is true", `{"textDocument":{"publishDiagnostics":{"tagSupport":true}}` + end + `}`, progress},
		{"resolveSupport is an array", `{"textDocument":{"codeAction":{"resolveSupport":["edit"]}}` + end + `}`, progress},
		{"rangeLimit is beyond all numbers", `{"textDocument":{"foldingRange":{"rangeLimit":1.8e308}}` + end + `}`, progress},
		{"showMessage is true", `{"window":{"showMessage":true,"workDoneProgress":true}}`, progress},
		{"an encoding is a number", `{"general":{"positionEncodings":[8,"utf-8"]}` + end + `}`, able{Encoding: inBytes, Progress: true}},
		{"an encoding nobody knows", `{"general":{"positionEncodings":["utf-7"]}` + end + `}`, progress},
		{"without UTF-16", `{"general":{"positionEncodings":["utf-7","utf-32","utf-8"]}` + end + `}`, able{Encoding: inRunes, Progress: true}},
		{"pull diagnostics are null", `{"textDocument":{"diagnostic":null}` + end + `}`, progress},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, ableOf(readClient(json.RawMessage(test.capabilities)))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestOfferedPull(t *testing.T) {
	tests := []struct {
		client   string
		all, any bool
	}{
		{`"clientInfo":{"name":"Visual Studio Code"},"capabilities":{"textDocument":{"diagnostic":{}},"workspace":{"diagnostics":{"refreshSupport":true}}}`, true, true},
		{`"clientInfo":{"name":"Neovim","version":"0.12.4"},"capabilities":{"textDocument":{"diagnostic":{}},"workspace":{"diagnostics":{"refreshSupport":true}}}`, false, true},
		{`"capabilities":{"textDocument":{"diagnostic":{}}}`, false, false},
	}
	for _, test := range tests {
		t.Run(test.client, func(t *testing.T) {
			answer, err := newSession(nil, Options{Log: zap.NewNop()}).initialize(json.RawMessage("{" + test.client + "}"))
			if err != nil {
				t.Fatal(err)
			}
			offer := answer.(initialized).Capabilities.DiagnosticProvider
			if offered := offer != nil; offered != test.any || offered && offer.WorkspaceDiagnostics != test.all {
				t.Errorf("offered %+v", offer)
			}
		})
	}
}

// TestOfferedResolve offers to resolve actions only to who will get some to
// resolve: VS Code asks about every action that is chosen, once that is offered.
func TestOfferedResolve(t *testing.T) {
	const literal, resolve = `"codeActionLiteralSupport":{}`, `"resolveSupport":{"properties":["edit"]}`
	tests := []struct {
		codeAction string
		want       bool
	}{
		{`{` + literal + `,"dataSupport":true,` + resolve + `}`, true},
		{`{` + literal + `,"dataSupport":true,"resolveSupport":{"properties":["command"]}}`, false},
		{`{` + literal + `,"dataSupport":true}`, false},
		{`{` + literal + `,` + resolve + `}`, false},
		{`{"dataSupport":true,` + resolve + `}`, false},
		{`{}`, false},
	}
	for _, test := range tests {
		t.Run(test.codeAction, func(t *testing.T) {
			params := `{"capabilities":{"textDocument":{"codeAction":` + test.codeAction + `}}}`
			answer, err := newSession(nil, Options{Log: zap.NewNop()}).initialize(json.RawMessage(params))
			if err != nil {
				t.Fatal(err)
			}
			var told struct {
				CodeActionProvider struct{ ResolveProvider bool }
			}
			raw, err := json.Marshal(answer.(initialized).Capabilities)
			if err == nil {
				err = json.Unmarshal(raw, &told)
			}
			if got := told.CodeActionProvider.ResolveProvider; err != nil || got != test.want {
				t.Errorf("resolveProvider %t, %v", got, err)
			}
		})
	}
}
