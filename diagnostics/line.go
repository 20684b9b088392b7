package diagnostics

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// Line is a go, toolchain or tool line with its verdict.
type Line struct {
	// Directive is "go", "toolchain" or "tool", Written what stands behind it.
	Directive, Written string
	// Span covers the whole directive.
	Span gomod.Span
	// Mod is what is fetched for it: a toolchain, or the module that provides
	// the tool. Its path is empty for nothing.
	Mod     module.Version
	Verdict Verdict
}

// Lines gives the go, toolchain and tool lines of m's file in the order of
// their places. toolchain is the verdict on t's route, and verdicts has one for
// each require line.
func Lines(m route.Module, t route.Toolchain, toolchain Verdict, verdicts []Verdict) []Line {
	var all []Line
	version := func(directive string, v *gomod.Version) {
		if v == nil {
			return
		}
		l := Line{Directive: directive, Written: v.Name, Span: v.Line, Verdict: toolchain}
		if t.Line != directive {
			l.Verdict = idle(t.Idle)
		} else if t.Route.Mod.Version != "" {
			l.Mod = t.Route.Mod
		}
		all = append(all, l)
	}
	version("go", m.File.Go)
	version("toolchain", m.File.Toolchain)
	for _, tool := range m.File.Tools {
		l := Line{Directive: "tool", Written: tool.Path, Span: tool.Line}
		l.Mod, l.Verdict = provider(m, tool.Path, verdicts)
		all = append(all, l)
	}
	slices.SortStableFunc(all, func(a, b Line) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	return all
}

// idle is the verdict on a line for which nothing is fetched.
func idle(reason string) Verdict {
	return Verdict{State: Skipped, Reason: reason, Report: probe.Report{Ending: probe.Spared, Hop: -1, Text: reason}}
}

// provider gives the module that a tool's package is looked for in, which is
// the one with the longest path, and the verdict on that.
func provider(m route.Module, pkg string, verdicts []Verdict) (mod module.Version, v Verdict) {
	for i, r := range m.File.Requires {
		if len(r.Mod.Path) > len(mod.Path) && within(pkg, r.Mod.Path) {
			mod, v = r.Mod, verdicts[i]
		}
	}
	if path, why := m.Provides(pkg); len(path) > len(mod.Path) {
		return module.Version{Path: path}, idle(why)
	}
	if mod.Path != "" {
		if v.State != Unreachable {
			v.Code = "" // what is odd about the module is told at its own line
		}
		return mod, v
	}
	if first, _, _ := strings.Cut(pkg, "/"); !strings.Contains(first, ".") {
		return mod, idle("part of the standard library")
	}
	text := "no required module provides package " + pkg
	return mod, Verdict{
		State: Unreachable, Code: ToolMissing, Reason: text,
		Report: probe.Report{Ending: probe.Lost, Hop: -1, Text: text},
	}
}

// within reports whether a package can be part of a module.
func within(pkg, modulePath string) bool {
	return pkg == modulePath || strings.HasPrefix(pkg, modulePath+"/")
}

// Under gives the verdict on a requirement where the go command has to become
// another toolchain first: without that it fetches nothing at all.
func (v Verdict) Under(toolchain Verdict) Verdict {
	switch {
	case toolchain.State == Unreachable:
		v.State, v.Code, v.Reason, v.Shared, v.Also = Unreachable, toolchain.Code, toolchain.Reason, true, nil
		v.Report.Ending, v.Report.Hop = probe.Lost, -1
		v.Report.Text, v.Report.Fault = toolchain.Report.Text, toolchain.Report.Fault
	case toolchain.State == Unknown && (v.State == Reachable || v.State == Cached):
		v.State, v.Code = Unknown, ""
		v.Reason = "the toolchain has to be fetched first: " + toolchain.Reason
	}
	return v
}
