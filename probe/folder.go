package probe

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/modreach/modreach/route"
)

// Folder is what a directory is worth to the go command that keeps files there.
type Folder struct {
	// Dir is the directory; empty where no setting gives one.
	Dir string
	// Missing reports that it is not there yet: the rest is then told of the
	// directory in which it would be made.
	Missing bool
	// Err is why this user cannot make files there; nil if that works.
	Err error
	// Free is the room that is left on its disk, in bytes, as far as this user
	// may take it; -1 where that cannot be told.
	Free int64
	// Owner is the other user whom it belongs to, or a directory right below it;
	// empty if all belongs to this one. Foreign is that directory.
	Owner, Foreign string
	// Locks are files by which a git that was killed keeps all later ones out of
	// the repositories in it.
	Locks []string
}

// ModCacheFolder looks at the module cache.
func ModCacheFolder(env route.Env, now time.Time) Folder {
	dir, err := env.ModCache()
	if err != nil {
		return Folder{Err: err, Free: -1}
	}
	download := filepath.Join(dir, "cache", "download")
	f := lookAt(dir)
	if f.Err == nil && isDir(download) {
		f.Err = tryWrite(download)
	}
	if f.Owner == "" {
		// Under sudo the go command leaves what this user cannot add to.
		f.Owner, f.Foreign = foreign(download)
	}
	f.Locks = gitLocks(filepath.Join(dir, "cache", "vcs"), now)
	return f
}

// BuildCacheFolder looks at the build cache, which takes no part in fetching,
// but without which nothing is built.
func BuildCacheFolder(env route.Env) Folder {
	dir := env.Get("GOCACHE").Value
	for _, set := range env.UserFile() {
		if dir == "" && set.Name == "GOCACHE" {
			dir = set.Value
		}
	}
	if dir == "" {
		caches, err := os.UserCacheDir()
		if err != nil {
			return Folder{Err: err, Free: -1}
		}
		dir = filepath.Join(caches, "go-build")
	}
	if dir == "off" || !filepath.IsAbs(dir) {
		return Folder{Err: errors.New("GOCACHE is no absolute path"), Free: -1}
	}
	return lookAt(dir)
}

// lookAt looks at a directory, or at that in which it would be made.
func lookAt(dir string) Folder {
	f := Folder{Dir: dir}
	at := dir
	for !exists(at) && filepath.Dir(at) != at {
		f.Missing, at = true, filepath.Dir(at)
	}
	switch {
	case !isDir(at):
		f.Err = &fs.PathError{Op: "mkdir", Path: at, Err: errNoDirectory}
	case f.Missing:
		f.Err = writable(at) // nothing is made that go has not made
	default:
		f.Err = tryWrite(at)
	}
	f.Free = freeSpace(at)
	if !f.Missing {
		f.Owner = otherOwner(at)
		if f.Owner != "" {
			f.Foreign = at
		}
	}
	return f
}

// errNoDirectory is a file where a directory should be.
var errNoDirectory = errors.New("not a directory")

// tryWrite makes a file in a directory and removes it: only that tells of a disk
// that is full, or mounted for reading.
func tryWrite(dir string) error {
	file, err := os.CreateTemp(dir, ".modreach-*.tmp")
	if err != nil {
		return err
	}
	_, err = file.Write(make([]byte, 1)) // an empty file fits on a full disk
	return errors.Join(err, file.Close(), os.Remove(file.Name()))
}

const (
	// maxHosts bounds how many directories of the download cache are looked at,
	// one for each host of modules: some ten milliseconds on a cold disk.
	maxHosts = 500
	// maxClones does so for the repositories that go keeps.
	maxClones = 500
	// lockAge is from which age on a lock of git's was left behind: no command
	// of git's that the go command runs takes an hour.
	lockAge = time.Hour
)

// foreign finds a directory below dir that belongs to another user.
func foreign(dir string) (owner, name string) {
	for _, e := range head(dir, maxHosts) {
		name := filepath.Join(dir, e.Name())
		if owner := otherOwner(name); owner != "" {
			return owner, name
		}
	}
	return "", ""
}

// gitLocks finds what a git that was killed has left in the repositories of the
// module cache. The go command's own .lock files stay for ever, and keep nobody
// out by being there.
func gitLocks(dir string, now time.Time) []string {
	var found []string
	for _, repo := range head(dir, maxClones) {
		if !repo.IsDir() {
			continue
		}
		for _, name := range []string{"shallow.lock", "packed-refs.lock", "config.lock", "HEAD.lock", "index.lock"} {
			full := filepath.Join(dir, repo.Name(), name)
			if info, err := os.Lstat(full); err == nil && now.Sub(info.ModTime()) > lockAge {
				found = append(found, full)
			}
		}
	}
	slices.Sort(found)
	return found
}

// head gives up to n entries of a directory; none of one that cannot be read.
func head(dir string, n int) []fs.DirEntry {
	d, err := os.Open(dir)
	if err != nil {
		return nil
	}
	defer d.Close()
	entries, _ := d.ReadDir(n)
	return entries
}

func exists(name string) bool {
	_, err := os.Stat(name)
	// Below a file there is nothing, which has an error of its own.
	return err == nil || !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR)
}

func isDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}
