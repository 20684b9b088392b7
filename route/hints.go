package route

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/mod/module"
)

// Hints are what the team and this machine tell of private modules and of
// public hosts, beside the settings of the go command. The zero value tells
// nothing. Its slices must not be changed.
type Hints struct {
	// Private are patterns like those of GOPRIVATE that the team keeps, Public
	// those of paths that look private and are not.
	Private, Public []Hint
	// Traces are what this machine has for the host of some modules, or for an
	// owner there: What is a pattern like those of GOPRIVATE, Where the trace,
	// "git's url.insteadOf".
	Traces []Hint
	// Logins are the hosts that this machine has credentials for.
	Logins []string
	// Main is the path of the main module, empty for none; Remotes are the hosts
	// that its repository was cloned from.
	Main    string
	Remotes []string
	// Mirrors are proxies and checksum databases that everybody may ask, as in
	// GOPROXY.
	Mirrors []Hint
	// Broken is why there may be more patterns of the team than Private has:
	// ".modreach.json cannot be read (...), and may name it". Any path may then be private. Empty
	// if they are all there.
	Broken string
}

// With gives the hints of both.
func (h Hints) With(more Hints) Hints {
	h.Private = append(slices.Clip(h.Private), more.Private...)
	h.Public = append(slices.Clip(h.Public), more.Public...)
	h.Traces = append(slices.Clip(h.Traces), more.Traces...)
	h.Logins = append(slices.Clip(h.Logins), more.Logins...)
	h.Remotes = append(slices.Clip(h.Remotes), more.Remotes...)
	h.Mirrors = append(slices.Clip(h.Mirrors), more.Mirrors...)
	h.Main = cmp.Or(h.Main, more.Main)
	h.Broken = cmp.Or(h.Broken, more.Broken)
	return h
}

// Hint is one thing to know and the place where it stands.
type Hint struct{ What, Where string }

// covers gives the first of some hints whose pattern covers a module path, or
// was meant to.
func covers(hints []Hint, modulePath string) (h Hint, ok bool) {
	for _, h := range hints {
		if module.MatchPrefixPatterns(h.What, modulePath) || meant(h.What, modulePath) {
			return h, true
		}
	}
	return Hint{}, false
}

// left reports whether somebody has left a trace of a module path.
func (h Hint) left(modulePath string) bool {
	// Hosts and owners are the same in capital letters.
	return module.MatchPrefixPatterns(strings.ToLower(h.What), strings.ToLower(modulePath)) && telling(h.What, modulePath)
}
