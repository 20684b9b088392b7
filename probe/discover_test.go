package probe_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// sought is the module path that most tests here look for, on corp.
const (
	sought = "go.corp.example/x"
	corp   = "go.corp.example"
)

// soughtTag leads to the repository kept.
const soughtTag = sought + " git https://git.corp.example/x.git"

var kept = route.Repository{VCS: "git", URL: "https://git.corp.example/x.git", Root: sought}

// discovered is what a discovery is compared by.
type discovered struct {
	Repository route.Repository
	Outcome    probe.Outcome
	Text       string
	Verdict    verdict
}

// unrecognized is the end of a discovery for which a page is to blame.
func unrecognized(text string, phase probe.Phase, cause probe.Cause, status int) discovered {
	host := corp + ":443"
	return discovered{
		Outcome: probe.Miss, Text: `unrecognized import path "` + sought + `": ` + text,
		Verdict: verdict{cause, phase, host, status, false},
	}
}

func discover(t *testing.T, p *probe.Prober, path string) discovered {
	t.Helper()
	r, ans := p.Discover(t.Context(), path, probe.FirstLook)
	return discovered{r, ans.Outcome, ans.Text, verdictOf(ans.Fault)}
}

// pageProducers are the faults that only the page of a module path can have.
func pageProducers() []producer {
	at := func(name string, want verdict, env string, set func(*fakenet.Forge)) producer {
		return producer{name, want, func(t *testing.T) (*probe.Fault, string) {
			n := fakenet.New(t)
			set(n.Forge(corp))
			_, ans := newPipeProber(t, n, probe.Options{Env: settings(env)}).Discover(t.Context(), sought, probe.FirstLook)
			if ans.Fault != nil && ans.Fault.Phase == probe.VCS {
				return ans.Fault, "" // a setting, and no host
			}
			return ans.Fault, corp + ":443"
		}}
	}
	return []producer{
		at("page without a tag", verdict{Cause: probe.NoGoImport, Phase: probe.Body}, "", func(f *fakenet.Forge) { f.Page(sought) }),
		at("page of another path", verdict{Cause: probe.GoImportMismatch, Phase: probe.Body}, "", func(f *fakenet.Forge) {
			f.Page(sought, corp+"/y git https://git.corp.example/y")
		}),
		at("GOVCS forbids the system", verdict{Cause: probe.VCSDisallowed, Phase: probe.VCS}, "GOVCS=*:hg", func(f *fakenet.Forge) {
			f.Page(sought, soughtTag)
		}),
	}
}

// TestDiscoverPage has what the page of a module path can say.
func TestDiscoverPage(t *testing.T) {
	bad := func(text string, cause probe.Cause) discovered {
		return unrecognized(text, probe.Body, cause, 0)
	}
	good := func(change func(*route.Repository)) discovered {
		r := kept
		change(&r)
		return discovered{Repository: r, Outcome: probe.OK}
	}
	const page = "https://" + sought + "?go-get=1"
	tests := []struct {
		name string
		set  func(f *fakenet.Forge)
		want discovered
	}{
		{"good", func(f *fakenet.Forge) { f.Page(sought, soughtTag) }, good(func(*route.Repository) {})},
		{"subdirectory", func(f *fakenet.Forge) { f.Page(sought, soughtTag+" go") }, good(func(r *route.Repository) { r.Subdir = "go" })},
		{"proxy", func(f *fakenet.Forge) { f.Page(sought, soughtTag, sought+" mod http://mods.corp.example") }, good(func(r *route.Repository) {
			r.VCS, r.URL = "mod", "http://mods.corp.example"
		})},
		{"not encrypted", func(f *fakenet.Forge) { f.Page(sought, sought+" git http://git.corp.example/x") }, good(func(r *route.Repository) { r.URL = "http://git.corp.example/x" })},
		{"status 404", func(f *fakenet.Forge) {
			f.On("*", fakenet.Status(404, fakenet.MetaTag(soughtTag)))
		}, good(func(*route.Repository) {})},
		{"status 500 and a long head", func(f *fakenet.Forge) {
			f.On("*", fakenet.Status(500, "<head>"+strings.Repeat("<style></style>", 10_000)+fakenet.MetaTag(soughtTag), "Content-Type", "text/html"))
		}, good(func(*route.Repository) {})},
		{"login needed", func(f *fakenet.Forge) { f.On("*", fakenet.Status(401, "who are you?")) }, unrecognized("reading "+page+": 401 Unauthorized\n\tserver response: who are you?", probe.Request, probe.AuthNeeded, 401)},
		{"not found", func(*fakenet.Forge) {}, unrecognized("reading "+page+": 404 Not Found\n\tserver response: not found: /x", probe.Request, probe.NotFound, 404)},
		{"status before syntax", func(f *fakenet.Forge) {
			f.On("*", fakenet.Status(500, "<a <b>", "Content-Type", "text/html"))
		}, unrecognized("reading "+page+": 500 Internal Server Error", probe.Request, probe.ServerError, 500)},
		{"login form", func(f *fakenet.Forge) { f.On("*", fakenet.HTML) }, bad("parse "+page+": no go-import meta tags ()", probe.NoGoImport)},
		{"no XML", func(f *fakenet.Forge) { f.RawPage(sought, "<a <b>") }, bad("parsing "+sought+": XML syntax error on line 1: expected attribute name in element", probe.NoGoImport)},
		{"another path", func(f *fakenet.Forge) { f.Page(sought, corp+"/y git https://git.corp.example/y") }, bad("parse "+page+": no go-import meta tags (meta tag go.corp.example/y did not match import path go.corp.example/x)", probe.GoImportMismatch)},
		{"two tags", func(f *fakenet.Forge) { f.Page(sought, soughtTag, soughtTag) }, bad("parse //"+sought+"?go-get=1: multiple meta tags match import path \"go.corp.example/x\"", probe.GoImportMismatch)},
		{"unknown system", func(f *fakenet.Forge) { f.Page(sought, sought+" cvs https://git.corp.example/x") }, bad(page+": unknown vcs \"cvs\"", probe.GoImportMismatch)},
		{"no scheme", func(f *fakenet.Forge) { f.Page(sought, sought+" git git.corp.example/x") }, bad(page+": invalid repo root \"git.corp.example/x\": no scheme", probe.GoImportMismatch)},
		{"bad subdirectory", func(f *fakenet.Forge) { f.Page(sought, soughtTag+" /go") }, bad(page+": invalid subdirectory \"/go\": leading slash", probe.GoImportMismatch)},
		{"breaks off", func(f *fakenet.Forge) {
			f.RawPage(sought, "<html>")
			f.On("*", fakenet.Truncate)
		}, unrecognized("parsing "+sought+": stream error: stream ID 1; INTERNAL_ERROR; received from peer", probe.Body, probe.Reset, 0)},
		{"breaks off behind the tag", func(f *fakenet.Forge) {
			f.Page(sought, soughtTag)
			f.On("*", fakenet.Truncate)
		}, good(func(*route.Repository) {})},
		{"password in the tag", func(f *fakenet.Forge) { f.Page(sought, sought+" git https://me:pw@git.corp.example:x") }, bad(page+": invalid repo root \"https://me:xxxxx@git.corp.example:x\": parse \"https://me:xxxxx@git.corp.example:x\": invalid port \"xxxxx\" after host", probe.GoImportMismatch)},
		{"redirect", func(f *fakenet.Forge) {
			f.Page(sought, soughtTag)
			f.On("*", fakenet.Redirect(3))
		}, good(func(*route.Repository) {})},
		{"redirect to http", func(f *fakenet.Forge) { f.On("*", fakenet.RedirectToInsecure) }, discovered{
			Outcome: probe.Miss,
			Text:    `unrecognized import path "go.corp.example/x": https fetch: Get "http://go.corp.example/x?go-get=1": redirected from secure URL ` + page + ` to insecure URL http://go.corp.example/x?go-get=1`,
			Verdict: verdict{probe.InsecureHost, probe.Request, corp + ":80", 0, false},
		}},
		{"hangs up", func(f *fakenet.Forge) { f.On("*", fakenet.Hangup) }, discovered{
			Outcome: probe.Miss, Text: `unrecognized import path "go.corp.example/x": https fetch: Get "` + page + `": unexpected EOF`,
			Verdict: verdict{probe.Reset, probe.Request, corp + ":443", 0, true},
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := fakenet.New(t)
			test.set(n.Forge(corp))
			got := discover(t, newPipeProber(t, n, probe.Options{}), sought)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("discovery (-want +got):\n%s", diff)
			}
		})
	}
}

// TestDiscoverPrefix has what the page of a shorter path can say to a tag that
// names it.
func TestDiscoverPrefix(t *testing.T) {
	const below = sought + "/sub"
	mismatch := func(text string) discovered {
		return discovered{Outcome: probe.Miss, Text: text, Verdict: verdict{probe.GoImportMismatch, probe.Body, corp + ":443", 0, false}}
	}
	disagree := mismatch("https://" + below + "?go-get=1 and //" + sought + "?go-get=1 disagree about go-import for " + sought)
	tests := []struct {
		name string
		set  func(f *fakenet.Forge)
		want discovered
	}{
		{"the same", func(f *fakenet.Forge) { f.Page(sought, soughtTag) }, discovered{Repository: kept, Outcome: probe.OK}},
		{"another repository", func(f *fakenet.Forge) { f.Page(sought, sought+" git https://git.corp.example/y") }, disagree},
		{"another directory", func(f *fakenet.Forge) { f.Page(sought, soughtTag+" go") }, disagree},
		{"another path", func(f *fakenet.Forge) { f.Page(sought, corp+"/y git https://git.corp.example/y") }, disagree},
		{"two tags", func(f *fakenet.Forge) { f.Page(sought, soughtTag, soughtTag) }, disagree},
		{"no tag", func(f *fakenet.Forge) { f.Page(sought) }, discovered{
			Outcome: probe.Miss, Text: "fetching " + sought + ": no go-import meta tag found in https://" + sought + "?go-get=1",
			Verdict: verdict{probe.NoGoImport, probe.Body, corp + ":443", 0, false},
		}},
		{"no XML", func(f *fakenet.Forge) { f.RawPage(sought, "<a <b>") }, discovered{
			Outcome: probe.Miss, Text: "parsing https://" + sought + "?go-get=1: XML syntax error on line 1: expected attribute name in element",
			Verdict: verdict{probe.NoGoImport, probe.Body, corp + ":443", 0, false},
		}},
		{"not found", func(*fakenet.Forge) {}, discovered{
			Outcome: probe.Miss, Text: "reading https://" + sought + "?go-get=1: 404 Not Found\n\tserver response: not found: /x",
			Verdict: verdict{probe.NotFound, probe.Request, corp + ":443", 404, false},
		}},
		{"hangs up", func(f *fakenet.Forge) { f.On("x", fakenet.Hangup) }, discovered{
			Outcome: probe.Miss, Text: "fetching " + sought + ": Get \"https://" + sought + "?go-get=1\": unexpected EOF",
			Verdict: verdict{probe.Reset, probe.Request, corp + ":443", 0, true},
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := fakenet.New(t)
			f := n.Forge(corp)
			f.Page(below, soughtTag)
			test.set(f)
			if test.want.Outcome == probe.Miss {
				test.want.Text = `unrecognized import path "` + below + `": ` + test.want.Text
			}
			got := discover(t, newPipeProber(t, n, probe.Options{}), below)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("discovery (-want +got):\n%s", diff)
			}
		})
	}
}

// TestDiscoverStatic has what is decided before anybody is asked.
func TestDiscoverStatic(t *testing.T) {
	github := route.Repository{VCS: "git", URL: "https://github.com/acme/x", Root: "github.com/acme/x"}
	refused := func(text string, cause probe.Cause) discovered {
		return discovered{Outcome: probe.Miss, Text: text, Verdict: verdict{Cause: cause, Phase: probe.VCS}}
	}
	tests := []struct {
		name, path string
		env        []string
		want       discovered
	}{
		{"known host", "github.com/acme/x/sub", nil, discovered{Repository: github, Outcome: probe.OK}},
		{"no repository there", "github.com/acme", nil, refused(`invalid github.com import path "github.com/acme"`, probe.NotFound)},
		{"refused path", "example.net/x", nil, refused("no modules on example.net", probe.NotFound)},
		{"GOVCS", "github.com/acme/x", []string{"GOVCS=github.com:hg"}, refused("GOVCS disallows using git for public github.com/acme/x; see 'go help vcs'", probe.VCSDisallowed)},
		{"GOVCS cannot be read", "github.com/acme/x", []string{"GOVCS=git"}, refused(`malformed entry in GOVCS (missing colon): "git"`, probe.BadSetting)},
		{"GOVCS before a scheme is sought", "corp.example/x.git", []string{"GOVCS=*:off"}, refused("GOVCS disallows using git for public corp.example/x.git; see 'go help vcs'", probe.VCSDisallowed)},
		{"fossil is not asked", "corp.example/x.fossil", []string{"GOVCS=*:all"}, discovered{
			Repository: route.Repository{VCS: "fossil", URL: "https://corp.example/x", Root: "corp.example/x.fossil"}, Outcome: probe.OK,
		}},
		{"no scheme left", "corp.example/x.git", []string{"GIT_ALLOW_PROTOCOL=file"}, refused("no secure protocol found for repository", probe.InsecureHost)},
		{"network switched off for go", sought, []string{"GODEBUG=cmdgonetlimit=0"}, discovered{
			Outcome: probe.Miss, Text: `unrecognized import path "` + sought + `": https fetch: network disabled by cmdgonetlimit=0`,
			Verdict: verdict{Cause: probe.ProxyOff},
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := fakenet.New(t)
			got := discover(t, newPipeProber(t, n, probe.Options{Env: settings(test.env...)}), test.path)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("discovery (-want +got):\n%s", diff)
			}
			if asked := n.DNS().Queries(); len(asked) > 0 {
				t.Errorf("%q were looked up", asked)
			}
		})
	}
	t.Run("offline", func(t *testing.T) {
		got := discover(t, newPipeProber(t, fakenet.New(t), probe.Options{Offline: true}), sought)
		if got.Outcome != probe.Unsure {
			t.Errorf("got %+v", got)
		}
	})
}

// TestDiscoverGOVCS asks for GOVCS after the page.
func TestDiscoverGOVCS(t *testing.T) {
	n := fakenet.New(t)
	n.Forge(corp).Page(corp, corp+" svn https://svn.corp.example")
	tests := []struct {
		name  string
		env   []string
		text  string
		cause probe.Cause
	}{
		{"public", nil, "GOVCS disallows using svn for public go.corp.example; see 'go help vcs'", probe.VCSDisallowed},
		{"root is private", []string{"GOPRIVATE=" + corp}, "", probe.NoCause},
		{"path is private, root is not", []string{"GOPRIVATE=" + sought}, "GOVCS disallows using svn for public go.corp.example; see 'go help vcs'", probe.VCSDisallowed},
		{"cannot be read", []string{"GOVCS=,"}, "empty entry in GOVCS", probe.BadSetting},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := discovered{Repository: route.Repository{VCS: "svn", URL: "https://svn.corp.example", Root: corp}, Outcome: probe.OK}
			if test.text != "" {
				want = discovered{
					Outcome: probe.Miss, Text: `unrecognized import path "` + sought + `": ` + test.text,
					Verdict: verdict{Cause: test.cause, Phase: probe.VCS},
				}
			}
			got := discover(t, newPipeProber(t, n, probe.Options{Env: settings(test.env...)}), sought)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("discovery (-want +got):\n%s", diff)
			}
		})
	}
}

// TestDiscoverInsecure has what GOINSECURE changes.
func TestDiscoverInsecure(t *testing.T) {
	tests := []struct {
		name string
		// options are those of the https site, plain reports whether http is
		// served too.
		options []fakenet.Option
		plain   bool
		set     func(f *fakenet.Forge, plain *fakenet.Site)
		// text is that of a Miss; empty for a repository that is found.
		text string
	}{
		{"good", nil, false, func(*fakenet.Forge, *fakenet.Site) {}, ""},
		{"unknown authority", []fakenet.Option{fakenet.UnknownCA}, false, func(*fakenet.Forge, *fakenet.Site) {}, ""},
		{"expired", []fakenet.Option{fakenet.Expired}, false, func(*fakenet.Forge, *fakenet.Site) {}, ""},
		{"plain in place of TLS", []fakenet.Option{fakenet.Misspoken}, true, func(*fakenet.Forge, *fakenet.Site) {}, ""},
		{"silence in place of TLS", []fakenet.Option{fakenet.Mute}, true, func(*fakenet.Forge, *fakenet.Site) {}, ""},
		{"silence over https", nil, true, func(f *fakenet.Forge, _ *fakenet.Site) { f.On("*", fakenet.Hang) }, ""},
		{"redirect to http", nil, true, func(f *fakenet.Forge, _ *fakenet.Site) { f.On("*", fakenet.RedirectToInsecure) }, ""},
		{"a status over https is final", nil, true, func(f *fakenet.Forge, _ *fakenet.Site) {
			f.On("*", fakenet.Status(500, "", "Content-Type", "text/html"))
		}, "reading https://go.corp.example/x?go-get=1: 500 Internal Server Error"},
		{"both hang up", nil, true, func(f *fakenet.Forge, plain *fakenet.Site) {
			f.On("*", fakenet.Hangup)
			plain.On("*", fakenet.Hangup)
		}, "http/https fetch: Get \"http://go.corp.example/x?go-get=1\": EOF"},
		{"no tag over http", []fakenet.Option{fakenet.Misspoken}, true, func(_ *fakenet.Forge, plain *fakenet.Site) {
			plain.On("*", fakenet.HTML)
		}, "parse http://go.corp.example/x?go-get=1: no go-import meta tags ()"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, n *fakenet.Net) {
				f := n.Forge(corp, test.options...)
				f.Page(sought, soughtTag)
				var plain *fakenet.Site
				if test.plain {
					plain = f.Plain()
				}
				test.set(f, plain)
				p := newPipeProber(t, n, probe.Options{Env: settings("GOINSECURE=" + corp)})
				r, ans := p.Discover(t.Context(), sought, probe.FirstLook)
				if test.text != "" {
					test.text = `unrecognized import path "` + sought + `": ` + test.text
				}
				if ans.Text != test.text || (ans.Outcome == probe.OK) != (test.text == "") {
					t.Fatalf("outcome %d, %q; want %q", ans.Outcome, ans.Text, test.text)
				}
				if ans.Outcome == probe.OK && r != kept {
					t.Errorf("repository %+v", r)
				}
			})
		})
	}
}

// TestDiscoverSilence waits for what the go command would wait for without end.
func TestDiscoverSilence(t *testing.T) {
	for name, fault := range map[string]fakenet.Fault{"no answer": fakenet.Hang, "no body": fakenet.HangAfterHeaders} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, n *fakenet.Net) {
				f := n.Forge(corp)
				f.On("*", fault)
				got := discover(t, newPipeProber(t, n, probe.Options{}), sought)
				if got.Outcome != probe.Failed || got.Text != "" || got.Verdict.Cause != probe.NoAnswer || got.Verdict.Host != corp+":443" {
					t.Errorf("got %+v", got)
				}
			})
		})
	}
}

func TestDiscoverLongPage(t *testing.T) {
	n := fakenet.New(t)
	n.Forge(corp).RawPage(sought, "<head>"+strings.Repeat("<style></style>", 200_000)+fakenet.MetaTag(soughtTag))
	if got := discover(t, newPipeProber(t, n, probe.Options{}), sought); got.Outcome != probe.Unsure {
		t.Errorf("got %+v", got)
	}
}

// TestDiscoverSteps tells how long each page took.
func TestDiscoverSteps(t *testing.T) {
	n := fakenet.New(t)
	f := n.Forge(corp)
	f.Page(sought, soughtTag)
	p := newPipeProber(t, n, probe.Options{})
	_, ans := p.Discover(t.Context(), sought+"/sub", probe.FirstLook)
	var requests int
	for _, step := range ans.Steps {
		if step.Phase == probe.Request {
			requests++
		}
	}
	if want := len(f.Requests()); requests != want || want != 2 {
		t.Errorf("%d requests told, %d sent; want 2", requests, want)
	}
	if ans.At.IsZero() {
		t.Error("nobody knows when the answer came")
	}
}

func TestDiscoverLaunchpad(t *testing.T) {
	bzr := func(root string) route.Repository {
		return route.Repository{VCS: "bzr", URL: "https://" + root, Root: root}
	}
	tests := []struct {
		name, path, env string
		series          bool
		want            route.Repository
	}{
		{"project", "launchpad.net/x", "GOVCS=launchpad.net:bzr", false, bzr("launchpad.net/x")},
		{"series", "launchpad.net/x/y", "GOVCS=launchpad.net:bzr", true, bzr("launchpad.net/x/y")},
		{"directory", "launchpad.net/x/y", "GOVCS=launchpad.net:bzr", false, bzr("launchpad.net/x")},
		{"GOVCS", "launchpad.net/x", "", false, route.Repository{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := fakenet.New(t)
			n.Forge("launchpad.net")
			code := n.Forge("code.launchpad.net")
			if test.series {
				code.RawPage("code.launchpad.net/x/y/.bzr/branch-format", "Bazaar")
			}
			got := discover(t, newPipeProber(t, n, probe.Options{Env: settings(test.env)}), test.path)
			if got.Repository != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			if test.want.Root == "" && !strings.Contains(got.Text, "404 Not Found") {
				t.Errorf("the page's own fault is lost: %s", got.Text)
			}
		})
	}
}

// TestDiscoverLogin shows a login to the host of the page.
func TestDiscoverLogin(t *testing.T) {
	n := fakenet.New(t)
	f := n.Forge(corp)
	f.Page(sought, soughtTag)
	f.On("*", fakenet.Login("me", "secret"))
	netrc := filepath.Join(t.TempDir(), "netrc")
	if err := os.WriteFile(netrc, []byte("machine "+corp+" login me password secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := newPipeProber(t, n, probe.Options{Env: settings("NETRC=" + netrc)})
	if got := discover(t, p, sought); got.Repository != kept {
		t.Errorf("got %+v", got)
	}
}

// TestDiscoverOnce has questions share the pages they look at, and looks again
// when some time has passed.
func TestDiscoverOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, n *fakenet.Net) {
		f := n.Forge(corp)
		f.On("*", fakenet.HTML)
		p := newPipeProber(t, n, probe.Options{})
		asked := func(path string, want probe.Outcome) int {
			t.Helper()
			before := len(f.Requests())
			var all sync.WaitGroup
			for range 3 {
				all.Go(func() {
					if _, ans := p.Discover(t.Context(), path, probe.FirstLook); ans.Outcome != want {
						t.Errorf("%s: outcome %d, want %d: %s", path, ans.Outcome, want, ans.Text)
					}
				})
			}
			all.Wait()
			return len(f.Requests()) - before
		}
		if got := asked(sought, probe.Miss); got != 1 {
			t.Errorf("%d requests for a page that three questions need", got)
		}
		if got := asked(sought, probe.Miss); got != 0 {
			t.Errorf("%d requests right after", got)
		}
		f.On("*", nil)
		f.Page(sought, soughtTag)
		<-time.After(6 * time.Second) // on the clock of the bubble
		if got := asked(sought, probe.OK); got != 1 {
			t.Errorf("%d requests after the page was mended", got)
		}
		if got := asked(sought+"/a", probe.OK) + asked(sought+"/b", probe.OK); got != 2 {
			t.Errorf("%d requests for two paths below a known one", got)
		}
	})
}

// TestDiscoverSuffix has paths that name a system whose program is, or is not,
// installed.
func TestDiscoverSuffix(t *testing.T) {
	programs := t.TempDir()
	for _, name := range []string{"hg", "hg.bat"} { // the second for Windows
		if err := os.WriteFile(filepath.Join(programs, name), nil, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	missing := func(text, insecurely string) discovered {
		return discovered{
			Outcome: probe.Miss, Text: text + "\nno " + insecurely + "protocol found for repository",
			Verdict: verdict{Cause: probe.VCSMissing, Phase: probe.VCS},
		}
	}
	tests := []struct {
		name, path, env string
		want            discovered
	}{
		{"git", corp + "/x.git", "GOVCS=", missing("missing Git command. See https://golang.org/s/gogetcmd", "secure ")},
		{"svn", corp + "/x.svn", "GOVCS=*:all", missing("missing Subversion command. See https://golang.org/s/gogetcmd", "secure ")},
		{"git, insecure", corp + "/x.git", "GOINSECURE=*", missing("missing Git command. See https://golang.org/s/gogetcmd", "")},
		{"hg is there", corp + "/x.hg", "GOVCS=", discovered{Outcome: probe.Unsure, Text: "only hg can tell whether there is a repository at https://" + corp + "/x"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newPipeProber(t, fakenet.New(t), probe.Options{Env: settings("PATH="+programs, test.env)})
			if diff := cmp.Diff(test.want, discover(t, p, test.path)); diff != "" {
				t.Errorf("discovery (-want +got):\n%s", diff)
			}
		})
	}
}
