package codeactions

import (
	"slices"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// Fix is one thing that a person may choose to do about a finding. It has
// either Edits or a Command.
type Fix struct {
	// Title says what will be done and to what. It finds the fix again: it is the
	// same as long as what it is for is.
	Title string
	// Place tells where, if that is not where everybody would look for it.
	Place string
	// Note tells how far it reaches, if that is further than the line, and what
	// was measured when it was tried.
	Note string
	// Preferred marks the one that most would choose.
	Preferred bool
	// Silences reports that it changes nothing about what is found.
	Silences bool
	Edits    []Edit
	Command  Command
}

// Text is what a person chooses by.
func (f Fix) Text() string { return f.Title + f.Place + f.Note }

// Edit is a change of a file.
type Edit struct {
	// Name is the absolute path of the file; empty for the scene's own.
	Name string
	gomod.Edit
}

// Command is what is to be done elsewhere than in a file. The zero Command is
// none.
type Command struct {
	Name Name
	// Module and Version are what it is about; empty for the whole file.
	Module, Version string
	// Settings are those that get the Pattern added, for AddPrivate and
	// SetWorkspace.
	Settings []string
	Pattern  string
	// Values are the settings as they would be, for SetEnv and SetWorkspace. For
	// SetEnv they may hold passwords.
	Values map[string]string
	// Text is what CopyCommand copies.
	Text string
}

// Name names a command as editors do.
type Name string

// The commands of the server, and SetWorkspace and CopyCommand, which only an editor
// can do.
const (
	// AddPrivate adds a pattern to settings in the user's env file, as "go env
	// -w" does.
	AddPrivate Name = "modreach.addPrivate"
	// SetEnv sets values in the user's env file, as "go env -w" does.
	SetEnv Name = "modreach.setEnv"
	// SetWorkspace puts values into the editor's own settings.
	SetWorkspace Name = "modreach.setWorkspaceEnv"
	// CopyCommand puts a text into the clipboard.
	CopyCommand Name = "modreach.copyCommand"
	// ReplaceDir looks for a directory to replace a module with.
	ReplaceDir Name = "modreach.replace"
	// Recheck forgets what was answered and asks again.
	Recheck Name = "modreach.recheck"
	// ShowRoute tells what each hop answered.
	ShowRoute Name = "modreach.showRoute"
)

// Scene is what is known around a finding.
type Scene struct {
	// Name is the absolute path of File; empty for a text that is not on the
	// disk, which cannot be replaced with what is there.
	Name string
	File *gomod.File
	// Verdicts has one for each of File.Requires, in their order.
	Verdicts []diagnostics.Verdict
	Env      route.Env
	// Work is the go.work in force; nil for none.
	Work *route.Work
	// InPlace reports that -modfile has go read another file in place of File.
	InPlace bool
	// Language is that of the titles.
	Language diagnostics.Language
	// Checkouts are the modules found on the disk nearby.
	Checkouts []probe.Checkout
	// Mirrors are proxies that may be asked in place of those of GOPROXY, as the
	// user has them; TeamMirrors those that a file of the repository names, which
	// is not to decide about the settings of a user.
	Mirrors, TeamMirrors []string
	// Tried are the outcomes of trials of this file.
	Tried []Tried
}

// Fixes gives what may be done about a finding of the file, the most promising
// first; nil for nothing.
func (s Scene) Fixes(f diagnostics.Finding) []Fix {
	var fixes []Fix
	if t, ok := s.trouble(f); ok {
		fixes = slices.Concat(s.nearest(t), s.restate(t), s.private(t), s.tried(t), s.checkouts(t), s.dropReplace(t), s.retry(t), s.showRoute(t), s.byHand(t))
	} else if fixes = append(s.corrected(f), s.dropUnused(f)...); len(fixes) > 0 {
		return append(fixes, s.ignore(f)...)
	} else if f.Severity == diagnostics.Error && f.Code != diagnostics.GoModSyntax && f.Code != diagnostics.ToolMissing {
		fixes = append(s.switched(f), s.retry(trouble{})...)
	}
	return append(fixes, s.ignore(f)...)
}

// trouble is a finding on a require line with what was answered about it.
type trouble struct {
	diagnostics.Finding
	requirement gomod.Requirement
	verdict     diagnostics.Verdict
}

// trouble finds the require line of a finding, which may stand on the replace
// line for it; ok is false for one that is about something else.
func (s Scene) trouble(f diagnostics.Finding) (t trouble, ok bool) {
	if f.Module == "" {
		return trouble{}, false
	}
	i := slices.IndexFunc(s.File.Requires, func(r gomod.Requirement) bool { return r.Line == f.Span })
	if i < 0 && f.Code != diagnostics.ReplaceUnused {
		i = slices.IndexFunc(s.File.Requires, func(r gomod.Requirement) bool {
			return r.Mod == module.Version{Path: f.Module, Version: f.Version}
		})
	}
	if i < 0 || i >= len(s.Verdicts) {
		return trouble{}, false
	}
	return trouble{f, s.File.Requires[i], s.Verdicts[i]}, true
}

// lost reports whether the finding is why the module cannot be had, and not an
// aside.
func (t trouble) lost() bool {
	return t.verdict.State == diagnostics.Unreachable && t.Code == t.verdict.Code
}

// hop gives the hop at fault; ok is false where none is.
func (t trouble) hop() (h route.Hop, ok bool) {
	r := t.verdict.Report
	if r.Hop < 0 || r.Hop >= len(r.Results) {
		return route.Hop{}, false
	}
	return r.Results[r.Hop].Hop, true
}

// own makes fixes of edits of the scene's own file.
func own(title string, preferred bool, e gomod.Edit) Fix {
	return Fix{Title: title, Preferred: preferred, Edits: []Edit{{Edit: e}}}
}

// nearest changes the version to the nearest that exists, as a host listed it.
func (s Scene) nearest(t trouble) []Fix {
	r := t.verdict.Report
	if t.Code != diagnostics.VersionNotFound {
		return nil
	}
	version := diagnostics.Nearest(r)
	if version == "" || version == r.Route.Mod.Version {
		return nil
	}
	if r.Route.Mod == t.requirement.Mod {
		return []Fix{own(s.say("Change the version to {version}", "{version}", version), true, s.File.SetVersion(t.requirement, version))}
	}
	var fixes []Fix
	for _, d := range s.replaces(t) {
		if d.New == r.Route.Mod && d.Name == "" {
			title := s.say("Change the version of the replacement to {version}", "{version}", version)
			fixes = append(fixes, own(title, true, gomod.Edit{Span: d.NewVersion, Text: version}))
		}
	}
	return fixes
}

// retry asks the hops again, where they were asked at all.
func (s Scene) retry(t trouble) []Fix {
	if t.Module != "" && !t.lost() && t.Code != diagnostics.FallbackUsed {
		return nil
	}
	if h, asked := t.hop(); t.Module != "" && (!asked || h.Kind == route.Directory) {
		return nil // nobody is asked, and files are looked at when they change
	}
	return []Fix{{Title: s.say("Check this file again now"), Command: Command{Name: Recheck}}}
}

// showRoute tells what each hop answered.
func (s Scene) showRoute(t trouble) []Fix {
	if len(t.verdict.Report.Results) == 0 {
		return nil
	}
	m := t.requirement.Mod
	return []Fix{{
		Title:   s.say("Show the route of {module}", "{module}", m.Path),
		Command: Command{Name: ShowRoute, Module: m.Path, Version: m.Version},
	}}
}

// ignore asks in a comment not to be told again, where that is heeded.
func (s Scene) ignore(f diagnostics.Finding) []Fix {
	if f.Module == "" && !ambient(f) && f.Code != diagnostics.ToolMissing && f.Code != diagnostics.ToolchainUnavailable {
		return nil
	}
	e, ok := s.File.AddIgnore(f.Span.Start, string(f.Code))
	if !ok {
		return nil // it has a day, perhaps past, which only its author can judge
	}
	fix := own(s.say("Ignore {code} on this line", "{code}", string(f.Code)), false, e)
	fix.Silences = true
	return []Fix{fix}
}

// ambient reports whether a finding is about the settings, of which one line
// tells. With those that make go fail, ignoring would help nobody.
func ambient(f diagnostics.Finding) bool {
	return f.Code.Ambient() && f.Severity != diagnostics.Error
}
