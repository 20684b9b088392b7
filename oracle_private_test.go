package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/modreach/modreach/internal/fakenet"
)

// privateScenarios have proxies before and behind the place itself.
func privateScenarios() []scenario {
	const private = "GOPRIVATE=github.com/acme"
	// published has both proxies know the module as well as its host.
	published := func(change func(w *world)) func(*world) {
		return func(w *world) {
			for _, p := range []*fakenet.Proxy{w.a, w.b} {
				p.Add("github.com/acme/x", "v1.0.0", "")
				p.Add("github.com/acme/x", "v1.9.9", "")
			}
			if change != nil {
				change(w)
			}
		}
	}
	elsewhere := published(nil)
	both := published(hostOnly)
	answering := func(pattern string, code int) func(*world) {
		return published(func(w *world) {
			hostOnly(w)
			w.a.On(pattern, fakenet.Status(code, "says no"))
		})
	}
	dead := func(code int) func(*world) {
		return published(func(w *world) {
			w.github().Down()
			w.a.On("*", fakenet.Status(code, "says no"))
		})
	}
	const gone = "github.com/acme/x@v1.9.9" // published by the proxies alone
	return []scenario{
		direct("private", hosted, "ok", both, private, "GOPROXY=$A"),
		direct("private-proxy-500", hosted, "ok", answering("*", 500), private, "GOPROXY=$A"),
		direct("private-off", hosted, "ok", hostOnly, private, "GOPROXY=off"),
		direct("private-only-at-proxy", gone, "unknown revision v1.9.9", both, private, "GOPROXY=$A"),
		direct("private-only-at-proxy-then-off", gone, "unknown revision v1.9.9", both, private, "GOPROXY=$A,off"),
		direct("private-twice", gone, "unknown revision v1.9.9", both, private, "GOPROXY=$A,direct"),
		direct("private-twice-bar", gone, "unknown revision v1.9.9", both, private, "GOPROXY=$A|direct"),
		direct("private-direct", hosted, "ok", hostOnly, private),
		direct("private-down", hosted, "unable to access", published(func(w *world) { w.github().Down() }), private, "GOPROXY=$A"),
		direct("private-down-bar", hosted, "unable to access", published(func(w *world) { w.github().Down() }), private, "GOPROXY=$A|$B|direct"),
		direct("private-off-by-gonoproxy", hosted, "ok", elsewhere, private, "GONOPROXY=none", "GOPROXY=$A"),
		direct("private-by-gonoproxy", hosted, "ok", hostOnly, "GONOPROXY=github.com", "GOPROXY=$A"),
		direct("private-with-space", hosted, "404 Not Found", hostOnly, "GOPRIVATE=x.example, github.com", "GOPROXY=$A"),
		direct("private-page-missing", paged, "404 Not Found", func(w *world) {
			w.a.Add("go.corp.example/x", "v1.0.0", "")
			onPage(fakenet.Status(404, ""))(w)
		}, "GOPRIVATE=go.corp.example", "GOPROXY=$A,direct"),
		direct("private-page-tls", paged, "certificate signed by unknown authority", func(w *world) {
			w.corp(fakenet.UnknownCA).Page("go.corp.example/x", corp)
		}, "GOPRIVATE=go.corp.example", "GOPROXY=$A,direct"),
		direct("private-page-mod", paged, "ok", func(w *world) {
			w.b.Add("go.corp.example/x", "v1.0.0", "")
			w.corp().Page("go.corp.example/x", "go.corp.example/x mod "+w.b.URL())
		}, "GOPRIVATE=go.corp.example", "GOPROXY=$A"),
		direct("private-malformed-list", hosted, "invalid proxy URL scheme", hostOnly, private, "GOPROXY=ftp://x.example"),
		direct("private-malformed-govcs", hosted, "malformed entry in GOVCS", hostOnly, private, "GOPROXY=$A", "GOVCS=nonsense"),
		direct("behind-404", hosted, "ok", answering("*", 404), "GOPROXY=$A,direct"),
		direct("behind-410", hosted, "ok", answering("*", 410), "GOPROXY=$A,direct"),
		direct("behind-403", hosted, "403 Forbidden", answering("*", 403), "GOPROXY=$A,direct"),
		direct("behind-500", hosted, "500 Internal Server Error", answering("*", 500), "GOPROXY=$A,direct"),
		direct("behind-500-bar", hosted, "ok", answering("*", 500), "GOPROXY=$A|direct"),
		direct("behind-refused-bar", hosted, "ok", published(func(w *world) { hostOnly(w); w.a.Down() }), "GOPROXY=$A|direct"),
		direct("behind-proxy-has-it", hosted, "ok", elsewhere, "GOPROXY=$A,direct"),
		direct("behind-mod-404", hosted, "ok", answering("*.mod", 404), "GOPROXY=$A,direct"),
		direct("behind-zip-404", hosted, "ok", answering("*.zip", 404), "GOPROXY=$A,direct"),
		direct("behind-zip-500", hosted, "500 Internal Server Error", answering("*.zip", 500), "GOPROXY=$A,direct"),
		direct("behind-mod-404-tag-missing", gone, "unknown revision v1.9.9", answering("*.mod", 404), "GOPROXY=$A,direct"),
		direct("behind-404-tag-missing", gone, "unknown revision v1.9.9", answering("*", 404), "GOPROXY=$A,direct"),
		direct("behind-404-down", hosted, "unable to access", dead(404), "GOPROXY=$A,direct"),
		direct("behind-500-bar-down", hosted, "unable to access", dead(500), "GOPROXY=$A|direct"),
		direct("behind-500-bar-page-404", paged, "404 Not Found", func(w *world) {
			w.a.On("*", fakenet.Status(500, "broken"))
			onPage(fakenet.Status(404, ""))(w)
		}, "GOPROXY=$A|direct"),
		direct("behind-two", hosted, "ok", published(func(w *world) {
			hostOnly(w)
			w.a.On("*", fakenet.Status(404, ""))
			w.b.On("*", fakenet.Status(502, ""))
		}), "GOPROXY=$A,$B|direct"),
		direct("before-proxy", gone, "unknown revision v1.9.9", both, "GOPROXY=direct,$A"),
		direct("before-proxy-bar", gone, "unknown revision v1.9.9", both, "GOPROXY=direct|$A"),
		direct("before-nonsense", hosted, "ok", hostOnly, "GOPROXY=direct,ftp://x.example"),
		direct("with-space", hosted, "ok", hostOnly, "GOPROXY= direct "),
		direct("branch-with-slash-behind-proxy", "github.com/acme/x@feature/x", "disallowed version string", func(w *world) { w.github() }, "GOPROXY=$A,direct"),
	}
}

// warmScenarios have the go command been here before.
func warmScenarios() []scenario {
	// visited has go download v1.0.0 by the same route, and then the host
	// change. With forget, only the repository itself stays in the cache.
	visited := func(forget bool, change func(f *fakenet.Forge, r *fakenet.Repo)) func(*world) {
		return func(w *world) {
			r := w.repo("github.com/acme/x")
			f := w.net.Forge("github.com")
			f.Git("acme/x", r)
			w.warmDirect(hosted)
			if forget {
				w.forgetDownloads()
			}
			change(f, r)
		}
	}
	down := func(f *fakenet.Forge, _ *fakenet.Repo) { f.Down() }
	release := func(_ *fakenet.Forge, r *fakenet.Repo) {
		r.Commit(map[string]string{"p.go": "package p\n\n// More.\n"})
		r.Tag("v1.1.0")
	}
	missing := func(f *fakenet.Forge, _ *fakenet.Repo) { f.On("*", fakenet.Status(404, "")) }
	const next = "github.com/acme/x@v1.1.0"
	return []scenario{
		direct("warm", hosted, "ok", visited(false, down)),
		direct("warm-repository", hosted, "ok", visited(true, down)),
		direct("warm-repository-tag-moved", hosted, "ok", visited(true, func(_ *fakenet.Forge, r *fakenet.Repo) {
			r.Commit(map[string]string{"go.mod": "module github.com/acme/x/v2\n"})
			r.Tag("v1.0.0")
		})),
		direct("warm-next", next, "ok", visited(false, release)),
		direct("warm-next-missing", next, "unknown revision v1.1.0", visited(false, func(*fakenet.Forge, *fakenet.Repo) {})),
		direct("warm-next-down", next, "unable to access", visited(false, down)),
		direct("warm-next-404", next, "not found", visited(false, missing)),
		direct("warm-next-404-private", next, "not found", visited(false, missing), "GOPRIVATE=github.com", "GOPROXY=$A,direct"),
		direct("warm-other-setting", hosted, "ok", visited(true, down), "GOPROXY=$A,direct"),
		direct("warm-off", hosted, "ok", visited(false, down), "GOPROXY=off"),
		direct("warm-repository-off", hosted, "module lookup disabled by GOPROXY=off", visited(true, down), "GOPROXY=off"),
		direct("warm-git-missing", hosted, "ok", func(w *world) {
			visited(false, down)(w)
			w.withoutGit()
		}),
		direct("warm-repository-git-missing", hosted, "executable file not found in $PATH", func(w *world) {
			visited(true, func(*fakenet.Forge, *fakenet.Repo) {})(w)
			w.withoutGit()
		}),
	}
}

// warmDirect fills the module cache with everything go downloads for a module
// version from where it is made.
func (w *world) warmDirect(mod string) {
	w.t.Helper()
	env := append(hermetic(w.home), w.env...)
	env = append(env, "GOPROXY=direct", "GOMODCACHE="+w.cache)
	if _, stderr, err := fakenet.Go(w.t.Context(), w.t, w.t.TempDir(), env, "mod", "download", mod); err != nil {
		w.t.Fatalf("warming the cache: %v\n%s", err, stderr)
	}
}

// forgetDownloads leaves no more in the module cache than the repositories
// that modules came from.
func (w *world) forgetDownloads() {
	w.t.Helper()
	if err := os.RemoveAll(filepath.Join(w.cache, "cache", "download")); err != nil {
		w.t.Fatal(err)
	}
}

// directSumScenarios have checksums of what came from the place itself.
func directSumScenarios() []scenario {
	const wrong = "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	// summed is a host, and its module as others know it.
	summed := func(change func(w *world, known *fakenet.Modules)) func(*world) {
		return func(w *world) {
			hostOnly(w)
			known := fakenet.NewModules(w.t)
			known.AddFiles("github.com/acme/x", "v1.0.0", map[string]string{"go.mod": sources("github.com/acme/x")["go.mod"], "p.go": "package p\n"})
			change(w, known)
		}
	}
	sums := func(edit func(lines []string) []string) func(*world) {
		return summed(func(w *world, known *fakenet.Modules) {
			lines := strings.SplitAfter(known.Sum("github.com/acme/x", "v1.0.0"), "\n")
			w.write("go.sum", strings.Join(edit(lines[:2]), ""))
		})
	}
	database := func(change func(db *fakenet.SumDB)) func(*world) {
		return summed(func(w *world, known *fakenet.Modules) {
			db := w.net.SumDB(fakenet.HTTPS, known)
			w.env = append(w.env, "GOSUMDB="+db.GOSUMDB())
			if change != nil {
				change(db)
			}
		})
	}
	refusing := database(func(db *fakenet.SumDB) { db.On("*lookup*", fakenet.Status(404, "not found: private")) })
	return []scenario{
		direct("sum-right", hosted, "ok", sums(func(lines []string) []string { return lines })),
		direct("sum-mod-only", hosted, "ok", sums(func(lines []string) []string { return lines[1:] })),
		direct("sum-mod-wrong", hosted, "checksum mismatch", sums(func(lines []string) []string {
			return []string{"github.com/acme/x v1.0.0/go.mod " + wrong + "\n"}
		})),
		direct("sumdb", hosted, "ok", database(nil)),
		direct("sumdb-refuses", hosted, "404 Not Found", refusing),
		direct("sumdb-private", hosted, "ok", refusing, "GOPRIVATE=github.com"),
		direct("sumdb-gonosumdb", hosted, "ok", refusing, "GONOSUMDB=github.com"),
		direct("sumdb-gonoproxy-only", hosted, "404 Not Found", refusing, "GONOPROXY=github.com"),
		direct("sumdb-private-but-gonosumdb", hosted, "404 Not Found", refusing, "GOPRIVATE=github.com", "GONOSUMDB=none"),
		direct("sumdb-forged", hosted, "checksum mismatch", database(func(db *fakenet.SumDB) {
			db.Forge("github.com/acme/x", "v1.0.0", "github.com/acme/x v1.0.0 "+wrong+"\ngithub.com/acme/x v1.0.0/go.mod "+wrong+"\n")
		})),
		direct("sumdb-behind-proxy", hosted, "404 Not Found", refusing, "GOPROXY=$A,direct"),
	}
}
