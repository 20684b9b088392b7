package gomod_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/gomod"
)

// TestParseBytes has the texts whose bytes a golden file would not show.
func TestParseBytes(t *testing.T) {
	const nul = `'\x00'`
	for _, tt := range []struct {
		name, text string
		requires   []string // as placed by line:column
		problems   []string // as text and message
	}{
		{name: "empty"},
		{name: "no newline at the end", text: "require example.com/a v1.0.0", requires: []string{"1:1 example.com/a@v1.0.0"}},
		{
			name: "byte order mark", text: "\ufeffrequire example.com/a v1.0.0\n",
			requires: []string{"1:4 example.com/a@v1.0.0"},
			problems: []string{"\ufeff: unexpected input character '\\ufeff'"},
		},
		{
			name: "byte order mark elsewhere", text: "require example.com/a v1.0.0\n\ufeffrequire example.com/b v1.0.0\n",
			requires: []string{"1:1 example.com/a@v1.0.0"},
			problems: []string{"\ufeffrequire example.com/b v1.0.0: unexpected input character '\\ufeff'"},
		},
		{
			name: "CRLF", text: "require (\r\n\texample.com/a v1.0.0\r\n\r\n\texample.com/b v1.0.0 // indirect\r\n)\r\n",
			requires: []string{"2:2 example.com/a@v1.0.0", "4:2 example.com/b@v1.0.0 // indirect"},
		},
		{
			name: "CR in a line is a space", text: "require\rexample.com/a\rv1.0.0\r",
			requires: []string{"1:1 example.com/a@v1.0.0"},
		},
		{
			name: "CR for newlines", text: "module example.com/x\rgo 1.26.0\r\nrequire example.com/a v1.0.0\n",
			requires: []string{"2:1 example.com/a@v1.0.0"},
			problems: []string{"module example.com/x\rgo 1.26.0: usage: module module/path"},
		},
		{
			name: "NUL", text: "require (\n\texample.com/a v1.0.0\n\x00\n\texample.com/b\x00 v1.0.0\n\texample.com/c v1.0.0\n)\n",
			requires: []string{"2:2 example.com/a@v1.0.0", "5:2 example.com/c@v1.0.0"},
			problems: []string{
				"\x00: unexpected input character " + nul,
				"example.com/b\x00 v1.0.0: unexpected input character " + nul,
			},
		},
		{
			name: "UTF-16", text: "\xff\xfeg\x00o\x00\n\x00require example.com/a v1.0.0\nrequire example.com/b v1.0.0\n",
			requires: []string{"3:1 example.com/b@v1.0.0"},
			problems: []string{
				"\xff\xfeg\x00o\x00: unexpected input character " + nul,
				"\x00require example.com/a v1.0.0: unexpected input character " + nul,
			},
		},
		{
			// modfile takes such a byte for a printable character, and a path
			// with it for one; a directory may really be called that.
			name: "not UTF-8", text: "require example.com/\xff v1.0.0\n",
			requires: []string{"1:1 example.com/\xff@v1.0.0"},
		},
		{
			name: "string over two lines", text: "require \"example.com/a\\\n\" v1.0.0\nrequire example.com/b v1.0.0\n",
			requires: []string{"3:1 example.com/b@v1.0.0"},
			problems: []string{
				"require \"example.com/a\\: unexpected EOF in string",
				"\" v1.0.0: unexpected newline in string",
			},
		},
		{
			name: "string to the end", text: "require \"example.com/a",
			problems: []string{"require \"example.com/a: unexpected EOF in string"},
		},
		{
			name: "escapes in a string", text: `require "example.com/\x61" "v1.0.\u0030"`,
			requires: []string{"1:1 example.com/a@v1.0.0"},
		},
		{
			name: "quote in a string", text: `require "example.com/\"a\\" v1.0.0`,
			requires: []string{`1:1 example.com/"a\@v1.0.0`},
		},
		{
			name: "vertical tab alone", text: "\v\nrequire example.com/a v1.0.0\n",
			requires: []string{"2:1 example.com/a@v1.0.0"},
			problems: []string{"\v: unexpected input character '\\v'"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := gomod.Parse([]byte(tt.text))
			var requires, problems []string
			for _, r := range f.Requires {
				line, column := f.Position(r.Line.Start)
				place := fmt.Sprintf("%d:%d %s %s", line, column, r.Mod, f.Text[r.Comment.Start:r.Comment.End])
				requires = append(requires, strings.TrimSpace(place))
			}
			for _, p := range f.Problems {
				problems = append(problems, string(f.Text[p.Span.Start:p.Span.End])+": "+p.Message)
			}
			if diff := cmp.Diff(tt.requires, requires); diff != "" {
				t.Errorf("requirements (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.problems, problems); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// TestParseNothingLost adds each of some bad lines at each place of a good file.
func TestParseNothingLost(t *testing.T) {
	const good = `// Deprecated: no.
module example.com/x

go 1.26.0

require example.com/single v1.0.0

require (
	example.com/a v1.0.0

	// comment
	example.com/b v1.0.0 // indirect
	example.com/c master
)

replace (
	example.com/a => ../a
)

tool example.com/c/cmd
`
	file := gomod.Parse([]byte(good))
	if len(file.Problems) > 0 || len(file.Requires) != 4 {
		t.Fatalf("%d requirements and problems %v", len(file.Requires), file.Problems)
	}
	for _, line := range []string{
		"require golang.org/x/", "require", "golang.org/x/mod", "golang.org/x/mod v", "replace a =>",
		"<<<<<<< HEAD", "=======", ">>>>>>> 0123456 (a, b)", ")", "require (", "\t\"", "`", "/*", "*/",
		"\x00\x01\x02", "\xff\xfe", "\ufeff", "unknown", "unknown x y z", "module again", "go 1.25", "x ( y",
	} {
		t.Run(line, func(t *testing.T) {
			for at := range strings.Count(good, "\n") + 1 {
				checkNothingLost(t, file, line, uint(at))
			}
		})
	}
}

// TestParseAgainstModfile compares the two on files put together from pieces
// that have a meaning somewhere in the grammar, most of them in a wrong place.
func TestParseAgainstModfile(t *testing.T) {
	words := []string{
		"module", "go", "toolchain", "require", "replace", "exclude", "retract", "tool", "use", "godebug", "ignore",
		"example.com/a", "example.com/b/v2", "gopkg.in/c", "\"example.com/d\"", "\"\\x61\"", "`raw`", "'x'", "./dir", "\"./d e\"",
		"v1.0.0", "v2.1.0", "master", "v", "1.26.0", "go1.26.0", "default=go1.21", "=>", "=>", "(", "(", ")", ")", "[", "]", ",", "//",
		"// indirect", "// Deprecated: so", "//", "/*", "\"open", "\v", "\r", "\xff", ">>>>>>>",
	}
	shapes := []string{
		"module example.com/x", "go 1.26.0", "require example.com/a v1.0.0", "require (", "retract (", "replace (", "use (", "tool (", ")", ")", ")", "",
		"\texample.com/a v1.0.0 // indirect", "\texample.com/a => ./a", "\t./a", "\tv1.0.0 // bad", "\t[v1.0.0, v1.1.0]", "// text", "// Deprecated: y",
		"retract v1.0.0", "replace example.com/a v1.0.0 => example.com/b v1.1.0", "use ./x", "exclude example.com/a v1.0.0",
	}
	// A fixed seed, so that a failure can be repeated.
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(list []string) string { return list[random.IntN(len(list))] }
	accepted := 0
	const files = 20_000 // a second of work, a third of it on files without problems
	for range files {
		var b strings.Builder
		for range random.IntN(8) {
			if random.IntN(6) > 0 {
				b.WriteString(pick(shapes))
			} else {
				for range random.IntN(5) {
					b.WriteString(pick(words) + " ")
				}
			}
			b.WriteString(pick([]string{"\n", "\n", "\n", "\r\n", " // why\n"}))
		}
		f := gomod.Parse([]byte(b.String()))
		if random.IntN(3) == 0 {
			f = gomod.ParseWork([]byte(b.String()))
		}
		if len(f.Problems) == 0 {
			accepted++
		}
		checkSpans(t, f)
		checkAgainstModfile(t, f)
		if t.Failed() {
			t.Fatalf("in the file\n%s", b.String())
		}
	}
	if accepted < files/10 {
		t.Errorf("%d of %d files without problems: too few to compare", accepted, files)
	}
}
