package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// Trace writes the way of one requirement, hop by hop and artefact by artefact,
// with the time of each step, the verdict, and the plain go command that takes
// the same way.
func Trace(w io.Writer, v diagnostics.Verdict, color bool) error {
	t := text{color: color}
	r := v.Report
	what := subject(r.Route.Required.Path, r.Route.Required.Version)
	if r.Route.Mod != r.Route.Required {
		what += " => " + subject(r.Route.Mod.Path, r.Route.Mod.Version)
	}
	fmt.Fprintln(&t.out, t.marked(bold, printable(what)))
	results := r.Results
	for i, res := range results {
		t.traceHop(i+1, res)
	}
	if db := r.Route.SumDB; db != nil {
		t.traceHop(len(results)+1, probe.Result{Hop: *db})
	}
	fmt.Fprintf(&t.out, "\n%s", t.marked(stateMark(v.State), v.State.String()))
	if v.Reason != "" {
		t.out.WriteString(": " + printable(scrub(v.Reason)))
	}
	t.out.WriteByte('\n')
	if v.Code != "" {
		fmt.Fprintf(&t.out, "see: modreach explain %s\n", v.Code)
	}
	fmt.Fprintf(&t.out, "the same with go: %s\n", printable(command(r.Route)))
	_, err := w.Write(t.out.Bytes())
	return err
}

// command is the go command that takes the same way.
func command(r route.Route) string {
	for _, h := range r.Hops {
		if h.Kind == route.Directory || h.Kind == route.Vendor {
			return "go list -m " + r.Required.Path
		}
	}
	return "go mod download -x " + r.Mod.Path + "@" + r.Mod.Version
}

func (t *text) traceHop(n int, res probe.Result) {
	fmt.Fprintf(&t.out, "%2d  %s", n, printable(scrub(res.Hop.String())))
	why := res.Hop.Why
	if res.Hop.Skip != "" {
		why = "passed by: " + res.Hop.Skip
	}
	if why != "" {
		t.out.WriteString(t.marked(faint, printable("  "+scrub(why))))
	}
	t.out.WriteByte('\n')
	asked := false
	for _, ans := range res.Answers {
		if ans.Outcome != probe.Unasked {
			asked = true
			t.traceAnswer(res.Hop, ans)
		}
	}
	if !asked && res.Hop.Skip == "" {
		t.out.WriteString("      not asked\n")
	}
}

func (t *text) traceAnswer(h route.Hop, ans probe.Answer) {
	name := ans.Artefact.String()
	if h.Kind == route.Directory || h.Kind == route.Vendor {
		name = ""
	}
	word, mark := outcomeWord(ans)
	fmt.Fprintf(&t.out, "      %-6s%s", name, t.marked(mark, fmt.Sprintf("%-10s", word)))
	for _, s := range ans.Steps {
		fmt.Fprintf(&t.out, "  %s %s", s.Phase, shortTime(s.Took))
	}
	t.out.WriteByte('\n')
	if ans.Text != "" && ans.Outcome != probe.OK {
		for line := range strings.SplitSeq(ans.Text, "\n") {
			t.out.WriteString("            " + printable(scrub(strings.TrimSpace(line))) + "\n")
		}
	}
}

func outcomeWord(ans probe.Answer) (word, mark string) {
	switch ans.Outcome {
	case probe.OK:
		return "ok", plain
	case probe.Miss:
		return "not there", yellow
	case probe.Failed, probe.Spoiled:
		return "failed", red
	case probe.Unsure, probe.Unasked:
	}
	return "not known", yellow
}

// shortTime gives a time in milliseconds with the digits that matter.
func shortTime(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	if ms < 10 {
		return fmt.Sprintf("%.1f ms", ms)
	}
	return fmt.Sprintf("%.0f ms", ms)
}
