package probe

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
)

// errEnough ends a search.
var errEnough = errors.New("enough was found")

// FindModules finds the go.mod files in and below a folder, in the order of their
// names, but not in folders that the go command would not look into. most bounds
// how many; 0 is no bound. What cannot be read is passed to broken, which decides
// by its error whether the search ends.
func FindModules(ctx context.Context, root string, most int, broken func(path string, err error) error) ([]string, error) {
	// The separator at its end leads into a folder that is a symbolic link.
	root = strings.TrimSuffix(root, string(filepath.Separator)) + string(filepath.Separator)
	var all []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return broken(path, err)
		case d.IsDir() && path != root && passedBy(d.Name()):
			return filepath.SkipDir
		case d.IsDir() || d.Name() != "go.mod":
			return nil
		}
		all = append(all, path)
		if len(all) == most {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return all, err
}

// passedBy reports whether a folder of this name holds no module of its user's.
func passedBy(name string) bool {
	return name == "vendor" || name == "testdata" || name == "node_modules" ||
		strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
}
