package route

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// commonUser is the user name of everybody at a git forge, and no secret.
const commonUser = "git"

// hidden stands for a secret, in the spelling of url.URL.Redacted.
const hidden = "xxxxx"

// Redacted gives the URL without secrets. Beyond url.URL.Redacted it hides a
// user name that stands alone, because that is how tokens are passed, but for
// that of everybody; and the values of a query, but for the one that the go
// command itself puts into the URL of a page. A nil URL gives the empty string.
func Redacted(u *url.URL) string {
	if u == nil {
		return ""
	}
	if u.Opaque != "" { // what was meant for an address may be read as a scheme
		return redactEntry(u.String())
	}
	shown := *u
	if u.RawQuery != "" && u.RawQuery != PageQuery {
		shown.RawQuery = hidden
	}
	return redactUser(&shown)
}

// redactUser gives the URL with its userinfo hidden and its query as it is.
func redactUser(u *url.URL) string {
	shown := *u
	if u.User != nil && u.User.String() != commonUser {
		shown.User = url.User(hidden)
		if _, has := u.User.Password(); has {
			shown.User = url.UserPassword(u.User.Username(), hidden)
		}
	}
	return shown.String()
}

// Redact gives the value of a setting without the secrets of the URLs in it.
// It works on text, so that it also serves a value that is no proper URL.
func Redact(value string) string {
	var b strings.Builder
	for value != "" {
		end := strings.IndexAny(value, ",| \t\n\"")
		if end < 0 {
			end = len(value)
		}
		b.WriteString(redactEntry(value[:end]))
		if end < len(value) {
			b.WriteByte(value[end])
			end++
		}
		value = value[end:]
	}
	return b.String()
}

// RedactAuth gives the value of GOAUTH without the arguments of its commands,
// which may be secrets in any form. What "git" is followed by is a directory.
func RedactAuth(value string) string {
	commands := strings.Split(value, ";")
	for i, command := range commands {
		words := strings.Fields(command)
		if len(words) > 1 && words[0] != "git" {
			commands[i] = words[0] + " ..."
		}
	}
	return Redact(strings.Join(commands, ";"))
}

// redactEntry hides the userinfo and the query of one URL, written with or
// without its scheme. An @ after a slash belongs to the path unless a colon
// stands before it: a password may hold any character.
func redactEntry(entry string) string {
	scheme := ""
	if i := strings.Index(entry, "://"); i >= 0 {
		scheme, entry = entry[:i+len("://")], entry[i+len("://"):]
	}
	if at := strings.LastIndexByte(entry, '@'); at >= 0 {
		user, _, secret := strings.Cut(entry[:at], ":")
		switch {
		case secret:
			entry = user + ":" + hidden + entry[at:]
		case !strings.Contains(user, "/") && user != commonUser:
			entry = hidden + entry[at:]
		}
	}
	if i := strings.IndexByte(entry, '?'); i >= 0 && i+1 < len(entry) && scheme != "" {
		entry = entry[:i+1] + hidden
	}
	return scheme + entry
}

// quoted finds the fragments of its input that url.Parse puts into an error.
var quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// redactParseError gives the words of an error of url.Parse about entry. The
// go command prints the URL as it stands; we do not print a password, nor the
// part of one that the parser took for a port.
func redactParseError(entry string, err error) string {
	if !strings.Contains(entry, "@") {
		return err.Error()
	}
	why := err
	if e, ok := errors.AsType[*url.Error](err); ok {
		why = e.Err
	}
	return fmt.Sprintf("parse %q: %s", redactEntry(entry), quoted.ReplaceAllString(why.Error(), strconv.Quote(hidden)))
}
