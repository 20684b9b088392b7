package codeactions

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// The settings that keep modules from proxies and checksum databases.
const (
	goPrivate = "GOPRIVATE"
	goNoProxy = "GONOPROXY"
	goNoSumDB = "GONOSUMDB"
)

// absent are the codes with which a proxy tells that it does not have a module,
// or does not give it to us. A private module looks like that.
var absent = []diagnostics.Code{diagnostics.ModuleNotFound, diagnostics.AuthNeeded, diagnostics.Forbidden}

// broken are the codes of a host that does not do its work. It is no evidence
// that a module is private; its path may be.
var broken = []diagnostics.Code{
	diagnostics.DNSNotFound, diagnostics.DNSFailed, diagnostics.DNSTimeout,
	diagnostics.ConnectRefused, diagnostics.ConnectTimeout, diagnostics.ConnectReset, diagnostics.NoRoute,
	diagnostics.TLSUnknownAuthority, diagnostics.TLSName, diagnostics.TLSExpired, diagnostics.TLSHandshake,
	diagnostics.NoAnswer, diagnostics.NotHTTP, diagnostics.BadAnswer, diagnostics.RateLimited,
	diagnostics.ServerError, diagnostics.SumDBUnreachable,
}

// privacy is a pattern that would have the go command take another way.
type privacy struct {
	pattern string
	// settings are those that need it.
	settings []string
	// sure reports that what was answered and the path both tell of a private
	// module.
	sure bool
}

// privacy finds the pattern for a module that the hop at fault does not have to
// know; ok is false where none would help.
func (s Scene) privacy(t trouble) (p privacy, ok bool) {
	if t.leaks() {
		return s.secrecy(t)
	}
	r := t.verdict.Report
	path := r.Route.Mod.Path
	hop, asked := t.hop()
	missing := slices.Contains(absent, t.Code) || t.Code == diagnostics.SumDBNotFound || t.Code == diagnostics.ProxyOff && missed(r)
	likely := looksPrivate(s.Env, path)
	switch {
	case !t.lost() || !asked || r.Route.Toolchain != "":
		return privacy{}, false
	case !missing && !(likely && slices.Contains(broken, t.Code)):
		return privacy{}, false
	}
	p = privacy{pattern: narrowest(path), sure: missing && likely && hop.Kind != route.Off}
	switch {
	case p.pattern == "":
		return privacy{}, false
	case hop.Kind == route.Proxy, hop.Kind == route.Off:
		p.settings = s.keepFrom(path, true)
	case hop.Kind == route.SumDB:
		// What a proxy serves is still to come from there.
		p.settings = s.keepFrom(path, servedDirect(r.ServedBy()))
	}
	return p, len(p.settings) > 0
}

// leaks reports whether the finding is that a public host is told, or would be, of
// what looks private.
func (t trouble) leaks() bool {
	return t.Code == diagnostics.RouteLeak || t.Code == diagnostics.SumDBLeak
}

// secrecy finds the pattern for a module that a public host is not to know.
func (s Scene) secrecy(t trouble) (p privacy, ok bool) {
	path := t.verdict.Report.Route.Mod.Path
	hop, _ := t.hop()
	p = privacy{pattern: narrowest(path), sure: true, settings: s.keepFrom(path, hop.Kind != route.SumDB)}
	return p, p.pattern != "" && len(p.settings) > 0
}

// missed reports whether a proxy was asked that does not have the module.
func missed(r probe.Report) bool {
	return slices.ContainsFunc(r.Results, func(res probe.Result) bool {
		return res.Hop.Kind == route.Proxy && res.Answers[probe.Info].Outcome == probe.Miss
	})
}

// servedDirect reports whether a module came from its own host.
func servedDirect(hops []route.Hop) bool {
	return slices.ContainsFunc(hops, func(h route.Hop) bool { return h.Kind == route.Direct })
}

// keepFrom gives the settings that have to cover a path so that no checksum
// database, and with proxies no proxy, is asked about it. A setting that has a
// value of its own does not heed GOPRIVATE.
func (s Scene) keepFrom(path string, proxies bool) []string {
	_, noProxy := s.Env.NoProxy(path)
	_, noSumDB := s.Env.NoSumDB(path)
	heeds := func(name string) bool {
		v := s.Env.Get(name)
		return v.Value == "" || v.From == goPrivate
	}
	var names []string
	need := func(name string, covered bool) {
		switch {
		case covered:
		case proxies && heeds(name):
			names = append(names, goPrivate)
		default:
			names = append(names, name)
		}
	}
	if proxies {
		need(goNoProxy, noProxy)
	}
	need(goNoSumDB, noSumDB)
	return slices.Compact(names)
}

// private adds a pattern to the settings of the user, or of the workspace.
func (s Scene) private(t trouble) []Fix {
	p, ok := s.privacy(t)
	if !ok {
		return nil
	}
	title := s.say("Add {pattern} to {settings}", "{pattern}", p.pattern, "{settings}", strings.Join(p.settings, s.say(" and ")))
	reach := s.reach(p)
	if v, tried := s.outcome(Trial{Requirement: t.requirement, Values: Extended(s.Env, p.settings, p.pattern)}); tried {
		came, works := s.without(v)
		switch {
		case came != "" && works:
			reach += s.say("; ") + came
		case t.leaks(): // a public host is not to know it, wherever it is
		case came == "":
			return nil
		default:
			p.sure, reach = false, reach+s.say("; ")+came
		}
	}
	var fixes []Fix
	if s.writable(p.settings) {
		fixes = append(fixes, Fix{
			Title: title, Note: reach, Preferred: p.sure,
			Command: Command{Name: AddPrivate, Settings: p.settings, Pattern: p.pattern},
		})
	}
	return append(fixes, Fix{
		Title: title, Place: s.say(inWorkspace), Note: reach,
		Command: Command{
			Name: SetWorkspace, Settings: p.settings, Pattern: p.pattern,
			Values: Extended(s.Env, p.settings, p.pattern),
		},
	})
}

// locked are the codes of a host that wants to know who asks.
var locked = []diagnostics.Code{diagnostics.VCSAuth, diagnostics.AuthNeeded, diagnostics.Forbidden, diagnostics.VCSHostKey}

// without tells what a module's own host said when it was asked without proxies,
// and whether the module comes from there once this user is let in; empty where
// it does not have the module.
func (s Scene) without(v diagnostics.Verdict) (came string, works bool) {
	h := route.Host(v.Report.Route.Mod.Path)
	switch {
	case v.State == diagnostics.Reachable:
		return s.answered(v.Report), true
	case v.State != diagnostics.Unreachable:
		return s.say("nobody has tried it"), true
	case slices.Contains(locked, v.Code):
		return s.say("{host} then asks for a login", "{host}", h), true
	case slices.Contains(broken, v.Code):
		return s.say("{host} cannot be reached now", "{host}", h), false
	}
	return "", false
}

// reach tells how many of the file's modules a pattern is about, and what it costs
// them.
func (s Scene) reach(p privacy) string {
	n := 0
	for _, r := range s.File.Requires {
		if module.MatchPrefixPatterns(p.pattern, r.Mod.Path) {
			n++
		}
	}
	db, err := s.Env.SumDB()
	verified := err == nil && !db.Off && (slices.Contains(p.settings, goPrivate) || slices.Contains(p.settings, goNoSumDB))
	switch {
	case verified && n == 1:
		return s.say(" (1 module here, not verified by {database} then)", "{database}", db.Name)
	case verified:
		return s.say(" ({n} modules here, not verified by {database} then)", "{n}", strconv.Itoa(n), "{database}", db.Name)
	case n == 1:
		return s.say(" (1 module here)")
	}
	return s.say(" ({n} modules here)", "{n}", strconv.Itoa(n))
}

// writable reports whether "go env -w" would have an effect on settings.
func (s Scene) writable(settings []string) bool {
	return Writable(s.Env, settings) == nil
}

// shadowed gives those of some settings that the process environment or the
// editor sets, so that the user's env file does not count.
func shadowed(env route.Env, settings []string) []string {
	return slices.DeleteFunc(slices.Clone(settings), func(name string) bool {
		v := env.Get(name)
		return v.From != "" || v.Origin != route.Process && v.Origin != route.Workspace
	})
}

// Notes tells what a person has to know about a finding who does not find the
// fix they look for: where a setting is set that hides the one of the user.
func (s Scene) Notes(f diagnostics.Finding) []string {
	t, ok := s.trouble(f)
	if !ok {
		return nil
	}
	var notes []string
	if p, ok := s.privacy(t); ok {
		for _, name := range shadowed(s.Env, p.settings) {
			const note = "If {pattern} is private, add it to {name}, which is set {where}; go env -w would have no effect."
			notes = append(notes, s.say(note, "{pattern}", p.pattern, "{name}", name, "{where}", s.where(name)))
		}
	}
	for _, trial := range append(s.rerouted(t), s.verified(t)...) {
		names := shadowed(s.Env, slices.Collect(maps.Keys(trial.Values)))
		if v, tried := s.outcome(trial); len(names) == 1 && tried && v.State == diagnostics.Reachable {
			const note = "{setting} would help: {came}. {name} is set {where}; go env -w would have no effect."
			value := names[0] + "=" + route.Redact(trial.Values[names[0]])
			return append(notes, s.say(note, "{setting}", value, "{came}", s.answered(v.Report), "{name}", names[0], "{where}", s.where(names[0])))
		}
	}
	return notes
}

// where tells where a setting is set that hides the user's own.
func (s Scene) where(name string) string {
	if s.Env.Get(name).Origin == route.Workspace {
		return s.say("in the editor's settings (modreach.env)")
	}
	return s.say("in the environment that the editor was started with")
}

// Extended gives settings, which are lists of patterns, with one more pattern
// in each; what is in force is kept. It is the same as before for a setting
// that has the pattern.
func Extended(env route.Env, settings []string, pattern string) map[string]string {
	values := make(map[string]string, len(settings))
	for _, name := range settings {
		list := env.Get(name).Value
		switch {
		case slices.Contains(strings.Split(list, ","), pattern):
		case list == "":
			list = pattern
		default:
			list = strings.TrimSuffix(list, ",") + "," + pattern
		}
		values[name] = list
	}
	return values
}

// ToWrite gives the settings as "go env -w" has to write them to add a pattern.
// The error says why that would do nothing, or what is no pattern; names and
// pattern may come from anybody.
func ToWrite(env route.Env, settings []string, pattern string) (map[string]string, error) {
	for _, name := range settings {
		if name != goPrivate && name != goNoProxy && name != goNoSumDB {
			return nil, fmt.Errorf("%q is not a list of private modules", name)
		}
	}
	if len(settings) == 0 {
		return nil, errors.New("no setting is named")
	}
	if !plainPattern(pattern) {
		return nil, fmt.Errorf("%q is not a pattern of a host or of a path below one", pattern)
	}
	if err := Writable(env, settings); err != nil {
		return nil, err
	}
	return Extended(env, settings, pattern), nil
}

// Writable says why "go env -w" would have no effect on some settings; nil if it
// has.
func Writable(env route.Env, settings []string) error {
	if err := CanWrite(env); err != nil {
		return err
	}
	if hidden := shadowed(env, settings); len(hidden) > 0 {
		return fmt.Errorf("%s is set in the environment or in the editor's settings, and go env -w would have no effect: change it there", strings.Join(hidden, " and "))
	}
	return nil
}

// CanWrite says why "go env -w" does nothing here; nil if it does.
func CanWrite(env route.Env) error {
	switch {
	case env.Get("GOVERSION").Value == "":
		return errors.New("there is no go command to run go env -w with")
	case env.Get("GOENV").Value == "off" || env.Get("GOENV").Value == "":
		return errors.New("there is no file for go env -w to write: GOENV is off")
	}
	return nil
}

// plainPattern reports whether a pattern is a path prefix without any glob, as
// all that are offered here.
func plainPattern(pattern string) bool {
	return module.CheckImportPath(pattern) == nil && strings.Contains(route.Host(pattern), ".")
}
