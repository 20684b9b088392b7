package server

import (
	"context"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/modreach/modreach/codeactions"
	"github.com/modreach/modreach/probe"
)

// nearbyFresh is how long the modules on the disk count as known: who clones one
// looks for the fix some seconds later.
const nearbyFresh = 5 * time.Second

// nearby keeps the modules found on the disk around go.mod files. The zero value
// has found none.
type nearby struct {
	mu       sync.Mutex // guards what follows
	searches map[string]*search
}

// search is one for the modules around one go.mod.
type search struct {
	began time.Time
	// found is there when done is closed.
	found []probe.Checkout
	done  chan struct{}
	// renewed reports that another one is under way; guarded as all searches.
	renewed bool
}

// scene gives what the fixes for a view are looked for in.
func (s *session) scene(ctx context.Context, now *snapshot, v *view) codeactions.Scene {
	scene := v.fixes()
	if v.path != "" && len(v.findings) > 0 {
		scene.Checkouts = s.around(ctx, now, v)
	}
	return scene
}

// fixes gives what the fixes for a view are looked for in, but for the disk.
func (v *view) fixes() codeactions.Scene {
	scene := codeactions.Scene{Name: v.path, File: v.file, Verdicts: v.scene.Verdicts, Language: v.scene.Language, Env: v.env, Mirrors: v.mirrors, Tried: v.tried}
	if v.sheet != nil {
		scene.Work, scene.InPlace = v.sheet.Module.Work, v.sheet.Module.InPlace != nil
		for _, mirror := range v.sheet.Module.Hints.Mirrors {
			if !slices.Contains(scene.Mirrors, mirror.What) {
				scene.TeamMirrors = append(scene.TeamMirrors, mirror.What)
			}
		}
	}
	return scene
}

// around gives the modules that the last search has found around a view's file.
// The disk is searched in the background: what has changed is known the next
// time. Only the first search is waited for.
func (s *session) around(ctx context.Context, now *snapshot, v *view) []probe.Checkout {
	n := &s.nearby
	n.mu.Lock()
	last := n.searches[v.path]
	switch {
	case last == nil:
		last = s.search(now, v)
		if n.searches == nil {
			n.searches = map[string]*search{}
		}
		n.searches[v.path] = last
	case !last.renewed && time.Since(last.began) > nearbyFresh:
		last.renewed = true
		s.search(now, v)
	}
	n.mu.Unlock()
	select {
	case <-last.done:
		return last.found
	case <-ctx.Done():
		return nil
	}
}

// search starts a search, which takes the place of the last one at its end.
func (s *session) search(now *snapshot, v *view) *search {
	next := &search{began: time.Now(), done: make(chan struct{})}
	s.start(func(ctx context.Context) {
		next.found = probe.Checkouts(ctx, searched(now, v))
		close(next.done)
		s.nearby.mu.Lock()
		s.nearby.searches[v.path] = next
		s.nearby.mu.Unlock()
	})
	return next
}

// searched are the directories to search for modules around a view's file: next
// to the module, and in and next to the folders of the workspace.
func searched(now *snapshot, v *view) []string {
	dirs := []string{filepath.Dir(filepath.Dir(v.path))}
	for _, f := range now.folders {
		if dir, ok := pathOf(f.URI); ok {
			dirs = append(dirs, dir, filepath.Dir(dir))
		}
	}
	if v.sheet != nil && v.sheet.Module.Work != nil {
		dirs = append(dirs, v.sheet.Module.Work.Dir)
	}
	return dirs
}
