package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
)

// target is one go.mod to check.
type target struct {
	// name is its absolute path; shown is how the output calls it.
	name, shown string
	text        []byte
}

// maxInput bounds what is read from standard input, in bytes, as for a file.
const maxInput = 16 << 20

// findTargets finds the go.mod files that the arguments name, each once.
func findTargets(ctx context.Context, paths []string, in io.Reader) ([]target, error) {
	cwd, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	var all []target
	add := func(found []target, err error) error {
		for _, t := range found {
			if !slices.ContainsFunc(all, func(other target) bool { return other.name == t.name }) {
				all = append(all, t)
			}
		}
		return err
	}
	if len(paths) == 0 {
		err := add(defaultTargets(ctx, cwd))
		return all, err
	}
	for _, path := range paths {
		if err := add(namedTargets(cwd, path, in)); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// defaultTargets are what the go command would work on in a folder.
func defaultTargets(ctx context.Context, cwd string) ([]target, error) {
	name, err := probe.GoModIn(cwd)
	if err == nil {
		return one(cwd, name)
	}
	if work := probe.FindWork(probe.Environment(ctx, cwd, nil), cwd); work != "" {
		return workTargets(cwd, work)
	}
	return nil, fmt.Errorf("%w; name a go.mod file or a folder", err)
}

// namedTargets are those of one argument.
func namedTargets(cwd, path string, in io.Reader) ([]target, error) {
	if path == "-" {
		text, err := io.ReadAll(io.LimitReader(in, maxInput))
		if err != nil {
			return nil, fmt.Errorf("reading standard input: %w", err)
		}
		return []target{{name: filepath.Join(cwd, "go.mod"), shown: "<stdin>", text: text}}, nil
	}
	if dir, ok := strings.CutSuffix(filepath.ToSlash(path), "/..."); ok || path == "..." {
		if path == "..." {
			dir = "."
		}
		return treeTargets(cwd, filepath.FromSlash(dir))
	}
	full := absolute(cwd, path)
	info, err := os.Stat(full)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", path, cause(err))
	case !info.IsDir() && filepath.Ext(path) == ".work":
		return workTargets(cwd, full)
	case !info.IsDir():
		return one(cwd, full)
	}
	if exists(filepath.Join(full, "go.mod")) {
		return one(cwd, filepath.Join(full, "go.mod"))
	}
	if exists(filepath.Join(full, "go.work")) {
		return workTargets(cwd, filepath.Join(full, "go.work"))
	}
	return nil, fmt.Errorf("%s: no go.mod in this folder; for all modules below it say %s", path, filepath.ToSlash(filepath.Join(path, "...")))
}

// one reads one go.mod file.
func one(cwd, name string) ([]target, error) {
	text, err := probe.ReadGoMod(name)
	if err != nil {
		return nil, plain(err)
	}
	return []target{{name: name, shown: show(cwd, name), text: text}}, nil
}

// workTargets are the modules that a go.work file uses.
func workTargets(cwd, name string) ([]target, error) {
	text, err := probe.ReadGoMod(name)
	if err != nil {
		return nil, plain(err)
	}
	var all []target
	for _, use := range gomod.ParseWork(text).Uses {
		dir := absolute(filepath.Dir(name), filepath.FromSlash(use.Dir))
		found, err := one(cwd, filepath.Join(dir, "go.mod"))
		if err != nil {
			return nil, fmt.Errorf("%s uses %s: %w", show(cwd, name), use.Dir, err)
		}
		all = append(all, found...)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: uses no module", show(cwd, name))
	}
	return all, nil
}

// treeTargets are the modules in and below a folder. Folders that the go
// command would not look into are passed by.
func treeTargets(cwd, root string) ([]target, error) {
	var all []target
	err := filepath.WalkDir(absolute(cwd, root), func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return plain(err)
		case d.IsDir() && path != absolute(cwd, root) && passedBy(d.Name()):
			return filepath.SkipDir
		case d.IsDir() || d.Name() != "go.mod":
			return nil
		}
		found, err := one(cwd, path)
		all = append(all, found...)
		return err
	})
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("%s: no go.mod in or below this folder", root)
	}
	return all, err
}

// passedBy reports whether a folder of this name holds no module of its user's.
func passedBy(name string) bool {
	return name == "vendor" || name == "testdata" || name == "node_modules" ||
		strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
}

func absolute(dir, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}

// show names a file as seen from the current folder, unless it is elsewhere.
func show(cwd, name string) string {
	rel, err := filepath.Rel(cwd, name)
	if err != nil || strings.HasPrefix(rel, ".."+string(filepath.Separator)+"..") {
		return filepath.ToSlash(name)
	}
	return filepath.ToSlash(rel)
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
