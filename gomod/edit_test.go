package gomod_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/modfile"

	"github.com/modreach/modreach/gomod"
)

func TestReplaceDir(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"at the end", "module m\n\nrequire a.b/c v1.0.0\n", "module m\n\nrequire a.b/c v1.0.0\n\nreplace a.b/c => ../c\n"},
		{"after a blank line", "module m\n\n", "module m\n\nreplace a.b/c => ../c\n"},
		{"without a last newline", "module m", "module m\n\nreplace a.b/c => ../c\n"},
		{"in an empty file", "", "replace a.b/c => ../c\n"},
		{"with carriage returns", "module m\r\ngo 1.26.0\r\n", "module m\r\ngo 1.26.0\r\n\r\nreplace a.b/c => ../c\r\n"},
		{
			"after another",
			"replace a.b/x => ../x // why\nrequire a.b/c v1.0.0\n",
			"replace a.b/x => ../x // why\nreplace a.b/c => ../c\nrequire a.b/c v1.0.0\n",
		},
		{
			"in a block",
			"replace (\n  a.b/x => ../x // why\n)\nrequire a.b/c v1.0.0\n",
			"replace (\n  a.b/x => ../x // why\n  a.b/c => ../c\n)\nrequire a.b/c v1.0.0\n",
		},
		{
			"in a block with carriage returns",
			"replace (\r\n\ta.b/x => ../x\r\n)\r\n",
			"replace (\r\n\ta.b/x => ../x\r\n\ta.b/c => ../c\r\n)\r\n",
		},
		{
			"beside one for a version",
			"replace a.b/c v1.2.3 => ../old\n",
			"replace a.b/c v1.2.3 => ../old\nreplace a.b/c => ../c\n",
		},
		{"beside one for all versions", "replace a.b/c => ../old\n", ""},
		{"in an open block", "module m\nrequire (\n\ta.b/c v1.0.0\n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := gomod.Parse([]byte(test.text))
			e, ok := f.ReplaceDir("a.b/c", "../c")
			got := ""
			if ok {
				got = string(gomod.Apply(f.Text, []gomod.Edit{e}))
			}
			if strings.HasSuffix(test.text[:e.Span.Start], "\n") && e.Span.Start == len(test.text) {
				t.Error("what is inserted comes after the last newline")
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestReplaceDirQuotes(t *testing.T) {
	f := gomod.Parse([]byte("module m\n"))
	e, _ := f.ReplaceDir("a.b/c", "../my code, mostly")
	if want := "\n\nreplace a.b/c => \"../my code, mostly\""; e.Text != want {
		t.Errorf("%q, want %q", e.Text, want)
	}
}

func TestUseDir(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"after another", "go 1.26.0\n\nuse ./app // why\n", "go 1.26.0\n\nuse ./app // why\nuse ./lib\n"},
		{"in a block", "use (\r\n\t./app\r\n)\r\n", "use (\r\n\t./app\r\n\t./lib\r\n)\r\n"},
		{"at the end", "go 1.26.0\n", "go 1.26.0\n\nuse ./lib\n"},
		{"twice", "use ./lib\n", ""},
		{"in an open block", "use (\n\t./app\n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := gomod.ParseWork([]byte(test.text))
			e, ok := f.UseDir("./lib")
			got := ""
			if ok {
				got = string(gomod.Apply(f.Text, []gomod.Edit{e}))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDropReplace(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a line", "module m\nreplace a.b/c => ../c // why\ngo 1.26.0\n", "module m\ngo 1.26.0\n"},
		{"the last line", "module m\nreplace a.b/c => ../c", "module m\n"},
		{"one of a block", "replace (\n\ta.b/c => ../c\n\ta.b/x => ../x\n)\n", "replace (\n\ta.b/x => ../x\n)\n"},
		{"all of a block", "module m\nreplace (\n\ta.b/c => ../c\n)\ngo 1.26.0\n", "module m\ngo 1.26.0\n"},
		{"all of a block with carriage returns", "module m\r\nreplace(\r\n\ta.b/c => ../c\r\n)\r\n", "module m\r\n"},
		{"all of a block with a comment", "replace (\n\t// why\n\ta.b/c => ../c\n)\n", "replace (\n\t// why\n)\n"},
		{"all of a block that is told of", "replace ( // why\n\ta.b/c => ../c\n)\n", "replace ( // why\n)\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := gomod.Parse([]byte(test.text))
			got := string(gomod.Apply(f.Text, []gomod.Edit{f.DropReplace(f.Replaces[0])}))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestRetarget(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a directory", "replace a.b/c => ./x // why\n", "replace a.b/c => ../c // why\n"},
		{"a quoted one", "replace a.b/c v1.0.0 => \"./x y\"\n", "replace a.b/c v1.0.0 => ../c\n"},
		{"a module", "replace a.b/c => a.b/fork  v1.2.0\n", "replace a.b/c => ../c\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := gomod.Parse([]byte(test.text))
			got := string(gomod.Apply(f.Text, []gomod.Edit{f.Retarget(f.Replaces[0], "../c")}))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAddIgnore(t *testing.T) {
	tests := []struct{ name, line, want string }{
		{"no comment", "require a.b/c v1.0.0", "require a.b/c v1.0.0 // modreach:ignore no-answer"},
		{"blanks at the end", "require a.b/c v1.0.0 \t", "require a.b/c v1.0.0 // modreach:ignore no-answer"},
		{"carriage return", "require a.b/c v1.0.0\r", "require a.b/c v1.0.0 // modreach:ignore no-answer\r"},
		{"indirect", "require a.b/c v1.0.0 // indirect", "require a.b/c v1.0.0 // indirect; modreach:ignore no-answer"},
		{"indirect, tight", "require a.b/c v1.0.0//indirect", "require a.b/c v1.0.0// indirect; modreach:ignore no-answer"},
		{"indirect and why", "require a.b/c v1.0.0 // indirect; why", "require a.b/c v1.0.0 // indirect; modreach:ignore no-answer // why"},
		{"words", "require a.b/c v1.0.0 // why", "require a.b/c v1.0.0 // modreach:ignore no-answer // why"},
		{"not quite indirect", "require a.b/c v1.0.0 // indirectly", "require a.b/c v1.0.0 // modreach:ignore no-answer // indirectly"},
		{"another code", "require a.b/c v1.0.0 // modreach:ignore dns-failed", "require a.b/c v1.0.0 // modreach:ignore no-answer dns-failed"},
		{
			"another code on an indirect line",
			"require a.b/c v1.0.0 // indirect; modreach:ignore dns-failed -- why",
			"require a.b/c v1.0.0 // indirect; modreach:ignore no-answer dns-failed -- why",
		},
		{"another code until a day", "require a.b/c v1.0.0 // modreach:ignore dns-failed until=2026-12-31", ""},
		{"a wish that is none", "require a.b/c v1.0.0 // modreach:ignore", "require a.b/c v1.0.0 // modreach:ignore no-answer // modreach:ignore"},
		{"the code", "require a.b/c v1.0.0 // modreach:ignore no-answer until=2020-01-01", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := gomod.Parse([]byte("module m\n" + test.line + "\n"))
			e, ok := f.AddIgnore(f.Requires[0].Line.Start, "no-answer")
			got := ""
			if ok {
				got = strings.TrimPrefix(string(gomod.Apply(f.Text, []gomod.Edit{e})), "module m\n")
				got = strings.TrimSuffix(got, "\n")
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzEdit makes every edit in a file that the go command reads. It then still
// reads it, and finds what it found before but for what was asked for.
func FuzzEdit(f *testing.F) {
	for _, text := range seeds(f, gomod.ModFile) {
		f.Add([]byte(text))
	}
	f.Add([]byte("module m\nreplace a.b/c => ../c\nrequire a.b/c v1.0.0 // indirect"))
	f.Fuzz(func(t *testing.T, text []byte) {
		// Each line is edited and all of it read again: 4 kB keep that fast.
		if len(text) > 4<<10 {
			return
		}
		if _, err := modfile.Parse("go.mod", text, nil); err != nil {
			return
		}
		file := gomod.Parse(text)
		check := func(what string, e gomod.Edit) *gomod.File {
			edited := gomod.Apply(text, []gomod.Edit{e})
			if _, err := modfile.Parse("go.mod", edited, nil); err != nil {
				t.Fatalf("%s: %v\n%q", what, err, edited)
			}
			if !bytes.Equal(text[:e.Span.Start], edited[:e.Span.Start]) || !bytes.HasSuffix(edited, text[e.Span.End:]) {
				t.Fatalf("%s: more is changed than was said\n%q", what, edited)
			}
			return gomod.Parse(edited)
		}
		if e, ok := file.ReplaceDir("new.example/m", "../m"); ok {
			got := check("replace", e)
			if !slices.ContainsFunc(got.Replaces, func(r gomod.Replace) bool { return r.Old.Path == "new.example/m" && r.New.Path == "../m" }) {
				t.Fatalf("there is no new replace in\n%q", got.Text)
			}
			sameRequires(t, file, got)
		}
		for i, r := range file.Replaces {
			if got := check("drop", file.DropReplace(r)); len(got.Replaces) != len(file.Replaces)-1 {
				t.Fatalf("%d replaces of %d are left", len(got.Replaces), len(file.Replaces))
			}
			if got := check("retarget", file.Retarget(r, "../m")); got.Replaces[i].New.Path != "../m" {
				t.Fatalf("the replace names %q", got.Replaces[i].New.Path)
			}
		}
		for i, r := range file.Requires {
			got := check("version", file.SetVersion(r, r.Mod.Version))
			if got.Requires[i].Mod != r.Mod {
				t.Fatalf("the version is %v, and was %v", got.Requires[i].Mod, r.Mod)
			}
			if e, ok := file.AddIgnore(r.Line.Start, "some-code"); ok {
				got := check("ignore", e)
				sameRequires(t, file, got)
				c := got.CommentAt(got.Requires[i].Line.Start)
				ignore, ok := gomod.ParseIgnore(string(got.Text[c.Start:c.End]))
				if !ok || !slices.Contains(ignore.Codes, "some-code") {
					t.Fatalf("the comment is %q", got.Text[c.Start:c.End])
				}
			}
		}
	})
}

// sameRequires compares what two files require.
func sameRequires(t *testing.T, before, after *gomod.File) {
	t.Helper()
	type line struct {
		path, version string
		indirect      bool
	}
	lines := func(f *gomod.File) (all []line) {
		for _, r := range f.Requires {
			all = append(all, line{r.Mod.Path, r.Written, r.Indirect})
		}
		return all
	}
	if diff := cmp.Diff(lines(before), lines(after), cmp.AllowUnexported(line{})); diff != "" {
		t.Fatalf("requirements (-before +after):\n%s", diff)
	}
}
