package server

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// reach is how far anybody may go to learn something.
type reach uint8

const (
	// byText opens no socket and starts no process: a file is judged by what
	// stands in it and by the settings.
	byText reach = iota
	// byDisk opens no socket. The go command is asked for its settings, and the
	// module cache counts.
	byDisk
	// byNetwork asks the hosts.
	byNetwork
)

// reach is how far the client lets us go. As long as it may still have settings
// to tell that say otherwise, that is not far.
func (s *snapshot) reach() reach {
	switch {
	case !s.trusted || !s.configured || s.settings.network == "off":
		return byText
	case s.settings.network == "cached":
		return byDisk
	}
	return byNetwork
}

// place is what the go environment depends on, and how it is used.
type place struct {
	reach reach
	// dir is where the go command is asked.
	dir string
	// settings are laid over the environment of the process.
	settings map[string]string
	// timeout is that of the user's settings.
	timeout time.Duration
}

// sees reports whether the environment is the same in two places.
func (p place) sees(other place) bool {
	return p.dir == other.dir && maps.Equal(p.settings, other.settings) && (p.reach == byText) == (other.reach == byText)
}

// surroundings are the go environment and how it came about. There is one for
// all files: what differs between folders is only which go.work is in force, and
// that is found for each.
type surroundings struct {
	place   place
	env     route.Env
	machine probe.Machine
	// known reports that env is there; else nothing can be judged yet.
	known bool
	// renew has all that was asked before asked again.
	renew bool
	// read brings an environment that was read in the background; busy reports
	// that one is being read, and again that it will be out of date.
	read        chan reading
	busy, again bool
}

// reading is an environment with its place.
type reading struct {
	place   place
	env     route.Env
	machine probe.Machine
}

// surround sees to it that the environment is that of the place where the files
// are; with again it is read once more.
func (d *desk) surround(again bool) {
	d.again = d.again || again
	want := d.here()
	if len(d.pages) == 0 {
		return // nobody needs to know
	}
	if want.reach == byText {
		if !d.known || d.again || !want.sees(d.place) {
			d.again = false
			d.move(want, d.s.world.Environment(d.s.ctx, "", want.settings, true), probe.Machine{})
		}
		return
	}
	if d.known && d.place.reach != byText && (want.reach != d.place.reach || want.timeout != d.place.timeout) {
		// At once: the user has just forbidden something, perhaps.
		d.place.timeout = want.timeout
		d.place.reach = want.reach
		d.move(d.place, d.env, d.machine)
	}
	if d.busy || d.known && !d.again && want.sees(d.place) {
		return
	}
	d.busy, d.again = true, false
	d.s.start(func(ctx context.Context) {
		env := d.s.world.Environment(ctx, want.dir, want.settings, false)
		select {
		case d.read <- reading{want, env, d.s.world.Machine(env)}:
		case <-ctx.Done():
		}
	})
}

// here is where the client's files are.
func (d *desk) here() place {
	p := place{reach: d.now.reach(), settings: d.now.settings.env, timeout: d.now.settings.timeout}
	for _, f := range d.now.folders {
		if dir, ok := pathOf(f.URI); ok {
			p.dir = dir
			return p
		}
	}
	for _, k := range slices.Sorted(maps.Keys(d.pages)) {
		if name := d.pages[k].path; name != "" {
			p.dir = filepath.Dir(name)
			return p
		}
	}
	return p
}

// arrive takes an environment that was read, unless the client has gone
// elsewhere since.
func (d *desk) arrive(r reading) {
	d.busy = false
	if want := d.here(); !d.again && want.sees(r.place) {
		d.move(want, r.env, r.machine)
	}
}

// move has everything asked and judged in an environment from now on. What is
// known of the hosts is in doubt: that may be why somebody changed it.
func (d *desk) move(to place, env route.Env, machine probe.Machine) {
	d.place, d.env, d.machine, d.known, d.renew = to, env, machine, true, true
	d.forgetTrials()
	for i := range d.remedies {
		d.remedies[i].inForce = true
	}
	for _, p := range d.pages {
		p.stale = true
	}
	var next *prober
	if to.reach != byText {
		o := d.s.world.Probe
		o.Env, o.Offline = env, to.reach == byDisk
		next = &prober{Prober: probe.New(o), limit: to.timeout}
	} else {
		for k, p := range d.pages {
			d.forget(k, p)
		}
	}
	if old := d.asker.swap(next); old != nil && !d.s.start(func(context.Context) { old.end() }) {
		old.end()
	}
}
