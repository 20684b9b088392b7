package server

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/modreach/modreach/codeactions"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/patrol"
	"github.com/modreach/modreach/probe"
)

const (
	// settle is how long a line is left alone before anything is asked for it:
	// longer than between two keystrokes, shorter than a look at the result.
	settle = 500 * time.Millisecond
	// gather is how long answers are gathered before they are looked at: a whole
	// file is judged then, and its colours do not flicker.
	gather = 50 * time.Millisecond
	// glance is how often, while a host cannot be reached, it is seen whether
	// this machine has another network. It costs a system call.
	glance = 2 * time.Second
	// rest is how long nobody types before what was put off is done: the answers
	// to quick questions about the edited line have been gathered by then.
	rest = settle + 2*gather
	// recheckMin is the shortest time after which an answer may count as old: hosts
	// are asked again and again then.
	recheckMin = time.Second
	// maxPages bounds the files that are looked at, those that are open first:
	// beyond it a workspace is one that nobody edits as a whole.
	maxPages = 200
)

// desk keeps what is known of each go.mod true: it has the patrol ask for what
// the editor shows and the disk holds, and makes views of what that finds. One
// goroutine, work, owns it; the others leave chores.
type desk struct {
	s *session
	// wake has a token when there is something new to look at.
	wake chan struct{}
	mu   sync.Mutex // guards left
	left chores

	// The rest belongs to work.
	surroundings
	asker  asker
	patrol *patrol.Patrol
	// found are the paths of the go.mod files in the folders, texts those that
	// are not open, by path. founds brings what the last of walks has found.
	founds chan found
	found  []string
	walks  int
	texts  map[string]*document
	// spelled are the URIs of files as the client writes them, by key.
	spelled map[string]string
	pages   map[string]*page
	// teller is the page that tells of the settings; nil for none.
	teller *page
	shelf  *probe.Shelf
	now    *snapshot // that the pages were made from
	// rest fires when nobody has typed for a while, ripe when answers were
	// gathered for a while.
	rest, ripe *time.Timer
	// links are the networks that were there last; looking reports that they are
	// looked at, when glances fires.
	links    string
	looking  bool
	glances  *time.Timer
	progress progress
	trials   trials
	remedies []remedy
	// shown is what the client was told, by URI.
	shown   map[string]shown
	sets    chan []string // what is to be watched
	watched []string
}

// chores are what has to be looked at again. The zero value is for what the
// client did to its documents.
type chores struct {
	// env is for the go environment and all that was ever asked in it, disk for
	// the files, walk for which files there are.
	env, disk, walk bool
	// remedies were made since, and asked are lines that somebody looks for fixes
	// on.
	remedies []remedy
	asked    []order
}

// found is what one of the walks has found.
type found struct {
	walk  int
	names []string
}

func newDesk(s *session) *desk {
	return &desk{
		s: s, wake: make(chan struct{}, 1),
		surroundings: surroundings{read: make(chan reading)},
		founds:       make(chan found), trials: trials{done: make(chan []codeactions.Tried)}, sets: make(chan []string, 1),
		texts: map[string]*document{}, spelled: map[string]string{}, pages: map[string]*page{},
		now: &snapshot{}, shown: map[string]shown{}, rest: stopped(), ripe: stopped(), glances: stopped(), progress: progress{late: stopped()},
	}
}

// stopped gives a timer that does not fire until it is reset.
func stopped() *time.Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
}

// leave leaves chores, and has the client's documents looked at. It may be called
// by any goroutine and does not wait.
func (d *desk) leave(c chores) {
	d.mu.Lock()
	d.left = chores{d.left.env || c.env, d.left.disk || c.disk, d.left.walk || c.walk, append(d.left.remedies, c.remedies...), append(d.left.asked, c.asked...)}
	d.mu.Unlock()
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// take takes the chores.
func (d *desk) take() chores {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.left
	d.left = chores{}
	return c
}

// work does what there is to do until ctx is done.
func (d *desk) work(ctx context.Context) {
	d.hire(ctx, 0)
	defer func() {
		d.patrol.Stop()
		d.asker.swap(nil).end()
	}()
	for d.step(ctx) {
	}
}

// step does one thing as soon as there is one; more is false at the end. What
// goes wrong with one file must not be the end of all others.
func (d *desk) step(ctx context.Context) (more bool) {
	defer func() {
		if v := recover(); v != nil {
			d.s.log.Error("the desk panicked", zap.String("panic", fmt.Sprintf("%.500v", v)), zap.ByteString("stack", debug.Stack()))
			more = true
		}
	}()
	select {
	case <-d.wake:
		d.look(d.take())
	case r := <-d.read:
		d.arrive(r)
		d.look(chores{})
	case f := <-d.founds:
		if f.walk == d.walks {
			d.found = f.names
			d.look(chores{})
		}
	case tried := <-d.trials.done:
		d.bring(tried)
		d.judge()
	case <-d.patrol.Changed():
		d.ripe.Reset(gather)
	case <-d.ripe.C:
		d.judge()
	case <-d.rest.C:
		d.review()
	case <-d.glances.C:
		d.lookUp()
	case <-d.progress.late.C:
		d.progress.begin(d.s)
	case <-ctx.Done():
		return false
	}
	return true
}

// hire has another patrol, for which answers count as old after an interval; 0
// for the default.
func (d *desk) hire(ctx context.Context, interval time.Duration) {
	fresh := patrol.EditorFreshness
	if interval > 0 {
		interval = max(interval, recheckMin)
		fresh = patrol.Freshness{
			Found: interval, Missing: min(interval, fresh.Missing), Failing: min(interval, fresh.Failing),
		}
	}
	d.patrol = patrol.New(&d.asker, patrol.Options{Settle: settle, Fresh: fresh}, d.s.log)
	d.patrol.Start(ctx)
}

// look takes the state of the client, and what has changed since the last time.
func (d *desk) look(c chores) {
	old := d.now
	d.now = d.s.snapshot()
	d.remember(c.remedies)
	for _, o := range c.asked {
		d.ask(o)
	}
	if d.now.settings.recheckInterval != old.settings.recheckInterval {
		d.patrol.Stop()
		d.hire(d.s.ctx, d.now.settings.recheckInterval)
		for _, p := range d.pages {
			p.stale = true
		}
	}
	if now := d.now; now.trusted != old.trusted || now.configured != old.configured || now.settings.network != old.settings.network {
		for _, p := range d.pages {
			p.stale = true // it tells why nobody is asked
		}
	}
	if c.walk || !slices.Equal(d.now.folders, old.folders) || d.now.settings.watch != old.settings.watch {
		d.walk()
	}
	if c.disk || !reflect.DeepEqual(d.now.settings.hints(), old.settings.hints()) {
		d.shelf = nil
		clear(d.texts)
		for _, p := range d.pages {
			p.stale = true
		}
	}
	d.collect()
	d.surround(c.env)
	d.lay()
	switch {
	case d.renew:
		d.renew = false
		var all []string
		for k, p := range d.pages {
			if p.asks {
				all = append(all, k)
				p.checked = false
			}
		}
		d.patrol.Recheck(all...)
	case c.disk:
		d.patrol.RecheckDirectories()
	}
	if d.now.settings.codeLens != old.settings.codeLens || d.now.settings.inlayHints != old.settings.inlayHints {
		d.s.refresh(switchRefresh)
	}
	if !reflect.DeepEqual(d.now.settings.severity, old.settings.severity) || !slices.Equal(d.now.settings.mirrors, old.settings.mirrors) {
		for _, p := range d.pages {
			p.dirty = true
		}
	}
	d.judge()
	d.watch()
}

// lookUp has everything asked again if this machine has another network now.
func (d *desk) lookUp() {
	if now := d.s.world.Links(); now != d.links {
		d.links = now
		d.look(chores{env: true})
	}
	d.glances.Reset(glance)
	d.lookOut()
}

// lookOut looks at the networks as long as another one could help.
func (d *desk) lookOut() {
	need := false
	for _, p := range d.pages {
		for _, status := range p.statuses {
			need = need || status.Report.Fault != nil && status.Report.Fault.HostLevel()
		}
	}
	switch {
	case !need:
		d.glances.Stop()
	case !d.looking:
		d.links = d.s.world.Links()
		d.glances.Reset(glance)
	}
	d.looking = need
}

// collect makes pages of the documents that are looked at.
func (d *desk) collect() {
	want := map[string]bool{}
	for _, k := range slices.Sorted(maps.Keys(d.now.documents)) {
		doc := d.now.documents[k]
		if d.now.looksAt(doc.uri) && len(want) < maxPages {
			want[k] = true
			d.turn(k, doc, true)
			d.spelled[k] = doc.uri
		}
	}
	if d.now.settings.enable && d.now.settings.watch == "workspace" {
		for _, name := range d.found {
			k := fileURI(name)
			if want[k] || len(want) >= maxPages {
				continue
			}
			if p := d.pages[k]; p != nil && p.open {
				delete(d.texts, name) // it was saved since, perhaps
			}
			if doc := d.text(name); doc != nil {
				want[k] = true
				d.turn(k, doc, false)
			}
		}
	}
	for k, p := range d.pages {
		if !want[k] {
			d.drop(k, p)
		}
	}
}

// text gives the document for a file that is not open; nil if it cannot be read.
func (d *desk) text(name string) *document {
	if doc, ok := d.texts[name]; ok {
		return doc
	}
	text, err := probe.ReadGoMod(name)
	if err != nil {
		d.texts[name] = nil
		return nil
	}
	k := fileURI(name)
	uri := k
	if spelled, ok := d.spelled[k]; ok {
		uri = spelled
	}
	doc := newDocument(uri, 0, string(text))
	if p := d.pages[k]; p != nil && !p.open && p.document.text == doc.text && p.document.uri == uri {
		doc = p.document // it keeps what was made of it
	}
	d.texts[name] = doc
	return doc
}

// walk finds the go.mod files of the folders.
func (d *desk) walk() {
	d.walks++
	if d.now.settings.watch != "workspace" || len(d.now.folders) == 0 {
		d.found = nil
		return
	}
	folders, walk := d.now.folders, d.walks
	d.s.start(func(ctx context.Context) {
		var all []string
		for _, f := range folders {
			root, ok := pathOf(f.URI)
			if !ok {
				continue
			}
			found, err := probe.FindModules(ctx, root, maxPages, func(string, error) error { return filepath.SkipDir })
			if err != nil {
				d.s.log.Info("a folder cannot be searched", zap.Error(err))
			}
			all = append(all, found...)
		}
		slices.Sort(all)
		select {
		case d.founds <- found{walk, slices.Compact(all)}:
		case <-ctx.Done():
		}
	})
}

// unsaved are the files that the editor has open.
func (d *desk) unsaved() map[string]*gomod.File {
	all := map[string]*gomod.File{}
	for _, p := range d.pages {
		if p.open && p.path != "" {
			all[p.path] = p.document.file()
		}
	}
	return all
}
