package codeactions

import (
	"slices"
	"strings"

	"github.com/modreach/modreach/route"
)

// narrowest gives the narrowest pattern that is of use for a module and its
// siblings: its host, or on a host that all share, its owner there. It is empty
// where nothing can be private.
func narrowest(path string) string {
	h := route.Host(path)
	if route.Common(h) || !strings.Contains(h, ".") {
		return ""
	}
	if !route.Forge(h) {
		return h
	}
	owner, _, _ := strings.Cut(strings.TrimPrefix(path, h+"/"), "/")
	if owner == "" || owner == path {
		return ""
	}
	return h + "/" + owner
}

// keepers are the first labels that companies call the hosts of their
// repositories by.
var keepers = []string{
	"bitbucket", "code", "forgejo", "git", "gitea", "github", "gitlab", "gogs", "repo", "scm", "source", "src", "stash", "svn", "vcs",
}

// looksPrivate reports whether a path looks like that of a private module: a
// setting was meant to cover it, or its host is called like one of a company.
func looksPrivate(env route.Env, path string) bool {
	h := route.Host(path)
	if route.Forge(h) || route.Common(h) {
		_, meant := route.Private(env, path)
		return meant
	}
	labels := strings.Split(h, ".")
	if route.Inner(h) || len(labels) > 2 && slices.Contains(keepers, labels[0]) {
		return true
	}
	_, meant := route.Private(env, path)
	return meant
}
