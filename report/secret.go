package report

import (
	"regexp"
	"strings"
)

// hidden stands for a secret, in the spelling of url.URL.Redacted.
const hidden = "xxxxx"

// userinfo finds who logs in at a URL, up to the last @ before its path.
var userinfo = regexp.MustCompile(`://[^\s/?#"]+@`)

// query finds the query of a URL.
var query = regexp.MustCompile(`(://[^\s?"]*\?)([^\s"]+)`)

// scrub hides the secrets of the URLs in a text: passwords, a user name that
// stands alone (that is how tokens are passed) and queries. The lower floors do
// so where they make their texts; this is the lock on the way out.
func scrub(text string) string {
	if !strings.Contains(text, "://") {
		return text
	}
	text = userinfo.ReplaceAllStringFunc(text, func(s string) string {
		user, _, hasPassword := strings.Cut(strings.TrimPrefix(s, "://"), ":")
		if !hasPassword {
			return "://" + hidden + "@"
		}
		return "://" + user + ":" + hidden + "@"
	})
	return query.ReplaceAllStringFunc(text, func(s string) string {
		base, value, _ := strings.Cut(s, "?")
		// The text goes on with punctuation of its own.
		secret := strings.TrimRight(value, ".,:;)")
		if secret == "go-get=1" {
			return s // the go command's question for a module's repository
		}
		return base + "?" + hidden + value[len(secret):]
	})
}
