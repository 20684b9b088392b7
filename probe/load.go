package probe

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/route"
)

// maxGoMod bounds a go.mod file in bytes, as the go command does
// (golang.org/x/mod/zip.MaxGoMod).
const maxGoMod = 16 << 20

// ReadGoMod reads the text of a go.mod file. Errors name the file; one that is
// too large or binary is refused.
func ReadGoMod(name string) ([]byte, error) {
	text, err := readHead(name, maxGoMod+1)
	if err != nil {
		return nil, err
	}
	if len(text) > maxGoMod {
		return nil, fmt.Errorf("%s: larger than 16 MiB", name)
	}
	if strings.ContainsRune(string(text), 0) {
		return nil, fmt.Errorf("%s: not a text file", name)
	}
	return text, nil
}

// Load reads what stands around a go.mod and bears on its requirements: go.sum,
// the go.work in force, the vendor directory, the file that -modfile names. name
// is the absolute path of the file, f what it holds, which an editor may not have
// written to disk yet.
func Load(env route.Env, name string, f *gomod.File) (route.Module, error) {
	return new(Shelf).Load(env, name, f)
}

// Load is like the function [Load].
func (s *Shelf) Load(env route.Env, name string, f *gomod.File) (route.Module, error) {
	dir := filepath.Dir(name)
	m := route.Module{Dir: dir, File: f, InPath: InPath(env), Hints: s.hints(env, dir)}
	if f.Module != nil {
		m.Hints.Main = f.Module.Path
	}
	beside := name // the file that the go.sum is beside
	if name := FindWork(env, dir); name != "" {
		work := s.work(name)
		if work.err != nil {
			return m, work.err
		}
		if slices.Contains(work.dirs, dir) { // else go does not work in it here
			m.Work = work.work
		}
	}
	if named := ModFile(env, dir); named != "" && named != name && m.Work == nil {
		var err error
		if m.InPlace, err = s.file(named, gomod.Parse); err != nil {
			return m, fmt.Errorf("reading the file that -modfile in GOFLAGS names: %w", err)
		}
		beside = named
	}
	sums := sumFiles{s.sum(&m, strings.TrimSuffix(beside, ".mod")+".sum")}
	if m.Work != nil {
		// The go command looks into this one first.
		sums = slices.Insert(sums, 0, s.sum(&m, filepath.Join(m.Work.Dir, "go.work.sum")))
		for _, used := range slices.Sorted(maps.Values(m.Work.Modules)) {
			if used != dir {
				sums = append(sums, s.sum(&m, filepath.Join(used, "go.sum")))
			}
		}
	}
	if sums.exist() {
		m.Sums = sums.of
	}
	loadVendor(env, &m)
	m.Unused = s.unused(env, m, sums)
	return m, nil
}

// sumFiles are go.sum files that count together; a missing one is nil.
type sumFiles []gomod.SumFile

func (all sumFiles) exist() bool {
	for _, s := range all {
		if s != nil {
			return true
		}
	}
	return false
}

func (all sumFiles) of(v module.Version) route.Sums {
	var sums route.Sums
	for _, s := range all {
		sums.Mod = append(sums.Mod, s.Mod(v)...)
		sums.Zip = append(sums.Zip, s.Zip(v)...)
	}
	return sums
}

// ModFile gives the absolute path of the file that -modfile in GOFLAGS has the
// go command read, in the directory of a go.mod, in place of that; empty for
// none.
func ModFile(env route.Env, dir string) string {
	flags, err := env.Flags()
	switch {
	case err != nil || flags.ModFile == "": // of an error the route will tell
		return ""
	case filepath.IsAbs(flags.ModFile):
		return filepath.Clean(flags.ModFile)
	}
	return filepath.Join(dir, flags.ModFile)
}

// FindWork gives the absolute path of the go.work in force for a directory:
// the one GOWORK names, or the nearest upwards; empty for none.
func FindWork(env route.Env, dir string) string {
	switch named := env.Get("GOWORK").Value; named {
	case "off":
		return ""
	case "", "auto":
	default:
		if !filepath.IsAbs(named) {
			return "" // the go command refuses it, as the route will tell
		}
		return named
	}
	for {
		name := filepath.Join(dir, "go.work")
		if isFile(name) {
			return name
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

// loadVendor notes the vendor directory if builds use it and it agrees with
// the go.mod.
func loadVendor(env route.Env, m *route.Module) {
	dir, goLine := filepath.Join(m.Dir, "vendor"), m.File.Go
	if m.Work != nil {
		dir, goLine = filepath.Join(m.Work.Dir, "vendor"), m.Work.File.Go
	}
	text, err := readWhole(filepath.Join(dir, "modules.txt"), maxListFile)
	if err != nil {
		return // also what the go command says then is not about a requirement
	}
	list := gomod.ParseVendor(text)
	version := ""
	if goLine != nil {
		version = goLine.Name
	}
	if !route.VendorInForce(env, version, true, list.Workspace, m.Work != nil) {
		return
	}
	if m.Work == nil && list.Consistent(cmp.Or(m.InPlace, m.File)) != nil {
		return
	}
	listed := make(map[module.Version]bool, len(list.Modules))
	for _, v := range list.Modules {
		listed[v.Mod] = true
	}
	m.Vendor, m.Vendored = dir, func(v module.Version) bool { return listed[v] }
}

// GoModIn gives the absolute path of the go.mod that the go command would use
// in dir: the nearest upwards. The error says that there is none.
func GoModIn(dir string) (string, error) {
	at := dir
	for {
		name := filepath.Join(at, "go.mod")
		info, err := os.Stat(name)
		if err == nil && !info.IsDir() {
			return name, nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		parent := filepath.Dir(at)
		if parent == at {
			return "", fmt.Errorf("no go.mod in %s or any parent directory", dir)
		}
		at = parent
	}
}
