package server

import (
	"context"
	"strings"
	"time"

	"go.lsp.dev/protocol"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
)

// hoverAt shows the route of the requirement on a line, and what else there is
// to know about it; nil on other lines.
func (s *session) hoverAt(ctx context.Context, now *snapshot, p protocol.TextDocumentPositionParams) (*protocol.Hover, error) {
	v, err := s.current(ctx, now, string(p.TextDocument.URI))
	if err != nil || v == nil {
		return nil, err
	}
	unit, rule := now.client.encoding(), v.document.ruler()
	text, place := v.hoverText(now.client.language, rule.offset(p.Position, unit), now.client.markdown())
	if text == "" {
		return nil, nil
	}
	kind, shown := protocol.PlainText, rule.span(place, unit)
	if now.client.markdown() {
		kind = protocol.Markdown
	}
	return &protocol.Hover{Contents: protocol.MarkupContent{Kind: kind, Value: text}, Range: &shown}, nil
}

// hoverText gives what is told of the line of an offset, and the place it is
// about; empty for nothing.
func (v *view) hoverText(lang diagnostics.Language, offset int, markdown bool) (text string, place gomod.Span) {
	i, place, ok := requirementAt(v.file, offset)
	if !ok || i >= len(v.scene.Verdicts) {
		for _, l := range v.scene.Lines {
			if line := v.file.LineSpan(offset); line.Start <= l.Span.Start && l.Span.Start <= line.End && l.Verdict.Reason != "" {
				text = l.Directive + " " + l.Written + ": " + say(lang, l.Verdict.State.String()) + say(lang, ", ") + flat(reason(lang, l.Verdict))
				if markdown {
					text = escape(text)
				}
				return text, l.Span
			}
		}
		return "", gomod.Span{}
	}
	paragraphs := []string{routeText(lang, v.scene.Verdicts[i], time.Now(), markdown)}
	scene := v.fixes()
	for _, f := range v.findings {
		if f.Span != v.file.Requires[i].Line {
			continue
		}
		for _, note := range scene.Notes(f) {
			if markdown {
				note = escape(note)
			}
			paragraphs = append(paragraphs, note)
		}
	}
	return strings.Join(paragraphs, "\n\n"), place
}
