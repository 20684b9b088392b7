package server

import (
	"context"
	"maps"
	"path/filepath"
	"slices"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"github.com/modreach/modreach/probe"
)

// besides are the files that bear on a go.mod, besides it. The first go command
// that changes one of them does not tell.
var besides = []string{goMod, "go.sum", goWork, "go.work.sum", "vendor/modules.txt", probe.TeamFile}

// didChangeWatchedFiles has the files read again.
func (s *session) didChangeWatchedFiles(p protocol.DidChangeWatchedFilesParams) error {
	c := chores{disk: true}
	for _, e := range p.Changes {
		c.walk = c.walk || e != nil && e.Type != protocol.FileChangeTypeChanged && baseOf(string(e.URI)) == goMod
	}
	s.desk.leave(c)
	return nil
}

// watchers is what a client is asked to watch.
func watchers() protocol.DidChangeWatchedFilesRegistrationOptions {
	var all []protocol.FileSystemWatcher
	for _, name := range besides {
		all = append(all, protocol.FileSystemWatcher{GlobPattern: "**/" + name})
	}
	return protocol.DidChangeWatchedFilesRegistrationOptions{Watchers: all}
}

// watch has the files watched that bear on the pages. Those that the client
// watches are among them: not every client that says it can does so.
func (d *desk) watch() {
	if !d.known || d.s.world.Watch == nil {
		return
	}
	want := map[string]bool{}
	for _, name := range slices.Concat(probe.AmbientFiles(d.env), d.aroundPages()) {
		want[name] = true
	}
	names := slices.Sorted(maps.Keys(want))
	if slices.Equal(names, d.watched) {
		return
	}
	if d.watched == nil {
		d.s.start(d.s.watchFiles)
	}
	d.watched = names
	select {
	case <-d.sets: // a set that nobody has taken yet
	default:
	}
	d.sets <- names
}

// aroundPages are the files that bear on the pages, with repeats.
func (d *desk) aroundPages() []string {
	all := slices.Clone(d.found)
	if work := d.env.Get("GOWORK").Value; filepath.IsAbs(work) {
		all = append(all, work)
	}
	above := map[string]bool{} // the folders above that were seen to
	for _, p := range d.pages {
		if p.path == "" {
			continue
		}
		own := filepath.Dir(p.path)
		dirs := []string{own}
		if work := workOf(p); work != "" {
			dirs = append(dirs, work)
		}
		for _, dir := range dirs {
			for _, name := range besides {
				all = append(all, filepath.Join(dir, filepath.FromSlash(name)))
			}
		}
		// What stands in a folder above may come into force.
		for dir := filepath.Dir(own); !above[dir]; dir = filepath.Dir(dir) {
			above[dir] = true
			all = append(all, filepath.Join(dir, goWork), filepath.Join(dir, probe.TeamFile))
		}
		for _, r := range p.document.file().Replaces {
			if r.New.Version == "" {
				all = append(all, filepath.Join(located(own, r.New.Path), goMod))
			}
		}
	}
	for _, f := range d.now.folders {
		if root, ok := pathOf(f.URI); ok {
			all = append(all, filepath.Join(root, goMod), filepath.Join(root, goWork), filepath.Join(root, probe.TeamFile))
		}
	}
	return all
}

// located gives the absolute directory that a replace directive in a folder names.
func located(dir, named string) string {
	named = filepath.FromSlash(named)
	if filepath.IsAbs(named) {
		return filepath.Clean(named)
	}
	return filepath.Join(dir, named)
}

// watchFiles has changes seen by the server's own eyes, until ctx is done.
func (s *session) watchFiles(ctx context.Context) {
	err := s.world.Watch(ctx, s.desk.sets, func(names []string) {
		var c chores
		for _, name := range names {
			switch base := filepath.Base(name); {
			case base == goMod, filepath.Ext(base) == filepath.Ext(goWork): // GOWORK may name another
				c.walk, c.disk = true, true
			case slices.Contains([]string{"go.sum", "go.work.sum", "modules.txt", probe.TeamFile}, base):
				c.disk = true
			default:
				c.env = true
			}
		}
		s.desk.leave(c)
	})
	if err != nil {
		s.log.Warn("files are not watched", zap.Error(err))
	}
}
