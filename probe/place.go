package probe

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/modreach/modreach/route"
)

// place is where in its repository a module lives.
type place struct {
	// module is its path, root the import path of the repository's root.
	module, root string
	// dir is its directory; empty for the root. A module of major version N
	// may also live in the directory vN below, if split.
	dir string
	// prefix and major are the two parts of its path, "example.com/x" and
	// "/v2".
	prefix, major string
	// split reports that the path names a major version which may have a
	// directory of its own.
	split bool
}

// placeOf finds a module in its repository by their paths
// (cmd/go/internal/modfetch, newCodeRepo).
func placeOf(repo route.Repository, modulePath string) (place, error) {
	if !hasPathPrefix(modulePath, repo.Root) {
		return place{}, fmt.Errorf("mismatched repo: found %s for %s", repo.Root, modulePath)
	}
	prefix, major, ok := module.SplitPathVersion(modulePath)
	if !ok {
		return place{}, fmt.Errorf("invalid module path %q", modulePath)
	}
	p := place{module: modulePath, root: repo.Root, prefix: prefix, major: major}
	p.split = strings.HasPrefix(major, "/") && repo.Root != modulePath
	if repo.Root == modulePath {
		p.prefix = modulePath
	} else {
		if !hasPathPrefix(prefix, repo.Root) {
			return place{}, fmt.Errorf("repository rooted at %s cannot contain module %s", repo.Root, modulePath)
		}
		p.dir = strings.Trim(prefix[len(repo.Root):], "/")
	}
	if repo.Subdir != "" {
		p.dir = path.Join(p.dir, repo.Subdir)
	}
	return p, nil
}

// hasPathPrefix reports whether a path begins with the elements of another.
func hasPathPrefix(p, prefix string) bool {
	rest, ok := strings.CutPrefix(p, prefix)
	return ok && (rest == "" || rest[0] == '/' || strings.HasSuffix(prefix, "/"))
}

// tagPrefix is what stands before the version in the module's tags.
func (p place) tagPrefix() string {
	if p.dir == "" {
		return ""
	}
	return p.dir + "/"
}

// revision gives the name under which the repository knows a version: its tag,
// or for a pseudo-version the commit. What is no version stands for itself.
func (p place) revision(version string) string {
	if !semver.IsValid(version) {
		return version
	}
	if module.IsPseudoVersion(version) {
		rev, _ := module.PseudoVersionRev(version) // it was just parsed
		return rev
	}
	return p.tagPrefix() + strings.TrimSuffix(version, "+incompatible")
}

// versions gives those of the module that the repository has tags for, in
// semver order. Whether one of another major version may be used as
// "+incompatible" only its go.mod could tell; they are left out.
func (p place) versions(r refs) []string {
	var list []string
	for ref := range r {
		v, ok := strings.CutPrefix(ref, "refs/tags/"+p.tagPrefix())
		if ok && v != "" && v == semver.Canonical(v) && !module.IsPseudoVersion(v) && module.CheckPathMajor(v, p.major) == nil {
			list = append(list, v)
		}
	}
	semver.Sort(list)
	return list
}

// files are the places where the go.mod of the module may be.
func (p place) files() (own, split string) {
	own = path.Join(p.dir, "go.mod")
	if p.split {
		split = path.Join(p.dir, p.major[1:], "go.mod")
	}
	return own, split
}

// file is a go.mod that may be there or not.
type file struct {
	text []byte
	ok   bool
}

// choose gives the go.mod of the module at a version out of the two that may
// stand for it, or why neither can; nil for a module that has none and needs
// none (cmd/go/internal/modfetch, findDir).
func (p place) choose(version string, own, split file) ([]byte, error) {
	rev := p.revision(version)
	ownName, splitName := p.files()
	ownPath, splitPath := modfile.ModulePath(own.text), modfile.ModulePath(split.text)
	ownFits := own.ok && (p.fits(ownPath) || p.major == "" && strings.HasPrefix(ownPath, "gopkg.in/"))
	splitFits := split.ok && p.fits(splitPath)

	suffix := ""
	if p.split {
		suffix = fmt.Sprintf(" (and ...%s/go.mod does not exist)", p.major)
	}
	switch {
	case ownFits && splitFits:
		return nil, fmt.Errorf("%s/%s and ...%s/go.mod both have ...%s module paths at revision %s", p.prefix, ownName, p.major, p.major, rev)
	case splitFits:
		return split.text, nil
	case split.ok && splitPath == "":
		return nil, fmt.Errorf("%s/%s is missing module path at revision %s", p.root, splitName, rev)
	case split.ok:
		return nil, fmt.Errorf("%s/%s has non-...%s module path %q at revision %s", p.root, splitName, p.major, splitPath, rev)
	case ownFits:
		return own.text, nil
	case own.ok && ownPath == "":
		return nil, fmt.Errorf("%s is missing module path%s at revision %s", ownName, suffix, rev)
	case own.ok && p.major != "":
		return nil, fmt.Errorf("%s has non-...%s module path %q%s at revision %s", ownName, p.major, ownPath, suffix, rev)
	case own.ok && !splits(ownPath):
		return nil, fmt.Errorf("%s has malformed module path %q%s at revision %s", ownName, ownPath, suffix, rev)
	case own.ok:
		return nil, fmt.Errorf("%s has post-%s module path %q%s at revision %s", ownName, semver.Major(version), ownPath, suffix, rev)
	case p.dir == "" && (p.major == "" || strings.HasPrefix(p.major, ".")):
		return nil, nil
	case p.split:
		return nil, fmt.Errorf("missing %s/go.mod and ...%s/go.mod at revision %s", p.prefix, p.major, rev)
	}
	return nil, fmt.Errorf("missing %s/go.mod at revision %s", p.prefix, rev)
}

func splits(modulePath string) bool {
	_, _, ok := module.SplitPathVersion(modulePath)
	return ok
}

// fits reports whether a go.mod that declares a path can be that of the module,
// as far as the major version goes: the rest of the path is not looked at.
func (p place) fits(declared string) bool {
	_, major, ok := module.SplitPathVersion(declared)
	if declared == "" || !ok {
		return false
	}
	if p.major == "" {
		return slices.Contains([]string{"", "v0", "v1"}, module.PathMajorPrefix(major))
	}
	return major != "" && p.major[1:] == major[1:]
}

// compatible tells whether "+incompatible" stands where it must, and only
// there; hasMod reports that the module has a go.mod.
func (p place) compatible(version string, hasMod bool) error {
	base, incompatible := strings.CutSuffix(version, "+incompatible")
	switch {
	case module.MatchPathMajor(base, p.major) && incompatible:
		return fmt.Errorf("+incompatible suffix not allowed: major version %s is compatible", semver.Major(version))
	case module.MatchPathMajor(base, p.major):
		return nil
	case p.major != "":
		return fmt.Errorf("module path includes a major version suffix, so major version must match")
	case p.dir == "" && !hasMod:
		return nil
	}
	return fmt.Errorf("module contains a go.mod file, so module path must match major version (%q)", path.Join(p.prefix, semver.Major(version)))
}
