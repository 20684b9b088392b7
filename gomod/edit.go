package gomod

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// Edit replaces a piece of a file's text; one with an empty span inserts. All
// edits here are as small as can be and leave the rest of the file as it is:
// line endings, comments, spacing and order are the user's.
type Edit struct {
	Span Span
	Text string
}

// Apply gives the text with edits made, which must not overlap. The text given
// is not changed.
func Apply(text []byte, edits []Edit) []byte {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b Edit) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	var out []byte
	at := 0
	for _, e := range edits {
		out = append(out, text[at:e.Span.Start]...)
		out = append(out, e.Text...)
		at = e.Span.End
	}
	return append(out, text[at:]...)
}

// ReplaceDir gives the edit that has a module, in whatever version, replaced by
// a directory, which is written as given: rooted, or starting with "./" or
// "../". It comes after the last replace directive, and looks like that.
//
// ok is false where the edit would not do: a replace directive for all versions
// is there already, or the file ends within a block.
func (f *File) ReplaceDir(path, dir string) (e Edit, ok bool) {
	if f.open() || slices.ContainsFunc(f.Replaces, func(r Replace) bool { return r.Old.Path == path && r.Old.Version == "" }) {
		return Edit{}, false
	}
	entry := modfile.AutoQuote(path) + " => " + modfile.AutoQuote(dir)
	if n := len(f.Replaces); n > 0 {
		last := f.Replaces[n-1]
		return f.after(last.Line, last.OldPath, "replace ", entry), true
	}
	return f.atEnd("replace " + entry), true
}

// UseDir gives the edit that has a go.work use a directory, written as for
// [File.ReplaceDir], after the last use directive. ok is false where it is used
// already, or the file ends within a block.
func (f *File) UseDir(dir string) (e Edit, ok bool) {
	if f.open() || slices.ContainsFunc(f.Uses, func(u Use) bool { return u.Dir == dir }) {
		return Edit{}, false
	}
	entry := modfile.AutoQuote(dir)
	if n := len(f.Uses); n > 0 {
		last := f.Uses[n-1]
		return f.after(last.Line, last.DirSpan, "use ", entry), true
	}
	return f.atEnd("use " + entry), true
}

// after adds a directive below another one, and like it: in its block, or with
// the verb. first is what follows the verb there.
func (f *File) after(directive, first Span, verb, entry string) Edit {
	line := f.LineSpan(directive.Start)
	lead := verb
	if directive.Start == first.Start { // in a block
		before := f.Text[line.Start:directive.Start]
		lead = string(before[len(bytes.TrimRight(before, spaces)):])
	}
	return Edit{Span{line.End, line.End}, f.eol(line.End) + lead + entry}
}

// atEnd adds a directive as the last line, after a blank one.
func (f *File) atEnd(directive string) Edit {
	end := len(f.Text)
	eol := f.eol(end)
	last := f.LineSpan(end)
	switch {
	case end == 0:
		return Edit{Text: directive + eol}
	case last.Start < last.End: // no newline ends the file
		return Edit{Span{end, end}, eol + eol + directive + eol}
	}
	// Neovim 0.10 adds a blank line to what is inserted after the last newline,
	// so this goes before it.
	last = f.LineSpan(last.Start - 1)
	if !f.blankLine(last.Start) {
		directive = eol + directive
	}
	return Edit{Span{last.End, last.End}, eol + directive}
}

// Retarget gives the edit that has a replace directive name a directory.
func (f *File) Retarget(r Replace, dir string) Edit {
	e := Edit{Span{r.NewPath.Start, max(r.NewPath.End, r.NewVersion.End)}, modfile.AutoQuote(dir)}
	if !strings.ContainsRune(spaces, rune(f.Text[e.Span.Start-1])) {
		e.Text = " " + e.Text // a parenthesis or a comma may stand right behind the arrow
	}
	return e
}

// DropReplace gives the edit that removes a replace directive with its line, and
// with the block where nothing else is in that.
func (f *File) DropReplace(r Replace) Edit {
	first, last := f.lineIndex(r.Line.Start), f.lineIndex(r.Line.Start)
	if f.code(first-1) == "replace (" && f.code(last+1) == ")" {
		first, last = first-1, last+1
	}
	return Edit{Span: Span{f.lineStart(first), f.nextLine(last)}}
}

// SetVersion gives the edit that changes the version of a require line.
func (f *File) SetVersion(r Requirement, version string) Edit {
	return Edit{r.Version, modfile.AutoQuote(version)}
}

// SetPath gives the edit that changes the path of a require line.
func (f *File) SetPath(r Requirement, path string) Edit {
	return Edit{r.Path, modfile.AutoQuote(path)}
}

// AddIgnore gives the edit that adds a code to the wish (see [ParseIgnore]) in
// the comment of the line that a byte offset stands on. What the comment says
// otherwise stays, with "indirect" first as the go command wants it. ok is false
// where the code is in the wish already, and where the wish ends on a day, which
// was not chosen for this code.
func (f *File) AddIgnore(offset int, code string) (e Edit, ok bool) {
	comment := f.CommentAt(offset)
	if comment.IsZero() {
		line := f.LineSpan(offset)
		end := line.Start + len(bytes.TrimRight(f.Text[line.Start:line.End], spaces))
		return Edit{Span{end, line.End}, " // " + ignoreWord + " " + code}, true
	}
	text := string(f.Text[comment.Start:comment.End])
	if ignore, ok := ParseIgnore(text); ok {
		at := comment.Start + strings.Index(text, ignoreWord) + len(ignoreWord)
		return Edit{Span{at, at}, " " + code}, ignore.Until == "" && !slices.Contains(ignore.Codes, code)
	}
	words := remark(text)
	wish := "// "
	if indirect(text) {
		wish += "indirect; "
		words = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(words, "indirect"), ";"))
	}
	wish += ignoreWord + " " + code
	if words != "" {
		wish += " // " + words
	}
	return Edit{comment, wish}, true
}

// open reports whether the file ends within a block, so that what is added at
// its end would be part of that.
func (f *File) open() bool {
	return slices.ContainsFunc(f.Problems, func(p Problem) bool { return p.Message == unterminated })
}

// eol gives the newline of the lines before an offset.
func (f *File) eol(offset int) string {
	before := f.Text[:offset]
	i := bytes.LastIndexByte(before, '\n')
	if i < 0 {
		i = bytes.IndexByte(f.Text, '\n')
	}
	if i > 0 && f.Text[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// blankLine reports whether there is nothing on the line that offset stands on.
func (f *File) blankLine(offset int) bool {
	s := f.LineSpan(offset)
	return len(bytes.Trim(f.Text[s.Start:s.End], spaces)) == 0
}

// code gives the words of a line with one blank between them; empty for a line
// that is not there.
func (f *File) code(line int) string {
	if line < 0 || line >= len(f.lines) {
		return ""
	}
	s := f.LineSpan(f.lineStart(line))
	return strings.Join(strings.Fields(strings.ReplaceAll(string(f.Text[s.Start:s.End]), "(", " (")), " ")
}

// nextLine gives where the line after this one starts; the end of the file
// after the last.
func (f *File) nextLine(line int) int {
	if line+1 < len(f.lines) {
		return f.lines[line+1]
	}
	return len(f.Text)
}
