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
	// routes has one for each of file.Requires, in their order.
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
	return s, nil
}

// filled gives the outcome for the file.
func (s *sheet) filled(verdicts []diagnostics.Verdict, weather diagnostics.Weather) report.File {
	return report.File{
		Path: s.target.shown, File: s.file, Verdicts: verdicts,
		Findings: diagnostics.Find(diagnostics.Scene{
			File: s.file, Verdicts: verdicts, Weather: weather, Now: time.Now(),
		}),
	}
}
