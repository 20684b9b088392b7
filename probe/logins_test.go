package probe_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/probe"
)

// program writes a shell script that first notes its arguments, a line for each
// run, and gives its name and what was noted so far.
func program(t *testing.T, text string) (name string, runs func() []string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("no shell scripts there")
	}
	dir := t.TempDir()
	name, notes := filepath.Join(dir, "helper"), filepath.Join(dir, "notes")
	text = fmt.Sprintf("#!/bin/sh\necho \"$*\" >>'%s'\n%s\n", notes, text)
	if err := os.WriteFile(name, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	return name, func() []string {
		noted, err := os.ReadFile(notes)
		if err != nil {
			return nil
		}
		return strings.Split(strings.TrimSuffix(string(noted), "\n"), "\n")
	}
}

// giving is a script that prints a login for a proxy.
func giving(s *fakenet.Proxy) string {
	return "printf 'https://%s\\n\\nAuthorization: Basic dXNlcjpzZWNyZXQ=\\n\\n' '" + s.Host() + "'"
}

// TestCommandTurns is about when the user's own program is run: it may do
// anything.
func TestCommandTurns(t *testing.T) {
	tests := []struct {
		name   string
		scheme fakenet.Scheme
		fault  fakenet.Fault
		env    []string
		set    func(*probe.Options)
		// runs are the arguments of each run, with URL for the proxy's address.
		runs []string
	}{
		{"before the first request", fakenet.HTTPS, nil, nil, nil, []string{""}},
		{"again for each refusal", fakenet.HTTPS, fakenet.Status(404, ""), nil, nil, []string{"", "URL/corp.example/a/@v/v1.0.0.info", "URL/corp.example/a/@v/list"}},
		{"not again where the login serves", fakenet.HTTPS, demandLogin, nil, nil, []string{""}},
		{"not again for other errors", fakenet.HTTPS, fakenet.Status(500, ""), nil, nil, []string{""}},
		{"not over http", fakenet.HTTP, fakenet.Status(401, ""), nil, nil, nil},
		{"not offline", fakenet.HTTPS, nil, nil, func(o *probe.Options) { o.Offline = true }, nil},
		{"not where go has no network", fakenet.HTTPS, nil, []string{"GODEBUG=cmdgonetlimit=0"}, nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := fakenet.New(t)
			s := newProxy(n, test.scheme)
			s.On("*", test.fault)
			name, runs := program(t, giving(s))
			o := probe.Options{Env: settings(append(test.env, "GOAUTH="+name)...)}
			if test.set != nil {
				test.set(&o)
			}
			p := newProber(t, n, o)
			ask(t, p, question(hopTo(t, s.URL()), probe.Info))
			ask(t, p, question(hopTo(t, s.URL()), probe.List))
			var got []string
			for _, args := range runs() {
				got = append(got, strings.ReplaceAll(args, s.URL(), "URL"))
			}
			if diff := cmp.Diff(test.runs, got); diff != "" {
				t.Errorf("runs (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("not by a knock", func(t *testing.T) {
		n := fakenet.New(t)
		s := newProxy(n, fakenet.HTTPS)
		name, runs := program(t, giving(s))
		p := newProber(t, n, probe.Options{Env: settings("GOAUTH=" + name)})
		if f := p.Knock(t.Context(), hopTo(t, s.URL()), probe.FirstLook); f != nil || runs() != nil {
			t.Errorf("fault %+v, runs %q", f, runs())
		}
	})
	t.Run("once for many", func(t *testing.T) {
		n := fakenet.New(t)
		s := newProxy(n, fakenet.HTTPS)
		name, runs := program(t, giving(s))
		p := newProber(t, n, probe.Options{Env: settings("GOAUTH=" + name)})
		t.Run("at once", func(t *testing.T) {
			for i := range 8 {
				t.Run(fmt.Sprint(i), func(t *testing.T) {
					t.Parallel()
					ask(t, p, question(hopTo(t, s.URL()), probe.Info))
				})
			}
		})
		if got := runs(); len(got) != 1 {
			t.Errorf("%d runs", len(got))
		}
	})
}

// TestLoginNamed is about what is told of credentials: where they are from,
// and what became of them.
func TestLoginNamed(t *testing.T) {
	home := t.TempDir()
	git := func(t *testing.T, helper string) []string {
		config := filepath.Join(t.TempDir(), "config")
		text := fmt.Sprintf("[credential]\n\thelper = \"!f() { %s; }; f\"\n", helper)
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return []string{"GOAUTH=git " + home, "GIT_CONFIG_GLOBAL=" + config, "GIT_CONFIG_NOSYSTEM=1", "PATH=" + os.Getenv("PATH"), "HOME=" + home}
	}
	netrc := func(t *testing.T, text string) []string {
		file := filepath.Join(t.TempDir(), "netrc")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return []string{"NETRC=" + file}
	}
	command := func(t *testing.T, text string) []string {
		name, _ := program(t, text)
		return []string{"GOAUTH=" + name + " --token=hunter22"}
	}
	tests := []struct {
		name string
		env  func(t *testing.T, s *fakenet.Proxy) []string
		user string
		// login, and tried if the proxy refuses; HOST is the proxy's, HELPER the
		// script, DIR the directory of git.
		login, tried string
	}{
		{"netrc", func(t *testing.T, s *fakenet.Proxy) []string {
			return netrc(t, "machine "+s.Host()+" login user password secret")
		}, "", "netrc machine HOST", "the login of netrc machine HOST was refused"},
		{"netrc with a path", func(t *testing.T, s *fakenet.Proxy) []string {
			return netrc(t, "machine "+s.Host()+"/corp.example login user password secret")
		}, "", "netrc machine HOST/corp.example", "the login of netrc machine HOST/corp.example was refused"},
		{"no entry", func(t *testing.T, _ *fakenet.Proxy) []string {
			return netrc(t, "machine other.test login u password p")
		}, "", "", "netrc has no entry for HOST"},
		{"no netrc", func(t *testing.T, _ *fakenet.Proxy) []string { return []string{"NETRC=" + home} }, "", "", "netrc cannot be read"},
		{"off", func(*testing.T, *fakenet.Proxy) []string { return []string{"GOAUTH=off"} }, "", "", "GOAUTH is off"},
		{"in the address", func(*testing.T, *fakenet.Proxy) []string { return []string{"GOAUTH=off"} }, "user:secret@", "user in the address", "the login in its address was refused"},
		{"command", func(t *testing.T, s *fakenet.Proxy) []string { return command(t, giving(s)) }, "", "GOAUTH command HELPER", "the login of GOAUTH command HELPER was refused"},
		{"failing command", func(t *testing.T, s *fakenet.Proxy) []string { return command(t, giving(s)+"; exit 1") }, "", "", "GOAUTH command HELPER failed"},
		{"silent command", func(t *testing.T, _ *fakenet.Proxy) []string { return command(t, "") }, "", "", "GOAUTH command HELPER gave no login"},
		{"chattering command", func(t *testing.T, _ *fakenet.Proxy) []string { return command(t, "echo hello") }, "", "", "GOAUTH command HELPER printed what go cannot read"},
		{"no such command", func(t *testing.T, _ *fakenet.Proxy) []string {
			return []string{"GOAUTH=netrc; no-such-command", "NETRC=" + filepath.Join(home, "none")}
		}, "", "", "netrc has no entry for HOST, GOAUTH command no-such-command cannot be run"},
		{"git", func(t *testing.T, _ *fakenet.Proxy) []string {
			return git(t, "echo username=user; echo password=secret")
		}, "", "GOAUTH git DIR", "the login of GOAUTH git DIR was refused"},
		{"git that has none", func(t *testing.T, _ *fakenet.Proxy) []string { return git(t, "exit 1") }, "", "", "GOAUTH git DIR failed"},
		{"git of another host", func(t *testing.T, _ *fakenet.Proxy) []string {
			return git(t, "echo host=other.test; echo username=user; echo password=secret")
		}, "", "", "GOAUTH git DIR has a login for another address"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := fakenet.New(t)
			s := newProxy(n, fakenet.HTTPS)
			env := test.env(t, s)
			fill := strings.NewReplacer("HOST", s.Host(), "HELPER", helperIn(env), "DIR", home)
			hop := hopTo(t, strings.Replace(s.URL(), "://", "://"+test.user, 1))

			s.On("*", fakenet.Status(401, "no"))
			ans := ask(t, newProber(t, n, probe.Options{Env: settings(env...)}), question(hop, probe.Info))
			if ans.Fault == nil || ans.Fault.Tried != fill.Replace(test.tried) {
				t.Errorf("refused: %+v", ans.Fault)
			}
			if ans.Login != fill.Replace(test.login) {
				t.Errorf("login %q", ans.Login)
			}
			if test.login == "" {
				return
			}
			s.On("*", demandLogin)
			ans = ask(t, newProber(t, n, probe.Options{Env: settings(env...)}), question(hop, probe.Info))
			if ans.Outcome != probe.OK || ans.Login != fill.Replace(test.login) {
				t.Errorf("outcome %d, login %q: %+v", ans.Outcome, ans.Login, ans.Fault)
			}
		})
	}
	t.Run("over http", func(t *testing.T) {
		n := fakenet.New(t)
		s := newProxy(n, fakenet.HTTP)
		s.On("*", fakenet.Status(401, "no"))
		ans := ask(t, newProber(t, n, probe.Options{}), question(hopTo(t, s.URL()), probe.Info))
		if want := "go shows credentials over https only"; ans.Fault == nil || ans.Fault.Tried != want {
			t.Errorf("%+v", ans.Fault)
		}
	})
}

// helperIn finds the command that GOAUTH names.
func helperIn(env []string) string {
	for _, v := range env {
		if value, ok := strings.CutPrefix(v, "GOAUTH="); ok {
			name, _, _ := strings.Cut(value, " ")
			return name
		}
	}
	return ""
}

// TestAskpassUnknown is about a program that would ask a person: it is not run,
// so that nobody can know.
func TestAskpassUnknown(t *testing.T) {
	n := fakenet.New(t)
	s := newProxy(n, fakenet.HTTPS)
	s.On("*", demandLogin)
	name, runs := program(t, "echo secret")
	p := newProber(t, n, probe.Options{Env: settings("GOAUTH=git "+t.TempDir(), "GIT_ASKPASS="+name, "PATH="+os.Getenv("PATH"), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")})
	ans := ask(t, p, question(hopTo(t, s.URL()), probe.Info))
	if ans.Outcome != probe.Unsure || !strings.Contains(ans.Text, "helper, which is not run here") {
		t.Errorf("outcome %d, text %q", ans.Outcome, ans.Text)
	}
	if got := runs(); got != nil {
		t.Errorf("it was run: %q", got)
	}
}
