package probe_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// acme is the module in the tests of git: its repository is known without a
// page.
const acme = "github.com/acme/x"

// gitSettings is an environment for git whose configuration is text.
func gitSettings(t *testing.T, text string, vars ...string) route.Env {
	t.Helper()
	file := filepath.Join(t.TempDir(), "gitconfig")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	path := "PATH=" + os.Getenv("PATH")
	if i := slices.IndexFunc(vars, func(v string) bool { return strings.HasPrefix(v, "PATH=") }); i >= 0 {
		path = vars[i]
	}
	return settings(append([]string{
		path, "HOME=" + t.TempDir(), "GOMODCACHE=" + t.TempDir(),
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + file,
	}, vars...)...)
}

// insteadOf leads the repositories of acme elsewhere.
func insteadOf(base string) string {
	return "[url \"" + base + "\"]\n\tinsteadOf = https://github.com/acme/x\n"
}

// askAcme asks the repository of acme for artefacts of a version, and gives the
// last answer.
func askAcme(t *testing.T, env route.Env, version string, artefacts ...probe.Artefact) probe.Answer {
	t.Helper()
	p := probe.New(probe.Options{Env: env})
	t.Cleanup(p.Close)
	answers := p.Ask(t.Context(), probe.Question{
		Hop: route.Hop{Kind: route.Direct}, Mod: module.Version{Path: acme, Version: version},
		Artefacts: artefacts, Patience: probe.FirstLook,
	})
	return answers[len(answers)-1]
}

// gitProducers are what git and ssh report.
func gitProducers() []producer {
	at := func(name string, want verdict, set func(t *testing.T) (env route.Env, host string)) producer {
		return producer{name, want, func(t *testing.T) (*probe.Fault, string) {
			env, host := set(t)
			return askAcme(t, env, "v1.0.0", probe.Info).Fault, host
		}}
	}
	vcs := func(c probe.Cause) verdict { return verdict{Cause: c, Phase: probe.VCS} }
	ssh := func(name, says string, want verdict) producer {
		return at("ssh: "+name, want, func(t *testing.T) (route.Env, string) {
			host := "git.corp.example:22"
			if want.Cause == probe.NameNotFound {
				host = "git.corp.example"
			}
			return gitSettings(t, insteadOf("ssh://git@git.corp.example/x"), fakenet.SSH(t, says)...), host
		})
	}
	status := func(name string, code int, want verdict) producer {
		return at("git over http: "+name, want, func(t *testing.T) (route.Env, string) {
			s := newProxy(fakenet.New(t), fakenet.HTTP)
			s.On("*", fakenet.Status(code, "no"))
			return gitSettings(t, insteadOf(s.URL()+"/x")), s.Host()
		})
	}
	with := func(v verdict, status int) verdict { v.Status = status; return v }
	return []producer{
		at("git is not installed", vcs(probe.VCSMissing), func(t *testing.T) (route.Env, string) {
			return gitSettings(t, "", "PATH="+t.TempDir()), ""
		}),
		at("a forge wants a login", vcs(probe.VCSAuth), func(t *testing.T) (route.Env, string) {
			s := newProxy(fakenet.New(t), fakenet.HTTP)
			s.On("*", fakenet.Login("gopher", "secret"))
			return gitSettings(t, insteadOf(s.URL()+"/x")), s.Host()
		}),
		status("forbidden", http.StatusForbidden, with(vcs(probe.VCSAuth), 403)),
		status("no such repository", http.StatusNotFound, vcs(probe.NotFound)),
		status("server error", http.StatusInternalServerError, with(vcs(probe.ServerError), 500)),
		ssh("denied", fakenet.SSHDenied, vcs(probe.VCSAuth)),
		ssh("unknown key", fakenet.SSHUnknownKey, vcs(probe.VCSHostKey)),
		ssh("changed key", fakenet.SSHChangedKey, vcs(probe.VCSHostKey)),
		ssh("refused", fakenet.SSHRefused, verdict{Cause: probe.Refused, Phase: probe.Connect, HostLevel: true}),
		ssh("timeout", fakenet.SSHTimeout, verdict{Cause: probe.ConnectTimeout, Phase: probe.Connect, HostLevel: true}),
		ssh("no such host", fakenet.SSHNoHost, verdict{Cause: probe.NameNotFound, Phase: probe.Resolve, HostLevel: true}),
		ssh("closed", fakenet.SSHClosed, verdict{Cause: probe.Reset, Phase: probe.Request, HostLevel: true}),
		at("git refuses the protocol", vcs(probe.VCSDisallowed), func(t *testing.T) (route.Env, string) {
			return gitSettings(t, insteadOf("http://git.corp.example/x"), "GIT_ALLOW_PROTOCOL=https"), "git.corp.example:80"
		}),
		at("no such tag", vcs(probe.NoRevision), func(t *testing.T) (route.Env, string) {
			repo := fakenet.NewRepo(t)
			repo.Commit(map[string]string{"go.mod": "module " + acme + "\n"})
			repo.Tag("v1.1.0")
			return gitSettings(t, insteadOf(repo.URL())), "github.com:443"
		}),
		at("no such repository on disk", vcs(probe.NotFound), func(t *testing.T) (route.Env, string) {
			return gitSettings(t, insteadOf("file:///no/such/repository")), ""
		}),
	}
}

// TestOddGit has a git that does not do what git does. Whatever it is, the
// question ends at its deadline.
func TestOddGit(t *testing.T) {
	for _, test := range []struct {
		name, script string
		want         probe.Outcome
		cause        probe.Cause
	}{
		{"hangs", "sleep 1000", probe.Failed, probe.NoAnswer},
		{"hangs in a child", "sleep 1000 & wait", probe.Failed, probe.NoAnswer},
		{"asks at the terminal", "read answer </dev/tty && sleep 1000\necho 'fatal: could not read Username' >&2; exit 128", probe.Failed, probe.VCSAuth},
		{"asks at its input", "read answer && sleep 1000\necho 'fatal: could not read Username' >&2; exit 128", probe.Failed, probe.VCSAuth},
		{"floods", "while :; do printf '%8000s\\n' refs; done", probe.Unsure, probe.BadAnswer},
		{"leaves a child", "sleep 1000 &\necho 0123456789012345678901234567890123456789 refs/tags/v1.0.0", probe.OK, probe.NoCause},
		{"prints nonsense", "echo; echo a b c; echo x refs/pull/1; printf '\\0\\0\\n'", probe.Miss, probe.NoRevision},
		{"dies", "kill -9 $$", probe.Failed, probe.BadAnswer},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "git")
			if err := os.WriteFile(file, []byte("#!/bin/sh\n"+test.script+"\n"), 0o700); err != nil {
				t.Fatal(err)
			}
			env := gitSettings(t, "", "PATH="+dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
			p := probe.New(probe.Options{Env: env})
			t.Cleanup(p.Close)
			patience := probe.Patience{Connect: 300 * time.Millisecond}
			if test.want == probe.Unsure || test.cause != probe.NoAnswer {
				patience.Connect = time.Minute // it has to end by itself
			}
			ans := p.Ask(t.Context(), probe.Question{
				Hop: route.Hop{Kind: route.Direct}, Mod: module.Version{Path: acme, Version: "v1.0.0"},
				Artefacts: []probe.Artefact{probe.Info}, Patience: patience,
			})[0]
			cause := probe.NoCause
			if ans.Fault != nil {
				cause = ans.Fault.Cause
			}
			if ans.Outcome != test.want || cause != test.cause {
				t.Errorf("outcome %d, cause %d, text %q; want outcome %d, cause %d", ans.Outcome, cause, ans.Text, test.want, test.cause)
			}
			if cause == probe.NoAnswer && (!ans.Fault.HostLevel() || ans.Fault.Host != "github.com:443") {
				t.Errorf("silence is that of %q, of the whole host %v; want all of github.com:443", ans.Fault.Host, ans.Fault.HostLevel())
			}
		})
	}
}

// TestAnotherWayIn has logins that only a person could give: at a terminal, or
// to a program that asks. Nobody knows then what go would get.
func TestAnotherWayIn(t *testing.T) {
	locked := func(t *testing.T) string {
		s := newProxy(fakenet.New(t), fakenet.HTTP)
		s.On("*", fakenet.Login("gopher", "secret"))
		return insteadOf(s.URL() + "/x")
	}
	for _, test := range []struct {
		name string
		env  func(t *testing.T) route.Env
		want string
	}{
		{"GIT_ASKPASS, as editors set it", func(t *testing.T) route.Env {
			return gitSettings(t, locked(t), "GIT_ASKPASS=/opt/editor/askpass.sh")
		}, "through GIT_ASKPASS, which a check must not"},
		{"core.askPass", func(t *testing.T) route.Env {
			return gitSettings(t, locked(t)+"[core]\n\taskPass = /opt/askpass.sh\n")
		}, "through core.askPass, which a check must not"},
		{"a passphrase", func(t *testing.T) route.Env {
			home := t.TempDir()
			err := os.Mkdir(filepath.Join(home, ".ssh"), 0o700)
			if err == nil {
				err = os.WriteFile(filepath.Join(home, ".ssh", "id_work"), []byte("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			config := filepath.Join(home, ".gitconfig")
			if err := os.WriteFile(config, []byte(insteadOf("ssh://git@git.corp.example/x")), 0o600); err != nil {
				t.Fatal(err)
			}
			return settings(append(fakenet.SSH(t, fakenet.SSHDenied), "HOME="+home, "GOMODCACHE="+t.TempDir(),
				"PATH="+os.Getenv("PATH"), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+config)...)
		}, "the passphrase of ~/.ssh/id_work, which a check must not"},
	} {
		t.Run(test.name, func(t *testing.T) {
			ans := askAcme(t, test.env(t), "v1.0.0", probe.Info)
			if ans.Outcome != probe.Unsure || !strings.Contains(ans.Text, test.want) || ans.Fault == nil || ans.Fault.Cause != probe.VCSAuth {
				t.Errorf("outcome %d, text %q, fault %v; want unsure, %q", ans.Outcome, ans.Text, ans.Fault, test.want)
			}
		})
	}
}
