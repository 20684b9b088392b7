package main_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// This file holds the laws of the house: what is true of every file in the
// tree, on every system, whether or not that system builds the file.

const ourModule = "github.com/modreach/modreach"

// floor says what a package may stand on.
type floor struct {
	// ours are the packages of this module that it may import, theirs the
	// modules of others. The standard library is open to all, but for what the
	// next two fields keep shut.
	ours, theirs []string
	// disk opens os; network opens os/exec, net and net/http. Between them
	// they hold everything that can touch the machine.
	disk, network bool
}

// house has a floor for every package, by directory. Imports point down only:
// no package stands on one that is listed after it. The packages under internal
// are on no list of ours, so that only test files import them.
var house = []struct {
	dir string
	floor
}{
	{"gomod", floor{theirs: []string{"golang.org/x/mod"}}},
	{"route", floor{ours: []string{"gomod"}, theirs: []string{"golang.org/x/mod"}}},
	{"probe", floor{
		ours:   []string{"gomod", "route"},
		theirs: []string{"golang.org/x/mod", "golang.org/x/net", "golang.org/x/sync", "github.com/fsnotify/fsnotify"},
		disk:   true, network: true,
	}},
	{"patrol", floor{
		ours:   []string{"route", "probe"},
		theirs: []string{"golang.org/x/mod", "golang.org/x/sync", "go.uber.org/zap"},
	}},
	{"diagnostics", floor{ours: []string{"gomod", "route", "probe"}, theirs: []string{"golang.org/x/mod"}}},
	{"sheet", floor{
		ours:   []string{"gomod", "route", "probe", "patrol", "diagnostics"},
		theirs: []string{"golang.org/x/mod"},
	}},
	{"doctor", floor{ours: []string{"gomod", "route", "probe", "diagnostics"}, theirs: []string{"golang.org/x/mod"}}},
	{"codeactions", floor{
		ours:   []string{"gomod", "route", "probe", "diagnostics"},
		theirs: []string{"golang.org/x/mod"},
	}},
	{"trial", floor{
		ours:   []string{"gomod", "route", "probe", "patrol", "diagnostics", "sheet", "codeactions"},
		theirs: []string{"golang.org/x/mod", "go.uber.org/zap"},
	}},
	{"report", floor{
		ours:   []string{"gomod", "route", "probe", "diagnostics", "doctor"},
		theirs: []string{"golang.org/x/mod", "golang.org/x/term"},
	}},
	{"server/wire", floor{theirs: []string{"go.lsp.dev/jsonrpc2", "go.uber.org/zap"}}},
	{"server", floor{
		ours:   []string{"gomod", "route", "probe", "patrol", "diagnostics", "codeactions", "sheet", "trial", "server/wire"},
		theirs: []string{"go.lsp.dev/protocol", "go.uber.org/zap", "golang.org/x/mod"},
	}},
	{".", floor{
		ours: []string{"gomod", "route", "probe", "patrol", "diagnostics", "codeactions", "sheet", "trial", "doctor", "report", "server"},
		theirs: []string{
			"golang.org/x/mod", "golang.org/x/sync", "golang.org/x/term",
			"go.uber.org/zap", "github.com/spf13/cobra", "github.com/spf13/pflag",
		},
		disk: true,
	}},
	{"internal/fakenet", floor{theirs: []string{"golang.org/x/mod", "golang.org/x/net"}, disk: true, network: true}},
	{"internal/lsptest", floor{network: true}},
}

// goroutineHomes are the files, and the directories with everything in them,
// that may start goroutines: each has an owner there that waits for it.
var goroutineHomes = []string{"patrol/run.go", "probe/", "server/serve.go", "server/wire/serve.go", "internal/"}

// maxLines bounds a file that is not a test: what is longer has two reasons.
const maxLines = 400

// registries are the hosts that must not be named anywhere, so that nothing
// here is ever copied into a terminal and asks them. They are put together at
// run time, or this file would name them.
var registries = []string{
	dotted("proxy", "golang", "org"), dotted("index", "golang", "org"),
	dotted("goproxy", "io"), dotted("goproxy", "cn"),
	dotted("registry", "npmjs", "org"), dotted("registry", "yarnpkg", "com"),
	dotted("pypi", "org"), dotted("pythonhosted", "org"), dotted("rubygems", "org"),
	dotted("crates", "io"), dotted("repo", "maven", "apache", "org"),
}

// machinePath matches a path that exists on somebody's machine only. What comes
// before it tells a path from the middle of a longer one.
var machinePath = regexp.MustCompile(`(?:^|[^\w.~})*>-])/(?:root|work)/`)

// unbuilt matches what lies in a directory that the go command passes by.
var unbuilt = regexp.MustCompile(`(?:^|/)(?:[._][^/]*|testdata)/`)

func dotted(labels ...string) string { return strings.Join(labels, ".") }

// law is one rule, with a tree that breaks it.
type law struct {
	name string
	// offences gives what is wrong with a tree, one line each.
	offences func(tree) []string
	// breach holds files by name, want the offences in them.
	breach map[string]string
	want   []string
}

var laws = []law{
	{
		"imports point down", each(floorOffences),
		map[string]string{
			"gomod/a.go":       `package gomod; import "github.com/modreach/modreach/route"`,
			"route/a.go":       `package route; import ("fmt"; "net/url"; "os"; "golang.org/x/modern"; "github.com/modreach/modreach/gomod")`,
			"patrol/a.go":      `package patrol; import "net/http"`,
			"report/a_test.go": `package report; import "github.com/modreach/modreach/internal/fakenet"`,
			"attic/a.go":       `package attic; import "fmt"`,
			"a.go":             `package main; import ("os"; "os/exec"; "go.lsp.dev/protocol"; "github.com/modreach/modreach/internal/fakenet")`,
		},
		[]string{
			`a.go: "os/exec" is for packages that may use the network and start processes`,
			`a.go: "go.lsp.dev/protocol" is not for this package`,
			`a.go: "github.com/modreach/modreach/internal/fakenet" serves tests only`,
			`attic/a.go: the package has no floor in the house`,
			`gomod/a.go: "github.com/modreach/modreach/route" is not below this package`,
			`patrol/a.go: "net/http" is for packages that may use the network and start processes`,
			`route/a.go: "os" is for packages that may use the disk`,
			`route/a.go: "golang.org/x/modern" is not for this package`,
		},
	},
	{
		"goroutines have an owner", each(goroutineOffences),
		map[string]string{
			"patrol/run.go":       "package patrol\nfunc f() { go f() }",
			"patrol/gate.go":      "package patrol\nfunc f() {\n go f()\n group.Go(f)\n time.AfterFunc(0, f)\n}",
			"patrol/gate_test.go": "package patrol\nfunc f() { go f() }",
		},
		[]string{
			"patrol/gate.go:3: starts a goroutine",
			"patrol/gate.go:4: starts a goroutine",
			"patrol/gate.go:5: starts a goroutine",
		},
	},
	{
		"packages say what they are for", packageDocOffences,
		map[string]string{
			"gomod/a.go":      "package gomod",
			"gomod/a_test.go": "// Package gomod is not told by its tests.\npackage gomod",
			"route/a.go":      "// This package has routes.\npackage route",
			"probe/a.go":      "package probe",
			"probe/b.go":      "// Package probe asks.\npackage probe",
			"a.go":            "// Command modreach tells.\npackage main",
		},
		[]string{
			`gomod: no file has a comment that begins with "Package gomod "`,
			`route: no file has a comment that begins with "Package route "`,
		},
	},
	{
		"files have one reason", each(lengthOffences),
		map[string]string{
			"gomod/a.go":      "package gomod\n" + strings.Repeat("//\n", maxLines),
			"gomod/b.go":      "package gomod\n" + strings.Repeat("//\n", maxLines-1),
			"gomod/a_test.go": "package gomod\n" + strings.Repeat("//\n", maxLines),
		},
		[]string{"gomod/a.go: 401 lines, more than 400"},
	},
	{
		"fuzz targets have seeds", seedOffences,
		map[string]string{
			"gomod/a_test.go": `package gomod
func FuzzBare(f *testing.F)   { f.Fuzz(func(*testing.T, string) {}) }
func FuzzAdded(f *testing.F)  { f.Add(""); f.Fuzz(func(*testing.T, string) {}) }
func FuzzStored(f *testing.F) { f.Fuzz(func(*testing.T, string) {}) }`,
			"gomod/testdata/fuzz/FuzzStored/1": "go test fuzz v1",
		},
		[]string{"gomod/a_test.go:2: FuzzBare begins from nothing"},
	},
	{
		"no registry is named", each(registryOffences),
		map[string]string{"docs/a.md": "set it to\nhttps://" + strings.ToUpper(registries[0]) + "/, please"},
		[]string{"docs/a.md:2: names " + registries[0]},
	},
	{
		"no path of one machine", each(machinePathOffences),
		map[string]string{
			"docs/a.md":  "https://host.example/" + "root/x is well, but not\n/" + "root/x",
			"gomod/a.go": "package gomod\nconst a = `/" + "work/main`",
		},
		[]string{"docs/a.md:2: names a path of one machine", "gomod/a.go:2: names a path of one machine"},
	},
}

func TestHouse(t *testing.T) {
	tree := readTree(t, os.DirFS("."))
	for _, law := range laws {
		t.Run(law.name, func(t *testing.T) {
			for _, offence := range law.offences(tree) {
				t.Error(offence)
			}
		})
	}
}

func TestLawsCanBeBroken(t *testing.T) {
	for _, law := range laws {
		t.Run(law.name, func(t *testing.T) {
			breach := fstest.MapFS{}
			for name, text := range law.breach {
				breach[name] = &fstest.MapFile{Data: []byte(text)}
			}
			if diff := cmp.Diff(law.want, law.offences(readTree(t, breach))); diff != "" {
				t.Errorf("offences (-want +got):\n%s", diff)
			}
		})
	}
}

// file is one file of a tree.
type file struct {
	name string // from the root, with slashes
	text []byte
	// syntax is nil for what is not Go.
	syntax *ast.File
	fset   *token.FileSet
}

// tree is every text file, by name.
type tree []file

func (f file) dir() string  { return path.Dir(f.name) }
func (f file) isGo() bool   { return f.syntax != nil }
func (f file) isTest() bool { return strings.HasSuffix(f.name, "_test.go") }

// at gives the place of a node, for the start of an offence.
func (f file) at(n ast.Node) string {
	return fmt.Sprintf("%s:%d", f.name, f.fset.Position(n.Pos()).Line)
}

// readTree reads what a checkout holds, but for what git and the build tools
// leave there.
func readTree(t *testing.T, root fs.FS) tree {
	t.Helper()
	var all tree
	fset := token.NewFileSet()
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{".git", "bin", "dist", "node_modules"}, d.Name()):
			return fs.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		f := file{name: name, text: text, fset: fset}
		if path.Ext(name) == ".go" && !unbuilt.MatchString(name) {
			if f.syntax, err = parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution); err != nil {
				return fmt.Errorf("parsing: %w", err)
			}
		} else if bytes.IndexByte(text, 0) >= 0 {
			return nil // a program or a picture
		}
		all = append(all, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// each makes a law of the tree out of a rule for one file.
func each(rule func(file) []string) func(tree) []string {
	return func(all tree) []string {
		var offences []string
		for _, f := range all {
			offences = append(offences, rule(f)...)
		}
		return offences
	}
}

func floorOffences(f file) []string {
	if !f.isGo() || f.isTest() {
		return nil
	}
	var stand *floor
	for i, h := range house {
		if h.dir == f.dir() {
			stand = &house[i].floor
		}
	}
	if stand == nil {
		return []string{f.name + ": the package has no floor in the house"}
	}
	var offences []string
	for _, spec := range f.syntax.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has seen to it
		}
		if why := stand.refuses(imported); why != "" {
			offences = append(offences, fmt.Sprintf("%s: %q %s", f.name, imported, why))
		}
	}
	return offences
}

// refuses says why a package on this floor must not import another; empty if
// it may.
func (s floor) refuses(imported string) string {
	if ours, ok := strings.CutPrefix(imported, ourModule+"/"); ok {
		switch {
		case slices.Contains(s.ours, ours):
			return ""
		case strings.HasPrefix(ours, "internal/"):
			return "serves tests only"
		}
		return "is not below this package"
	}
	first, _, _ := strings.Cut(imported, "/")
	if strings.Contains(first, ".") {
		if slices.ContainsFunc(s.theirs, func(module string) bool {
			return imported == module || strings.HasPrefix(imported, module+"/")
		}) {
			return ""
		}
		return "is not for this package"
	}
	switch imported {
	case "os":
		if !s.disk {
			return "is for packages that may use the disk"
		}
	case "net", "net/http", "os/exec":
		if !s.network {
			return "is for packages that may use the network and start processes"
		}
	}
	return ""
}

func goroutineOffences(f file) []string {
	if !f.isGo() || f.isTest() || slices.ContainsFunc(goroutineHomes, func(home string) bool {
		return f.name == home || strings.HasSuffix(home, "/") && strings.HasPrefix(f.name, home)
	}) {
		return nil
	}
	var offences []string
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		starts := false
		switch n := n.(type) {
		case *ast.GoStmt:
			starts = true
		case *ast.CallExpr:
			// WaitGroup and errgroup.Group have Go, time and context AfterFunc.
			method, ok := n.Fun.(*ast.SelectorExpr)
			starts = ok && slices.Contains([]string{"Go", "TryGo", "AfterFunc"}, method.Sel.Name)
		}
		if starts {
			offences = append(offences, f.at(n)+": starts a goroutine")
		}
		return true
	})
	return offences
}

func packageDocOffences(all tree) []string {
	documented := map[string]bool{}
	opening := map[string]string{}
	for _, f := range all {
		if !f.isGo() || f.isTest() {
			continue
		}
		dir := f.dir()
		opening[dir] = "Package " + f.syntax.Name.Name + " "
		if f.syntax.Name.Name == "main" {
			opening[dir] = "Command "
		}
		documented[dir] = documented[dir] || strings.HasPrefix(f.syntax.Doc.Text(), opening[dir])
	}
	var offences []string
	for dir, ok := range documented {
		if !ok {
			offences = append(offences, fmt.Sprintf("%s: no file has a comment that begins with %q", dir, opening[dir]))
		}
	}
	slices.Sort(offences)
	return offences
}

func lengthOffences(f file) []string {
	if !f.isGo() || f.isTest() {
		return nil
	}
	if n := bytes.Count(f.text, []byte("\n")); n > maxLines {
		return []string{fmt.Sprintf("%s: %d lines, more than %d", f.name, n, maxLines)}
	}
	return nil
}

func seedOffences(all tree) []string {
	var offences []string
	for _, f := range all {
		if !f.isGo() || !f.isTest() {
			continue
		}
		for _, decl := range f.syntax.Decls {
			target, ok := decl.(*ast.FuncDecl)
			if !ok || target.Recv != nil || !strings.HasPrefix(target.Name.Name, "Fuzz") {
				continue
			}
			corpus := path.Join(f.dir(), "testdata/fuzz", target.Name.Name) + "/"
			stored := slices.ContainsFunc(all, func(s file) bool { return strings.HasPrefix(s.name, corpus) })
			if !stored && !callsAdd(target.Body) {
				offences = append(offences, fmt.Sprintf("%s: %s begins from nothing", f.at(target), target.Name.Name))
			}
		}
	}
	return offences
}

// callsAdd reports whether a fuzz target adds seeds of its own.
func callsAdd(body *ast.BlockStmt) bool {
	adds := false
	ast.Inspect(body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			method, ok := call.Fun.(*ast.SelectorExpr)
			adds = adds || ok && method.Sel.Name == "Add"
		}
		return !adds
	})
	return adds
}

func registryOffences(f file) []string {
	return f.linesWith(func(line string) string {
		line = strings.ToLower(line)
		for _, host := range registries {
			if strings.Contains(line, host) {
				return "names " + host
			}
		}
		return ""
	})
}

func machinePathOffences(f file) []string {
	return f.linesWith(func(line string) string {
		if machinePath.MatchString(line) {
			return "names a path of one machine"
		}
		return ""
	})
}

// linesWith gives an offence for each line that says finds wrong.
func (f file) linesWith(says func(line string) string) []string {
	var offences []string
	n := 0
	for line := range strings.Lines(string(f.text)) {
		n++
		if wrong := says(line); wrong != "" {
			offences = append(offences, fmt.Sprintf("%s:%d: %s", f.name, n, wrong))
		}
	}
	return offences
}
