package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/patrol"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/report"
	"github.com/modreach/modreach/route"
)

// survey checks some go.mod files once.
type survey struct {
	targets            []target
	skipCache, offline bool
	timeout            time.Duration // 0: none
	progress           *progress
}

// sheet is one file on its way through the survey.
type sheet struct {
	target target
	file   *gomod.File
	routes []route.Route
}

var errTimeout = errors.New("the time for the whole run is over")

func (s *survey) run(ctx context.Context) (report.Check, error) {
	start := time.Now()
	if s.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, s.timeout, errTimeout)
		defer cancel()
	}
	env := probe.Environment(ctx, filepath.Dir(s.targets[0].name), nil)
	sheets, err := plan(env, s.targets)
	if err != nil {
		return report.Check{}, err
	}
	prober := probe.New(probe.Options{Env: env, SkipCache: s.skipCache, Offline: s.offline})
	defer prober.Close()
	// The patrol outlives the deadline, so that what it found can be told.
	p := patrol.New(prober, patrol.Options{}, zap.NewNop())
	p.Start(context.WithoutCancel(ctx))
	defer p.Stop()

	total := 0
	for i, sh := range sheets {
		p.Want(sh.target.name, i, sh.routes)
		total += len(sh.routes)
	}
	if err := s.wait(ctx, p, total); err != nil {
		return report.Check{}, err
	}
	result := report.Check{Version: version(), Environment: settings(env)}
	for _, sh := range sheets {
		result.Files = append(result.Files, sh.judged(p, s.timeout))
	}
	result.Took = time.Since(start)
	return result, nil
}

// wait returns when everything is settled, or the time of the run is over.
func (s *survey) wait(ctx context.Context, p *patrol.Patrol, total int) error {
	defer s.progress.clear()
	for {
		pending := p.Pending()
		if pending == 0 {
			return nil
		}
		s.progress.show(total-pending, total)
		select {
		case <-p.Changed():
		case <-ctx.Done():
			if errors.Is(context.Cause(ctx), errTimeout) {
				return nil
			}
			return errors.New("interrupted")
		}
	}
}

// plan reads the files and plans a route for each requirement.
func plan(env route.Env, targets []target) ([]sheet, error) {
	var sheets []sheet
	for _, t := range targets {
		sh := sheet{target: t, file: gomod.Parse(t.text)}
		m, err := probe.Load(env, t.name, sh.file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.shown, err)
		}
		for _, r := range sh.file.Requires {
			sh.routes = append(sh.routes, route.Plan(env, m, r))
		}
		sheets = append(sheets, sh)
	}
	return sheets, nil
}

// judged gives the outcome for one file.
func (sh sheet) judged(p *patrol.Patrol, timeout time.Duration) report.File {
	statuses, weather := p.Snapshot(sh.target.name)
	out := report.File{Path: sh.target.shown, File: sh.file}
	for i, r := range sh.routes {
		v := diagnostics.Pending(r, fmt.Sprintf("no answer within the %v of this run", timeout))
		if statuses[i].Settled {
			v = diagnostics.Judge(statuses[i].Report)
		}
		out.Verdicts = append(out.Verdicts, v)
	}
	out.Findings = diagnostics.Find(diagnostics.Scene{
		File: sh.file, Verdicts: out.Verdicts, Weather: skyCode(weather), Now: time.Now(),
	})
	return out
}

// skyCode names the weather as findings do.
func skyCode(w patrol.Weather) diagnostics.Weather {
	d := diagnostics.Weather{Hosts: w.Hosts}
	switch w.Sky {
	case patrol.Clear:
	case patrol.Offline:
		d.Code = diagnostics.Offline
	case patrol.Captive:
		d.Code = diagnostics.CaptivePortal
	case patrol.Intercepted:
		d.Code, d.Evidence = diagnostics.TLSIntercepted, "Its name is "+w.Issuer+"."
	}
	return d
}

// settings gives what is set of the environment, for the report.
func settings(env route.Env) []report.Setting {
	var all []report.Setting
	for _, v := range env.All() {
		if v.Value != "" {
			all = append(all, report.Setting{Name: v.Name, Value: shownValue(v), Origin: v.Origin.String()})
		}
	}
	return all
}

// shownValue gives a setting without secrets. The arguments of a GOAUTH command
// may be one in any form, so that of each command only the name is left.
func shownValue(v route.Named) string {
	if v.Name != "GOAUTH" {
		return route.Redact(v.Value)
	}
	var names []string
	for command := range strings.SplitSeq(v.Value, ";") {
		name, rest, _ := strings.Cut(strings.TrimSpace(command), " ")
		if rest != "" {
			name += " ..."
		}
		names = append(names, name)
	}
	return strings.Join(names, ";")
}
