package main

import (
	"net/http"
	"strings"

	"github.com/modreach/modreach/internal/fakenet"
)

// tagged has the page of go.corp.example/x carry these go-import tags.
func tagged(contents ...string) func(*world) {
	return func(w *world) { w.corp().Page("go.corp.example/x", contents...) }
}

// written has that page be a text.
func written(text string) func(*world) {
	return func(w *world) { w.corp().RawPage("go.corp.example/x", text) }
}

// corpAnd is a world with the page as it should be and one thing more.
func corpAnd(change func(w *world, f *fakenet.Forge)) func(*world) {
	return func(w *world) {
		f := w.corp()
		f.Page("go.corp.example/x", corp)
		change(w, f)
	}
}

// onPage has the page, and not the repository, answer with a fault.
func onPage(fault fakenet.Fault) func(*world) {
	return corpAnd(func(_ *world, f *fakenet.Forge) { f.On("x", fault) })
}

// pageScenarios are about what a page says.
func pageScenarios() []scenario {
	const sub = "go.corp.example/x/sub@v1.0.0"
	tag := fakenet.MetaTag(corp)
	under := func(status int) fakenet.Fault {
		return fakenet.Status(status, "<html><head>"+tag+"</head></html>", "Content-Type", "text/html")
	}
	lib := func(dir string) func(*world) {
		return func(w *world) {
			r := fakenet.NewRepo(w.t)
			r.Commit(map[string]string{"lib/go.mod": "module go.corp.example/x\n", "lib/p.go": "package p\n"})
			r.Tag("lib/v1.0.0")
			f := w.net.Forge("go.corp.example")
			f.Git("x.git", r)
			f.Page("go.corp.example/x", corp+" "+dir)
		}
	}
	proxied := func(change func(w *world)) func(*world) {
		return func(w *world) {
			w.a.Add("go.corp.example/x", "v1.0.0", "")
			w.corp().Page("go.corp.example/x", "go.corp.example/x git https://go.corp.example/none.git", "go.corp.example/x mod "+w.a.URL())
			if change != nil {
				change(w)
			}
		}
	}
	return []scenario{
		direct("page", paged, "ok", pageOnly),
		direct("page-of-root", sub, "ok", pageOnly),
		direct("page-host-path", paged, "must not be local directory (use URL syntax not host:path syntax)", tagged("go.corp.example/x git go.corp.example:x.git")),
		direct("page-login-in-clear", paged, "refusing to pass credentials to insecure URL", func(w *world) {
			w.a.Add("go.corp.example/x", "v1.0.0", "")
			w.corp().Page("go.corp.example/x", "go.corp.example/x mod "+strings.Replace(w.a.URL(), "://", "://me:secret@", 1))
		}),
		direct("page-of-root-disagrees", sub, "disagree about go-import for go.corp.example/x", corpAnd(func(_ *world, f *fakenet.Forge) {
			f.Page("go.corp.example/x/sub", "go.corp.example/x git https://go.corp.example/other.git")
		})),
		direct("page-of-root-missing", sub, "404 Not Found", corpAnd(func(_ *world, f *fakenet.Forge) {
			f.Page("go.corp.example/x/sub", corp)
			f.On("x", fakenet.Status(404, ""))
		})),
		direct("page-of-root-without-tag", sub, "no go-import meta tag found in", corpAnd(func(_ *world, f *fakenet.Forge) {
			f.Page("go.corp.example/x/sub", corp)
			f.Page("go.corp.example/x")
		})),
		direct("page-of-its-own", sub, "ok", corpAnd(func(w *world, f *fakenet.Forge) {
			f.Page("go.corp.example/x/sub", "go.corp.example/x/sub git https://go.corp.example/sub.git")
			f.Git("sub.git", w.repo("go.corp.example/x/sub"))
		})),
		direct("page-directory", paged, "ok", lib("lib")),
		direct("page-directory-missing", paged, "unknown revision other/v1.0.0", lib("other")),
		direct("page-directory-slash", paged, `invalid subdirectory "/lib": leading slash`, lib("/lib")),
		direct("page-directory-hyphen", paged, `invalid subdirectory "-lib": leading hyphen`, lib("-lib")),
		direct("page-five-fields", paged, "no go-import meta tags ()", tagged(corp+" a b")),
		direct("page-two-fields", paged, "no go-import meta tags ()", tagged("go.corp.example/x git")),
		direct("page-404-with-tag", paged, "ok", onPage(under(404))),
		direct("page-500-with-tag", paged, "ok", onPage(under(500))),
		direct("page-401-with-tag", paged, "ok", onPage(under(401))),
		direct("page-401", paged, "401 Unauthorized", onPage(fakenet.Status(401, "log in"))),
		direct("page-403", paged, "403 Forbidden", onPage(fakenet.Status(403, "not for you"))),
		direct("page-404", paged, "404 Not Found", onPage(fakenet.Status(404, "not here"))),
		direct("page-404-then-ok", paged, "ok", onPage(everyOther(fakenet.Status(404, "not here")))),
		direct("page-429", paged, "429 Too Many Requests", onPage(fakenet.Status(429, "slow down"))),
		direct("page-500", paged, "500 Internal Server Error", onPage(fakenet.Status(500, "broken"))),
		direct("page-204", paged, "204 No Content", onPage(fakenet.Status(204, ""))),
		direct("page-without-tag", paged, "no go-import meta tags ()", tagged()),
		direct("page-login-form", paged, "no go-import meta tags ()", onPage(fakenet.HTML)),
		direct("page-empty", paged, "no go-import meta tags ()", onPage(fakenet.Empty)),
		direct("page-two-tags", paged, `multiple meta tags match import path "go.corp.example/x"`, tagged(corp, "go.corp.example git https://go.corp.example/other.git")),
		direct("page-same-tag-twice", paged, "multiple meta tags match", tagged(corp, corp)),
		direct("page-tag-for-another", paged, "ok", tagged("go.corp.example/y git https://go.corp.example/y.git", corp)),
		direct("page-wrong-prefix", paged, "meta tag go.corp.example/y did not match import path go.corp.example/x", tagged("go.corp.example/y git https://go.corp.example/y.git", "go.corp.example/x2 git https://go.corp.example/x.git")),
		direct("page-unknown-vcs", paged, `unknown vcs "cvs"`, tagged("go.corp.example/x cvs https://go.corp.example/x")),
		direct("page-no-scheme", paged, "no scheme", tagged("go.corp.example/x git go.corp.example/x.git")),
		direct("page-scp-form", paged, "first path segment in URL cannot contain colon", tagged("go.corp.example/x git git@go.corp.example:x.git")),
		direct("page-file-scheme", paged, "file scheme disallowed", tagged("go.corp.example/x git file:///srv/x.git")),
		direct("page-odd-scheme", paged, "remote-foo", tagged("go.corp.example/x git foo://go.corp.example/x.git")),
		direct("page-plain-repository", paged, "ok", func(w *world) {
			w.corp().Page("go.corp.example/x", "go.corp.example/x git "+w.net.Site(fakenet.HTTP, w.repo("go.corp.example/x")).URL()+"/x.git")
		}),
		direct("page-repository-missing", paged, "not found", tagged("go.corp.example/x git https://go.corp.example/none.git")),
		direct("page-repository-500", paged, "The requested URL returned error: 500", corpAnd(func(_ *world, f *fakenet.Forge) { f.On("x.git/*", fakenet.Status(500, "broken")) })),
		direct("page-hg-missing", paged, `exec: "hg": executable file not found in $PATH`, tagged("go.corp.example/x hg https://go.corp.example/x.hg")),
		direct("page-bad-charset", paged, "can't decode XML document using charset", written(`<?xml version="1.0" encoding="koi8-r"?><html><head>`+tag)),
		direct("page-xml-error", paged, "XML syntax error on line 1", written(`<meta name="go-import" content="`)),
		direct("page-xml-error-later", paged, "ok", written(tag+`<meta name="`)),
		direct("page-tag-in-body", paged, "no go-import meta tags ()", written("<html><head></head><body>"+tag+"</body></html>")),
		direct("page-tag-after-head", paged, "no go-import meta tags ()", written("<html><head></head>"+tag+"</html>")),
		direct("page-without-head", paged, "ok", written(tag)),
		direct("page-in-capitals", paged, "ok", written(`<HTML><HEAD><META NAME=go-import CONTENT="`+corp+`"></HEAD></HTML>`)),
		direct("page-tag-in-comment", paged, "no go-import meta tags ()", written("<html><head><!-- "+tag+" --></head></html>")),
		direct("page-tag-of-another-name", paged, "no go-import meta tags ()", written(strings.Replace(tag, "go-import", "Go-Import", 1))),
		direct("page-truncated", paged, "ok", onPage(fakenet.Truncate)),
		direct("page-mod", paged, "ok", proxied(nil)),
		direct("page-mod-404", paged, "404 Not Found", proxied(func(w *world) { w.a.On("*.info", fakenet.Status(404, "not here")) })),
		direct("page-mod-500", paged, "500 Internal Server Error", proxied(func(w *world) { w.a.On("*.mod", fakenet.Status(500, "broken")) })),
		direct("page-mod-zip-500", paged, "500 Internal Server Error", proxied(func(w *world) { w.a.On("*.zip", fakenet.Status(500, "broken")) })),
		direct("page-mod-down", paged, "connection refused", proxied(func(w *world) { w.a.Down() })),
		direct("page-mod-govcs", paged, "ok", proxied(nil), "GOVCS=*:off"),
	}
}

// pageHostScenarios are about the host of a page.
func pageHostScenarios() []scenario {
	const insecure = "GOINSECURE=go.corp.example"
	trait := func(t fakenet.Trait) func(*world) {
		return func(w *world) { w.corp(t).Page("go.corp.example/x", corp) }
	}
	// The repository is elsewhere, so that only the page is at fault.
	apart := func(change func(f *fakenet.Forge), options ...fakenet.Option) func(*world) {
		return func(w *world) {
			f := w.net.Forge("go.corp.example", options...)
			f.Page("go.corp.example/x", "go.corp.example/x git "+w.net.Site(fakenet.HTTP, w.repo("go.corp.example/x")).URL()+"/x.git")
			change(f)
		}
	}
	plain := apart(func(f *fakenet.Forge) { f.Plain(); f.Down() })
	toPlain := apart(func(f *fakenet.Forge) { f.Plain(); f.On("x", fakenet.RedirectToInsecure) })
	locked := func(name, text string) func(*world) {
		return func(w *world) {
			apart(func(f *fakenet.Forge) { f.On("x", fakenet.Login("user", "secret")) })(w)
			w.atHome(name, text, 0o600)
			w.env = append(w.env, "NETRC="+w.home+"/"+name)
		}
	}
	const netrc = "machine go.corp.example login user password secret\n"
	on := func(fault fakenet.Fault) func(*world) {
		return apart(func(f *fakenet.Forge) { f.On("x", fault) })
	}
	all := []scenario{
		direct("page-down", paged, "Bad Gateway", apart(func(f *fakenet.Forge) { f.Down() })),
		direct("page-refused", "127.0.0.1/x@v1.0.0", "connect: connection refused", func(*world) {}, away...),
		direct("page-no-such-host", "no-such-host.invalid/x@v1.0.0", "no such host", func(*world) {}, away...),
		direct("page-proxy-refused", paged, "proxyconnect tcp", pageOnly, "HTTPS_PROXY=http://127.0.0.1:1"),
		direct("page-proxy-demands", paged, "Proxy Authentication Required", func(w *world) {
			pageOnly(w)
			via := w.net.HTTPProxy()
			via.Demand("user", "secret")
			w.env = append(w.env, via.Env()...)
		}),
		direct("page-silent", paged, "", on(fakenet.Hang)),
		direct("page-hangup", paged, "EOF", on(fakenet.Hangup)),
		direct("page-garbage", paged, "frame too large", on(fakenet.Garbage)),
		direct("page-redirects", paged, "ok", on(fakenet.Redirect(3))),
		direct("page-redirect-loop", paged, "stopped after 10 redirects", on(fakenet.RedirectLoop)),
		direct("page-moved", paged, "ok", func(w *world) {
			moved := w.net.Forge("moved.example")
			moved.RawPage("moved.example/x", fakenet.MetaTag(corp))
			w.corp().On("x", fakenet.RedirectTo(moved.URL()))
		}),
		direct("page-redirect-to-plain", paged, "redirected from secure URL https://go.corp.example/x?go-get=1 to insecure URL http://go.corp.example/x?go-get=1", toPlain),
		direct("page-redirect-to-plain-insecure", paged, "ok", toPlain, insecure),
		direct("page-plain", paged, "Bad Gateway", plain),
		direct("page-plain-insecure", paged, "ok", plain, insecure),
		direct("page-plain-insecure-glob", paged, "ok", plain, "GOINSECURE=other.example,*.corp.example"),
		direct("page-plain-insecure-path", paged, "ok", plain, "GOINSECURE=go.corp.example/x"),
		direct("page-plain-insecure-other", paged, "Bad Gateway", plain, "GOINSECURE=corp.example,go.corp.example/y"),
		direct("page-plain-insecure-down", paged, "502 Bad Gateway", apart(func(f *fakenet.Forge) { f.Plain().Down(); f.Down() }), insecure),
		direct("page-insecure-404", paged, "404 Not Found", apart(func(f *fakenet.Forge) { f.Plain(); f.On("x", fakenet.Status(404, "")) }), insecure),
		direct("page-insecure-unknown-ca", paged, "ok", apart(func(*fakenet.Forge) {}, fakenet.UnknownCA), insecure),
		direct("page-insecure-expired-and-plain", paged, "ok", apart(func(f *fakenet.Forge) { f.Plain() }, fakenet.Expired), insecure),
		direct("page-insecure-but-git-verifies", paged, "unable to access", trait(fakenet.UnknownCA), insecure),
		direct("page-login-none", paged, "401 Unauthorized", locked("netrc", "")),
		direct("page-login-netrc", paged, "ok", locked("netrc", netrc)),
		direct("page-login-netrc-at-home", paged, "ok", locked(".netrc", netrc), "NETRC="),
		// The path that is looked up still has its query.
		direct("page-login-netrc-path", paged, "401 Unauthorized", locked("netrc", strings.Replace(netrc, "example", "example/x", 1))),
		direct("page-login-netrc-wrong", paged, "401 Unauthorized", locked("netrc", strings.Replace(netrc, "secret", "wrong", 1))),
		direct("page-login-goauth-netrc", paged, "ok", locked("netrc", netrc), "GOAUTH=netrc"),
		direct("page-login-goauth-off", paged, "401 Unauthorized", locked("netrc", netrc), "GOAUTH=off"),
		direct("page-login-goauth-malformed", paged, "GOAUTH=off cannot be combined", locked("netrc", netrc), "GOAUTH=off;netrc"),
		direct("page-login-netrc-for-both", paged, "ok", func(w *world) {
			pageOnly(w)
			w.atHome(".netrc", netrc, 0o600)
		}),
		direct("page-login-netrc-not-for-git", paged, "could not read Username", corpAnd(func(w *world, f *fakenet.Forge) {
			f.On("*", fakenet.Login("user", "secret"))
			w.atHome("netrc", netrc, 0o600)
			w.env = append(w.env, "NETRC="+w.home+"/netrc")
		})),
		direct("page-launchpad", "launchpad.net/x@v1.0.0", "Bad Gateway", func(*world) {}),
		direct("page-launchpad-private", "launchpad.net/x@v1.0.0", `exec: "bzr": executable file not found in $PATH`, func(*world) {}, "GOPRIVATE=launchpad.net"),
	}
	for name, t := range map[string]struct {
		trait fakenet.Trait
		said  string
	}{
		"unknown-ca": {fakenet.UnknownCA, "certificate signed by unknown authority"}, "expired": {fakenet.Expired, "certificate has expired or is not yet valid"},
		"wrong-name": {fakenet.WrongName, "certificate is valid for other.test, not go.corp.example"}, "tls11": {fakenet.TLS11, "protocol version not supported"},
		"misspoken": {fakenet.Misspoken, "http: server gave HTTP response to HTTPS client"},
	} {
		all = append(all, direct("page-tls-"+name, paged, t.said, trait(t.trait)))
	}
	return all
}

func govcsScenarios() []scenario {
	var all []scenario
	for name, v := range map[string]struct{ govcs, said string }{
		"off":            {"*:off", "GOVCS disallows using git for public"},
		"public-off":     {"public:off", "GOVCS disallows using git for public"},
		"private-off":    {"private:off", "ok"},
		"public-git":     {"public:git,private:all", "ok"},
		"public-hg":      {"public:hg", "GOVCS disallows using git for public"},
		"all":            {"*:all", "ok"},
		"spaces":         {" public : hg | git , private : off ", "ok"},
		"first-wins":     {"*:git,*.*:off", "ok"},
		"none":           {"*:none", "GOVCS disallows using git for public"},
		"no-colon":       {"git", `malformed entry in GOVCS (missing colon): "git"`},
		"no-pattern":     {":git", `empty pattern in GOVCS: ":git"`},
		"no-list":        {"public:", `empty VCS list in GOVCS: "public:"`},
		"empty-entry":    {"public:git,", "empty entry in GOVCS"},
		"empty-name":     {"public:git||hg", `empty VCS name in GOVCS: "public:git||hg"`},
		"relative":       {"./x:git", `relative pattern not allowed in GOVCS: "./x"`},
		"unreachable":    {"public:git,public:hg", `unreachable pattern in GOVCS: "public:hg" after "public:git"`},
		"malformed-last": {"public:git,nonsense", "malformed entry in GOVCS"},
	} {
		all = append(all, direct("govcs-"+name, hosted, v.said, hostOnly, "GOVCS="+v.govcs))
		if name == "off" || name == "no-colon" || name == "public-git" {
			all = append(all, direct("govcs-page-"+name, paged, v.said, pageOnly, "GOVCS="+v.govcs))
		}
	}
	const private = "GOPRIVATE=go.corp.example/x"
	return append(all,
		direct("govcs-of-host", hosted, "GOVCS disallows using git for public github.com/acme/x", hostOnly, "GOVCS=github.com/acme:hg"),
		direct("govcs-of-other-host", hosted, "ok", hostOnly, "GOVCS=github.com/acme/y:hg"),
		direct("govcs-private", paged, "GOVCS disallows using git for private go.corp.example/x", pageOnly, private, "GOVCS=private:off"),
		direct("govcs-private-git", paged, "ok", pageOnly, private, "GOVCS=private:git,public:off"),
		direct("govcs-private-below-root", "go.corp.example/x/sub@v1.0.0", "GOVCS disallows using git for public go.corp.example/x", pageOnly, "GOPRIVATE=go.corp.example/x/sub", "GOVCS=public:off"),
		direct("govcs-pattern-below-root", "go.corp.example/x/sub@v1.0.0", "ok", pageOnly, "GOVCS=go.corp.example/x/sub:off"),
		direct("govcs-after-page", paged, "404 Not Found", onPage(fakenet.Status(http.StatusNotFound, "")), "GOVCS=nonsense"),
		direct("govcs-unknown-vcs-first", paged, `unknown vcs "cvs"`, tagged("go.corp.example/x cvs https://go.corp.example/x"), "GOVCS=nonsense"),
		direct("govcs-svn-public", paged, "GOVCS disallows using svn for public", tagged("go.corp.example/x svn https://go.corp.example/x")),
		direct("govcs-not-for-proxies", hosted, "ok", func(w *world) { w.a.Add("github.com/acme/x", "v1.0.0", "") }, "GOPROXY=$A", "GOVCS=nonsense"),
	)
}
