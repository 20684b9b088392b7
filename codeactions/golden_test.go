package codeactions_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/codeactions"
	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const goldenFiles = "../testdata/codeactions/*.txtar"

// TestGolden finds the fixes of each finding of an archive's go.mod, and tells
// what they would do. The comment of the archive says what is known besides:
//
//	process NAME=VALUE            a variable of the process
//	workspace NAME=VALUE          one of the editor's settings
//	user NAME=VALUE               a line of the user's env file
//	answer MODULE HOP OUTCOME     what a kind of hop says of a module
//	versions MODULE VERSION ...   what the proxies list of it
//	checkout MODULE DIR           a module on the disk
//
// A go.mod besides the scene's own is one that the go.work uses.
func TestGolden(t *testing.T) {
	names, err := filepath.Glob(goldenFiles)
	if err != nil || len(names) == 0 {
		t.Fatalf("no golden files match %s: %v", goldenFiles, err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			last := &archive.Files[len(archive.Files)-1]
			if last.Name != "want" {
				t.Fatalf("the last file is %s", last.Name)
			}
			got := tell(t, readStage(t, archive))
			if *update {
				last.Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(last.Data), got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// now is after every "until" of the archives.
var now = time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)

// tell writes down the findings of a scene with their fixes.
func tell(t *testing.T, st stage) string {
	t.Helper()
	var b strings.Builder
	for _, f := range diagnostics.Find(diagnostics.Scene{File: st.scene.File, Verdicts: st.scene.Verdicts, Now: now}) {
		line, _ := st.scene.File.Position(f.Span.Start)
		fmt.Fprintf(&b, "%d: %s\n", line, f.Code)
		for _, note := range st.scene.Notes(f) {
			fmt.Fprintf(&b, "  note: %s\n", note)
		}
		for _, fix := range st.scene.Fixes(f) {
			mark := "-"
			if fix.Preferred {
				mark = "*"
			}
			fmt.Fprintf(&b, "  %s %s\n", mark, fix.Text())
			if c := fix.Command; c.Name != "" {
				fmt.Fprintf(&b, "    > %s %s\n", c.Name, strings.TrimSpace(fmt.Sprint(c.Module, " ", c.Version, " ", c.Pattern, " ", c.Settings, " ", c.Values)))
			}
			if len(fix.Edits) > 0 {
				b.WriteString(edited(t, st.scene, fix.Edits))
			}
		}
	}
	return b.String()
}

// edited tells which lines some edits change. The go command can read the file
// afterwards if it could before.
func edited(t *testing.T, s codeactions.Scene, edits []codeactions.Edit) string {
	t.Helper()
	var b strings.Builder
	for _, e := range edits {
		old, parse := s.File.Text, parseMod
		if e.Name != "" {
			fmt.Fprintf(&b, "    %s\n", e.Name)
			old, parse = s.Work.File.Text, parseWork
		}
		text := gomod.Apply(old, []gomod.Edit{e.Edit})
		if parse(old) == nil && parse(text) != nil {
			t.Errorf("the go command cannot read it any more: %v", parse(text))
		}
		before, after := strings.SplitAfter(string(old), "\n"), strings.SplitAfter(string(text), "\n")
		for len(before) > 0 && len(after) > 0 && before[0] == after[0] {
			before, after = before[1:], after[1:]
		}
		for len(before) > 0 && len(after) > 0 && before[len(before)-1] == after[len(after)-1] {
			before, after = before[:len(before)-1], after[:len(after)-1]
		}
		for _, line := range before {
			fmt.Fprintf(&b, "    - %q\n", line)
		}
		for _, line := range after {
			fmt.Fprintf(&b, "    + %q\n", line)
		}
	}
	return b.String()
}

func parseMod(text []byte) error {
	_, err := modfile.Parse("go.mod", text, nil)
	return err
}

func parseWork(text []byte) error {
	_, err := modfile.ParseWork("go.work", text, nil)
	return err
}

// stage is what the fixes are looked for in.
type stage struct{ scene codeactions.Scene }

func readStage(t *testing.T, archive *txtar.Archive) stage {
	t.Helper()
	s := codeactions.Scene{Name: "/src/app/go.mod"}
	m := route.Module{Dir: "/src/app"}
	var replaces []route.WorkReplace // of all modules
	for _, f := range archive.Files {
		dir := filepath.Join("/src/app", filepath.Dir(f.Name))
		switch {
		case filepath.Base(f.Name) == "go.mod":
			file := gomod.Parse(f.Data)
			for _, r := range file.Replaces {
				replaces = append(replaces, route.WorkReplace{Replace: r, Dir: dir})
			}
			if f.Name == "go.mod" {
				s.File, m.File = file, file
			}
		case f.Name == "go.work":
			s.Work = &route.Work{Dir: "/src", File: gomod.ParseWork(f.Data), Modules: map[string]string{}}
			m.Work = s.Work
		}
	}
	if s.Work != nil {
		s.Work.Replaces = replaces
	}
	sources := route.Sources{
		OS: "linux", Home: "/home/gopher", UserPath: "/home/gopher/.config/go/env",
		GOROOT: "/goroot", GOROOTFile: []byte("GOPROXY=https://public.example,direct\nGOSUMDB=sum.golang.org\n"),
		UserFile:  []byte("GOPROXY=https://proxy.example,direct\n"),
		Workspace: map[string]string{}, GoEnv: map[string]string{"GOVERSION": "go1.26.8"},
	}
	answers := map[string]probe.Answer{}
	versions := map[string][]string{}
	for line := range strings.Lines(string(archive.Comment)) {
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		name, value, _ := strings.Cut(f[1], "=")
		switch f[0] {
		case "process":
			sources.Process = append(sources.Process, f[1])
		case "workspace":
			sources.Workspace[name] = value
		case "user":
			sources.UserFile = append(sources.UserFile, f[1]+"\n"...)
		case "answer":
			ans, ok := outcomes[f[3]]
			if !ok {
				t.Fatalf("there is no outcome %s", f[3])
			}
			answers[f[1]+" "+f[2]] = ans
		case "versions":
			versions[f[1]] = f[2:]
		case "checkout":
			s.Checkouts = append(s.Checkouts, probe.Checkout{Module: f[1], Dir: f[2]})
		}
	}
	s.Env = route.ParseEnv(sources)
	for _, r := range s.File.Requires {
		planned := route.Plan(s.Env, m, r)
		hops := planned.AllHops()
		report, need := probe.Walk(planned, func(hop int, mod module.Version, a probe.Artefact) probe.Answer {
			path := mod.Path
			if hops[hop].Kind == route.Directory {
				path = r.Mod.Path
			}
			ans := answers[path+" "+hops[hop].Kind.String()]
			if a == probe.List {
				ans = probe.Answer{Outcome: probe.OK, Versions: versions[mod.Path]}
			}
			if ans.Outcome == probe.Unasked && hops[hop].Kind == route.Cache {
				ans.Outcome = probe.Miss
			}
			ans.Artefact = a
			return ans
		})
		if need != nil {
			t.Fatalf("%v: %s does not answer", r.Mod, hops[need.Hop])
		}
		s.Verdicts = append(s.Verdicts, diagnostics.Judge(report))
	}
	return stage{s}
}

// outcomes are what hops say, by the words of the archives.
var outcomes = map[string]probe.Answer{
	"ok":           {Outcome: probe.OK},
	"not-found":    {Outcome: probe.Miss, Text: "404 Not Found", Fault: &probe.Fault{Phase: probe.Request, Cause: probe.NotFound, Status: 404}},
	"forbidden":    {Outcome: probe.Failed, Text: "403 Forbidden", Fault: &probe.Fault{Phase: probe.Request, Cause: probe.Forbidden, Status: 403}},
	"refused":      {Outcome: probe.Failed, Text: "connection refused", Fault: &probe.Fault{Phase: probe.Connect, Cause: probe.Refused, Host: "proxy.example:443"}},
	"mismatch":     {Outcome: probe.Spoiled, Text: "checksum mismatch", Fault: &probe.Fault{Phase: probe.Checksum, Cause: probe.SumMismatch}},
	"no-directory": {Outcome: probe.Failed, Text: "no such directory", Fault: &probe.Fault{Cause: probe.NoDirectory}},
}
