package gomod_test

import (
	"testing"

	"github.com/modreach/modreach/gomod"
)

func TestPosition(t *testing.T) {
	//                       0         1            2
	//                       0123456789 01 234 567890
	const text = "go 1.26.0\n\n\té\r\nx // y"
	f := gomod.Parse([]byte(text))
	for _, tt := range []struct {
		name         string
		file         *gomod.File
		offset       int
		line, column int
	}{
		{"start", f, 0, 1, 1},
		{"inside a line", f, 3, 1, 4},
		{"line end", f, 9, 1, 10},
		{"empty line", f, 10, 2, 1},
		{"columns are bytes", f, 14, 3, 4},
		{"after CRLF", f, 16, 4, 1},
		{"end of text", f, len(text), 4, 7},
		{"behind the text", f, len(text) + 10, 4, 7},
		{"before the text", f, -1, 1, 1},
		{"end of a text that ends a line", gomod.Parse([]byte("a\n")), 2, 2, 1},
		{"zero file", &gomod.File{}, 3, 1, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			line, column := tt.file.Position(tt.offset)
			if line != tt.line || column != tt.column {
				t.Errorf("Position(%d) = %d:%d, want %d:%d", tt.offset, line, column, tt.line, tt.column)
			}
		})
	}
}

func TestLine(t *testing.T) {
	const text = "go 1.26.0 // a//b\r\n\n\t\"//\" x\n// c"
	f := gomod.Parse([]byte(text))
	for _, tt := range []struct {
		name          string
		offset        int
		line, comment string
	}{
		{"start", 0, "go 1.26.0 // a//b", "// a//b"},
		{"its newline", 18, "go 1.26.0 // a//b", "// a//b"},
		{"empty line", 19, "", ""},
		{"slashes in a string", 21, "\t\"//\" x", ""},
		{"comment alone", len(text), "// c", "// c"},
		{"before the text", -1, "go 1.26.0 // a//b", "// a//b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := f.LineSpan(tt.offset)
			if got := text[s.Start:s.End]; got != tt.line {
				t.Errorf("LineSpan(%d) is %q, want %q", tt.offset, got, tt.line)
			}
			c := f.CommentAt(tt.offset)
			if got := text[c.Start:c.End]; got != tt.comment {
				t.Errorf("CommentAt(%d) is %q, want %q", tt.offset, got, tt.comment)
			}
		})
	}
}
