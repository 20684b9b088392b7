package codeactions

import (
	"slices"
	"strings"

	"github.com/modreach/modreach/route"
)

// forges are hosts where anybody may have modules, public and private ones: the
// owner tells them apart.
var forges = []string{
	"bitbucket.org", "codeberg.org", "dev.azure.com", "git.sr.ht", "gitea.com",
	"gitee.com", "github.com", "gitlab.com", "launchpad.net", "notabug.org",
}

// commons are hosts that have public modules only.
var commons = []string{
	"cloud.google.com", "go.etcd.io", "go.opentelemetry.io", "go.uber.org",
	"golang.org", "google.golang.org", "gopkg.in", "k8s.io", "sigs.k8s.io",
}

// narrowest gives the narrowest pattern that is of use for a module and its
// siblings: its host, or on a host that all share, its owner there. It is empty
// where nothing can be private.
func narrowest(path string) string {
	h := host(path)
	if slices.Contains(commons, h) || !strings.Contains(h, ".") {
		return ""
	}
	if !slices.Contains(forges, h) {
		return h
	}
	owner, _, _ := strings.Cut(strings.TrimPrefix(path, h+"/"), "/")
	if owner == "" || owner == path {
		return ""
	}
	return h + "/" + owner
}

// inner are the last labels of names that no public name server knows: they are
// reserved, or so common inside companies that they were never given out.
var inner = []string{
	"corp", "example", "home", "internal", "intra", "intranet", "invalid", "lan", "local", "localdomain", "private", "test",
}

// keepers are the first labels that companies call the hosts of their
// repositories by.
var keepers = []string{
	"bitbucket", "code", "forgejo", "git", "gitea", "github", "gitlab", "gogs", "repo", "scm", "source", "src", "stash", "svn", "vcs",
}

// looksPrivate reports whether a path looks like that of a private module: a
// setting was meant to cover it, or its host is called like one of a company.
func looksPrivate(env route.Env, path string) bool {
	h := host(path)
	if slices.Contains(forges, h) || slices.Contains(commons, h) {
		_, meant := route.Private(env, path)
		return meant
	}
	labels := strings.Split(h, ".")
	if slices.Contains(inner, labels[len(labels)-1]) || len(labels) > 2 && slices.Contains(keepers, labels[0]) {
		return true
	}
	_, meant := route.Private(env, path)
	return meant
}
