package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// Trace writes the way of one requirement, hop by hop and artefact by artefact,
// with the time of each step, the verdict, and the plain go command that takes
// the same way. f is the finding on it; nil if there is none.
func Trace(w io.Writer, v diagnostics.Verdict, f *diagnostics.Finding, color bool) error {
	t := text{color: color}
	r := v.Report
	what := subject(r.Route.Required.Path, r.Route.Required.Version)
	switch {
	case r.Route.Mod != r.Route.Required:
		what += " => " + subject(r.Route.Mod.Path, r.Route.Mod.Version)
	case r.Route.Query && r.Served.Version != r.Route.Mod.Version:
		what += " is " + r.Served.Version
	}
	t.out.WriteString(t.marked(bold, printable(what)) + "\n\n")
	for i, hop := range r.Route.AllHops() {
		fmt.Fprintf(&t.out, "%2d  ", i+1)
		res := probe.Result{Hop: hop}
		if i < len(r.Results) {
			res = r.Results[i]
		}
		t.traceHop(res, len(r.Results) > 0)
	}
	if len(r.Route.Hops) > 0 {
		t.out.WriteByte('\n')
	}
	t.conclusion(v, f)
	_, err := w.Write(t.out.Bytes())
	return err
}

// conclusion writes what the go command would conclude and what to do about it,
// each behind a label.
func (t *text) conclusion(v diagnostics.Verdict, f *diagnostics.Finding) {
	state, mark := v.State.String(), stateMark(v.State)
	switch {
	case f == nil:
		t.labelled(state, mark, v.Reason)
	case v.State == diagnostics.Unreachable:
		t.labelled(state, mark, f.What)
		t.labelled("what to do", plain, f.Remedy)
		t.labelled("go says", plain, v.Report.Text)
	default:
		t.labelled(state, mark, v.Reason)
		t.labelled(f.Severity.String(), severityMark(f.Severity), f.What)
		t.labelled("what to do", plain, f.Remedy)
	}
	if f != nil {
		t.labelled("more", plain, "modreach explain "+string(f.Code))
	}
	if with := v.Report.Route.Command(); with != "" && v.Report.Evidence == "" && !shut(v.Report.Route) { // else it would do what this check does not
		t.labelled("with go", plain, with)
	}
}

// shut reports whether a hop of a route must not learn the path, be it reached or
// not.
func shut(r route.Route) bool {
	return slices.ContainsFunc(r.AllHops(), func(h route.Hop) bool { return h.Guard.Shut() })
}

// labelled writes a text of one or more lines behind a label.
func (t *text) labelled(label, mark, words string) {
	// The longest label and a gap.
	const width = len("unreachable") + len("  ")
	for line := range strings.SplitSeq(words, "\n") {
		gap := strings.Repeat(" ", width-len(label))
		t.out.WriteString(t.marked(mark, label) + gap + printable(scrub(strings.TrimSpace(line))) + "\n")
		label, mark = "", plain
	}
}

// traceHop writes one hop, and below it what it answered about each artefact.
// Where the answers of the route are not in, a hop without any may have been
// asked all the same.
func (t *text) traceHop(res probe.Result, answered bool) {
	t.out.WriteString(printable(scrub(res.Hop.String())))
	if res.Hop.Why != "" && res.Hop.Why != res.Hop.Skip {
		t.out.WriteString(t.marked(faint, printable(scrub(" ("+res.Hop.Why+")"))))
	}
	rows := rowsOf(res)
	switch {
	case res.Hop.Skip != "":
		t.out.WriteString(": passed by, " + printable(scrub(res.Hop.Skip)))
	case len(rows) == 0 && answered:
		t.out.WriteString(": not asked")
	}
	t.out.WriteByte('\n')
	for _, name := range logins(res) {
		t.out.WriteString(indent + t.marked(faint, "login: "+printable(name)) + "\n")
	}
	t.traceRows(rows, phasesOf(rows))
	if asked := byHand(res); asked != "" {
		t.out.WriteString(indent + t.marked(faint, "by hand: "+printable(asked)) + "\n")
	}
}

// byHand is the plain command that asks a hop for what decided there. It has no
// secret, and must be fit to be copied.
func byHand(res probe.Result) string {
	if ans := telling(res); ans.Outcome != probe.OK && ans.Asked != "" {
		return ans.Asked
	}
	for _, ans := range res.Answers {
		if ans.Asked != "" {
			return ans.Asked
		}
	}
	return ""
}

// traceRow is what a hop answered about some artefacts.
type traceRow struct {
	name string
	probe.Answer
}

// rowsOf gives a row for each artefact that was asked. The artefacts of a hop
// that takes no time, such as the module cache, share a row where they can.
func rowsOf(res probe.Result) []traceRow {
	var rows []traceRow
	for _, ans := range res.Answers {
		if ans.Outcome == probe.Unasked {
			continue
		}
		name := ans.Artefact.String()
		if res.Hop.Kind == route.Directory || res.Hop.Kind == route.Vendor {
			name = "" // it is there as a whole, or not
		}
		if n := len(rows); n > 0 && res.Hop.Kind == route.Cache && rows[n-1].Outcome == ans.Outcome && rows[n-1].Text == ans.Text {
			rows[n-1].name += " " + name
			continue
		}
		rows = append(rows, traceRow{name, ans})
	}
	return rows
}

// phasesOf gives the phases that took time in any row, in their order.
func phasesOf(rows []traceRow) []probe.Phase {
	var phases []probe.Phase
	for _, row := range rows {
		for _, s := range row.Steps {
			phases = append(phases, s.Phase)
		}
	}
	slices.Sort(phases)
	return slices.Compact(phases)
}

// traceRows writes a table: artefact, outcome, the time of each phase and of
// all, and below each row the words of the go command.
func (t *text) traceRows(rows []traceRow, phases []probe.Phase) {
	names := 0
	for _, row := range rows {
		names = max(names, len(row.name))
	}
	gap := names + min(names, len("  "))
	if len(phases) > 0 {
		var head strings.Builder
		for _, p := range phases {
			head.WriteString(cell(p, p.String()))
		}
		head.WriteString(cell(probe.NoPhase, "total"))
		fmt.Fprintf(&t.out, "%s%*s%s\n", indent, gap+outcomeWidth, "", t.marked(faint, head.String()))
	}
	for _, row := range rows {
		fmt.Fprintf(&t.out, "%s%-*s", indent, gap, row.name)
		word, mark := outcomeWord(row.Answer)
		times := timesOf(row, phases)
		if times != "" {
			word = fmt.Sprintf("%-*s", outcomeWidth, word)
		}
		t.out.WriteString(t.marked(mark, word) + times + "\n")
		words := wordsOf(row.Answer)
		if words == "" {
			continue
		}
		for line := range strings.SplitSeq(words, "\n") {
			fmt.Fprintf(&t.out, "%s%*s%s\n", indent, gap, "", printable(scrub(strings.TrimSpace(line))))
		}
	}
}

// wordsOf gives what there is to say of an answer that was not served, in the
// words of the go command where it has any: it waits for silence without end.
func wordsOf(ans probe.Answer) string {
	switch {
	case ans.Outcome == probe.OK:
		return ""
	case ans.Text == "" && ans.Outcome == probe.Failed:
		return "no answer"
	}
	return ans.Text
}

// timesOf gives the cells of a row; empty for an answer that took no step.
func timesOf(row traceRow, phases []probe.Phase) string {
	if len(row.Steps) == 0 {
		return ""
	}
	var cells strings.Builder
	var total time.Duration
	for _, p := range phases {
		var took time.Duration
		entry := ""
		for _, s := range row.Steps { // a redirect goes through the phases again
			if s.Phase == p {
				took += s.Took
				entry = brief(took)
			}
		}
		total += took
		cells.WriteString(cell(p, entry))
	}
	cells.WriteString(cell(probe.NoPhase, brief(total)))
	return cells.String()
}

// cell is an entry of the column of a phase, at its right edge.
func cell(p probe.Phase, entry string) string {
	// Times up to "999.9 s", and a gap.
	return fmt.Sprintf("%*s", max(len(p.String()), len("999.9 s"))+2, entry)
}

// indent is where the lines below a hop begin: under its name.
const indent = "    "

// outcomeWidth is the length of the longest outcome.
const outcomeWidth = len("not there")

func outcomeWord(ans probe.Answer) (word, mark string) {
	switch ans.Outcome {
	case probe.OK:
		return "ok", plain
	case probe.Miss:
		if f := ans.Fault; f != nil && f.HostLevel() {
			return "failed", red // go goes on, as if it were not there
		}
		return "not there", yellow
	case probe.Failed, probe.Spoiled:
		return "failed", red
	case probe.Withheld:
		return "not asked", yellow
	case probe.Unsure, probe.Unasked:
	}
	return "not known", yellow
}

// brief gives a time with the digits that matter.
func brief(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	switch {
	case d >= time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case ms >= 10:
		return fmt.Sprintf("%.0f ms", ms)
	case ms >= 1:
		return fmt.Sprintf("%.1f ms", ms)
	}
	return fmt.Sprintf("%.2f ms", ms)
}
