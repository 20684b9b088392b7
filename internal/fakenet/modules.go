package fakenet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
	"golang.org/x/mod/sumdb/dirhash"
	modzip "golang.org/x/mod/zip"
)

// Modules is a set of module versions as a proxy has them. It has no useful
// zero value; use [NewModules], or the set inside a [Proxy].
type Modules struct {
	t testing.TB

	mu       sync.Mutex // guards what follows
	versions map[module.Version]*artefacts
	// queries has the version that stands for "path@query".
	queries map[string]string
}

// artefacts are the files of one module version.
type artefacts struct {
	info, mod, zip []byte
	sum            string // two go.sum lines
}

// NewModules returns an empty set.
func NewModules(t testing.TB) *Modules {
	return &Modules{
		t:        t,
		versions: make(map[module.Version]*artefacts),
		queries:  make(map[string]string),
	}
}

// Add adds a module with one small package at its root. goMod is the text of
// its go.mod; if empty, one with the path and "go 1.20".
func (m *Modules) Add(path, version, goMod string) {
	m.t.Helper()
	if goMod == "" {
		goMod = "module " + path + "\n\ngo 1.20\n"
	}
	m.AddFiles(path, version, map[string]string{
		"go.mod": goMod,
		"p.go":   "// Package p is there to be imported.\npackage p\n",
	})
}

// AddFiles adds a module with the given files, by name. If there is no
// go.mod among them, the .mod artefact is what proxies then invent: the module
// line alone.
func (m *Modules) AddFiles(path, version string, files map[string]string) {
	m.t.Helper()
	a, err := makeArtefacts(module.Version{Path: path, Version: version}, files)
	if err != nil {
		m.t.Fatalf("fakenet: making %s@%s: %v", path, version, err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.versions[module.Version{Path: path, Version: version}] = a
}

// Alias makes query, a branch name or the like, stand for a version that was
// or will be added.
func (m *Modules) Alias(path, query, version string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.queries[path+"@"+query] = version
}

// Sum returns the two lines a go.sum has for a version that was added.
func (m *Modules) Sum(path, version string) string {
	m.t.Helper()
	a := m.find(path, version)
	if a == nil {
		m.t.Fatalf("fakenet: no sum for %s@%s: it was not added", path, version)
	}
	return a.sum
}

// WriteTree writes the set below dir as a "file://" proxy has it: the layout
// of cache/download in the module cache.
func (m *Modules) WriteTree(dir string) {
	m.t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	write := func(name string, data []byte) {
		file := filepath.Join(dir, filepath.FromSlash(name))
		err := os.MkdirAll(filepath.Dir(file), 0o777)
		if err == nil {
			err = os.WriteFile(file, data, 0o666)
		}
		if err != nil {
			m.t.Fatalf("fakenet: writing a proxy tree: %v", err)
		}
	}
	for v, a := range m.versions {
		path, version := escape(m.t, v)
		at := path + "/@v/"
		write(at+version+".info", a.info)
		write(at+version+".mod", a.mod)
		write(at+version+".zip", a.zip)
		write(at+"list", []byte(listText(m.listLocked(v.Path))))
	}
}

func escape(t testing.TB, v module.Version) (path, version string) {
	t.Helper()
	path, err := module.EscapePath(v.Path)
	if err == nil {
		version, err = module.EscapeVersion(v.Version)
	}
	if err != nil {
		t.Fatalf("fakenet: escaping %s: %v", v, err)
	}
	return path, version
}

// find returns the artefacts of a version or of a query for one; nil if there
// are none.
func (m *Modules) find(path, version string) *artefacts {
	m.mu.Lock()
	defer m.mu.Unlock()
	if v, ok := m.queries[path+"@"+version]; ok {
		version = v
	}
	return m.versions[module.Version{Path: path, Version: version}]
}

// list returns the versions of a module, in order, as @v/list has them:
// without pseudo-versions. known says whether there are any of either kind.
func (m *Modules) list(path string) (versions []string, known bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for v := range m.versions {
		known = known || v.Path == path
	}
	return m.listLocked(path), known
}

func (m *Modules) listLocked(path string) []string {
	var versions []string
	for v := range m.versions {
		if v.Path == path && !module.IsPseudoVersion(v.Version) {
			versions = append(versions, v.Version)
		}
	}
	semver.Sort(versions)
	return versions
}

// latest returns the version @latest stands for: the highest release, else the
// highest pre-release, else the highest pseudo-version; "" if there is none.
func (m *Modules) latest(path string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	rank := func(version string) int {
		switch {
		case module.IsPseudoVersion(version):
			return 0
		case semver.Prerelease(version) != "":
			return 1
		default:
			return 2
		}
	}
	best := ""
	for v := range m.versions {
		if v.Path != path {
			continue
		}
		if best == "" || rank(v.Version) > rank(best) ||
			rank(v.Version) == rank(best) && semver.Compare(v.Version, best) > 0 {
			best = v.Version
		}
	}
	return best
}

// listText is the body of @v/list.
func listText(versions []string) string {
	if len(versions) == 0 {
		return ""
	}
	return strings.Join(versions, "\n") + "\n"
}

// infoText is the body of an .info artefact.
func infoText(version string) string {
	return fmt.Sprintf(`{"Version":%q,"Time":"2020-01-01T00:00:00Z"}`, version)
}

func makeArtefacts(v module.Version, files map[string]string) (*artefacts, error) {
	mod, ok := files["go.mod"]
	if !ok {
		mod = "module " + v.Path + "\n"
	}
	var data bytes.Buffer
	if err := writeZip(&data, v, files); err != nil {
		return nil, err
	}
	zipSum, err := hashZip(data.Bytes())
	if err != nil {
		return nil, err
	}
	modSum, err := dirhash.Hash1([]string{"go.mod"}, func(string) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(mod)), nil
	})
	if err != nil {
		return nil, err
	}
	return &artefacts{
		info: []byte(infoText(v.Version)),
		mod:  []byte(mod),
		zip:  data.Bytes(),
		sum:  fmt.Sprintf("%s %s %s\n%[1]s %[2]s/go.mod %[4]s\n", v.Path, v.Version, zipSum, modSum),
	}, nil
}

// hashZip is [dirhash.HashZip] for a zip file in memory.
func hashZip(data []byte) (string, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "", err
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	return dirhash.Hash1(names, func(name string) (io.ReadCloser, error) { return z.Open(name) })
}

// writeZip writes the zip file of a module with the given files.
func writeZip(w io.Writer, v module.Version, files map[string]string) error {
	tree := make(fstest.MapFS)
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	var list []modzip.File
	for _, name := range slices.Sorted(maps.Keys(files)) {
		list = append(list, zipFile{tree, name})
	}
	return modzip.Create(w, v, list)
}

// zipFile is one file of a tree in memory, as x/mod/zip wants it.
type zipFile struct {
	tree fstest.MapFS
	name string
}

func (f zipFile) Path() string                 { return f.name }
func (f zipFile) Lstat() (os.FileInfo, error)  { return f.tree.Stat(f.name) }
func (f zipFile) Open() (io.ReadCloser, error) { return f.tree.Open(f.name) }
