package main

import (
	"context"
	"fmt"
	"time"

	"github.com/modreach/modreach/codeactions"
	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/report"
	"github.com/modreach/modreach/route"
	"github.com/modreach/modreach/sheet"
)

// page is a target on its way through a check.
type page struct {
	*sheet.Sheet
	target target
	env    route.Env
}

// newPage reads what stands around a go.mod and plans a route for each of its
// requirements. env is that of its folder or another.
func newPage(ctx context.Context, env route.Env, shelf *probe.Shelf, t target) (page, error) {
	env, err := environmentOf(ctx, env, t)
	if err != nil {
		return page{}, err
	}
	m, err := shelf.Load(env, t.name, gomod.Parse(t.text))
	if err != nil {
		return page{}, fmt.Errorf("%s: %w", t.shown, err)
	}
	return page{sheet.New(env, m), t, env}, nil
}

// newPages makes one of each target, with the routes of each.
func newPages(ctx context.Context, env route.Env, shelf *probe.Shelf, targets []target) (pages []page, routes [][]route.Route, err error) {
	for _, t := range targets {
		p, err := newPage(ctx, env, shelf, t)
		if err != nil {
			return nil, nil, err
		}
		pages, routes = append(pages, p), append(routes, p.Routes)
	}
	return pages, routes, nil
}

// filled gives the outcome for the file. One of all files tells of the settings.
func (p page) filled(verdicts []diagnostics.Verdict, weather diagnostics.Weather, tellsSettings bool) report.File {
	scene := p.Scene(verdicts, weather, time.Now())
	if tellsSettings {
		scene.Around = &diagnostics.Surroundings{Env: p.env, Module: p.Module, Machine: probe.ReadMachine(p.env)}
	}
	fixes := p.fixes(scene.Verdicts)
	return report.File{
		Path: p.target.shown, File: scene.File, Verdicts: scene.Verdicts, Lines: scene.Lines,
		Findings: diagnostics.Find(scene),
		Fixes:    func(f diagnostics.Finding) []report.Fix { return told(fixes.Fixes(f)) },
	}
}

// fixes gives what the fixes are looked for in, before a look at the disk and
// without trials.
func (p page) fixes(verdicts []diagnostics.Verdict) codeactions.Scene {
	return codeactions.Scene{
		Name: p.target.name, File: p.Module.File, Verdicts: verdicts, Env: p.env,
		Work: p.Module.Work, InPlace: p.Module.InPlace != nil,
	}
}

// told gives the fixes that change something, as a report has them; the others
// are for editors.
func told(fixes []codeactions.Fix) []report.Fix {
	var all []report.Fix
	for _, fix := range fixes {
		switch {
		case len(fix.Edits) > 0 && !fix.Silences:
			all = append(all, report.Fix{Title: fix.Text(), Kind: "edit"})
		case fix.Command.Name == codeactions.AddPrivate, fix.Command.Name == codeactions.SetEnv:
			all = append(all, report.Fix{Title: fix.Text(), Kind: "command"})
		}
	}
	return all
}
