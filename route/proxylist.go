package route

import (
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"strings"
)

// Entry is one usable element of a GOPROXY list.
type Entry struct {
	// Kind is Proxy, Direct or Off.
	Kind Kind
	// URL is the base of a Proxy, its userinfo included; nil for the others.
	URL *url.URL
	// Falls is the separator written directly after the entry.
	Falls Falls
	// Raw is the entry as written, without the blanks around it. It may hold
	// a password: print it with [Redact].
	Raw string
}

// ListError is a GOPROXY list that the go command cannot use at all.
type ListError struct {
	// Entry is the offending entry, redacted; empty where the list has none.
	Entry string
	// Text is what the go command prints, redacted.
	Text string
}

// Error gives the go command's words.
func (e *ListError) Error() string { return e.Text }

// ParseProxies reads a GOPROXY list. It gives at least one entry, the last of
// which is the first "off" or "direct" where there is one, or a *[ListError]:
// a single bad entry before that makes the whole list unusable. What follows
// "off" or "direct" is not even looked at; [DeadProxies] gives it.
func ParseProxies(list string) ([]Entry, error) {
	var entries []Entry
	for list != "" {
		var e Entry
		e, list = cutEntry(list)
		switch e.Raw {
		case "":
			continue // dropped together with its separator
		case "off":
			return append(entries, Entry{Kind: Off, Raw: e.Raw}), nil
		case "direct":
			return append(entries, Entry{Kind: Direct, Raw: e.Raw}), nil
		}
		u, err := parseProxy(e.Raw)
		if err != nil {
			return nil, err
		}
		e.Kind, e.URL = Proxy, u
		entries = append(entries, e)
	}
	if len(entries) == 0 {
		return nil, &ListError{Text: "GOPROXY list is not the empty string, but contains no entries"}
	}
	return entries, nil
}

// DeadProxies gives the entries, as written, that follow the first "off" or
// "direct" of a GOPROXY list and therefore do nothing.
func DeadProxies(list string) []string {
	var dead []string
	ended := false
	for list != "" {
		var e Entry
		e, list = cutEntry(list)
		if ended && e.Raw != "" {
			dead = append(dead, e.Raw)
		}
		ended = ended || e.Raw == "off" || e.Raw == "direct"
	}
	return dead
}

// CutProxy takes the first entry off a GOPROXY list, which has to have one. Of the
// entry only Raw and Falls are set; Raw is empty where nothing stands before the
// separator.
func CutProxy(list string) (e Entry, rest string) { return cutEntry(list) }

// cutEntry takes the first element off a GOPROXY list. Its Raw is empty where
// nothing stands before the separator.
func cutEntry(list string) (e Entry, rest string) {
	i := strings.IndexAny(list, ",|")
	if i < 0 {
		return Entry{Raw: strings.TrimSpace(list)}, ""
	}
	if list[i] == '|' {
		e.Falls = AnyError
	}
	e.Raw = strings.TrimSpace(list[:i])
	return e, list[i+1:]
}

// parseProxy reads the URL of one entry under the go command's rules.
func parseProxy(raw string) (*url.URL, error) {
	text := raw
	// A single word is reserved for keywords, and what has a ":/" or is a
	// file path must be a complete URL. Everything else is a host name.
	if strings.ContainsAny(raw, ".:/") && !strings.Contains(raw, ":/") && !filepath.IsAbs(raw) && !path.IsAbs(raw) {
		text = "https://" + raw
	}
	bad := func(text string) error { return &ListError{Entry: redactEntry(raw), Text: text} }
	u, err := url.Parse(text)
	if err != nil {
		return nil, bad(redactParseError(text, err))
	}
	switch u.Scheme {
	case "http", "https":
		return u, nil
	case "file":
		if *u != (url.URL{Scheme: u.Scheme, Path: u.Path, RawPath: u.RawPath}) {
			return nil, bad(fmt.Sprintf("invalid file:// proxy URL with non-path elements: %s", redactUser(u)))
		}
		return u, nil
	case "":
		return nil, bad(fmt.Sprintf("invalid proxy URL missing scheme: %s", redactUser(u)))
	}
	return nil, bad(fmt.Sprintf("invalid proxy URL scheme (must be https, http, file): %s", redactUser(u)))
}

// refusal is what the go command prints instead of sending a request to u:
// it never passes a password over plain http. Empty where it would send it.
// The go command prints the URL of the artefact, this is its base.
func refusal(u *url.URL) string {
	if u.Scheme != "http" || u.User == nil {
		return ""
	}
	return "refusing to pass credentials to insecure URL: " + Redacted(u)
}
