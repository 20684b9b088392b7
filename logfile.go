package main

import (
	"fmt"
	"os"
)

// logMax bounds a log, and the one before it: a few days of a busy editor, and a
// size that can still be sent to somebody.
const logMax = 8 << 20

// logFile is a log that only its owner can read, and that does not grow without
// end.
type logFile struct {
	name string
	file *os.File
	size int64
	// fixed is set for what cannot be moved away, such as a device.
	fixed bool
}

// openLog opens a log to be written on from its end.
func openLog(name string) (*logFile, error) {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, cause(err))
	}
	l := &logFile{name: name, file: file, fixed: true}
	if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
		l.size, l.fixed = info.Size(), false
		// It may be from before, and some file systems have no modes.
		_ = file.Chmod(0o600)
	}
	return l, nil
}

// Write writes one event. A log that would grow beyond its bound is moved away,
// in the place of the one before.
func (l *logFile) Write(event []byte) (int, error) {
	if l.size+int64(len(event)) > logMax && !l.fixed {
		if err := l.turn(); err != nil {
			return 0, err
		}
	}
	n, err := l.file.Write(event)
	l.size += int64(n)
	return n, err
}

func (l *logFile) turn() error {
	// Where an open file cannot be moved, it has to be closed before.
	if err := l.file.Close(); err != nil {
		return err
	}
	if err := os.Rename(l.name, l.name+".old"); err != nil {
		return err
	}
	next, err := openLog(l.name)
	if err != nil {
		return err
	}
	*l = *next
	return nil
}

// Close closes the file.
func (l *logFile) Close() error { return l.file.Close() }
