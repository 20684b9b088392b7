package gomod

import (
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// VendorList is what a vendor/modules.txt file tells of the modules that were
// copied into the vendor directory.
type VendorList struct {
	// Workspace reports a vendor directory made for a go.work file. The go
	// command uses it in that mode alone, and one without the mark outside.
	Workspace bool
	// Modules in the order of their first line.
	Modules []Vendored
}

// Vendored is one module of a [VendorList].
type Vendored struct {
	// Mod has an empty version for a module that is only named because a
	// replace directive without a version is about it.
	Mod module.Version
	// Replacement is what Mod was replaced by; zero if by nothing, and with an
	// empty version for a directory.
	Replacement module.Version
	// Explicit reports that go.mod required the module at that version.
	Explicit bool
	// Go is the go line of the module's go.mod; empty if it has none.
	Go string
	// Provides reports that packages of the module were copied.
	Provides bool
}

// ParseVendor reads the text of a vendor/modules.txt file. As in the go
// command, lines that it cannot interpret do not count. It is never nil.
func ParseVendor(text []byte) *VendorList {
	list := &VendorList{}
	index := make(map[module.Version]int)
	current := -1 // of list.Modules; none above the first module
	first := true
	for raw := range strings.Lines(string(text)) {
		raw = strings.TrimSuffix(raw, "\n")
		notes, annotated := strings.CutPrefix(raw, "## ")
		if first {
			list.Workspace = annotated && hasNote(notes, "workspace")
			first = false
		}
		switch {
		case strings.HasPrefix(raw, "# "):
			f := strings.Fields(raw)
			if len(f) < 3 {
				continue
			}
			mod, replacement, ok := vendoredModule(f[1:])
			if !ok {
				current = -1
				continue
			}
			at, known := index[mod]
			if !known {
				at = len(list.Modules)
				index[mod] = at
				list.Modules = append(list.Modules, Vendored{Mod: mod})
			}
			if replacement != (module.Version{}) {
				list.Modules[at].Replacement = replacement
			}
			current = at
		case current < 0:
		case annotated:
			list.Modules[current].note(notes)
		default:
			f := strings.Fields(raw)
			if len(f) == 1 && module.CheckImportPath(f[0]) == nil {
				list.Modules[current].Provides = true
			}
		}
	}
	return list
}

// vendoredModule reads the fields of a module line: "path version",
// "path version => replacement" or "path => replacement".
func vendoredModule(f []string) (mod, replacement module.Version, ok bool) {
	mod.Path = f[0]
	rest := f[1:]
	if semver.IsValid(f[1]) {
		mod.Version = f[1]
		rest = f[2:]
	} else if f[1] != "=>" {
		return module.Version{}, module.Version{}, false
	}
	if len(rest) >= 2 && rest[0] == "=>" {
		switch {
		case len(rest) == 2:
			replacement.Path = rest[1]
		case len(rest) == 3 && semver.IsValid(rest[2]):
			replacement = module.Version{Path: rest[1], Version: rest[2]}
		}
	}
	return mod, replacement, true
}

// note adds the annotations of one line.
func (v *Vendored) note(notes string) {
	for entry := range strings.SplitSeq(notes, ";") {
		entry = strings.TrimSpace(entry)
		if entry == "explicit" {
			v.Explicit = true
		}
		if version, ok := strings.CutPrefix(entry, "go "); ok {
			v.Go = version
		}
	}
}

// hasNote reports whether an annotation line holds an entry.
func hasNote(notes, want string) bool {
	for entry := range strings.SplitSeq(notes, ";") {
		if strings.TrimSpace(entry) == want {
			return true
		}
	}
	return false
}
