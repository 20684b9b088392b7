package gomod

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// InconsistentVendor says why the go command refuses a vendor directory.
type InconsistentVendor struct {
	// Details has one line for each disagreement, in the go command's words
	// and order; never empty.
	Details []string
}

// Error gives all details, one a line.
func (e *InconsistentVendor) Error() string {
	return "inconsistent vendoring:\n\t" + strings.Join(e.Details, "\n\t")
}

// Consistent tells whether the list agrees with the go.mod file it was made
// from, as the go command checks it with -mod=vendor for a file that says
// go 1.14 or later. The error is an [*InconsistentVendor].
func (v *VendorList) Consistent(f *File) error {
	return v.check(nil, []member{{file: f}})
}

// ConsistentWork tells the same of a workspace: of its go.work file and of the
// go.mod files of its modules, keyed by [Use.Dir]. A module that mods does not
// hold counts as one without requirements.
func (v *VendorList) ConsistentWork(work *File, mods map[string]*File) error {
	var members []member
	for _, use := range work.Uses {
		if f := mods[use.Dir]; f != nil {
			members = append(members, member{use.Dir, f})
		}
	}
	return v.check(work, members)
}

// member is a main module.
type member struct {
	dir  string // relative to the go.work file; empty without one
	file *File
}

// replacement is what one module is replaced by.
type replacement struct {
	by module.Version // as written
	// member is the main module that says so; zero if the go.work file does.
	member member
}

// source names the file that the replacement stands in.
func (r replacement) source() string {
	if r.member.file == nil {
		return "go.work"
	}
	return path.Join(r.member.dir, "go.mod")
}

// listed gives the replacement as modules.txt has it: a directory relative to
// the go.work file, where there is one.
func (r replacement) listed() module.Version {
	if r.by.Version != "" || r.member.dir == "" || filepath.IsAbs(r.by.Path) {
		return r.by
	}
	dir := path.Join(r.member.dir, filepath.ToSlash(r.by.Path))
	if !modfile.IsDirectoryPath(dir) {
		dir = "./" + dir
	}
	return module.Version{Path: dir}
}

// check compares the list with the files. A nil work means a single module.
func (v *VendorList) check(work *File, members []member) error {
	var details []string
	note := func(m module.Version, format string, args ...any) {
		details = append(details, m.String()+": "+fmt.Sprintf(format, args...))
	}
	listed := make(map[module.Version]Vendored, len(v.Modules))
	for _, m := range v.Modules {
		listed[m.Mod] = m
	}

	required := make(map[module.Version]bool)
	for _, main := range members {
		for _, r := range main.file.Requires {
			required[r.Mod] = true
			if !listed[r.Mod].Explicit {
				note(r.Mod, "is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt")
			}
		}
	}

	replaced := replacementsOf(work, members)
	seen := make(map[module.Version]bool)
	for _, f := range replacing(work, members) {
		for _, r := range f.Replaces {
			actual, ok := replaced.of(r.Old)
			if seen[r.Old] || !ok {
				continue
			}
			seen[r.Old] = true
			switch got := listed[r.Old].Replacement; {
			case got == module.Version{}:
				note(r.Old, "is replaced in %s, but not marked as replaced in vendor/modules.txt", actual.source())
			case got != actual.listed():
				note(r.Old, "is replaced by %s in %s, but marked as replaced by %s in vendor/modules.txt", actual.by, actual.source(), got)
			}
		}
	}

	article, source := "", "go.mod"
	if work != nil {
		article, source = "a ", "the workspace"
	}
	for _, m := range v.Modules {
		if m.Provides && m.Explicit && !required[m.Mod] {
			note(m.Mod, "is marked as explicit in vendor/modules.txt, but not explicitly required in %sgo.mod", article)
		}
	}
	for _, m := range v.Modules {
		if m.Replacement == (module.Version{}) {
			continue
		}
		if _, ok := replaced.of(m.Mod); !ok {
			note(m.Mod, "is marked as replaced in vendor/modules.txt, but not replaced in %s", source)
		}
	}
	if len(details) > 0 {
		return &InconsistentVendor{Details: details}
	}
	return nil
}

// replacing gives the files whose replace lines count, in the order the go
// command goes over them.
func replacing(work *File, members []member) []*File {
	var files []*File
	for _, m := range members {
		files = append(files, m.file)
	}
	if work != nil {
		files = append(files, work)
	}
	return files
}

// replacements holds the replace lines of all files by their left side.
type replacements struct {
	work, mods map[module.Version]replacement
	// main are the main modules without version, which nothing can replace.
	main map[module.Version]bool
}

func replacementsOf(work *File, members []member) replacements {
	r := replacements{
		work: make(map[module.Version]replacement),
		mods: make(map[module.Version]replacement),
		main: make(map[module.Version]bool),
	}
	for _, m := range members {
		if m.file.Module != nil {
			r.main[module.Version{Path: m.file.Module.Path}] = true
		}
		for _, line := range m.file.Replaces {
			r.mods[line.Old] = replacement{line.New, m}
		}
	}
	if work != nil {
		for _, line := range work.Replaces {
			r.work[line.Old] = replacement{by: line.New}
		}
	}
	return r
}

// of gives what replaces a module version: the go.work file goes before the
// go.mod files, and a line with the version before one without.
func (r replacements) of(m module.Version) (replacement, bool) {
	if r.main[m] {
		return replacement{}, false
	}
	for _, lines := range []map[module.Version]replacement{r.work, r.mods} {
		for _, left := range []module.Version{m, {Path: m.Path}} {
			if by, ok := lines[left]; ok {
				return by, true
			}
		}
	}
	return replacement{}, false
}
