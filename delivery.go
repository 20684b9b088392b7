package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// delivery is where the output of a command goes: somebody's writer, or a file
// that appears whole or not at all.
type delivery struct {
	io.Writer
	// file is what is written to; nil for somebody's writer.
	file *os.File
	// place is the name it gets in the end; empty for what is written in place.
	place string
}

// deliverTo prepares to write the named file, or out if the name is empty. What
// is wrong with the place is told now, and not after minutes of work; what
// stands there stays until finish. Call abandon in any case.
func deliverTo(name string, out io.Writer) (*delivery, error) {
	if name == "" {
		return &delivery{Writer: out}, nil
	}
	// The file behind a symbolic link is replaced, and not the link.
	place := name
	if behind, err := filepath.EvalSymlinks(name); err == nil {
		place = behind
	}
	var mode fs.FileMode
	switch info, err := os.Stat(place); {
	case err != nil: // a new file, or one whose folder tells below what is wrong
	case info.Mode().IsRegular():
		if mode = info.Mode().Perm(); mode&0o222 == 0 { // a folder lets it be replaced all the same
			return nil, fmt.Errorf("%s: it is read-only", name)
		}
	default: // a device or a pipe cannot be replaced; a folder is refused here
		file, err := os.OpenFile(place, os.O_WRONLY, 0)
		return &delivery{Writer: file, file: file}, plain(err)
	}
	file, err := os.OpenFile(fmt.Sprintf("%s.%08x.tmp", place, rand.Uint32()), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil && mode != 0 {
		return nil, fmt.Errorf("%s: making a file beside it: %w", name, cause(err))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, cause(err))
	}
	if mode != 0 {
		_ = file.Chmod(mode) // some file systems have no modes
	}
	return &delivery{Writer: file, file: file, place: place}, nil
}

// finish has the output written, and puts the file in its place.
func (d *delivery) finish(write func(io.Writer) error) error {
	if err := write(d); err != nil || d.file == nil {
		return err
	}
	if err := d.file.Close(); err != nil || d.place == "" {
		return err
	}
	return os.Rename(d.file.Name(), d.place)
}

// abandon removes what was not finished; after finish it does nothing.
func (d *delivery) abandon() {
	if d.file == nil {
		return
	}
	_ = d.file.Close() // finish may have closed it
	if d.place != "" {
		_ = os.Remove(d.file.Name()) // finish may have moved it away
	}
}

// plain makes an error about a file fit a one-line message: "NAME: REASON".
func plain(err error) error {
	if at := (*os.PathError)(nil); errors.As(err, &at) {
		return fmt.Errorf("%s: %w", at.Path, at.Err)
	}
	return err
}

// cause is the reason inside an error about a file.
func cause(err error) error {
	if at := (*os.PathError)(nil); errors.As(err, &at) {
		return at.Err
	}
	return err
}
