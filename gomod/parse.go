package gomod

import (
	"cmp"
	"slices"
	"strings"
)

// byteOrderMark is what some editors put before the first line. The go command
// rejects it; the line after it is as good as any.
const byteOrderMark = "\ufeff"

// Parse reads the text of a go.mod file. The result is never nil and holds
// every line that can be read, whatever stands in the others. Text must not be
// changed afterwards.
func Parse(text []byte) *File { return parse(ModFile, text) }

// ParseWork reads the text of a go.work file, as [Parse] does a go.mod.
func ParseWork(text []byte) *File { return parse(WorkFile, text) }

// parse goes over the text in two passes, both linear: one cuts the lines into
// tokens, one reads the directives and blocks they form.
//
// modfile itself gives up on the whole file at the first line it cannot read,
// so it is not asked for the directives; it is asked for the words about a
// line that was found bad.
func parse(kind Kind, text []byte) *File {
	r := &reader{
		file:  &File{Kind: kind, Text: text},
		text:  string(text),
		verbs: &modVerbs,
	}
	if kind == WorkFile {
		r.verbs = &workVerbs
	}
	r.cutLines()
	r.markStrays()
	r.readStatements()
	slices.SortStableFunc(r.file.Problems, func(a, b Problem) int {
		return cmp.Compare(a.Span.Start, b.Span.Start)
	})
	return r.file
}

// reader holds one file while it is read.
type reader struct {
	file  *File
	text  string // of the file, so that tokens can share its memory
	verbs *verbs
	lines []line
	// unclosed is the line up to which a block was seen not to close. A block
	// that starts above it need not look as far again.
	unclosed int
}

// at gives the text of a span.
func (r *reader) at(s Span) string { return r.text[s.Start:s.End] }

// word gives the i-th token of a line, or nothing.
func (r *reader) word(l line, i int) string {
	if i >= len(l.tokens) {
		return ""
	}
	return r.at(l.tokens[i])
}

// cutLines fills r.lines and the line starts of the file.
func (r *reader) cutLines() {
	start := 0
	if strings.HasPrefix(r.text, byteOrderMark) {
		start = len(byteOrderMark)
		r.reject(Span{0, start}, byteOrderMark)
	}
	count := strings.Count(r.text, "\n") + 1
	r.lines = make([]line, 0, count)
	r.file.lines = make([]int, 0, count)
	r.file.lines = append(r.file.lines, 0)
	// Most lines are a path and a version.
	arena := make([]Span, 0, 2*count)
	for {
		n := strings.IndexByte(r.text[start:], '\n')
		end := start + n
		if n < 0 {
			end = len(r.text)
		}
		var l line
		l, arena = cut(r.text, start, end, arena)
		if l.bad {
			// The newline is part of the complaint about an open string.
			r.reject(l.code(r.text), r.text[start:min(end+1, len(r.text))])
		}
		r.lines = append(r.lines, l)
		if n < 0 {
			return
		}
		start = end + 1
		r.file.lines = append(r.file.lines, start)
	}
}

// readStatements goes over the top level of the file.
func (r *reader) readStatements() {
	for i := 0; i < len(r.lines); {
		switch l := r.lines[i]; {
		case r.opens(l):
			i = r.readBlock(i)
		case len(l.tokens) > 0 && !l.bad:
			r.readDirective(directive{
				verb: r.word(l, 0), args: l.tokens[1:], line: i, block: noBlock,
			})
			i++
		default:
			i++
		}
	}
}

// reject notes a piece of the file with modfile's words about source, which is
// that piece and as much of its surroundings as modfile needs to see.
func (r *reader) reject(s Span, source string) {
	r.problem(s, complaint(r.file.Kind, source))
}

// problem notes a piece of the file.
func (r *reader) problem(s Span, message string) {
	r.file.Problems = append(r.file.Problems, Problem{Span: s, Message: message})
}
