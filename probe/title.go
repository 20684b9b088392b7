package probe

import (
	"bytes"
	"html"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// titleTag finds the title of a web page.
var titleTag = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// maxTitle bounds a title, in runes: what is longer is no name for a page.
const maxTitle = 80

// pageTitle gives the title of a body that is a web page, as a person may be
// shown it; empty for what is none, and for a title that says no more than the
// status: many servers that have nothing to do with each other have those.
func pageTitle(body []byte, status int) string {
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) {
		return ""
	}
	match := titleTag.FindSubmatch(body)
	if match == nil {
		return ""
	}
	title := strings.Join(strings.Fields(html.UnescapeString(string(match[1]))), " ")
	title = strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(title, ""))
	plain := strings.ToLower(title)
	if strings.Contains(plain, strconv.Itoa(status)) || status != http.StatusOK && strings.Contains(plain, strings.ToLower(http.StatusText(status))) {
		return ""
	}
	if runes := []rune(title); len(runes) > maxTitle {
		title = string(runes[:maxTitle]) + "..."
	}
	return title
}
