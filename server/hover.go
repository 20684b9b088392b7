package server

import (
	"context"
	"strings"
	"time"

	"github.com/modreach/modreach/gomod"
)

// positionParams name a place in a document.
type positionParams struct {
	TextDocument documentID `json:"textDocument"`
	Position     position   `json:"position"`
}

// hover is what is shown of a place.
type hover struct {
	Contents struct {
		Kind  string `json:"kind"`
		Value string `json:"value"`
	} `json:"contents"`
	Range textRange `json:"range"`
}

// hoverAt shows the route of the requirement on a line, and what else there is
// to know about it; nil on other lines.
func (s *session) hoverAt(ctx context.Context, now *snapshot, p positionParams) (*hover, error) {
	v, err := s.current(ctx, now, p.TextDocument.URI)
	if err != nil || v == nil {
		return nil, err
	}
	unit, rule := now.client.encoding(), v.document.ruler()
	text, place := v.hoverText(rule.offset(p.Position, unit), now.client.markdown())
	if text == "" {
		return nil, nil
	}
	h := &hover{Range: rule.span(place, unit)}
	h.Contents.Kind, h.Contents.Value = "plaintext", text
	if now.client.markdown() {
		h.Contents.Kind = "markdown"
	}
	return h, nil
}

// hoverText gives what is told of the line of an offset, and the place it is
// about; empty for nothing.
func (v *view) hoverText(offset int, markdown bool) (text string, place gomod.Span) {
	i, place, ok := requirementAt(v.file, offset)
	if !ok || i >= len(v.scene.Verdicts) {
		for _, l := range v.scene.Lines {
			if line := v.file.LineSpan(offset); line.Start <= l.Span.Start && l.Span.Start <= line.End && l.Verdict.Reason != "" {
				text = l.Directive + " " + l.Written + ": " + l.Verdict.State.String() + ", " + flat(l.Verdict.Reason)
				if markdown {
					text = escape(text)
				}
				return text, l.Span
			}
		}
		return "", gomod.Span{}
	}
	paragraphs := []string{routeText(v.scene.Verdicts[i], time.Now(), markdown)}
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
