package gomod_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/gomod"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const goldenFiles = "../testdata/gomod/*.txtar"

// TestGolden reads the go.mod or go.work file of each archive and compares what
// was found with the archive's last file.
func TestGolden(t *testing.T) {
	names, err := filepath.Glob(goldenFiles)
	if err != nil || len(names) == 0 {
		t.Fatalf("no golden files match %s: %v", goldenFiles, err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			g := readGolden(t, name)
			got := describe(g.parse())
			if *update {
				text := g.about + g.source + wantMark + got
				if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(g.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// golden is a txtar archive of a go.mod or go.work file and what is found in it.
type golden struct {
	kind gomod.Kind
	// about is all before the source file, with its mark.
	about, source, want string
}

const (
	modMark  = "-- go.mod --\n"
	workMark = "-- go.work --\n"
	wantMark = "-- want --\n"
)

func readGolden(t testing.TB, name string) golden {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	g := golden{kind: gomod.ModFile}
	mark := modMark
	if strings.Contains(string(text), workMark) {
		g.kind, mark = gomod.WorkFile, workMark
	}
	about, rest, ok := strings.Cut(string(text), mark)
	if !ok {
		t.Fatalf("%s holds no source file", name)
	}
	g.about = about + mark
	g.source, g.want, _ = strings.Cut(rest, wantMark)
	return g
}

func (g golden) parse() *gomod.File {
	if g.kind == gomod.WorkFile {
		return gomod.ParseWork([]byte(g.source))
	}
	return gomod.Parse([]byte(g.source))
}

// describe lists all that a file holds, one noun a line, each with the place
// and the text of its spans.
func describe(f *gomod.File) string {
	var b strings.Builder
	at := func(s gomod.Span) string {
		if s.IsZero() {
			return "-"
		}
		line, column := f.Position(s.Start)
		return fmt.Sprintf("%d:%d %q", line, column, f.Text[s.Start:s.End])
	}
	if m := f.Module; m != nil {
		fmt.Fprintf(&b, "module %s\n\tline %s\n\tpath %s\n", m.Path, at(m.Line), at(m.PathSpan))
		if m.Deprecated != "" {
			fmt.Fprintf(&b, "\tdeprecated %q\n", m.Deprecated)
		}
	}
	if v := f.Go; v != nil {
		fmt.Fprintf(&b, "go %s\n\tline %s\n\tname %s\n", v.Name, at(v.Line), at(v.NameSpan))
	}
	if v := f.Toolchain; v != nil {
		fmt.Fprintf(&b, "toolchain %s\n\tline %s\n\tname %s\n", v.Name, at(v.Line), at(v.NameSpan))
	}
	for _, r := range f.Requires {
		fmt.Fprintf(&b, "require %s", r.Mod)
		if !r.Canonical() {
			b.WriteString(" (a query)")
		}
		if r.Indirect {
			b.WriteString(" indirect")
		}
		fmt.Fprintf(&b, "\n\tline %s\n\tpath %s\n\tversion %s\n", at(r.Line), at(r.Path), at(r.Version))
		if !r.Comment.IsZero() {
			fmt.Fprintf(&b, "\tcomment %s\n", at(r.Comment))
		}
	}
	for _, r := range f.Replaces {
		fmt.Fprintf(&b, "replace %s => %s\n\tline %s\n\told %s %s\n\tnew %s %s\n", r.Old, r.New,
			at(r.Line), at(r.OldPath), at(r.OldVersion), at(r.NewPath), at(r.NewVersion))
	}
	for _, e := range f.Excludes {
		fmt.Fprintf(&b, "exclude %s\n\tline %s\n\tpath %s\n\tversion %s\n", e.Mod, at(e.Line), at(e.Path), at(e.Version))
	}
	for _, r := range f.Retracts {
		fmt.Fprintf(&b, "retract %s %s\n\tline %s\n\trationale %q\n", r.Low, r.High, at(r.Line), r.Rationale)
	}
	for _, tool := range f.Tools {
		fmt.Fprintf(&b, "tool %s\n\tline %s\n\tpath %s\n", tool.Path, at(tool.Line), at(tool.Span))
	}
	for _, u := range f.Uses {
		fmt.Fprintf(&b, "use %s\n\tline %s\n\tdir %s\n", u.Dir, at(u.Line), at(u.DirSpan))
	}
	for _, p := range f.Problems {
		fmt.Fprintf(&b, "problem %s\n\t%s\n", at(p.Span), strings.ReplaceAll(p.Message, "\n", "\n\t"))
	}
	return b.String()
}
