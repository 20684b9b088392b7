package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/modreach/modreach/internal/fakenet"
)

// asideScenarios are about what is said beside a verdict, and must not change it.
func asideScenarios() []scenario {
	const goLine = "module example.org/main\n\ngo 1.21\n\n"
	whole := []string{"mod", "download"}
	declares := func(mod, text string) func(*world) {
		return func(w *world) {
			path, version, _ := strings.Cut(mod, "@")
			w.a.Add(path, version, text)
		}
	}
	replaced := goLine + "require example.com/gone v1.0.0\n\nreplace example.com/gone => example.com/fork v1.0.0\n"
	all := []scenario{
		{name: "other-path", set: declares("example.com/a@v1.0.0", "module example.com/other\n\ngo 1.20\n")},
		{name: "other-path-upper", set: declares("example.com/a@v1.0.0", "module example.com/A\n\ngo 1.20\n")},
		{name: "no-module-line", set: declares("example.com/a@v1.0.0", "go 1.20\n")},
		{name: "other-path-incompatible", gomod: goLine + "require example.com/a v2.0.0+incompatible\n", mod: "example.com/a@v2.0.0+incompatible", set: declares("example.com/a@v2.0.0+incompatible", "module example.com/a/v2\n")},
		{name: "replaced-declares-its-own", gomod: replaced, args: whole},
		{name: "replaced-declares-the-old", gomod: replaced, args: whole, set: declares("example.com/fork@v1.0.0", "module example.com/gone\n")},
		{name: "replaced-declares-a-third", gomod: replaced, args: whole, set: declares("example.com/fork@v1.0.0", "module example.com/third\n")},
		{name: "replaced-declares-none", gomod: replaced, args: whole, set: declares("example.com/fork@v1.0.0", "go 1.20\n")},
		{name: "replaced-declares-a-third-cached", env: "GOPROXY=off", gomod: replaced, args: whole, set: func(w *world) {
			w.b.Add("example.com/fork", "v1.0.0", "module example.com/third\n")
			w.warm("example.com/fork@v1.0.0")
		}},
		{name: "module-line-in-block", gomod: replaced, args: whole, set: declares("example.com/fork@v1.0.0", "module (\n\texample.com/fork\n)\n")},
		{name: "deprecated", set: declares("example.com/a@v1.0.0", "// Deprecated: use example.com/b.\nmodule example.com/a\n")},
		{name: "retracts-itself", set: declares("example.com/a@v1.0.0", "module example.com/a\n\nretract v1.0.0 // oops\n")},
	}
	fail := func(status int) func(*world) {
		return func(w *world) { w.a.On("*", fakenet.Status(status, "says no")) }
	}
	for _, status := range []int{403, 500} {
		for name, list := range map[string]string{"comma": "$A,$B", "comma-off": "$A,$B,off", "bar": "$A|$B", "off": "$A,off", "direct-covered": "$A,$B"} {
			s := scenario{name: fmt.Sprintf("beyond-%d-%s", status, name), env: "GOPROXY=" + list, set: fail(status)}
			all = append(all, s)
		}
	}
	for i := range all {
		if all[i].env == "" {
			all[i].env = "GOPROXY=$A"
		}
		all[i].name = "aside-" + all[i].name
	}
	return all
}

// TestOracleAside wants a finding beside a verdict, in the words of the go
// command where that has any.
func TestOracleAside(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	program, gocache := build(t), t.TempDir()
	file := func(rest string) string { return "module example.org/main\n\ngo 1.21\n\n" + rest }
	add := func(version, text string) func(*world) {
		return func(w *world) { w.a.Add("example.com/a", version, text); w.b.Add("example.com/a", version, text) }
	}
	// newest has the module cache hold the go.mod of a later version.
	newest := func(text string) func(*world) {
		return func(w *world) {
			add("v1.2.0", text)(w)
			w.warm("example.com/a@v1.2.0")
		}
	}
	tests := []struct {
		scenario
		verdict, code string
		// says is a part of the message; the words of the go command have to
		// be among those it prints.
		says string
	}{
		{
			scenario{name: "other-path", args: []string{"mod", "download"}, set: add("v1.0.0", "module example.com/other\n")},
			"reachable", "path-mismatch", "declares the path example.com/other",
		},
		{
			scenario{name: "other-path-build", args: []string{"list", "-mod=mod", "-m", "all"}, set: add("v1.0.0", "module example.com/other\n")},
			"reachable", "path-mismatch", "declares the path example.com/other",
		},
		{
			scenario{name: "other-path-indirect", gomod: file("require example.com/a v1.0.0 // indirect\n"), args: []string{"mod", "download"}, set: add("v1.0.0", "module example.com/other\n")},
			"reachable", "path-mismatch", "declares the path example.com/other",
		},
		{
			scenario{name: "other-path-incompatible", gomod: file("require example.com/a v2.0.0+incompatible\n"), args: []string{"mod", "download"}, set: add("v2.0.0+incompatible", "module example.com/a/v2\n")},
			"reachable", "path-mismatch", "declares the path example.com/a/v2",
		},
		{
			scenario{name: "no-module-line", args: []string{"mod", "download"}, set: add("v1.0.0", "go 1.20\n")},
			"reachable", "path-mismatch", "declares no path",
		},
		{
			scenario{name: "other-path-cached", env: "GOPROXY=off", args: []string{"mod", "download"}, set: func(w *world) {
				add("v1.0.0", "module example.com/other\n")(w)
				w.warm("example.com/a@v1.0.0")
			}},
			"cached", "path-mismatch", "declares the path example.com/other",
		},
		{
			scenario{name: "replaced-by-a-third", gomod: file("require example.com/gone v1.0.0\n\nreplace example.com/gone => example.com/a v1.0.0\n"), args: []string{"mod", "download"}, set: add("v1.0.0", "module example.com/third\n")},
			"unreachable", "replace-path-mismatch", "declares the path example.com/third",
		},
		{
			scenario{name: "deprecated", args: []string{"get", "example.com/a@v1.0.0"}, set: newest("// Deprecated: use example.com/b instead.\nmodule example.com/a\n")},
			"reachable", "deprecated", "use example.com/b instead.",
		},
		{
			scenario{name: "retracted", args: []string{"get", "example.com/a@v1.0.0"}, set: newest("module example.com/a\n\n// It deletes\n// everything.\nretract [v0.9.0, v1.1.0]\n")},
			"reachable", "retracted", "has retracted example.com/a v1.0.0: It deletes everything.",
		},
		{
			scenario{name: "retracted-without-a-reason", args: []string{"get", "example.com/a@v1.0.0"}, set: newest("module example.com/a\n\nretract v1.0.0\n")},
			"reachable", "retracted", "has retracted example.com/a v1.0.0.",
		},
		{
			scenario{name: "retracts-itself", gomod: file("require example.com/a v1.2.0\n"), args: []string{"get", "example.com/a@v1.2.0"}, set: add("v1.2.0", "module example.com/a\n\nretract v1.2.0 // oops\n")},
			"reachable", "retracted", "v1.2.0: oops",
		},
		{
			scenario{name: "not-retracted-any-more", set: func(w *world) {
				add("v1.0.0", "module example.com/a\n\nretract v1.0.0\n")(w)
				newest("module example.com/a\n")(w)
			}},
			"reachable", "", "",
		},
		{
			scenario{name: "other-version-retracted", set: newest("module example.com/a\n\nretract v1.1.0\n")},
			"reachable", "", "",
		},
		{
			scenario{name: "no-fallback", env: "GOPROXY=$A,$B", set: func(w *world) { w.a.On("*", fakenet.Status(500, "broken")) }},
			"unreachable", "no-fallback", "the comma after it keeps go from the proxy http",
		},
		{
			scenario{name: "no-fallback-zip", env: "GOPROXY=$A,$B", set: func(w *world) { w.a.On("*.zip", fakenet.Status(403, "not this one")) }},
			"unreachable", "no-fallback", "the comma after it keeps go from the proxy http",
		},
		{
			scenario{name: "no-fallback-refused", env: "GOPROXY=http://127.0.0.1:1,$B"},
			"unreachable", "no-fallback", "the comma after it keeps go from the proxy http",
		},
		{
			scenario{name: "no-fallback-beyond-lacks", env: "GOPROXY=$A,$B", set: func(w *world) {
				w.a.On("*", fakenet.Status(500, "broken"))
				w.b.On("*", fakenet.Status(404, ""))
			}},
			"unreachable", "server-error", "",
		},
		{
			scenario{name: "no-fallback-bar", env: "GOPROXY=$A|$B", set: func(w *world) { w.a.On("*", fakenet.Status(500, "broken")) }},
			"reachable", "fallback-used", "",
		},
		{
			scenario{name: "too-fresh", set: fresh(5 * time.Minute)},
			"unreachable", "too-fresh", "is there, made 5 minutes ago, but the checksum database",
		},
		{
			scenario{name: "not-fresh", set: fresh(48 * time.Hour)},
			"unreachable", "sumdb-not-found", "",
		},
		{
			scenario{name: "listed-and-not-served", set: func(w *world) { w.a.On("*v1.0.0.info", fakenet.Status(404, "")) }},
			"unreachable", "too-fresh", "v1.0.0 is there, but the proxy",
		},
		{
			scenario{name: "nearest-behind-a-comma", env: "GOPROXY=$A,$B", gomod: file("require example.com/a v1.0.5\n"), mod: "example.com/a@v1.0.5", set: func(w *world) { w.b.On("*list", fakenet.Status(404, "")) }},
			"unreachable", "version-not-found", "the nearest one is v1.0.0",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := test.scenario
			if s.env == "" {
				s.env = "GOPROXY=$A"
			}
			w := s.world(t)
			w.env = append(w.env, "GOCACHE="+gocache)
			_, said := w.askGo(s)
			verdict, codes, message := w.askFindings(program)
			if verdict != test.verdict || codes != test.code || !strings.Contains(message, test.says) {
				t.Errorf("verdict %s, code %q: %s\nwant %s, %q: %s", verdict, codes, message, test.verdict, test.code, test.says)
			}
			_, quote, quoted := strings.Cut(message, "The go command says: ")
			if quoted && !s.quotes(quote, said) {
				t.Errorf("quoted %q\ngo said: %s", quote, said)
			}
			if !quoted && test.code != "" && test.code != "fallback-used" {
				t.Errorf("nothing is quoted in %q\ngo said: %s", message, said)
			}
		})
	}
}

// fresh has proxy A serve a version of some age that no checksum database knows.
func fresh(age time.Duration) func(*world) {
	return func(w *world) {
		db := w.net.SumDB(fakenet.HTTPS)
		db.On("*lookup*", fakenet.Status(http.StatusNotFound, "not found: unknown revision"))
		w.env = append(w.env, "GOSUMDB="+db.GOSUMDB())
		made := time.Now().Add(-age).UTC().Format(time.RFC3339)
		w.a.On("*v1.0.0.info", fakenet.Status(http.StatusOK, fmt.Sprintf(`{"Version":"v1.0.0","Time":%q}`, made), "Content-Type", "application/json"))
	}
}

// askFindings asks this program about the first require line, and gives all
// codes and the message of the first finding.
func (w *world) askFindings(program string) (verdict, codes, message string) {
	w.t.Helper()
	result := w.check(program)
	var all []string
	for _, f := range result.Findings {
		all = append(all, f.Code)
		if message == "" {
			message = f.Message
		}
	}
	return result.Results[0].Verdict, strings.Join(all, " "), message
}
