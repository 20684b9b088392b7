package server

import (
	"cmp"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/codeactions"
	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/patrol"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
	"github.com/modreach/modreach/sheet"
)

// notYet is the reason of a verdict that is still to come. The others are those of
// one that does not come.
const (
	notYet     = "not checked yet"
	untrusted  = "nobody is asked before the workspace is trusted"
	noNetwork  = "not asked: the network is switched off"
	nowhere    = "not asked: the file is in no file system"
	foreign    = "not asked: the file is in the module cache, where nobody runs the go command"
	brokenFile = "not asked: go.work, or the file of -modfile, cannot be read"
)

// page is one go.mod or go.work on the desk.
type page struct {
	document *document
	open     bool
	// path is empty for what is in no file system.
	path string
	// stale reports that the routes are to be planned again, and later that they
	// are when nobody types any more.
	stale, later bool
	// sheet has the routes; nil for a go.work, and before the environment is
	// known.
	sheet *sheet.Sheet
	// asks reports that the patrol wants the routes; unasked is why not, if it does
	// not and will not by itself.
	asks    bool
	unasked string
	// statuses and weather are those that view was made of.
	statuses []patrol.Status
	weather  patrol.Weather
	view     *view
	// dirty reports that view is to be made anew.
	dirty bool
	// typed are the lines that somebody is typing in; zero when nobody is. What is
	// found there for the first time is not told yet.
	typed gomod.Span
	// tried has what came of changes of settings in the environment of now.
	tried []codeactions.Tried
	// asked are the findings that somebody wants to do something about.
	asked []diagnostics.Finding
	// checked reports that all lines had an answer once.
	checked bool
	// told is the status that the client was told last, blocked are the modules
	// that could not be fetched then.
	told    fileStatus
	blocked map[module.Version]bool
}

// turn has the page of a key show a document.
func (d *desk) turn(k string, doc *document, open bool) {
	p := d.pages[k]
	if p == nil {
		p = &page{}
		d.pages[k] = p
	}
	if p.document == doc && p.open == open {
		return
	}
	p.typed = gomod.Span{}
	if p.document != nil && p.open && open {
		p.typed = edited(p.document, doc)
	}
	p.path, _ = pathOf(doc.uri)
	p.document, p.open, p.stale = doc, open, true
	d.disturb(p)
}

// edited gives the lines of a document that are not as in the one before; zero
// if there are none.
func edited(before, after *document) gomod.Span {
	a, b := before.text, after.text
	if a == b {
		return gomod.Span{}
	}
	start := 0
	for start < min(len(a), len(b)) && a[start] == b[start] {
		start++
	}
	tail := 0
	for tail < min(len(a), len(b))-start && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	first, last := after.file().LineSpan(start), after.file().LineSpan(len(b)-tail)
	return gomod.Span{Start: first.Start, End: max(last.End, first.Start+1)} // never zero
}

// disturb has the pages planned again, when nobody types any more, on which a
// change of this one bears.
func (d *desk) disturb(p *page) {
	work := workOf(p)
	for _, other := range d.pages {
		if other != p && (filepath.Base(p.path) == goWork || work != "" && workOf(other) == work) {
			other.later = true
		}
	}
}

// workOf gives the directory of the go.work in force for a page; empty for none.
func workOf(p *page) string {
	if p.sheet == nil || p.sheet.Module.Work == nil {
		return ""
	}
	return p.sheet.Module.Work.Dir
}

// drop takes a page off the desk.
func (d *desk) drop(k string, p *page) {
	d.forget(k, p)
	delete(d.pages, k)
	d.disturb(p) // what was not saved counts no more
}

// forget has nothing asked for a page.
func (d *desk) forget(k string, p *page) {
	if p.asks {
		d.patrol.Want(k, 0, nil)
		p.asks = false
	}
}

// lay plans the stale pages.
func (d *desk) lay() {
	if d.shelf == nil {
		d.shelf = new(probe.Shelf)
		d.shelf.Hint(d.now.settings.hints())
	}
	d.shelf.Unsave(d.unsaved())
	for _, k := range slices.Sorted(maps.Keys(d.pages)) {
		if p := d.pages[k]; p.stale {
			d.plan(k, p)
		}
	}
	d.rest.Reset(rest)
}

// review plans what an edit elsewhere has left stale, now that nobody types.
func (d *desk) review() {
	for _, p := range d.pages {
		p.stale, p.later = p.stale || p.later, false
		if !p.typed.IsZero() {
			p.typed, p.dirty = gomod.Span{}, true
		}
	}
	d.lay()
	d.rest.Stop()
	d.shelf = nil // the disk may change
	d.judge()
}

// plan makes the routes of a page, and has them asked if that may be.
func (d *desk) plan(k string, p *page) {
	p.stale, p.dirty, p.sheet = false, true, nil
	if p.document.file().Kind == gomod.WorkFile || !d.known {
		d.forget(k, p)
		return
	}
	var m route.Module
	if p.unasked = d.unasked(p); p.unasked == "" {
		var err error
		if m, err = d.shelf.Load(d.env, p.path, p.document.file()); err != nil {
			// The go command fails for every line, which tells nothing of any.
			d.s.log.Info("a file beside a go.mod cannot be read", zap.Error(err))
			p.unasked = brokenFile
		}
	}
	if p.unasked != "" {
		p.sheet = d.plainSheet(p)
		d.forget(k, p)
		return
	}
	p.sheet, p.asks = sheet.New(d.env, m), true
	// The routes have what was needed of them, and they are large.
	p.sheet.Module.Sums = nil
	urgency := 0
	if !p.open {
		urgency = 1
	}
	d.patrol.Want(k, urgency, p.sheet.Routes)
}

// unasked tells why nobody is asked for a page; empty if somebody is.
func (d *desk) unasked(p *page) string {
	switch {
	case d.place.reach == byText && (!d.now.configured || d.now.reach() != byText):
		return notYet // the settings, or the environment, are still to come
	case d.place.reach == byText && !d.now.trusted:
		return untrusted
	case d.place.reach == byText:
		return noNetwork
	case p.path == "":
		return nowhere
	case d.inCache(p.path):
		return foreign
	}
	return ""
}

// plainSheet plans a page without a look at what stands around it.
func (d *desk) plainSheet(p *page) *sheet.Sheet {
	return sheet.New(d.env, route.Module{Dir: filepath.Dir(p.path), File: p.document.file(), InPath: probe.InPath(d.env)})
}

// inCache reports whether a file is part of the module cache: it is somebody
// else's, and nobody runs the go command there.
func (d *desk) inCache(name string) bool {
	cache, err := d.env.ModCache()
	return err == nil && strings.HasPrefix(name, cache+string(filepath.Separator))
}

// judge makes views of what was found since, and shows them.
func (d *desk) judge() {
	d.appointTeller()
	views := make(map[string]*view, len(d.pages))
	for k, p := range d.pages {
		var statuses []patrol.Status
		var weather patrol.Weather
		if p.asks {
			statuses, weather = d.patrol.Snapshot(k)
		}
		if p.dirty || !slices.EqualFunc(statuses, p.statuses, sameStatus) || !reflect.DeepEqual(weather, p.weather) {
			p.statuses, p.weather = statuses, weather
			p.dirty = false // if this panics the others are still to be looked at
			p.view = d.newView(p)
		}
		views[k] = p.view
	}
	d.progress.follow(d.pages)
	d.lookOut()
	if old := d.s.snapshot().views; !maps.Equal(old, views) {
		d.s.update(func(next *snapshot) { next.views = views })
		d.show(old, views)
		d.trace(old, views)
	}
	d.tellStatuses()
	d.tryOut()
}

// sameStatus reports whether two statuses of one route tell the same: each walk
// has results of its own.
func sameStatus(a, b patrol.Status) bool {
	same := len(a.Report.Results) == len(b.Report.Results) &&
		(len(a.Report.Results) == 0 || &a.Report.Results[0] == &b.Report.Results[0])
	return same && a.Settled == b.Settled && a.Waits == b.Waits && a.Slow == b.Slow
}

// appointTeller chooses the one page that tells of the settings: the one that
// does so already as long as it is open, else the first that is, else the first.
func (d *desk) appointTeller() {
	if p := d.teller; p != nil && p.open && slices.Contains(slices.Collect(maps.Values(d.pages)), p) && d.canTell(p) {
		return
	}
	var first *page
	for _, k := range slices.Sorted(maps.Keys(d.pages)) {
		if p := d.pages[k]; d.canTell(p) && (first == nil || p.open && !first.open) {
			first = p
		}
	}
	if first == d.teller {
		return
	}
	for _, p := range []*page{d.teller, first} {
		if p != nil {
			p.dirty = true
		}
	}
	d.teller = first
}

// canTell reports whether a page is a go.mod that somebody works on.
func (d *desk) canTell(p *page) bool {
	return p.sheet != nil && p.path != "" && !d.inCache(p.path)
}

// newView makes the view of a page.
func (d *desk) newView(p *page) *view {
	v := &view{
		document: p.document, open: p.open, path: p.path, file: p.document.file(),
		env: d.env, sheet: p.sheet, tried: p.tried, mirrors: d.now.settings.mirrors, scene: diagnostics.Scene{File: p.document.file()},
	}
	if p.sheet != nil {
		v.scene = p.sheet.Scene(p.sheet.Verdicts(p.statuses, cmp.Or(p.unasked, notYet)), sheet.Weather(p.weather), time.Now())
	}
	v.scene.Language = d.now.client.language
	if p == d.teller {
		v.scene.Around = &diagnostics.Surroundings{Env: d.env, Module: p.sheet.Module, Machine: d.machine}
	}
	for _, status := range p.statuses {
		if status.Waits || !status.Settled {
			v.waiting++
		}
	}
	v.findings = slices.DeleteFunc(d.now.settings.leveled(diagnostics.Find(v.scene)), func(f diagnostics.Finding) bool {
		return !p.typed.IsZero() && f.Span.Start <= p.typed.End && p.typed.Start <= f.Span.End && !p.view.has(f)
	})
	d.followUp(v)
	v.items = d.s.items(v, &d.now.client)
	return v
}
