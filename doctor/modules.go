package doctor

import (
	"fmt"
	"strings"
	"time"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
)

// Modules tells of each require line of a file, given the verdicts in their
// order.
func Modules(f *gomod.File, verdicts []diagnostics.Verdict) []Module {
	all := []Module{}
	for i, v := range verdicts {
		r := f.Requires[i]
		line, _ := f.Position(r.Line.Start)
		m := Module{
			Path: r.Mod.Path, Version: r.Mod.Version, Line: line,
			Verdict: v.State.String(), Reason: v.Reason, Code: string(v.Code), Hops: []Hop{},
		}
		for _, res := range v.Report.Results {
			m.Hops = append(m.Hops, hopOf(res))
		}
		all = append(all, m)
	}
	return all
}

func hopOf(res probe.Result) Hop {
	h := Hop{Kind: res.Hop.Kind.String(), Name: res.Hop.String(), Why: res.Hop.Why, Outcome: "skipped", Message: res.Hop.Skip}
	var took time.Duration
	worst := probe.Unasked
	for _, a := range []probe.Artefact{probe.Info, probe.Mod, probe.Zip, probe.Record} {
		ans := res.Answers[a]
		for _, s := range ans.Steps {
			took += s.Took
		}
		if graver(ans.Outcome, worst) {
			worst = ans.Outcome
			h.Outcome, h.Message = outcomes[ans.Outcome], ans.Text
			if ans.Outcome != probe.OK {
				h.Code = string(diagnostics.CodeOf(ans.Fault))
			}
		}
	}
	h.MS = milliseconds(took)
	return h
}

var outcomes = [...]string{
	probe.Unasked: "skipped", probe.OK: "ok", probe.Miss: "not-found",
	probe.Failed: "fault", probe.Spoiled: "fault", probe.Unsure: "skipped", probe.Withheld: "skipped",
}

// graver reports whether an outcome tells more of a hop than another.
func graver(a, b probe.Outcome) bool {
	rank := [...]int{probe.Unasked: 0, probe.OK: 1, probe.Miss: 2, probe.Unsure: 3, probe.Withheld: 3, probe.Failed: 4, probe.Spoiled: 4}
	return rank[a] > rank[b]
}

// ModuleChecks tell how many requirements can be had, and what is amiss with the
// others.
func ModuleChecks(modules []Module, findings []diagnostics.Finding) []Check {
	n := map[string]int{}
	for _, m := range modules {
		n[m.Verdict]++
	}
	c := Check{ID: "modules.all", Status: OK, Title: "requirements"}
	var parts []string
	for _, state := range []string{"reachable", "cached", "skipped", "unknown", "unreachable"} {
		if n[state] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[state], state))
		}
	}
	c.Detail = count(len(modules), "requirement") + ": " + strings.Join(parts, ", ") + "."
	switch {
	case len(modules) == 0:
		c.Status, c.Detail = Skipped, "go.mod requires nothing."
	case n["unreachable"] > 0:
		c.Status = Fail
		c.Remedy = "See below; modreach trace MODULE follows one of them hop by hop."
	case n["unknown"] > 0:
		c.Status = Warn
		c.Remedy = "modreach check -v tells why; it also waits longer."
	}
	return append([]Check{c}, FindingChecks("modules.", findings)...)
}
