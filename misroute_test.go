package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/modreach/modreach/codeactions"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
)

// misrouting is a world in which something goes the wrong way, and what is to be
// said and done about it.
type misrouting struct {
	scenario
	// user are settings in the user's env file, filled like the environment.
	user string
	// code is to be on a line of go.mod, and the title of its first fix to begin
	// with fix.
	code string
	line int
	fix  string
	// works reports that the go command succeeds before the fix too.
	works bool
	// leaks reports that it tells proxy A, which is public, of the module, and
	// does so no more after the fix.
	leaks bool
}

// misroutings lists them all.
func misroutings() []misrouting {
	all := proxyMisroutings()
	all = append(all, privateMisroutings()...)
	all = append(all, databaseMisroutings()...)
	all = append(all, versionMisroutings()...)
	all = append(all, settingMisroutings()...)
	all = append(all, toolchainMisroutings()...)
	return append(all, replaceMisroutings()...)
}

// fixVar has the test binary find the fixes for the go.mod of the current folder
// and make the first for the finding it names, as "CODE LINE".
const fixVar = "MODREACH_TEST_FIX"

// TestMisroutings wants of each that the right thing is said on the right line,
// that the first fix is the right one, and that it helps: the go command, which
// fails before, succeeds.
func TestMisroutings(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command some hundred times")
	}
	gocache := t.TempDir()
	all := misroutings()
	seen := map[string]bool{}
	for _, m := range all {
		if seen[m.name] {
			t.Errorf("two misroutings are called %q", m.name)
		}
		seen[m.name] = true
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			if m.args == nil {
				m.args = []string{"mod", "download"}
			}
			w := m.world(t)
			w.env = append([]string{"GOCACHE=" + gocache, "GOPROXY=", "GOSUMDB="}, w.env...)
			w.user = append([]string{"GOSUMDB=off"}, append(w.user, strings.Fields(w.fill(m.user))...)...)
			w.atHome("env", strings.Join(w.user, "\n")+"\n", 0o600)
			if ok, said := w.askGo(m.scenario); ok != m.works {
				t.Fatalf("before the fix the go command succeeds: %v\nit says: %s", ok, said)
			}
			told := len(w.a.Requests())
			if m.leaks && told == 0 {
				t.Error("before the fix the go command does not ask the public host")
			}
			found := w.fix(m.code, m.line)
			i := slices.IndexFunc(found.Findings, func(f fixable) bool { return f.Code == m.code && f.Line == m.line })
			if i < 0 {
				t.Fatalf("no %s on line %d: %+v", m.code, m.line, found.Findings)
			}
			if titles := found.Findings[i].Fixes; len(titles) == 0 || !strings.HasPrefix(titles[0], w.fill(m.fix)) {
				t.Fatalf("the first fix is not to %s: %q", w.fill(m.fix), titles)
			}
			for _, f := range found.Findings {
				for _, values := range f.Values {
					if what := unverified(values); what != "" {
						t.Errorf("a fix of %s trusts whatever is fetched: %s", f.Code, what)
					}
				}
			}
			w.env = append(w.env, found.Env...)
			if ok, said := w.askGo(m.scenario); !ok {
				now, _ := os.ReadFile(filepath.Join(w.home, "env"))
				t.Errorf("after the fix the go command says: %s\nthe env file: %s", said, now)
			}
			if asked := w.a.Requests()[told:]; m.leaks && len(asked) > 0 {
				t.Errorf("the public host was asked %v", asked)
			}
		})
	}
	if n := len(all); n < 60 {
		t.Errorf("%d misroutings, want 60 at least", n)
	}
}

// unverified tells which of some settings has the go command trust what nobody
// vouches for; empty for none.
func unverified(values map[string]string) string {
	for name, value := range values {
		words := strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(" ,=", r) })
		all := slices.ContainsFunc(words, func(word string) bool {
			return word == "off" || word == "-insecure" || strings.HasPrefix(word, "*") && strings.Count(word, ".") < 2
		})
		switch {
		case name == "GOINSECURE", name == "GONOSUMCHECK", name == "GIT_SSL_NO_VERIFY",
			all && slices.Contains([]string{"GOSUMDB", "GONOSUMDB", "GOPRIVATE", "GONOPROXY", "GOFLAGS"}, name):
			return name + "=" + value
		}
	}
	return ""
}

// TestNeverUnverified shows what the suite looks for in all fixes there are, not
// only in those it makes.
func TestNeverUnverified(t *testing.T) {
	for name, value := range map[string]string{
		"GOSUMDB": "off", "GONOSUMDB": "git.corp.example,*", "GOPRIVATE": "*", "GONOPROXY": "*.example", "GOFLAGS": "-insecure", "GOINSECURE": "corp.example",
	} {
		if unverified(map[string]string{name: value}) == "" {
			t.Errorf("%s=%s is not seen", name, value)
		}
	}
	fine := map[string]string{"GOPROXY": "off", "GOSUMDB": "sum.golang.org https://p.example/sumdb/sum.golang.org", "GOPRIVATE": "*.corp.example,github.com/acme/*"}
	if what := unverified(fine); what != "" {
		t.Errorf("%s is taken for a danger", what)
	}
}

// fixable is a finding with the titles of its fixes, and the settings that each
// would have changed.
type fixable struct {
	Code   string
	Line   int
	Fixes  []string
	Values []map[string]string
}

// fixed is what the child process says.
type fixed struct {
	Findings []fixable
	// Env is what an editor would set.
	Env []string
}

// fix has a child process, in the environment of the world, find all fixes and
// make the first for one finding.
func (w *world) fix(code string, line int) fixed {
	w.t.Helper()
	self, err := os.Executable()
	if err != nil {
		w.t.Fatal(err)
	}
	cmd := exec.CommandContext(w.t.Context(), self)
	cmd.Dir = w.dir
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "GOMODCACHE=" + w.cache, "GORACE=atexit_sleep_ms=10"}, hermetic(w.home)...)
	cmd.Env = append(cmd.Env, w.env...)
	cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%s %d", fixVar, code, line))
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	var f fixed
	if err := cmd.Run(); err != nil {
		w.t.Fatalf("fixing: %v\n%s", err, errs.String())
	}
	if err := json.Unmarshal(out.Bytes(), &f); err != nil {
		w.t.Fatalf("reading what was fixed: %v\n%s", err, out.String())
	}
	return f
}

// fixFirst is the child process.
func fixFirst(ctx context.Context, wanted string, out io.Writer) error {
	cwd, err := os.Getwd()
	if err != nil {
		return err
	}
	targets, err := findTargets(ctx, cwd, nil, nil)
	if err != nil {
		return err
	}
	m := newMender(&fixFlags{}, cwd, targets, io.Discard)
	r, err := m.check(ctx)
	if err != nil {
		return err
	}
	var f fixed
	for i, file := range r.result.Files {
		for _, finding := range file.Findings {
			line, _ := file.File.Position(finding.Span.Start)
			found := fixable{Code: string(finding.Code), Line: line}
			fixes := r.scenes[i].Fixes(finding)
			for _, fix := range fixes {
				found.Fixes, found.Values = append(found.Fixes, fix.Text()), append(found.Values, settingsOf(r.scenes[i], fix))
			}
			f.Findings = append(f.Findings, found)
			if wanted != fmt.Sprintf("%s %d", found.Code, found.Line) || len(fixes) == 0 {
				continue
			}
			wanted = "" // once
			if f.Env, err = m.makeFix(ctx, r.scenes[i], fixes[0]); err != nil {
				return err
			}
		}
	}
	return json.NewEncoder(out).Encode(f)
}

// settingsOf gives the settings as a fix would have them.
func settingsOf(scene codeactions.Scene, fix codeactions.Fix) map[string]string {
	if fix.Command.Values != nil {
		return fix.Command.Values
	}
	return codeactions.Extended(scene.Env, fix.Command.Settings, fix.Command.Pattern)
}

// makeFix makes a fix, and gives what an editor would set for it.
func (m *mender) makeFix(ctx context.Context, scene codeactions.Scene, fix codeactions.Fix) (env []string, err error) {
	edits := map[string][]gomod.Edit{}
	for _, e := range fix.Edits {
		name := cmp.Or(e.Name, scene.Name)
		edits[name] = append(edits[name], e.Edit)
	}
	for name, all := range edits {
		if err := m.edit(name, all); err != nil {
			return nil, err
		}
	}
	switch fix.Command.Name {
	case codeactions.AddPrivate, codeactions.SetEnv:
		values, err := newValues(scene.Env, fix.Command)
		if err != nil {
			return nil, err
		}
		return nil, probe.WriteEnv(ctx, scene.Env, values)
	case codeactions.SetWorkspace:
		for name, value := range fix.Command.Values {
			env = append(env, name+"="+value)
		}
		return env, nil
	}
	return nil, m.save()
}
