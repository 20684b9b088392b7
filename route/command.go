package route

import (
	"strings"
	"unicode"
)

// Command gives the go command that takes the same way, to be pasted into a shell
// in the folder of the go.mod. What it names may be from a file that anybody has
// written: it is empty where no quotes would make that safe.
func (r Route) Command() string {
	if r.Toolchain != "" {
		return pasted("GOTOOLCHAIN=", r.Toolchain, " go version")
	}
	for _, h := range r.Hops {
		if h.Kind == Directory || h.Kind == Vendor {
			return pasted("go list -m ", r.Required.Path, "")
		}
	}
	mod := r.Mod
	if mod.Version == "" { // no module replaces another without a version
		mod = r.Required
	}
	return pasted("go mod download -x ", mod.Path+"@"+mod.Version, "")
}

// pasted writes a word of a command for sh and PowerShell alike, between what
// stands around it; empty for a word that may mean more than itself.
func pasted(before, word, after string) string {
	plain := true
	for _, c := range word {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.ContainsRune("-._~+/@", c):
		case !unicode.IsPrint(c), strings.ContainsRune(risky, c):
			return ""
		default:
			plain = false
		}
	}
	switch {
	case word == "" || strings.ContainsRune("-@", rune(word[0])):
		return "" // a flag, or no module
	case !plain || word[0] == '~':
		word = "'" + word + "'"
	}
	return before + word + after
}

// risky are the characters that end or pass single quotes in some shell: quotes,
// to PowerShell the typographic ones too, and what cmd.exe, which knows no single
// quotes, takes for its own.
const risky = "'\"`\u2018\u2019\u201a\u201b\u201c\u201d\u201e\\&|<>^%!"
