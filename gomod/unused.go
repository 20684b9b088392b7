package gomod

import (
	"strings"

	"golang.org/x/mod/module"
)

// Unused gives the replace directives that no require line uses, nor anything
// that some go.sum files and the vendor directory tell of; vendored is nil for
// none. One to a directory may still be used: go.sum does not tell of those.
//
// It gives none for a file of before go 1.17, whose require lines do not name
// all that is built, and none that holds a module at a version of its own: people
// write those for the day something comes to need it.
func (f *File) Unused(sums []SumFile, vendored *VendorList) []Replace {
	if !f.Pruned() {
		return nil
	}
	var unused []Replace
	for _, r := range f.Replaces {
		holds := r.New.Path == r.Old.Path && r.Old.Version == ""
		if !holds && !f.uses(r) && !summed(sums, r.Old) && !summed(sums, r.New) && !vendored.has(r.Old) && (f.Module == nil || f.Module.Path != r.Old.Path) {
			unused = append(unused, r)
		}
	}
	return unused
}

// Pruned reports whether the go line is at least 1.17, from where on the require
// lines name every module that is built, and nothing further down counts.
func (f *File) Pruned() bool {
	if f.Go == nil {
		return false
	}
	major, rest, _ := strings.Cut(f.Go.Name, ".")
	minor, _, _ := strings.Cut(rest, ".")
	if major != "1" {
		return len(major) > 0 && major > "1"
	}
	return len(minor) > 2 || len(minor) == 2 && minor >= "17"
}

// uses reports whether a require line names what a directive replaces.
func (f *File) uses(r Replace) bool {
	for _, q := range f.Requires {
		if q.Mod.Path == r.Old.Path && (r.Old.Version == "" || q.Mod.Version == r.Old.Version || !q.Canonical()) {
			return true
		}
	}
	return false
}

// summed reports whether one of some go.sum files has a hash of a module; of any
// version, if it has none.
func summed(sums []SumFile, m module.Version) bool {
	if m.Path == "" {
		return false
	}
	for _, s := range sums {
		if m.Version != "" && (len(s.Mod(m)) > 0 || len(s.Zip(m)) > 0) {
			return true
		}
		for key := range s {
			if m.Version == "" && key.Path == m.Path {
				return true
			}
		}
	}
	return false
}

// has reports whether a vendor directory has packages of a module, or go.mod
// required it when that was made.
func (v *VendorList) has(m module.Version) bool {
	if v == nil {
		return false
	}
	for _, listed := range v.Modules {
		if mod := listed.Mod; mod.Path == m.Path && mod.Version != "" && (m.Version == "" || m.Version == mod.Version) {
			return true
		}
	}
	return false
}
