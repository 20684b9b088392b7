package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/internal/fakenet"
)

// scriptScenarios show what the go command's own script tests prove about
// fetching, as far as no other scenario does. docs/scripts.md tells which
// script test is represented by which scenarios.
func scriptScenarios() []scenario {
	all := proxyScripts()
	all = append(all, downloadScripts()...)
	all = append(all, databaseScripts()...)
	all = append(all, databaseAddressScripts()...)
	all = append(all, goSumScripts()...)
	all = append(all, privateScripts()...)
	all = append(all, replaceScripts()...)
	all = append(all, workScripts()...)
	all = append(all, vendorScripts()...)
	all = append(all, modCacheScripts()...)
	all = append(all, goEnvScripts()...)
	return append(all, directScripts()...)
}

// directScripts take a module from its repository.
func directScripts() []scenario {
	configured := func(text string) func(*world) {
		return func(w *world) { w.github(); w.atHome(".gitconfig", text, 0o600) }
	}
	return []scenario{
		direct("git-bare-repositories-explicit", hosted, "ok", configured("[safe]\n\tbareRepository = explicit\n")),
		direct("git-decorate-full", hosted, "ok", configured("[log]\n\tdecorate = full\n")),
		direct("git-instead-of-by-ssh-subdirectory", "github.com/acme/x/sub@v1.0.0", "", configured("[url \"git@github.com:\"]\n\tinsteadOf = https://github.com/\n")),
	}
}

// The files most scenarios have.
const (
	mainMod = "module example.org/main\n\ngo 1.21\n\n"
	needsA  = mainMod + "require example.com/a v1.0.0\n"
	nowhere = "http://127.0.0.1:1" // the port of tcpmux, which nobody serves
)

// wholeFile asks the go command about all requirements, directives applied.
var wholeFile = []string{"mod", "download"}

// missing answers that the proxy does not have the module.
func missing(w *world) { w.a.On("*", fakenet.Status(http.StatusNotFound, "not here")) }

func proxyScripts() []scenario {
	gone := func(w *world) { w.a.On("*", fakenet.Status(http.StatusGone, "was here")) }
	says := func(text string) func(*world) {
		return func(w *world) { w.a.On("*", fakenet.Status(http.StatusForbidden, text)) }
	}
	third := func(list string, first http.HandlerFunc) func(*world) {
		return func(w *world) {
			site := w.net.Site(fakenet.HTTP, first)
			w.env = append(w.env, "GOPROXY="+w.fill(strings.ReplaceAll(list, "$C", site.URL())))
		}
	}
	status := func(code int) http.HandlerFunc {
		return func(rw http.ResponseWriter, _ *http.Request) { http.Error(rw, "no", code) }
	}
	tree := func(path, version string) func(*world) {
		return func(w *world) {
			dir := filepath.Join(w.dir, "tree")
			w.b.WriteTree(dir)
			if err := os.RemoveAll(filepath.Join(dir, path, version)); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	return []scenario{
		{name: "proxies-one-404", env: "GOPROXY=$A", set: missing},
		{name: "proxies-one-410", env: "GOPROXY=$A", set: gone},
		{name: "proxies-404-410-good", set: func(w *world) { gone(w); third("$C,$A,$B", status(404))(w) }},
		{name: "proxies-404-403-good", set: func(w *world) { says("no")(w); third("$C,$A,$B", status(404))(w) }},
		{name: "proxies-403-bar-nobody-bar-good", env: "GOPROXY=$A|https://0.0.0.0:1|$B", set: says("no")},
		{name: "proxies-500-bar-nobody-comma-good", set: third("$C|"+nowhere+",$B", status(500))},
		{name: "proxies-404-bar-404-comma-404", set: func(w *world) { missing(w); third("$C|$A,$A/x", status(404))(w) }},
		{name: "proxies-500-bar-404-comma-off", set: func(w *world) { missing(w); third("$C|$A,off", status(500))(w) }},
		{name: "proxies-say-many-lines", env: "GOPROXY=$A", set: says(strings.Repeat("line\n", 40))},
		{name: "proxies-say-one-long-line", env: "GOPROXY=$A", set: says(strings.Repeat("blah", 900))},
		{name: "proxies-https-elided", https: true, set: func(w *world) {
			w.env = append(w.env, "GOPROXY="+strings.TrimPrefix(w.a.URL(), "https://"))
		}},
		{name: "proxies-https-elided-but-http", set: func(w *world) {
			w.env = append(w.env, "GOPROXY="+strings.TrimPrefix(w.a.URL(), "http://"))
		}},
		{name: "proxies-path-prefix", set: func(w *world) {
			prefixed := w.net.Site(fakenet.HTTP, http.StripPrefix("/go/mod", http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				http.Redirect(rw, r, w.b.URL()+r.URL.EscapedPath(), http.StatusFound)
			})))
			w.env = append(w.env, "GOPROXY="+prefixed.URL()+"/go/mod/")
		}},
		{name: "proxies-redirect-9", env: "GOPROXY=$A", set: func(w *world) { w.a.On("*", fakenet.Redirect(9)) }},
		{name: "proxies-redirect-10", env: "GOPROXY=$A", set: func(w *world) { w.a.On("*", fakenet.Redirect(10)) }},
		{name: "proxies-info-plain-text", env: "GOPROXY=$A", set: func(w *world) { w.a.On("*", fakenet.Status(200, "invalid")) }},
		{name: "proxies-info-without-version", env: "GOPROXY=$A", set: func(w *world) { w.a.On("*.info", fakenet.Status(200, "{}")) }},
		{name: "proxies-info-with-other-types", env: "GOPROXY=$A", set: func(w *world) { w.a.On("*.info", fakenet.Status(200, `{"Version":1}`)) }},
		{name: "proxies-info-with-odd-origin", env: "GOPROXY=$A", set: func(w *world) {
			w.a.On("*.info", fakenet.Status(200, `{"Version":"v1.0.0","Origin":{"VCS":1}}`))
		}},
		{name: "proxies-info-with-more", env: "GOPROXY=$A", set: func(w *world) {
			w.a.On("*.info", fakenet.Status(200, `{"Version":"v1.0.0","Time":"2020-01-01T00:00:00Z","Origin":{"VCS":"git"},"More":[1]}`))
		}},
		{name: "proxies-info-with-odd-time", env: "GOPROXY=$A", set: func(w *world) {
			w.a.On("*.info", fakenet.Status(200, `{"Version":"v1.0.0","Time":"yesterday"}`))
		}},
		{name: "proxies-info-then-rest", env: "GOPROXY=$A", set: func(w *world) {
			w.a.On("*.info", fakenet.Status(200, `{"Version":"v1.0.0"} and more`))
		}},
		// An exact version needs neither list nor @latest.
		{name: "proxies-list-empty", env: "GOPROXY=$A", set: func(w *world) { w.a.On("*@list", fakenet.Status(200, "")) }},
		{name: "proxies-list-500", env: "GOPROXY=$A", set: func(w *world) {
			w.a.On("*@list", fakenet.Status(500, ""))
			w.a.On("*@latest", fakenet.Status(410, ""))
		}},
		{
			name: "proxies-list-names-what-is-not-there", env: "GOPROXY=$A", gomod: mainMod + "require example.com/a v1.0.0-does-not-exist\n",
			mod: "example.com/a@v1.0.0-does-not-exist", set: func(w *world) { w.a.On("*@list", fakenet.Status(200, "v1.0.0-does-not-exist\n")) },
		},
		{name: "file-proxy-of-a-module-cache", set: func(w *world) {
			w.warm("example.com/a@v1.0.0")
			w.env = append(w.env, "GOPROXY=file://"+filepath.ToSlash(w.cache)+"/cache/download")
			w.cache = fakenet.ModCache(w.t)
		}},
		{name: "file-proxy-of-a-module-cache-with-info-lost", set: func(w *world) {
			w.warm("example.com/a@v1.0.0")
			w.forget("v1.0.0.info")
			w.env = append(w.env, "GOPROXY=file://"+filepath.ToSlash(w.cache)+"/cache/download")
			w.cache = fakenet.ModCache(w.t)
		}},
		{name: "file-proxy-lacks-module", env: "GOPROXY=file://$DIR/tree", set: tree("example.com/a", "")},
		{name: "file-proxy-lacks-mod", env: "GOPROXY=file://$DIR/tree", set: tree("example.com/a/@v", "v1.0.0.mod")},
		{name: "file-proxy-lacks-list", env: "GOPROXY=file://$DIR/tree", set: tree("example.com/a/@v", "list")},
		{name: "file-proxy-lacks-module-then-http", env: "GOPROXY=file://$DIR/tree,$B", set: tree("example.com/a", "")},
		{name: "file-proxy-trailing-slash", env: "GOPROXY=file://$DIR/tree/", set: tree("none", "")},
		{
			name: "file-proxy-capitals", env: "GOPROXY=file://$DIR/tree", gomod: mainMod + "require example.com/Up/Case v1.0.0-RC1\n",
			mod: "example.com/Up/Case@v1.0.0-RC1", set: tree("none", ""),
		},
		{name: "zip-with-file-beside-top-directory", env: "GOPROXY=$A", set: func(w *world) { w.a.On("*.zip", fakenet.BadZip) }},
	}
}

func downloadScripts() []scenario {
	depends := func(dep, goLine string) func(*world) {
		return func(w *world) {
			w.a.Add("example.com/a", "v1.0.0", "module example.com/a\n\n"+goLine+"require "+dep+"\n")
		}
	}
	return []scenario{
		{name: "download-json", env: "GOPROXY=$A", args: []string{"mod", "download", "-json", "example.com/a@v1.0.0"}},
		{name: "download-json-404", env: "GOPROXY=$A", set: missing, args: []string{"mod", "download", "-json", "example.com/a@v1.0.0"}},
		{name: "download-x", env: "GOPROXY=$A", args: []string{"mod", "download", "-x", "example.com/a@v1.0.0"}},
		{name: "download-all", env: "GOPROXY=$A", args: []string{"mod", "download", "all"}},
		{name: "download-needs-no-later-version", env: "GOPROXY=$A", set: func(w *world) { w.a.On("*v1.1.0*", fakenet.Status(500, "")) }},
		{name: "download-host-that-cannot-be", env: "GOPROXY=$A", gomod: mainMod + "require this.domain.is.invalid/somemodule v1.0.0\n", mod: "this.domain.is.invalid/somemodule@v1.0.0"},
		{name: "download-needs-no-dependency", env: "GOPROXY=$A", set: depends("example.com/none v1.0.0", "")},
		{name: "download-dependency-pruned", env: "GOPROXY=$A", set: depends("example.com/none v1.0.0", "go 1.17\n\n"), args: wholeFile},
		{name: "download-higher-by-dependency", env: "GOPROXY=$A", set: func(w *world) {
			w.a.Add("example.com/b", "v1.0.0", "module example.com/b\n\ngo 1.17\n\nrequire example.com/a v1.1.0\n")
			w.write("go.mod", mainMod+"require (\n\texample.com/a v1.0.0\n\texample.com/b v1.0.0\n)\n")
		}, args: wholeFile},
		{name: "download-two-versions", env: "GOPROXY=$A", gomod: mainMod + "require (\n\texample.com/a v1.0.0\n\texample.com/a v1.1.0\n)\n", args: wholeFile},
		{name: "download-indirect-missing", env: "GOPROXY=$A", gomod: mainMod + "require example.com/none v1.0.0 // indirect\n", mod: "example.com/none@v1.0.0"},
		{name: "download-main-module", env: "GOPROXY=$A", gomod: mainMod + "require example.org/main v1.0.0\n", args: wholeFile},
		{name: "download-without-go-line", env: "GOPROXY=$A", gomod: "module example.org/main\n\nrequire example.com/a v1.0.0\n", args: wholeFile},
		{name: "download-go-1.16", env: "GOPROXY=$A", gomod: "module example.org/main\n\ngo 1.16\n\nrequire example.com/a v1.0.0\n", args: wholeFile},
		{name: "main-with-no-dot-in-path", env: "GOPROXY=$A", gomod: "module m\n\nrequire example.com/a v1.0.0\n"},
		{name: "dependency-with-unknown-directive", env: "GOPROXY=$A", set: func(w *world) {
			w.a.Add("example.com/a", "v1.0.0", "module example.com/a\nhello world\n")
		}, args: wholeFile},
		{name: "path-element-with-leading-dot", env: "GOPROXY=$A", gomod: mainMod + "require example.com/.dot v1.0.0\n", mod: "example.com/.dot@v1.0.0"},
		{name: "path-with-device-name", env: "GOPROXY=$A", gomod: mainMod + "require example.com/con v1.0.0\n", mod: "example.com/con@v1.0.0"},
		{name: "path-with-short-name-tail", env: "GOPROXY=$A", gomod: mainMod + "require example.com/a~1 v1.0.0\n", mod: "example.com/a~1@v1.0.0"},
		{name: "path-with-capital-host", env: "GOPROXY=$A", gomod: mainMod + "require Example.com/a v1.0.0\n", mod: "Example.com/a@v1.0.0"},
		{name: "prerelease-missing", env: "GOPROXY=$A", gomod: mainMod + "require example.com/a v1.0.1-beta\n", mod: "example.com/a@v1.0.1-beta"},
		{name: "excluded", env: "GOPROXY=$A", gomod: needsA + "\nexclude example.com/a v1.0.0\n", args: []string{"mod", "download", "all"}},
		{name: "excluded-but-asked-for", env: "GOPROXY=$A", gomod: needsA + "\nexclude example.com/a v1.1.0\n"},
		{name: "excluded-and-missing", env: "GOPROXY=$A", gomod: mainMod + "require example.com/none v1.0.0\n\nexclude example.com/none v1.0.0\n", args: []string{"mod", "download", "all"}},
		{name: "retracted-by-itself", env: "GOPROXY=$A", set: func(w *world) {
			w.a.Add("example.com/a", "v1.0.0", "module example.com/a\n\ngo 1.20\n\nretract v1.0.0 // bad\n")
		}},
		{name: "retraction-cannot-be-read", env: "GOPROXY=$A", set: func(w *world) {
			w.a.On("*@list", fakenet.Status(200, "v1.0.0\nv1.2.0\n"))
			w.a.On("*@v1.2.0*", fakenet.Status(500, ""))
		}},
		{name: "deprecated", env: "GOPROXY=$A", set: func(w *world) {
			w.a.Add("example.com/a", "v1.0.0", "// Deprecated: use another.\nmodule example.com/a\n")
		}},
	}
}

// withDatabase has a checksum database know what proxy A has, at an address of
// its own.
func withDatabase(edit func(w *world, db *fakenet.SumDB)) func(*world) {
	return func(w *world) {
		db := w.net.SumDB(fakenet.HTTPS, w.a.Modules)
		w.env = append(w.env, "GOSUMDB="+db.GOSUMDB())
		if edit != nil {
			edit(w, db)
		}
	}
}

// warmWith fills the module cache as warm does, and has the go command ask the
// database that the environment names so far.
func (w *world) warmWith(mod string) {
	w.t.Helper()
	env := append(hermetic(w.home), w.env...)
	env = append(env, "GOPROXY="+w.b.URL(), "GOMODCACHE="+w.cache)
	if _, stderr, err := fakenet.Go(w.t.Context(), w.t, w.t.TempDir(), env, "mod", "download", mod); err != nil {
		w.t.Fatalf("warming the cache: %v\n%s", err, stderr)
	}
}

// sumOf writes those lines of a true go.sum that keep wants, the others as edit
// has them.
func (w *world) sumOf(edit func(mod bool, line string) string, versions ...module.Version) {
	w.t.Helper()
	var text strings.Builder
	for _, v := range versions {
		for line := range strings.Lines(w.a.Sum(v.Path, v.Version)) {
			text.WriteString(edit(strings.Contains(line, "/go.mod "), line))
		}
	}
	w.write("go.sum", text.String())
}

const wrongHash = "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

// wrong gives a go.sum line another hash.
func wrong(line string) string {
	f := strings.Fields(line)
	return f[0] + " " + f[1] + " " + wrongHash + "\n"
}

func asIs(_ bool, line string) string { return line }

func modOnly(mod bool, line string) string {
	if mod {
		return line
	}
	return ""
}

var (
	moduleA    = module.Version{Path: "example.com/a", Version: "v1.0.0"}
	moduleFork = module.Version{Path: "example.com/fork", Version: "v1.0.0"}
)

func databaseScripts() []scenario {
	forged := func(lines string) func(*world, *fakenet.SumDB) {
		return func(w *world, db *fakenet.SumDB) {
			var good [2]string // of the zip, of go.mod
			for i, line := range strings.SplitAfterN(w.a.Sum("example.com/a", "v1.0.0"), "\n", 2) {
				good[i] = line
			}
			db.Forge("example.com/a", "v1.0.0", strings.NewReplacer(
				"ZIP", good[0], "MOD", good[1], "WRONGZIP", wrong(good[0]), "WRONGMOD", wrong(good[1]),
			).Replace(lines))
		}
	}
	busy := fakenet.Status(http.StatusGatewayTimeout, "busy")
	cached := func(edit func(w *world)) func(*world) {
		return withDatabase(func(w *world, db *fakenet.SumDB) {
			w.warmWith("example.com/a@v1.0.0")
			db.On("*", busy)
			if edit != nil {
				edit(w)
			}
		})
	}
	coldWithLookup := func(w *world) {
		// Everything but the lookup, so that files are fetched and verified.
		for _, suffix := range []string{"v1.0.0.info", "v1.0.0.mod", "v1.0.0.zip", "v1.0.0.ziphash"} {
			w.forget(suffix)
		}
	}
	rewritten := func(edit func(w *world)) func(*world) {
		return withDatabase(func(w *world, db *fakenet.SumDB) {
			w.warmWith("example.com/fork@v1.0.0")
			db.Rewrite()
			if edit != nil {
				edit(w)
			}
		})
	}
	proxy := "GOPROXY=$A"
	return []scenario{
		{name: "sumdb-wrong-mod", env: proxy, set: withDatabase(forged("ZIPWRONGMOD"))},
		{name: "sumdb-wrong-zip-in-cache", env: "GOPROXY=off", set: withDatabase(func(w *world, db *fakenet.SumDB) {
			w.warm("example.com/a@v1.0.0")
			forged("WRONGZIPMOD")(w, db)
		})},
		{name: "sumdb-wrong-but-go.sum-right", env: proxy, set: withDatabase(func(w *world, db *fakenet.SumDB) {
			forged("WRONGZIPWRONGMOD")(w, db)
			w.sumOf(asIs, moduleA)
		})},
		{name: "sumdb-wrong-json", env: proxy, set: withDatabase(forged("WRONGZIPWRONGMOD")), args: []string{"mod", "download", "-json", "example.com/a@v1.0.0"}},
		{name: "sumdb-absent-mod-line", env: proxy, set: withDatabase(forged("ZIP"))},
		{name: "sumdb-absent-zip-line", env: proxy, set: withDatabase(forged("MOD"))},
		{name: "sumdb-answers-about-another", env: proxy, set: withDatabase(func(w *world, db *fakenet.SumDB) {
			db.Forge("example.com/a", "v1.0.0", w.a.Sum("example.com/fork", "v1.0.0"))
		})},
		{name: "sumdb-says-it-twice", env: proxy, set: withDatabase(forged("ZIPMODZIPMOD"))},
		{name: "sumdb-says-wrong-then-right", env: proxy, set: withDatabase(forged("WRONGZIPWRONGMODZIPMOD"))},
		{name: "sumdb-history-rewritten", env: proxy, set: rewritten(nil)},
		{name: "sumdb-history-rewritten-and-forgotten", env: proxy, set: rewritten(func(w *world) {
			w.cache = fakenet.ModCache(w.t)
			if err := os.RemoveAll(filepath.Join(w.home, "gopath")); err != nil {
				w.t.Fatal(err)
			}
		})},
		{name: "sumdb-history-rewritten-not-asked", env: proxy, set: rewritten(func(w *world) { w.sumOf(asIs, moduleA) })},
		{name: "sumdb-history-rewritten-private", env: proxy + "\nGONOSUMDB=example.com/a", set: rewritten(nil)},
		{name: "sumdb-lookup-cached", env: proxy, set: cached(coldWithLookup)},
		{name: "sumdb-lookup-cached-off", env: "GOPROXY=off", set: cached(nil)},
		{name: "sumdb-lookup-lost", env: "GOPROXY=off", set: cached(func(w *world) { w.forgetSumDB() })},
		{name: "sumdb-lookup-lost-go.sum-left", env: "GOPROXY=off", set: cached(func(w *world) { w.forgetSumDB(); w.sumOf(asIs, moduleA) })},
		{name: "sumdb-lookup-lost-mod-line-left", env: "GOPROXY=off", set: cached(func(w *world) { w.forgetSumDB(); w.sumOf(modOnly, moduleA) })},
		{name: "sumdb-lookup-lost-insecure", env: proxy + "\nGOINSECURE=example.com", set: cached(func(w *world) { w.forgetSumDB() })},
		{name: "sumdb-lookup-lost-private", env: "GOPROXY=off\nGONOSUMDB=example.*", set: cached(func(w *world) { w.forgetSumDB() })},
		{name: "sumdb-lookup-spoiled", env: proxy, set: cached(func(w *world) {
			w.inSumDB(func(name string) error { return os.WriteFile(name, []byte("rubbish\n"), 0o644) })
		})},
	}
}

// forgetSumDB removes what the module cache knows of checksum databases.
func (w *world) forgetSumDB() { w.inSumDB(os.Remove) }

// inSumDB does something to every lookup of a checksum database in the module
// cache.
func (w *world) inSumDB(do func(name string) error) {
	w.t.Helper()
	names, err := filepath.Glob(filepath.Join(w.cache, "cache", "download", "sumdb", "*", "lookup", "example.com", "*"))
	if err != nil || len(names) == 0 {
		w.t.Fatalf("lookups in the cache: %v, %v", names, err)
	}
	for _, name := range names {
		if err := do(name); err != nil {
			w.t.Fatal(err)
		}
	}
}

func databaseAddressScripts() []scenario {
	// Proxy A mirrors the database, and B does not; the database has no address
	// of its own.
	mirrored := func(edit func(w *world, db *fakenet.SumDB)) func(*world) {
		return func(w *world) {
			db := w.net.SumDB(fakenet.HTTPS, w.a.Modules)
			w.a.Mirror(db)
			w.env = append(w.env, "GOSUMDB="+db.Verifier())
			if edit != nil {
				edit(w, db)
			}
		}
	}
	supported := func(code int) func(*world) {
		return mirrored(func(w *world, _ *fakenet.SumDB) { w.b.On("sumdb/*/supported", fakenet.Status(code, "says no")) })
	}
	address := func(url func(w *world, db *fakenet.SumDB) string) func(*world) {
		return mirrored(func(w *world, db *fakenet.SumDB) { w.env = append(w.env, "GOSUMDB="+db.Verifier()+" "+url(w, db)) })
	}
	direct := func(edit func(string) string) func(*world) {
		return address(func(_ *world, db *fakenet.SumDB) string { return edit(db.URL()) })
	}
	return []scenario{
		{name: "sumdb-supported-404-at-all", env: "GOPROXY=$B", set: supported(404)},
		{name: "sumdb-supported-410-then-mirror", env: "GOPROXY=$B,$A", set: supported(410)},
		{name: "sumdb-supported-503-alone", env: "GOPROXY=$B", set: supported(503)},
		{name: "sumdb-supported-403-comma", env: "GOPROXY=$B,$A", set: supported(403)},
		{name: "sumdb-supported-404-comma-503", env: "GOPROXY=$A/none,$B", set: mirrored(func(w *world, _ *fakenet.SumDB) {
			w.a.On("none/sumdb/*", fakenet.Status(404, ""))
			w.a.On("none/example.com*", fakenet.Status(404, ""))
			w.b.On("sumdb/*", fakenet.Status(503, ""))
		})},
		{name: "sumdb-supported-503-bar-nobody-bar-mirror", env: "GOPROXY=$B|https://0.0.0.0:1|$A", set: supported(503)},
		{name: "sumdb-supported-503-bar-off", env: "GOPROXY=$B|off", set: supported(503)},
		{name: "sumdb-supported-503-bar-404", env: "GOPROXY=$B|$A/none", set: mirrored(func(w *world, _ *fakenet.SumDB) {
			w.b.On("sumdb/*", fakenet.Status(503, ""))
			w.a.On("none/*", fakenet.Status(404, ""))
		})},
		{name: "sumdb-supported-503-bar", env: "GOPROXY=$B|", set: supported(503)},
		{name: "sumdb-supported-404-bar-off", env: "GOPROXY=$B|off", set: supported(404)},
		{name: "sumdb-supported-204", env: "GOPROXY=$B,$A", set: supported(204)},
		{name: "sumdb-supported-200-by-anything", env: "GOPROXY=$B,$A", set: mirrored(func(w *world, _ *fakenet.SumDB) { w.b.On("sumdb/*", fakenet.HTML) })},
		{name: "sumdb-supported-200-lookup-404", env: "GOPROXY=$B,$A", set: mirrored(func(w *world, _ *fakenet.SumDB) {
			w.b.On("sumdb/*", fakenet.Status(404, "no such module"))
			w.b.On("sumdb/*/supported", fakenet.Status(200, ""))
		})},
		{name: "sumdb-supported-hangup-comma", env: "GOPROXY=$B,$A", set: mirrored(func(w *world, _ *fakenet.SumDB) { w.b.On("sumdb/*", fakenet.Hangup) })},
		{name: "sumdb-supported-hangup-bar", env: "GOPROXY=$B|$A", set: mirrored(func(w *world, _ *fakenet.SumDB) { w.b.On("sumdb/*", fakenet.Hangup) })},
		{name: "sumdb-supported-at-refused-first", env: "GOPROXY=" + nowhere + "|$A", set: mirrored(nil)},
		{name: "sumdb-supported-by-file-proxy", env: "GOPROXY=file://$DIR/tree", set: mirrored(func(w *world, _ *fakenet.SumDB) {
			w.b.WriteTree(filepath.Join(w.dir, "tree"))
		})},
		{name: "sumdb-supported-by-file-proxy-without-lookup", env: "GOPROXY=file://$DIR/tree,$A", set: mirrored(func(w *world, db *fakenet.SumDB) {
			w.b.WriteTree(filepath.Join(w.dir, "tree"))
			w.write("tree/sumdb/"+db.Name()+"/supported", "")
		})},
		{name: "sumdb-mirror-after-module", env: "GOPROXY=$B,$A", set: mirrored(func(w *world, _ *fakenet.SumDB) { w.a.On("example.com*", fakenet.Status(500, "")) })},
		{name: "sumdb-mirror-though-noproxy-none", env: "GOPROXY=$A\nGOPRIVATE=example.org\nGONOPROXY=none", set: mirrored(nil)},
		{name: "sumdb-at-name-that-is-nowhere", env: "GOPROXY=off", set: mirrored(func(w *world, _ *fakenet.SumDB) { w.warm("example.com/a@v1.0.0") })},
		{name: "sumdb-address-on-proxy", env: "GOPROXY=$B", set: address(func(w *world, db *fakenet.SumDB) string { return w.a.URL() + "/sumdb/" + db.Name() })},
		{name: "sumdb-address-without-scheme", env: "GOPROXY=$A", set: direct(func(url string) string { return strings.TrimPrefix(url, "https://") })},
		{name: "sumdb-address-without-scheme-slashes", env: "GOPROXY=$A", set: direct(func(url string) string { return strings.TrimPrefix(url, "https:") })},
		{name: "sumdb-address-trailing-slash", env: "GOPROXY=$A", set: direct(func(url string) string { return url + "/" })},
		{name: "sumdb-address-plain-http-to-https", env: "GOPROXY=$A", set: direct(func(url string) string { return strings.Replace(url, "https:", "http:", 1) })},
		{name: "sumdb-address-wrong-path", env: "GOPROXY=$A", set: direct(func(url string) string { return url + "/none" })},
		{name: "sumdb-address-ftp", env: "GOPROXY=$A", set: direct(func(string) string { return "ftp://sum.example" })},
		{name: "sumdb-address-file-missing", env: "GOPROXY=$A", set: direct(func(string) string { return "file:///no/such/tree" })},
		{name: "sumdb-address-no-url", env: "GOPROXY=$A", set: direct(func(string) string { return "https://[bad" })},
		{name: "sumdb-not-asked-malformed-private", env: "GOPROXY=$A\nGOSUMDB=nonsense\nGONOSUMDB=*"},
	}
}

func goSumScripts() []scenario {
	a, fork := moduleA, moduleFork
	replaced := needsA + "\nreplace example.com/a => example.com/fork v1.0.0\n"
	proxy := "GOPROXY=$A"
	wrongMod := func(mod bool, line string) string {
		if mod {
			return wrong(line)
		}
		return line
	}
	all := []scenario{
		{name: "go.sum-none", env: proxy, args: wholeFile},
		{name: "go.sum-none-goflags-readonly", env: proxy + "\nGOFLAGS=-mod=readonly", args: wholeFile},
		{name: "go.sum-empty", env: proxy, set: func(w *world) { w.write("go.sum", "") }, args: wholeFile},
		{name: "go.sum-h2-only", env: proxy, set: func(w *world) {
			w.sumOf(func(_ bool, l string) string { return strings.Replace(l, " h1:", " h2:", 1) }, a)
		}, args: wholeFile},
		{name: "go.sum-build-list-only", env: proxy, set: func(w *world) { w.sumOf(modOnly, a) }, args: wholeFile},
		{name: "go.sum-of-others-wrong", env: proxy, set: func(w *world) {
			w.sumOf(func(_ bool, l string) string { return wrong(l) }, fork, module.Version{Path: "example.com/a", Version: "v1.1.0"})
		}},
		{name: "go.sum-wrong-whole", env: proxy, set: func(w *world) { w.sumOf(wrongMod, a) }, args: wholeFile},
		{name: "go.sum-wrong-though-private", env: proxy + "\nGONOSUMDB=*", set: func(w *world) { w.sumOf(wrongMod, a) }},
		{name: "go.sum-wrong-though-flags", env: proxy + "\nGOFLAGS=-mod=mod\nGOINSECURE=*", set: func(w *world) { w.sumOf(wrongMod, a) }},
		{name: "go.sum-two-of-one-kind", env: proxy, set: func(w *world) { w.sumOf(func(_ bool, l string) string { return l + l }, a) }},
		{name: "go.sum-blank-lines", env: proxy, set: func(w *world) { w.sumOf(func(_ bool, l string) string { return "\n" + l + "\n\n" }, a) }},
		{name: "go.sum-tabs", env: proxy, set: func(w *world) { w.sumOf(func(_ bool, l string) string { return strings.ReplaceAll(l, " ", "\t") }, a) }},
		{name: "go.sum-four-fields", env: proxy, set: func(w *world) { w.sumOf(func(_ bool, l string) string { return strings.TrimSpace(l) + " more\n" }, a) }},
		{name: "go.sum-conflict-marker", env: proxy, set: func(w *world) { w.sumOf(func(_ bool, l string) string { return "<<<<<<< HEAD\n" + l }, a) }},
		{name: "go.sum-hash-without-algorithm", env: proxy, set: func(w *world) {
			w.sumOf(func(_ bool, l string) string { return strings.Replace(l, " h1:", " ", 1) }, a)
		}},
		{name: "go.sum-is-a-directory", env: proxy, set: func(w *world) { w.write("go.sum/x", "") }},
		{name: "go.sum-replacement-right", env: proxy, gomod: replaced, set: func(w *world) { w.sumOf(asIs, fork) }, args: wholeFile},
		{name: "go.sum-replacement-wrong", env: proxy, gomod: replaced, set: func(w *world) { w.sumOf(wrongMod, fork) }, args: wholeFile},
		{name: "go.sum-replaced-wrong", env: proxy, gomod: replaced, set: func(w *world) { w.sumOf(wrongMod, a) }, args: wholeFile},
		{name: "go.sum-replaced-by-directory-wrong", env: proxy, gomod: needsA + "\nreplace example.com/a => ./sub\n", set: func(w *world) {
			w.write("sub/go.mod", "module example.com/a\n")
			w.sumOf(wrongMod, a)
		}, args: wholeFile},
		{name: "go.sum-of-one-of-two", env: proxy, set: func(w *world) {
			w.a.Add("example.com/a/b", "v0.0.0-empty", "")
			w.write("go.mod", mainMod+"require (\n\texample.com/a v1.0.0\n\texample.com/a/b v0.0.0-empty\n)\n")
			w.sumOf(asIs, module.Version{Path: "example.com/a/b", Version: "v0.0.0-empty"})
		}, args: wholeFile},
		{name: "go.work.sum-right", env: proxy, set: func(w *world) {
			w.write("go.work", "go 1.21\n\nuse .\n")
			w.write("go.work.sum", w.a.Sum("example.com/a", "v1.0.0"))
		}, args: wholeFile},
		{name: "go.work.sum-wrong", env: proxy, set: func(w *world) {
			w.write("go.work", "go 1.21\n\nuse .\n")
			w.write("go.work.sum", wrong("example.com/a v1.0.0/go.mod x"))
		}, args: wholeFile},
		{name: "go.work-sum-of-other-module-wrong", env: proxy, set: func(w *world) {
			w.write("other/go.mod", "module example.org/other\n\ngo 1.21\n")
			w.write("other/go.sum", wrong("example.com/a v1.0.0/go.mod x"))
			w.write("go.work", "go 1.21\n\nuse (\n\t.\n\t./other\n)\n")
		}, args: wholeFile},
	}
	for name, keep := range map[string]func(bool, string) string{"both": asIs, "mod": modOnly} {
		// With a database that fails, what go.sum lacks cannot be verified.
		all = append(all, scenario{name: "go.sum-has-" + name + "-sumdb-500", env: proxy, set: withDatabase(func(w *world, db *fakenet.SumDB) {
			db.On("*", fakenet.Status(500, "broken"))
			w.sumOf(keep, a)
		})})
	}
	return all
}

// patternScripts are patterns that cover example.com/a, or nearly do.
var patternScripts = map[string]string{
	"host": "example.com", "slash": "example.com/", "two-slashes": "example.com//", "path": "example.com/a",
	"any-host": "*/a", "any": "*", "two-stars": "**", "any-below": "example.com/*", "deeper": "example.com/a/b", "any-deeper": "example.com/a/*",
	"capital": "Example.com", "after-blank": "other.example, example.com", "after-comma": "other.example,example.com",
	"scheme": "https://example.com", "port": "example.com:443", "semicolon": "other.example;example.com",
	"bad-then-good": "[,example.com", "bad": "example.[com", "class": "example.[a-d]om", "not-class": "example.[^a-b]om", "question": "exampl?.com",
	"dots": "example.com/...", "top-level": "com", "any-top-level": "*.com", "dot-top-level": ".com", "subdomain": "*.example.com",
	"none": "none", "empty-items": ",,example.com,", "prefix": "exam", "glob-prefix": "exam*", "version": "example.com/a@v1.0.0", "leading-slash": "/example.com",
	"quoted": `"example.com"`, "negated": "*,!example.com",
}

// privateScripts try patterns on a path that a broken checksum database must
// not be asked about, and on proxies that must.
func privateScripts() []scenario {
	var all []scenario
	broken := withDatabase(func(_ *world, db *fakenet.SumDB) { db.On("*", fakenet.Status(500, "broken")) })
	suffixed := func(w *world) { w.a.Add("example.com/a.git", "v1.0.0", "") }
	for name, pattern := range patternScripts {
		all = append(all,
			// What goes direct is refused before anything is sent.
			scenario{name: "noproxy-" + name, env: "GOPROXY=$A\nGOVCS=*:off\nGONOPROXY=" + pattern, gomod: mainMod + "require example.com/a.git v1.0.0\n", mod: "example.com/a.git@v1.0.0", set: suffixed},
			scenario{name: "nosumdb-" + name, env: "GOPROXY=$A\nGONOSUMDB=" + pattern, set: broken},
			// GONOPROXY takes the path back to the proxies, GONOSUMDB follows
			// GOPRIVATE.
			scenario{name: "private-noproxy-none-" + name, env: "GOPROXY=$A\nGOPRIVATE=" + pattern + "\nGONOPROXY=none", set: broken},
		)
	}
	for name, env := range map[string]string{
		"noproxy-of-another":            "GONOPROXY=*/fortune",
		"noproxy-none":                  "GOPRIVATE=example.com\nGONOPROXY=none",
		"noproxy-off":                   "GOPRIVATE=example.com\nGONOPROXY=off",
		"noproxy-direct":                "GOPRIVATE=example.com\nGONOPROXY=direct",
		"noproxy-deeper":                "GONOPROXY=example.com/a/b",
		"noproxy-capital":               "GONOPROXY=Example.com",
		"noproxy-scheme":                "GONOPROXY=https://example.com",
		"noproxy-after-blank":           "GONOPROXY=other.example, example.com",
		"noproxy-bad":                   "GONOPROXY=example.[com",
		"noproxy-dots":                  "GONOPROXY=example.com/...",
		"nosumdb-does-not-spare-proxy":  "GONOSUMDB=example.com",
		"insecure-does-not-spare-proxy": "GOINSECURE=example.com",
		"vcs-does-not-matter":           "GOVCS=nonsense",
		"nosumdb-replaces-private":      "GOPRIVATE=example.com\nGONOPROXY=none\nGONOSUMDB=other.example",
	} {
		all = append(all,
			scenario{name: "private-proxied-" + name, env: "GOPROXY=$A\n" + env, set: withDatabase(nil)},
			scenario{name: "private-proxied-missing-" + name, env: "GOPROXY=$A\n" + env, set: func(w *world) { withDatabase(nil)(w); missing(w) }},
		)
	}
	return append(all,
		scenario{name: "nosumdb-replaces-private", env: "GOPROXY=$A\nGOPRIVATE=example.com\nGONOPROXY=none\nGONOSUMDB=other.example", set: broken},
		scenario{name: "private-noproxy-blank", env: "GOPROXY=$A\nGOPRIVATE=example.com", set: func(w *world) { broken(w); w.env = append(w.env, "GONOPROXY= ") }},
		scenario{name: "private-nosumdb-blank", env: "GOPROXY=$A\nGOPRIVATE=example.com\nGONOPROXY=none", set: func(w *world) { broken(w); w.env = append(w.env, "GONOSUMDB= ") }},
		scenario{name: "private-empty-list", env: "GOPROXY=,\nGOPRIVATE=other.example"},
		scenario{name: "private-off-for-others", env: "GOPROXY=off\nGONOPROXY=*/fortune"},
		scenario{name: "private-cached", env: "GOPROXY=off\nGOPRIVATE=*", set: func(w *world) { broken(w); w.warm("example.com/a@v1.0.0") }},
		scenario{name: "private-replacement-counts", env: "GOPROXY=$A\nGONOSUMDB=example.com/fork", gomod: needsA + "\nreplace example.com/a => example.com/fork v1.0.0\n", set: broken, args: wholeFile},
		scenario{name: "private-replaced-does-not-count", env: "GOPROXY=$A\nGONOSUMDB=example.com/a", gomod: needsA + "\nreplace example.com/a => example.com/fork v1.0.0\n", set: broken, args: wholeFile},
	)
}

func replaceScripts() []scenario {
	dead := "GOPROXY=" + nowhere
	sub := func(text string) func(*world) { return func(w *world) { w.write("sub/go.mod", text) } }
	with := func(directives string) string { return needsA + "\n" + directives }
	return []scenario{
		{name: "replace-dir-of-another-path", env: dead, gomod: with("replace example.com/a => ./sub\n"), set: sub("module example.com/not-a\n"), args: wholeFile},
		{name: "replace-dir-with-unknown-directive", env: dead, gomod: with("replace example.com/a => ./sub\n"), set: sub("module sub\nhello world\n"), args: wholeFile},
		{name: "replace-dir-with-empty-go.mod", env: dead, gomod: with("replace example.com/a => ./sub\n"), set: sub(""), args: wholeFile},
		{name: "replace-dir-is-a-file", env: dead, gomod: with("replace example.com/a => ./sub\n"), set: func(w *world) { w.write("sub", "") }, args: wholeFile},
		{name: "replace-dir-absolute-missing", env: dead, gomod: with("replace example.com/a => /no/such/dir\n"), args: wholeFile},
		{name: "replace-dir-above", env: dead, gomod: with("replace example.com/a => ../sub\n"), args: wholeFile},
		{name: "replace-dir-itself", env: dead, gomod: with("replace example.com/a => ./\n"), args: wholeFile},
		{name: "replace-dir-json", env: dead, gomod: with("replace example.com/a => ./sub\n"), set: sub("module example.com/a\n"), args: []string{"mod", "download", "-json", "all"}},
		{name: "replace-dir-of-unpublished", env: dead, gomod: mainMod + "require example.com/new/v3 v3.1.0\n\nreplace example.com/new/v3 v3.1.0 => ./sub\n", set: sub("module example.com/new/v3\n"), args: wholeFile},
		{name: "replace-dir-other-version-unpublished", env: "GOPROXY=$A", gomod: mainMod + "require example.com/new/v3 v3.1.0\n\nreplace example.com/new/v3 v3.0.0 => ./sub\n", set: sub("module example.com/new/v3\n"), args: wholeFile},
		{name: "replace-dir-lists-beat-nothing", env: "GOPROXY=ftp://x.example", gomod: with("replace example.com/a => ./sub\n"), set: sub("module example.com/a\n"), args: wholeFile},
		{name: "replace-module-other-version", env: "GOPROXY=$A", gomod: mainMod + "require example.com/a v1.9.9\n\nreplace example.com/a v1.9.9 => example.com/a v1.0.0\n", args: wholeFile},
		{name: "replace-module-without-go.mod", env: "GOPROXY=$A", gomod: with("replace example.com/a => example.com/fork v1.1.0\n"), set: func(w *world) {
			w.a.AddFiles("example.com/fork", "v1.1.0", map[string]string{"p.go": "package p\n"})
		}, args: wholeFile},
		{name: "replace-module-that-declares-original", env: "GOPROXY=$A", gomod: with("replace example.com/a => example.com/fork v1.1.0\n"), set: func(w *world) {
			w.a.Add("example.com/fork", "v1.1.0", "module example.com/a\n")
		}, args: wholeFile},
		{name: "replace-module-that-declares-third", env: "GOPROXY=$A", gomod: with("replace example.com/a => example.com/fork v1.1.0\n"), set: func(w *world) {
			w.a.Add("example.com/fork", "v1.1.0", "module example.com/third\n")
		}, args: wholeFile},
		{name: "replace-by-what-is-required-too", env: "GOPROXY=$A", gomod: mainMod + "require (\n\texample.com/a v1.0.0\n\texample.com/fork v1.0.0\n)\n\nreplace example.com/a => example.com/fork v1.0.0\n", args: wholeFile},
		{name: "replace-module-403", env: "GOPROXY=$A,$B", gomod: with("replace example.com/a => example.com/fork v1.0.0\n"), set: func(w *world) {
			w.a.On("example.com/fork*", fakenet.Status(403, "no"))
		}, args: wholeFile},
		{name: "replace-module-original-403", env: "GOPROXY=$A,$B", gomod: with("replace example.com/a => example.com/fork v1.0.0\n"), set: func(w *world) {
			w.a.On("example.com/a@*", fakenet.Status(403, "no"))
		}, args: wholeFile},
		{name: "replace-module-wrong-major", env: "GOPROXY=$A", gomod: with("replace example.com/a => example.com/fork v2.0.0\n"), args: wholeFile},
		{name: "replace-module-not-canonical", env: "GOPROXY=$A", gomod: with("replace example.com/a => example.com/fork main\n"), set: func(w *world) {
			w.a.Alias("example.com/fork", "main", "v1.0.0")
		}, args: wholeFile},
		{name: "replace-module-without-version", env: "GOPROXY=$A", gomod: with("replace example.com/a => example.com/fork\n"), args: wholeFile},
		{name: "replace-dir-with-version", env: "GOPROXY=$A", gomod: with("replace example.com/a => ./sub v1.0.0\n"), args: wholeFile},
		{name: "replace-twice-the-same", env: "GOPROXY=$A", gomod: with("replace example.com/a => example.com/fork v1.0.0\nreplace example.com/a => example.com/fork v1.0.0\n"), args: wholeFile},
		{name: "replace-twice-differently", env: "GOPROXY=$A", gomod: with("replace example.com/a => example.com/fork v1.0.0\nreplace example.com/a => ./sub\n"), set: sub("module example.com/a\n"), args: wholeFile},
		{name: "replace-what-is-not-required", env: "GOPROXY=$A", gomod: with("replace example.com/none => ./none\n"), args: wholeFile},
		{name: "replace-and-exclude", env: "GOPROXY=$A", gomod: with("replace example.com/a => ./none\nexclude example.com/a v1.0.0\n"), args: []string{"mod", "download", "all"}},
		{name: "replace-and-vendor", env: dead, gomod: with("replace example.com/a => ./sub\n"), set: func(w *world) {
			sub("module example.com/a\n")(w)
			w.write("vendor/modules.txt", "# example.com/a v1.0.0 => ./sub\n## explicit\nexample.com/a\n# example.com/a => ./sub\n")
			w.write("vendor/example.com/a/p.go", "package p\n")
		}, args: wholeFile},
	}
}

func workScripts() []scenario {
	dead := "GOPROXY=" + nowhere
	work := func(text string, files ...string) func(*world) {
		return func(w *world) {
			w.write("go.work", "go 1.21\n\n"+text)
			for i := 0; i+1 < len(files); i += 2 {
				w.write(files[i], files[i+1])
			}
		}
	}
	const aMod = "module example.com/a\n\ngo 1.21\n"
	return []scenario{
		{
			name: "work-replace-all-beats-version", env: dead, gomod: needsA + "\nreplace example.com/a v1.0.0 => ./none\n",
			set: work("use .\n\nreplace example.com/a => ./sub\n", "sub/go.mod", aMod), args: wholeFile,
		},
		{
			name: "work-replace-conflict", env: "GOPROXY=$A", gomod: needsA + "\nreplace example.com/a v1.0.0 => ./one\n",
			set: work("use (\n\t.\n\t./other\n)\n", "one/go.mod", aMod, "two/go.mod", aMod,
				"other/go.mod", "module example.org/other\n\ngo 1.21\n\nrequire example.com/a v1.0.0\n\nreplace example.com/a v1.0.0 => ../two\n"), args: wholeFile,
		},
		{
			name: "work-replace-conflict-resolved", env: dead, gomod: needsA + "\nreplace example.com/a v1.0.0 => ./one\n",
			set: work("use (\n\t.\n\t./other\n)\n\nreplace example.com/a v1.0.0 => ./one\n", "one/go.mod", aMod, "two/go.mod", aMod,
				"other/go.mod", "module example.org/other\n\ngo 1.21\n\nrequire example.com/a v1.0.0\n\nreplace example.com/a v1.0.0 => ../two\n"), args: wholeFile,
		},
		{
			name: "work-replace-of-other-module", env: dead, gomod: needsA,
			set: work("use (\n\t.\n\t./other\n)\n", "one/go.mod", aMod,
				"other/go.mod", "module example.org/other\n\ngo 1.21\n\nreplace example.com/a => ../one\n"), args: wholeFile,
		},
		{name: "work-replace-missing", env: "GOPROXY=$A", gomod: needsA, set: work("use .\n\nreplace example.com/a => ./none\n"), args: wholeFile},
		{
			name: "work-off-for-others-module", env: "GOPROXY=off", gomod: needsA,
			set: func(w *world) {
				w.warm("example.com/a@v1.1.0")
				work("use (\n\t.\n\t./other\n)\n", "other/go.mod", "module example.org/other\n\ngo 1.21\n\nrequire example.com/a v1.1.0\n")(w)
			}, args: []string{"list", "-m", "all"},
		},
		{name: "work-does-not-use-this", env: "GOPROXY=$A\nGOWORK=off", gomod: needsA, set: work("use ./other\n", "other/go.mod", "module example.org/other\n")},
		{name: "work-use-published", env: "GOPROXY=$A", gomod: needsA, set: work("use (\n\t.\n\t./sub\n)\n", "sub/go.mod", aMod), args: wholeFile},
		{
			name: "work-excluded-by-other-module", env: "GOPROXY=$A", gomod: needsA,
			set: work("use (\n\t.\n\t./other\n)\n", "other/go.mod", "module example.org/other\n\ngo 1.21\n\nexclude example.com/a v1.0.0\n"), args: wholeFile,
		},
		{name: "work-named", env: dead + "\nGOWORK=$DIR/team.work", gomod: needsA, set: func(w *world) {
			w.write("sub/go.mod", aMod)
			w.write("team.work", "go 1.21\n\nuse .\n\nreplace example.com/a => ./sub\n")
		}, args: wholeFile},
	}
}

func vendorScripts() []scenario {
	dead := "GOPROXY=" + nowhere
	const good = "# example.com/a v1.0.0\n## explicit; go 1.20\nexample.com/a\n"
	vendored := func(modules string) func(*world) {
		return func(w *world) {
			w.write("vendor/modules.txt", modules)
			w.write("vendor/example.com/a/p.go", "package p\n")
			w.write("main.go", "package main\n\nimport _ \"example.com/a\"\n\nfunc main() {}\n")
		}
	}
	deps := []string{"list", "-deps", "."}
	goLine := func(v string) string {
		return "module example.org/main\n\n" + v + "require example.com/a v1.0.0\n"
	}
	return []scenario{
		{name: "vendor-go-1.14", env: dead, gomod: goLine("go 1.14\n\n"), set: vendored("# example.com/a v1.0.0\n## explicit\nexample.com/a\n"), args: deps},
		{name: "vendor-go-1.13", env: dead + "\nGOFLAGS=-mod=mod", gomod: goLine("go 1.13\n\n"), set: vendored(good), args: deps},
		{name: "vendor-asked-for-go-1.13", env: dead + "\nGOFLAGS=-mod=vendor", gomod: goLine("go 1.13\n\n"), set: vendored(good), args: deps},
		{name: "vendor-asked-for", env: dead + "\nGOFLAGS=-mod=vendor", gomod: needsA, set: vendored(good), args: deps},
		{name: "vendor-asked-for-download", env: "GOPROXY=$A\nGOFLAGS=-mod=vendor", gomod: needsA, set: vendored("# example.com/b v1.0.0\n"), args: wholeFile},
		{name: "vendor-inconsistent-download", env: "GOPROXY=$A", gomod: needsA, set: vendored("# example.com/a v1.0.0\nexample.com/a\n"), args: wholeFile},
		{name: "vendor-inconsistent-download-dead", env: dead, gomod: needsA, set: vendored("# example.com/a v1.9.0\n## explicit\nexample.com/a\n")},
		{name: "vendor-without-list-download", env: "GOPROXY=$A", gomod: needsA, set: func(w *world) { w.write("vendor/x.txt", "") }, args: wholeFile},
		{name: "vendor-workspace", env: dead, gomod: needsA, set: func(w *world) {
			vendored("## workspace\n" + good)(w)
			w.write("go.work", "go 1.22\n\nuse .\n")
		}, args: deps},
		{name: "vendor-workspace-not-annotated-download", env: "GOPROXY=$A", gomod: needsA, set: func(w *world) {
			vendored(good)(w)
			w.write("go.work", "go 1.22\n\nuse .\n")
		}, args: wholeFile},
		{
			name: "vendor-replaced", env: dead, gomod: needsA + "\nreplace example.com/a => example.com/fork v1.0.0\n",
			set: vendored("# example.com/a v1.0.0 => example.com/fork v1.0.0\n## explicit\nexample.com/a\n# example.com/a => example.com/fork v1.0.0\n"), args: deps,
		},
	}
}

func modCacheScripts() []scenario {
	warm := func(edit func(w *world)) func(*world) {
		return func(w *world) {
			w.warm("example.com/a@v1.0.0")
			edit(w)
		}
	}
	file := func(suffix, text string) func(*world) { return func(w *world) { w.spoil(suffix, text) } }
	extractedLost := func(w *world) {
		dir := filepath.Join(w.cache, "example.com", "a@v1.0.0")
		// The go command makes what it extracts read-only.
		err := os.Chmod(dir, 0o755)
		if err == nil {
			err = os.RemoveAll(dir)
		}
		if err != nil {
			w.t.Fatal(err)
		}
	}
	both := func(fs ...func(*world)) func(*world) {
		return func(w *world) {
			for _, f := range fs {
				f(w)
			}
		}
	}
	off := "GOPROXY=off"
	return []scenario{
		{name: "cache-partial", env: off, set: warm(file("v1.0.0.partial", ""))},
		{name: "cache-extracted-lost", env: off, set: warm(extractedLost)},
		{name: "cache-extracted-lost-zip-empty", env: off, set: warm(both(extractedLost, file("v1.0.0.zip", "")))},
		{name: "cache-extracted-lost-zip-empty-proxy", env: "GOPROXY=$A", set: warm(both(extractedLost, file("v1.0.0.zip", "")))},
		{name: "cache-zip-empty", env: off, set: warm(file("v1.0.0.zip", ""))},
		{name: "cache-partial-zip-empty", env: off, set: warm(both(file("v1.0.0.partial", ""), file("v1.0.0.zip", "")))},
		{name: "cache-ziphash-empty", env: off, set: warm(file("v1.0.0.ziphash", ""))},
		{name: "cache-ziphash-wrong", env: off, set: warm(file("v1.0.0.ziphash", wrongHash))},
		{name: "cache-ziphash-wrong-go.sum", env: off, set: warm(both(file("v1.0.0.ziphash", wrongHash), func(w *world) { w.sumOf(asIs, moduleA) }))},
		{name: "cache-mod-changed", env: off, set: warm(file("v1.0.0.mod", "module example.com/a\n\n// changed\n"))},
		{name: "cache-mod-changed-go.sum", env: off, set: warm(both(file("v1.0.0.mod", "module example.com/a\n\n// changed\n"), func(w *world) { w.sumOf(asIs, moduleA) }))},
		{name: "cache-info-lost-proxy-has-it", env: "GOPROXY=$A", set: warm(func(w *world) { w.forget("v1.0.0.info"); w.a.On("*.zip", fakenet.Status(500, "")) })},
		{name: "cache-mod-lost-proxy-lacks-it", env: "GOPROXY=$A", set: warm(func(w *world) { w.forget("v1.0.0.mod"); missing(w) })},
		{name: "cache-writable", env: off + "\nGOFLAGS=-modcacherw", set: warm(extractedLost)},
		{name: "cache-list-lost", env: off, set: warm(func(w *world) { w.forget("list") })},
		{name: "cache-of-another-go-path", env: off + "\nGOPATH=$DIR/gopath", set: warm(func(*world) {})},
		{name: "gomodcache-tilde", env: "GOPROXY=$A\nGOMODCACHE=~/test"},
		{name: "gomodcache-dot", env: "GOPROXY=$A\nGOMODCACHE=./test"},
		{name: "gomodcache-missing-yet", env: "GOPROXY=$A\nGOMODCACHE=$DIR/new/cache"},
		{name: "gomodcache-is-a-file", env: "GOPROXY=$A\nGOMODCACHE=$DIR/file", set: func(w *world) { w.write("file", "") }},
		{name: "gomodcache-below-a-file", env: "GOPROXY=$A\nGOMODCACHE=$DIR/file/cache", set: func(w *world) { w.write("file", "") }},
		{name: "gomodcache-from-gopath", env: "GOPROXY=$A\nGOMODCACHE=\nGOPATH=$DIR/one:$DIR/two"},
		{name: "gomodcache-from-first-gopath-empty", env: "GOPROXY=$A\nGOMODCACHE=\nGOPATH=:$DIR/two"},
		{name: "gomodcache-from-home", env: "GOPROXY=$A\nGOMODCACHE=\nGOPATH="},
		{name: "gomodcache-nowhere", env: "GOPROXY=$A\nGOMODCACHE=\nGOPATH=\nHOME="},
		{name: "gopath-tilde", env: "GOPROXY=$A\nGOPATH=~/go"},
		{name: "gopath-relative", env: "GOPROXY=$A\nGOPATH=go"},
	}
}

func goEnvScripts() []scenario {
	file := func(name, text string) func(*world) {
		return func(w *world) {
			full := filepath.Join(w.home, filepath.FromSlash(name))
			err := os.MkdirAll(filepath.Dir(full), 0o755)
			if err == nil {
				err = os.WriteFile(full, []byte(w.fill(text)), 0o644)
			}
			if err != nil {
				w.t.Fatal(err)
			}
		}
	}
	home := func(setting string, set func(*world)) func(*world) {
		return func(w *world) {
			w.env = append(w.env, strings.ReplaceAll(setting, "$HOME", w.home))
			set(w)
		}
	}
	flags := func(name, flags string) scenario {
		return scenario{name: "goflags-" + name, env: "GOPROXY=$A\nGOFLAGS=" + flags}
	}
	return []scenario{
		{name: "goenv-off", env: "GOPROXY=$A\nGOFLAGS=", set: home("GOENV=off", file("env", "GOFLAGS=-nonsense\n"))},
		{name: "goenv-elsewhere", env: "GOPROXY=", set: home("GOENV=$HOME/work/env", file("work/env", "GOPROXY=$A\n"))},
		{name: "goenv-missing", env: "GOPROXY=$A\nGOFLAGS=", set: home("GOENV=$HOME/none", file("env", "GOFLAGS=-nonsense\n"))},
		{name: "goenv-is-a-directory", env: "GOPROXY=$A", set: home("GOENV=$HOME/dir", file("dir/x", ""))},
		{name: "goenv-default-place", env: "GOPROXY=", set: home("GOENV=", file(".config/go/env", "GOPROXY=$A\n"))},
		{name: "goenv-xdg", env: "GOPROXY=", set: home("GOENV=\nXDG_CONFIG_HOME=$HOME/xdg", file("xdg/go/env", "GOPROXY=$A\n"))},
		{name: "goenv-gosumdb-off", env: "GOPROXY=$A\nGOSUMDB=", set: file("env", "GOSUMDB=off\n")},
		{name: "goenv-gosumdb-nonsense", env: "GOPROXY=$A\nGOSUMDB=", set: file("env", "GOSUMDB=nonsense\n")},
		{name: "goenv-private", env: "GOPROXY=$A\nGOSUMDB=nonsense", set: file("env", "GONOSUMDB=example.com\n")},
		{name: "goenv-private-noproxy-none", env: "GOPROXY=$A\nGOSUMDB=nonsense", set: file("env", "GOPRIVATE=example.com\nGONOPROXY=none\n")},
		{name: "goenv-goflags-bad", env: "GOPROXY=$A\nGOFLAGS=", set: file("env", "GOFLAGS=-nonsense\n")},
		{name: "goenv-goflags-overruled", env: "GOPROXY=$A\nGOFLAGS=-mod=mod", set: file("env", "GOFLAGS=-nonsense\n")},
		{name: "goenv-gowork-off", env: "GOPROXY=$A", set: func(w *world) {
			file("env", "GOWORK=off\n")(w)
			w.write("go.work", "go 1.21\n\nuse ./none\n")
		}},
		{name: "goenv-module-off", env: "GOPROXY=$A\nGO111MODULE=", set: file("env", "GO111MODULE=off\n")},
		{name: "goenv-gomodcache-relative", env: "GOPROXY=$A\nGOMODCACHE=", set: file("env", "GOMODCACHE=relative\n")},
		{name: "goenv-https-proxy-is-not-read", env: "GOPROXY=$A", set: file("env", "HTTP_PROXY="+nowhere+"\nHTTPS_PROXY="+nowhere+"\n")},
		{name: "goenv-godebug-is-not-read", env: "GOPROXY=$A", set: file("env", "GODEBUG=cmdgonetlimit=0\n")},
		{name: "goenv-export-is-not-read", env: "GOPROXY=$A", set: file("env", "export GOSUMDB=nonsense\n# GOSUMDB=nonsense\nGOSUMDB\n=x\n")},
		{name: "goenv-goos-bad", env: "GOPROXY=$A", set: file("env", "GOOS=bados\nGOARCH=badarch\n")},
		{name: "goenv-goexperiment-bad", env: "GOPROXY=$A", set: file("env", "GOEXPERIMENT=badexp\n")},
		{name: "goenv-nul", env: "GOPROXY=$A", set: file("env", "GOFLAGS=\x00\n")},
		{name: "goenv-without-newline", env: "GOPROXY=", set: file("env", "GOPROXY=$A")},
		flags("mod-mod", "-mod=mod"), flags("mod-vendor", "-mod=vendor"), flags("mod-readonly", "-mod=readonly"), flags("mod-nonsense", "-mod=nonsense"),
		flags("insecure", "-insecure"), flags("x", "-x"), flags("several", "-mod=mod -modcacherw -x"), flags("quoted", `'-ldflags=-X main.a=b c' -mod=mod`),
		flags("quote-open", `'-mod=mod`), flags("two-dashes", "--mod=mod"), flags("bare-dash", "-"), flags("assign-only", "=true"), flags("of-another-command", "-count=1 -race"),
		flags("no-such-flag", "-modcache"), flags("bool-with-value", "-modcacherw=perhaps"), flags("bool-false", "-modcacherw=false"),
		flags("x-with-value", "-x=perhaps"),
		flags("modfile-bad-name", "-modfile=$DIR/none.txt"), flags("modfile-without-value", "-modfile"), flags("modfile-empty", "-modfile="),
	}
}
