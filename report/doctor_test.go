package report_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/doctor"
	"github.com/modreach/modreach/report"
)

// elsewhere is another machine than that of examination.
func elsewhere() doctor.Report {
	r := examination().Rewritten(func(text string) string { return text })
	r.Go, r.Made = "go1.25.3", r.Made.AddDate(0, 0, -3)
	r.Settings = []doctor.Setting{{Name: "GOPROXY", Value: "https://me:secret@mirror.example/?token=secret", Origin: "user"}}
	for i := range r.Stages {
		for j := range r.Stages[i].Checks {
			if c := &r.Stages[i].Checks[j]; c.Host != nil {
				c.Status, c.Code, c.Host.Looks = doctor.OK, "", []doctor.Look{{Outcome: "ok"}}
			}
		}
	}
	return r
}

// doctorForms are all ways to write an examination but HTML.
var doctorForms = []struct {
	name  string
	write func(io.Writer, doctor.Report) error
}{
	{"doctor.txt", func(w io.Writer, r doctor.Report) error { return report.Doctor(w, r, false) }},
	{"doctor-color.txt", func(w io.Writer, r doctor.Report) error { return report.Doctor(w, r, true) }},
	{"doctor.json", report.DoctorJSON},
	{"differences.txt", func(w io.Writer, r doctor.Report) error {
		return report.Differences(w, r, elsewhere(), "laptop.json", false)
	}},
	{"differences.json", func(w io.Writer, r doctor.Report) error { return report.DifferencesJSON(w, r, elsewhere()) }},
}

func TestDoctor(t *testing.T) {
	for _, form := range doctorForms {
		t.Run(form.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := form.write(&b, examination()); err != nil {
				t.Fatal(err)
			}
			golden(t, form.name, b.String())
			if strings.Contains(b.String(), "secret") {
				t.Error("a secret is told")
			}
			if strings.HasSuffix(form.name, ".json") {
				return
			}
			for line := range strings.Lines(colors.ReplaceAllString(b.String(), "")) {
				if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 80 && strings.Contains(strings.TrimSpace(line), " ") {
					t.Errorf("%d columns: %s", n, line)
				}
			}
		})
	}
}

var colors = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// TestDoctorReadsItself wants that what is written can be read by another machine.
func TestDoctorReadsItself(t *testing.T) {
	var b bytes.Buffer
	if err := report.DoctorJSON(&b, examination()); err != nil {
		t.Fatal(err)
	}
	r, err := doctor.Read(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(examination(), r); diff != "" {
		t.Errorf("read (-written +read):\n%s", diff)
	}
	if d := doctor.Compare(r, r); len(d) > 0 {
		t.Errorf("differs from itself: %+v", d)
	}
}

// TestDoctorDocumented wants that docs/doctor.md has a row for every field.
func TestDoctorDocumented(t *testing.T) {
	page, err := os.ReadFile("../docs/doctor.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range doctorForms {
		if !strings.HasSuffix(form.name, ".json") {
			continue
		}
		var b bytes.Buffer
		if err := form.write(&b, examination()); err != nil {
			t.Fatal(err)
		}
		var document any
		if err := json.Unmarshal(b.Bytes(), &document); err != nil {
			t.Fatal(err)
		}
		var paths []string
		fields("", document, &paths)
		slices.Sort(paths)
		for _, path := range slices.Compact(paths) {
			if !strings.Contains(string(page), "`"+path+"`") {
				t.Errorf("docs/doctor.md does not tell of %s", path)
			}
		}
	}
}

// fields gives the names of all fields below a value.
func fields(path string, value any, all *[]string) {
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			at := strings.TrimPrefix(path+"."+name, ".")
			*all = append(*all, at)
			fields(at, inner, all)
		}
	case []any:
		for _, inner := range v {
			fields(path+"[]", inner, all)
		}
	}
}
