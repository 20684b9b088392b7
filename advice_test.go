package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/internal/fakenet"
)

// TestDocumentedTests wants that every test named in the tables of advice and of
// needs exists, and that no row is without one.
func TestDocumentedTests(t *testing.T) {
	exists := knownTests(t)
	for _, table := range []struct {
		file string
		// least is how many rows there are things to say about: pieces of advice
		// that concern fetching, and needs that a program like this can serve.
		columns, least int
	}{
		{"docs/advice.md", 4, 65},
		{"docs/needs.md", 4, 41},
	} {
		text, err := os.ReadFile(table.file)
		if err != nil {
			t.Fatal(err)
		}
		wrong, rows := rowFaults(string(text), table.columns, exists)
		for _, fault := range wrong {
			t.Errorf("%s: %s", table.file, fault)
		}
		if rows < table.least {
			t.Errorf("%s: %d rows, want %d at least", table.file, rows, table.least)
		}
	}
}

func TestDocumentedTestsCanBeWrong(t *testing.T) {
	const text = "| need | tests |\n|---|---|\n| good | TestA, TestA/b |\n| none | |\n| lost | TestA, TestC |\n| short |\n"
	exists := func(name string) bool { return name == "TestA" || name == "TestA/b" }
	wrong, rows := rowFaults(text, 2, exists)
	want := []string{"none: no test", "lost: there is no TestC", "not 2 columns: | short |"}
	if diff := cmp.Diff(want, wrong); diff != "" || rows != 3 {
		t.Errorf("%d rows (-want +got):\n%s", rows, diff)
	}
}

// rowFaults reads the table in a text, whose last column names tests, and tells
// what is wrong with it.
func rowFaults(text string, columns int, exists func(test string) bool) (wrong []string, rows int) {
	header := true
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case !strings.HasPrefix(line, "|"):
			continue
		case header:
			header = !strings.HasPrefix(line, "|---")
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		if len(cells) != columns {
			wrong = append(wrong, fmt.Sprintf("not %d columns: %s", columns, line))
			continue
		}
		rows++
		about, names := strings.TrimSpace(cells[0]), strings.TrimSpace(cells[columns-1])
		if names == "" {
			wrong = append(wrong, about+": no test")
			continue
		}
		for name := range strings.SplitSeq(names, ",") {
			if name = strings.TrimSpace(name); !exists(name) {
				wrong = append(wrong, about+": there is no "+name)
			}
		}
	}
	return wrong, rows
}

// testFunc finds the tests in a file.
var testFunc = regexp.MustCompile(`(?m)^func (Test\w+)\(`)

// knownTests gives what tells whether a test exists: a function, a scenario of
// the oracle, a case of a code, a script, or a piece of advice.
func knownTests(t *testing.T) func(name string) bool {
	known := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "bin"):
			return filepath.SkipDir
		case strings.HasSuffix(path, "_test.go"):
			text, err := os.ReadFile(path)
			for _, match := range testFunc.FindAllStringSubmatch(string(text), -1) {
				known[match[1]] = true
			}
			return err
		case strings.HasSuffix(path, ".txtar"):
			switch filepath.Base(filepath.Dir(path)) {
			case "script", "lsp":
				known["TestScripts/"+strings.TrimSuffix(d.Name(), ".txtar")] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range scenarios() {
		known["TestOracle/"+s.name] = true
	}
	for _, e := range diagnostics.Catalogue() { // TestCodes wants a case for each
		known["TestCodes/"+string(e.Code)] = true
	}
	for _, a := range advice {
		known["TestAdvice/"+a.name] = true
	}
	return func(name string) bool { return known[name] }
}

// advice is what people are told to do or to believe, tried with the go command.
var advice = []struct {
	name string
	try  func(t *testing.T, w *world)
}{
	{"default-list", func(t *testing.T, w *world) {
		// Whatever the default is, it has more than one way to go on.
		w.env = append(w.env, "GOPROXY=")
		if list := w.goSays("env", "GOPROXY"); !strings.HasSuffix(list, ",direct") {
			t.Errorf("the default is %q", list)
		}
	}},
	{"empty-goproxy", func(t *testing.T, w *world) {
		w.env = append(w.env, "GOPROXY=")
		shipped, err := os.ReadFile(filepath.Join(w.goSays("env", "GOROOT"), "go.env"))
		if err != nil {
			t.Fatal(err)
		}
		if list := w.goSays("env", "GOPROXY"); list == "" || !strings.Contains(string(shipped), "\nGOPROXY="+list+"\n") {
			t.Errorf("GOPROXY= gives %q, which is not the default of\n%s", list, shipped)
		}
	}},
	{"netdns", func(t *testing.T, w *world) {
		w.env = append(w.env, "GOPROXY=http://proxy.invalid", "GODEBUG=netdns=1")
		ok, said := w.tryGo("mod", "download", "example.com/a@v1.0.0")
		if ok || !strings.Contains(said, "go package net:") || strings.Contains(said, "nameserver") {
			t.Errorf("go said %q", said)
		}
	}},
	{"godebug-unknown", func(t *testing.T, w *world) {
		w.env = append(w.env, "GOPROXY="+w.b.URL(), "GOSUMDB=off")
		_, plain := w.tryGo("mod", "download", "example.com/a@v1.0.0")
		for _, setting := range []string{"gomodulesync=1", "x509ignoreCN=0"} {
			w.env = append(w.env, "GODEBUG="+setting)
			if ok, said := w.tryGo("mod", "download", "example.com/a@v1.0.0"); !ok || said != plain {
				t.Errorf("with %s go said %q, without %q", setting, said, plain)
			}
		}
		if _, said := w.tryGo("env", "-w", "GONOSUMCHECK=1"); !strings.Contains(said, "unknown go command variable GONOSUMCHECK") {
			t.Errorf("go said %q", said)
		}
	}},
	{"list-u", func(t *testing.T, w *world) {
		w.env = append(w.env, "GOPROXY="+w.b.URL(), "GOFLAGS=-mod=mod")
		w.write("go.mod", requiring("example.com/a", "v1.0.0"))
		if ok, said := w.tryGo("list", "-m", "-u", "all"); !ok {
			t.Fatal(said)
		}
		asked := false
		for _, r := range w.b.Requests() {
			asked = asked || strings.HasSuffix(r.URI, "/@v/list")
			if strings.HasSuffix(r.URI, ".zip") {
				t.Errorf("it fetched %s", r.URI)
			}
		}
		if !asked {
			t.Error("it did not ask for versions")
		}
	}},
	{"why", func(t *testing.T, w *world) {
		w.warm("example.com/a@v1.0.0", "GOSUMDB=off")
		w.write("go.mod", requiring("example.com/a", "v1.0.0"))
		w.write("main.go", "package main\n\nimport _ \"example.com/a\"\n\nfunc main() {}\n")
		w.env = append(w.env, "GOPROXY=off", "GOFLAGS=-mod=mod", "GOSUMDB=off")
		if ok, said := w.tryGo("mod", "why", "-m", "example.com/a"); !ok || !strings.Contains(said, "# example.com/a") {
			t.Errorf("without any network go said %q", said)
		}
	}},
}

// TestAdvice tries what is told about the go command with the go command.
func TestAdvice(t *testing.T) {
	t.Parallel()
	for _, a := range advice {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			a.try(t, scenario{}.world(t))
		})
	}
}

// goSays gives what the go command prints, which has to do its work.
func (w *world) goSays(args ...string) string {
	w.t.Helper()
	ok, said := w.tryGo(args...)
	if !ok {
		w.t.Fatal(said)
	}
	return strings.TrimSpace(said)
}

// tryGo runs the go command in the world, in its environment and with its cache.
func (w *world) tryGo(args ...string) (ok bool, said string) {
	w.t.Helper()
	env := append(hermetic(w.home), "GOMODCACHE="+w.cache)
	out, errs, err := fakenet.Go(w.t.Context(), w.t, w.dir, append(env, w.env...), args...)
	return err == nil, out + errs
}
