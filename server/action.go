package server

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/modreach/modreach/codeactions"
	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/server/wire"
)

// sourceRecheck is the kind of the action that asks again.
const sourceRecheck protocol.CodeActionKind = protocol.Source + ".modreach.recheck"

// sourceFixAll is the kind of the action that makes all fixes which need no
// judgement; editors can be told to do that whenever a file is saved.
const sourceFixAll protocol.CodeActionKind = protocol.Source + ".fixAll.modreach"

// codeActionParams ask what may be done in a part of a document.
type codeActionParams struct {
	documentParams
	Range   protocol.Range `json:"range"`
	Context struct {
		// Diagnostics are those of all servers; they are read one by one, as
		// those of others need not be as we know them.
		Diagnostics []json.RawMessage         `json:"diagnostics"`
		Only        []protocol.CodeActionKind `json:"only"`
	} `json:"context"`
}

// codeAction is one thing the user may choose.
type codeAction struct {
	protocol.CodeAction
	// Diagnostics are the client's own, as it has sent them.
	Diagnostics []json.RawMessage `json:"diagnostics,omitempty"`
	// Data finds the fix again, to resolve its edit.
	Data *order `json:"data,omitempty"`
}

// command makes what an editor calls to have something done, here or by itself.
func command(title string, name codeactions.Name, o order) *protocol.Command {
	return &protocol.Command{Title: title, Command: string(name), Arguments: []any{o}}
}

// order is the argument of each command, and what finds a fix again. It comes
// back from a client that may have changed it.
type order struct {
	URI     string `json:"uri,omitempty"`
	Module  string `json:"module,omitempty"`
	Version string `json:"version,omitempty"`
	// Settings get the Pattern added.
	Settings []string `json:"settings,omitempty"`
	Pattern  string   `json:"pattern,omitempty"`
	// Values are settings of the workspace.
	Values map[string]string `json:"env,omitempty"`
	// Dir is the absolute path of a directory.
	Dir string `json:"dir,omitempty"`
	// Text is what the editor copies.
	Text string `json:"text,omitempty"`
	// Code and Title find a fix.
	Code  diagnostics.Code `json:"code,omitempty"`
	Title string           `json:"title,omitempty"`
}

// codeActions gives the fixes of the findings on the lines that are asked for.
func (s *session) codeActions(ctx context.Context, now *snapshot, p codeActionParams) ([]any, error) {
	v, err := s.current(ctx, now, string(p.TextDocument.URI))
	if err != nil || v == nil {
		return []any{}, err
	}
	actions := []codeAction{}
	if wants(p.Context.Only, protocol.QuickFix) {
		actions = s.quickFixes(now, v, s.scene(ctx, now, v), p)
	}
	if len(p.Context.Only) > 0 && wants(p.Context.Only, sourceFixAll) {
		if edit, ok := s.edit(now, v, v.fixes().Sure(v.findings)); ok && (edit.Changes != nil || edit.DocumentChanges != nil) {
			actions = append(actions, codeAction{CodeAction: protocol.CodeAction{
				Title: say(now.client.language, fixAll), Kind: sourceFixAll, Edit: edit,
			}})
		}
	}
	if len(p.Context.Only) > 0 && wants(p.Context.Only, sourceRecheck) {
		title := say(now.client.language, "Check every line again now")
		actions = append(actions, codeAction{CodeAction: protocol.CodeAction{
			Title: title, Kind: sourceRecheck,
			Command: command(title, codeactions.Recheck, order{URI: v.document.uri}),
		}})
	}
	return literal(now, actions), nil
}

// fixAll is the title of the action of that kind.
const fixAll = "Remove what nothing uses"

// wants reports whether actions of a kind are asked for: a kind stands for all
// that begin with it, and no kind for all.
func wants(only []protocol.CodeActionKind, kind protocol.CodeActionKind) bool {
	return len(only) == 0 || slices.ContainsFunc(only, func(asked protocol.CodeActionKind) bool {
		return asked == "" || asked == kind || strings.HasPrefix(string(kind), string(asked)+".")
	})
}

// quickFixes gives the actions for some lines. What several findings have in
// common is offered once.
func (s *session) quickFixes(now *snapshot, v *view, scene codeactions.Scene, p codeActionParams) []codeAction {
	first, last := v.lines(now, p.Range)
	actions := []codeAction{}
	offered := map[string]int{} // what commands do, and where
	shown, rule, unit := ours(p.Context.Diagnostics), v.document.ruler(), now.client.encoding()
	for _, f := range v.findings {
		if f.Span.End < first || f.Span.Start > last {
			continue
		}
		if len(scene.Untried(f)) > 0 { // for the next time
			s.desk.leave(chores{asked: []order{{URI: v.document.uri, Code: f.Code, Module: f.Module, Version: f.Version}}})
		}
		told := shown[remark{string(f.Code), rule.span(f.Span, unit)}]
		for _, fix := range scene.Fixes(f) {
			a, ok := s.action(now, v, f, fix)
			if !ok {
				continue
			}
			if fix.Command.Name != "" {
				what := fix.Title + fix.Place
				if same, ok := offered[what]; ok {
					actions[same].Diagnostics = append(actions[same].Diagnostics, told...)
					continue
				}
				offered[what] = len(actions)
			}
			a.Diagnostics = slices.Clone(told)
			actions = append(actions, a)
		}
	}
	return actions
}

// lines gives the byte offsets where the first and the last line of a range
// begin and end.
func (v *view) lines(now *snapshot, r protocol.Range) (first, last int) {
	rule, unit := v.document.ruler(), now.client.encoding()
	return v.file.LineSpan(rule.offset(r.Start, unit)).Start, v.file.LineSpan(rule.offset(r.End, unit)).End
}

// remark is what tells one diagnostic of ours from another.
type remark struct {
	Code  string         `json:"code"`
	Range protocol.Range `json:"range"`
}

// ours gives those of a client's diagnostics that are ours, by what they tell.
func ours(all []json.RawMessage) map[remark][]json.RawMessage {
	found := map[remark][]json.RawMessage{}
	for _, raw := range all {
		var d struct {
			remark
			Source string `json:"source"`
		}
		if lenient(raw, &d); d.Source == source {
			found[d.remark] = append(found[d.remark], raw)
		}
	}
	return found
}

// action makes an action of a fix. ok is false for what the client cannot do.
func (s *session) action(now *snapshot, v *view, f diagnostics.Finding, fix codeactions.Fix) (a codeAction, ok bool) {
	text := fix.Text()
	a.CodeAction = protocol.CodeAction{Title: text, Kind: protocol.QuickFix, IsPreferred: fix.Preferred}
	found := order{URI: v.document.uri, Module: f.Module, Version: f.Version, Code: f.Code, Title: fix.Title}
	switch c := fix.Command; {
	case c.Name == codeactions.SetEnv: // its values may be secret
		a.Command = command(text, c.Name, found)
		return a, true
	case c.Name == codeactions.AddPrivate:
		found.Settings, found.Pattern = c.Settings, c.Pattern
		a.Command = command(text, c.Name, found)
		return a, true
	case c.Name == codeactions.CopyCommand:
		a.Command = command(text, c.Name, order{Text: c.Text})
		return a, now.client.runs(c.Name)
	case c.Name != "":
		a.Command = command(text, c.Name, order{
			URI: v.document.uri, Module: c.Module, Version: c.Version,
			Settings: c.Settings, Pattern: c.Pattern, Values: c.Values,
		})
		return a, slices.Contains(commands, c.Name) || now.client.runs(c.Name)
	}
	switch {
	case now.client.resolvesEdits():
		a.Data = &found
	case now.client.TextDocument.CodeAction.LiteralSupport == nil:
		a.Command = command(text, applyFix, found)
		return a, now.client.Workspace.ApplyEdit
	default:
		a.Edit, ok = s.edit(now, v, fix.Edits)
		return a, ok
	}
	return a, true
}

// literal gives the actions as the client can take them: whole, or the commands
// alone.
func literal(now *snapshot, actions []codeAction) []any {
	all := []any{}
	for _, a := range actions {
		switch {
		case now.client.TextDocument.CodeAction.LiteralSupport != nil:
			all = append(all, a)
		case a.Command != nil:
			all = append(all, a.Command)
		}
	}
	return all
}

// resolveAction gives an action its edit, as the document is now.
func (s *session) resolveAction(ctx context.Context, now *snapshot, raw json.RawMessage) (any, error) {
	var a codeAction
	lenient(raw, &a)
	if a.Data == nil {
		return raw, nil // it is whole
	}
	_, edit, err := s.findEdit(ctx, now, *a.Data)
	if err != nil {
		return nil, err
	}
	a.Edit = edit
	return a, nil
}

// findEdit finds a fix again by its order, with its edit.
func (s *session) findEdit(ctx context.Context, now *snapshot, o order) (codeactions.Fix, *protocol.WorkspaceEdit, error) {
	var edit *protocol.WorkspaceEdit
	v, fix, err := s.find(ctx, now, o, func(fix codeactions.Fix) bool { return fix.Edits != nil })
	if err == nil {
		var ok bool
		if edit, ok = s.edit(now, v, fix.Edits); !ok {
			err = errGone
		}
	}
	return fix, edit, err
}

// errGone is for a fix that is not offered any more.
var errGone = wire.Errorf(wire.ContentModified, "what this would mend is not there any more")

// find finds a fix of a certain form again by its order, with the view that it is
// for.
func (s *session) find(ctx context.Context, now *snapshot, o order, form func(codeactions.Fix) bool) (*view, codeactions.Fix, error) {
	v, err := s.current(ctx, now, o.URI)
	if err != nil {
		return nil, codeactions.Fix{}, err
	}
	if v != nil {
		scene := s.scene(ctx, now, v)
		for _, f := range v.findings {
			if f.Code != o.Code || f.Module != o.Module || f.Version != o.Version {
				continue
			}
			for _, fix := range scene.Fixes(f) {
				if fix.Title == o.Title && form(fix) {
					return v, fix, nil
				}
			}
		}
	}
	return nil, codeactions.Fix{}, errGone
}
