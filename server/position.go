package server

import (
	"slices"
	"strings"
	"unicode/utf8"

	"go.lsp.dev/protocol"

	"github.com/modreach/modreach/gomod"
)

// ruler measures a text. Its lines end at "\n", "\r\n" and, unlike those of
// package gomod, at a lone "\r"; so it converts from byte offsets alone.
type ruler struct {
	text string
	// starts has the offset of each line.
	starts []int
}

func newRuler(text string) ruler {
	starts := make([]int, 1, 1+strings.Count(text, "\n"))
	cr := strings.IndexByte(text, '\r')
	for at := 0; ; {
		lf := strings.IndexByte(text[at:], '\n')
		for cr >= 0 && (lf < 0 || cr < at+lf-1) { // not right before it
			starts = append(starts, cr+1)
			cr = after(text, '\r', cr)
		}
		if lf < 0 {
			return ruler{text, starts}
		}
		at += lf + 1
		starts = append(starts, at)
		if cr >= 0 && cr < at {
			cr = after(text, '\r', cr)
		}
	}
}

// after gives the offset of the next c behind a place; -1 if there is none.
func after(text string, c byte, at int) int {
	next := strings.IndexByte(text[at+1:], c)
	if next < 0 {
		return -1
	}
	return at + 1 + next
}

// position gives the place of a byte offset. One outside the text counts as its
// nearest end, and one within a character as that character's start.
func (r ruler) position(offset int, unit encoding) protocol.Position {
	offset = min(max(offset, 0), len(r.text))
	line, exact := slices.BinarySearch(r.starts, offset)
	if !exact {
		line--
	}
	n, rest := uint32(0), r.text[r.starts[line]:]
	for length := offset - r.starts[line]; length > 0; {
		units, size := measure(rest, unit)
		if size > length {
			break
		}
		n, length, rest = n+units, length-size, rest[size:]
	}
	return protocol.Position{Line: uint32(line), Character: n}
}

// offset gives the byte offset of a place. One beyond the end of a line counts
// as that end, before the line ending, and one within a character as that
// character's start.
func (r ruler) offset(p protocol.Position, unit encoding) int {
	if uint64(p.Line) >= uint64(len(r.starts)) {
		return len(r.text)
	}
	at := r.starts[p.Line]
	for n := p.Character; n > 0 && at < len(r.text) && r.text[at] != '\n' && r.text[at] != '\r'; {
		units, size := measure(r.text[at:], unit)
		if units > n {
			break
		}
		n, at = n-units, at+size
	}
	return at
}

// span gives the place of a span.
func (r ruler) span(s gomod.Span, unit encoding) protocol.Range {
	return protocol.Range{Start: r.position(s.Start, unit), End: r.position(s.End, unit)}
}

// measure gives the length of the first character of a text, in units and in
// bytes. A byte that is not part of one counts for itself.
func measure(text string, unit encoding) (units uint32, size int) {
	if text[0] < utf8.RuneSelf {
		return 1, 1
	}
	c, size := utf8.DecodeRuneInString(text)
	switch {
	case unit == inBytes:
		return uint32(size), size
	case unit == inUTF16 && c > 0xFFFF:
		return 2, size
	}
	return 1, size
}
