package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/modreach/modreach/diagnostics"
)

// settledScenarios have settings that go puts up with and that do not do what
// they seem to: what is said of them must not change a verdict.
func settledScenarios() []scenario {
	const (
		a      = "example.com/a v1.0.0"
		goLine = "module example.org/main\n\ngo 1.21\n\n"
	)
	whole := []string{"mod", "download"}
	// broken keeps proxy A from serving the module, so that it is told where a
	// pattern leads.
	pattern := func(name, list string) scenario {
		return scenario{name: "pattern-" + name, env: "GOPROXY=$A\nGOPRIVATE=" + list, said: "ok"}
	}
	all := []scenario{
		pattern("scheme", "https://example.com"),
		pattern("port", "example.com:8443"),
		pattern("semicolon", "other.example;example.com"),
		pattern("blank", "other.example, example.com"),
		pattern("dots", "example.com/..."),
		pattern("capital", "Example.com"),
		pattern("glob", "example.com/[a"),
		pattern("many", "https://a.example,b.example:1,c.example/...,.d.example,e.example"),
		pattern("word", "off"),
		pattern("apex", "*.example.com"),
		{name: "pattern-in-file", env: "GOPROXY=$A", said: "ok", set: func(w *world) {
			w.setGoEnv("GOVCS=public:all\nGOPRIVATE=https://example.com\n")
		}},
		{name: "pattern-insecure", env: "GOPROXY=$A\nGOINSECURE=http://example.com", said: "ok"},
		{name: "pattern-govcs", env: "GOPROXY=$A\nGOVCS=https://example.com:git", said: "ok"},

		{name: "proxy-dead", env: "GOPROXY=$A,direct,$B", said: "ok"},
		{name: "proxy-word", env: "GOPROXY=$A,direct/", said: "ok"},
		{name: "proxy-empty", env: "GOPROXY=,$A|,$B", said: "ok"},
		{name: "proxy-login", env: "GOPROXY=http://user:secret@127.0.0.1:1|$A", said: "ok"},
		{name: "proxy-plain", env: "GOPROXY=$A,http://proxy.org", said: "ok"},

		{name: "shadowed", env: "GOPROXY=$A", said: "ok", set: func(w *world) {
			w.setGoEnv("GOPROXY=https://proxy.example\n")
		}},
		{name: "shadowed-by-the-same", env: "GOPROXY=off\nGOFLAGS=-modcacherw", set: func(w *world) {
			w.setGoEnv("GOPROXY=off\nGOFLAGS=-modcacherw\n")
		}},

		{name: "unknown-process", env: "GOPROXY=$A\nGONOSUMCHECK=1", said: "ok"},
		{name: "unknown-file", env: "GOPROXY=$A", said: "ok", set: func(w *world) { w.setGoEnv("GOPROXYS=off\n") }},
		{name: "unknown-line", env: "GOPROXY=$A", said: "ok", set: func(w *world) { w.setGoEnv("export GOPRIVATE=example.com\n") }},
		{name: "unknown-in-file", env: "GOPROXY=$A", said: "ok", set: func(w *world) { w.setGoEnv("GODEBUG=cmdgonetlimit=0\n") }},
		{name: "unknown-debug", env: "GOPROXY=$A\nGODEBUG=gomodulesync=1,netdns=1,x509ignoreCN=0,gctrace=0", said: "ok"},

		{
			name: "overbroad", env: "GOPROXY=$A\nGOSUMDB=sum.golang.org\nGOPRIVATE=github.com", said: "ok", mod: "github.com/one/a@v1.0.0",
			gomod: "module github.com/acme/main\n\ngo 1.21\n\nrequire (\n\tgithub.com/one/a v1.0.0\n\tgithub.com/two/b v1.0.0\n)\n", set: func(w *world) {
				for _, mod := range []string{"github.com/one/a", "github.com/two/b"} {
					w.b.Add(mod, "v1.0.0", "")
					w.warm(mod + "@v1.0.0")
				}
			},
		},

		{name: "replace-unused", env: "GOPROXY=$A", said: "ok", args: whole, gomod: goLine + "require example.com/a v1.0.0\n\nreplace example.com/b => example.com/fork v1.0.0\n", set: func(w *world) {
			w.write("go.sum", "example.org/other v1.0.0/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
		}},
		{name: "replace-unused-version", env: "GOPROXY=$A", said: "ok", args: whole, gomod: goLine + "require example.com/a v1.0.0\n\nreplace example.com/a v1.1.0 => ./none\n", set: func(w *world) {
			w.b.Add("example.com/a", "v1.0.0", "")
			w.warm("example.com/a@v1.0.0")
			w.write("go.sum", "example.org/other v1.0.0/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
		}},
	}
	for _, n := range []struct{ name, text string }{
		{"good", "machine proxy.corp.example login gopher password hunter2\n"},
		{"no-password", "machine a.example login gopher\nmachine proxy.corp.example login gopher password hunter2\n"},
		{"no-login", "machine proxy.corp.example password hunter2\n"},
		{"torn", "machine proxy.corp.example login\n  gopher password hunter2\n"},
		{"port", "machine proxy.corp.example:443 login gopher password hunter2\n"},
		{"ends", "default\nmachine proxy.corp.example login gopher password hunter2\n"},
	} {
		all = append(all, scenario{name: "netrc-" + n.name, env: "GOPROXY=$A", said: "ok", set: func(w *world) { w.netrc(n.text, 0o600) }})
	}
	all = append(all, scenario{name: "netrc-open", env: "GOPROXY=$A", said: "ok", set: func(w *world) {
		w.netrc("machine proxy.corp.example login gopher password hunter2\n", 0o644)
	}})
	for i := range all {
		all[i].name = "settled-" + all[i].name
	}
	return all
}

// setGoEnv writes the file of go env -w.
func (w *world) setGoEnv(text string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.home, "env"), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// netrc writes the netrc file.
func (w *world) netrc(text string, mode os.FileMode) {
	w.t.Helper()
	name := filepath.Join(w.home, ".netrc")
	err := os.WriteFile(name, []byte(text), 0o600)
	if err == nil {
		err = os.Chmod(name, mode)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// TestOracleNetrc wants nothing to be said of a netrc file that the go command
// finds its login in, and something of one where it does not because of how the
// entry is written.
func TestOracleNetrc(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command some twenty times")
	}
	told := []string{"netrc-without-port", "netrc-after-default-line", "netrc-unreadable", "netrc-elsewhere", "netrc-not-over-http"}
	program := build(t)
	for _, s := range netrcScenarios() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			w := s.world(t)
			goOK, said := w.askGo(s)
			var found []string
			for _, f := range w.check(program).Findings {
				if f.Code == string(diagnostics.Netrc) {
					found = append(found, f.Message)
				}
			}
			if goOK && len(found) > 0 {
				t.Errorf("go finds the login, and this says %q", found)
			}
			if want := slices.Contains(told, s.name); want && goOK || want != (len(found) > 0) {
				t.Errorf("found %q\ngo said: %s", found, said)
			}
		})
	}
}
