package gomod_test

import (
	"bytes"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/gomod"
)

// seeds are the files of the golden archives, and bytes that no archive holds.
func seeds(t testing.TB, kind gomod.Kind) []string {
	t.Helper()
	names, err := filepath.Glob(goldenFiles)
	if err != nil || len(names) == 0 {
		t.Fatalf("no golden files match %s: %v", goldenFiles, err)
	}
	var texts []string
	for _, name := range names {
		if g := readGolden(t, name); g.kind == kind {
			texts = append(texts, g.source)
		}
	}
	return append(texts,
		"",
		"\ufeffmodule example.com/x\n",
		"module example.com/x\r\n\r\nrequire (\r\n\texample.com/a v1.0.0 // indirect\r\n)\r\n",
		"module example.com/x\rgo 1.26.0\r",
		"go 1.26.0\n\x00\xff\xfe\nrequire example.com/a\xff v1.0.0\n",
		"retract \"a\\\nb\"\n",
	)
}

func FuzzParse(f *testing.F) {
	bad := []string{
		"require golang.org/x/", "golang.org/x/mod", "golang.org/x/mod v", "replace a =>",
		"<<<<<<< HEAD", ")", "require (", "\ufeff", "\r", "\x00", "\xff", "unknown", "unknown x y",
		"module again", "go 1.26", "\"", "`", "/*", "// comment", "a v1.0.0 \"",
	}
	for i, text := range seeds(f, gomod.ModFile) {
		for j, line := range bad {
			f.Add([]byte(text), line, uint(i+j))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte, line string, at uint) {
		before := slices.Clone(text)
		file := gomod.Parse(text)
		if !bytes.Equal(before, file.Text) {
			t.Fatal("the text was changed")
		}
		checkSpans(t, file)
		checkAgainstModfile(t, file)
		checkNothingLost(t, file, line, at)
	})
}

func FuzzParseWork(f *testing.F) {
	for _, kind := range []gomod.Kind{gomod.WorkFile, gomod.ModFile} {
		for _, text := range seeds(f, kind) {
			f.Add([]byte(text))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file := gomod.ParseWork(text)
		checkSpans(t, file)
		checkAgainstModfile(t, file)
	})
}

func FuzzSum(f *testing.F) {
	f.Add([]byte("example.com/a v1.0.0 h1:YQ==\nexample.com/a v1.0.0/go.mod h1:Yg==\n"))
	f.Add([]byte("example.com/a v1.0.0 h2:YQ==\r\n\r\nexample.com/a\n<<<<<<< HEAD\n a b c d"))
	f.Fuzz(func(t *testing.T, text []byte) {
		sums, problems := gomod.ParseSum(text)
		lines, malformed := 0, 0
		for line := range bytes.SplitSeq(text, []byte("\n")) {
			if n := len(bytes.Fields(line)); n == 3 {
				lines++
			} else if n > 0 {
				malformed++
			}
		}
		if len(problems) != malformed {
			t.Errorf("%d problems for %d malformed lines", len(problems), malformed)
		}
		for _, p := range problems {
			s := text[p.Span.Start:p.Span.End]
			want := "wrong number of fields " + strconv.Itoa(len(bytes.Fields(s)))
			if bytes.ContainsRune(s, '\n') || p.Message != want {
				t.Errorf("problem %q about %q", p.Message, s)
			}
		}
		hashes := 0
		for mod, list := range sums {
			hashes += len(list)
			for _, hash := range list {
				if !strings.HasPrefix(hash, "h1:") || !bytes.Contains(text, []byte(hash)) {
					t.Errorf("%s has hash %q", mod, hash)
				}
			}
			if !slices.Equal(sums.Zip(mod), list) {
				t.Errorf("Zip(%s) = %q, want %q", mod, sums.Zip(mod), list)
			}
			base, isMod := strings.CutSuffix(mod.Version, "/go.mod")
			if isMod && !slices.Equal(sums.Mod(module.Version{Path: mod.Path, Version: base}), list) {
				t.Errorf("Mod(%s@%s) does not give %q", mod.Path, base, list)
			}
		}
		if hashes > lines {
			t.Errorf("%d hashes out of %d lines", hashes, lines)
		}
	})
}

func FuzzVendor(f *testing.F) {
	f.Add([]byte(vendorText), []byte(vendoringMod))
	f.Fuzz(func(t *testing.T, text, mod []byte) {
		list, file := gomod.ParseVendor(text), gomod.Parse(mod)
		seen := make(map[module.Version]bool)
		for _, m := range list.Modules {
			if m.Mod.Path == "" || seen[m.Mod] {
				t.Errorf("module %q is empty or repeated", m.Mod)
			}
			seen[m.Mod] = true
		}
		if list.Consistent(file) != nil {
			return
		}
		for _, r := range file.Requires {
			if !seen[r.Mod] {
				t.Errorf("consistent without required %s", r.Mod)
			}
		}
	})
}

// checkSpans holds every span of a file against the text and the value there.
func checkSpans(t *testing.T, f *gomod.File) {
	t.Helper()
	var directives []gomod.Span
	text := func(s gomod.Span) string {
		if s.Start < 0 || s.End < s.Start || s.End > len(f.Text) {
			t.Fatalf("span %v outside of %d bytes", s, len(f.Text))
		}
		return string(f.Text[s.Start:s.End])
	}
	line := func(s gomod.Span) {
		directives = append(directives, s)
		got := text(s)
		if got == "" || got != strings.Trim(got, " \t\r") || strings.Contains(got, "\n") {
			t.Fatalf("line %q is empty, not trimmed or more than one", got)
		}
		whole := f.LineSpan(s.Start)
		if s.Start < whole.Start || s.End > whole.End {
			t.Fatalf("line %v outside of its line %v", s, whole)
		}
	}
	part := func(s, of gomod.Span, value string) {
		if s.IsZero() && value == "" {
			return
		}
		if s.Start < of.Start || s.End > of.End {
			t.Fatalf("part %v outside of its line %v", s, of)
		}
		got := text(s)
		if strings.HasPrefix(got, `"`) {
			unquoted, err := strconv.Unquote(got)
			if err != nil {
				t.Fatalf("unquoting %s: %v", got, err)
			}
			got = unquoted
		}
		if got != value {
			t.Fatalf("text %q at the place of %q", got, value)
		}
	}
	if m := f.Module; m != nil {
		line(m.Line)
		part(m.PathSpan, m.Line, m.Path)
	}
	for _, v := range []*gomod.Version{f.Go, f.Toolchain} {
		if v != nil {
			line(v.Line)
			part(v.NameSpan, v.Line, v.Name)
		}
	}
	for _, r := range f.Requires {
		line(r.Line)
		part(r.Path, r.Line, r.Mod.Path)
		part(r.Version, r.Line, r.Mod.Version)
		part(r.Version, r.Line, r.Written)
		if c := text(r.Comment); !r.Comment.IsZero() && (!strings.HasPrefix(c, "//") || strings.Contains(c, "\n")) {
			t.Fatalf("comment %q", c)
		}
		if f.CommentAt(r.Line.Start) != r.Comment {
			t.Fatalf("CommentAt = %v, want %v", f.CommentAt(r.Line.Start), r.Comment)
		}
	}
	for _, r := range f.Replaces {
		line(r.Line)
		part(r.OldPath, r.Line, r.Old.Path)
		part(r.OldVersion, r.Line, r.Old.Version)
		part(r.NewPath, r.Line, r.New.Path)
		part(r.NewVersion, r.Line, r.New.Version)
	}
	for _, e := range f.Excludes {
		line(e.Line)
		part(e.Path, e.Line, e.Mod.Path)
		part(e.Version, e.Line, e.Mod.Version)
	}
	for _, r := range f.Retracts {
		line(r.Line)
	}
	for _, tool := range f.Tools {
		line(tool.Line)
		part(tool.Span, tool.Line, tool.Path)
	}
	for _, u := range f.Uses {
		line(u.Line)
		part(u.DirSpan, u.Line, u.Dir)
	}
	slices.SortFunc(directives, func(a, b gomod.Span) int { return a.Start - b.Start })
	taken := make(map[int]bool) // starts of lines that hold a directive
	for _, d := range directives {
		start := f.LineSpan(d.Start).Start
		if taken[start] {
			t.Fatalf("two directives on the line at byte %d", start)
		}
		taken[start] = true
	}
	last := 0
	for _, p := range f.Problems {
		if text(p.Span) == "" || p.Message == "" || p.Span.Start < last {
			t.Fatalf("problem %v %q is empty or out of order", p.Span, p.Message)
		}
		last = p.Span.Start
		if text(p.Span) != "\ufeff" && taken[f.LineSpan(p.Span.Start).Start] {
			t.Fatalf("%q is a problem and a directive", text(p.Span))
		}
	}
}

// checkNothingLost adds a line to a file that modfile could read: no requirement
// may disappear, whatever the line is.
func checkNothingLost(t *testing.T, f *gomod.File, line string, at uint) {
	t.Helper()
	structural := strings.ContainsAny(line, "()") && line != ")" && line != "require ("
	if len(f.Problems) > 0 || structural || strings.Contains(line, "\n") {
		return
	}
	for _, r := range f.Requires {
		// Such a line cannot be told from the directive, once the file is bad.
		if !strings.Contains(r.Mod.Path, ".") {
			return
		}
	}
	lines := strings.SplitAfter(string(f.Text), "\n")
	lines = slices.Insert(lines, int(at%uint(len(lines))), line+"\n")
	got := gomod.Parse([]byte(strings.Join(lines, ""))).Requires
	for _, want := range f.Requires {
		i := slices.IndexFunc(got, func(r gomod.Requirement) bool {
			return r.Mod == want.Mod && r.Indirect == want.Indirect
		})
		if i < 0 {
			t.Fatalf("line %q lost %s of\n%s", line, want.Mod, strings.Join(lines, ""))
		}
		got = got[i+1:]
	}
}
