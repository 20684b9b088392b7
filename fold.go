package main

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

// fold breaks the lines of a text between words, where a terminal would break
// them anywhere. What goes on in the next line is indented. The text has to be
// written at once; a width of 0 columns leaves it as it is.
type fold struct {
	w     io.Writer
	width int
}

const (
	// hang sets off what a folded line goes on with.
	hang = 4
	// minFold is a width below which there is nothing to be made readable.
	minFold = 20
)

func (f fold) Write(text []byte) (int, error) {
	if f.width < minFold {
		return f.w.Write(text)
	}
	var out bytes.Buffer
	for line := range strings.Lines(string(text)) {
		f.line(&out, line)
	}
	if _, err := f.w.Write(out.Bytes()); err != nil {
		return 0, err
	}
	return len(text), nil
}

func (f fold) line(out *bytes.Buffer, line string) {
	indent := strings.Repeat(" ", f.indent(line))
	column, gap := 0, ""
	for i, word := range strings.Split(strings.TrimSuffix(line, "\n"), " ") {
		if i > 0 {
			gap += " "
		}
		if word == "" {
			continue
		}
		if column > 0 && column+len(gap)+shownWidth(word) > f.width {
			out.WriteByte('\n')
			column, gap = 0, indent
		}
		out.WriteString(gap + word)
		column += len(gap) + shownWidth(word)
		gap = ""
	}
	if strings.HasSuffix(line, "\n") {
		out.WriteByte('\n')
	}
}

// secondColumn finds what stands before the text of a line with a label.
var secondColumn = regexp.MustCompile(`^ *\S+(?: \S+)* {2,}`)

// indent is how far the rest of a folded line is moved in: under its text where
// a label stands before it, else a little further than the line itself.
func (f fold) indent(line string) int {
	text := mark.ReplaceAllString(line, "")
	n := len(text) - len(strings.TrimLeft(text, " ")) + hang
	if label := secondColumn.FindString(text); label != "" {
		n = shownWidth(label)
	}
	if n > f.width/2 {
		return hang
	}
	return n
}

// mark is what makes a terminal change colours; it takes no room.
var mark = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// shownWidth is how many columns a text takes.
func shownWidth(text string) int {
	return utf8.RuneCountInString(mark.ReplaceAllString(text, ""))
}
