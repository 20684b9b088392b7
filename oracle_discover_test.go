package main

import (
	"strings"

	"github.com/modreach/modreach/internal/fakenet"
)

// discoverScenarios have what makes the go command find, or not find, the
// repository of a path: the paths it knows, and odd pages.
func discoverScenarios() []scenario {
	all := knownPathScenarios()
	all = append(all, oddSuffixScenarios()...)
	all = append(all, prefixScenarios()...)
	return append(all, oddPageScenarios()...)
}

// knownPathScenarios are decided without a question to anybody.
func knownPathScenarios() []scenario {
	var all []scenario
	for name, s := range map[string]struct{ path, said string }{
		"github-owner":      {"github.com/acme", `invalid github.com import path "github.com/acme"`},
		"github-alone":      {"github.com", `invalid github.com import path "github.com"`},
		"github-tilde":      {"github.com/acme/~x", `invalid github.com import path "github.com/acme/~x"`},
		"github-suffix":     {"github.com/acme/x.git", "invalid version control suffix in github.com/ path"},
		"github-hg-suffix":  {"github.com/acme/x.hg/sub", "invalid version control suffix in github.com/ path"},
		"bitbucket-owner":   {"bitbucket.org/acme", `invalid bitbucket.org import path "bitbucket.org/acme"`},
		"bitbucket-suffix":  {"bitbucket.org/acme/x.svn", "invalid version control suffix in bitbucket.org/ path"},
		"jazz-capital":      {"hub.jazz.net/git/Acme/x", `invalid hub.jazz.net/git import path "hub.jazz.net/git/Acme/x"`},
		"jazz-suffix":       {"hub.jazz.net/git/acme/x.bzr", "invalid version control suffix in hub.jazz.net/git/ path"},
		"apache-bare":       {"git.apache.org/x", `invalid git.apache.org import path "git.apache.org/x"`},
		"openstack-owner":   {"git.openstack.org/acme", `invalid git.openstack.org import path "git.openstack.org/acme"`},
		"chisel-odd":        {"chiselapp.com/x", `invalid chiselapp.com import path "chiselapp.com/x"`},
		"chisel":            {"chiselapp.com/user/acme/repository/x", "GOVCS disallows using fossil for public chiselapp.com/user/acme/repository/x"},
		"example-net":       {"example.net", "no modules on example.net"},
		"example-net-below": {"example.net/x/y", "no modules on example.net"},
	} {
		all = append(all, direct("known-"+name, s.path+"@v1.0.0", s.said, func(*world) {}))
	}
	return all
}

// oddSuffixScenarios have paths that name a version control system.
func oddSuffixScenarios() []scenario {
	git := func(at, module string) func(*world) {
		return func(w *world) {
			host, path, _ := strings.Cut(at, "/")
			w.net.Forge(host).Git(path, w.repo(module))
		}
	}
	const all = "GOVCS=*:all"
	return []scenario{
		direct("suffix-last-counts", "go.corp.example/a.hg/x.git@v1.0.0", "ok", git("go.corp.example/a.hg/x", "go.corp.example/a.hg/x.git")),
		direct("suffix-in-the-middle", "go.corp.example/a/x.git/sub@v1.0.0", "ok", git("go.corp.example/a/x", "go.corp.example/a/x.git")),
		direct("suffix-from-the-middle", "corp.example/a~b/go.corp.example/x.git@v1.0.0", "mismatched repo: found go.corp.example/x.git for corp.example/a~b/go.corp.example/x.git", git("go.corp.example/x", "corp.example/a~b/go.corp.example/x.git")),
		direct("suffix-bzr", "go.corp.example/x.bzr@v1.0.0", "no secure protocol found for repository", func(*world) {}, all),
		direct("suffix-bzr-insecure", "go.corp.example/x.bzr@v1.0.0", "no protocol found for repository", func(*world) {}, all, "GOINSECURE=*"),
		direct("suffix-svn-allowed", "go.corp.example/x.svn@v1.0.0", "no secure protocol found for repository", func(*world) {}, all),
		direct("suffix-hg-insecure", "go.corp.example/x.hg@v1.0.0", "no protocol found for repository", func(*world) {}, "GOINSECURE=*"),
		direct("suffix-git-allows-others", "go.corp.example/x.git@v1.0.0", "no secure protocol found for repository", git("go.corp.example/x", "go.corp.example/x.git"), "GIT_ALLOW_PROTOCOL=file"),
		direct("suffix-git-allows-http", "go.corp.example/x.git@v1.0.0", "ok", func(w *world) {
			f := w.net.Forge("go.corp.example")
			f.Git("x", w.repo("go.corp.example/x.git"))
			f.Plain()
			f.Down()
		}, "GIT_ALLOW_PROTOCOL=http:https"),
		direct("suffix-no-page", "go.corp.example/x.git@v1.0.0", "no secure protocol found for repository", func(w *world) {
			w.corp().Page("go.corp.example/x.git", "go.corp.example/x.git git https://go.corp.example/x.git")
			w.net.Forge("go.corp.example").Down()
		}),
		direct("suffix-network-off", "go.corp.example/x.git@v1.0.0", "no secure protocol found for repository", git("go.corp.example/x", "go.corp.example/x.git"), "GODEBUG=cmdgonetlimit=0"),
	}
}

// prefixScenarios have a tag with a shorter path, and odd pages there.
func prefixScenarios() []scenario {
	const sub = "go.corp.example/x/sub@v1.0.0"
	above := func(change func(f *fakenet.Forge)) func(*world) {
		return corpAnd(func(_ *world, f *fakenet.Forge) {
			f.Page("go.corp.example/x/sub", corp)
			change(f)
		})
	}
	on := func(fault fakenet.Fault) func(*world) {
		return above(func(f *fakenet.Forge) { f.On("x", fault) })
	}
	return []scenario{
		direct("prefix-two-tags", sub, "disagree about go-import", above(func(f *fakenet.Forge) { f.Page("go.corp.example/x", corp, corp) })),
		direct("prefix-other-directory", sub, "disagree about go-import", above(func(f *fakenet.Forge) { f.Page("go.corp.example/x", corp+" lib") })),
		direct("prefix-other-path", sub, "disagree about go-import", above(func(f *fakenet.Forge) {
			f.Page("go.corp.example/x", "go.corp.example/y git https://go.corp.example/x.git")
		})),
		direct("prefix-no-xml", sub, "parsing https://go.corp.example/x?go-get=1: XML syntax error", above(func(f *fakenet.Forge) { f.RawPage("go.corp.example/x", "<a <b>") })),
		direct("prefix-500", sub, "500 Internal Server Error", on(fakenet.Status(500, "broken\nin two lines"))),
		direct("prefix-401", sub, "401 Unauthorized", on(fakenet.Status(401, "who are you?"))),
		direct("prefix-404-with-tag", sub, "ok", on(fakenet.Status(404, fakenet.MetaTag(corp)))),
		direct("prefix-hangup", sub, `fetching go.corp.example/x: Get "https://go.corp.example/x?go-get=1"`, on(fakenet.Hangup)),
		direct("prefix-silent", sub, "", on(fakenet.Hang)),
		direct("prefix-redirect-to-plain", sub, "redirected from secure URL", on(fakenet.RedirectToInsecure)),
		direct("prefix-of-host", "go.corp.example/x@v1.0.0", "ok", func(w *world) {
			f := w.net.Forge("go.corp.example")
			f.Page("go.corp.example", "go.corp.example git https://go.corp.example/all.git")
			r := fakenet.NewRepo(w.t)
			r.Commit(map[string]string{"x/go.mod": "module go.corp.example/x\n"})
			r.Tag("x/v1.0.0")
			f.Git("all.git", r)
		}),
		direct("prefix-with-slash", sub, `disagree about go-import for go.corp.example/x/`, above(func(f *fakenet.Forge) {
			f.Page("go.corp.example/x/sub", "go.corp.example/x/ git https://go.corp.example/x.git")
		})),
		direct("prefix-longer", paged, "meta tag go.corp.example/x/sub did not match import path go.corp.example/x", tagged("go.corp.example/x/sub git https://go.corp.example/x.git")),
		direct("prefix-capital", paged, "meta tag go.corp.example/X did not match import path go.corp.example/x", tagged("go.corp.example/X git https://go.corp.example/x.git")),
	}
}

// oddPageScenarios have pages of unusual kinds.
func oddPageScenarios() []scenario {
	tag := fakenet.MetaTag(corp)
	insecure := "GOINSECURE=go.corp.example"
	return []scenario{
		direct("page-plain-text-404", paged, "server response:", onPage(fakenet.Status(404, "one\ntwo\n\nfour"))),
		direct("page-html-404", paged, "404 Not Found", onPage(fakenet.Status(404, "<a <b>", "Content-Type", "text/html"))),
		direct("page-404-long-head", paged, "ok", onPage(fakenet.Status(404, "<head>"+strings.Repeat("<style></style>", 5000)+tag, "Content-Type", "text/html"))),
		direct("page-long-head", paged, "ok", written("<head>"+strings.Repeat("<style></style>", 5000)+tag)),
		direct("page-utf8", paged, "ok", written(`<?xml version="1.0" encoding="UTF-8"?><html><head>`+tag)),
		direct("page-ascii", paged, "ok", written(`<?xml version="1.0" encoding="ascii"?><html><head>`+tag)),
		direct("page-script", paged, "XML syntax error", written("<html><head><script>if (a <b) {}</script>"+tag+"</head></html>")),
		direct("page-script-later", paged, "ok", written("<html><head>"+tag+"<script>if (a <b) {}</script></head></html>")),
		direct("page-entity", paged, "ok", written("<html><head><title>a &nbsp; b</title>"+tag)),
		direct("page-not-text", paged, "XML syntax error", written("\x00\x01\x02<"+tag)),
		direct("page-truncated-early", paged, "parsing go.corp.example/x", corpAnd(func(_ *world, f *fakenet.Forge) {
			f.RawPage("go.corp.example/x", "<html>")
			f.On("x", fakenet.Truncate)
		})),
		direct("page-two-proxies", paged, "multiple meta tags match", tagged("go.corp.example/x mod https://a.example", corp, "go.corp.example/x mod https://a.example")),
		direct("page-proxy-of-shorter-path", paged, "404 Not Found", corpAnd(func(_ *world, f *fakenet.Forge) {
			f.Page("go.corp.example/x", corp, "go.corp.example mod https://go.corp.example/mods")
			f.Page("go.corp.example", "go.corp.example mod https://go.corp.example/mods")
			f.On("mods/*", fakenet.Status(404, "not here"))
		})),
		direct("page-proxy-without-scheme", paged, "no scheme", tagged("go.corp.example/x mod go.corp.example")),
		direct("page-bad-repository", paged, "invalid URL escape", tagged("go.corp.example/x git https://go.corp.example/%zz")),
		direct("page-dots-in-root", "go.corp.example/a...b@v1.0.0", `cannot expand ... in "go.corp.example/a...b"`, func(w *world) {
			w.net.Forge("go.corp.example").Page("go.corp.example/a...b", "go.corp.example/a...b git https://go.corp.example/x.git")
		}),
		direct("page-insecure-no-tag", paged, "parse https://go.corp.example/x?go-get=1: no go-import meta tags ()", tagged(), insecure),
		direct("page-insecure-network-off", paged, "http/https fetch: network disabled by cmdgonetlimit=0", pageOnly, insecure, "GODEBUG=cmdgonetlimit=0"),
		direct("page-launchpad-series", "launchpad.net/x/y@v1.0.0", `exec: "bzr": executable file not found in $PATH`, func(w *world) {
			w.net.Forge("launchpad.net")
			w.net.Forge("code.launchpad.net").RawPage("code.launchpad.net/x/y/.bzr/branch-format", "Bazaar")
		}, "GOPRIVATE=launchpad.net"),
		direct("page-launchpad-public", "launchpad.net/x/y@v1.0.0", "404 Not Found", func(w *world) { w.net.Forge("launchpad.net") }),
	}
}
