package gomod

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// line is one physical line of a file, cut into tokens where modfile cuts it.
// The grammar of go.mod never lets a token cross a newline, so a line can be
// read alone and a bad one cannot hurt its neighbours.
type line struct {
	// span covers the line without its newline and carriage return.
	span Span
	// tokens stops at the first byte that cannot be read.
	tokens []Span
	// comment runs from its slashes to the end of the line; zero if none.
	comment Span
	// bad reports that modfile cannot cut the line into tokens.
	bad bool
	// stray reports a ")" that closes its block too early; see markStrays.
	stray bool
}

// blank reports whether there is nothing on the line, not even a comment.
func (l line) blank() bool {
	return len(l.tokens) == 0 && l.comment.IsZero() && !l.bad
}

// remark reports whether there is a comment on the line and nothing else.
func (l line) remark() bool {
	return len(l.tokens) == 0 && !l.comment.IsZero() && !l.bad
}

// code covers the tokens of the line, without indentation and comment. All of
// a bad line is code.
func (l line) code(text string) Span {
	if !l.bad {
		return Span{l.tokens[0].Start, l.tokens[len(l.tokens)-1].End}
	}
	s := text[l.span.Start:l.span.End]
	start := l.span.End - len(strings.TrimLeft(s, spaces))
	return Span{start, start + len(strings.Trim(s, spaces))}
}

// spaces are the characters that separate tokens.
const spaces = " \t\r"

// cut reads text[start:end], a line without its newline. The tokens are
// appended to arena, which is returned for the next line.
func cut(text string, start, end int, arena []Span) (line, []Span) {
	if end > start && text[end-1] == '\r' {
		end--
	}
	l := line{span: Span{start, end}}
	first := len(arena)
	for i := start; i < end && !l.bad; {
		switch c := text[i]; {
		case c == ' ' || c == '\t' || c == '\r':
			i++
			continue
		case strings.HasPrefix(text[i:end], "//"):
			l.comment = Span{i, end}
			i = end
			continue
		}
		stop, ok := token(text[:end], i)
		if ok {
			arena = append(arena, Span{i, stop})
		}
		i, l.bad = stop, !ok
	}
	l.tokens = arena[first:len(arena):len(arena)]
	return l, arena
}

// token gives the end of the token that starts at text[start], where text ends
// with the line. It reports false for one that modfile cannot read.
func token(text string, start int) (end int, ok bool) {
	switch c := text[start]; c {
	case '(', ')', '[', ']', '{', '}', ',':
		return start + 1, true
	case '"', '`':
		return quoted(text, start)
	}
	for end = start; end < len(text); {
		c, size := rune(text[end]), 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRuneInString(text[end:])
		}
		if !wordRune(c) {
			break
		}
		if c == '/' && strings.HasPrefix(text[end:], "//") {
			break
		}
		if c == '/' && strings.HasPrefix(text[end:], "/*") {
			return end, false
		}
		end += size
	}
	return end, end > start
}

// quoted gives the end of the string whose opening quote is text[start].
func quoted(text string, start int) (end int, ok bool) {
	quote := text[start]
	for i := start + 1; i < len(text); i++ {
		switch {
		case text[i] == quote:
			return i + 1, true
		case text[i] == '\\' && quote == '"':
			i++
		}
	}
	return len(text), false
}

// wordRune reports whether c can stand in an unquoted token. A byte that is
// not UTF-8 decodes to a printable rune and can, as in modfile.
func wordRune(c rune) bool {
	switch c {
	case ' ', '(', ')', '[', ']', '{', '}', ',':
		return false
	}
	if c < utf8.RuneSelf {
		return '!' <= c && c <= '~'
	}
	return !unicode.IsSpace(c) && unicode.IsPrint(c)
}
