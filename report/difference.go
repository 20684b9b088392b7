package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/modreach/modreach/doctor"
)

// Differences writes how two examinations differ, those that can decide what is
// fetched first. name is that of the file the other one is from.
func Differences(w io.Writer, here, there doctor.Report, name string, color bool) error {
	t := text{color: color}
	t.out.WriteString(t.marked(bold, "modreach doctor: this machine and that of "+printable(name)) + "\n")
	for _, side := range []struct {
		word string
		r    doctor.Report
	}{{"here", here}, {"there", there}} {
		label := "  " + side.word + strings.Repeat(" ", len("there")-len(side.word)) + "  "
		t.paragraph(label, printable(fmt.Sprintf("%s on %s, %s", cmp.Or(side.r.Go, "no go command"), side.r.OS, side.r.Made.Format(time.DateTime))))
	}
	all := doctor.Compare(here, there)
	t.differences("Can decide what is fetched", all, true)
	t.differences("Also different", all, false)
	if len(all) == 0 {
		t.out.WriteString("\nNothing differs.\n")
	}
	_, err := w.Write(t.out.Bytes())
	return err
}

// differences writes those that matter, or the others.
func (t *text) differences(title string, all []doctor.Difference, matter bool) {
	for _, d := range all {
		if d.Matters != matter {
			continue
		}
		if title != "" {
			t.out.WriteString("\n" + t.marked(bold, title) + "\n")
			title = ""
		}
		t.paragraph("  ", printable(scrub(d.Topic+" "+d.Name)))
		t.paragraph("      here   ", printable(scrub(cmp.Or(d.Here, "not set"))))
		t.paragraph("      there  ", printable(scrub(cmp.Or(d.There, "not set"))))
	}
}

// jsonDifferences is the JSON form of what differs.
type jsonDifferences struct {
	Schema      int                 `json:"schema"`
	Tool        jsonTool            `json:"tool"`
	Here        jsonMachine         `json:"here"`
	There       jsonMachine         `json:"there"`
	Differences []doctor.Difference `json:"differences"`
}

// jsonMachine tells one of two machines from the other.
type jsonMachine struct {
	Made   time.Time `json:"made"`
	Go     string    `json:"go"`
	OS     string    `json:"os"`
	Module string    `json:"module"`
}

// DifferencesJSON writes the same as one JSON object, whose form docs/doctor.md
// documents.
func DifferencesJSON(w io.Writer, here, there doctor.Report) error {
	machine := func(r doctor.Report) jsonMachine { return jsonMachine{r.Made, r.Go, r.OS, r.Module} }
	doc := jsonDifferences{
		Schema: schema, Tool: jsonTool(here.Tool), Here: machine(here), There: machine(there),
		Differences: []doctor.Difference{},
	}
	for _, d := range doctor.Compare(here, there) {
		d.Name, d.Here, d.There = scrub(d.Name), scrub(d.Here), scrub(d.There)
		doc.Differences = append(doc.Differences, d)
	}
	return writeJSON(w, doc)
}
