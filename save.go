package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"
)

// This file brings what was mended in memory to the disk, or to a reader.

// after gives the files that were mended, by name.
func (m *mender) after() map[string][]byte {
	all := maps.Clone(m.works)
	for _, t := range m.targets {
		all[t.name] = t.text
	}
	maps.DeleteFunc(all, func(name string, text []byte) bool { return bytes.Equal(text, m.before[name]) })
	return all
}

// changed reports whether any file was mended.
func (m *mender) changed() bool { return len(m.after()) > 0 }

// writeDiff writes what would be changed, file by file.
func (m *mender) writeDiff(out io.Writer) error {
	after := m.after()
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if !filepath.IsLocal(show(m.cwd, name)) {
			dir := filepath.Dir(name)
			return fmt.Errorf("%s is outside of this folder, and no patch can name it: add -C %s", show(m.cwd, name), show(m.cwd, dir))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(after)) {
		diff := unifiedDiff(filepath.ToSlash(show(m.cwd, name)), string(m.before[name]), string(after[name]))
		if _, err := io.WriteString(out, diff); err != nil {
			return fmt.Errorf("writing the result: %w", err)
		}
	}
	return nil
}

// save writes the files, after a look that nobody else has in the meantime: each
// as a whole, and none if one of them is not as it was.
func (m *mender) save() error {
	after := m.after()
	names := slices.Sorted(maps.Keys(after))
	for _, name := range names {
		now, err := read(m.cwd, name)
		switch {
		case err != nil:
			return err
		case !bytes.Equal(now, m.before[name]):
			return fmt.Errorf("%s: it has changed meanwhile; no file was written", show(m.cwd, name))
		case readable(name, m.before[name]) && !readable(name, after[name]):
			return fmt.Errorf("%s: the go command could not read what would be written; no file was", show(m.cwd, name))
		}
	}
	deliveries := make([]*delivery, len(names))
	for i, name := range names {
		d, err := deliverTo(name, nil)
		if err != nil {
			return err
		}
		defer d.abandon()
		deliveries[i] = d
	}
	for i, name := range names {
		err := deliveries[i].finish(func(w io.Writer) error { _, err := w.Write(after[name]); return err })
		if err != nil {
			return fmt.Errorf("%s: %w", show(m.cwd, name), cause(err))
		}
	}
	return nil
}

// readable reports whether the go command can read a file.
func readable(name string, text []byte) bool {
	if filepath.Ext(name) == ".work" {
		_, err := modfile.ParseWork(name, text, nil)
		return err == nil
	}
	_, err := modfile.Parse(name, text, nil)
	return err == nil
}
