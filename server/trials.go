package server

import (
	"context"
	"maps"
	"slices"

	"go.uber.org/zap"

	"github.com/modreach/modreach/codeactions"
	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/trial"
)

// trials has changes of settings tried for what is wrong on the open pages: one
// page at a time, once its lines have answers and nobody types there.
type trials struct {
	// page is the key of the page that something is tried for; empty for none.
	page string
	// under has what is being tried. stop ends that, and then it does not count.
	under []codeactions.Trial
	stop  context.CancelFunc
	done  chan []codeactions.Tried
}

// tryOut begins with the next page that there is something to try for, and ends
// what nobody has use for any more.
func (d *desk) tryOut() {
	if d.trials.page != "" {
		if p := d.pages[d.trials.page]; p == nil || !d.trials.serve(p.view) {
			d.trials.stop()
		}
		return
	}
	if d.place.reach != byNetwork {
		return
	}
	for _, k := range slices.Sorted(maps.Keys(d.pages)) {
		p := d.pages[k]
		if !p.asks || !p.open || p.stale || !p.typed.IsZero() || p.view == nil || p.view.waiting > 0 {
			continue
		}
		if all := p.trials(); len(all) > 0 {
			d.setOut(k, p, all)
			return
		}
	}
}

// trials gives what is to be tried for a page: first what somebody has asked for
// by a look at what may be done about a line.
func (p *page) trials() []codeactions.Trial {
	scene := p.view.fixes()
	for _, f := range p.view.findings {
		if p.askedFor(f) {
			if all := scene.Untried(f); len(all) > 0 {
				return all
			}
		}
	}
	return scene.AllTrials(p.view.findings)
}

// askedMax bounds the lines of a page that are remembered to have been asked for.
const askedMax = 100

// ask has changes of settings tried for a finding that somebody looks at.
func (d *desk) ask(o order) {
	p := d.pages[key(o.URI)]
	f := diagnostics.Finding{Code: o.Code, Module: o.Module, Version: o.Version}
	if p != nil && len(p.asked) < askedMax && !p.askedFor(f) {
		p.asked = append(p.asked, f)
	}
}

// askedFor reports whether somebody has looked for what to do about a finding.
func (p *page) askedFor(f diagnostics.Finding) bool {
	return slices.ContainsFunc(p.asked, func(a diagnostics.Finding) bool {
		return a.Code == f.Code && a.Module == f.Module && a.Version == f.Version
	})
}

// serve reports whether what is being tried may mend anything on a view.
func (t *trials) serve(v *view) bool {
	if v == nil {
		return false
	}
	scene := v.fixes()
	return slices.ContainsFunc(v.findings, func(f diagnostics.Finding) bool {
		return slices.ContainsFunc(scene.Trials(f), func(wanted codeactions.Trial) bool {
			return slices.ContainsFunc(t.under, wanted.Same)
		})
	})
}

// setOut has some changes tried for a page.
func (d *desk) setOut(k string, p *page, all []codeactions.Trial) {
	net := d.s.world.Probe
	net.Env = d.env
	shelf := new(probe.Shelf)
	shelf.Hint(d.now.settings.hints())
	shelf.Unsave(d.unsaved())
	name, file := p.path, p.document.file()
	ctx, stop := context.WithCancel(d.s.ctx)
	d.trials.page, d.trials.under, d.trials.stop = k, all, stop
	d.s.start(func(session context.Context) {
		defer stop()
		// That of the page has no hashes any more.
		m, err := shelf.Load(net.Env, name, file)
		if err != nil {
			d.s.log.Info("a go.work cannot be read", zap.Error(err))
		}
		tried := trial.Run(ctx, net, m, all)
		if ctx.Err() != nil {
			tried = nil
		}
		select {
		case d.trials.done <- tried:
		case <-session.Done():
		}
	})
}

// bring takes what came of the trials for a page.
func (d *desk) bring(tried []codeactions.Tried) {
	p := d.pages[d.trials.page]
	d.trials.page, d.trials.under = "", nil
	if p == nil || len(tried) == 0 {
		return
	}
	left := slices.DeleteFunc(slices.Clone(p.tried), func(t codeactions.Tried) bool {
		return !t.Toolchain && !slices.ContainsFunc(p.document.file().Requires, func(r gomod.Requirement) bool { return r.Mod == t.Requirement.Mod })
	})
	p.tried, p.dirty = append(left, tried...), true
}

// forgetTrials is for another environment, in which all may come out otherwise.
func (d *desk) forgetTrials() {
	if d.trials.page != "" {
		d.trials.stop()
	}
	for _, p := range d.pages {
		p.tried, p.asked = nil, nil
	}
}
