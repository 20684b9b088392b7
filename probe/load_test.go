package probe_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// writeTree writes files below a new directory and gives it.
func writeTree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// load reads what stands around a go.mod.
func load(t *testing.T, env route.Env, name string) route.Module {
	t.Helper()
	text, err := probe.ReadGoMod(name)
	if err != nil {
		t.Fatal(err)
	}
	m, err := probe.Load(env, name, gomod.Parse(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// sumLines are the lines of a go.sum for the wanted module.
func sumLines(mod, zip string) string {
	return fmt.Sprintf("%s %s %s\n%[1]s %[2]s/go.mod %[4]s\n", wanted.Path, wanted.Version, zip, mod)
}

func TestLoadSums(t *testing.T) {
	tests := []struct {
		name, goMod string
		files       map[string]string
		want        *route.Sums // nil where there is no go.sum
		bad         string      // of the go command, with $DIR
	}{
		{"none", "go.mod", nil, nil, ""},
		{"one", "go.mod", map[string]string{"go.sum": sumLines("h1:a", "h1:b")}, &route.Sums{Mod: []string{"h1:a"}, Zip: []string{"h1:b"}}, ""},
		{"empty", "go.mod", map[string]string{"go.sum": ""}, &route.Sums{}, ""},
		{"of another module file", "alt.mod", map[string]string{"alt.mod": "module m\n", "go.sum": sumLines("h1:a", "h1:b"), "alt.sum": sumLines("h1:c", "h1:d")}, &route.Sums{Mod: []string{"h1:c"}, Zip: []string{"h1:d"}}, ""},
		{"malformed", "go.mod", map[string]string{"go.sum": "\n" + sumLines("h1:a", "h1:b") + "corp.example/b v1.0.0\nx\n"}, &route.Sums{Mod: []string{"h1:a"}, Zip: []string{"h1:b"}}, "malformed go.sum:\n$DIR/go.sum:4: wrong number of fields 2"},
		{"in conflict", "go.mod", map[string]string{"go.sum": "<<<<<<< HEAD\n" + sumLines("h1:a", "h1:b")}, &route.Sums{Mod: []string{"h1:a"}, Zip: []string{"h1:b"}}, "malformed go.sum:\n$DIR/go.sum:1: wrong number of fields 2"},
		{
			"of a workspace", "go.mod", map[string]string{
				"go.work": "go 1.20\nuse .\nuse ./other\nuse ./lost\n", "other/go.mod": "module other\n",
				"go.sum": sumLines("h1:a", "h1:b"), "go.work.sum": sumLines("h1:c", "h1:d"), "other/go.sum": sumLines("h1:e", "h1:f"),
			}, &route.Sums{Mod: []string{"h1:c", "h1:a", "h1:e"}, Zip: []string{"h1:d", "h1:b", "h1:f"}}, "",
		},
		{
			"of a workspace alone", "go.mod",
			map[string]string{"go.work": "go 1.20\nuse .\n", "go.work.sum": sumLines("h1:c", "h1:d")},
			&route.Sums{Mod: []string{"h1:c"}, Zip: []string{"h1:d"}}, "",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{"go.mod": "module m\n\ngo 1.20\n\nrequire " + wanted.Path + " " + wanted.Version + "\n"}
			maps.Copy(files, test.files)
			dir := writeTree(t, files)
			m := load(t, settings(), filepath.Join(dir, test.goMod))
			var got *route.Sums
			if m.Sums != nil {
				sums := m.Sums(wanted)
				got = &sums
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("sums (-want +got):\n%s", diff)
			}
			want := strings.ReplaceAll(test.bad, "$DIR", dir)
			if m.BadSum != want {
				t.Errorf("bad go.sum %q, want %q", m.BadSum, want)
			}
			if test.goMod != "go.mod" {
				return
			}
			_, stderr, _ := fakenet.Go(t.Context(), t, dir, nil, "list", "-m", "all")
			if got := strings.Contains(stderr, "malformed go.sum"); got != (want != "") || !strings.Contains(stderr, want) {
				t.Errorf("the go command says %q, want %q", stderr, want)
			}
		})
	}
}

// TestLoadModFile has GOFLAGS name another file: its directives and sums count
// for the go.mod too, but not in a workspace.
func TestLoadModFile(t *testing.T) {
	const replace = "\nreplace corp.example/a => ../fork\n"
	dir := writeTree(t, map[string]string{
		"go.mod": "module m\n", "go.sum": sumLines("h1:a", "h1:b"),
		"sub/x.mod": "module m\n" + replace, "sub/x.sum": sumLines("h1:c", "h1:d"),
		"work/go.work": "go 1.20\nuse .\n", "work/go.mod": "module w\n", "work/go.sum": sumLines("h1:e", "h1:f"),
	})
	flags := settings("GOFLAGS=-modfile=" + filepath.Join("sub", "x.mod"))
	m := load(t, flags, filepath.Join(dir, "go.mod"))
	if m.File == nil || len(m.File.Replaces) != 0 || m.InPlace == nil || len(m.InPlace.Replaces) != 1 {
		t.Errorf("file %v, in its place %v", m.File, m.InPlace)
	}
	if diff := cmp.Diff([]string{"h1:c"}, m.Sums(wanted).Mod); diff != "" {
		t.Errorf("sums (-want +got):\n%s", diff)
	}
	m = load(t, settings("GOFLAGS=-modfile="+filepath.Join(dir, "sub", "x.mod")), filepath.Join(dir, "sub", "x.mod"))
	if m.InPlace != nil || m.Sums(wanted).Mod[0] != "h1:c" {
		t.Errorf("the file itself has %v in its place", m.InPlace)
	}
	m = load(t, flags, filepath.Join(dir, "work", "go.mod"))
	if m.InPlace != nil || m.Sums(wanted).Mod[0] != "h1:e" {
		t.Errorf("in a workspace %v is in place of go.mod", m.InPlace)
	}
	if _, err := probe.Load(settings("GOFLAGS=-modfile=none.mod"), filepath.Join(dir, "go.mod"), m.File); err == nil {
		t.Error("a file that is not there is no error")
	}
}

func TestLoadWork(t *testing.T) {
	goMod := func(path string) string { return "module " + path + "\n\ngo 1.20\n" }
	files := map[string]string{
		"go.work":         "go 1.20\n\nuse (\n\t./a\n\t./b\n\t./lost\n)\n\nreplace corp.example/x => ./x\n",
		"a/go.mod":        goMod("corp.example/a") + "replace corp.example/y => ../y\nexclude corp.example/z v1.0.0\n",
		"b/go.mod":        goMod("corp.example/b") + "replace corp.example/z => corp.example/zz v1.0.0\n",
		"b/deep/x.go":     "package deep\n",
		"stranger/go.mod": goMod("corp.example/stranger"),
		"alone/go.work":   "go 1.20\nuse ../b\n",
	}
	dir := writeTree(t, files)
	at := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	if err := os.Mkdir(at("stranger/go.work"), 0o777); err != nil {
		t.Fatal(err)
	}

	t.Run("member", func(t *testing.T) {
		w := load(t, settings(), at("a/go.mod")).Work
		if w == nil {
			t.Fatal("no workspace")
		}
		if w.Dir != dir || len(w.File.Replaces) != 1 {
			t.Errorf("workspace in %s with %d replaces of its own", w.Dir, len(w.File.Replaces))
		}
		if diff := cmp.Diff(map[string]string{"corp.example/a": at("a"), "corp.example/b": at("b")}, w.Modules); diff != "" {
			t.Errorf("modules (-want +got):\n%s", diff)
		}
		var replaces []string
		for _, r := range w.Replaces {
			replaces = append(replaces, r.Dir+" "+r.Old.Path)
		}
		if diff := cmp.Diff([]string{at("a") + " corp.example/y", at("b") + " corp.example/z"}, replaces); diff != "" {
			t.Errorf("replaces (-want +got):\n%s", diff)
		}
		if len(w.Excludes) != 1 {
			t.Errorf("%d excludes, want 1", len(w.Excludes))
		}
	})
	tests := []struct {
		name, goMod string
		vars        []string
		want        string // the directory of the go.work; empty for none
	}{
		{"stranger", "stranger/go.mod", nil, ""},
		{"switched off", "a/go.mod", []string{"GOWORK=off"}, ""},
		{"automatic", "a/go.mod", []string{"GOWORK=auto"}, dir},
		{"named", "b/go.mod", []string{"GOWORK=" + at("alone/go.work")}, at("alone")},
		{"named, and does not use it", "a/go.mod", []string{"GOWORK=" + at("alone/go.work")}, ""},
		{"relative", "a/go.mod", []string{"GOWORK=go.work"}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			if w := load(t, settings(test.vars...), at(test.goMod)).Work; w != nil {
				got = w.Dir
			}
			if got != test.want {
				t.Errorf("workspace in %q, want %q", got, test.want)
			}
		})
	}
	t.Run("found from below", func(t *testing.T) {
		if got := probe.FindWork(settings(), at("b/deep")); got != at("go.work") {
			t.Errorf("found %q", got)
		}
	})
	t.Run("named and missing", func(t *testing.T) {
		_, err := probe.Load(settings("GOWORK="+at("nonesuch/go.work")), at("a/go.mod"), gomod.Parse([]byte(files["a/go.mod"])))
		if err == nil || !strings.Contains(err.Error(), at("nonesuch/go.work")) {
			t.Errorf("error %v, want one that names the file", err)
		}
	})
}

// TestLoadVendor has the go command make vendor directories, and spoils some.
func TestLoadVendor(t *testing.T) {
	n := fakenet.New(t)
	s := newProxy(n, fakenet.HTTP)
	s.Add(wanted.Path, "v1.1.0", "")
	env := []string{"GOPROXY=" + s.URL()}
	run := func(t *testing.T, dir string, args ...string) {
		t.Helper()
		if _, stderr, err := fakenet.Go(t.Context(), t, dir, env, args...); err != nil {
			t.Fatalf("go %s: %v: %s", strings.Join(args, " "), err, stderr)
		}
	}
	goMod := "module m\n\ngo 1.20\n\nrequire " + wanted.Path + " " + wanted.Version + "\n"
	source := "package m\n\nimport _ \"" + wanted.Path + "\"\n"
	files := map[string]string{"go.mod": goMod, "m.go": source, "go.sum": s.Sum(wanted.Path, wanted.Version)}
	rewrite := func(t *testing.T, dir, old, new string) {
		t.Helper()
		name := filepath.Join(dir, "go.mod")
		text, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(name, bytes.ReplaceAll(text, []byte(old), []byte(new)), 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name   string
		change func(t *testing.T, dir string)
		vars   []string
		want   bool
	}{
		{"consistent", func(*testing.T, string) {}, nil, true},
		{"switched off by a flag", func(*testing.T, string) {}, []string{"GOFLAGS=-mod=mod"}, false},
		{"switched on by a flag", func(t *testing.T, dir string) { rewrite(t, dir, "go 1.20", "") }, []string{"GOFLAGS=-mod=vendor"}, true},
		{"before go 1.14", func(t *testing.T, dir string) { rewrite(t, dir, "go 1.20", "go 1.13") }, nil, false},
		{"without a go line", func(t *testing.T, dir string) { rewrite(t, dir, "go 1.20\n", "") }, nil, false},
		{"for another version", func(t *testing.T, dir string) { rewrite(t, dir, "v1.0.0", "v1.1.0") }, nil, false},
		{"with a requirement too few", func(t *testing.T, dir string) {
			rewrite(t, dir, "require", "require corp.example/b v1.0.0\nrequire")
		}, nil, false},
		{"without its list", func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, "vendor", "modules.txt")); err != nil {
				t.Fatal(err)
			}
		}, nil, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := writeTree(t, files)
			run(t, dir, "mod", "vendor")
			test.change(t, dir)
			m := load(t, settings(test.vars...), filepath.Join(dir, "go.mod"))
			if got := m.Vendor == filepath.Join(dir, "vendor"); got != test.want {
				t.Fatalf("vendor directory %q in force, want %v", m.Vendor, test.want)
			}
			if test.want && (!m.Vendored(wanted) || m.Vendored(module.Version{Path: wanted.Path, Version: "v1.1.0"})) {
				t.Error("it is not known what is in it")
			}
		})
	}
	t.Run("of a workspace", func(t *testing.T) {
		dir := writeTree(t, map[string]string{"go.work": "go 1.22\n\nuse ./m\n", "m/go.mod": goMod, "m/m.go": source, "m/go.sum": files["go.sum"]})
		run(t, dir, "work", "vendor")
		m := load(t, settings(), filepath.Join(dir, "m", "go.mod"))
		if m.Vendor != filepath.Join(dir, "vendor") || !m.Vendored(wanted) {
			t.Errorf("vendor directory %q", m.Vendor)
		}
		// Outside the workspace the directory does not count.
		m = load(t, settings("GOWORK=off"), filepath.Join(dir, "m", "go.mod"))
		if m.Vendor != "" {
			t.Errorf("vendor directory %q without a workspace", m.Vendor)
		}
	})
}

func TestReadGoMod(t *testing.T) {
	dir := writeTree(t, map[string]string{
		"fine": "module m\n", "empty": "", "binary": "module m\n\x00", "large": strings.Repeat("/", 16<<20+1), "largest": strings.Repeat("/", 16<<20),
	})
	for name, want := range map[string]string{"fine": "", "empty": "", "largest": "", "binary": "not a text file", "large": "larger than 16 MiB", "missing": "no such file"} {
		text, err := probe.ReadGoMod(filepath.Join(dir, name))
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), name)):
			t.Errorf("%s: error %v, want one that names it and says %q", name, err, want)
		case want != "" && text != nil:
			t.Errorf("%s: text and an error", name)
		}
	}
}

func TestGoModIn(t *testing.T) {
	dir := writeTree(t, map[string]string{"go.mod": "module m\n", "a/b/x.go": "package b\n", "a/go.mod/x": ""})
	for _, from := range []string{".", "a", "a/b"} {
		got, err := probe.GoModIn(filepath.Join(dir, from))
		if err != nil || got != filepath.Join(dir, "go.mod") {
			t.Errorf("from %s: %q, %v", from, got, err)
		}
	}
	none := t.TempDir()
	if got, err := probe.GoModIn(none); err == nil || !strings.Contains(err.Error(), none) {
		t.Errorf("in an empty directory: %q, %v", got, err)
	}
	if got, err := probe.GoModIn(filepath.Join(dir, "go.mod", "x")); err == nil {
		t.Errorf("below a file: %q", got)
	}
}

// TestShelf loads the modules of a workspace, one of which is not saved yet.
func TestShelf(t *testing.T) {
	files := map[string]string{
		"go.work":  "go 1.20\nuse ./a\nuse ./b\n",
		"a/go.mod": "module example.com/a\n",
		"b/go.mod": "module example.com/b\nreplace corp.example/x => ../x\n",
	}
	dir := writeTree(t, files)
	at := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	unsaved := gomod.Parse([]byte("module example.com/b\nreplace corp.example/y => ../y\n"))
	tests := []struct {
		name    string
		unsaved map[string]*gomod.File
		want    string // what is replaced
	}{
		{"the disk", nil, "corp.example/x"},
		{"the editor", map[string]*gomod.File{at("b/go.mod"): unsaved}, "corp.example/y"},
		{"the disk again", nil, "corp.example/x"},
		{"a go.work", map[string]*gomod.File{at("go.work"): gomod.ParseWork([]byte("go 1.20\nuse ./a\nreplace corp.example/z => ./z\n"))}, ""},
		{"what is not on the disk", map[string]*gomod.File{at("c/go.mod"): unsaved}, "corp.example/x"},
	}
	var shelf probe.Shelf
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			shelf.Unsave(test.unsaved)
			m, err := shelf.Load(settings(), at("a/go.mod"), gomod.Parse([]byte(files["a/go.mod"])))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range m.Work.Replaces {
				got = append(got, r.Old.Path)
			}
			if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("replaced (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFindModules(t *testing.T) {
	dir := writeTree(t, map[string]string{
		"b/go.mod": "", "a/go.mod": "", "a/deep/er/go.mod": "", "go.mod/x": "", "a/vendor/go.mod": "", "a/testdata/go.mod": "",
		"a/.git/go.mod": "", "a/_x/go.mod": "", "node_modules/go.mod": "", "a/go.work": "", "c/GO.MOD": "",
	})
	search := func(root string, most int) ([]string, error) {
		return probe.FindModules(t.Context(), root, most, func(_ string, err error) error { return err })
	}
	tests := []struct {
		name, root string
		most       int
		want       []string
	}{
		{"all", dir, 0, []string{"a/deep/er/go.mod", "a/go.mod", "b/go.mod"}},
		{"some", dir, 2, []string{"a/deep/er/go.mod", "a/go.mod"}},
		{"in a folder of any name", filepath.Join(dir, "a", "testdata"), 0, []string{"a/testdata/go.mod"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := search(test.root, test.most)
			if err != nil {
				t.Fatal(err)
			}
			for i := range got {
				got[i] = strings.TrimPrefix(filepath.ToSlash(got[i]), filepath.ToSlash(dir)+"/")
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if _, err := search(filepath.Join(dir, "nowhere"), 0); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}
