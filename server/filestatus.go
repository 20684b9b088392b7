package server

import (
	"maps"
	"reflect"
	"slices"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
)

// statusMethod is a notification of the server's own, for clients that announce
// the experimental capability status.
const statusMethod = "modreach/status"

// fileStatus tells how it stands with the require lines of an open go.mod. Each
// counts once.
type fileStatus struct {
	URI string `json:"uri"`
	// Checking are those whose verdict is still to come, or was asked for again.
	Checking    int `json:"checking"`
	Reachable   int `json:"reachable"`
	Cached      int `json:"cached"`
	Unreachable int `json:"unreachable"`
	Unknown     int `json:"unknown"`
	Skipped     int `json:"skipped"`
	// Recovered are the paths of modules that can be fetched now, and could not
	// when the last verdict on them was told.
	Recovered []string `json:"recovered,omitempty"`
}

// status counts the lines of a page as it is shown.
func (p *page) status() fileStatus {
	st := fileStatus{URI: p.document.uri}
	if p.document.file().Kind == gomod.WorkFile {
		return st // it requires nothing
	}
	verdicts := p.view.scene.Verdicts
	st.Checking = len(p.document.file().Requires) - len(verdicts) // the environment is still to be read
	for i, v := range verdicts {
		if p.checks(i) {
			st.Checking++
			continue
		}
		*[...]*int{
			diagnostics.Unknown: &st.Unknown, diagnostics.Reachable: &st.Reachable, diagnostics.Cached: &st.Cached,
			diagnostics.Unreachable: &st.Unreachable, diagnostics.Skipped: &st.Skipped,
		}[v.State]++
	}
	return st
}

// checks reports whether the verdict on a line is still to come. What is renewed
// in the background counts as it is.
func (p *page) checks(i int) bool {
	if p.unasked == notYet {
		return true
	}
	if !p.asks || p.view.scene.Verdicts[i].State == diagnostics.Skipped {
		return false
	}
	return i >= len(p.statuses) || !p.statuses[i].Settled || !p.checked && p.statuses[i].Waits
}

// recovered gives the paths of the modules that could not be fetched before, and
// can be now. It has to be called for each view, to know what was before.
func (p *page) recovered() []string {
	if p.sheet == nil {
		return nil // nothing is known of any
	}
	blocked, back := map[module.Version]bool{}, map[string]bool{}
	for i, v := range p.view.scene.Verdicts {
		mod := p.view.file.Requires[i].Mod
		switch {
		case v.State == diagnostics.Unreachable, v.State == diagnostics.Unknown && p.blocked[mod]:
			blocked[mod] = true
		case p.blocked[mod] && (v.State == diagnostics.Reachable || v.State == diagnostics.Cached):
			back[mod.Path] = true
		}
	}
	p.blocked = blocked
	return slices.Sorted(maps.Keys(back))
}

// tellStatuses tells the client how it stands with the open files, where that has
// changed.
func (d *desk) tellStatuses() {
	if !d.now.client.Experimental.Status {
		return
	}
	for _, k := range slices.Sorted(maps.Keys(d.pages)) {
		p := d.pages[k]
		if !p.open || p.view == nil {
			p.blocked, p.told = nil, fileStatus{}
			continue
		}
		st := p.status()
		st.Recovered = p.recovered()
		if !reflect.DeepEqual(st, p.told) {
			d.s.notify(statusMethod, st)
		}
		p.told = st
		p.told.Recovered = nil // that is told once
	}
}
