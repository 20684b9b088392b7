package server

import (
	"context"
	"fmt"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/modreach/modreach/codeactions"
	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
)

// codeLenses sum each block of require lines up; none unless the settings say.
func (s *session) codeLenses(ctx context.Context, now *snapshot, p documentParams) ([]protocol.CodeLens, error) {
	lenses := []protocol.CodeLens{}
	if !now.settings.codeLens {
		return lenses, nil
	}
	v, err := s.current(ctx, now, string(p.TextDocument.URI))
	if err != nil || v == nil {
		return lenses, err
	}
	for _, block := range blocks(v.file) {
		if block.end > len(v.scene.Verdicts) {
			break // nothing is known yet
		}
		lenses = append(lenses, protocol.CodeLens{
			Range:   v.document.ruler().span(block.head, now.client.encoding()),
			Command: command(sum(now.client.language, v.scene.Verdicts[block.first:block.end]), codeactions.Recheck, order{URI: v.document.uri}),
		})
	}
	return lenses, nil
}

// block is a run of require lines: those of one block, or single ones that
// follow each other.
type block struct {
	// head is where it begins.
	head       gomod.Span
	first, end int // indices into Requires
}

// blocks gives the runs of require lines of a file.
func blocks(f *gomod.File) []block {
	var all []block
	for i, r := range f.Requires {
		if i > 0 && together(f, f.Requires[i-1], r) {
			all[len(all)-1].end = i + 1
			continue
		}
		all = append(all, block{f.LineSpan(r.Line.Start), i, i + 1})
		if inBlock(r) {
			all[len(all)-1].head = opening(f, r.Line.Start)
		}
	}
	return all
}

// inBlock reports whether a line stands in a block: it has no verb.
func inBlock(r gomod.Requirement) bool { return r.Line.Start == r.Path.Start }

// together reports whether a line belongs to the run of the one before it.
func together(f *gomod.File, before, r gomod.Requirement) bool {
	if inBlock(before) != inBlock(r) {
		return false
	}
	for line := range strings.Lines(string(f.Text[f.LineSpan(before.Line.Start).End:r.Line.Start])) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, ")") || !inBlock(r) && line != "" && !strings.HasPrefix(line, "//") {
			return false
		}
	}
	return true
}

// opening gives the line that opens the block in which an offset is.
func opening(f *gomod.File, offset int) gomod.Span {
	for line := f.LineSpan(offset); line.Start > 0; {
		line = f.LineSpan(line.Start - 1)
		if strings.HasPrefix(strings.TrimSpace(string(f.Text[line.Start:line.End])), "require") {
			return line
		}
	}
	return f.LineSpan(offset)
}

// sum tells how many modules came out how.
func sum(l diagnostics.Language, verdicts []diagnostics.Verdict) string {
	var counts [diagnostics.Skipped + 1]int
	for _, v := range verdicts {
		counts[v.State]++
	}
	var parts []string
	for _, state := range []diagnostics.State{
		diagnostics.Unreachable, diagnostics.Unknown, diagnostics.Reachable, diagnostics.Cached, diagnostics.Skipped,
	} {
		if n := counts[state]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, say(l, state.String())))
		}
	}
	return strings.Join(parts, say(l, ", "))
}
