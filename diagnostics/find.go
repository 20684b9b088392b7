package diagnostics

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// Finding is one thing to say about a place in a file.
type Finding struct {
	Code     Code
	Severity Severity
	// Span is the place, in bytes of the file's text.
	Span gomod.Span
	// What and Remedy are sentences: what happened, and what to do about it.
	What, Remedy string
	// Quote is what the go command prints about it, in one line; empty where it
	// prints nothing.
	Quote string
	// Module and Version are what the finding is about; empty for a finding
	// on the whole file.
	Module, Version string
	// Related tells the whole chain: what each hop answered.
	Related []string
	// Hop is the redacted URL of the hop at fault; empty if none is.
	Hop string
	// Language is that of What and Remedy.
	Language Language
	// Setting is the variable of the go environment that the finding is about,
	// Instead the value that would mend it, which may hold secrets and is not to
	// be shown. Empty where there is none.
	Setting, Instead string
}

// Scene is what is known when findings are looked for.
type Scene struct {
	File *gomod.File
	// Verdicts has one for each of File.Requires, in their order.
	Verdicts []Verdict
	// Lines are the other lines with a verdict, as [Lines] gives them.
	Lines []Line
	// Unused are the replace directives that nothing seems to use.
	Unused []gomod.Replace
	// Toolchain is the verdict on the toolchain that all of them need, and
	// ToolchainLine the line that asks for it. They are zero where it is not
	// known, and where none of the file's lines does.
	Toolchain     Verdict
	ToolchainLine gomod.Span
	Weather       Weather
	// Around is for the one file of a workspace that tells of the settings; nil
	// for the others.
	Around *Surroundings
	// Now decides whether an ignore comment has run out.
	Now time.Time
	// Language is the one to tell it in.
	Language Language
}

// Weather is the state of the network as a whole; the zero value is fair.
type Weather struct {
	// Code is Offline, CaptivePortal, TLSIntercepted or NetworkFiltered; empty if
	// fair.
	Code Code
	// Hosts are those it was seen at.
	Hosts []string
	// Evidence is one sentence more for the message; empty if there is none.
	Evidence string
	// Way is how the hosts fail, when Code is NetworkFiltered.
	Way Way
}

// Find gives the findings of a file in the order of their places. What has one
// cause for all lines (a broken GOPROXY list, no network) is said once, on the
// module line.
func Find(s Scene) []Finding {
	found := s.find()
	for i := range found {
		found[i].Language = s.Language
	}
	return found
}

func (s Scene) find() []Finding {
	var found []Finding
	for _, p := range s.File.Problems {
		e, _ := s.Language.Describe(GoModSyntax)
		found = append(found, Finding{
			Code: GoModSyntax, Severity: e.Severity, Span: p.Span,
			What: e.What, Remedy: e.Remedy, Quote: p.Message,
		})
	}
	if s.File.Kind == gomod.ModFile && s.File.Module == nil {
		found = append(found, s.withoutModule())
	}
	if s.Around != nil {
		found = append(found, s.unignored(s.Around.Findings(s.Language))...)
	}
	once := map[Code]bool{}
	if t := s.Toolchain; t.State == Unreachable {
		shared := s.sharedCode(t)
		f := s.onModule(s.finding(t.Code, t, gomod.Requirement{}), shared)
		if shared == ToolchainUnavailable && !s.ToolchainLine.IsZero() {
			f.Span = s.ToolchainLine
		}
		once[shared] = true
		if !ignored(s.File, f.Span, f.Code, s.Now) {
			found = append(found, f)
		}
	}
	for i, v := range s.Verdicts {
		r := s.File.Requires[i]
		for _, also := range v.Also {
			found = append(found, s.unignored([]Finding{s.finding(also, v, r)})...)
		}
		if v.Code == "" || v.Shared && s.Toolchain.State == Unreachable {
			continue
		}
		f := s.finding(v.Code, v, r)
		if shared := s.sharedCode(v); shared != "" {
			if once[shared] {
				continue
			}
			once[shared] = true
			f = s.onModule(f, shared)
		} else if ignored(s.File, r.Line, v.Code, s.Now) {
			continue
		} else if line, ok := replaceLine(s.File, v, r); ok {
			f.Span = line
			at, _ := s.File.Position(r.Line.Start)
			f.Related = append(f.Related, strings.NewReplacer("{module}", r.Mod.Path, "{version}", r.Mod.Version, "{line}", fmt.Sprint(at)).
				Replace(s.Language.say("it stands for {module} {version}, which line {line} requires")))
			if ignored(s.File, line, v.Code, s.Now) {
				continue
			}
		}
		found = append(found, f)
	}
	found = append(found, s.unignored(s.unused())...)
	for _, l := range s.Lines {
		if l.Verdict.Code == ToolMissing && s.Toolchain.State != Unreachable && !ignored(s.File, l.Span, ToolMissing, s.Now) {
			found = append(found, s.missing(l))
		}
	}
	slices.SortStableFunc(found, func(a, b Finding) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	return found
}

// missing is the finding on a tool line that no module stands behind.
func (s Scene) missing(l Line) Finding {
	e, _ := s.Language.Describe(ToolMissing)
	fill := strings.NewReplacer("{package}", l.Written)
	return Finding{
		Code: e.Code, Severity: e.Severity, Span: l.Span,
		What: fill.Replace(e.What), Remedy: fill.Replace(e.Remedy), Quote: l.Verdict.Reason,
	}
}

// withoutModule is the finding on a go.mod that lacks what every one has.
func (s Scene) withoutModule() Finding {
	e, _ := Describe(GoModSyntax)
	return Finding{
		Code: GoModSyntax, Severity: e.Severity, Span: s.File.LineSpan(0),
		What:   s.Language.say("go.mod has no module line, without which the go command fails."),
		Remedy: s.Language.say("Add one: go mod edit -module=PATH."),
		Quote:  "error reading go.mod: missing module declaration",
	}
}

// sharedCode gives the code under which a verdict is said once for the whole
// file; empty for a verdict of its own line.
func (s Scene) sharedCode(v Verdict) Code {
	if blind(v.Report) {
		return v.Code
	}
	if v.State != Unreachable {
		return ""
	}
	if v.Report.Fault != nil && s.blames(v.Report.Fault) {
		return s.Weather.Code
	}
	if v.Shared || v.Report.Route.Toolchain != "" {
		return v.Code
	}
	switch v.Report.Route.Stop.Kind {
	case route.BadList, route.NoModCache, route.BadSetting, route.BadSum, route.NeedsToolchain:
		return v.Code
	case route.NoStop, route.Excluded, route.NoGo, route.Installed, route.BadPath, route.BadVersion, route.BadReplace:
	}
	return ""
}

// blames reports whether the weather accounts for a fault.
func (s Scene) blames(f *probe.Fault) bool {
	switch s.Weather.Code {
	case Offline:
		return f.Phase == probe.Resolve || f.Phase == probe.Connect
	case TLSIntercepted:
		return f.Cause == probe.UnknownAuthority
	case CaptivePortal:
		return f.Cause == probe.CaptivePortal
	case NetworkFiltered:
		return s.Weather.keeps(f)
	}
	return false
}

// onModule moves a finding to the module line, where it speaks for all lines.
func (s Scene) onModule(f Finding, code Code) Finding {
	if m := s.File.Module; m != nil {
		f.Span = m.Line
	}
	f.Module, f.Version = "", ""
	if code != f.Code {
		e, _ := s.Language.Describe(code)
		f.Code, f.Severity = code, e.Severity
		fill := strings.NewReplacer("{hosts}", strings.Join(s.Weather.Hosts, ", "), "{hop}", s.Language.the(f.Hop))
		f.What, f.Remedy = fill.Replace(e.What), e.Remedy
		if code == NetworkFiltered {
			f.What += s.Language.evidence(s.Weather.Way)
		}
		if told := s.Weather.Evidence; told != "" && s.Language == English {
			f.What += " " + told
		} else {
			f.What += s.Language.Retell(told)
		}
	}
	return f
}

// finding says what a code means for a require line with a verdict.
func (s Scene) finding(c Code, v Verdict, r gomod.Requirement) Finding {
	lang := s.Language
	e, _ := lang.Describe(c)
	if c == ToolchainUnavailable && v.Report.Route.Toolchain != "" && v.Report.Route.Refused == "" {
		e.What = lang.say("The go command has to become {module} here, and cannot get it.")
		e.Remedy = lang.say("Install that version; or have go fetch it, with GOTOOLCHAIN=auto and a proxy in GOPROXY that has golang.org/toolchain.{pass}")
		if f := v.Report.Fault; f != nil && f.Cause == probe.BadSetting {
			e.Remedy = lang.say("Correct GOSUMDB: go verifies every toolchain, even where it is off for modules. Or install that version.")
		}
	}
	f := Finding{
		Code: c, Severity: e.Severity, Span: r.Line,
		Module: r.Mod.Path, Version: r.Mod.Version,
		Related: lang.chain(v.Report),
	}
	hop, fault := v.Report.Hop, v.Report.Fault
	pairs, quote := lang.aside(c, v.Report)
	if c == PathMismatch && v.Report.Declared() == "" {
		e.Remedy = lang.say(noPath)
	}
	if c == RouteLeak || c == SumDBLeak && blind(v.Report) {
		e, hop = lang.leakWords(e, v.Report)
		fault = nil
	}
	if c == FallbackUsed {
		var ans probe.Answer
		hop, ans, _ = v.Report.FellBack()
		fault, quote = ans.Fault, ""
	}
	fill := lang.placeholders(v.Report, hop, fault, pairs)
	if hop >= 0 && hop < len(v.Report.Results) {
		at := v.Report.Results[hop].Hop
		f.Hop = at.String()
		if at.Kind == route.Direct {
			e = lang.fit(e, fault)
		}
	}
	f.What, f.Remedy, f.Quote = fill.Replace(e.What), fill.Replace(e.Remedy), quote
	return f
}

// Unhelped gives the finding with a word on a fix that was made for it and did
// not help.
func (f Finding) Unhelped(fix string) Finding {
	f.Remedy += strings.ReplaceAll(f.Language.say(unhelped), "{fix}", fix)
	return f
}

// unhelped comes after the remedy.
const unhelped = " This was done, and did not help: {fix}."

// Message joins what happened, what to do, and the words of the go command.
func (f Finding) Message() string {
	said := " The go command says: "
	if f.Quote == "" {
		said = ""
	}
	if f.Language == Chinese { // its full stop has the blank with it
		return f.What + f.Remedy + chineseWords[said] + f.Quote
	}
	return f.What + " " + f.Remedy + said + f.Quote
}

// chain tells hop by hop what was answered.
func (l Language) chain(r probe.Report) []string {
	var notes []string
	for _, res := range r.Results {
		if note := l.Told(res); note != "" {
			notes = append(notes, note)
		}
	}
	return notes
}

// Told says in one line what a hop answered; empty for a hop that was not asked.
func Told(res probe.Result) string { return English.Told(res) }

// Told is [Told] in the language.
func (l Language) Told(res probe.Result) string {
	if res.Hop.Skip != "" {
		return l.Hop(res.Hop) + l.say(": passed by, ") + res.Hop.Skip
	}
	var parts []string
	for _, a := range []probe.Artefact{probe.Info, probe.Mod, probe.Zip, probe.Record} {
		switch ans := res.Answers[a]; ans.Outcome {
		case probe.Unasked:
		case probe.OK:
			parts = append(parts, a.String()+l.say(" ok"))
		case probe.Miss:
			if res.Hop.Kind != route.Direct {
				parts = append(parts, a.String()+l.say(" not there"))
				continue
			}
			fallthrough // it counts as not there, but why tells the most
		case probe.Failed, probe.Spoiled, probe.Unsure, probe.Withheld:
			line, _, _ := strings.Cut(ans.Text, "\n")
			if line == "" {
				line = l.say("no answer")
			}
			parts = append(parts, a.String()+": "+l.Retell(line))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	if res.Hop.Kind == route.Directory || res.Hop.Kind == route.Vendor {
		parts[0] = strings.TrimPrefix(parts[0], probe.Info.String()+" ")
		parts[0] = strings.TrimPrefix(parts[0], probe.Info.String()+": ")
	}
	return l.Hop(res.Hop) + ": " + strings.Join(parts, ", ")
}

// unignored gives the findings of which no comment asks not to hear.
func (s Scene) unignored(all []Finding) []Finding {
	return slices.DeleteFunc(all, func(f Finding) bool { return ignored(s.File, f.Span, f.Code, s.Now) })
}

// ignored reports whether the comment on the line of a finding asks not to hear
// of its code.
func ignored(f *gomod.File, at gomod.Span, c Code, now time.Time) bool {
	comment := f.CommentAt(at.Start)
	if comment.IsZero() {
		return false
	}
	ig, ok := gomod.ParseIgnore(string(f.Text[comment.Start:comment.End]))
	// The last day counts in full.
	expired := ig.Until != "" && now.Format(time.DateOnly) > ig.Until
	return ok && !expired && slices.Contains(ig.Codes, string(c))
}
