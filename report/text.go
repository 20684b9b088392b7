package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// TextOptions say how text is written; the zero value is for a file or a pipe.
type TextOptions struct {
	// Color marks paths and severities for a terminal.
	Color bool
	// Verbose adds every requirement with its verdict and the hops asked.
	Verbose bool
}

// Text writes one line for each finding,
//
//	go.mod:6:2: error: what happened and what to do [code]
//
// and then a summary of at most 80 columns. Where many lines of a file suffer
// from one cause, it is told in full at the first of them.
func Text(w io.Writer, c Check, o TextOptions) error {
	t := text{color: o.Color}
	for _, f := range c.Files {
		t.findings(f)
	}
	if o.Verbose {
		for _, f := range c.Files {
			t.verdicts(f)
		}
	}
	if t.out.Len() > 0 {
		t.out.WriteByte('\n')
	}
	t.summary(c)
	_, err := w.Write(t.out.Bytes())
	return err
}

// text is a text while it is written.
type text struct {
	color bool
	out   bytes.Buffer
}

// The marks of a terminal (ECMA-48, select graphic rendition).
const (
	plain  = ""
	bold   = "1"
	faint  = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

// marked gives a text in a mark, or as it is where colour is not wanted.
func (t *text) marked(mark, s string) string {
	if !t.color || mark == plain {
		return s
	}
	return "\x1b[" + mark + "m" + s + "\x1b[0m"
}

// line starts a line with a place in a file.
func (t *text) line(f File, p place, mark, word string) {
	where := fmt.Sprintf("%s:%d:%d:", printable(f.Path), p.line, p.column)
	fmt.Fprintf(&t.out, "%s %s ", t.marked(bold, where), t.marked(mark, word+":"))
}

func (t *text) findings(f File) {
	told := map[string]int{} // cause -> line where it was told in full
	for _, d := range f.ordered() {
		p := bytePlace(f.File, d.Span)
		message := printable(scrub(named(d)))
		if first, again := told[cause(d)]; again && d.Module != "" {
			message = fmt.Sprintf("%s: the same as on line %d", printable(subject(d.Module, d.Version)), first)
		} else {
			told[cause(d)] = p.line
		}
		t.line(f, p, severityMark(d.Severity), d.Severity.String())
		fmt.Fprintf(&t.out, "%s [%s]\n", message, d.Code)
	}
}

// named is the message of a finding, led by the module where it does not say
// which one it is about: in a terminal the line is not before one's eyes.
func named(d diagnostics.Finding) string {
	if d.Module == "" || strings.Contains(d.What, d.Module) {
		return d.Message()
	}
	return subject(d.Module, d.Version) + ": " + d.Message()
}

// cause is what two findings share that differ in nothing but the words of the
// go command, which name the module.
func cause(d diagnostics.Finding) string { return string(d.Code) + " " + d.What }

func severityMark(s diagnostics.Severity) string {
	return [...]string{plain, red, yellow, cyan, faint}[s]
}

func stateMark(s diagnostics.State) string {
	switch s {
	case diagnostics.Unreachable:
		return red
	case diagnostics.Unknown:
		return yellow
	case diagnostics.Reachable, diagnostics.Cached, diagnostics.Skipped:
	}
	return plain
}

// verdicts writes every line with its verdict, and below it the hops.
func (t *text) verdicts(f File) {
	if t.out.Len() > 0 && len(f.Verdicts)+len(f.Lines) > 0 {
		t.out.WriteByte('\n')
	}
	others := f.Lines
	for i, v := range f.Verdicts {
		r := f.File.Requires[i]
		for len(others) > 0 && others[0].Span.Start < r.Line.Start {
			t.otherLine(f, others[0])
			others = others[1:]
		}
		what := subject(r.Mod.Path, r.Mod.Version)
		if mod := v.Report.Route.Mod; mod.Path != "" && mod != r.Mod {
			what += " => " + subject(mod.Path, mod.Version)
		}
		t.verdict(f, r.Line, what, v)
		t.hops(v.Report)
	}
	for _, l := range others {
		t.otherLine(f, l)
	}
}

// otherLine writes a go, toolchain or tool line. The hops of a tool stand at
// the line of its module.
func (t *text) otherLine(f File, l diagnostics.Line) {
	what := l.Directive + " " + l.Written
	if l.Mod.Path != "" {
		what += " => " + subject(l.Mod.Path, l.Mod.Version)
	}
	t.verdict(f, l.Span, what, l.Verdict)
	if l.Directive != "tool" {
		t.hops(l.Verdict.Report)
	}
}

// verdict writes what a line comes to.
func (t *text) verdict(f File, s gomod.Span, what string, v diagnostics.Verdict) {
	t.line(f, bytePlace(f.File, s), stateMark(v.State), v.State.String())
	if v.Reason != "" {
		what += ": " + scrub(v.Reason)
	}
	t.out.WriteString(printable(what) + "\n")
}

func (t *text) hops(r probe.Report) {
	for _, res := range r.Results {
		note := strings.TrimPrefix(diagnostics.Told(res), res.Hop.String()+": ")
		if note == "" {
			note = "not asked"
		}
		if ms := elapsed(res).Round(time.Millisecond).Milliseconds(); ms > 0 {
			note += fmt.Sprintf(", %d ms", ms)
		}
		t.hop(res.Hop, note)
	}
}

func (t *text) hop(h route.Hop, note string) {
	name := h.String()
	// A hop that is passed by says why in its note.
	if h.Why != "" && h.Why != h.Skip {
		name += " (" + h.Why + ")"
	}
	fmt.Fprintf(&t.out, "    %s\n", printable(scrub(name+": "+note)))
}

// elapsed is the time all steps at a hop took.
func elapsed(res probe.Result) time.Duration {
	var sum time.Duration
	for _, ans := range res.Answers {
		for _, s := range ans.Steps {
			sum += s.Took
		}
	}
	return sum
}

// subject is a module version as people write it.
func subject(path, version string) string {
	return strings.TrimSpace(path + " " + version)
}
