package report

import (
	"unicode/utf8"

	"github.com/modreach/modreach/gomod"
)

// place is a span as people and programs count: lines and columns from 1, the
// end column that of the first byte after it.
type place struct {
	line, column, endLine, endColumn int
}

// bytePlace counts columns in bytes, as the go command does.
func bytePlace(f *gomod.File, s gomod.Span) place {
	var p place
	p.line, p.column = f.Position(s.Start)
	p.endLine, p.endColumn = f.Position(s.End)
	return p
}

// utf16Place counts columns in UTF-16 code units, of which a character outside
// the basic plane has two.
func utf16Place(f *gomod.File, s gomod.Span) place {
	p := bytePlace(f, s)
	p.column = utf16Column(f, s.Start, p.column)
	p.endColumn = utf16Column(f, s.End, p.endColumn)
	return p
}

func utf16Column(f *gomod.File, offset, byteColumn int) int {
	offset = min(max(offset, 0), len(f.Text))
	before := f.Text[offset-(byteColumn-1) : offset]
	column := 1
	for len(before) > 0 {
		r, size := utf8.DecodeRune(before)
		if column++; r > 0xFFFF {
			column++
		}
		before = before[size:]
	}
	return column
}
