package probe_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// noted puts a program before the real one of that name that notes how it was
// called. It gives the PATH for it, and what was noted so far.
func noted(t *testing.T, name string) (path string, calls func() []string) {
	t.Helper()
	program, err := exec.LookPath(name)
	if err != nil {
		t.Skip("there is no " + name + " here")
	}
	dir := t.TempDir()
	log := filepath.Join(dir, "log")
	script := "#!/bin/sh\necho \"$*\" >>'" + log + "'\nexec '" + program + "' \"$@\"\n"
	if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return "PATH=" + dir + string(filepath.ListSeparator) + os.Getenv("PATH"), func() []string {
		text, _ := os.ReadFile(log) // it is not there before the first call
		return strings.Split(strings.TrimSpace(string(text)), "\n")
	}
}

// commands counts the calls of git by their command: the first word that is no
// setting.
func commands(calls []string) map[string]int {
	count := map[string]int{}
	for _, call := range calls {
		words := strings.Fields(call)
		for len(words) > 1 && words[0] == "-c" {
			words = words[2:]
		}
		name := words[0]
		if name == "ls-remote" && words[1] == "--get-url" {
			name = "ls-remote --get-url"
		}
		count[name]++
	}
	return count
}

// askDirect asks for all of a module that is in a repository, and gives the last
// answer.
func askDirect(t *testing.T, p *probe.Prober, path, version string) probe.Answer {
	t.Helper()
	answers := p.Ask(t.Context(), probe.Question{
		Hop: route.Hop{Kind: route.Direct}, Mod: module.Version{Path: path, Version: version},
		Artefacts: []probe.Artefact{probe.Info, probe.Mod, probe.Zip}, Patience: probe.FirstLook,
	})
	if len(answers) == 0 {
		t.Fatal("no answer at all")
	}
	return answers[len(answers)-1]
}

// TestGentle counts what a check costs a forge and this machine.
func TestGentle(t *testing.T) {
	const many = 20
	for _, test := range []struct {
		name string
		// modules gives paths with versions.
		modules func(r *fakenet.Repo) []string
		// talks is how often git turned to the forge, each time with two or
		// three requests; gits is how often it ran here.
		talks int
		gits  map[string]int
	}{
		{
			"a tag",
			func(*fakenet.Repo) []string { return []string{acme + "@v1.0.0"} },
			3,
			map[string]int{"ls-remote": 1, "init": 1, "remote": 1, "fetch": 1, "log": 1, "cat-file": 1},
		},
		{
			"twenty modules of one repository",
			func(*fakenet.Repo) (all []string) {
				for i := range many {
					all = append(all, fmt.Sprintf("%s/m%d@v1.0.0", acme, i))
				}
				return all
			},
			1 + 2*many,
			map[string]int{"ls-remote": 1, "init": many, "remote": many, "fetch": many, "log": many, "cat-file": many},
		},
		{
			"twenty times the same",
			func(*fakenet.Repo) (all []string) {
				for range many {
					all = append(all, acme+"@v1.0.0")
				}
				return all
			},
			3,
			map[string]int{"ls-remote": 1, "init": 1, "remote": 1, "fetch": 1, "log": 1, "cat-file": 1},
		},
		{
			"pseudo-versions of commits inside the history: one is fetched",
			func(r *fakenet.Repo) (all []string) {
				one := r.Commit(map[string]string{"p.go": "package p // 1\n"})
				two := r.Commit(map[string]string{"p.go": "package p // 2\n"})
				r.Commit(map[string]string{"p.go": "package p // 3\n"})
				return []string{acme + "@" + one.Pseudo("v1", "v1.0.0"), acme + "@" + two.Pseudo("v1", "v1.0.0")}
			},
			// For the refs, the history, the tree of each, and the go.mod that
			// is the same in both.
			5,
			map[string]int{
				"ls-remote": 1, "init": 1, "config": 1, "fetch": 1,
				// For .info, .mod and .zip of each; and what tags come before.
				"rev-parse": 2 * 3, "for-each-ref": 2 * (3 + 1),
				"log": 2, "cat-file": 2,
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			repo := fakenet.NewRepo(t)
			files := map[string]string{"go.mod": "module " + acme + "\n"}
			repo.Commit(files)
			tags := []string{"v1.0.0"}
			for i := range many {
				files[fmt.Sprintf("m%d/go.mod", i)] = fmt.Sprintf("module %s/m%d\n", acme, i)
				tags = append(tags, fmt.Sprintf("m%d/v1.0.0", i))
			}
			repo.Commit(files)
			repo.Tag(tags...)
			modules := test.modules(repo)

			site := fakenet.New(t).Site(fakenet.HTTP, repo)
			path, calls := noted(t, "git")
			p := probe.New(probe.Options{Env: gitSettings(t, insteadOf(site.URL()+"/x"), path)})
			t.Cleanup(p.Close)
			for _, m := range modules {
				mod, version, _ := strings.Cut(m, "@")
				if ans := askDirect(t, p, mod, version); ans.Outcome != probe.OK {
					t.Fatalf("%s: outcome %d, text %q", m, ans.Outcome, ans.Text)
				}
			}
			if diff := cmp.Diff(test.gits, commands(calls())); diff != "" {
				t.Errorf("runs of git (-want +got):\n%s", diff)
			}
			talks := 0
			for _, r := range site.Requests() {
				if strings.HasSuffix(r.URI, "/info/refs?service=git-upload-pack") {
					talks++
				}
			}
			if talks != test.talks {
				t.Errorf("git turned to the forge %d times, want %d", talks, test.talks)
			}
		})
	}
}

// TestDeadForge has repositories behind one host that is not the one that their
// modules are named by: two of them are asked, whatever their number.
func TestDeadForge(t *testing.T) {
	const many = 6
	for _, test := range []struct {
		name string
		// base is where all of them are, under github.com by name.
		base  func(t *testing.T) (base string, vars []string)
		asked int
		want  verdict
	}{
		{"ssh", func(t *testing.T) (string, []string) {
			return "ssh://git@git.corp.example/", fakenet.SSH(t, fakenet.SSHTimeout)
		}, 2, verdict{Cause: probe.ConnectTimeout, Phase: probe.Connect, HostLevel: true}},
		{"http", func(t *testing.T) (string, []string) {
			return "http://" + fakenet.New(t).Refused() + "/", nil
		}, 2, verdict{Cause: probe.Refused, Phase: probe.Connect, HostLevel: true}},
		{"http that leads elsewhere", func(t *testing.T) (string, []string) {
			n := fakenet.New(t)
			s := n.Site(fakenet.HTTP, nil)
			s.On("*", fakenet.RedirectTo("http://"+n.Refused()))
			return s.URL() + "/", nil
		}, many, verdict{Cause: probe.Refused, Phase: probe.Connect, HostLevel: true}},
		{"ssh that is closed, as for too many at a time", func(t *testing.T) (string, []string) {
			return "ssh://git@git.corp.example/", fakenet.SSH(t, fakenet.SSHClosed)
		}, many, verdict{Cause: probe.Reset, Phase: probe.Request, HostLevel: true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			base, vars := test.base(t)
			path, calls := noted(t, "git")
			env := gitSettings(t, "[url \""+base+"\"]\n\tinsteadOf = https://github.com/\n", append(vars, path)...)
			p := probe.New(probe.Options{Env: env})
			t.Cleanup(p.Close)
			var texts []string
			for i := range many {
				ans := askDirect(t, p, fmt.Sprintf("github.com/acme/x%d", i), "v1.0.0")
				if ans.Fault == nil || ans.Outcome != probe.Failed {
					t.Fatalf("outcome %d, text %q; want a failure", ans.Outcome, ans.Text)
				}
				got := verdict{Cause: ans.Fault.Cause, Phase: ans.Fault.Phase, HostLevel: ans.Fault.HostLevel()}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("verdict (-want +got):\n%s", diff)
				}
				texts = append(texts, ans.Text)
			}
			if got := commands(calls())["ls-remote"]; got != test.asked {
				t.Errorf("git asked for %d repositories, want %d", got, test.asked)
			}
			// What was not asked is told of in the words it would have got, but
			// for how long it took.
			for i, text := range texts[1:] {
				cut := func(s string) string { s, _, _ = strings.Cut(s, " after "); return s }
				_, want, _ := strings.Cut(texts[0], ": exit status")
				_, got, _ := strings.Cut(strings.ReplaceAll(text, fmt.Sprintf("acme/x%d", i+1), "acme/x0"), ": exit status")
				if diff := cmp.Diff(cut(want), cut(got)); diff != "" {
					t.Errorf("text %d (-want +got):\n%s", i+1, diff)
				}
			}
		})
	}
}

// TestHistory fetches a history again when the refs have changed, and only then.
func TestHistory(t *testing.T) {
	repo := fakenet.NewRepo(t)
	repo.Commit(map[string]string{"go.mod": "module " + acme + "\n"})
	inner := repo.Commit(map[string]string{"p.go": "package p // 1\n"})
	repo.Commit(map[string]string{"p.go": "package p // 2\n"})
	path, calls := noted(t, "git")
	p := probe.New(probe.Options{Env: gitSettings(t, insteadOf(repo.URL()), path)})
	t.Cleanup(p.Close)
	expect := func(version string, fetches int) {
		t.Helper()
		if ans := askDirect(t, p, acme, version); ans.Outcome != probe.OK {
			t.Fatalf("outcome %d, text %q", ans.Outcome, ans.Text)
		}
		if got := commands(calls())["fetch"]; got != fetches {
			t.Errorf("%d fetches so far, want %d", got, fetches)
		}
	}
	expect(inner.Pseudo("", ""), 1)
	p.Forget()
	expect(inner.Pseudo("", ""), 1)
	later := repo.Commit(map[string]string{"p.go": "package p // 3\n"})
	repo.Commit(map[string]string{"p.go": "package p // 4\n"})
	p.Forget()
	expect(later.Pseudo("", ""), 2)
}

// TestBadHistory leaves a history alone that could not be fetched.
func TestBadHistory(t *testing.T) {
	repo := fakenet.NewRepo(t)
	repo.Commit(map[string]string{"go.mod": "module " + acme + "\n"})
	inner := repo.Commit(map[string]string{"p.go": "package p // 1\n"})
	repo.Commit(map[string]string{"p.go": "package p // 2\n"})
	site := fakenet.New(t).Site(fakenet.HTTP, repo)
	path, calls := noted(t, "git")
	p := probe.New(probe.Options{Env: gitSettings(t, insteadOf(site.URL()+"/x"), path)})
	t.Cleanup(p.Close)
	repo.Git("config", "uploadpackfilter.tree.allow", "false")
	for range 3 {
		p.Forget()
		if ans := askDirect(t, p, acme, inner.Pseudo("", "")); ans.Outcome != probe.Unsure || !strings.Contains(ans.Text, "could not fetch the history") {
			t.Fatalf("outcome %d, text %q; want that it could not be fetched", ans.Outcome, ans.Text)
		}
	}
	if got := commands(calls())["fetch"]; got != 1 {
		t.Errorf("%d fetches, want 1", got)
	}
}

// TestStrayVariables has the variables set that git sets for its hooks: what is
// fetched for a check must not be found in the repository of the hook.
func TestStrayVariables(t *testing.T) {
	repo := fakenet.NewRepo(t)
	repo.Commit(map[string]string{"go.mod": "module " + acme + "\n"})
	repo.Tag("v1.0.0")
	mine := t.TempDir()
	p := probe.New(probe.Options{Env: gitSettings(t, insteadOf(repo.URL()),
		"GIT_OBJECT_DIRECTORY="+filepath.Join(mine, "objects"), "GIT_INDEX_FILE="+filepath.Join(mine, "index"), "GIT_COMMON_DIR="+filepath.Join(mine, "common"))})
	t.Cleanup(p.Close)
	if ans := askDirect(t, p, acme, "v1.0.0"); ans.Outcome != probe.OK {
		t.Errorf("outcome %d, text %q", ans.Outcome, ans.Text)
	}
	found, err := os.ReadDir(mine)
	if err != nil || len(found) > 0 {
		t.Errorf("git wrote %v, error %v; want nothing", found, err)
	}
}

// TestScratch looks at what a check leaves behind.
func TestScratch(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir)
	repo := fakenet.NewRepo(t)
	repo.Commit(map[string]string{"go.mod": "module " + acme + "\n"})
	repo.Tag("v1.0.0")
	p := probe.New(probe.Options{Env: gitSettings(t, insteadOf(repo.URL()))})
	askDirect(t, p, acme, "v1.0.0")
	during, _ := filepath.Glob(filepath.Join(dir, "modreach-git-*", "*"))
	p.Close()
	after, _ := filepath.Glob(filepath.Join(dir, "modreach-git-*"))
	if len(during) > 0 || len(after) > 0 {
		t.Errorf("left %q behind after a question, %q in the end", during, after)
	}
}
