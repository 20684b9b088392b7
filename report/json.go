package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"
	"unicode/utf16"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/route"
)

// schema is the version of the JSON form. Fields are only ever added to it;
// docs/json.md tells what they mean.
const schema = 1

// JSON writes the whole check as one JSON object, whose form docs/json.md
// documents. Lists are never null, strings of other programs stand in it as
// they were, save for secrets.
func JSON(w io.Writer, c Check) error { return writeJSON(w, document(c)) }

// writeJSON writes a value indented, with < and & as they are: nobody puts
// this into a web page.
func writeJSON(w io.Writer, v any) error {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(escapeJSON(out.Bytes()))
	return err
}

// escapeJSON writes out what a terminal would obey rather than show and the
// encoder leaves as it is. Such characters stand in strings alone, so the
// values stay the same.
func escapeJSON(text []byte) []byte {
	if !bytes.ContainsFunc(text, unprintable) {
		return text
	}
	var out bytes.Buffer
	for _, r := range string(text) {
		if !unprintable(r) {
			out.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&out, `\u%04x`, unit)
		}
	}
	return out.Bytes()
}

func unprintable(r rune) bool { return r != '\n' && !strconv.IsPrint(r) }

type (
	jsonDocument struct {
		Schema      int           `json:"schema"`
		Tool        jsonTool      `json:"tool"`
		Environment []jsonSetting `json:"environment"`
		Results     []jsonResult  `json:"results"`
		Findings    []jsonFinding `json:"findings"`
		Summary     jsonSummary   `json:"summary"`
	}
	jsonTool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	jsonSetting struct {
		Name   string `json:"name"`
		Value  string `json:"value"`
		Origin string `json:"origin"`
	}
	jsonResult struct {
		File      string    `json:"file"`
		Line      int       `json:"line"`
		Column    int       `json:"column"`
		Directive string    `json:"directive"`
		Package   string    `json:"package"`
		Module    string    `json:"module"`
		Version   string    `json:"version"`
		Indirect  bool      `json:"indirect"`
		Verdict   string    `json:"verdict"`
		Reason    string    `json:"reason"`
		Hops      []jsonHop `json:"hops"`
	}
	jsonHop struct {
		Kind    string     `json:"kind"`
		URL     string     `json:"url"`
		Why     string     `json:"why"`
		Outcome string     `json:"outcome"`
		Code    string     `json:"code"`
		Message string     `json:"message"`
		Login   string     `json:"login"`
		Steps   []jsonStep `json:"steps"`
	}
	jsonStep struct {
		Name string  `json:"name"`
		MS   float64 `json:"ms"`
	}
	jsonFinding struct {
		Code      string    `json:"code"`
		Severity  string    `json:"severity"`
		File      string    `json:"file"`
		Line      int       `json:"line"`
		Column    int       `json:"column"`
		EndLine   int       `json:"endLine"`
		EndColumn int       `json:"endColumn"`
		Module    string    `json:"module"`
		Version   string    `json:"version"`
		Message   string    `json:"message"`
		Help      string    `json:"help"`
		Fixes     []jsonFix `json:"fixes"`
	}
	// jsonFix is one thing that may be done.
	jsonFix struct {
		Title string `json:"title"`
		Kind  string `json:"kind"`
	}
	jsonSummary struct {
		Requirements int        `json:"requirements"`
		Reachable    int        `json:"reachable"`
		Cached       int        `json:"cached"`
		Unreachable  int        `json:"unreachable"`
		Unknown      int        `json:"unknown"`
		Skipped      int        `json:"skipped"`
		Findings     jsonCounts `json:"findings"`
		Seconds      float64    `json:"seconds"`
	}
	jsonCounts struct {
		Error   int `json:"error"`
		Warning int `json:"warning"`
		Info    int `json:"info"`
		Hint    int `json:"hint"`
	}
)

func document(c Check) jsonDocument {
	doc := jsonDocument{
		Schema:      schema,
		Tool:        jsonTool{Name: "modreach", Version: c.Version},
		Environment: []jsonSetting{},
		Results:     []jsonResult{},
		Findings:    []jsonFinding{},
		Summary:     summaryOf(c),
	}
	for _, s := range c.Environment {
		doc.Environment = append(doc.Environment, jsonSetting{s.Name, route.Redact(s.Value), s.Origin})
	}
	for _, f := range c.Files {
		for i, v := range f.Verdicts {
			doc.Results = append(doc.Results, resultOf(f, i, v))
		}
		for _, l := range f.Lines {
			doc.Results = append(doc.Results, lineOf(f, l))
		}
		for _, d := range f.ordered() {
			doc.Findings = append(doc.Findings, findingOf(f, d))
		}
	}
	return doc
}

func resultOf(f File, i int, v diagnostics.Verdict) jsonResult {
	r := f.File.Requires[i]
	p := bytePlace(f.File, r.Line)
	return jsonResult{
		File: f.Path, Line: p.line, Column: p.column, Directive: "require",
		Module: r.Mod.Path, Version: r.Mod.Version, Indirect: r.Indirect,
		Verdict: v.State.String(), Reason: scrub(v.Reason), Hops: hopsOf(v.Report),
	}
}

// lineOf tells of a line that requires no module by name.
func lineOf(f File, l diagnostics.Line) jsonResult {
	p := bytePlace(f.File, l.Span)
	r := jsonResult{
		File: f.Path, Line: p.line, Column: p.column, Directive: l.Directive,
		Module: l.Mod.Path, Version: l.Mod.Version,
		Verdict: l.Verdict.State.String(), Reason: scrub(l.Verdict.Reason), Hops: hopsOf(l.Verdict.Report),
	}
	if l.Directive == "tool" {
		r.Package = l.Written
		r.Hops = []jsonHop{} // they stand at the module's own line
	} else if r.Module == "" {
		r.Version = l.Written
	}
	return r
}

func findingOf(f File, d diagnostics.Finding) jsonFinding {
	p := bytePlace(f.File, d.Span)
	fixes := []jsonFix{}
	if f.Fixes != nil {
		for _, fix := range f.Fixes(d) {
			fixes = append(fixes, jsonFix{Title: scrub(fix.Title), Kind: fix.Kind})
		}
	}
	return jsonFinding{
		Code: string(d.Code), Severity: d.Severity.String(), File: f.Path,
		Line: p.line, Column: p.column, EndLine: p.endLine, EndColumn: p.endColumn,
		Module: d.Module, Version: d.Version, Message: scrub(d.Message()),
		Help: d.Code.Help(), Fixes: fixes,
	}
}

func summaryOf(c Check) jsonSummary {
	s := c.Summary()
	return jsonSummary{
		Requirements: s.Requirements,
		Reachable:    s.States[diagnostics.Reachable],
		Cached:       s.States[diagnostics.Cached],
		Unreachable:  s.States[diagnostics.Unreachable],
		Unknown:      s.States[diagnostics.Unknown],
		Skipped:      s.States[diagnostics.Skipped],
		Findings: jsonCounts{
			Error:   s.Findings[diagnostics.Error],
			Warning: s.Findings[diagnostics.Warning],
			Info:    s.Findings[diagnostics.Information],
			Hint:    s.Findings[diagnostics.Hint],
		},
		Seconds: round(c.Took.Seconds(), 1000),
	}
}

// milliseconds is a duration to a tenth of a millisecond, below which it is noise.
func milliseconds(d time.Duration) float64 {
	return round(float64(d)/float64(time.Millisecond), 10)
}

// round keeps 1/unit of a number.
func round(x, unit float64) float64 { return math.Round(x*unit) / unit }
