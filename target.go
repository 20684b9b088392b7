package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// target is one go.mod to check.
type target struct {
	// name is its absolute path; shown is how the output calls it.
	name, shown string
	text        []byte
	// work is the absolute path of the go.work file that led here; empty if
	// none did.
	work string
}

// maxInput bounds what is read from standard input, in bytes, as for a file.
const maxInput = 16 << 20

// findTargets finds the go.mod files that the arguments name, each once.
func findTargets(ctx context.Context, cwd string, paths []string, in io.Reader) ([]target, error) {
	if len(paths) == 0 {
		return defaultTargets(ctx, cwd)
	}
	var all []target
	for _, path := range paths {
		found, err := namedTargets(ctx, cwd, path, in)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return unique(all), nil
}

// unique keeps the first of each target, in their order.
func unique(all []target) []target {
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(t target) bool {
		again := seen[t.shown]
		seen[t.shown] = true
		return again
	})
}

// defaultTargets are what the go command would work on in a folder.
func defaultTargets(ctx context.Context, cwd string) ([]target, error) {
	env, err := environment(ctx, cwd)
	if err != nil {
		return nil, err
	}
	return targetsIn(env, cwd)
}

// targetsIn is defaultTargets in an environment that has been read.
func targetsIn(env route.Env, cwd string) ([]target, error) {
	name, err := probe.GoModIn(cwd)
	if err == nil {
		dir := filepath.Dir(name)
		// One that is elsewhere would not show where its paths begin.
		if named := probe.ModFile(env, dir); filepath.Dir(named) == dir && probe.FindWork(env, dir) == "" {
			name = named
		}
		return one(cwd, name)
	}
	if work := probe.FindWork(env, cwd); work != "" {
		return workTargets(cwd, work)
	}
	return nil, err
}

// namedTargets are those of one argument.
func namedTargets(ctx context.Context, cwd, path string, in io.Reader) ([]target, error) {
	if path == "-" {
		return inputTarget(cwd, in)
	}
	if dir, ok := strings.CutSuffix(filepath.ToSlash(path), "..."); ok && (dir == "" || strings.HasSuffix(dir, "/")) {
		return treeTargets(ctx, cwd, filepath.FromSlash(dir))
	}
	full := absolute(cwd, path)
	info, err := os.Stat(full)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", path, cause(err))
	case info.IsDir():
		return folderTargets(cwd, path)
	}
	switch filepath.Ext(full) {
	case ".work":
		return workTargets(cwd, full)
	case ".go", ".sum":
		return nil, fmt.Errorf("%s: not a go.mod file", path)
	}
	return one(cwd, full)
}

// inputTarget is the text on standard input, taken for the go.mod of a folder.
func inputTarget(cwd string, in io.Reader) ([]target, error) {
	text, err := io.ReadAll(io.LimitReader(in, maxInput+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading standard input: %w", err)
	case len(text) > maxInput:
		return nil, errors.New("standard input: larger than 16 MiB")
	case bytes.ContainsRune(text, 0):
		return nil, errors.New("standard input: not a text file")
	}
	return []target{{name: filepath.Join(cwd, "go.mod"), shown: "<stdin>", text: text}}, nil
}

// folderTargets are those of a folder, as the go command would see it if it
// were the current one and the top of all others.
func folderTargets(cwd, path string) ([]target, error) {
	full := absolute(cwd, path)
	if name := filepath.Join(full, "go.mod"); isFile(name) {
		return one(cwd, name)
	}
	if name := filepath.Join(full, "go.work"); isFile(name) {
		return workTargets(cwd, name)
	}
	return nil, fmt.Errorf("%s: no go.mod in this folder; for all modules below it say %s", path, filepath.ToSlash(filepath.Join(path, "...")))
}

// one reads one go.mod file.
func one(cwd, name string) ([]target, error) {
	text, err := read(cwd, name)
	if err != nil {
		return nil, err
	}
	return []target{{name: name, shown: show(cwd, name), text: text}}, nil
}

// read reads a go.mod or go.work file. Errors call it as the output does.
func read(cwd, name string) ([]byte, error) {
	text, err := probe.ReadGoMod(filepath.FromSlash(show(cwd, name)))
	return text, plain(err)
}

// workTargets are the modules that a go.work file uses.
func workTargets(cwd, name string) ([]target, error) {
	text, err := read(cwd, name)
	if err != nil {
		return nil, err
	}
	work := gomod.ParseWork(text)
	if len(work.Problems) > 0 {
		p := work.Problems[0]
		line, column := work.Position(p.Span.Start)
		return nil, fmt.Errorf("%s:%d:%d: %s", show(cwd, name), line, column, p.Message)
	}
	var all []target
	for _, use := range work.Uses {
		dir := absolute(filepath.Dir(name), filepath.FromSlash(use.Dir))
		found, err := one(cwd, filepath.Join(dir, "go.mod"))
		if err != nil {
			return nil, fmt.Errorf("%s uses %s: %w", show(cwd, name), use.Dir, err)
		}
		found[0].work = name
		all = append(all, found...)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: uses no module", show(cwd, name))
	}
	return unique(all), nil
}

// treeTargets are the modules in and below a folder. Folders that the go
// command would not look into are passed by.
func treeTargets(ctx context.Context, cwd, dir string) ([]target, error) {
	names, err := probe.FindModules(ctx, absolute(cwd, dir), 0, func(path string, err error) error {
		return fmt.Errorf("%s: %w", show(cwd, path), cause(err))
	})
	if err != nil {
		return nil, err
	}
	var all []target
	for _, name := range names {
		found, err := one(cwd, name)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: no go.mod in or below this folder", filepath.Clean(dir))
	}
	return all, nil
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

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && !info.IsDir()
}
