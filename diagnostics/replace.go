package diagnostics

import (
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/gomod"
)

// ofReplace are the codes of what a replace directive is to blame for. They are
// told at its line.
var ofReplace = []Code{ReplaceMissing, ReplaceInvalid, ReplaceNoGoMod, ReplacePathMismatch}

// replaceLine gives the line of the directive that is to blame for a verdict; ok
// is false where there is none in the file.
func replaceLine(f *gomod.File, v Verdict, r gomod.Requirement) (line gomod.Span, ok bool) {
	by := v.Report.Route.Replaced
	if !slices.Contains(ofReplace, v.Code) || by != "" && by != "go.mod replace" {
		return gomod.Span{}, false
	}
	for _, old := range []module.Version{r.Mod, {Path: r.Mod.Path}} {
		// Of two that contradict each other the later one is to blame.
		for _, d := range slices.Backward(f.Replaces) {
			if d.Old == old {
				return d.Line, true
			}
		}
	}
	return gomod.Span{}, false
}

// unused finds the replace directives that nothing uses.
func (s Scene) unused() []Finding {
	e, _ := s.Language.Describe(ReplaceUnused)
	var found []Finding
	for _, d := range s.Unused {
		subject, old := d.Old.Path, d.Old.Path
		if d.Old.Version != "" {
			subject, old = subject+" "+d.Old.Version, old+"@"+d.Old.Version
		}
		why, required := "no line requires {module}, and go.sum does not know it", ""
		for _, r := range s.File.Requires {
			if r.Mod.Path == d.Old.Path {
				why, required = "it is for {module}, and {required} is required", r.Mod.Version
			}
		}
		why = strings.NewReplacer("{module}", subject, "{required}", required).Replace(s.Language.say(why))
		f := worded(s.File, e.Code, e.Severity, words{e.What, e.Remedy}, "{why}", why, "{old}", old)
		f.Span, f.Module, f.Version = d.Line, d.Old.Path, d.Old.Version
		found = append(found, f)
	}
	return found
}
