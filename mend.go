package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/modreach/modreach/codeactions"
	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/report"
	"github.com/modreach/modreach/route"
	"github.com/modreach/modreach/trial"
)

// roundsMax bounds how often the files are checked: what a fix brings to light
// may have another one, and that is all there ever was.
const roundsMax = 4

// mender mends go.mod files in memory, round by round, until a check finds
// nothing more to be mended.
type mender struct {
	flags *fixFlags
	cwd   string
	// targets have the text as it is mended so far; works are the go.work files
	// that were mended. before has all of them as they are on the disk.
	targets []target
	works   map[string][]byte
	before  map[string][]byte
	// told says in one line each what was mended in files, set which settings were,
	// advised which could be.
	told, set, advised []string
	ends               time.Time // when the time for the run is over; zero for never
	errOut             io.Writer
}

func newMender(f *fixFlags, cwd string, targets []target, errOut io.Writer) *mender {
	m := &mender{flags: f, cwd: cwd, targets: targets, works: map[string][]byte{}, before: map[string][]byte{}, errOut: errOut}
	for _, t := range targets {
		m.before[t.name] = t.text
	}
	if f.timeout > 0 {
		m.ends = time.Now().Add(f.timeout)
	}
	return m
}

// mend gives what the last check says, which is about the files as they would be.
func (m *mender) mend(ctx context.Context) (report.Check, error) {
	start := time.Now()
	for round := 1; ; round++ {
		r, err := m.check(ctx)
		if err != nil {
			return report.Check{}, err
		}
		if round < roundsMax {
			again, err := m.apply(ctx, r)
			if err != nil {
				return report.Check{}, err
			}
			if again {
				continue
			}
		}
		m.suggest(r)
		r.result.Took = time.Since(start)
		return r.result, nil
	}
}

// round is one check of the files, and what there is to choose after it.
type round struct {
	result report.Check
	// scenes has what the fixes are looked for in, one for each file.
	scenes []codeactions.Scene
	// chosen has the fix that most would choose for each finding that has one.
	chosen []choice
}

// choice is a fix for a finding, with the place that it is told at.
type choice struct {
	codeactions.Fix
	env     route.Env
	name    string // of the go.mod
	place   string
	finding diagnostics.Finding
}

// check looks at all files once, and tries what may mend them.
func (m *mender) check(ctx context.Context) (round, error) {
	env, err := environment(ctx, filepath.Dir(m.targets[0].name))
	if err != nil {
		return round{}, err
	}
	shelf := new(probe.Shelf)
	shelf.Unsave(m.unsaved())
	pages, routes, err := newPages(ctx, env, shelf, m.targets)
	if err != nil {
		return round{}, err
	}
	s := m.flags.survey(env, m.errOut)
	if !m.ends.IsZero() {
		s.timeout = max(time.Until(m.ends), time.Nanosecond)
	}
	verdicts, weather, err := s.verdicts(ctx, routes)
	if err != nil {
		return round{}, err
	}
	r := round{result: report.Check{Version: version(), Environment: settings(env)}}
	for i, p := range pages {
		file := p.filled(verdicts[i], weather, i == 0)
		r.result.Files = append(r.result.Files, file)
		scene := m.scene(ctx, p, file)
		r.scenes = append(r.scenes, scene)
		r.chosen = append(r.chosen, choose(p, scene, file)...)
		if ctx.Err() != nil {
			return round{}, errInterrupted
		}
	}
	return r, nil
}

// unsaved are the files as they are mended so far.
func (m *mender) unsaved() map[string]*gomod.File {
	all := map[string]*gomod.File{}
	for _, t := range m.targets {
		all[t.name] = gomod.Parse(t.text)
	}
	for name, text := range m.works {
		all[name] = gomod.ParseWork(text)
	}
	return all
}

// scene gives what the fixes for a file are looked for in, after all trials.
func (m *mender) scene(ctx context.Context, p page, file report.File) codeactions.Scene {
	scene := p.fixes(file.Verdicts)
	if len(file.Findings) == 0 {
		return scene
	}
	dirs := []string{filepath.Dir(filepath.Dir(p.target.name))}
	if p.Module.Work != nil {
		dirs = append(dirs, p.Module.Work.Dir)
	}
	scene.Checkouts = probe.Checkouts(ctx, dirs)
	for _, mirror := range p.Module.Hints.Mirrors {
		scene.TeamMirrors = append(scene.TeamMirrors, mirror.What)
	}
	if !m.flags.offline {
		// What is learned may tell of more to try, but no further than once.
		for range 2 {
			scene.Tried = append(scene.Tried, m.try(ctx, p, scene.AllTrials(file.Findings))...)
		}
	}
	return scene
}

// choose gives the fixes for a file that most would choose.
func choose(p page, scene codeactions.Scene, file report.File) []choice {
	var all []choice
	for _, f := range file.Findings {
		fixes := scene.Fixes(f)
		i := slices.IndexFunc(fixes, func(fix codeactions.Fix) bool { return fix.Preferred })
		if i < 0 {
			i = shadowed(fixes)
		}
		if i < 0 {
			continue
		}
		line, column := file.File.Position(f.Span.Start)
		all = append(all, choice{
			Fix: fixes[i], env: scene.Env, name: p.target.name,
			place: fmt.Sprintf("%s:%d:%d", p.target.shown, line, column), finding: f,
		})
	}
	return all
}

// shadowed finds the change of a setting that only the environment of the process
// can have, because it hides the user's own; -1 for none.
func shadowed(fixes []codeactions.Fix) int {
	named := func(names ...codeactions.Name) int {
		return slices.IndexFunc(fixes, func(fix codeactions.Fix) bool { return slices.Contains(names, fix.Command.Name) })
	}
	if named(codeactions.AddPrivate, codeactions.SetEnv) >= 0 {
		return -1
	}
	return named(codeactions.SetWorkspace)
}

// try tries changes of the settings, for as long as there is time.
func (m *mender) try(ctx context.Context, p page, trials []codeactions.Trial) []codeactions.Tried {
	if !m.ends.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, m.ends)
		defer cancel()
	}
	return trial.Run(ctx, probe.Options{Env: p.env, SkipCache: m.flags.noCache}, p.Module, trials)
}

// apply makes the edits that were chosen and, if that is wanted, changes the
// settings; again reports whether anything was done.
func (m *mender) apply(ctx context.Context, r round) (again bool, err error) {
	edits := map[string][]gomod.Edit{}
	for _, c := range r.chosen {
		if len(c.Edits) == 0 || !m.fits(edits, c) {
			continue
		}
		for _, e := range c.Edits {
			name := e.Name
			if name == "" {
				name = c.name
			}
			if !slices.Contains(edits[name], e.Edit) { // several modules of one go.work may want it
				edits[name] = append(edits[name], e.Edit)
			}
		}
		m.told = append(m.told, fmt.Sprintf("%s: mended: %s [%s]", c.place, lowered(c.Text()), c.finding.Code))
	}
	for name, all := range edits {
		if err := m.edit(name, all); err != nil {
			return false, err
		}
	}
	if m.flags.env && !m.flags.diff {
		changed, err := m.write(ctx, r)
		return changed || len(edits) > 0, err
	}
	return len(edits) > 0, nil
}

// fits reports whether the edits of a choice can be made beside others.
func (m *mender) fits(edits map[string][]gomod.Edit, c choice) bool {
	for _, e := range c.Edits {
		name := e.Name
		if name == "" {
			name = c.name
		}
		for _, other := range edits[name] {
			overlaps := other.Span.Start < e.Span.End && e.Span.Start < other.Span.End
			if other != e.Edit && (overlaps || other.Span.Start == e.Span.Start) {
				return false // in the next round
			}
		}
	}
	return true
}

// edit makes edits of one file.
func (m *mender) edit(name string, edits []gomod.Edit) error {
	for i, t := range m.targets {
		if t.name == name {
			m.targets[i].text = gomod.Apply(t.text, edits)
			return nil
		}
	}
	text, ok := m.works[name]
	if !ok {
		var err error
		if text, err = read(m.cwd, name); err != nil {
			return err
		}
		m.before[name] = text
	}
	m.works[name] = gomod.Apply(text, edits)
	return nil
}

// write changes the settings that were chosen; one alone where they are about
// lists that each of them has whole.
func (m *mender) write(ctx context.Context, r round) (changed bool, err error) {
	done := map[string]bool{}
	for _, c := range r.chosen {
		if c.Command.Name == "" || c.Command.Name == codeactions.SetWorkspace || done[c.Title] {
			continue
		}
		done[c.Title] = true
		// What was written a moment ago counts.
		env, err := environment(ctx, filepath.Dir(c.name))
		if err != nil {
			return changed, err
		}
		values, err := newValues(env, c.Command)
		if err != nil {
			return changed, fmt.Errorf("%s: %w", c.Title, err)
		}
		if c.Command.Name == codeactions.SetEnv && changed {
			continue // it was worked out before that
		}
		if err := probe.WriteEnv(ctx, env, values); err != nil {
			return changed, err
		}
		changed = true
		m.set = append(m.set, fmt.Sprintf("%s: mended: %s [%s]", c.place, asCommand(values), c.finding.Code))
	}
	return changed, nil
}

// newValues gives the settings that a command writes.
func newValues(env route.Env, c codeactions.Command) (map[string]string, error) {
	if c.Name == codeactions.AddPrivate {
		return codeactions.ToWrite(env, c.Settings, c.Pattern)
	}
	return c.Values, nil
}

// suggest tells which settings could be changed.
func (m *mender) suggest(r round) {
	done := map[string]bool{}
	how := "with -env"
	if m.flags.env && m.flags.diff {
		how = "without -diff"
	}
	for _, c := range r.chosen {
		if c.Command.Name == "" || done[c.Title] {
			continue
		}
		done[c.Title] = true
		if c.Command.Name == codeactions.SetWorkspace {
			words := strings.TrimPrefix(asCommand(c.Command.Values), "go env -w ")
			m.advised = append(m.advised, fmt.Sprintf("%s: in the environment: %s (%s) [%s]", c.place, words, lowered(c.Title+c.Note), c.finding.Code))
			continue
		}
		values, err := newValues(c.env, c.Command)
		switch {
		case err != nil:
		case codeactions.Secret(values): // a command without the password would overwrite it
			m.advised = append(m.advised, fmt.Sprintf("%s: %s: %s [%s]", c.place, how, lowered(c.Text()), c.finding.Code))
		default:
			m.advised = append(m.advised, fmt.Sprintf("%s: %s: %s (%s) [%s]", c.place, how, asCommand(values), lowered(c.Text()), c.finding.Code))
		}
	}
}

// asCommand writes settings as a person would set them, without passwords.
func asCommand(values map[string]string) string {
	words := []string{"go env -w"}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		word := name + "=" + route.Redact(values[name])
		if strings.ContainsAny(word, " |&;()<>$`\"'*?[]#~\\") {
			word = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// lowered gives a title as it stands within a sentence.
func lowered(title string) string { return strings.ToLower(title[:1]) + title[1:] }
