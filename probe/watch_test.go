package probe_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/probe"
)

// TestWatch changes files in every way, and waits until it is told.
func TestWatch(t *testing.T) {
	write := func(name, text string) error { return os.WriteFile(name, []byte(text), 0o666) }
	tests := []struct {
		name   string
		files  map[string]string // at the start
		change func(at string) error
	}{
		{"written", map[string]string{"watched": "a"}, func(at string) error { return write(at, "b") }},
		{"replaced", map[string]string{"watched": "a", "new": "b"}, func(at string) error {
			return os.Rename(filepath.Join(filepath.Dir(at), "new"), at)
		}},
		{"made", map[string]string{"x": ""}, func(at string) error { return write(at, "b") }},
		{"removed", map[string]string{"watched": "a"}, os.Remove},
		{"its folder made", nil, func(at string) error { return os.MkdirAll(filepath.Dir(at), 0o777) }},
		{"its folder removed", map[string]string{"watched": "a"}, func(at string) error { return os.RemoveAll(filepath.Dir(at)) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			if test.files != nil {
				dir = writeTree(t, test.files)
			}
			at := filepath.Join(dir, "deep", "watched")
			if test.files != nil {
				at = filepath.Join(dir, "watched")
			}
			told := watching(t, at, filepath.Join(dir, "other"))
			if err := test.change(at); err != nil {
				t.Fatal(err)
			}
			for names := range told {
				if len(names) > 0 && names[len(names)-1] == at {
					break
				}
			}
		})
	}
}

// TestWatchMoves wants a folder that went between two looks to be noticed: with
// its watch go the events that nobody has read yet.
func TestWatchMoves(t *testing.T) {
	dir := writeTree(t, map[string]string{"stays/a": "", "goes/b": ""})
	stays, goes := filepath.Join(dir, "stays", "a"), filepath.Join(dir, "goes", "b")
	comes := filepath.Join(dir, "comes", "c")
	moved, err := probe.ArmTwice([]string{stays, goes, comes}, func() {
		if err := errors.Join(os.RemoveAll(filepath.Dir(goes)), os.Mkdir(filepath.Dir(comes), 0o777)); err != nil {
			t.Fatal(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{goes, comes}, moved); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestWatchBesideABusyFile is told although a file beside it, such as a log, never
// comes to rest.
func TestWatchBesideABusyFile(t *testing.T) {
	dir := writeTree(t, map[string]string{"watched": "a", "log": ""})
	at, log := filepath.Join(dir, "watched"), filepath.Join(dir, "log")
	told := watching(t, at)
	if err := os.WriteFile(at, []byte("b"), 0o666); err != nil {
		t.Fatal(err)
	}
	end := time.Now().Add(time.Minute) // a change is told after a tenth of a second
	for n := 0; ; n++ {
		if err := os.WriteFile(log, strconv.AppendInt(nil, int64(n), 10), 0o666); err != nil {
			t.Fatal(err)
		}
		select {
		case names := <-told:
			if diff := cmp.Diff([]string{at}, names); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			return
		default:
		}
		if time.Now().After(end) {
			t.Fatal("nothing is told")
		}
	}
}

// TestWatchOnlyThese is not told of other files, and of the last set alone.
func TestWatchOnlyThese(t *testing.T) {
	dir := writeTree(t, map[string]string{"watched": "a", "other": "a", "link/target": "a"})
	link := filepath.Join(dir, "linked")
	if err := os.Symlink(filepath.Join(dir, "link", "target"), link); err != nil {
		t.Skip(err)
	}
	at := filepath.Join(dir, "watched")
	told := watching(t, at, link)
	for _, name := range []string{"other", "link/target"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("b"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{link}, <-told); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// watching watches files, and gives what is told of them.
func watching(t *testing.T, files ...string) <-chan []string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	sets, told, ended := make(chan []string), make(chan []string, 100), make(chan error)
	go func() { ended <- probe.Watch(ctx, sets, func(names []string) { told <- names }) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	sets <- nil
	sets <- files
	sets <- files // the one before is in force once this is taken
	return told
}
