package gomod

import (
	"strings"
	"time"
)

// Ignore is the wish, written in a line's comment, not to hear of some findings
// there. The zero Ignore wishes nothing.
type Ignore struct {
	// Codes are the codes of those findings; never empty when parsed.
	Codes []string
	// Until is the last day of the wish, as YYYY-MM-DD; empty for no end.
	Until string
}

// ignoreWord starts the wish. The go command wants "indirect;" before it on a
// line that is indirect.
const ignoreWord = "modreach:ignore"

// ParseIgnore reads the wish in the comment of a line:
//
//	// modreach:ignore CODE ... [until=YYYY-MM-DD]
//	// indirect; modreach:ignore CODE,CODE
//
// Text after a further "//" or "--" is for people. It reports false for a
// comment without a wish, and for one with no code or with a date that is none:
// a slip of the pen must not silence more, or longer, than was meant.
func ParseIgnore(comment string) (Ignore, bool) {
	var ignore Ignore
	text := strings.TrimSpace(strings.TrimPrefix(comment, "//"))
	if rest, ok := strings.CutPrefix(text, "indirect;"); ok {
		text = strings.TrimSpace(rest)
	}
	text, ok := strings.CutPrefix(text, ignoreWord)
	if !ok || text == "" || !separates(rune(text[0])) {
		return Ignore{}, false
	}
	for _, field := range strings.FieldsFunc(text, separates) {
		if strings.HasPrefix(field, "//") || strings.HasPrefix(field, "--") {
			break
		}
		if day, ok := strings.CutPrefix(field, "until="); ok {
			if _, err := time.Parse(time.DateOnly, day); err != nil {
				return Ignore{}, false
			}
			ignore.Until = day
			continue
		}
		ignore.Codes = append(ignore.Codes, field)
	}
	return ignore, len(ignore.Codes) > 0
}

// separates reports whether r stands between two codes.
func separates(r rune) bool { return r == ' ' || r == '\t' || r == ',' }
