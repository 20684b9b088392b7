package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/modreach/modreach/internal/lsptest"
	"github.com/modreach/modreach/route"
)

var update = flag.Bool("update", false, "write the answers into the archives")

// The commands of scripts that ask the server something. The answer is in the
// archive, in a file whose name begins with @.
var requests = map[string]func(s *stage, words []string) error{
	"hover": func(s *stage, words []string) error { // FILE LINE:CHARACTER @ANSWER
		var h *struct {
			Contents struct{ Kind, Value string }
			Range    lsptest.Range
		}
		s.Call("textDocument/hover", s.at(words[0], words[1]), &h)
		got := ""
		if h != nil {
			got = fmt.Sprintf("%s %s\n%s\n", h.Contents.Kind, place(h.Range), h.Contents.Value)
		}
		return s.answered(words[2], got)
	},
	"actions": func(s *stage, words []string) error { // FILE LINES @ANSWER [KIND ...]
		var b strings.Builder
		for _, a := range s.actions(words[0], words[1], words[3:]) {
			mark := "-"
			if a.IsPreferred {
				mark = "*"
			}
			fmt.Fprintf(&b, "%s %s: %s", mark, a.Kind, a.Title)
			if len(a.Diagnostics) > 0 {
				fmt.Fprintf(&b, " (%s)", strings.Join(told(a.Diagnostics), ", "))
			}
			b.WriteByte('\n')
		}
		return s.answered(words[2], b.String())
	},
	"choose": func(s *stage, words []string) error { // FILE LINES TITLE
		return s.choose(words[0], words[1], strings.Join(words[2:], " "))
	},
	"does": func(s *stage, words []string) error { // FILE LINES KIND: the only action of a kind
		all := s.actions(words[0], words[1], words[2:])
		if len(all) != 1 || all[0].Edit == nil {
			return fmt.Errorf("there are %d actions, or it has no edit", len(all))
		}
		return s.apply(*all[0].Edit)
	},
	"cannot": func(s *stage, words []string) error { // FILE LINES TITLE -- ERROR
		i := slices.Index(words, "--")
		err := s.choose(words[0], words[1], strings.Join(words[2:i], " "))
		if want := strings.Join(words[i+1:], " "); err == nil || !strings.Contains(err.Error(), want) {
			return fmt.Errorf("the error is %v", err)
		}
		return nil
	},
	"hands": func(s *stage, words []string) error { // FILE LINES COMMAND @ARGUMENT: what actions hand to it
		var all strings.Builder
		for _, o := range s.actions(words[0], words[1], nil) {
			var c struct {
				Command   string
				Arguments json.RawMessage
			}
			if err := json.Unmarshal(o.Command, &c); err == nil && c.Command == words[2] {
				all.Write(c.Arguments)
				all.WriteByte('\n')
			}
		}
		return s.answered(words[3], all.String())
	},
	"runs": func(s *stage, words []string) error { // COMMAND @ARGUMENT @ANSWER
		params := map[string]any{"command": words[0]}
		if words[1] != "-" {
			params["arguments"] = []any{json.RawMessage(strings.ReplaceAll(s.texts[words[1]], "$URI", s.uri("")))}
		}
		reply := s.Wait(s.Send("workspace/executeCommand", params))
		got := string(reply.Result) + "\n"
		if reply.Error != nil {
			got = fmt.Sprintf("%d %s\n", reply.Error.Code, reply.Error.Message)
		}
		return s.answered(words[2], got)
	},
	"messages": func(s *stage, words []string) error { // @ANSWER: what was shown to the user so far
		var b strings.Builder
		for _, n := range s.Notes("window/showMessage") {
			var p struct{ Message string }
			if err := json.Unmarshal(n.Params, &p); err != nil {
				return err
			}
			b.WriteString(p.Message + "\n")
		}
		return s.answered(words[0], b.String())
	},
	"picks": func(s *stage, words []string) error { // N: the user takes the nth of what is offered, or with 0 nothing
		s.On("window/showMessageRequest", func(raw json.RawMessage) (any, *lsptest.Error) {
			var p struct{ Actions []map[string]string }
			if err := json.Unmarshal(raw, &p); err != nil || words[0] == "0" {
				return nil, nil
			}
			return p.Actions[words[0][0]-'1'], nil
		})
		return nil
	},
	"knows": func(s *stage, words []string) error { // COMMAND ...: those that the editor executes itself
		s.initialize["capabilities"].(map[string]any)["experimental"] = map[string]any{"commands": map[string]any{"commands": words}}
		return nil
	},
	"shown": func(s *stage, _ []string) error { // the editor shows how it stands with a file
		s.initialize["capabilities"].(map[string]any)["experimental"] = map[string]any{"status": true}
		return nil
	},
	"lacks": func(s *stage, words []string) error { // KEY ...: the capability that the editor does not have
		at := s.initialize["capabilities"].(map[string]any)
		for _, key := range words[:len(words)-1] {
			at = at[key].(map[string]any)
		}
		delete(at, words[len(words)-1])
		return nil
	},
	"lenses": func(s *stage, words []string) error { // FILE @ANSWER
		var lenses []struct {
			Range   lsptest.Range
			Command struct{ Title, Command string }
		}
		s.Call("textDocument/codeLens", s.at(words[0], "1:0"), &lenses)
		var b strings.Builder
		for _, l := range lenses {
			fmt.Fprintf(&b, "%s %s\n", place(l.Range), l.Command.Title)
		}
		return s.answered(words[1], b.String())
	},
	"hints": func(s *stage, words []string) error { // FILE LINES @ANSWER
		var hints []struct {
			Position lsptest.Position
			Label    string
		}
		params := s.at(words[0], "1:0")
		params["range"] = lineRange(words[1])
		s.Call("textDocument/inlayHint", params, &hints)
		var b strings.Builder
		for _, h := range hints {
			fmt.Fprintf(&b, "%d:%d %s\n", h.Position.Line+1, h.Position.Character, h.Label)
		}
		return s.answered(words[2], b.String())
	},
	"links": func(s *stage, words []string) error { // FILE @ANSWER
		var links []struct {
			Range  lsptest.Range
			Target string
		}
		s.Call("textDocument/documentLink", s.at(words[0], "1:0"), &links)
		var b strings.Builder
		for _, l := range links {
			fmt.Fprintf(&b, "%s %s\n", place(l.Range), l.Target)
		}
		return s.answered(words[1], b.String())
	},
	"reads": func(s *stage, words []string) error { // FILE @TEXT
		return s.answered(words[1], s.text(words[0]))
	},
}

// writeEnv writes the user's env file, without the go command.
func (s *stage) writeEnv(_ context.Context, _ route.Env, values map[string]string) error {
	if s.texts["@unwritable"] != "" {
		return errors.New(strings.TrimSpace(s.texts["@unwritable"]))
	}
	for name, value := range values {
		s.write("goenv", name+"="+value+"\n")
	}
	return nil
}

// at names a place in a file.
func (s *stage) at(name, place string) map[string]any {
	var line, character int
	if _, err := fmt.Sscanf(place, "%d:%d", &line, &character); err != nil {
		s.t.Fatalf("%s: %v", place, err)
	}
	return map[string]any{
		"textDocument": map[string]any{"uri": s.uri(name)},
		"position":     lsptest.Position{Line: line - 1, Character: character},
	}
}

// place writes down a range as FROM-TO.
func place(r lsptest.Range) string {
	return fmt.Sprintf("%d:%d-%d:%d", r.Start.Line+1, r.Start.Character, r.End.Line+1, r.End.Character)
}

// lineRange reads "3" or "3-5", which are lines.
func lineRange(lines string) lsptest.Range {
	var first, last int
	if n, _ := fmt.Sscanf(lines, "%d-%d", &first, &last); n == 1 {
		last = first
	}
	return lsptest.Range{Start: lsptest.Position{Line: first - 1}, End: lsptest.Position{Line: last - 1}}
}

// answered compares an answer with the one in the archive.
func (s *stage) answered(name, got string) error {
	got = strings.NewReplacer(s.uri(""), "$URI", s.dir, "$WORK").Replace(got)
	if *update {
		return s.record(name, got)
	}
	text, ok := s.texts[name]
	if !ok {
		return fmt.Errorf("the archive has no %s; it would be\n%s", name, got)
	}
	text = strings.ReplaceAll(text, s.dir, "$WORK")
	return differ(text, got)
}

// record puts an answer into the archive.
func (s *stage) record(name, text string) error {
	_, script, _ := strings.Cut(s.t.Name(), "/")
	file := "../testdata/lsp/" + script + ".txtar"
	archive, err := txtar.ParseFile(file)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == name })
	if i < 0 {
		i = len(archive.Files)
		archive.Files = append(archive.Files, txtar.File{Name: name})
	}
	archive.Files[i].Data = []byte(text)
	return os.WriteFile(file, txtar.Format(archive), 0o666)
}

// offer is an action that the server offers, whole or as a command.
type offer struct {
	Title, Kind string
	IsPreferred bool
	Diagnostics []lsptest.Diagnostic
	Edit        *change
	Command     json.RawMessage
	Arguments   []json.RawMessage
	Data        json.RawMessage
}

// change is an edit of documents.
type change struct {
	Changes         map[string][]textEdit
	DocumentChanges []struct {
		TextDocument struct{ URI string }
		Edits        []textEdit
	}
}

type textEdit struct {
	Range   lsptest.Range
	NewText string
}

// actions asks what may be done on some lines of a file.
func (s *stage) actions(name, lines string, only []string) []offer {
	params := s.at(name, "1:0")
	params["range"] = lineRange(lines)
	diagnostics := []any{map[string]any{"message": 7}, "not one"}
	for _, d := range s.Diagnostics(s.uri(name)).Diagnostics {
		diagnostics = append(diagnostics, d)
	}
	context := map[string]any{"diagnostics": diagnostics}
	if len(only) > 0 {
		context["only"] = only
	}
	params["context"] = context
	var offers []offer
	s.Call("textDocument/codeAction", params, &offers)
	return offers
}

// choose does what the action says whose title begins so.
func (s *stage) choose(name, lines, title string) error {
	s.On("workspace/applyEdit", func(raw json.RawMessage) (any, *lsptest.Error) {
		var p struct{ Edit change }
		if err := json.Unmarshal(raw, &p); err != nil {
			return nil, &lsptest.Error{Message: err.Error()}
		}
		return map[string]any{"applied": s.apply(p.Edit) == nil}, nil
	})
	for _, o := range s.actions(name, lines, nil) {
		if !strings.HasPrefix(o.Title, title) {
			continue
		}
		if o.Data != nil {
			reply := s.Wait(s.Send("codeAction/resolve", o))
			if reply.Error != nil {
				return fmt.Errorf("%d %s", reply.Error.Code, reply.Error.Message)
			}
			if err := json.Unmarshal(reply.Result, &o); err != nil {
				return err
			}
		}
		if o.Edit != nil {
			return s.apply(*o.Edit)
		}
		var c struct {
			Command   string            `json:"command"`
			Arguments []json.RawMessage `json:"arguments"`
		}
		if err := json.Unmarshal(o.Command, &c.Command); err == nil {
			c.Arguments = o.Arguments
		} else if err := json.Unmarshal(o.Command, &c); err != nil {
			return err
		}
		if reply := s.Wait(s.Send("workspace/executeCommand", c)); reply.Error != nil {
			return fmt.Errorf("%d %s", reply.Error.Code, reply.Error.Message)
		}
		return nil
	}
	return fmt.Errorf("no action begins with %q", title)
}

// apply changes what the editor shows, or what is on the disk.
func (s *stage) apply(c change) error {
	all := maps.Clone(c.Changes)
	if all == nil {
		all = map[string][]textEdit{}
	}
	for _, d := range c.DocumentChanges {
		all[d.TextDocument.URI] = append(all[d.TextDocument.URI], d.Edits...)
	}
	for uri, edits := range all {
		name, ok := strings.CutPrefix(uri, s.uri("")+"/")
		if !ok {
			return fmt.Errorf("an edit of %s", uri)
		}
		text := s.text(name)
		// All places are those of the text before any of them.
		slices.SortFunc(edits, func(a, b textEdit) int { return offset(text, b.Range.Start) - offset(text, a.Range.Start) })
		for _, e := range edits {
			from, to := offset(text, e.Range.Start), offset(text, e.Range.End)
			text = text[:from] + e.NewText + text[to:]
		}
		if _, open := s.shown[name]; open {
			s.shown[name] = text
			s.Change(uri, text)
			continue
		}
		if err := os.WriteFile(filepath.Join(s.dir, filepath.FromSlash(name)), []byte(text), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// offset gives that of a place in a text of ASCII.
func offset(text string, p lsptest.Position) int {
	at := 0
	for range p.Line {
		at += strings.IndexByte(text[at:], '\n') + 1
	}
	return at + p.Character
}
