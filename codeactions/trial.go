package codeactions

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// Trial is a change of settings, or of a line, that may mend a finding. It is
// offered only after it was tried for the very module version that is meant.
type Trial struct {
	// Requirement is the line as it would be.
	Requirement gomod.Requirement
	// Toolchain asks for the toolchain that go would become in place of a line;
	// Requirement has only the Mod of it then.
	Toolchain bool
	// Values are the settings as they would be, as far as they would change. They
	// may hold passwords.
	Values map[string]string
	// Curious asks besides for what the latest version says of the others. It
	// mends nothing, but tells what may.
	Curious bool
	// title says what is done, without what came of it; warning follows that, and
	// tells what a person has to think of. preferred is for a change that few
	// would think twice about.
	title, warning string
	preferred      bool
}

// Tried is a trial with what the go command would conclude after it.
type Tried struct {
	Trial
	Verdict diagnostics.Verdict
}

// Same reports whether two trials are the same question.
func (t Trial) Same(other Trial) bool {
	return t.Requirement.Mod == other.Requirement.Mod && t.Curious == other.Curious && t.Toolchain == other.Toolchain && maps.Equal(t.Values, other.Values)
}

// trialsMax bounds the trials for one finding, so that a long list of mirrors
// does not become a long wait.
const trialsMax = 6

// Trials gives what is worth a try for a finding, the most promising first; nil
// for nothing.
func (s Scene) Trials(f diagnostics.Finding) []Trial {
	t, ok := s.trouble(f)
	if !ok {
		return s.switching(f)
	}
	all := append(s.privately(t), s.rerouted(t)...)
	all = append(all, s.verified(t)...)
	all = append(all, s.restated(t)...)
	return all[:min(len(all), trialsMax)]
}

// privately tries the pattern that [Scene.Fixes] would add.
func (s Scene) privately(t trouble) []Trial {
	p, ok := s.privacy(t)
	if !ok {
		return nil
	}
	return []Trial{{Requirement: t.requirement, Values: Extended(s.Env, p.settings, p.pattern)}}
}

// outcome gives what came of a trial; ok is false for one that was not tried.
func (s Scene) outcome(t Trial) (v diagnostics.Verdict, ok bool) {
	i := slices.IndexFunc(s.Tried, func(done Tried) bool { return done.Same(t) })
	if i < 0 {
		return diagnostics.Verdict{}, false
	}
	return s.Tried[i].Verdict, true
}

// tried offers the trials that brought the module.
func (s Scene) tried(t trouble) []Fix {
	var fixes []Fix
	preferred := true
	for _, trial := range append(s.rerouted(t), s.verified(t)...) {
		v, ok := s.outcome(trial)
		if !ok || v.State != diagnostics.Reachable {
			continue
		}
		f := s.setting(trial.title, s.say("; ")+s.answered(v.Report)+trial.warning, trial.Values)
		for i := range f {
			f[i].Preferred = f[i].Preferred && trial.preferred && preferred
			preferred = preferred && !f[i].Preferred
		}
		fixes = append(fixes, f...)
	}
	return fixes
}

// inWorkspace is the place of what changes the editor's settings.
const inWorkspace = " in this workspace"

// setting offers new values of settings: for the user and, where no password
// would get into the editor's settings by it, for the workspace.
func (s Scene) setting(title, note string, values map[string]string) []Fix {
	var fixes []Fix
	if s.writable(slices.Sorted(maps.Keys(values))) {
		fixes = append(fixes, Fix{Title: title, Note: note, Preferred: true, Command: Command{Name: SetEnv, Values: values}})
	}
	if Secret(values) {
		return fixes
	}
	return append(fixes, Fix{Title: title, Place: s.say(inWorkspace), Note: note, Command: Command{Name: SetWorkspace, Values: values}})
}

// Secret reports whether settings hold a password.
func Secret(values map[string]string) bool {
	for _, value := range values {
		if route.Redact(value) != value {
			return true
		}
	}
	return false
}

// answered tells which host brought a module, and how long it took to say that it
// has it.
func (s Scene) answered(r probe.Report) string {
	if r.Ending == probe.Cached {
		return s.say("it is in the module cache")
	}
	for i, hop := range r.Route.Hops {
		ans := r.Results[i].Answers[probe.Info]
		if ans.Outcome != probe.OK || hop.URL == nil {
			continue
		}
		ms := max(took(ans).Milliseconds(), 1)
		return s.say("{host} answered in {ms} ms", "{host}", hop.URL.Host, "{ms}", strconv.FormatInt(ms, 10))
	}
	return s.say("it was found")
}

// took is the time of all steps of an answer.
func took(ans probe.Answer) time.Duration {
	var sum time.Duration
	for _, step := range ans.Steps {
		sum += step.Took
	}
	return sum
}

// perCause bounds the trials of one file for one cause: what mends one line
// mends those that have the same trouble at the same hop.
const perCause = 8

// Untried gives what is worth a try for one finding and was not tried yet.
func (s Scene) Untried(f diagnostics.Finding) []Trial {
	return slices.DeleteFunc(s.Trials(f), func(t Trial) bool {
		_, done := s.outcome(t)
		return done
	})
}

// AllTrials gives what is worth a try for the findings of a file and was not tried
// yet: each question once, and few where many lines have one cause.
func (s Scene) AllTrials(findings []diagnostics.Finding) []Trial {
	type cause struct {
		code diagnostics.Code
		hop  string
	}
	var all []Trial
	asked := map[cause]int{}
	for _, f := range findings {
		for _, t := range s.Trials(f) {
			c := cause{f.Code, f.Hop}
			if asked[c] >= perCause || slices.ContainsFunc(all, t.Same) {
				continue
			}
			asked[c]++
			if _, done := s.outcome(t); !done {
				all = append(all, t)
			}
		}
	}
	return all
}
