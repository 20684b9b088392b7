package probe

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"

	"github.com/modreach/modreach/route"
)

// askCache looks for one artefact in the module cache, by the files that the
// go command itself needs to find there. Whatever else is there or missing,
// the extracted directory included, it can make again without the network.
func (p *Prober) askCache(_ context.Context, q Question, a Artefact) Answer {
	if p.opts.SkipCache || q.Query || a == List || a == Record {
		return Answer{Outcome: Miss}
	}
	name, err := cachePath(q.Hop.Dir, q.Mod, a.String())
	if err != nil {
		return Answer{Outcome: Miss, Text: err.Error()}
	}
	switch a {
	case Info:
		ans := cachedInfo(name, q.Mod.Version)
		ans.Notice = cachedNotice(name, q.Mod.Version)
		return ans
	case Mod:
		return cachedMod(name)
	case Zip:
		return cachedZip(name, q)
	case List, Record:
	}
	return Answer{Outcome: Miss}
}

// cachePath is where the module cache keeps a file of a module version.
func cachePath(dir string, mod module.Version, suffix string) (string, error) {
	escPath, err := module.EscapePath(mod.Path)
	if err != nil {
		return "", err
	}
	escVersion, err := module.EscapeVersion(mod.Version)
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "cache", "download", filepath.FromSlash(escPath), "@v", escVersion+suffix), nil
}

// cachedInfo reads a .info file. The go command takes one that it cannot read
// or understand for none, and goes on with whatever version a sound one names.
func cachedInfo(name, version string) Answer {
	text, err := os.ReadFile(name)
	if err != nil {
		return Answer{Outcome: Miss}
	}
	info, err := parseInfo(text)
	if err != nil {
		return Answer{Outcome: Miss}
	}
	if info.Version != "" && info.Version != version {
		return Answer{Outcome: Unsure, Text: fmt.Sprintf("%s is about version %s", name, info.Version)}
	}
	return Answer{Outcome: OK, Version: version, Time: info.Time}
}

// cachedMod reads a .mod file; the go command takes one that it cannot read for
// none.
func cachedMod(name string) Answer {
	text, err := os.ReadFile(name)
	if err != nil {
		return Answer{Outcome: Miss}
	}
	ans := Answer{Outcome: OK}
	readMod(&ans, text)
	return ans
}

// cachedZip looks for a zip and takes its hash from the .ziphash file beside
// it. Where that is missing or no hash, the go command computes it anew, and so
// do we.
func cachedZip(name string, q Question) Answer {
	if _, err := os.Stat(name); err != nil {
		if q.Mod.Path == route.ToolchainModule {
			if ans, ok := cachedToolchain(name, q); ok {
				return ans
			}
		}
		return noZip(name, q.Hop.Dir)
	}
	text, err := os.ReadFile(name + "hash")
	sum := strings.TrimSpace(string(text))
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return spoiled(fmt.Errorf("verifying %s@%s: %w", q.Mod.Path, q.Mod.Version, err))
	case err != nil || len(sum) != sumLength:
		if sum, err = dirhash.HashZip(name, dirhash.Hash1); err != nil {
			return spoiled(err)
		}
	case !extracted(q):
		// It has to be extracted again, and so it has to be a zip.
		z, err := zip.OpenReader(name)
		if err == nil {
			err = z.Close()
		}
		if err != nil {
			return spoiled(fmt.Errorf("unzip %s: %w", name, err))
		}
	}
	return Answer{Outcome: OK, Sum: sum}
}

// sumLength is the length of a hash in a .ziphash file.
const sumLength = len("h1:") + 44 // 32 bytes in base64

// extracted reports whether the directory of a module version is there, whole.
func extracted(q Question) bool {
	escPath, pathErr := module.EscapePath(q.Mod.Path)
	escVersion, versionErr := module.EscapeVersion(q.Mod.Version)
	partial, err := cachePath(q.Hop.Dir, q.Mod, ".partial")
	if errors.Join(pathErr, versionErr, err) != nil {
		return false
	}
	dir, err := os.Stat(filepath.Join(q.Hop.Dir, filepath.FromSlash(escPath)+"@"+escVersion))
	_, partialErr := os.Stat(partial)
	return err == nil && dir.IsDir() && errors.Is(partialErr, fs.ErrNotExist)
}

// noZip is the answer for a zip that is not there. The go command then makes a
// place for it before it asks anybody else, and fails if it cannot.
func noZip(name, cache string) Answer {
	op, missing := "open", strings.TrimSuffix(name, Zip.String())+".lock"
	for dir := filepath.Dir(name); ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		switch {
		case err == nil && info.IsDir():
			err = writable(dir)
		case err == nil && len(dir) < len(cache): // a file above the cache
			op, missing, err = "stat", cache, syscall.ENOTDIR
		case err == nil && dir == cache:
			return spoiled(fmt.Errorf("could not create module cache: %q is not a directory", dir))
		case err == nil:
			op, missing, err = "mkdir", dir, syscall.ENOTDIR
		case dir != filepath.Dir(dir):
			op, missing = "mkdir", dir
			continue
		}
		if err == nil {
			return Answer{Outcome: Miss}
		}
		err = &fs.PathError{Op: op, Path: missing, Err: err}
		if len(missing) <= len(cache) {
			err = fmt.Errorf("could not create module cache: %w", err)
		}
		return spoiled(err)
	}
}

// spoiled is the answer of a module cache with which the go command cannot go
// on, whatever the other hops have.
func spoiled(err error) Answer {
	return Answer{Outcome: Spoiled, Text: err.Error(), Fault: &Fault{Cause: DiskCache, Err: err}}
}

// askDirectory looks whether the directory of a replace or of a go.work use is
// there, with a go.mod in it. A vendor directory was found before the route
// was planned.
func (p *Prober) askDirectory(_ context.Context, q Question, _ Artefact) Answer {
	if q.Hop.Kind == route.Vendor {
		return Answer{Outcome: OK, Text: q.Hop.Why}
	}
	name := filepath.Join(q.Hop.Dir, "go.mod")
	_, err := os.Stat(name)
	if err == nil {
		return Answer{Outcome: OK, Text: q.Hop.Why}
	}
	f := &Fault{Cause: NoGoMod, Err: err}
	if dir, dirErr := os.Stat(q.Hop.Dir); dirErr != nil || !dir.IsDir() {
		f.Cause = NoDirectory
	}
	// The go command shortens the name of a file that is not there.
	short := name
	if errors.Is(err, fs.ErrNotExist) {
		short = path.Join(filepath.ToSlash(q.Mod.Path), "go.mod")
	}
	if at := (*fs.PathError)(nil); errors.As(err, &at) {
		err = at.Err
	}
	return Answer{Outcome: Failed, Fault: f, Text: fmt.Sprintf("reading %s: open %s: %v", short, name, err)}
}
