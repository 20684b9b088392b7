package route

import (
	"fmt"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/gomod"
)

// replacement is the replace directive that applies to a requirement.
type replacement struct {
	new module.Version
	// dir is the absolute directory new names; empty for a module.
	dir string
	// by is "go.mod replace" or "go.work replace".
	by string
}

// replaced finds the directive that applies to mod: go.work's before those of
// the modules, and in one file that for the version before that for all. A
// directive the go command cannot use gives a Stop. ok is false for none.
func (m Module) replaced(mod module.Version) (r replacement, stop Stop, ok bool) {
	if m.Work != nil {
		var own []WorkReplace
		if m.Work.File != nil {
			own = located(m.Work.File.Replaces, m.Work.Dir)
		}
		if r, stop, ok := pick(own, mod, "go.work replace"); ok {
			return r, stop, ok
		}
		return pick(m.Work.Replaces, mod, "go.mod replace")
	}
	if m.main() == nil {
		return replacement{}, Stop{}, false
	}
	return pick(located(m.main().Replaces, m.Dir), mod, "go.mod replace")
}

// located notes the directory that the relative paths of a file start from.
func located(replaces []gomod.Replace, dir string) []WorkReplace {
	at := make([]WorkReplace, len(replaces))
	for i, r := range replaces {
		at[i] = WorkReplace{Replace: r, Dir: dir}
	}
	return at
}

// pick chooses among the directives of equal rank. Two that apply and differ
// are an error, not a choice.
func pick(replaces []WorkReplace, mod module.Version, by string) (replacement, Stop, bool) {
	for _, old := range []module.Version{mod, {Path: mod.Path}} {
		var found *WorkReplace
		for i := range replaces {
			r := &replaces[i]
			switch {
			case r.Old != old:
			case found == nil:
				found = r
			case r.target() != found.target():
				return replacement{new: mod, by: by}, Stop{Kind: BadReplace, Text: conflict(*found, *r)}, true
			}
		}
		if found == nil {
			continue
		}
		r := replacement{new: found.New, by: by}
		if text := unusable(found.Old, found.New); text != "" {
			return r, Stop{Kind: BadReplace, Text: text}, true
		}
		if found.New.Version == "" {
			r.dir = found.target().Path
		}
		return r, Stop{}, true
	}
	return replacement{}, Stop{}, false
}

// conflict gives the go command's words about two directives for one module.
func conflict(a, b WorkReplace) string {
	if a.Dir == b.Dir {
		return fmt.Sprintf("conflicting replacements for %v:\n\t%v\n\t%v", a.Old, a.New, b.New)
	}
	return fmt.Sprintf("conflicting replacements for %v:\n\t%v\n\t%v\nuse \"go work edit -replace %v=[override]\" to resolve",
		a.Old, a.target(), b.target(), a.Old)
}

// target is what the directive points to, with an absolute path for a
// directory, so that targets can be compared across files.
func (r WorkReplace) target() module.Version {
	if r.New.Version != "" || filepath.IsAbs(r.New.Path) {
		return r.New
	}
	return module.Version{Path: filepath.Join(r.Dir, filepath.FromSlash(r.New.Path))}
}

// unusable gives the go command's words about a directive that its file cannot
// be read with; empty for a good one.
func unusable(old, new module.Version) string {
	if text := unreadable(old); text != "" {
		return text
	}
	switch dir := modfile.IsDirectoryPath(new.Path); {
	case dir && new.Version != "":
		return fmt.Sprintf("replacement module directory path %q cannot have version", new.Path)
	case dir && filepath.Separator == '/' && strings.Contains(new.Path, `\`):
		return "replacement directory appears to be Windows path (on a non-windows system)"
	case dir:
		return ""
	case new.Version == "" && strings.Contains(new.Path, "@"):
		return "replacement module must match format 'path version', not 'path@version'"
	case new.Version == "":
		return "replacement module without version must be directory path (rooted or starting with . or ..)"
	}
	return unreadable(new)
}

// unreadable gives the go command's words about a module version that a go.mod
// cannot hold: a path whose major version is malformed, or a canonical version
// of another major version. Empty for a good one, and for an empty version.
func unreadable(mod module.Version) string {
	_, major, ok := module.SplitPathVersion(mod.Path)
	if !ok && mod.Version == "" {
		return "invalid module path"
	}
	if !ok {
		return fmt.Sprintf("version %q invalid: malformed module path %q", mod.Version, mod.Path)
	}
	if mod.Version == "" || !canonical(mod.Version) {
		return ""
	}
	if err := module.CheckPathMajor(mod.Version, major); err != nil {
		return err.Error()
	}
	return ""
}

// canonical reports whether a version needs no resolving.
func canonical(version string) bool {
	return module.CanonicalVersion(version) == version
}
