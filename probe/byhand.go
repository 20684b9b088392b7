package probe

import (
	"strings"
	"unicode"
)

// byHand gives a command with one word, to be pasted into a shell. The word may be
// one that a strange host has written: the command is empty where quotes would not
// keep it a word.
func byHand(command, word string) string {
	// The others are quotes to PowerShell.
	const quotes = "'\u2018\u2019\u201a\u201b"
	unsafe := func(r rune) bool { return strings.ContainsRune(quotes, r) || !unicode.IsPrint(r) }
	if strings.ContainsFunc(word, unsafe) {
		return ""
	}
	return command + " '" + word + "'"
}
