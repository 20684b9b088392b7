package doctor

import (
	"math"
	"time"

	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// Builder puts a report together, stage by stage.
type Builder struct{ report Report }

// Begin starts a report. version is that of this program, module the path of the
// main module; empty for none.
func Begin(env route.Env, version, module string, offline bool, now time.Time) *Builder {
	goos, goarch := env.Host()
	return &Builder{Report{
		Schema: Schema, Tool: Tool{"modreach", version}, Made: now.UTC().Truncate(time.Second),
		Go: env.Get("GOVERSION").Value, OS: goos + "/" + goarch, Module: module, Offline: offline,
		Settings: []Setting{}, Stages: []Stage{}, Modules: []Module{}, Alternatives: []Alternative{},
	}}
}

// titles are those of the stages, by name.
var titles = map[string]string{
	"settings":     "Settings and patterns",
	"disk":         "Caches and disk",
	"tools":        "Tools",
	"hosts":        "Hosts",
	"modules":      "Modules",
	"alternatives": "Alternatives",
}

// Stage adds a stage that took some time.
func (b *Builder) Stage(name string, took time.Duration, checks []Check) {
	b.report.Stages = append(b.report.Stages, Stage{Name: name, Title: titles[name], MS: milliseconds(took), Checks: checks})
}

// Settings adds what is set.
func (b *Builder) Settings(all []Setting) { b.report.Settings = append(b.report.Settings, all...) }

// Modules adds the require lines.
func (b *Builder) Modules(all []Module) { b.report.Modules = append(b.report.Modules, all...) }

// Alternatives adds what was measured.
func (b *Builder) Alternatives(all []Alternative) {
	b.report.Alternatives = append(b.report.Alternatives, all...)
}

// Report gives the whole, for which all of it took some time, with home and user
// hidden.
func (b *Builder) Report(took time.Duration, hide Hide) Report {
	r := b.report
	r.Summary = Summary{Seconds: round(took.Seconds(), 1000)}
	for _, s := range r.Stages {
		for _, c := range s.Checks {
			switch c.Status {
			case OK:
				r.Summary.OK++
			case Warn:
				r.Summary.Warn++
			case Fail:
				r.Summary.Fail++
			case Skipped:
				r.Summary.Skipped++
			}
		}
	}
	return r.Rewritten(hide.hide)
}

// milliseconds is a duration to a tenth of a millisecond, below which it is noise.
func milliseconds(d time.Duration) float64 { return round(float64(d)/float64(time.Millisecond), 10) }

// round keeps 1/unit of a number.
func round(x, unit float64) float64 { return math.Round(x*unit) / unit }

// waterfall gives the steps, each beginning where the one before ends.
func waterfall(steps []probe.Step) []Step {
	all := []Step{}
	var start time.Duration
	for _, s := range steps {
		all = append(all, Step{Name: s.Phase.String(), Start: milliseconds(start), MS: milliseconds(s.Took)})
		start += s.Took
	}
	return all
}
