package diagnostics_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// around makes the surroundings of a go.mod of acme's with some require lines.
// Each setting begins with "user", "process" or "workspace".
func around(settings string, requires ...string) diagnostics.Surroundings {
	text := "module github.com/acme/app\n\ngo 1.21\n\n"
	for _, path := range requires {
		text += "require " + path + " v1.0.0\n"
	}
	sources := route.Sources{
		OS: "linux", Home: "/home/gopher", UserPath: "/home/gopher/.config/go/env", GOROOT: "/goroot",
		GOROOTFile: []byte("GOPROXY=https://proxy.example,direct\nGOSUMDB=sum.golang.org\n"), Workspace: map[string]string{},
	}
	for line := range strings.Lines(settings) {
		where, setting, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		name, value, _ := strings.Cut(setting, "=")
		switch where {
		case "user":
			sources.UserFile = append(sources.UserFile, setting+"\n"...)
		case "process":
			sources.Process = append(sources.Process, setting)
		case "workspace":
			sources.Workspace[name] = value
		}
	}
	return diagnostics.Surroundings{
		Env: route.ParseEnv(sources), Module: route.Module{Dir: "/src/app", File: gomod.Parse([]byte(text))},
		Machine: probe.Machine{Variables: strings.Fields("GOAUTH GOFLAGS GOINSECURE GONOPROXY GONOSUMDB GOOS GOPRIVATE GOPROXY GOSUMDB GOVCS"), Debug: []string{"netdns", "gctrace"}},
	}
}

func TestSurroundings(t *testing.T) {
	const tools, own, corp = "golang.org/x/tools", "github.com/acme/lib", "git.corp.example/lib"
	strangers := []string{"github.com/one/a", "github.com/two/b", own, corp}
	tests := []struct {
		name, settings string
		requires       []string
		// want has for each finding its severity and code, and parts of the
		// message, all separated by " | ".
		want []string
		// instead is what would mend the first one.
		instead string
	}{
		{name: "nothing set", requires: strangers},
		{name: "as it should be", settings: "user GOPRIVATE=github.com/acme,*.corp.example\nuser GOPROXY=https://a.example|https://b.example,direct\nuser GOFLAGS=-mod=mod\n", requires: strangers},
		{name: "off on purpose", settings: "process GOPROXY=off\nprocess GOSUMDB=off\nprocess GOFLAGS=\n", requires: strangers},
		{name: "direct on purpose", settings: "user GOPROXY=direct\nuser GONOPROXY=none\n", requires: strangers},
		{name: "a list that cannot be used is for the lines", settings: "process GOPROXY=direct/,none,,x\n"},
		{name: "another variable of the go command", settings: "user GOOS=linux\nprocess GOOS=windows\n"},

		{name: "scheme in the file", settings: "user GOFLAGS=-mod=mod\nuser GOPRIVATE=https://git.corp.example\n", want: []string{
			`warning env-pattern | GOPRIVATE, set in /home/gopher/.config/go/env:2, | "https://git.corp.example" never matches, because a module path has no scheme. Correct it: go env -w GOPRIVATE=git.corp.example.`,
		}, instead: "git.corp.example"},
		{name: "scheme in the process", settings: "process GONOSUMDB=https://git.corp.example\n", want: []string{
			"warning env-pattern | GONOSUMDB, set in the environment of the process, | Set GONOSUMDB=git.corp.example there.",
		}, instead: "git.corp.example"},
		{name: "scheme in the editor", settings: "workspace GONOPROXY=https://git.corp.example\n", want: []string{
			"warning env-pattern | GONOPROXY, set in the editor's settings (modreach.env), | Set GONOPROXY=git.corp.example there.",
		}, instead: "git.corp.example"},
		{name: "a wildcard is quoted for the shell", settings: "user GOPRIVATE=*.corp.example, github.com/acme\n", want: []string{
			"warning env-pattern | go env -w 'GOPRIVATE=*.corp.example,github.com/acme'.",
		}, instead: "*.corp.example,github.com/acme"},
		{name: "a login is not shown", settings: "user GOPRIVATE=https://gopher:hunter2@git.corp.example\n", want: []string{
			`warning env-pattern | "https://gopher:xxxxx@git.corp.example"`,
		}, instead: "git.corp.example"},
		{name: "nobody knows what was meant", settings: "user GOPRIVATE=!github.com/x\n", want: []string{"warning env-pattern | Correct it there."}},
		{name: "a word that covers nothing", settings: "user GONOSUMDB=off\n", want: []string{"info env-pattern | \"off\" never matches"}},
		{name: "what is no secret", settings: "user GOINSECURE=http://a.example\nuser GOVCS=b.example:8443:git\n", want: []string{
			"info env-pattern | GOINSECURE", "info env-pattern | GOVCS | has no port | Correct it there.",
		}},
		{name: "a malformed GOVCS is for the lines", settings: "user GOVCS=https\n"},
		{name: "apex", settings: "user GOPRIVATE=*.corp.example\n", requires: []string{"corp.example/a", "git.corp.example/b"}, want: []string{
			`info env-pattern | "*.corp.example" does not cover corp.example/a, for which it takes corp.example. | go env -w 'GOPRIVATE=*.corp.example,corp.example'.`,
		}, instead: "*.corp.example,corp.example"},
		{name: "apex that another entry covers", settings: "user GOPRIVATE=*.corp.example,corp.example\n", requires: []string{"corp.example/a"}},
		{name: "below", settings: "user GOPRIVATE=corp.example\n", requires: []string{"git.corp.example/a", "git.corp.example/b"}, want: []string{
			`info env-pattern | "corp.example" does not cover 2 modules here (git.corp.example/a, git.corp.example/b), for which it takes *.corp.example.`,
		}, instead: "corp.example,*.corp.example"},
		{name: "beside", settings: "user GOPRIVATE=git.corp.example\n", requires: []string{"corp.example/a"}},

		{name: "dead entries", settings: "user GOPROXY=https://a.example,direct,https://u:hunter2@b.example\n", want: []string{
			`info env-proxy | GOPROXY, set in /home/gopher/.config/go/env:1, has "https://u:xxxxx@b.example": go never comes to what stands behind direct. Correct it: go env -w GOPROXY=https://a.example,direct.`,
		}, instead: "https://a.example,direct"},
		{name: "a slash too many", settings: "process GOPROXY=https://a.example,direct/\n", want: []string{
			`warning env-proxy | "direct/": it is taken for a host of that name. Set GOPROXY=https://a.example,direct there.`,
		}, instead: "https://a.example,direct"},
		{name: "plain http with a login", settings: "process GOPROXY=http://u:hunter2@a.example,direct/\n", want: []string{
			`warning env-proxy | "http://u:xxxxx@a.example": go refuses | Correct it there.`, "warning env-proxy | direct/",
		}, instead: "http://u:hunter2@a.example,direct"},

		{name: "hidden by the process", settings: "user GOPROXY=https://u:hunter2@a.example\nprocess GOPROXY=direct\n", want: []string{
			"warning env-shadowed | GOPROXY=https://u:xxxxx@a.example in /home/gopher/.config/go/env:1 has no effect: the environment of the process has GOPROXY=direct, which goes first. | go env -u GOPROXY",
		}},
		{name: "hidden by the editor", settings: "user GOPRIVATE=a.example\nworkspace GOPRIVATE=b.example\nprocess GOPRIVATE=c.example\n", want: []string{
			"warning env-shadowed | the editor's settings (modreach.env) has GOPRIVATE=b.example",
		}},
		{name: "hidden by the same", settings: "user GOPROXY=direct\nprocess GOPROXY=direct\n"},
		{name: "an empty variable hides nothing", settings: "user GOPROXY=direct\nprocess GOPROXY=\n"},
		{name: "an argument of GOAUTH is not shown", settings: "user GOAUTH=helper hunter2\nprocess GOAUTH=netrc\n", want: []string{"warning env-shadowed | GOAUTH=helper ... in"}},

		{name: "not a variable", settings: "process GONOSUMCHECK=1\nprocess GOPROXIES=x\n", want: []string{
			"info env-unknown | GONOSUMCHECK, set in the environment of the process, has no effect: | What you look for is GONOSUMDB.", "info env-unknown | GOPROXIES | GOPROXY.",
		}},
		{name: "not a variable in the file", settings: "user GOPROXYS=x\nuser GOSUMCHECK=off\nuser Token hunter2=x\nuser PASSWORD:hunter2=x\n", want: []string{
			"info env-unknown | GOPROXYS, set in /home/gopher/.config/go/env:1, | Check the name", "info env-unknown | GOSUMDB.",
		}},
		{name: "a variable of the process", settings: "user HTTPS_PROXY=http://a.example\nuser NETRC=/x\nuser GIT_SSH=ssh\n", want: []string{
			"info env-unknown | GIT_SSH", "info env-unknown | HTTPS_PROXY, set in /home/gopher/.config/go/env:1, has no effect: the go command reads it from the environment alone", "info env-unknown | NETRC",
		}},
		{name: "lines that go passes by", settings: "user export GOPROXY=https://u:hunter2@a.example\nuser  GOSUMDB=off\nuser # GOFLAGS=-x\nuser export PATH=x\nuser GOFLAGS =x\n", want: []string{
			"info env-unknown | GOFLAGS , set in | :5", "info env-unknown | GOPROXY, set in /home/gopher/.config/go/env:1, has no effect: go passes by a line", "info env-unknown | GOSUMDB | env:2",
		}},
		{name: "debug keys", settings: "process GODEBUG=gctrace=1,gomodulesync=1,cpu.avx=off, x509ignoreCN=0,netdns=1\n", want: []string{
			"info env-unknown | GODEBUG, set in the environment of the process, has no effect: this Go has no setting named gomodulesync, x509ignoreCN.",
		}},

		{name: "a whole forge", settings: "user GOPRIVATE=github.com,git.corp.example\n", requires: strangers, want: []string{
			"warning overbroad-private | GOPRIVATE, set in /home/gopher/.config/go/env:1, has github.com, | 2 modules here (github.com/one/a, github.com/two/b). They are fetched from their repositories one by one, and their hashes are looked up nowhere. Correct it: go env -w GOPRIVATE=github.com/acme,git.corp.example.",
		}, instead: "github.com/acme,git.corp.example"},
		{name: "everything", settings: "process GOPRIVATE=*\n", requires: strangers, want: []string{
			"warning overbroad-private | has *, | Set GOPRIVATE=git.corp.example,github.com/acme there.",
		}, instead: "git.corp.example,github.com/acme"},
		{name: "a host of which nothing is known may be private", settings: "process GOPRIVATE=*\n", requires: []string{"git.acme.dev/team/x", "go.uber.org/zap", "github.com/one/a"}, want: []string{
			"warning overbroad-private | 2 modules here (go.uber.org/zap, github.com/one/a). | Set GOPRIVATE=git.acme.dev,github.com/acme there.",
		}, instead: "git.acme.dev,github.com/acme"},
		{name: "a top-level name", settings: "user GOPRIVATE=*.com\n", requires: strangers, want: []string{"warning overbroad-private | has *.com, | GOPRIVATE=github.com/acme"}, instead: "github.com/acme"},
		{name: "checks alone", settings: "process GONOSUMDB=github.com/*\n", requires: strangers, want: []string{
			"warning overbroad-private | GONOSUMDB | ). Their hashes are looked up nowhere.",
		}, instead: "github.com/acme"},
		{name: "mirrors alone", settings: "process GONOPROXY=*/*\n", requires: strangers, want: []string{
			"warning overbroad-private | GONOPROXY | ). They are fetched from their repositories one by one.",
		}, instead: "git.corp.example,github.com/acme"},
		{name: "a host that is public", settings: "user GOPRIVATE=golang.org\n", requires: []string{tools}, want: []string{
			"warning overbroad-private | golang.org/x/tools. | Take it back: go env -u GOPRIVATE.",
		}},
		{name: "one stranger may be a friend", settings: "user GOPRIVATE=github.com\n", requires: []string{"github.com/one/a", "github.com/one/b", own}},
		{name: "an owner", settings: "user GOPRIVATE=github.com/one\n", requires: strangers},
		{name: "a company", settings: "user GOPRIVATE=*.corp.example\n", requires: []string{"git.corp.example/a", "hg.corp.example/b"}},
		{name: "nothing to lose", settings: "process GOPROXY=direct\nprocess GOSUMDB=off\nprocess GOPRIVATE=*\n", requires: strangers},
		{name: "many", settings: "user GOPRIVATE=github.com\n", requires: []string{"github.com/a/a", "github.com/b/a", "github.com/c/a", "github.com/d/a"}, want: []string{
			"warning overbroad-private | 4 modules here (github.com/a/a, github.com/b/a, github.com/c/a, and 1 more).",
		}, instead: "github.com/acme"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found := around(tt.settings, tt.requires...).Findings(diagnostics.English)
			matches(t, found, tt.want)
			if len(found) > 0 {
				if diff := cmp.Diff(tt.instead, found[0].Instead); diff != "" {
					t.Errorf("what would mend it (-want +got):\n%s", diff)
				}
			}
			for _, f := range found {
				if strings.Contains(f.Message(), "hunter2") || strings.ContainsAny(strings.ReplaceAll(f.Message(), "{a,b}", ""), "{}") {
					t.Errorf("it says %s", f.Message())
				}
			}
		})
	}
}

// matches wants findings of some severities and codes whose messages have some
// parts in order, all separated by " | ".
func matches(t *testing.T, found []diagnostics.Finding, want []string) {
	t.Helper()
	var got []string
	for _, f := range found {
		got = append(got, fmt.Sprintf("%v %s | %s", f.Severity, f.Code, f.Message()))
	}
	if len(got) != len(want) {
		t.Fatalf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for i, parts := range want {
		rest := got[i]
		for part := range strings.SplitSeq(parts, " | ") {
			_, after, ok := strings.Cut(rest, part)
			if !ok {
				t.Errorf("found\n%s\nwant\n%s", got[i], parts)
				break
			}
			rest = after
		}
	}
}

func TestNetrc(t *testing.T) {
	const path = "/home/gopher/.netrc"
	tests := []struct {
		name, settings string
		netrc          probe.NetrcFile
		want           []string
	}{
		{name: "good", netrc: probe.NetrcFile{Machines: []probe.NetrcMachine{{Name: "a.example", Line: 1}}}},
		{name: "unreadable", netrc: probe.NetrcFile{Unread: "permission denied", Mode: 0o644}, want: []string{"warning netrc | cannot read " + path + " (permission denied), and sends none of its logins."}},
		{name: "open", netrc: probe.NetrcFile{Mode: 0o640}, want: []string{"warning netrc | " + path + " (mode 0640). | chmod 600 " + path + "."}},
		{name: "lacks", netrc: probe.NetrcFile{Machines: []probe.NetrcMachine{{Name: "a.example", Line: 1, NoLogin: true}, {Name: "b.example", Line: 2, NoPassword: true}, {Name: "c.example/x", Line: 3, NoLogin: true, NoPassword: true}}}, want: []string{
			"warning netrc | " + path + ":1 does not count: machine a.example has no login.", "warning netrc | :2 does not count: machine b.example has no password.", "warning netrc | :3 | machine c.example/x has no login and no password.",
		}},
		{name: "torn", netrc: probe.NetrcFile{Machines: []probe.NetrcMachine{{Line: 7, NoLogin: true, NoPassword: true, Broken: 7}, {Name: "a.example", Line: 8, NoPassword: true, Broken: 9}}}, want: []string{
			"warning netrc | :7 does not count: the word machine has no name", "warning netrc | :8 does not count: line 9 ends with a word",
		}},
		{name: "ends", netrc: probe.NetrcFile{Ends: 3}, want: []string{"warning netrc | " + path + ":3 is a lone \"default\""}},
		{name: "what looks like no machine is not shown", netrc: probe.NetrcFile{Machines: []probe.NetrcMachine{{Name: "hunter2", Line: 1, NoLogin: true}, {Name: "hunter2.!", Line: 2, NoLogin: true}}}, want: []string{"warning netrc | :1 does not count: a machine has no login.", "warning netrc | :2 | a machine"}},
		{name: "a port nobody asks at", netrc: probe.NetrcFile{Machines: []probe.NetrcMachine{{Name: "a.example:443", Line: 1}}}, want: []string{"info netrc | :1 is for machine a.example:443, and no address in GOPROXY or GOSUMDB has that port. | machine a.example."}},
		{name: "a port over http", settings: "process GOPROXY=http://a.example:8080\n", netrc: probe.NetrcFile{Machines: []probe.NetrcMachine{{Name: "a.example:8080", Line: 1}}}, want: []string{"warning netrc | :1 is for machine a.example:8080, which GOPROXY names with http"}},
		{name: "what looks like a login is not shown", netrc: probe.NetrcFile{Machines: []probe.NetrcMachine{{Name: "gopher:hunter2@a.example", Line: 1}}}},
		{name: "the port of a proxy", settings: "process GOPROXY=https://a.example:8443/go,direct\n", netrc: probe.NetrcFile{Machines: []probe.NetrcMachine{{Name: "a.example:8443", Line: 1}}}},
		{name: "the port of a database", settings: "process GOSUMDB=sum.golang.org https://a.example:8443\n", netrc: probe.NetrcFile{Machines: []probe.NetrcMachine{{Name: "a.example:8443/sub", Line: 1}}}},
		{name: "without the port of a proxy", settings: "process GOPROXY=https://a.example:8443,direct\n", netrc: probe.NetrcFile{Machines: []probe.NetrcMachine{{Name: "a.example", Line: 4}}}, want: []string{"warning netrc | :4 is for machine a.example, and go does not send it to a.example:8443: | machine a.example:8443;"}},
		{name: "with and without", settings: "process GOPROXY=https://a.example:8443,direct\n", netrc: probe.NetrcFile{Machines: []probe.NetrcMachine{{Name: "a.example", Line: 4}, {Name: "a.example:8443", Line: 5}}}},
		{name: "without a port", settings: "process GOPROXY=https://a.example,http://a.example:8080\n", netrc: probe.NetrcFile{Machines: []probe.NetrcMachine{{Name: "a.example", Line: 4}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := around(tt.settings)
			tt.netrc.Path = path
			s.Machine.Netrc = &tt.netrc
			found := s.Findings(diagnostics.English)
			matches(t, found, tt.want)
			for _, f := range found {
				if strings.Contains(f.Message(), "hunter2") {
					t.Errorf("it says %s", f.Message())
				}
			}
		})
	}
}

// TestSurroundingsInPlace wants them on the module line of the file that tells
// of them, and not where a comment there asks for silence.
func TestSurroundingsInPlace(t *testing.T) {
	a := around("user GOPRIVATE=https://a.example\nprocess GONOSUMCHECK=1\n")
	codes := func(text string, around *diagnostics.Surroundings) (codes []diagnostics.Code) {
		f := gomod.Parse([]byte(text))
		if around != nil {
			around.Module.File = f
		}
		for _, found := range diagnostics.Find(diagnostics.Scene{File: f, Around: around}) {
			if found.Span != f.Module.Line || !found.Code.Ambient() {
				t.Errorf("%s at %v, ambient: %v", found.Code, found.Span, found.Code.Ambient())
			}
			codes = append(codes, found.Code)
		}
		return codes
	}
	if got := codes("module example.org/m\n", &a); !slices.Equal(got, []diagnostics.Code{diagnostics.EnvPattern, diagnostics.EnvUnknown}) {
		t.Errorf("the file that tells: %v", got)
	}
	if got := codes("module example.org/m // modreach:ignore env-pattern\n", &a); !slices.Equal(got, []diagnostics.Code{diagnostics.EnvUnknown}) {
		t.Errorf("with one to be ignored: %v", got)
	}
	if got := codes("module example.org/m\n", nil); got != nil {
		t.Errorf("the others: %v", got)
	}
}

// TestSurroundingsInChinese wants whole messages, with nothing left in English
// but names and commands.
func TestSurroundingsInChinese(t *testing.T) {
	a := around("user GOPRIVATE=https://a.example,*.org, b.example\nprocess GONOSUMCHECK=1\nuser GOPROXY=direct\nprocess GOPROXY=https://a.example,,direct,x\nprocess GODEBUG=x=1\nprocess GONOPROXY=*\n",
		"golang.org/x/mod", "b.example/x", "github.com/a/b", "github.com/c/d")
	a.Machine.Netrc = &probe.NetrcFile{Path: "/n", Mode: 0o644, Ends: 3, Machines: []probe.NetrcMachine{{Name: "x", Line: 1, NoLogin: true}, {Name: "c.example:1", Line: 2}}}
	english, chinese := a.Findings(diagnostics.English), a.Findings(diagnostics.Chinese)
	if len(english) != len(chinese) || len(english) < 9 {
		t.Fatalf("%d findings in English, %d in Chinese", len(english), len(chinese))
	}
	for i, f := range chinese {
		f.Language = diagnostics.Chinese
		for _, word := range []string{" the ", " has ", " because ", " and ", "{", "}"} {
			if strings.Contains(f.Message(), word) {
				t.Errorf("%q in %s\nin English: %s", word, f.Message(), english[i].Message())
			}
		}
	}
}
