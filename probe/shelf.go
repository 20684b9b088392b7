package probe

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"

	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/route"
)

// Shelf holds the files that stand around go.mod files, each as it was when it
// was first needed, so that the modules of one workspace share what they have in
// common. The zero value is an empty one. It is for one goroutine at a time, and
// for a moment: what changes on the disk is seen by another Shelf.
type Shelf struct {
	unsaved map[string]*gomod.File
	works   map[string]*shelvedWork
	mods    map[string]shelvedMod
	sums    map[string]shelvedSum
	// given are the hints of an editor, machine those of this machine; nil until
	// they are needed.
	given   route.Hints
	machine *route.Hints
	around  map[string]route.Hints // by directory
}

// Hint tells what an editor knows of private modules and public hosts.
func (s *Shelf) Hint(given route.Hints) { s.given, s.around = given, nil }

// Hints gives what there is to know of private modules and public hosts for the
// modules of a directory.
func (s *Shelf) Hints(env route.Env, dir string) route.Hints {
	h := s.hints(env, dir)
	if name, err := GoModIn(dir); err == nil {
		if f, err := s.file(name, gomod.Parse); err == nil && f.Module != nil {
			h.Main = f.Module.Path
		}
	}
	return h
}

// hints is Hints without the main module.
func (s *Shelf) hints(env route.Env, dir string) route.Hints {
	if h, ok := s.around[dir]; ok {
		return h
	}
	if s.machine == nil {
		h := machineHints(env)
		s.machine = &h
	}
	root, gitDir := repository(dir)
	h := s.given.With(teamHints(dir, root)).With(*s.machine)
	if gitDir != "" {
		h = h.With(repositoryHints(env, gitDir))
	}
	if s.around == nil {
		s.around = map[string]route.Hints{}
	}
	s.around[dir] = h
	return h
}

// Unsave tells which files an editor has open, by their absolute path, and what
// it shows. A go.mod or go.work that is on the disk counts so instead. The map
// must not be changed afterwards.
func (s *Shelf) Unsave(files map[string]*gomod.File) {
	if !maps.Equal(s.unsaved, files) {
		s.unsaved, s.works = files, nil
	}
}

// shelvedMod is a go.mod as it is on the disk.
type shelvedMod struct {
	file *gomod.File
	err  error
}

// shelvedWork is a go.work with what it uses.
type shelvedWork struct {
	work *route.Work
	// dirs are the directories that are used, in order, with or without a module.
	dirs []string
	err  error
}

// shelvedSum is a go.sum.
type shelvedSum struct {
	sums gomod.SumFile // nil for none
	bad  string        // what is wrong with it
}

// file gives a go.mod or go.work as it counts.
func (s *Shelf) file(name string, parse func([]byte) *gomod.File) (*gomod.File, error) {
	if f := s.unsaved[name]; f != nil && isFile(name) {
		return f, nil
	}
	m, ok := s.mods[name]
	if !ok {
		var text []byte
		if text, m.err = ReadGoMod(name); m.err == nil {
			m.file = parse(text)
		}
		if s.mods == nil {
			s.mods = map[string]shelvedMod{}
		}
		s.mods[name] = m
	}
	return m.file, m.err
}

// work gives a go.work by its path.
func (s *Shelf) work(name string) *shelvedWork {
	if w := s.works[name]; w != nil {
		return w
	}
	w := &shelvedWork{}
	f, err := s.file(name, gomod.ParseWork)
	if err != nil {
		w.err = fmt.Errorf("reading the go.work in force: %w", err)
	} else {
		w.work, w.dirs = s.uses(name, f)
	}
	if s.works == nil {
		s.works = map[string]*shelvedWork{}
	}
	s.works[name] = w
	return w
}

// uses reads the modules that a go.work uses.
func (s *Shelf) uses(name string, f *gomod.File) (*route.Work, []string) {
	w := &route.Work{Dir: filepath.Dir(name), File: f, Modules: map[string]string{}}
	var dirs []string
	for _, use := range f.Uses {
		used := filepath.FromSlash(use.Dir)
		if !filepath.IsAbs(used) {
			used = filepath.Join(w.Dir, used)
		}
		dirs = append(dirs, used)
		m, err := s.file(filepath.Join(used, "go.mod"), gomod.Parse)
		if err != nil {
			continue // the go command fails; what else the file says still counts
		}
		if m.Module != nil {
			w.Modules[m.Module.Path] = used
		}
		for _, r := range m.Replaces {
			w.Replaces = append(w.Replaces, route.WorkReplace{Replace: r, Dir: used})
		}
		w.Excludes = append(w.Excludes, m.Excludes...)
	}
	return w, dirs
}

// sum gives a go.sum for m, and notes there if the go command cannot read it.
func (s *Shelf) sum(m *route.Module, name string) gomod.SumFile {
	sum, ok := s.sums[name]
	if !ok {
		sum = readSum(name)
		if s.sums == nil {
			s.sums = map[string]shelvedSum{}
		}
		s.sums[name] = sum
	}
	if m.BadSum == "" {
		m.BadSum = sum.bad
	}
	return sum.sums
}

func readSum(name string) shelvedSum {
	text, err := readWhole(name, maxListFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return shelvedSum{}
	case err != nil:
		return shelvedSum{bad: err.Error()}
	}
	sums, problems := gomod.ParseSum(text)
	if len(problems) == 0 {
		return shelvedSum{sums: sums}
	}
	p := problems[0]
	line := 1 + bytes.Count(text[:p.Span.Start], []byte("\n"))
	return shelvedSum{sums, fmt.Sprintf("malformed go.sum:\n%s:%d: %s", name, line, p.Message)}
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && !info.IsDir()
}
