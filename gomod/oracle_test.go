package gomod_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/gomod"
)

// values is what a file says, without places, so that modfile's reading and
// ours compare.
type values struct {
	Module, Deprecated, Go, Toolchain string
	Requires, Replaces, Excludes      []string
	Retracts, Tools, Uses             []string
}

func placed(s gomod.Span, what ...any) string {
	return fmt.Sprintf("%d-%d %q", s.Start, s.End, what)
}

func readValues(f *gomod.File) values {
	var v values
	if f.Module != nil {
		v.Module, v.Deprecated = f.Module.Path, f.Module.Deprecated
	}
	if f.Go != nil {
		v.Go = f.Go.Name
	}
	if f.Toolchain != nil {
		v.Toolchain = f.Toolchain.Name
	}
	for _, r := range f.Requires {
		v.Requires = append(v.Requires, placed(r.Line, r.Mod.Path, r.Mod.Version, strconv.FormatBool(r.Indirect)))
	}
	for _, r := range f.Replaces {
		v.Replaces = append(v.Replaces, placed(r.Line, r.Old.Path, r.Old.Version, r.New.Path, r.New.Version))
	}
	for _, e := range f.Excludes {
		v.Excludes = append(v.Excludes, placed(e.Line, e.Mod.Path, e.Mod.Version))
	}
	for _, r := range f.Retracts {
		v.Retracts = append(v.Retracts, placed(r.Line, r.Low, r.High, r.Rationale))
	}
	for _, t := range f.Tools {
		v.Tools = append(v.Tools, placed(t.Line, t.Path))
	}
	for _, u := range f.Uses {
		v.Uses = append(v.Uses, placed(u.Line, u.Dir))
	}
	return v
}

// oracle is modfile, made to accept every version there is a name for. A
// version has to fit the path's major version, so it sees a fitting one that
// tells which was written.
type oracle struct{ written []string }

func (o *oracle) fix(path, version string) (string, error) {
	if version == "" || version == "v" || strings.ContainsAny(version, "()[]{},") {
		return "", fmt.Errorf("version %q invalid: unfinished", version)
	}
	_, pathMajor, _ := module.SplitPathVersion(path)
	major := module.PathMajorPrefix(pathMajor)
	if major == "" {
		major = "v1"
	}
	o.written = append(o.written, version)
	return fmt.Sprintf("%s.0.0-%d", major, len(o.written)-1), nil
}

func (o *oracle) version(fixed string) string {
	_, number, ok := strings.Cut(fixed, "-")
	if i, err := strconv.Atoi(number); ok && err == nil && i < len(o.written) {
		return o.written[i]
	}
	return fixed
}

func (o *oracle) read(kind gomod.Kind, text []byte) (values, error) {
	place := func(l *modfile.Line) gomod.Span { return gomod.Span{Start: l.Start.Byte, End: l.End.Byte} }
	var v values
	replaces := func(list []*modfile.Replace) {
		for _, r := range list {
			v.Replaces = append(v.Replaces, placed(place(r.Syntax),
				r.Old.Path, o.version(r.Old.Version), r.New.Path, o.version(r.New.Version)))
		}
	}
	if kind == gomod.WorkFile {
		f, err := modfile.ParseWork("", text, o.fix)
		if err != nil {
			return v, err
		}
		if f.Go != nil {
			v.Go = f.Go.Version
		}
		if f.Toolchain != nil {
			v.Toolchain = f.Toolchain.Name
		}
		for _, u := range f.Use {
			v.Uses = append(v.Uses, placed(place(u.Syntax), u.Path))
		}
		replaces(f.Replace)
		return v, nil
	}
	f, err := modfile.Parse("", text, o.fix)
	if err != nil {
		return v, err
	}
	if f.Module != nil {
		v.Module, v.Deprecated = f.Module.Mod.Path, f.Module.Deprecated
	}
	if f.Go != nil {
		v.Go = f.Go.Version
	}
	if f.Toolchain != nil {
		v.Toolchain = f.Toolchain.Name
	}
	for _, r := range f.Require {
		v.Requires = append(v.Requires, placed(place(r.Syntax), r.Mod.Path, o.version(r.Mod.Version), strconv.FormatBool(r.Indirect)))
	}
	replaces(f.Replace)
	for _, e := range f.Exclude {
		v.Excludes = append(v.Excludes, placed(place(e.Syntax), e.Mod.Path, o.version(e.Mod.Version)))
	}
	for _, r := range f.Retract {
		v.Retracts = append(v.Retracts, placed(place(r.Syntax), o.version(r.Low), o.version(r.High), r.Rationale))
	}
	for _, t := range f.Tool {
		v.Tools = append(v.Tools, placed(place(t.Syntax), t.Path))
	}
	return v, nil
}

// judgedElsewhere are modfile's complaints about lines that this package keeps.
var judgedElsewhere = []string{
	"invalid module path",
	"version \"v1.0.0-", // the oracle's stand-in for a path that has no major version
	"replacement module must match format",
	"replacement module without version",
	"replacement directory appears to be Windows path",
	"replacement module directory path",
	"no module directive found, so retract cannot be used",
}

// atConflict reports whether the first problem is a conflict marker, which
// modfile would take for a path and a branch.
func atConflict(f *gomod.File) bool {
	s := f.Problems[0].Span
	line := string(f.Text[s.Start:s.End])
	return slices.ContainsFunc([]string{"<<<<<<<", "|||||||", "=======", ">>>>>>>"}, func(marker string) bool {
		return strings.HasPrefix(line, marker)
	})
}

// checkAgainstModfile compares the reading of a file with modfile's: the same
// values where modfile accepts the file, and a Problem where it does not.
func checkAgainstModfile(t *testing.T, f *gomod.File) {
	t.Helper()
	var o oracle
	want, err := o.read(f.Kind, f.Text)
	if err == nil {
		if len(f.Problems) > 0 && !strings.Contains(f.Problems[0].Message, "syntax error") && !atConflict(f) {
			t.Fatalf("modfile accepts the file, got problems %v", f.Problems)
		}
		if len(f.Problems) == 0 {
			if diff := cmp.Diff(want, readValues(f)); diff != "" {
				t.Fatalf("not what modfile reads (-modfile +got):\n%s", diff)
			}
		}
		return
	}
	if len(f.Problems) > 0 {
		return
	}
	list, ok := err.(modfile.ErrorList)
	if !ok {
		t.Fatalf("modfile fails with %T: %v", err, err)
	}
errors:
	for _, e := range list {
		for _, words := range judgedElsewhere {
			if strings.Contains(e.Error(), words) {
				continue errors
			}
		}
		t.Fatalf("no problem found, but modfile says: %v", &e)
	}
}
