package gomod

import (
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// noBlock stands for the block of a directive at top level.
const noBlock = -1

// directive is one line to be read: a single-line form or a line of a block.
type directive struct {
	verb string
	args []Span
	// line is the index of its line, block that of the line that opens the
	// block it stands in.
	line, block int
}

// readDirective adds one directive to the file, or a Problem in its place.
func (r *reader) readDirective(d directive) {
	l := r.lines[d.line]
	code := l.code(r.text)
	repeated := d.verb == "module" && r.file.Module != nil ||
		d.verb == "go" && r.file.Go != nil ||
		d.verb == "toolchain" && r.file.Toolchain != nil
	switch {
	case in(r.verbs.single, d.verb) && repeated:
		r.problem(code, "repeated "+d.verb+" statement")
	case in(r.verbs.single, d.verb) && !r.conflictMarker(l) && r.add(d, code):
	case d.block == noBlock:
		r.reject(code, r.at(code))
	default:
		r.reject(code, d.verb+" "+r.at(code))
	}
}

// conflictMarker reports whether a line was left there by a version control
// system's merge. Two words of it would pass for a path and a branch.
func (r *reader) conflictMarker(l line) bool {
	switch r.word(l, 0) {
	case "<<<<<<<", "|||||||", "=======", ">>>>>>>":
		return l.tokens[0].Start == l.span.Start
	}
	return false
}

// add adds one directive to the file. It reports false for one that is not of
// the shape its verb asks for.
func (r *reader) add(d directive, code Span) bool {
	switch d.verb {
	case "require", "exclude":
		return r.addModule(d, code)
	case "replace":
		return r.addReplace(d, code)
	case "retract":
		return r.addRetract(d, code)
	}

	// All others have one argument.
	if len(d.args) != 1 {
		return false
	}
	arg, raw := d.args[0], r.at(d.args[0])
	switch d.verb {
	case "go":
		if !modfile.GoVersionRE.MatchString(raw) {
			return false
		}
		r.file.Go = &Version{Name: raw, Line: code, NameSpan: arg}
		return true
	case "toolchain":
		if !modfile.ToolchainRE.MatchString(raw) {
			return false
		}
		r.file.Toolchain = &Version{Name: raw, Line: code, NameSpan: arg}
		return true
	case "godebug":
		return strings.Contains(raw, "=") && !strings.ContainsAny(raw, "\"`',")
	}

	value, ok := unquote(raw)
	if !ok {
		return false
	}
	switch d.verb {
	case "module":
		r.file.Module = &Module{Path: value, Line: code, PathSpan: arg, Deprecated: deprecation(r.remarks(d))}
	case "tool":
		r.file.Tools = append(r.file.Tools, Tool{Path: value, Line: code, Span: arg})
	case "use":
		r.file.Uses = append(r.file.Uses, Use{Dir: value, Line: code, DirSpan: arg})
	}
	return true
}

// addModule reads a require or exclude line.
func (r *reader) addModule(d directive, code Span) bool {
	if len(d.args) != 2 {
		return false
	}
	mod, ok := r.module(d.args[0], d.args[1])
	if !ok {
		return false
	}
	if d.verb == "exclude" {
		r.file.Excludes = append(r.file.Excludes, Exclude{Mod: mod, Line: code, Path: d.args[0], Version: d.args[1]})
		return true
	}
	comment := r.lines[d.line].comment
	r.file.Requires = append(r.file.Requires, Requirement{
		Mod: mod, Written: mod.Version,
		Line: code, Path: d.args[0], Version: d.args[1],
		Comment: comment, Indirect: indirect(r.at(comment)),
	})
	return true
}

// addReplace reads a replace line.
func (r *reader) addReplace(d directive, code Span) bool {
	arrow := 2
	if len(d.args) >= 2 && r.at(d.args[1]) == "=>" {
		arrow = 1
	}
	if len(d.args) < arrow+2 || len(d.args) > arrow+3 || r.at(d.args[arrow]) != "=>" {
		return false
	}
	replace := Replace{Line: code, OldPath: d.args[0], NewPath: d.args[arrow+1]}
	if arrow == 2 {
		replace.OldVersion = d.args[1]
	}
	if len(d.args) == arrow+3 {
		replace.NewVersion = d.args[arrow+2]
	}
	var ok, ok2 bool
	replace.Old, ok = r.module(replace.OldPath, replace.OldVersion)
	replace.New, ok2 = r.module(replace.NewPath, replace.NewVersion)
	if !ok || !ok2 {
		return false
	}
	r.file.Replaces = append(r.file.Replaces, replace)
	return true
}

// addRetract reads a retract line: a version or "[low, high]".
func (r *reader) addRetract(d directive, code Span) bool {
	var low, high Span
	switch a := d.args; {
	case len(a) == 1 && d.block != noBlock && r.at(a[0]) == d.verb:
		return false // modfile takes it for the directive, and misses the version
	case len(a) == 1:
		low, high = a[0], a[0]
	case len(a) == 5 && r.at(a[0]) == "[" && r.at(a[2]) == "," && r.at(a[4]) == "]":
		low, high = a[1], a[3]
	default:
		return false
	}
	from, ok := unquote(r.at(low))
	to, ok2 := unquote(r.at(high))
	if !ok || !ok2 || unfinished(from) || unfinished(to) {
		return false
	}
	r.file.Retracts = append(r.file.Retracts, Retract{Low: from, High: to, Line: code, Rationale: r.remarks(d)})
	return true
}

// unquote gives the value of a token. Quotes other than a whole pair of double
// ones are reserved in these files.
func unquote(token string) (value string, ok bool) {
	if strings.HasPrefix(token, `"`) {
		value, err := strconv.Unquote(token)
		return value, err == nil
	}
	return token, !strings.ContainsAny(token, "\"'`")
}

// module gives the values of a path and of a version. A zero span stands for a
// version that is not written.
func (r *reader) module(path, version Span) (mod module.Version, ok bool) {
	if mod.Path, ok = unquote(r.at(path)); !ok || version.IsZero() {
		return mod, ok
	}
	mod.Version, ok = unquote(r.at(version))
	return mod, ok && !unfinished(mod.Version)
}

// unfinished reports whether a version is what stands there while its first
// digit is not typed yet, or holds what no name of a revision may hold.
func unfinished(version string) bool {
	return version == "" || version == "v" || strings.ContainsAny(version, "()[]{},")
}

// indirect reports whether a comment says so to the go command: it is that one
// word, or starts with it and a semicolon.
func indirect(comment string) bool {
	f := strings.Fields(strings.TrimPrefix(comment, "//"))
	return len(f) == 1 && f[0] == "indirect" || len(f) > 1 && f[0] == "indirect;"
}

// deprecation gives the first paragraph of a module's comment that starts with
// "Deprecated:", without that word.
func deprecation(comment string) string {
	const word = "Deprecated:"
	text, ok := strings.CutPrefix(comment, word)
	if !ok {
		_, text, _ = strings.Cut(comment, "\n\n"+word)
	}
	text, _, _ = strings.Cut(text, "\n\n")
	return strings.TrimLeft(text, " ")
}
