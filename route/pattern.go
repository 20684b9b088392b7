package route

import (
	"path"
	"strings"

	"golang.org/x/mod/module"
)

// Match reports which pattern of a GOPRIVATE-style list covers a module path.
// The verdict is that of module.MatchPrefixPatterns, which is the go command's:
// blanks are part of a pattern, and one with bad syntax matches nothing. The
// pattern is given as written in the list.
func Match(patterns, modulePath string) (pattern string, ok bool) {
	for item := range strings.SplitSeq(patterns, ",") {
		if module.MatchPrefixPatterns(item, modulePath) {
			return item, true
		}
	}
	return "", false
}

// Private reports whether a module path is, or was meant to be, kept from
// public hosts: whether GOPRIVATE, GONOPROXY or GONOSUMDB covers it. It gives
// the pattern as written.
//
// It fails closed. The go command silently ignores a pattern it cannot read,
// and a blank, a scheme, a port, a semicolon or a capital letter keeps one
// from ever matching; here such a pattern counts for every path its author can
// have meant. What the go command does is told by [Env.NoProxy] and
// [Env.NoSumDB], never by this.
func Private(env Env, modulePath string) (pattern string, ok bool) {
	for _, name := range []string{"GOPRIVATE", "GONOPROXY", "GONOSUMDB"} {
		list := env.Get(name).Value
		if pattern, ok := Match(list, modulePath); ok {
			return pattern, true
		}
		for item := range strings.SplitSeq(list, ",") {
			if meant(item, modulePath) {
				return item, true
			}
		}
	}
	return "", false
}

// meant reports whether the author of a list item can have meant it to cover
// the path, reading generously what the go command reads literally.
func meant(item, modulePath string) bool {
	modulePath = strings.ToLower(modulePath)
	for word := range strings.FieldsFuncSeq(strings.ToLower(item), func(r rune) bool {
		return strings.ContainsRune("; \t\r\n|\"'", r)
	}) {
		if _, after, ok := strings.Cut(word, "://"); ok {
			word = after
		}
		word = strings.Trim(strings.TrimSuffix(word, "/..."), "/")
		host, rest, _ := strings.Cut(word, "/")
		if name, _, ok := strings.Cut(host, ":"); ok {
			word = strings.TrimSuffix(name+"/"+rest, "/")
		}
		if _, err := path.Match(word, ""); err != nil {
			literal := word[:strings.IndexAny(word, `*?[\`)] // what is bad has one
			if strings.HasPrefix(modulePath, literal) {
				return true
			}
		} else if module.MatchPrefixPatterns(word, modulePath) {
			return true
		}
	}
	return false
}
