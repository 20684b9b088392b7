package codeactions

import (
	"slices"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
)

// restated are other ways to require what a line means: the path that the module
// declares, a version that its author did not take back.
func (s Scene) restated(t trouble) []Trial {
	r := t.verdict.Report
	if r.Route.Mod != t.requirement.Mod {
		return nil // what replaces it is meant otherwise
	}
	switch t.Code {
	case diagnostics.PathMismatch:
		other := module.Version{Path: r.Declared(), Version: strings.TrimSuffix(r.Served.Version, "+incompatible")}
		if module.Check(other.Path, other.Version) != nil || slices.ContainsFunc(s.File.Requires, func(q gomod.Requirement) bool { return q.Mod.Path == other.Path }) {
			return nil
		}
		return []Trial{{Requirement: instead(t.requirement, other)}}
	case diagnostics.Retracted:
		look := Trial{Requirement: t.requirement, Curious: true}
		v, known := s.outcome(look)
		if !known {
			return []Trial{look}
		}
		if version := newest(v.Report, t.requirement.Mod.Version); version != "" {
			return []Trial{{Requirement: instead(t.requirement, module.Version{Path: t.requirement.Mod.Path, Version: version})}}
		}
	}
	return nil
}

// instead is a requirement of another module version.
func instead(r gomod.Requirement, other module.Version) gomod.Requirement {
	r.Mod, r.Written = other, other.Version
	return r
}

// newest gives the highest release above a version that a host has listed and
// that was not taken back; empty for none.
func newest(r probe.Report, version string) string {
	best := ""
	for _, res := range r.Results {
		for _, v := range res.Answers[probe.List].Versions {
			if semver.Prerelease(v) != "" || semver.Compare(v, version) <= 0 || semver.Compare(v, best) <= 0 && best != "" {
				continue
			}
			if r.Notice != nil {
				if _, back := r.Notice.Of(v); back {
					continue
				}
			}
			best = v
		}
	}
	return best
}

// restate requires what was found to be there.
func (s Scene) restate(t trouble) []Fix {
	var fixes []Fix
	for _, trial := range s.restated(t) {
		v, ok := s.outcome(trial)
		other := trial.Requirement.Mod
		if !ok || v.State != diagnostics.Reachable && v.State != diagnostics.Cached || slices.Contains(v.Also, t.Code) {
			continue
		}
		f := Fix{Title: s.say("Change the version to {version}", "{version}", other.Version), Note: s.say("; ") + s.answered(v.Report)}
		if other.Path != t.requirement.Mod.Path {
			f.Title = s.say("Change the path to {path} (imports have to follow)", "{path}", other.Path)
			f.Edits = append(f.Edits, Edit{Edit: s.File.SetPath(t.requirement, other.Path)})
		}
		if other.Version != t.requirement.Mod.Version {
			f.Edits = append(f.Edits, Edit{Edit: s.File.SetVersion(t.requirement, other.Version)})
		}
		fixes = append(fixes, f)
	}
	return fixes
}
