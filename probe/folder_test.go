package probe_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/probe"
)

// put makes a file of a certain age.
func put(t *testing.T, name string, age time.Duration) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(name), 0o777)
	if err == nil {
		err = os.WriteFile(name, nil, 0o666)
	}
	if then := time.Now().Add(-age); err == nil {
		err = os.Chtimes(name, then, then)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestModCacheFolder looks at module caches that are well and at others.
func TestModCacheFolder(t *testing.T) {
	clone := filepath.Join("cache", "vcs", "0123")
	tests := []struct {
		name string
		// set makes the cache at dir.
		set     func(dir string)
		missing bool
		err     error
		locks   []string
	}{
		{"not there yet", func(string) {}, true, nil, nil},
		{"there", func(dir string) { put(t, filepath.Join(dir, "cache", "lock"), 0) }, false, nil, nil},
		{"a file", func(dir string) { put(t, dir, 0) }, false, errNotDirectory, nil},
		{"below a file", func(dir string) { put(t, filepath.Dir(dir), 0) }, true, errNotDirectory, nil},
		{"go's own locks, which stay", func(dir string) {
			put(t, filepath.Join(dir, clone+".lock"), 48*time.Hour)
			put(t, filepath.Join(dir, "cache", "download", "example.com", "a", "@v", "v1.0.0.lock"), 48*time.Hour)
		}, false, nil, nil},
		{"a lock of git's in use", func(dir string) { put(t, filepath.Join(dir, clone, "shallow.lock"), time.Minute) }, false, nil, nil},
		{"locks that git left", func(dir string) {
			put(t, filepath.Join(dir, clone, "shallow.lock"), 2*time.Hour)
			put(t, filepath.Join(dir, clone, "packed-refs.lock"), 2*time.Hour)
		}, false, nil, []string{filepath.Join(clone, "packed-refs.lock"), filepath.Join(clone, "shallow.lock")}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "above", "mod")
			test.set(dir)
			f := probe.ModCacheFolder(envOf("GOMODCACHE="+dir), time.Now())
			if f.Dir != dir || f.Missing != test.missing || f.Free == 0 {
				t.Errorf("%+v, want %s, missing %v, some room", f, dir, test.missing)
			}
			if (f.Err == nil) != (test.err == nil) || f.Err != nil && !strings.Contains(f.Err.Error(), test.err.Error()) {
				t.Errorf("error %v, want %v", f.Err, test.err)
			}
			var locks []string
			for _, name := range f.Locks {
				rel, err := filepath.Rel(dir, name)
				if err != nil {
					t.Fatal(err)
				}
				locks = append(locks, rel)
			}
			if diff := cmp.Diff(test.locks, locks); diff != "" {
				t.Errorf("locks (-want +got):\n%s", diff)
			}
			left, err := filepath.Glob(filepath.Join(dir, ".modreach-*"))
			if err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

var errNotDirectory = errors.New("not a directory")

// TestFolderForReading looks at a cache in which nobody may write.
func TestFolderForReading(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	if f := probe.ModCacheFolder(envOf("GOMODCACHE="+dir), time.Now()); !errors.Is(f.Err, fs.ErrPermission) {
		t.Errorf("%+v", f)
	}
}

func TestBuildCacheFolder(t *testing.T) {
	dir := t.TempDir()
	if f := probe.BuildCacheFolder(envOf("GOCACHE=" + dir)); f.Dir != dir || f.Missing || f.Err != nil {
		t.Errorf("%+v", f)
	}
	if f := probe.BuildCacheFolder(envOf("GOCACHE=off")); f.Err == nil {
		t.Errorf("%+v", f)
	}
	if f := probe.ModCacheFolder(envOf("GOMODCACHE=relative"), time.Now()); f.Err == nil || f.Dir != "" {
		t.Errorf("%+v", f)
	}
}
