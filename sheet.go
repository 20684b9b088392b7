package main

import (
	"context"
	"fmt"
	"time"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/report"
	"github.com/modreach/modreach/route"
)

// sheet is one go.mod on its way through a check.
type sheet struct {
	target target
	file   *gomod.File
	module route.Module
	// toolchain is what the go command has to become first.
	toolchain route.Toolchain
	// routes has one for each of file.Requires, in their order, and then that
	// to the toolchain.
	routes []route.Route
}

// newSheet reads what stands around a go.mod and plans a route for each of its
// requirements.
func newSheet(ctx context.Context, env route.Env, t target) (*sheet, error) {
	env, err := environmentOf(ctx, env, t)
	if err != nil {
		return nil, err
	}
	s := &sheet{target: t, file: gomod.Parse(t.text)}
	m, err := probe.Load(env, t.name, s.file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.shown, err)
	}
	for _, r := range s.file.Requires {
		s.routes = append(s.routes, route.Plan(env, m, r))
	}
	s.module, s.toolchain = m, route.PlanToolchain(env, m)
	s.routes = append(s.routes, s.toolchain.Route)
	return s, nil
}

// filled gives the outcome for the file. The last of the verdicts is that on the
// toolchain.
func (s *sheet) filled(verdicts []diagnostics.Verdict, weather diagnostics.Weather) report.File {
	n := len(s.file.Requires)
	scene := diagnostics.Scene{
		File: s.file, Toolchain: verdicts[n], ToolchainLine: s.toolchainLine(), Weather: weather, Now: time.Now(),
	}
	for _, v := range verdicts[:n] {
		scene.Verdicts = append(scene.Verdicts, v.Under(scene.Toolchain))
	}
	scene.Lines = diagnostics.Lines(s.module, s.toolchain, scene.Toolchain, scene.Verdicts)
	return report.File{
		Path: s.target.shown, File: s.file, Verdicts: scene.Verdicts, Lines: scene.Lines,
		Findings: diagnostics.Find(scene),
	}
}

// toolchainLine is the line of the file that asks for the toolchain; zero where
// a go.work or GOTOOLCHAIN does.
func (s *sheet) toolchainLine() gomod.Span {
	line := s.file.Go
	if s.toolchain.Line == "toolchain" {
		line = s.file.Toolchain
	}
	if line == nil || s.module.Work != nil {
		return gomod.Span{}
	}
	return line.Line
}
