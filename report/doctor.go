package report

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/modreach/modreach/doctor"
)

// Doctor writes an examination as a checklist of at most 80 columns,
//
//	Hosts (42 ms)
//	  ok    proxy.corp.example:443  answers in 40 ms over IPv4.
//	  fail  sum.corp.example:443    It refuses the connection.
//	        -> Start it.
//
// and then a summary.
func Doctor(w io.Writer, r doctor.Report, color bool) error {
	t, r := text{color: color}, r.Rewritten(scrub)
	head := []string{"modreach doctor:", r.Go, "on", r.OS}
	if r.Go == "" {
		head[1] = "no go command"
	}
	t.out.WriteString(t.marked(bold, printable(strings.Join(head, " "))) + "\n")
	if r.Module != "" {
		t.out.WriteString("module " + printable(r.Module) + "\n")
	}
	for _, s := range r.Stages {
		fmt.Fprintf(&t.out, "\n%s (%s)\n", t.marked(bold, s.Title), spent(s.MS))
		for _, c := range s.Checks {
			t.check(c)
		}
	}
	t.out.WriteByte('\n')
	var parts []string
	for _, p := range []struct {
		n    int
		noun string
	}{{r.Summary.OK, "ok"}, {r.Summary.Warn, "warn"}, {r.Summary.Fail, "fail"}, {r.Summary.Skipped, "skipped"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.noun))
		}
	}
	fmt.Fprintf(&t.out, "%s (%s)\n", strings.Join(parts, ", "), spent(r.Summary.Seconds*1000))
	_, err := w.Write(t.out.Bytes())
	return err
}

// spent is a time of so many milliseconds as precise as anybody wants to know it.
func spent(ms float64) string {
	switch {
	case ms < 100:
		return fmt.Sprintf("%.0f ms", ms)
	case ms < 10_000:
		return fmt.Sprintf("%.1f s", ms/1000)
	}
	return fmt.Sprintf("%.0f s", ms/1000)
}

// checkIndent is how far what belongs to a check is moved in: past its mark.
const checkIndent = "           "

func (t *text) check(c doctor.Check) {
	mark := map[doctor.Status]string{doctor.OK: green, doctor.Warn: yellow, doctor.Fail: red, doctor.Skipped: faint}[c.Status]
	label := "  " + t.marked(mark, string(c.Status)) + strings.Repeat(" ", len(checkIndent)-len(c.Status)-len("  "))
	words := c.Title
	if c.Detail != "" {
		words += ": " + c.Detail
	}
	t.paragraph(label, printable(words))
	if c.Host != nil {
		t.host(*c.Host)
	}
	if c.Remedy != "" {
		t.paragraph(checkIndent+"-> ", printable(c.Remedy))
	}
	if c.Code != "" {
		t.paragraph(checkIndent, t.marked(faint, "modreach explain "+c.Code))
	}
}

func (t *text) host(h doctor.Host) {
	var facts []string
	facts = append(facts, h.Roles...)
	switch {
	case h.Via != "":
		facts = append(facts, "through "+h.Via+" ("+h.Why+")")
	case h.Why != "" && !strings.HasSuffix(h.Why, " is not set"): // an HTTP proxy is, and is gone around
		facts = append(facts, "directly ("+h.Why+")")
	}
	if h.Proto != "" {
		facts = append(facts, h.Proto)
	}
	t.paragraph(checkIndent, printable(strings.Join(facts, ", ")))
	for _, l := range h.Looks {
		t.look(l)
	}
}

// look writes one attempt in one line or two: the waterfall in figures, and who
// vouches for the host.
func (t *text) look(l doctor.Look) {
	var words []string
	if l.Family != "" {
		words = append(words, l.Family)
	}
	if l.Address != "" {
		words = append(words, l.Address)
	}
	head := strings.Join(words, " ")
	if head != "" {
		head += ": "
	}
	if l.Outcome == "none" {
		t.paragraph(checkIndent, t.marked(faint, printable(head+l.Message)))
		return
	}
	var steps []string
	for _, s := range l.Steps {
		steps = append(steps, fmt.Sprintf("%s %.0f", s.Name, s.MS))
	}
	if len(steps) > 0 {
		head += strings.Join(steps, ", ") + " ms"
	}
	if l.TLS != "" {
		head += "; " + l.TLS
	}
	if l.Outcome == "fault" {
		head += "; " + l.Message
	}
	t.paragraph(checkIndent, printable(strings.TrimSuffix(head, ": ")))
	if c := l.Certificate; c != nil {
		t.paragraph(checkIndent, printable("certificate until "+c.Expires.Format("2006-01-02")+", signed by "+c.Issuer))
	}
}

// paragraph writes a text behind a label, broken between words where it is too
// long for the line. What follows stands below the text.
func (t *text) paragraph(label, words string) {
	width := wide(label)
	t.out.WriteString(label)
	column := width
	for i, word := range strings.Fields(words) {
		switch {
		case i == 0:
		case column+1+wide(word) > columns:
			t.out.WriteString("\n" + strings.Repeat(" ", width))
			column = width
		default:
			t.out.WriteByte(' ')
			column++
		}
		t.out.WriteString(word)
		column += wide(word)
	}
	t.out.WriteByte('\n')
}

// DoctorJSON writes an examination as one JSON object, whose form docs/doctor.md
// documents.
func DoctorJSON(w io.Writer, r doctor.Report) error { return writeJSON(w, r.Rewritten(scrub)) }

// wide is how many columns a text takes.
func wide(text string) int { return utf8.RuneCountInString(colourMark.ReplaceAllString(text, "")) }

// colourMark is what makes a terminal change colours; it takes no room.
var colourMark = regexp.MustCompile(`\x1b\[[0-9;]*m`)
