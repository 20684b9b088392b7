package server

import (
	"context"

	"go.lsp.dev/protocol"

	"github.com/modreach/modreach/diagnostics"
)

// inlayHint is a text behind a place in a line. The library is older than it.
type inlayHint struct {
	Position    protocol.Position `json:"position"`
	Label       string            `json:"label"`
	PaddingLeft bool              `json:"paddingLeft"`
}

// inlayHints tell behind each require line where the module comes from; none
// unless the settings say.
func (s *session) inlayHints(ctx context.Context, now *snapshot, p struct {
	documentParams
	Range protocol.Range `json:"range"`
},
) ([]inlayHint, error) {
	hints := []inlayHint{}
	if !now.settings.inlayHints {
		return hints, nil
	}
	v, err := s.current(ctx, now, string(p.TextDocument.URI))
	if err != nil || v == nil {
		return hints, err
	}
	first, last := v.lines(now, p.Range)
	for i, r := range v.file.Requires {
		if i >= len(v.scene.Verdicts) || r.Line.Start < first || r.Line.Start > last {
			continue
		}
		if label := hint(now.client.language, v.scene.Verdicts[i]); label != "" {
			at := v.document.ruler().position(r.Line.End, now.client.encoding())
			hints = append(hints, inlayHint{at, label, true})
		}
	}
	return hints, nil
}

// hint tells a verdict in two or three words; empty for one that is not in yet.
func hint(l diagnostics.Language, v diagnostics.Verdict) string {
	switch v.State {
	case diagnostics.Reachable:
		if hops := v.Report.ServedBy(); len(hops) > 0 {
			return say(l, "from ") + l.Hop(hops[len(hops)-1])
		}
	case diagnostics.Unreachable:
		return say(l, "unreachable") + ": " + string(v.Code)
	case diagnostics.Cached, diagnostics.Skipped:
		return say(l, v.State.String())
	case diagnostics.Unknown:
	}
	return ""
}
