package probe

import (
	"bytes"
	"cmp"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/modreach/modreach/gomod"
)

// Notice is what the author says in a go.mod of the module as a whole. The go
// command believes that of the latest version; here it is the newest one in hand.
type Notice struct {
	// Version is the one whose go.mod it stands in.
	Version string
	// Deprecated is the text after "Deprecated:"; empty for none.
	Deprecated string
	Retracts   []Retract
}

// Retract is a range of versions that the author took back, both ends included.
type Retract struct{ Low, High, Rationale string }

// Of gives the directive that retracts a version; ok is false for none.
func (n Notice) Of(version string) (r Retract, ok bool) {
	for _, r := range n.Retracts {
		if semver.Compare(r.Low, version) <= 0 && semver.Compare(version, r.High) <= 0 {
			return r, true
		}
	}
	return Retract{}, false
}

// readMod looks into the text of a go.mod.
func readMod(ans *Answer, text []byte) {
	ans.Sum, ans.GoVersion = goModSum(text), goVersion(text)
	ans.Declared = modfile.ModulePath(text)
	if module.CheckPath(ans.Declared) != nil { // none, or one that takes more to read
		ans.Declared = ""
		f, err := modfile.ParseLax("go.mod", text, nil)
		switch {
		case err != nil: // nothing is known of it
		case f.Module == nil:
			ans.Undeclared = true
		default:
			ans.Declared = f.Module.Mod.Path
		}
	}
	ans.Notice = readNotice(text)
}

// readNotice gives what a go.mod says of its module; nil for nothing.
func readNotice(text []byte) *Notice {
	if !bytes.Contains(text, []byte("retract")) && !bytes.Contains(text, []byte("Deprecated:")) {
		return nil
	}
	f := gomod.Parse(text)
	n := &Notice{}
	if f.Module != nil {
		n.Deprecated = strings.Clone(f.Module.Deprecated) // not to keep the text
	}
	for _, r := range f.Retracts {
		n.Retracts = append(n.Retracts, Retract{strings.Clone(r.Low), strings.Clone(r.High), strings.Clone(r.Rationale)})
	}
	if n.Deprecated == "" && n.Retracts == nil {
		return nil
	}
	return n
}

// cachedNotice reads the newest go.mod of a module that is in the cache, in the
// folder of this file; nil if there is none newer than that of version, which is
// read anyway.
func cachedNotice(name, version string) *Notice {
	dir := filepath.Dir(name)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	newest, file := version, ""
	for _, e := range entries {
		escaped, ok := strings.CutSuffix(e.Name(), Mod.String())
		if !ok {
			continue
		}
		v, err := module.UnescapeVersion(escaped)
		if err == nil && semver.IsValid(v) && newerRelease(v, newest) {
			newest, file = v, e.Name()
		}
	}
	if file == "" {
		return nil
	}
	text, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		return nil
	}
	n := readNotice(text)
	if n == nil {
		n = &Notice{}
	}
	n.Version = newest
	return n
}

// newerRelease reports whether the go command would take version a before b for
// the latest one: a release before a pre-release, and that before a commit.
func newerRelease(a, b string) bool {
	return cmp.Or(cmp.Compare(rankOf(a), rankOf(b)), semver.Compare(a, b)) > 0
}

func rankOf(version string) int {
	switch {
	case module.IsPseudoVersion(version):
		return 0
	case semver.Prerelease(version) != "":
		return 1
	case semver.Build(version) != "":
		return 2 // +incompatible: a version from before it had a go.mod
	}
	return 3
}
