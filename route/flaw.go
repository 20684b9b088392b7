package route

import (
	"path"
	"strings"
	"unicode"
)

// Flaw is an entry of a list of patterns that cannot cover what its author can
// have meant. The go command never complains about one: it covers nothing.
type Flaw struct {
	// Entry is the entry as written, without the commas. It may hold a secret:
	// print it with [Redact].
	Entry string
	// Why is what keeps it from matching, half a sentence about "it".
	Why string
	// Instead are the entries that say what was meant; nil where that cannot be
	// told.
	Instead []string
	// Word reports a lone word such as "off": whoever wrote it may have wanted
	// to cover nothing.
	Word bool
}

// Flaws finds them in a list like that of GOPRIVATE, in their order. "none" is
// no flaw: it is how go help says to cover nothing.
func Flaws(list string) []Flaw {
	var all []Flaw
	for entry := range strings.SplitSeq(list, ",") {
		if why, word := flawOf(entry); why != "" {
			all = append(all, Flaw{entry, why, repaired(entry), word})
		}
	}
	return all
}

// Mended gives a list with what was meant in place of each flaw. An entry that
// nobody can tell the meaning of stays; none is there twice. ok is false where
// nothing has changed.
func Mended(list string, flaws []Flaw) (mended string, ok bool) {
	instead := map[string][]string{}
	for _, f := range flaws {
		instead[f.Entry] = f.Instead
	}
	var kept []string
	seen := map[string]bool{}
	for entry := range strings.SplitSeq(list, ",") {
		entries := []string{entry}
		if better := instead[entry]; better != nil {
			entries, ok = better, true
		}
		for _, e := range entries {
			if e != "" && !seen[e] {
				kept, seen[e] = append(kept, e), true
			}
		}
	}
	return strings.Join(kept, ","), ok
}

const (
	blanks = " \t\r\n\v\f"
	quotes = "\"'`"
	// others separates words of a list in the eyes of people, but not of go.
	others = ";|"
)

// flawOf says why an entry never matches; empty where it may. word is as in
// [Flaw].
func flawOf(entry string) (why string, word bool) {
	pattern := strings.TrimSuffix(entry, "/")
	host, _, _ := strings.Cut(pattern, "/")
	if pattern == "" || pattern == "none" {
		return "", false // the go command drops it, or that is what it is for
	}
	_, bad := path.Match(pattern, "")
	switch {
	case strings.Contains(entry, "://"):
		return "a module path has no scheme", false
	case strings.Trim(entry, blanks) != entry:
		return "a blank at its begin or end counts", false
	case strings.ContainsAny(entry, blanks):
		return "it holds a blank, and only commas separate patterns", false
	case strings.ContainsAny(entry, others):
		return "only commas separate patterns", false
	case strings.ContainsAny(entry, quotes):
		return "quotes are part of it", false
	case strings.Contains(host, ":"):
		return "a module path has no port", false
	case strings.Contains(entry, "@"):
		return "a pattern is for all versions", false
	case strings.Contains(entry, "..."):
		return "\"...\" is no wildcard here, and a pattern covers all that is below it anyway", false
	case strings.HasPrefix(pattern, "/") || strings.HasSuffix(pattern, "/") || strings.Contains(pattern, "//"):
		return "no element of a module path is empty", false
	case strings.HasPrefix(entry, "!"):
		return "there are no exceptions from a list", false
	case strings.HasPrefix(entry, "."):
		return "no host begins with a dot", false
	case strings.Contains(entry, "[!"):
		return "[!...] does not mean all others, that is [^...]", false
	case bad != nil:
		return "it is no proper pattern", false
	case capital(host):
		return "the host of a module path is in lower case", false
	case strings.Contains(entry, "!"):
		return "capital letters are written as such", false
	case strings.IndexFunc(pattern, foreign) >= 0:
		return "a module path has no such characters", false
	case !strings.ContainsAny(host, `.*?[\`):
		return "the host of a module path has a dot", true
	}
	return "", false
}

// capital reports whether a host as in a pattern has a capital letter outside of
// a [...].
func capital(host string) bool {
	before, _, _ := strings.Cut(host, "[")
	return strings.ToLower(before) != before
}

// foreign reports whether a character is neither of a module path nor of a
// pattern for one.
func foreign(r rune) bool {
	alone := r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r))
	return !alone && !strings.ContainsRune(`/-._~*?[]^\`, r)
}

// repaired gives what was meant by an entry that never matches; nil where that
// cannot be told.
func repaired(entry string) []string {
	var all []string
	for word := range strings.FieldsFuncSeq(entry, func(r rune) bool { return strings.ContainsRune(blanks+others+quotes, r) }) {
		pattern := plain(word)
		// All modules there are is what nobody means by a slip of the pen.
		if why, _ := flawOf(pattern); why != "" || strings.Trim(pattern, "*/") == "" {
			return nil
		}
		all = append(all, pattern)
	}
	return all
}

// plain takes from a word what is not part of a module path.
func plain(word string) string {
	if _, after, ok := strings.Cut(word, "://"); ok {
		word = after
		if user, after, ok := strings.Cut(word, "@"); ok && !strings.Contains(user, "/") {
			word = after
		}
	}
	word, _, _ = strings.Cut(word, "@")
	word = strings.TrimRight(strings.TrimSuffix(word, "..."), "/")
	var elements []string
	for element := range strings.SplitSeq(word, "/") {
		if element != "" {
			elements = append(elements, element)
		}
	}
	if len(elements) == 0 {
		return ""
	}
	host, _, _ := strings.Cut(elements[0], ":")
	if strings.HasPrefix(host, ".") {
		host = "*" + host
	}
	if !strings.Contains(host, "[") {
		host = strings.ToLower(host)
	}
	elements[0] = host
	return strings.ReplaceAll(strings.Join(elements, "/"), "[!", "[^")
}
