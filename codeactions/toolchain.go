package codeactions

import (
	"slices"
	"strconv"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/route"
)

const goToolchain = "GOTOOLCHAIN"

// homebound are the values of GOTOOLCHAIN that let go look on this machine alone,
// which somebody has to have set: they are never the default.
var homebound = []string{"local", "path"}

// switching lets go fetch the toolchain that the file asks for, where a setting
// keeps it from that.
func (s Scene) switching(f diagnostics.Finding) []Trial {
	v := s.Env.Get(goToolchain)
	if f.Code != diagnostics.ToolchainUnavailable || f.Module != "" || !slices.Contains(homebound, v.Value) {
		return nil
	}
	values := map[string]string{goToolchain: "auto"}
	plan := route.PlanToolchain(s.Env.With(values), route.Module{File: s.File, Work: s.Work}).Route
	if plan.Mod.Version == "" {
		return nil // the file itself stands in the way
	}
	return []Trial{{
		Requirement: gomod.Requirement{Mod: plan.Mod}, Toolchain: true, Values: values,
		title:   s.say("Let go fetch {toolchain} with GOTOOLCHAIN=auto", "{toolchain}", plan.Toolchain),
		warning: s.say(" (now it is {value}, set {where}, perhaps on purpose)", "{value}", v.Value, "{where}", s.whereToolchain(v)),
	}}
}

// whereToolchain tells where it was set.
func (s Scene) whereToolchain(v route.Var) string {
	switch v.Origin {
	case route.User:
		return s.say("in {file}, line {line}", "{file}", s.Env.Get("GOENV").Value, "{line}", strconv.Itoa(v.Line))
	case route.GOROOT:
		return s.say("by this Go installation")
	case route.Default, route.Process, route.Workspace:
	}
	return s.where(goToolchain)
}

// switched offers that where it was seen to bring the toolchain. It is never what
// most would choose: somebody has chosen otherwise.
func (s Scene) switched(f diagnostics.Finding) []Fix {
	var fixes []Fix
	for _, trial := range s.switching(f) {
		v, ok := s.outcome(trial)
		if !ok || v.State == diagnostics.Unreachable || v.State == diagnostics.Unknown {
			continue
		}
		for _, fix := range s.setting(trial.title, s.say("; ")+s.answered(v.Report)+trial.warning, trial.Values) {
			fix.Preferred = false
			fixes = append(fixes, fix)
		}
	}
	return fixes
}
