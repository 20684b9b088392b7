package route

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/gomod"
)

// Module is the go.mod whose requirements are planned, with what stands
// around it.
type Module struct {
	// Dir is the absolute directory of the go.mod.
	Dir string
	// File is the go.mod; nil for none.
	File *gomod.File
	// InPlace is the file that -modfile in GOFLAGS has the go command read in
	// place of File, with directives of its own; nil for none.
	InPlace *gomod.File
	// Sums gives the hashes of go.sum and, in a workspace, those of go.work.sum
	// and of the other modules' go.sum with them; nil where there is no go.sum.
	Sums func(module.Version) Sums
	// BadSum is what the go command says of a go.sum it cannot read; empty for
	// a good one.
	BadSum string
	// Work is the go.work in force; nil for none.
	Work *Work
	// Vendor is the absolute directory of the vendor tree in use, as
	// [VendorInForce] decides it; empty for none.
	Vendor string
	// Vendored reports whether the vendor tree holds the version of a require
	// line; nil where it holds none.
	Vendored func(module.Version) bool
	// Unused are the replace directives of File that nothing seems to use.
	Unused []gomod.Replace
	// Hints are what is known of private modules and public hosts.
	Hints Hints
	// InPath gives the absolute path of a program of PATH; empty for none. Nil
	// stands for an empty PATH.
	InPath func(name string) string
}

// Work is a go.work file with what the modules it uses bring along.
type Work struct {
	// Dir is the absolute directory of the go.work.
	Dir string
	// File is the go.work itself.
	File *gomod.File
	// Modules has the absolute directory of each module used, by module path.
	Modules map[string]string
	// Replaces and Excludes are those of all modules used, in the order of the
	// use lines. They hold in the whole workspace.
	Replaces []WorkReplace
	Excludes []gomod.Exclude
}

// WorkReplace is a replace directive of a module that a go.work uses.
type WorkReplace struct {
	gomod.Replace
	// Dir is the absolute directory of the go.mod with the directive, which a
	// relative path starts from.
	Dir string
}

// file gives the file whose go and toolchain lines decide: go.work, else go.mod.
func (m Module) file() *gomod.File {
	if m.Work != nil && m.Work.File != nil {
		return m.Work.File
	}
	return m.File
}

// main gives the file whose directives count outside a workspace; nil for none.
func (m Module) main() *gomod.File {
	if m.InPlace != nil {
		return m.InPlace
	}
	return m.File
}

// excluded gives the versions of a module that an exclude directive in force
// drops.
func (m Module) excluded(modulePath string) []string {
	var excludes []gomod.Exclude
	switch {
	case m.Work != nil:
		excludes = m.Work.Excludes
	case m.main() != nil:
		excludes = m.main().Excludes
	}
	var versions []string
	for _, x := range excludes {
		if x.Mod.Path == modulePath {
			versions = append(versions, x.Mod.Version)
		}
	}
	return versions
}

// uses gives the directory from which the workspace, or the module itself,
// provides a module path; ok is false where neither does.
func (m Module) uses(modulePath string) (dir, by, why string, ok bool) {
	if m.Work != nil {
		dir, ok := m.Work.Modules[modulePath]
		return dir, "go.work use", "go.work uses " + shown(m.Work.Dir, dir), ok
	}
	if f := m.main(); f != nil && f.Module != nil && f.Module.Path == modulePath {
		return m.Dir, "main module", "the main module itself", true
	}
	return "", "", "", false
}

// Provides gives the path of the main module, or of one that the workspace
// uses, that a package can be part of, and why; the longest of them, empty for
// none.
func (m Module) Provides(pkg string) (modulePath, why string) {
	var paths []string
	if f := m.main(); f != nil && f.Module != nil {
		paths = append(paths, f.Module.Path)
	}
	if m.Work != nil {
		paths = slices.AppendSeq(paths, maps.Keys(m.Work.Modules))
	}
	for _, path := range paths {
		if len(path) > len(modulePath) && (pkg == path || strings.HasPrefix(pkg, path+"/")) {
			if _, _, reason, ok := m.uses(path); ok {
				modulePath, why = path, reason
			}
		}
	}
	return modulePath, why
}

// shown gives a directory as a go.work would name it from its own.
func shown(base, dir string) string {
	rel, err := filepath.Rel(base, dir)
	if err != nil {
		return dir
	}
	rel = filepath.ToSlash(rel)
	if filepath.IsLocal(rel) && rel != "." {
		return "./" + rel
	}
	return rel
}
