package probe

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

// watchQuiet is how long nothing more happens to a file before its change is
// told: programs write a file in several steps, and what stands in it in between
// is nobody's wish.
const watchQuiet = 100 * time.Millisecond

// Watch tells of files that change, come or go, until ctx is done. The files are
// the last set that came from the channel, by their absolute paths; they need
// not exist, nor their folders. changed gets those that changed, in order, and
// those that may have. The error is that of a system that does not tell.
func Watch(ctx context.Context, files <-chan []string, changed func(names []string)) error {
	system, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watching files: %w", err)
	}
	defer func() { _ = system.Close() }() // nothing is lost
	w := &lookout{system: system}
	quiet := time.NewTimer(0)
	<-quiet.C
	defer quiet.Stop()
	moved := map[string]bool{}
	for {
		select {
		case w.files = <-files:
			for _, name := range w.arm() {
				moved[name] = true
			}
		case e := <-system.Events:
			if len(w.signs[e.Name]) == 0 {
				continue // a file beside them, which may never come to rest
			}
			for _, name := range w.signs[e.Name] {
				moved[name] = true
			}
		case err := <-system.Errors:
			if err != nil { // there was more than it could tell
				for _, name := range w.files {
					moved[name] = true
				}
			}
		case <-quiet.C:
			for _, name := range w.arm() { // a folder may have come or gone
				moved[name] = true
			}
			changed(slices.Sorted(maps.Keys(moved)))
			clear(moved)
			continue
		case <-ctx.Done():
			return nil
		}
		if len(moved) > 0 {
			quiet.Reset(watchQuiet)
		}
	}
}

// lookout watches the folders of files, since a file is often replaced by another
// of its name.
type lookout struct {
	system *fsnotify.Watcher
	files  []string
	// signs has the files that may have changed when something happens at a path.
	signs map[string][]string
	// seats has the folder that is watched for each file.
	seats map[string]string
}

// arm watches the folders where changes of the files are seen. It gives those
// files for which it was another folder before: the events of a folder that is not
// watched any more are lost, so this may be all that tells of it.
func (w *lookout) arm() (moved []string) {
	before := w.seats
	w.signs, w.seats = map[string][]string{}, map[string]string{}
	folders := map[string]bool{}
	for _, name := range w.files {
		w.seats[name] = w.keep(name, name, folders)
		if seat, ok := before[name]; ok && seat != w.seats[name] {
			moved = append(moved, name)
		}
		if real, err := filepath.EvalSymlinks(name); err == nil && real != name {
			w.keep(real, name, folders)
		}
	}
	for _, old := range w.system.WatchList() {
		if !folders[old] {
			_ = w.system.Remove(old) // it may be gone
		}
	}
	for folder := range folders {
		// One that cannot be watched is like a disk that nobody tells of: what
		// is on it is seen at the next look.
		_ = w.system.Add(folder)
	}
	return moved
}

// keep watches the nearest folder above path that exists, and gives it. What
// happens there on the way to path, or to that folder itself, is a sign for the
// file.
func (w *lookout) keep(path, name string, folders map[string]bool) (seat string) {
	for {
		folder := filepath.Dir(path)
		if folder == path {
			return ""
		}
		w.signs[path] = append(w.signs[path], name)
		if info, err := os.Stat(folder); err == nil && info.IsDir() {
			folders[folder] = true
			w.signs[folder] = append(w.signs[folder], name)
			return folder
		}
		path = folder
	}
}
