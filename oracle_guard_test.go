package main

import (
	"cmp"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/semver"

	"github.com/modreach/modreach/internal/fakenet"
)

// guarded is a world in which proxy A is one that everybody may ask, and a
// module looks private.
type guarded struct {
	scenario
	// code is what is told on line (0 stands for 5), and says a part of it; both are
	// empty where nothing is to be told.
	code, says string
	line       int
	// beside is the code of the error that it is told beside.
	beside string
	// asked reports that A learns of the module all the same.
	asked bool
}

// guardedWhy is why nothing is known of what is withheld.
const guardedWhy = "nobody is asked who must not know"

// inner is a module at a host that no public name server knows.
const inner = "git.corp.example/team/x@v1.0.0"

// guardedWorlds are the ways in which a module looks private, or does not.
func guardedWorlds() []guarded {
	// flagged has A public and both proxies know the module.
	flagged := func(name, mod, code, says string, set func(*world), env ...string) guarded {
		path, version, _ := strings.Cut(mod, "@")
		g := guarded{code: code, says: says, asked: code == ""}
		g.scenario = scenario{
			name: "guard-" + name, mod: mod, gomod: requiring(path, version),
			env: "GIT_CONFIG_NOSYSTEM=1\n" + strings.Join(env, "\n"),
			set: func(w *world) {
				for _, p := range []*fakenet.Proxy{w.a, w.b} {
					p.Add(path, cmp.Or(semver.Canonical(version), "v1.0.0"), "")
				}
				w.team(`"mirrors": ["$A"]`)
				if set != nil {
					set(w)
				}
			},
		}
		if code != "" {
			g.unknown = guardedWhy
		}
		return g
	}
	team := func(text string) func(*world) {
		return func(w *world) { w.team(`"mirrors": ["$A"], ` + text) }
	}
	home := func(name, text string) func(*world) {
		return func(w *world) { w.atHome(name, text, 0o600) }
	}
	const proxyA = "GOPROXY=$A"
	const owned, other = "github.com/acme/x@v1.0.0", "git.acme.dev/team/x@v1.0.0"
	all := []guarded{
		flagged("inner", inner, "route-leak", "its host git.corp.example has a name that no public name server knows", nil, proxyA),
		flagged("inner-is-public", inner, "", "", team(`"publicPatterns": ["git.corp.example"]`), proxyA),
		flagged("address", "127.0.0.1/x@v1.0.0", "route-leak", "its host is an address of a private network", nil, proxyA),
		flagged("team", owned, "route-leak", "the team's pattern github.com/acme/* (.modreach.json) covers it", team(`"privatePatterns": ["github.com/acme/*"]`), proxyA),
		flagged("team-bad-pattern", owned, "route-leak", "the team's pattern github.com/ac[ (.modreach.json) covers it", team(`"privatePatterns": ["github.com/ac["]`), proxyA),
		flagged("team-broken", owned, "route-leak", "Any module may be private, because .modreach.json cannot be read (line 1: ", func(w *world) {
			// The editor's mirrors are not there, so the file names them first.
			w.write(".modreach.json", w.fill(`{"mirrors": ["$A"], "privatePatterns": 7}`))
		}, proxyA),
		flagged("team-other", owned, "", "", team(`"privatePatterns": ["github.com/acme-corp/*"]`), proxyA),
		flagged("scheme", other, "route-leak", `GOPRIVATE has "https://git.acme.dev", which was meant to cover it`, nil, proxyA, "GOPRIVATE=https://git.acme.dev"),
		flagged("space", other, "route-leak", `GOPRIVATE has " git.acme.dev", which was meant to cover it`, nil, proxyA, "GOPRIVATE=x.example, git.acme.dev"),
		flagged("port", other, "route-leak", "which was meant to cover it", nil, proxyA, "GOPRIVATE=git.acme.dev:8443"),
		flagged("bad-glob", other, "route-leak", "which was meant to cover it", nil, proxyA, "GOPRIVATE=git.acme.[dev"),
		flagged("sibling", other, "route-leak", "GOPRIVATE has git.acme.dev/secret, which is beside it", nil, proxyA, "GOPRIVATE=git.acme.dev/secret"),
		flagged("subdomain", other, "route-leak", "GOPRIVATE has acme.dev, which is beside it", nil, proxyA, "GOPRIVATE=acme.dev"),
		flagged("apex", "acme.dev/x@v1.0.0", "route-leak", "GOPRIVATE has *.acme.dev, which is beside it", nil, proxyA, "GOPRIVATE=*.acme.dev"),
		flagged("same-owner", owned, "route-leak", "GOPRIVATE has github.com/acme/secret, which is beside it", nil, proxyA, "GOPRIVATE=github.com/acme/secret"),
		flagged("other-owner", owned, "", "", nil, proxyA, "GOPRIVATE=github.com/other/secret"),
		flagged("gonoproxy-none", other, "route-leak", "GOPRIVATE covers it with git.acme.dev", nil, proxyA, "GOPRIVATE=git.acme.dev", "GONOPROXY=none"),
		flagged("netrc", other, "route-leak", "this machine has a netrc entry for git.acme.dev", home(".netrc", "machine git.acme.dev login me password secret\n"), proxyA),
		flagged("netrc-forge", owned, "", "", home(".netrc", "machine github.com login me password secret\n"), proxyA),
		flagged("instead-of", other, "route-leak", "this machine has git's url.insteadOf for git.acme.dev", home(".gitconfig", "[url \"ssh://git@git.acme.dev/\"]\n\tinsteadOf = https://git.acme.dev/\n"), proxyA),
		flagged("instead-of-owner", owned, "route-leak", "this machine has git's url.insteadOf for github.com/acme", home(".gitconfig", "[url \"git@github.com:acme/\"]\n\tinsteadOf = https://github.com/acme/\n"), proxyA),
		flagged("instead-of-forge", owned, "", "", home(".gitconfig", "[url \"git@github.com:\"]\n\tinsteadOf = https://github.com/\n"), proxyA),
		flagged("credential", other, "route-leak", "this machine has a credential setting of git for git.acme.dev", home(".gitconfig", "[credential \"https://git.acme.dev\"]\n\thelper = store\n"), proxyA),
		flagged("goauth", other, "route-leak", "GOAUTH has a command for git.acme.dev", nil, proxyA, "GOAUTH=netrc; my-login --host=git.acme.dev"),
		flagged("ssh-host", other, "route-leak", "this machine has an ssh Host entry for *.acme.dev", func(w *world) {
			if err := os.Mkdir(filepath.Join(w.home, ".ssh"), 0o700); err != nil {
				w.t.Fatal(err)
			}
			w.atHome(".ssh/config", "Host *.acme.dev\n\tUser git\n", 0o600)
		}, proxyA),
		flagged("own-host", other, "route-leak", "it is on the host of this module, whose repository is there too", func(w *world) {
			w.write("go.mod", "module git.acme.dev/app\n\ngo 1.21\n\nrequire git.acme.dev/team/x v1.0.0\n")
			w.write(".git/config", "[remote \"origin\"]\n\turl = git@git.acme.dev:app.git\n")
		}, proxyA),
		flagged("company-first", inner, "", "", nil, "GOPROXY=$B,$A"),
		flagged("company-lacks-it", inner, "route-leak", "go would tell the proxy $A", func(w *world) { w.b.On("*", fakenet.Status(404, "not found")) }, "GOPROXY=$B,$A,direct"),
		flagged("company-fails-bar", inner, "route-leak", "go would tell the proxy $A", func(w *world) { w.b.On("*", fakenet.Status(500, "oh")) }, "GOPROXY=$B|$A"),
		flagged("company-fails-comma", inner, "server-error", "fails", func(w *world) { w.b.On("*", fakenet.Status(500, "oh")) }, "GOPROXY=$B,$A"),
		flagged("company-leads-on", inner, "route-leak", "the proxy $B leads on to a public host", func(w *world) {
			w.b.On("*", func(rw http.ResponseWriter, r *http.Request, _ http.Handler) {
				http.Redirect(rw, r, w.a.URL()+r.URL.EscapedPath(), http.StatusFound)
			})
		}, "GOPROXY=$B"),
		flagged("cached", inner, "", "", func(w *world) { w.warm(inner) }, proxyA),
		flagged("query", "git.corp.example/team/x@main", "route-leak", "that no public name server knows", nil, proxyA),
		flagged("replaced", "github.com/acme/x@v1.0.0", "route-leak", "git.corp.example/fork looks private", func(w *world) {
			w.write("go.mod", requiring("github.com/acme/x", "v1.0.0")+"\nreplace github.com/acme/x => git.corp.example/fork v1.0.0\n")
		}, proxyA),
	}
	for i, g := range all {
		switch g.name {
		case "guard-company-first", "guard-cached":
			all[i].asked = false
		case "guard-company-fails-comma":
			all[i].unknown = ""
		case "guard-team-broken":
			all[i].line = 1
		case "guard-replaced":
			all[i].args = []string{"mod", "download"}
		}
	}
	return append(append(all, guardedDatabases()...), guardedAfterwards()...)
}

// guardedAfterwards are told only when the public proxy has been asked.
func guardedAfterwards() []guarded {
	answers := func(name string, status int, lists func(*world)) guarded {
		s := direct(name, hosted, "", func(w *world) {
			w.team(`"mirrors": ["$A"]`)
			onHost(fakenet.Status(status, "says no"))(w)
			lists(w)
		}, "GOPROXY=$A,direct")
		s.name = "guard-after-" + name
		return guarded{scenario: s, asked: true}
	}
	lacks := func(*world) {}
	login := answers("login", 401, lacks)
	login.code, login.says, login.beside = "route-leak", "which is public, was asked for github.com/acme/x and does not have it", "vcs-auth"
	missing := answers("missing", 404, lacks)
	missing.beside = "module-not-found"
	company := answers("login-company", 401, func(w *world) { w.team("") })
	company.beside = "vcs-auth"
	return []guarded{login, missing, company}
}

// guardedDatabases have a checksum database that everybody may ask.
func guardedDatabases() []guarded {
	database := func(name, code, says string, env ...string) guarded {
		s := direct(name, hosted, "", func(w *world) {
			hostOnly(w)
			known := fakenet.NewModules(w.t)
			known.AddFiles("github.com/acme/x", "v1.0.0", map[string]string{"go.mod": sources("github.com/acme/x")["go.mod"], "p.go": "package p\n"})
			db := w.net.SumDB(fakenet.HTTPS, known)
			w.a = &fakenet.Proxy{Site: db.Site} // what must not be told is looked for there
			w.team(`"mirrors": ["` + db.URL() + `"]`)
			w.env = append(w.env, "GOSUMDB="+db.GOSUMDB())
		}, env...)
		s.name = "guard-database-" + name
		if code != "" {
			s.unknown = guardedWhy
		}
		return guarded{scenario: s, code: code, says: says, asked: code == ""}
	}
	return []guarded{
		database("unguarded", "", ""),
		database("gonoproxy", "sumdb-leak", "GONOPROXY covers it with github.com/acme", "GONOPROXY=github.com/acme"),
		database("gonoproxy-forge", "", "", "GONOPROXY=github.com"),
		database("sibling", "route-leak", "Add it to GONOSUMDB, so that no checksum database is asked", "GOPRIVATE=github.com/acme/secret"),
	}
}

// team writes the team file.
func (w *world) team(fields string) {
	w.t.Helper()
	w.write(".modreach.json", w.fill("{"+fields+"}\n"))
}

func guardScenarios() []scenario {
	var all []scenario
	for _, g := range guardedWorlds() {
		all = append(all, g.scenario)
	}
	return all
}

// TestGuard wants what looks private to be told, with the evidence, before a
// public host learns of it.
func TestGuard(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the program some dozen times")
	}
	program := build(t)
	for _, g := range guardedWorlds() {
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			w := g.world(t)
			before := len(w.a.Requests())
			c := w.checkBy(exec.CommandContext(t.Context(), program, checkArgs...))
			var told []string
			for _, f := range c.Findings {
				if f.Code == g.beside || strings.HasPrefix(f.Code, "env-") {
					continue // settings are told of by themselves
				}
				told = append(told, fmt.Sprintf("%d %s %s", f.Line, f.Code, f.Message))
			}
			switch {
			case g.code == "" && len(told) > 0:
				t.Errorf("told %q", told)
			case g.code != "" && (len(told) != 1 || !strings.HasPrefix(told[0], fmt.Sprint(cmp.Or(g.line, 5), " ", g.code, " ")) || !strings.Contains(told[0], w.fill(g.says))):
				t.Errorf("told %q\nwant 5 %s ... %s", told, g.code, w.fill(g.says))
			}
			asked := false
			path, _, _ := strings.Cut(w.mod, "@")
			for _, r := range w.a.Requests()[before:] {
				asked = asked || strings.Contains(squash(r.URI), "/"+squash(path))
			}
			if asked != g.asked {
				t.Errorf("the public host was told: %v, want %v", asked, g.asked)
			}
		})
	}
}

// TestGuardMended wants the first fix of a leak to work: once fix -env has set
// what it offers, the go command no longer tells the public host either.
func TestGuardMended(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command some dozen times")
	}
	program, gocache := build(t), t.TempDir()
	mended := 0
	for _, g := range guardedWorlds() {
		// What the process sets cannot be mended by go env -w.
		if !strings.HasSuffix(g.code, "leak") || g.line != 0 || strings.Contains(g.env, "GOPRIVATE") || strings.Contains(g.env, "GONOPROXY") {
			continue
		}
		mended++
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			w := g.world(t)
			w.env = append(w.env, "GOCACHE="+gocache)
			cmd := exec.CommandContext(t.Context(), program, "fix", "-env")
			cmd.Dir = w.dir
			cmd.Env = slices.Concat([]string{"PATH=" + os.Getenv("PATH"), "GOMODCACHE=" + w.cache}, hermetic(w.home), w.env)
			said, _ := cmd.CombinedOutput() // its exit code is about what is left
			path, _, _ := strings.Cut(w.mod, "@")
			if g.name == "guard-replaced" {
				path = "git.corp.example/fork"
			}
			before := len(w.a.Requests())
			w.askGo(g.scenario)
			for _, r := range w.a.Requests()[before:] {
				if strings.Contains(squash(r.URI), "/"+squash(path)) {
					t.Errorf("go told the public host: %s\nfix said: %s", r.URI, said)
				}
			}
		})
	}
	if mended == 0 {
		t.Error("nothing was mended")
	}
}
