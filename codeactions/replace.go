package codeactions

import (
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// offeredMax bounds how many checkouts of one module are offered: more make a
// menu longer than it is of use.
const offeredMax = 3

// tampered are the codes of modules that must not be got around before somebody
// knows why.
var tampered = []diagnostics.Code{diagnostics.SumMismatch}

// unusable are the codes of directives that go can make nothing of.
var unusable = []diagnostics.Code{diagnostics.ReplaceMissing, diagnostics.ReplaceNoGoMod, diagnostics.ReplaceInvalid}

// replace is a replace directive in its file.
type replace struct {
	gomod.Replace
	// Name is the absolute path of a go.work; empty for the scene's own file.
	Name string
	file *gomod.File
}

// replaces gives the directives that apply to the require line of a finding:
// one, or several that contradict each other.
func (s Scene) replaces(t trouble) []replace {
	file, name := s.File, ""
	switch t.verdict.Report.Route.Replaced {
	case "go.mod replace":
	case "go.work replace":
		file, name = s.work()
	default:
		if t.Code != diagnostics.ReplaceInvalid {
			return nil
		}
	}
	if file == nil {
		return nil
	}
	for _, old := range []module.Version{t.requirement.Mod, {Path: t.requirement.Mod.Path}} {
		var found []replace
		for _, r := range file.Replaces {
			if r.Old == old {
				found = append(found, replace{r, name, file})
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// elsewhere reports whether a replace directive for the module of a finding
// stands in a file that is not the scene's: in the go.mod of another module of
// the workspace, which the scene's own must not contradict, or in the file of
// -modfile, beside which the scene's own does not count.
func (s Scene) elsewhere(t trouble) bool {
	if s.InPlace {
		return true
	}
	if s.Work == nil {
		return false
	}
	mod := t.requirement.Mod
	return slices.ContainsFunc(s.Work.Replaces, func(r route.WorkReplace) bool {
		return r.Old.Path == mod.Path && (r.Old.Version == "" || r.Old.Version == mod.Version) && r.Dir != filepath.Dir(s.Name)
	})
}

// work gives the go.work in force and its absolute path; nil for none.
func (s Scene) work() (f *gomod.File, name string) {
	if s.Work == nil {
		return nil, ""
	}
	if named := s.Env.Get("GOWORK").Value; filepath.IsAbs(named) {
		return s.Work.File, named
	}
	return s.Work.File, filepath.Join(s.Work.Dir, "go.work")
}

// base is the directory that a relative path in a file starts from.
func (s Scene) base(name string) string {
	if name == "" {
		name = s.Name
	}
	return filepath.Dir(name)
}

// checkouts replaces a module with a directory that has it.
func (s Scene) checkouts(t trouble) []Fix {
	if !t.lost() || s.Name == "" || slices.Contains(tampered, t.Code) || s.elsewhere(t) {
		return nil
	}
	path := t.requirement.Mod.Path
	old := s.replaces(t)
	if len(old) > 1 {
		return nil // they have to be made one first
	}
	var fixes []Fix
	for _, c := range s.Checkouts {
		if c.Module != path || c.Dir == filepath.Dir(s.Name) || len(fixes) >= offeredMax {
			continue
		}
		if len(old) == 0 {
			fixes = append(fixes, s.use(c)...)
			if f, ok := s.ReplaceWith(path, c.Dir); ok {
				fixes = append(fixes, f)
			}
		}
		if len(old) == 1 {
			dir := relative(s.base(old[0].Name), c.Dir)
			fixes = append(fixes, Fix{
				Title: s.checkout(path, dir),
				Edits: []Edit{{old[0].Name, old[0].file.Retarget(old[0].Replace, dir)}},
			})
		}
	}
	if len(fixes) == 1 && len(old) == 1 {
		// What is replaced by another module is meant to be, whatever is down.
		fixes[0].Preferred = old[0].New.Version == "" && slices.Contains(unusable, t.Code)
	}
	if len(fixes) == 0 && len(old) == 0 {
		fixes = append(fixes, Fix{
			Title:   s.say("Replace {module} with a directory ...", "{module}", path),
			Command: Command{Name: ReplaceDir, Module: path, Version: t.requirement.Mod.Version},
		})
	}
	return fixes
}

// checkout is the title of the fix that replaces a module with a directory.
func (s Scene) checkout(path, dir string) string {
	return s.say("Replace {module} with the checkout in {dir}", "{module}", path, "{dir}", dir)
}

// use adds a checkout to the go.work in force, where there is one.
func (s Scene) use(c probe.Checkout) []Fix {
	file, name := s.work()
	if file == nil {
		return nil
	}
	dir := relative(filepath.Dir(name), c.Dir)
	e, ok := file.UseDir(dir)
	if !ok {
		return nil
	}
	return []Fix{{Title: s.say("Use the checkout in {dir} in go.work", "{dir}", dir), Edits: []Edit{{name, e}}}}
}

// ReplaceWith gives the fix that replaces a module with the absolute path of a
// directory; ok is false where a directive does so already, or the file is not
// on the disk.
func (s Scene) ReplaceWith(path, dir string) (f Fix, ok bool) {
	if s.Name == "" {
		return Fix{}, false
	}
	shown := relative(s.base(""), dir)
	e, ok := s.File.ReplaceDir(path, shown)
	return own(s.checkout(path, shown), false, e), ok
}

// dropReplace removes a directive that cannot be used.
func (s Scene) dropReplace(t trouble) []Fix {
	if !slices.Contains(unusable, t.Code) || s.elsewhere(t) {
		return nil
	}
	var fixes []Fix
	for _, r := range s.replaces(t) {
		title := "Remove the replace of {module} with {dir}"
		if r.Name != "" {
			title = "Remove the replace of {module} with {dir} from go.work"
		}
		fixes = append(fixes, Fix{Title: s.say(title, "{module}", r.Old.Path, "{dir}", r.New.Path), Edits: []Edit{{r.Name, r.file.DropReplace(r.Replace)}}})
	}
	return fixes
}

// relative gives a directory as a replace directive names it from another one,
// with slashes; absolute where there is no way between them.
func relative(base, dir string) string {
	rel, err := filepath.Rel(base, dir)
	if err != nil {
		return filepath.ToSlash(dir)
	}
	rel = filepath.ToSlash(rel)
	if rel == "." || rel == ".." || strings.HasPrefix(rel, "../") {
		return rel
	}
	return "./" + rel
}
