package probe

import (
	"fmt"
	"slices"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/route"
)

// This file has what a walk asks or notes beside the verdict, so that a person
// learns what else would work. A line that is reached costs no request more.

// versions asks for the list of versions when a hop said that it does not have
// this one: a wrong version and a wrong path want different remedies.
func (w *walk) versions(best int, a Artefact) *Need {
	if a != Info || w.route.Query || w.report.Results[best].Answers[a].Outcome != Miss {
		return nil
	}
	for i := best; i >= 0; i-- {
		hop := w.route.Hops[i]
		if known := w.report.Results[i].Answers[Info].Versions; len(known) > 0 {
			w.report.Known = known // the tags of a repository come with its answer
			return nil
		}
		if hop.Kind != route.Proxy || hop.Skip != "" || w.report.Results[i].Answers[Info].Outcome != Miss {
			continue
		}
		ans := w.known(i, w.route.Mod, List)
		w.report.Results[i].Answers[List] = ans
		if ans.Outcome == Unasked {
			return &Need{Hop: i, Mod: w.route.Mod, Artefacts: []Artefact{List}}
		}
		if w.report.Known = ans.Versions; len(ans.Versions) > 0 {
			return nil // else one before it may know the module
		}
	}
	return nil
}

// beyond asks the proxy after the comma that ended a walk, to learn whether a
// "|" would have helped. Repositories are not asked, which the settings do not
// name, and nobody is where the go command would hang before it came so far.
func (w *walk) beyond(a Artefact) *Need {
	if w.route.Toolchain != "" {
		return nil
	}
	i := w.endsAt(a)
	if i < 0 || w.report.Results[i].Answers[a].Fault.Cause == NoAnswer {
		return nil
	}
	for j := i + 1; j < len(w.route.Hops); j++ {
		hop := w.route.Hops[j]
		if hop.Skip != "" {
			continue
		}
		if hop.Kind != route.Proxy {
			return nil
		}
		switch ans := w.answer(j, Info); ans.Outcome {
		case Unasked:
			return &Need{Hop: j, Mod: w.route.Mod, Artefacts: []Artefact{Info}}
		case OK:
			w.report.Beyond = &w.report.Results[j].Hop
		case Miss, Failed, Spoiled, Unsure, Withheld:
		}
		return nil
	}
	return nil
}

// endsAt gives the proxy whose error the comma after it made the last word on
// an artefact; -1 for none.
func (w *walk) endsAt(a Artefact) int {
	for i, res := range w.report.Results[:len(w.route.Hops)] {
		ans := res.Answers[a]
		if ans.Outcome == Failed && res.Hop.Kind == route.Proxy && res.Hop.Falls == route.NotFound {
			if ans.Fault == nil || ans.Fault.Phase == Checksum || w.ofDatabase(ans.Fault) {
				return -1
			}
			return i
		}
	}
	return -1
}

// mismatch gives what the go command says of the served go.mod when it builds
// with the module, or downloads without arguments: a module has to declare the
// path by which it is required or, if it replaces another one, its own. Empty
// for a good one.
func (w *walk) mismatch() string {
	required, declared := w.route.Required.Path, w.served.Declared
	switch {
	case w.served.Undeclared:
		return "parsing go.mod: missing module line"
	case declared == "" || declared == required || declared == w.route.Mod.Path:
		return ""
	}
	return fmt.Sprintf("parsing go.mod:\n\tmodule declares its path as: %s\n\t        but was required as: %s", declared, required)
}

// notice gives what the newest go.mod in hand says of the module.
func (w *walk) notice() *Notice {
	if w.route.Mod.Path != w.route.Required.Path || w.route.Toolchain != "" {
		return nil // nobody retracts what replaces
	}
	own := &Notice{}
	if n := w.served.Notice; n != nil {
		*own = *n
	}
	own.Version = w.mod.Version
	for i, hop := range w.route.Hops {
		if n := w.report.Results[i].Answers[Info].Notice; hop.Kind == route.Cache && n != nil && newerRelease(n.Version, own.Version) {
			own = n
		}
	}
	if own.Deprecated == "" && len(own.Retracts) == 0 {
		return nil
	}
	return own
}

// latest asks the first proxy, for a curious route, for the go.mod of the latest
// version, which is the one that the go command believes. What is in the module
// cache must not wait for a proxy.
func (w *walk) latest() *Need {
	if !w.route.Curious || !w.asked || w.route.Toolchain != "" || w.route.Mod.Path != w.route.Required.Path {
		return nil
	}
	i := slices.IndexFunc(w.route.Hops, func(h route.Hop) bool { return h.Kind == route.Proxy && h.Skip == "" && h.Refused == "" })
	if i < 0 {
		return nil
	}
	list := w.known(i, w.mod, List)
	w.report.Results[i].Answers[List] = list
	if list.Outcome == Unasked {
		return &Need{Hop: i, Mod: w.mod, Artefacts: []Artefact{List}}
	}
	newest := module.Version{Path: w.mod.Path, Version: w.mod.Version}
	for _, v := range list.Versions {
		if newerRelease(v, newest.Version) {
			newest.Version = v
		}
	}
	if newest == w.mod {
		return nil
	}
	ans := w.known(i, newest, Mod)
	if ans.Outcome == Unasked {
		return &Need{Hop: i, Mod: newest, Artefacts: []Artefact{Mod}}
	}
	if ans.Outcome == OK {
		w.report.Notice = nil
		if ans.Notice != nil {
			n := *ans.Notice
			n.Version, w.report.Notice = newest.Version, &n
		}
	}
	return nil
}
