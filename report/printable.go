package report

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// printable makes one line of a text that a terminal shows as it stands. Much
// of it was written by others, a server's error page for one: a newline would
// start a line that looks like ours, an escape sequence would be obeyed, a
// bidirectional mark would turn the line around. They are written out instead,
// as in a Go string.
func printable(text string) string { return escape(text, "") }

// escape writes out what does not print, save the runes to keep.
func escape(text, keep string) string {
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[0])
		case strconv.IsPrint(r) || strings.ContainsRune(keep, r):
			b.WriteRune(r)
		default:
			q := strconv.QuoteRune(r)
			b.WriteString(q[1 : len(q)-1])
		}
		text = text[size:]
	}
	return b.String()
}
