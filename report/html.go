package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/route"
)

// HTML writes a check as one page that can be sent to a colleague: it loads
// nothing, runs nothing, and looks right on paper and in the dark. First what it
// comes to, then the findings, then the way of every line hop by hop, and last
// the environment.
func HTML(w io.Writer, c Check) error { return writePage(w, "check", checkViewOf(c)) }

// What the template of a check is filled with. Every text in it is [shown].
type (
	checkView struct {
		page
		States      []stateView
		Files       []fileView
		Findings    int
		Environment []Setting
	}
	// stateView is one part of the bar above all: how many requirements have a
	// verdict.
	stateView struct {
		Name  string
		Count int
		Bar   segment
	}
	fileView struct {
		Path     string
		Findings []findingView
		Lines    []lineView
	}
	findingView struct {
		Severity, Code, Help string
		Place, Subject       string
		What, Remedy         string
		Quote                []string
		// Chain is the way that led to it, Way the fragment of its details; both
		// are empty for a finding on no line of its own.
		Chain []hopView
		Way   string
		// Also are the lines further down that suffer from the same cause.
		Also []alsoView
	}
	alsoView struct{ Place, Subject, Way string }
	lineView struct {
		span gomod.Span
		// ID is the fragment of the line's details.
		ID, State            string
		Place, What, Becomes string
		// Open reports that its hops are shown from the start.
		Indirect, Open bool
		Reason, Took   string
		Hops           []hopView
	}
)

func checkViewOf(c Check) checkView {
	s := c.Summary()
	v := checkView{page: newPage(headline(s), c.Version, c.At), States: statesOf(s)}
	v.Facts = append(v.Facts, "took "+lasted(c.Took))
	if len(c.Files) == 1 {
		v.Facts = append([]string{shown(c.Files[0].Path)}, v.Facts...)
	} else {
		v.Facts = append([]string{count(len(c.Files), "file")}, v.Facts...)
	}
	for i, f := range c.Files {
		file := fileViewOf(f, "f"+strconv.Itoa(i+1))
		v.Findings += len(file.Findings)
		v.Files = append(v.Files, file)
	}
	for _, e := range c.Environment {
		v.Environment = append(v.Environment, Setting{shown(e.Name), printable(route.Redact(e.Value)), shown(e.Origin)})
	}
	return v
}

// headline is the whole check in one sentence.
func headline(s Summary) string {
	lost, unknown := s.States[diagnostics.Unreachable], s.States[diagnostics.Unknown]
	all := count(s.Requirements, "requirement")
	switch {
	case lost == 1 && s.Requirements == 1:
		return "The requirement cannot be fetched"
	case lost > 0:
		return fmt.Sprintf("%d of %s cannot be fetched", lost, all)
	case s.Findings[diagnostics.Error] > 0:
		return severityCount(s.Findings[diagnostics.Error], diagnostics.Error)
	case s.Requirements == 0:
		return "No requirements"
	case unknown > 0:
		return fmt.Sprintf("%d of %s could not be judged", unknown, all)
	case s.Requirements == 1:
		return "The requirement can be fetched"
	}
	return fmt.Sprintf("All %s can be fetched", all)
}

// statesOf gives the verdicts that some requirements have, the worst first.
func statesOf(s Summary) []stateView {
	var views []stateView
	scale := newScale(time.Duration(s.Requirements))
	for _, state := range []diagnostics.State{
		diagnostics.Unreachable, diagnostics.Unknown, diagnostics.Reachable, diagnostics.Cached, diagnostics.Skipped,
	} {
		if n := s.States[state]; n > 0 {
			views = append(views, stateView{state.String(), n, scale.next(state.String(), time.Duration(n))})
		}
	}
	return views
}

// fileViewOf shows a file; the fragments of its lines begin with id.
func fileViewOf(f File, id string) fileView {
	v := fileView{Path: shown(f.Path)}
	for i, verdict := range f.Verdicts {
		r := f.File.Requires[i]
		l := lineViewOf(r.Line, verdict)
		l.What, l.Indirect = shown(subject(r.Mod.Path, r.Mod.Version)), r.Indirect
		if mod := verdict.Report.Route.Mod; mod.Path != "" && mod != r.Mod {
			l.Becomes = shown(subject(mod.Path, mod.Version))
		}
		v.Lines = append(v.Lines, l)
	}
	for _, other := range f.Lines {
		l := lineViewOf(other.Span, other.Verdict)
		l.What, l.Becomes = shown(other.Directive+" "+other.Written), shown(subject(other.Mod.Path, other.Mod.Version))
		if other.Directive == "tool" {
			l.Hops = nil // they stand at the module's own line
		}
		v.Lines = append(v.Lines, l)
	}
	slices.SortStableFunc(v.Lines, func(a, b lineView) int { return cmp.Compare(a.span.Start, b.span.Start) })
	for i := range v.Lines {
		l := &v.Lines[i]
		l.ID, l.Place = id+"-"+strconv.Itoa(i+1), placeOf(f, l.span)
	}
	v.Findings = findingViews(f, v.Lines)
	return v
}

func lineViewOf(s gomod.Span, v diagnostics.Verdict) lineView {
	l := lineView{span: s, State: v.State.String(), Reason: shown(v.Reason), Hops: hopViews(v.Report)}
	if v.State == diagnostics.Unreachable && len(l.Hops) > 0 {
		l.Reason = "" // it is quoted at the hop that decided
	}
	var sum time.Duration
	for _, res := range v.Report.Results {
		sum += elapsed(res)
	}
	if sum > 0 {
		l.Took = brief(sum)
	}
	return l
}

// findingViews shows the findings of a file. Those with one cause are told at
// the first of their lines.
func findingViews(f File, lines []lineView) []findingView {
	var views []findingView
	ways := map[gomod.Span]lineView{}
	for _, l := range lines {
		ways[l.span] = l
	}
	told := map[string]int{} // cause -> index of its view
	for _, d := range f.ordered() {
		where, what := placeOf(f, d.Span), shown(subject(d.Module, d.Version))
		way := ways[d.Span]
		if first, again := told[cause(d)]; again && d.Module != "" {
			views[first].Also = append(views[first].Also, alsoView{where, what, way.ID})
			continue
		}
		told[cause(d)] = len(views)
		v := findingView{
			Severity: d.Severity.String(), Code: string(d.Code), Help: d.Code.Help(),
			Place: where, Subject: what, What: shown(d.What), Remedy: shown(d.Remedy), Quote: shownLines(d.Quote),
		}
		if len(way.Hops) > 0 {
			v.Chain, v.Way = way.Hops, way.ID
		}
		views = append(views, v)
	}
	return views
}

// placeOf is the line of a span as editors and terminals take it.
func placeOf(f File, s gomod.Span) string {
	p := bytePlace(f.File, s)
	return fmt.Sprintf("%s:%d:%d", shown(f.Path), p.line, p.column)
}
