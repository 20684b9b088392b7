package gomod

import "slices"

// Position gives the line and the column of a byte offset into [File.Text],
// both counted from 1 and the column in bytes. Lines end at "\n" alone. An
// offset outside the text counts as its nearest end.
func (f *File) Position(offset int) (line, column int) {
	offset = min(max(offset, 0), len(f.Text))
	i := f.lineIndex(offset)
	return i + 1, offset - f.lineStart(i) + 1
}

// LineSpan gives the whole line that a byte offset stands on: indentation and
// comment included, line ending not. An offset outside the text counts as its
// nearest end.
func (f *File) LineSpan(offset int) Span {
	offset = min(max(offset, 0), len(f.Text))
	i := f.lineIndex(offset)
	s := Span{f.lineStart(i), len(f.Text)}
	if i+1 < len(f.lines) {
		s.End = f.lines[i+1] - len("\n")
	}
	if s.End > s.Start && f.Text[s.End-1] == '\r' {
		s.End--
	}
	return s
}

// CommentAt gives the comment at the end of the line that a byte offset stands
// on, with its slashes; zero where the line has none.
func (f *File) CommentAt(offset int) Span {
	s := f.LineSpan(offset)
	if s.End < len(f.Text) && f.Text[s.End] == '\r' {
		s.End++ // cut leaves it off by itself, and only one
	}
	l, _ := cut(string(f.Text[s.Start:s.End]), 0, s.End-s.Start, nil)
	if l.comment.IsZero() {
		return Span{}
	}
	return Span{s.Start + l.comment.Start, s.Start + l.comment.End}
}

// lineIndex counts the lines before the one that offset stands on.
func (f *File) lineIndex(offset int) int {
	i, exact := slices.BinarySearch(f.lines, offset)
	if exact || i == 0 {
		return i
	}
	return i - 1
}

// lineStart is safe for a File that no parser made.
func (f *File) lineStart(i int) int {
	if i < len(f.lines) {
		return f.lines[i]
	}
	return 0
}
