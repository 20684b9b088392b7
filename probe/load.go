package probe

import (
	"bytes"
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
// the go.work in force, the vendor directory. name is the absolute path of the
// file, f what it holds, which an editor may not have written to disk yet.
func Load(env route.Env, name string, f *gomod.File) (route.Module, error) {
	dir := filepath.Dir(name)
	m := route.Module{Dir: dir, File: f, InPath: InPath(env)}
	sums := sumFiles{readSum(&m, strings.TrimSuffix(name, ".mod")+".sum")}

	work, err := loadWork(env, dir)
	if err != nil {
		return m, err
	}
	if work != nil {
		m.Work = work
		// The go command looks into this one first.
		sums = slices.Insert(sums, 0, readSum(&m, filepath.Join(work.Dir, "go.work.sum")))
		for _, used := range slices.Sorted(maps.Values(work.Modules)) {
			if used != dir {
				sums = append(sums, readSum(&m, filepath.Join(used, "go.sum")))
			}
		}
	}
	if sums.exist() {
		m.Sums = sums.of
	}
	loadVendor(env, &m)
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

// readSum reads one go.sum file, and notes in m if the go command cannot.
func readSum(m *route.Module, name string) gomod.SumFile {
	text, err := os.ReadFile(name)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) && m.BadSum == "" {
			m.BadSum = err.Error()
		}
		return nil
	}
	sums, problems := gomod.ParseSum(text)
	if len(problems) > 0 && m.BadSum == "" {
		p := problems[0]
		line := 1 + bytes.Count(text[:p.Span.Start], []byte("\n"))
		m.BadSum = fmt.Sprintf("malformed go.sum:\n%s:%d: %s", name, line, p.Message)
	}
	return sums
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
		if info, err := os.Stat(name); err == nil && !info.IsDir() {
			return name
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

// loadWork reads the go.work in force for dir with the modules it uses; nil if
// there is none, or if it does not use the module in dir.
func loadWork(env route.Env, dir string) (*route.Work, error) {
	name := FindWork(env, dir)
	if name == "" {
		return nil, nil
	}
	text, err := ReadGoMod(name)
	if err != nil {
		return nil, fmt.Errorf("reading the go.work in force: %w", err)
	}
	w := &route.Work{Dir: filepath.Dir(name), File: gomod.ParseWork(text), Modules: map[string]string{}}
	member := false
	for _, use := range w.File.Uses {
		used := filepath.FromSlash(use.Dir)
		if !filepath.IsAbs(used) {
			used = filepath.Join(w.Dir, used)
		}
		member = member || used == dir
		text, err := ReadGoMod(filepath.Join(used, "go.mod"))
		if err != nil {
			continue // the go command fails; what else the file says still counts
		}
		f := gomod.Parse(text)
		if f.Module != nil {
			w.Modules[f.Module.Path] = used
		}
		for _, r := range f.Replaces {
			w.Replaces = append(w.Replaces, route.WorkReplace{Replace: r, Dir: used})
		}
		w.Excludes = append(w.Excludes, f.Excludes...)
	}
	if !member {
		return nil, nil
	}
	return w, nil
}

// loadVendor notes the vendor directory if builds use it and it agrees with
// the go.mod.
func loadVendor(env route.Env, m *route.Module) {
	dir, goLine := filepath.Join(m.Dir, "vendor"), m.File.Go
	if m.Work != nil {
		dir, goLine = filepath.Join(m.Work.Dir, "vendor"), m.Work.File.Go
	}
	text, err := os.ReadFile(filepath.Join(dir, "modules.txt"))
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
	if m.Work == nil && list.Consistent(m.File) != nil {
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
