// Package sheet carries one go.mod through a check: from what stands in it and
// around it to the routes to ask about, and from the answers to findings. The
// command line does so once, the language server at every edit.
//
//	s := sheet.New(env, module)
//	patrol.Want(name, 0, s.Routes)
//	statuses, weather := patrol.Snapshot(name)
//	verdicts := s.Verdicts(statuses, "not checked yet")
//	findings := diagnostics.Find(s.Scene(verdicts, sheet.Weather(weather), time.Now()))
//
// It is pure.
package sheet

import (
	"time"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/patrol"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// Sheet is a go.mod with a route for each of its requirements. It never changes.
type Sheet struct {
	// Module is the go.mod, Module.File what stands in it.
	Module route.Module
	// Toolchain is what the go command has to become first.
	Toolchain route.Toolchain
	// Routes has one for each of Module.File.Requires, in their order, and then
	// that to the toolchain.
	Routes []route.Route
}

// New plans the routes of m, whose File is not nil.
func New(env route.Env, m route.Module) *Sheet {
	s := &Sheet{Module: m, Toolchain: route.PlanToolchain(env, m), Routes: make([]route.Route, 0, len(m.File.Requires)+1)}
	for _, r := range m.File.Requires {
		s.Routes = append(s.Routes, route.Plan(env, m, r))
	}
	s.Routes = append(s.Routes, s.Toolchain.Route)
	return s
}

// Verdicts gives one for each route. statuses are those of the routes in their
// order; of a route beyond their end nobody was asked. A route that is not
// settled, or of which nobody was asked, is judged by what it says itself, and
// otherwise unknown, for the reason given.
func (s *Sheet) Verdicts(statuses []patrol.Status, unsettled string) []diagnostics.Verdict {
	all := make([]diagnostics.Verdict, len(s.Routes))
	for i, r := range s.Routes {
		var status patrol.Status
		if i < len(statuses) {
			status = statuses[i]
		}
		all[i] = Verdict(r, status, unsettled)
	}
	return all
}

// Verdict gives the verdict on one route, as [Sheet.Verdicts] does.
func Verdict(r route.Route, status patrol.Status, unsettled string) diagnostics.Verdict {
	if status.Settled {
		return diagnostics.Judge(status.Report)
	}
	report, need := probe.Walk(r, func(int, module.Version, probe.Artefact) probe.Answer { return probe.Answer{} })
	if need == nil { // it ends before anybody is asked
		return diagnostics.Judge(report)
	}
	return diagnostics.Pending(r, unsettled)
}

// Scene puts together what findings are looked for in. verdicts has one for each
// of the routes.
func (s *Sheet) Scene(verdicts []diagnostics.Verdict, weather diagnostics.Weather, now time.Time) diagnostics.Scene {
	n := len(s.Routes) - 1
	scene := diagnostics.Scene{
		File: s.Module.File, Verdicts: make([]diagnostics.Verdict, n),
		Unused: s.Module.Unused, Toolchain: verdicts[n], ToolchainLine: s.toolchainLine(), Weather: weather, Now: now,
	}
	for i, v := range verdicts[:n] {
		scene.Verdicts[i] = v.Under(scene.Toolchain)
	}
	scene.Lines = diagnostics.Lines(s.Module, s.Toolchain, scene.Toolchain, scene.Verdicts)
	return scene
}

// toolchainLine is the line of the file that asks for the toolchain; zero where
// a go.work or GOTOOLCHAIN does.
func (s *Sheet) toolchainLine() gomod.Span {
	line := s.Module.File.Go
	if s.Toolchain.Line == "toolchain" {
		line = s.Module.File.Toolchain
	}
	if line == nil || s.Module.Work != nil {
		return gomod.Span{}
	}
	return line.Line
}

// Weather names the weather as findings do.
func Weather(w patrol.Weather) diagnostics.Weather {
	d := diagnostics.Weather{Hosts: w.Hosts}
	switch w.Sky {
	case patrol.Clear:
	case patrol.Offline:
		d.Code = diagnostics.Offline
	case patrol.Captive:
		d.Code = diagnostics.CaptivePortal
	case patrol.Intercepted:
		d.Code, d.Evidence = diagnostics.TLSIntercepted, "Its name is "+w.Issuer+"."
	case patrol.Filtered:
		d.Code, d.Way = diagnostics.NetworkFiltered, diagnostics.Way(w.Way)
	}
	return d
}
