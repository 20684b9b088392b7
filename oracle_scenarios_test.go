package main

import (
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/modreach/modreach/internal/fakenet"
)

// scenarios lists them all: every fault of a proxy at every artefact, with and
// without a way round it, and then the shapes of lists, versions, caches and
// directives.
func scenarios() []scenario {
	all := faultScenarios()
	all = append(all, wholeProxyScenarios()...)
	all = append(all, listScenarios()...)
	all = append(all, versionScenarios()...)
	all = append(all, cacheScenarios()...)
	all = append(all, sumScenarios()...)
	all = append(all, directiveScenarios()...)
	all = append(all, authScenarios()...)
	all = append(all, databaseScenarios()...)
	all = append(all, directScenarios()...)
	all = append(all, settingScenarios()...)
	all = append(all, toolchainScenarios()...)
	all = append(all, asideScenarios()...)
	all = append(all, discoverScenarios()...)
	all = append(all, modfileScenarios()...)
	all = append(all, codeScenarios()...)
	all = append(all, guardScenarios()...)
	all = append(all, settledScenarios()...)
	return append(all, scriptScenarios()...)
}

func faultScenarios() []scenario {
	var all []scenario
	faults := faultsOf()
	for _, name := range slices.Sorted(maps.Keys(faults)) {
		for _, artefact := range []string{".info", ".mod", ".zip"} {
			for sep, word := range map[string]string{",": "comma", "|": "bar"} {
				if skipProduct(name, artefact, word) {
					continue
				}
				s := scenario{
					name: strings.Join([]string{"fault", name, strings.TrimPrefix(artefact, "."), word}, "-"),
					env:  "GOPROXY=$A" + sep + "$B",
					set:  func(w *world) { w.a.On("*"+artefact, faultsOf()[name]) },
				}
				// Over plain http the answers in turn would be dealt out to
				// two programs.
				if !strings.HasSuffix(name, "-then-ok") {
					all = append(all, s)
				}
				if name == "404" || name == "410" || name == "403" || name == "500" || name == "404-then-ok" || name == "429-then-ok" || name == "reset" {
					s.name += "-https"
					s.https = true
					all = append(all, s)
				}
			}
		}
	}
	return all
}

// skipProduct leaves out repetitions: status codes that are alike are tried at
// the first artefact only.
func skipProduct(fault, artefact, sep string) bool {
	alike := []string{"201", "203", "206", "300", "304", "400", "402", "405", "407", "408", "409", "418", "451", "501", "502", "504", "511"}
	return slices.Contains(alike, fault) && (artefact != ".info" || sep == "bar" && fault != "502")
}

func wholeProxyScenarios() []scenario {
	var all []scenario
	for sep, word := range map[string]string{",": "comma", "|": "bar"} {
		add := func(name string, s scenario) {
			s.name = "host-" + name + "-" + word
			if s.env == "" {
				s.env = "GOPROXY=$A" + sep + "$B"
			}
			all = append(all, s)
		}
		first := func(url func(*world) string) scenario {
			return scenario{env: "GOPROXY=$FIRST" + sep + "$B", set: func(w *world) { w.env = append(w.env, "GOPROXY="+url(w)+sep+w.b.URL()) }}
		}
		refused := first(func(w *world) string { return "http://" + w.net.Refused() })
		refused.env = " "
		add("refused", refused)
		unreachable := first(func(w *world) string { return "http://" + w.net.Unreachable() })
		unreachable.env = " "
		add("unreachable", unreachable)
		unknown := first(func(*world) string { return "http://no-such-host.invalid" })
		unknown.env = " "
		add("no-such-host", unknown)
		for name, trait := range map[string]fakenet.Trait{
			"expired": fakenet.Expired, "not-yet-valid": fakenet.NotYetValid, "wrong-name": fakenet.WrongName,
			"unknown-ca": fakenet.UnknownCA, "no-ip-san": fakenet.NoIPSAN, "tls11": fakenet.TLS11, "http-on-https": fakenet.Misspoken,
		} {
			add(name, scenario{https: true, trait: trait})
		}
		add("tls-on-http", scenario{trait: fakenet.Misspoken})
		add("http1", scenario{https: true, trait: fakenet.HTTP1})
		add("userinfo-http", scenario{env: " ", set: func(w *world) {
			w.env = append(w.env, "GOPROXY="+strings.Replace(w.a.URL(), "http://", "http://user:secret@", 1)+sep+w.b.URL())
		}})
		add("userinfo-https", scenario{https: true, env: " ", set: func(w *world) {
			w.env = append(w.env, "GOPROXY="+strings.Replace(w.a.URL(), "https://", "https://user:secret@", 1)+sep+w.b.URL())
		}})
		add("insecure-redirect", scenario{https: true, set: func(w *world) { w.a.On("*", fakenet.RedirectToInsecure) }})
		add("redirect-to-other", scenario{set: func(w *world) { w.a.On("*", fakenet.RedirectTo(w.b.URL())) }})
		add("redirect-to-refused", scenario{set: func(w *world) { w.a.On("*", fakenet.RedirectTo("http://"+w.net.Refused())) }})
		add("captive", scenario{env: " ", set: func(w *world) {
			w.env = append(w.env, "GOPROXY="+w.net.Captive(fakenet.PortalRedirect, fakenet.HTTP).URL()+sep+w.b.URL())
		}})
	}
	return all
}

func listScenarios() []scenario {
	miss := func(w *world) { w.a.On("*", fakenet.Status(http.StatusNotFound, "not here")) }
	fail := func(w *world) { w.a.On("*", fakenet.Status(http.StatusInternalServerError, "broken")) }
	failBoth := func(w *world) { fail(w); w.b.On("*", fakenet.Status(http.StatusServiceUnavailable, "busy")) }
	named := []struct {
		name, list string
		set        func(*world)
	}{
		{"one", "$A", nil},
		{"trailing-slash", "$A/", nil},
		{"trailing-slashes", "$A//", nil},
		{"fragment", "$A/#f", nil},
		{"query", "$A?x=y", nil},
		{"spaces", " $A , $B ", miss},
		{"empty-entries", ",,$A,,$B,", miss},
		{"comma-counts", "$A,|$B", fail},
		{"bar-counts", "$A|,$B", fail},
		{"only-comma", ",", nil},
		{"only-bar", "|", nil},
		{"blank", " ", nil},
		{"off", "off", nil},
		{"off-first", "off,$A", nil},
		{"off-then-nonsense", "off,ftp://x", nil},
		{"miss-then-off", "$A,off", miss},
		{"fail-then-off", "$A,off", fail},
		{"fail-bar-off", "$A|off", fail},
		{"upper-off", "OFF", nil},
		{"upper-direct", "Direct", nil},
		{"none", "none", nil},
		{"noproxy", "noproxy", nil},
		{"localhost-word", "localhost", nil},
		{"absolute-dir", "/some/dir", nil},
		{"ftp", "ftp://x.example", nil},
		{"bad-last-entry", "$A,ftp://x.example", nil},
		{"windows-path", "C:/proxy", nil},
		{"semicolon", "$A;$B", nil},
		{"quoted", `"$A"`, nil},
		{"file-host", "file://host/x", nil},
		{"file-one-slash", "file:/some/dir", nil},
		{"file-query", "file:///some/dir?x=y", nil},
		{"both-miss", "$A,$B", func(w *world) { miss(w); w.b.On("*", fakenet.Status(http.StatusGone, "gone")) }},
		{"fail-bar-miss", "$A|$B", func(w *world) { fail(w); w.b.On("*", fakenet.Status(http.StatusNotFound, "no")) }},
		{"fail-bar-fail", "$A|$B", failBoth},
		{"miss-then-fail", "$A,$B", func(w *world) { miss(w); w.b.On("*", fakenet.Status(http.StatusBadGateway, "no")) }},
		{"same-twice", "$A,$A", miss},
		{"mod-elsewhere", "$A,$B", func(w *world) { w.b.On("*.mod", fakenet.Status(http.StatusNotFound, "")); miss(w) }},
		{"each-has-one", "$A,$B", func(w *world) {
			w.a.On("*.info", fakenet.Status(http.StatusNotFound, ""))
			w.a.On("*.zip", fakenet.Status(http.StatusGone, ""))
			w.b.On("*.mod", fakenet.Status(http.StatusNotFound, ""))
		}},
	}
	var all []scenario
	for _, l := range named {
		all = append(all, scenario{name: "list-" + l.name, env: "GOPROXY=" + l.list, set: l.set})
	}
	tree := func(change func(dir string) error) func(*world) {
		return func(w *world) {
			dir := filepath.Join(w.dir, "tree")
			w.b.WriteTree(dir)
			if change != nil {
				if err := change(dir); err != nil {
					w.t.Fatal(err)
				}
			}
		}
	}
	at := func(name string) string { return "example.com/a/@v/" + name }
	return append(all,
		scenario{name: "file-proxy", env: "GOPROXY=file://$DIR/tree", set: tree(nil)},
		scenario{name: "file-proxy-missing", env: "GOPROXY=file://$DIR/none"},
		scenario{name: "file-proxy-missing-then-http", env: "GOPROXY=file://$DIR/none,$B"},
		scenario{name: "file-proxy-without-zip", env: "GOPROXY=file://$DIR/tree", set: tree(func(dir string) error { return os.Remove(filepath.Join(dir, at("v1.0.0.zip"))) })},
		scenario{name: "file-proxy-bad-info", env: "GOPROXY=file://$DIR/tree,$B", set: tree(func(dir string) error {
			return os.WriteFile(filepath.Join(dir, at("v1.0.0.info")), []byte("{"), 0o644)
		})},
		scenario{name: "file-proxy-directory-for-file", env: "GOPROXY=file://$DIR/tree,$B", set: tree(func(dir string) error {
			name := filepath.Join(dir, at("v1.0.0.mod"))
			if err := os.Remove(name); err != nil {
				return err
			}
			return os.Mkdir(name, 0o755)
		})},
		scenario{name: "http-then-file-proxy", env: "GOPROXY=$A,file://$DIR/tree", set: func(w *world) { miss(w); tree(nil)(w) }},
	)
}

func versionScenarios() []scenario {
	require := func(mod, version string) string {
		return "module example.org/main\n\ngo 1.21\n\nrequire " + mod + " " + version + "\n"
	}
	var all []scenario
	for name, mv := range map[string][2]string{
		"missing-version":      {"example.com/a", "v1.9.9"},
		"missing-module":       {"example.com/none", "v1.0.0"},
		"capitals":             {"example.com/Up/Case", "v1.0.0-RC1"},
		"wrong-capitals":       {"example.com/up/case", "v1.0.0-RC1"},
		"pseudo-missing":       {"example.com/a", "v0.0.0-20260102030405-0123456789ab"},
		"no-dot":               {"foo", "v1.0.0"},
		"major-mismatch":       {"example.com/a", "v2.0.0"},
		"major-mismatch-v2":    {"example.com/a/v2", "v1.0.0"},
		"incompatible":         {"example.com/a", "v2.0.0+incompatible"},
		"incompatible-v1":      {"example.com/a", "v1.0.0+incompatible"},
		"port-in-path":         {"example.com:80/a", "v1.0.0"},
		"trailing-dot-element": {"example.com/a.", "v1.0.0"},
		"v1-suffix":            {"example.com/a/v1", "v1.0.0"},
		"gopkg-without-v":      {"gopkg.in/yaml", "v1.0.0"},
		"branch":               {"example.com/a", "main"},
		"branch-unknown":       {"example.com/a", "nothing"},
	} {
		all = append(all, scenario{
			name: "version-" + name, env: "GOPROXY=$A,$B", gomod: require(mv[0], mv[1]), mod: mv[0] + "@" + mv[1],
			set: func(w *world) { w.a.Alias("example.com/a", "main", "v1.1.0") },
		})
	}
	for _, query := range []string{"v1", "v1.0", "latest", "v7", "upgrade", "v1.0.0+meta"} {
		all = append(all, scenario{
			name: "version-query-" + query, env: "GOPROXY=$A", gomod: require("example.com/a", query), mod: "example.com/a@" + query,
			unknown: "the list of versions would have to be asked and sorted through",
		})
	}
	for name, fault := range map[string]fakenet.Fault{
		"wrong-version": fakenet.WrongVersion, "other-info": fakenet.Status(http.StatusOK, `{"Version":""}`),
	} {
		for sep, word := range map[string]string{",": "comma", "|": "bar"} {
			all = append(all, scenario{
				name: "info-" + name + "-" + word, env: "GOPROXY=$A" + sep + "$B",
				set: func(w *world) { w.a.On("*.info", fault) },
			})
		}
	}
	for name, fault := range map[string]fakenet.Fault{"not-zip": fakenet.NotZip, "bad-zip": fakenet.BadZip} {
		for sep, word := range map[string]string{",": "comma", "|": "bar"} {
			all = append(all, scenario{
				name: "zip-" + name + "-" + word, env: "GOPROXY=$A" + sep + "$B",
				set: func(w *world) { w.a.On("*.zip", fault) },
			})
		}
	}
	return append(all, scenario{
		name: "mod-of-another-module", env: "GOPROXY=$A",
		set: func(w *world) { w.a.On("*.mod", fakenet.OtherMod) },
	})
}

func cacheScenarios() []scenario {
	var all []scenario
	for name, lost := range map[string][]string{
		"whole": nil, "without-info": {"v1.0.0.info"}, "without-mod": {"v1.0.0.mod"}, "without-zip": {"v1.0.0.zip"},
		"without-ziphash": {"v1.0.0.ziphash"}, "without-lock": {"v1.0.0.lock"}, "without-zip-and-hash": {"v1.0.0.zip", "v1.0.0.ziphash"},
	} {
		for proxy, word := range map[string]string{"off": "off", "$A": "proxy", "http://no-such-host.invalid": "dead"} {
			all = append(all, scenario{
				name: "cache-" + name + "-" + word, env: "GOPROXY=" + proxy,
				set: func(w *world) {
					w.warm("example.com/a@v1.0.0")
					for _, suffix := range lost {
						w.forget(suffix)
					}
				},
			})
		}
	}
	return append(all,
		scenario{name: "cache-bad-info", env: "GOPROXY=off", set: func(w *world) {
			w.warm("example.com/a@v1.0.0")
			w.spoil("v1.0.0.info", "not json")
		}},
		scenario{name: "cache-warm-bad-list", env: "GOPROXY=ftp://x.example", set: func(w *world) { w.warm("example.com/a@v1.0.0") }},
		scenario{name: "cache-other-version", env: "GOPROXY=off", set: func(w *world) { w.warm("example.com/a@v1.1.0") }},
		scenario{name: "cache-relative", env: "GOPROXY=$A\nGOMODCACHE=relative/dir"},
	)
}

// spoil overwrites a file of the module cache, named by its end.
func (w *world) spoil(suffix, text string) {
	w.t.Helper()
	name := filepath.Join(w.cache, "cache", "download", "example.com", "a", "@v", suffix)
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

func sumScenarios() []scenario {
	const good, bad = "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	sums := func(edit func(lines string) string) func(*world) {
		return func(w *world) { w.write("go.sum", edit(w.a.Sum("example.com/a", "v1.0.0"))) }
	}
	same := func(s string) string { return s }
	line := func(mod bool, edit func(string) string) func(string) string {
		return func(s string) string {
			var out []string
			for l := range strings.Lines(s) {
				if strings.Contains(l, "/go.mod") == mod {
					l = edit(l)
				}
				out = append(out, l)
			}
			return strings.Join(out, "")
		}
	}
	hash := func(h string) func(string) string {
		return func(l string) string { f := strings.Fields(l); return f[0] + " " + f[1] + " " + h + "\n" }
	}
	all := []scenario{
		{name: "sum-right", env: "GOPROXY=$A", set: sums(same)},
		{name: "sum-mod-wrong", env: "GOPROXY=$A", set: sums(line(true, hash(bad)))},
		{name: "sum-mod-wrong-bar", env: "GOPROXY=$A|$B", set: sums(line(true, hash(bad)))},
		{name: "sum-mod-two-right-first", env: "GOPROXY=$A", set: sums(line(true, func(l string) string { return l + hash(bad)(l) }))},
		{name: "sum-mod-two-wrong-first", env: "GOPROXY=$A", set: sums(line(true, func(l string) string { return hash(bad)(l) + l }))},
		{name: "sum-unknown-algorithm", env: "GOPROXY=$A", set: sums(line(true, hash("h2:"+good[3:])))},
		{name: "sum-absent-lines", env: "GOPROXY=$A", set: sums(func(string) string { return "" })},
		{name: "sum-other-mod-served", env: "GOPROXY=$A|$B", set: func(w *world) { sums(same)(w); w.a.On("*.mod", fakenet.OtherMod) }},
		{name: "sum-malformed-line", env: "GOPROXY=$A", set: sums(func(s string) string { return s + "example.com/b v1.0.0\n" })},
		{name: "sum-crlf", env: "GOPROXY=$A", set: sums(func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") })},
	}
	for name, edit := range map[string]func(string) string{
		"right": same, "mod-wrong": line(true, hash(bad)), "zip-wrong": line(false, hash(bad)),
	} {
		all = append(all, scenario{name: "sum-warm-" + name, env: "GOPROXY=off", set: func(w *world) {
			w.warm("example.com/a@v1.0.0")
			sums(edit)(w)
		}})
	}
	return all
}

func directiveScenarios() []scenario {
	main := func(rest string) string { return "module example.org/main\n\ngo 1.21\n\n" + rest }
	// A line that a directive touches is judged by what the go command does
	// with the whole file.
	whole := []string{"mod", "download"}
	sub := func(w *world) { w.write("sub/go.mod", "module example.com/a\n\ngo 1.21\n") }
	dead := "GOPROXY=http://no-such-host.invalid"
	list := []scenario{
		{name: "replace-dir", env: dead, gomod: main("require example.com/a v1.0.0\nreplace example.com/a => ./sub\n"), set: sub, args: whole},
		{name: "replace-dir-version", env: dead, gomod: main("require example.com/a v1.0.0\nreplace example.com/a v1.0.0 => ./sub\n"), set: sub, args: whole},
		{name: "replace-dir-other-version", env: "GOPROXY=$A", gomod: main("require example.com/a v1.0.0\nreplace example.com/a v1.1.0 => ./sub\n"), set: sub, args: whole},
		{name: "replace-dir-missing", env: "GOPROXY=$A", gomod: main("require example.com/a v1.0.0\nreplace example.com/a => ./none\n"), args: whole},
		{name: "replace-dir-without-gomod", env: "GOPROXY=$A", gomod: main("require example.com/a v1.0.0\nreplace example.com/a => ./empty\n"), set: func(w *world) { w.write("empty/x.txt", "") }, args: whole},
		{name: "replace-dir-absolute", env: dead, gomod: main("require example.com/a v1.0.0\n"), set: func(w *world) {
			sub(w)
			w.write("go.mod", main("require example.com/a v1.0.0\nreplace example.com/a => "+filepath.ToSlash(w.dir)+"/sub\n"))
		}, args: whole},
		{name: "replace-module", env: "GOPROXY=$A", gomod: main("require example.com/gone v1.0.0\nreplace example.com/gone => example.com/fork v1.0.0\n"), args: whole},
		{name: "replace-module-missing", env: "GOPROXY=$A", gomod: main("require example.com/a v1.0.0\nreplace example.com/a => example.com/none v1.0.0\n"), args: whole},
		{name: "replace-version-beats-all", env: "GOPROXY=$A", gomod: main("require example.com/gone v1.0.0\nreplace example.com/gone => ./none\nreplace example.com/gone v1.0.0 => example.com/fork v1.0.0\n"), args: whole},
		{name: "replace-not-for-explicit", env: "GOPROXY=$A", gomod: main("require example.com/a v1.0.0\n")},
		{name: "indirect", env: "GOPROXY=$A", gomod: main("require example.com/a v1.0.0 // indirect\n")},
		{name: "work-use", env: "GOPROXY=$A", gomod: main("require example.com/a v1.0.0\n"), set: func(w *world) {
			sub(w)
			w.write("go.work", "go 1.21\n\nuse (\n\t.\n\t./sub\n)\n")
		}, args: whole},
		{name: "work-replace", env: "GOPROXY=$A", gomod: main("require example.com/gone v1.0.0\nreplace example.com/gone => ./none\n"), set: func(w *world) {
			w.write("go.work", "go 1.21\n\nuse .\n\nreplace example.com/gone => example.com/fork v1.0.0\n")
		}, args: whole},
		{name: "work-off", env: "GOPROXY=$A\nGOWORK=off", gomod: main("require example.com/a v1.0.0\n"), set: func(w *world) {
			w.write("go.work", "go 1.21\n\nuse ./none\n")
		}},
		{name: "work-relative", env: "GOPROXY=$A\nGOWORK=go.work"},
		{name: "vendor-does-not-matter", env: "GOPROXY=$A", gomod: main("require example.com/a v1.0.0\n"), set: func(w *world) {
			w.write("vendor/modules.txt", "# example.com/b v1.0.0\n## explicit\n")
		}},
		{name: "vendor-in-force", env: dead, gomod: main("require example.com/a v1.0.0\n"), set: func(w *world) {
			w.write("vendor/modules.txt", "# example.com/a v1.0.0\n## explicit; go 1.20\nexample.com/a\n")
			w.write("vendor/example.com/a/p.go", "package p\n")
			w.write("main.go", "package main\n\nimport _ \"example.com/a\"\n\nfunc main() {}\n")
		}, args: []string{"list", "-deps", "."}},
		{name: "vendor-turned-off", env: dead + "\nGOFLAGS=-mod=mod", gomod: main("require example.com/a v1.0.0\n"), set: func(w *world) {
			w.write("vendor/modules.txt", "# example.com/a v1.0.0\n## explicit; go 1.20\nexample.com/a\n")
			w.write("vendor/example.com/a/p.go", "package p\n")
			w.write("main.go", "package main\n\nimport _ \"example.com/a\"\n\nfunc main() {}\n")
		}, args: []string{"list", "-deps", "."}},
		{name: "go-line-too-new", env: "GOPROXY=$A", gomod: "module example.org/main\n\ngo 1.999\n\nrequire example.com/a v1.0.0\n"},
		{name: "go-line-of-dependency-too-new", env: "GOPROXY=$A", set: func(w *world) {
			w.a.Add("example.com/a", "v1.0.0", "module example.com/a\n\ngo 1.999\n")
		}},
		{name: "toolchain-line", env: "GOPROXY=$A", gomod: "module example.org/main\n\ngo 1.21\n\ntoolchain go1.999.0\n\nrequire example.com/a v1.0.0\n"},
		{name: "retracted", env: "GOPROXY=$A", set: func(w *world) {
			w.a.Add("example.com/a", "v1.2.0", "module example.com/a\n\ngo 1.20\n\nretract v1.0.0\n")
		}},
	}
	return list
}

func settingScenarios() []scenario {
	user := func(text string) func(*world) {
		return func(w *world) {
			if err := os.WriteFile(filepath.Join(w.home, "env"), []byte(w.fill(text)), 0o644); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	return []scenario{
		{name: "setting-user-file", env: "GOPROXY=", set: user("GOPROXY=$A\n")},
		{name: "setting-user-file-last-line-wins", env: "GOPROXY=", set: user("GOPROXY=off\nGOPROXY=$A\n")},
		{name: "setting-user-file-empty-value", env: "GOPROXY=", set: user("GOPROXY=\n")},
		{name: "setting-user-file-quoted", env: "GOPROXY=", set: user("GOPROXY=\"$A\"\n")},
		{name: "setting-user-file-comment", env: "GOPROXY=", set: user("GOPROXY=$A # mine\n")},
		{name: "setting-user-file-indented", env: "GOPROXY=off", set: user("  GOPROXY=$A\n")},
		{name: "setting-user-file-crlf", env: "GOPROXY=", set: user("GOPROXY=$A\r\n")},
		{name: "setting-process-wins", env: "GOPROXY=$A", set: user("GOPROXY=off\n")},
		{name: "setting-bad-goflags", env: "GOPROXY=$A\nGOFLAGS=-nonsense"},
		{name: "setting-bad-goflags-form", env: "GOPROXY=$A\nGOFLAGS=nonsense"},
		{name: "setting-modcacherw", env: "GOPROXY=$A\nGOFLAGS=-modcacherw"},
		{name: "setting-module-off", env: "GOPROXY=$A\nGO111MODULE=off"},
		{name: "setting-module-nonsense", env: "GOPROXY=$A\nGO111MODULE=perhaps"},
		{name: "setting-toolchain-nonsense", env: "GOPROXY=$A\nGOTOOLCHAIN=nonsense"},
		{name: "setting-network-off", env: "GOPROXY=$A\nGODEBUG=cmdgonetlimit=0"},
		{name: "setting-http-proxy-refused", env: "GOPROXY=http://proxy.invalid\nHTTP_PROXY=http://127.0.0.1:1"},
		{name: "setting-http-proxy-not-for-loopback", env: "GOPROXY=$A\nHTTP_PROXY=http://127.0.0.1:1"},
		{name: "setting-private-off", env: "GOPROXY=$A\nGONOPROXY=none\nGOPRIVATE=example.com"},
		{name: "setting-private-other", env: "GOPROXY=$A\nGOPRIVATE=other.example,*.corp.example"},
	}
}

// databaseScenarios ask a checksum database of the test's own.
func databaseScenarios() []scenario {
	with := func(edit func(w *world, db *fakenet.SumDB)) func(*world) {
		return func(w *world) {
			db := w.net.SumDB(fakenet.HTTPS, w.a.Modules)
			w.env = append(w.env, "GOSUMDB="+db.GOSUMDB())
			if edit != nil {
				edit(w, db)
			}
		}
	}
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
	sums := func(w *world, keep string) {
		var lines []string
		for l := range strings.Lines(w.a.Sum("example.com/a", "v1.0.0")) {
			if keep == "" || strings.Contains(l, "/go.mod") == (keep == "mod") {
				lines = append(lines, l)
			}
		}
		w.write("go.sum", strings.Join(lines, ""))
	}
	fault := func(pattern string, f fakenet.Fault) func(*world, *fakenet.SumDB) {
		return func(_ *world, db *fakenet.SumDB) { db.On(pattern, f) }
	}
	const forged = "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	proxy := "GOPROXY=$A"
	return []scenario{
		{name: "sumdb-knows", env: proxy, set: with(nil)},
		{name: "sumdb-only-zip-line-missing", env: proxy, set: with(func(w *world, _ *fakenet.SumDB) { sums(w, "mod") })},
		{name: "sumdb-only-mod-line-missing", env: proxy, set: with(func(w *world, _ *fakenet.SumDB) { sums(w, "zip") })},
		{name: "sumdb-not-asked", env: proxy, set: with(func(w *world, db *fakenet.SumDB) { sums(w, ""); db.On("*", fakenet.Status(500, "")) })},
		{name: "sumdb-private", env: proxy + "\nGONOSUMDB=example.com", set: with(fault("*", fakenet.Status(500, "")))},
		{name: "sumdb-404", env: proxy, set: with(fault("*lookup*", fakenet.Status(404, "not found: no such module")))},
		{name: "sumdb-410", env: proxy, set: with(fault("*lookup*", fakenet.Status(410, "gone")))},
		{name: "sumdb-500", env: proxy, set: with(fault("*", fakenet.Status(500, "broken")))},
		{name: "sumdb-500-bar", env: "GOPROXY=$A|$B", set: with(fault("*", fakenet.Status(500, "broken")))},
		{name: "sumdb-tile-500", env: proxy, set: with(fault("*tile*", fakenet.Status(500, "broken")))},
		{name: "sumdb-garbage", env: proxy, set: with(fault("*lookup*", fakenet.HTML))},
		{name: "sumdb-hangup", env: proxy, set: with(fault("*lookup*", fakenet.Hangup))},
		{name: "sumdb-forged", env: proxy, set: with(func(_ *world, db *fakenet.SumDB) {
			db.Forge("example.com/a", "v1.0.0", "example.com/a v1.0.0 "+forged+"\nexample.com/a v1.0.0/go.mod "+forged+"\n")
		})},
		{name: "sumdb-other-mod-at-first", env: "GOPROXY=$A|$B", set: with(func(w *world, _ *fakenet.SumDB) { w.a.On("*.mod", fakenet.OtherMod) })},
		{name: "sumdb-other-mod-comma", env: "GOPROXY=$A,$B", set: with(func(w *world, _ *fakenet.SumDB) { w.a.On("*.mod", fakenet.OtherMod) })},
		{name: "sumdb-refused", env: proxy, set: func(w *world) {
			db := w.net.SumDB(fakenet.HTTPS, w.a.Modules)
			w.env = append(w.env, "GOSUMDB="+db.Verifier()+" https://"+w.net.Refused())
		}},
		{name: "sumdb-mirrored", env: proxy, set: mirrored(nil)},
		{name: "sumdb-mirrored-lookup-500", env: proxy, set: mirrored(func(w *world, _ *fakenet.SumDB) { w.a.On("sumdb/*/lookup/*", fakenet.Status(500, "broken")) })},
		{name: "sumdb-mirror-at-second", env: "GOPROXY=$B,$A", set: mirrored(nil)},
		{name: "sumdb-supported-500-comma", env: "GOPROXY=$B,$A", set: mirrored(func(w *world, _ *fakenet.SumDB) { w.b.On("sumdb/*", fakenet.Status(500, "")) })},
		{name: "sumdb-supported-500-bar", env: "GOPROXY=$B|$A", set: mirrored(func(w *world, _ *fakenet.SumDB) { w.b.On("sumdb/*", fakenet.Status(500, "")) })},
		{name: "sumdb-warm", env: "GOPROXY=off", set: with(func(w *world, _ *fakenet.SumDB) { w.warm("example.com/a@v1.0.0") })},
		{name: "sumdb-warm-refused", env: "GOPROXY=off", set: func(w *world) {
			w.warm("example.com/a@v1.0.0")
			db := w.net.SumDB(fakenet.HTTPS, w.a.Modules)
			w.env = append(w.env, "GOSUMDB="+db.Verifier()+" https://"+w.net.Refused())
		}},
		{name: "sumdb-branch", env: proxy, gomod: "module example.org/main\n\ngo 1.21\n\nrequire example.com/a main\n", mod: "example.com/a@main", set: with(func(w *world, _ *fakenet.SumDB) { w.a.Alias("example.com/a", "main", "v1.1.0") })},
		{name: "sumdb-malformed", env: proxy + "\nGOSUMDB=nonsense"},
		{name: "sumdb-too-many-fields", env: proxy + "\nGOSUMDB=a b c"},
		{name: "sumdb-upper-off", env: proxy + "\nGOSUMDB=OFF"},
		{name: "sumdb-malformed-not-needed", env: proxy + "\nGOSUMDB=nonsense", set: func(w *world) { sums(w, "") }},
	}
}
