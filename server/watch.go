package server

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strings"

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

// watch has the files watched that the client does not: those that lie outside
// of its folders, and where it cannot watch at all, those inside.
func (d *desk) watch() {
	if !d.known || d.s.world.Watch == nil {
		return
	}
	want := map[string]bool{}
	for _, name := range probe.AmbientFiles(d.env) {
		want[name] = true
	}
	for _, name := range d.aroundPages() {
		if !d.seenByClient(name) {
			want[name] = true
		}
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
	for _, p := range d.pages {
		if p.path == "" {
			continue
		}
		dirs := []string{filepath.Dir(p.path)}
		if work := workOf(p); work != "" {
			dirs = append(dirs, work)
		}
		for _, dir := range dirs {
			for _, name := range besides {
				all = append(all, filepath.Join(dir, filepath.FromSlash(name)))
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

// seenByClient reports whether the client watches a file: one in its folders, if
// it can.
func (d *desk) seenByClient(name string) bool {
	return d.now.client.Workspace.DidChangeWatchedFiles.DynamicRegistration &&
		slices.ContainsFunc(d.now.folders, func(f protocol.WorkspaceFolder) bool {
			root, ok := pathOf(f.URI)
			return ok && strings.HasPrefix(name, strings.TrimSuffix(root, string(filepath.Separator))+string(filepath.Separator))
		})
}

// watchFiles has changes seen by the server's own eyes, until ctx is done.
func (s *session) watchFiles(ctx context.Context) {
	err := s.world.Watch(ctx, s.desk.sets, func(names []string) {
		var c chores
		for _, name := range names {
			switch filepath.Base(name) {
			case goMod, goWork:
				c.walk, c.disk = true, true
			case "go.sum", "go.work.sum", "modules.txt", probe.TeamFile:
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
