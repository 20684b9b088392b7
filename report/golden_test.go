package report_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

// forms are all ways to write a check, by the name of their golden file.
var forms = []struct {
	name  string
	write func(io.Writer, report.Check) error
}{
	{"plain.txt", text(report.TextOptions{})},
	{"verbose.txt", text(report.TextOptions{Verbose: true})},
	{"color.txt", text(report.TextOptions{Color: true, Verbose: true})},
	{"check.json", report.JSON},
	{"check.sarif", report.SARIF},
	{"github.txt", report.GitHub},
	{"gitlab.json", report.GitLab},
	{"check.html", report.HTML},
}

func text(o report.TextOptions) func(io.Writer, report.Check) error {
	return func(w io.Writer, c report.Check) error { return report.Text(w, c, o) }
}

// written gives what a form makes of a check.
func written(t *testing.T, write func(io.Writer, report.Check) error, c report.Check) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	for _, form := range forms {
		t.Run(form.name, func(t *testing.T) {
			golden(t, form.name, written(t, form.write, app(t)))
		})
	}
}

// golden compares what was written with a golden file.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if filepath.Ext(file) == ".html" { // the style is a file of its own
		style, err := os.ReadFile("html/style.css")
		if err != nil {
			t.Fatal(err)
		}
		got = strings.Replace(got, string(style), "html/style.css", 1)
	}
	name := filepath.Join("..", "testdata", "report", file)
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("output differs from %s (-want +got):\n%s", name, diff)
	}
}

// TestSame makes sure that no order hangs on a map.
func TestSame(t *testing.T) {
	for _, form := range forms {
		t.Run(form.name, func(t *testing.T) {
			c := hostile(t)
			first := written(t, form.write, c)
			for range 20 {
				if again := written(t, form.write, c); again != first {
					t.Fatalf("two outputs of one check differ:\n%s", cmp.Diff(first, again))
				}
			}
		})
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestWriterFails(t *testing.T) {
	for _, form := range forms {
		if err := form.write(full{}, app(t)); err == nil {
			t.Errorf("%s: the error of the writer is lost", form.name)
		}
	}
}
