package probe_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// setUpResolver has the resolver set itself up outside of a bubble; if that were
// inside, no test outside could use it any more.
func setUpResolver(t *testing.T) {
	t.Helper()
	r := net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("nobody to ask")
	}}
	r.LookupHost(t.Context(), "setup.invalid")
}

// TestWithhold decides by the addresses of hosts what their names do not tell.
func TestWithhold(t *testing.T) {
	setUpResolver(t)
	const given = "the team said so"
	public := route.Place{Host: "proxy.net:80"}
	perhaps := route.Place{Host: "proxy.net:80", ByAddress: true}
	tests := []struct {
		name string
		// evidence is what is known before, place whose the proxy is.
		evidence string
		place    route.Place
		// addresses are those of the names; a name without any is not known.
		addresses map[string]string
		// want is why it is not asked; empty where it is.
		want string
	}{
		{"a proxy out there", given, perhaps, map[string]string{"proxy.net": "203.0.113.1"}, given},
		{"one out there and inside", given, perhaps, map[string]string{"proxy.net": "10.0.0.1 203.0.113.1"}, given},
		{"one inside", given, perhaps, map[string]string{"proxy.net": "10.0.0.1"}, ""},
		{"one of a carrier", given, perhaps, map[string]string{"proxy.net": "100.64.1.1"}, ""},
		{"one inside by IPv6", given, perhaps, map[string]string{"proxy.net": "fd00::1"}, ""},
		{"one behind a resolver that knows all names", given, perhaps, map[string]string{"proxy.net": "198.18.0.9"}, ""},
		{"one that nobody knows", given, perhaps, nil, ""},

		{"a host inside", "", public, map[string]string{"git.acme.dev": "10.0.0.1", "proxy.net": "203.0.113.1"}, "its host git.acme.dev has no address outside of private networks"},
		{"a host inside and a proxy that nobody knows", "", public, map[string]string{"git.acme.dev": "10.0.0.1"}, "its host git.acme.dev has no address outside of private networks"},
		{"a host inside and a proxy that may be", "", perhaps, map[string]string{"git.acme.dev": "10.0.0.1", "proxy.net": "203.0.113.1"}, "its host git.acme.dev has no address outside of private networks"},
		{"both inside", "", public, map[string]string{"git.acme.dev": "10.0.0.1", "proxy.net": "10.0.0.1"}, ""},
		{"a host out there", "", public, map[string]string{"git.acme.dev": "203.0.113.7", "proxy.net": "203.0.113.1"}, ""},
		{"a host in and out", "", public, map[string]string{"git.acme.dev": "10.0.0.1 203.0.113.7"}, ""},
		{"a host behind a resolver that knows all names", "", public, map[string]string{"git.acme.dev": "198.18.0.7", "proxy.net": "198.18.0.9"}, ""},
		{"a host that nobody knows", "", public, nil, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := fakenet.NewPipe(t)
				for name, addresses := range test.addresses {
					n.DNS().Set(name, strings.Fields(addresses)...)
				}
				p := newPipeProber(t, n, probe.Options{})
				ans := ask(t, p, probe.Question{
					Hop: route.Hop{
						Kind: route.Proxy, URL: &url.URL{Scheme: "http", Host: "proxy.net"},
						Guard: &route.Guard{Evidence: test.evidence, Places: []route.Place{test.place}},
					},
					Mod: module.Version{Path: "git.acme.dev/x", Version: "v1.0.0"}, Artefacts: []probe.Artefact{probe.Info}, Patience: probe.FirstLook,
				})
				if ans.Evidence != test.want || (ans.Outcome == probe.Withheld) != (test.want != "") || ans.Outcome == probe.OK {
					t.Errorf("outcome %d because %q, want %q (%s)", ans.Outcome, ans.Evidence, test.want, ans.Text)
				}
			})
		})
	}
}

// TestWithholdOffline opens no socket, not even to look up a name.
func TestWithholdOffline(t *testing.T) {
	n := fakenet.NewPipe(t)
	p := newPipeProber(t, n, probe.Options{Offline: true})
	ans := ask(t, p, question(route.Hop{
		Kind: route.Proxy, URL: &url.URL{Scheme: "http", Host: "proxy.net"},
		Guard: &route.Guard{Places: []route.Place{{Host: "proxy.net:80", ByAddress: true}}},
	}, probe.Info))
	if ans.Outcome != probe.Unsure || len(n.DNS().Queries()) > 0 {
		t.Errorf("outcome %d, looked up %q", ans.Outcome, n.DNS().Queries())
	}
}

// TestWalkWithholds ends a walk where a path would be shown to a public hop, and
// nowhere before.
func TestWalkWithholds(t *testing.T) {
	const why = "the team said so"
	guard := func(r *route.Route, name string) {
		for i, h := range r.Hops {
			if hopName(h) == name {
				r.Hops[i].Guard = &route.Guard{Evidence: why, Places: []route.Place{{Host: "x:443"}}}
			}
		}
	}
	tests := []struct {
		name, list string
		says       script
		ending     probe.Ending
		hop        int
	}{
		{"at once", "https://p.test,direct", script{"cache": "-"}, probe.Open, 1},
		{"a company has it", "https://c.test,https://p.test", script{"cache": "---", "c": "+++"}, probe.Reached, -1},
		{"a company lacks it", "https://c.test,https://p.test", script{"cache": "---", "c": "-"}, probe.Open, 2},
		{"a company lacks the zip", "https://c.test,https://p.test", script{"cache": "---", "c": "++-"}, probe.Open, 2},
		{"a company fails", "https://c.test,https://p.test", script{"cache": "---", "c": "!"}, probe.Lost, 1},
		{"a company fails before a bar", "https://c.test|https://p.test", script{"cache": "---", "c": "!"}, probe.Open, 2},
		{"the cache has it", "https://p.test", script{"cache": "+++"}, probe.Cached, -1},
		{"the cache lacks the zip", "https://p.test", script{"cache": "++-"}, probe.Open, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := goproxy(t, test.list, false)
			guard(&r, "p")
			report, questions := perform(t, r, test.says, untouched)
			evidence := ""
			if test.ending == probe.Open {
				evidence = why
			}
			if report.Ending != test.ending || report.Hop != test.hop || report.Evidence != evidence {
				t.Errorf("ending %d at hop %d because %q", report.Ending, report.Hop, report.Evidence)
			}
			for _, q := range questions {
				if strings.HasPrefix(q, "p.") {
					t.Errorf("the public hop was asked for %s", q)
				}
			}
		})
	}
}

// TestHints reads what a team, git, ssh and netrc say.
func TestHints(t *testing.T) {
	machine := map[string]string{
		".netrc":      "machine Proxy.net login me password secret\nmachine broken login me\n",
		".ssh/config": "Host git.acme.dev gate !not.this *.corp.net\n\tHostName hidden.net\nhost=other.dev\nMatch host x.net\n",
		".gitconfig": "[url \"git@git.acme.dev:\"]\n\tinsteadOf = https://git.acme.dev/ # all\n\tpushInsteadOf = https://push.dev/\n" +
			"[URL \"x\"] insteadof = \"https://me:secret@one.dev:8443/team/x.git\"\n[credential \"https://two.dev\"]\nhelper = store\n" +
			"[credential]\n\thelper = cache\n[http \"https://three.dev/\"]\n\textraHeader = Authorization: secret\n" +
			"[include]\n\tpath = more\n[includeIf \"gitdir:~/work/\"]\n\tpath = ~/work.inc\n[broken\n[url \"y\"]\n\tinsteadOf = four\n\tinsteadOf = gh:\n",
		"more":     "[url \"z\"]\n\tinsteadOf = git@five.dev:team/\n[include]\n\tpath = more\n",
		"work.inc": "[credential \"six.dev\"]\n\tusername = me\n[credential \"https://six.dev\"]\n\tusername = me\n",
	}
	wantTraces := []string{
		"Proxy.net: a netrc entry",
		"env.dev: a credential setting of git",
		"git.acme.dev: git's url.insteadOf", "one.dev/team/x: git's url.insteadOf", "two.dev: a credential setting of git",
		"three.dev: git's http.extraHeader", "five.dev/team: git's url.insteadOf", "six.dev: a credential setting of git",
		"git.acme.dev: an ssh Host entry", "*.corp.net: an ssh Host entry", "other.dev: an ssh Host entry",
	}
	module := map[string]string{
		".modreach.json":     `{"privatePatterns": ["a"], "mirrors": ["m"], "$schema": "x"}`,
		"sub/.modreach.json": `{"privatePatterns": ["b"], "publicPatterns": ["c"]}`,
		".git/config":        "[remote \"origin\"]\n\turl = git@git.acme.dev:app.git\n[remote \"up\"]\n\turl = https://github.com/acme/app\n[url \"q\"]\n\tinsteadOf = https://repo.dev/\n",
		"bad/.modreach.json": "{\n\"privatePatterns\": [\"d\",\n}",
		"linked/.git":        "gitdir: ../.git/worktrees/linked\n",

		".git/worktrees/linked/commondir": "../..\n",
	}
	home, dir := writeTree(t, machine), writeTree(t, module)
	env := settings("HOME="+home, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=credential.https://env.dev.helper", "GIT_CONFIG_VALUE_0=store",
		"NETRC="+home+"/.netrc")
	tests := []struct {
		name            string
		private, public []string
		broken          string
		remotes         []string
	}{
		{"", []string{"a: .modreach.json"}, nil, "", []string{"git.acme.dev", "github.com"}},
		{"sub", []string{"b: .modreach.json", "a: ../.modreach.json"}, []string{"c: .modreach.json"}, "", []string{"git.acme.dev", "github.com"}},
		{"bad", []string{"a: ../.modreach.json"}, nil, ".modreach.json cannot be read (line 3: invalid character '}' looking for beginning of value), and may name it", []string{"git.acme.dev", "github.com"}},
		{"linked", nil, nil, "", []string{"git.acme.dev", "github.com"}},
	}
	for _, test := range tests {
		t.Run("in "+test.name, func(t *testing.T) {
			h := new(probe.Shelf).Hints(env, dir+strings.TrimSuffix("/"+test.name, "/"))
			for what, pair := range map[string][2][]string{
				"private":      {test.private, hintsTold(h.Private)},
				"public":       {test.public, hintsTold(h.Public)},
				"remotes":      {test.remotes, h.Remotes},
				"traces":       {append(slices.Clip(wantTraces), "repo.dev: git's url.insteadOf"), hintsTold(h.Traces)},
				"logins":       {[]string{"proxy.net"}, h.Logins},
				"what is lost": {{test.broken}, {h.Broken}},
			} {
				if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
					t.Errorf("%s (-want +got):\n%s", what, diff)
				}
			}
		})
	}
}

// hintsTold gives hints with their places.
func hintsTold(hints []route.Hint) []string {
	var all []string
	for _, h := range hints {
		all = append(all, h.What+": "+h.Where)
	}
	return all
}

// TestLedOn follows no redirect to a host that must not learn the path, whoever
// leads there, and any to where the path is known already.
func TestLedOn(t *testing.T) {
	const given = "the team said so"
	const inner = "its host git.acme.dev has no address outside of private networks"
	to := func(site *fakenet.Proxy) fakenet.Fault {
		return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
			http.Redirect(w, r, site.URL()+r.URL.EscapedPath(), http.StatusFound)
		}
	}
	moved := func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		path, found := strings.CutPrefix(r.URL.Path, "/moved")
		if !found {
			http.Redirect(w, r, "/moved"+path, http.StatusFound)
			return
		}
		r.URL.Path = path
		next.ServeHTTP(w, r)
	}
	tests := []struct {
		name, evidence string
		// byAddress reports that the proxy's own address tells whose it is.
		byAddress bool
		fault     func(public *fakenet.Proxy) fakenet.Fault
		outcome   probe.Outcome
		why       string
	}{
		{"a company's to a public one", given, false, to, probe.Withheld, given},
		{"one that may be a company's to a public one", given, true, to, probe.Withheld, given},
		{"one that may be a company's to a public one, of a host inside", "", true, to, probe.Withheld, inner},
		{"a company's to itself", given, false, func(*fakenet.Proxy) fakenet.Fault { return moved }, probe.OK, ""},
		{"one that may be a company's to itself", given, true, func(*fakenet.Proxy) fakenet.Fault { return moved }, probe.OK, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, n *fakenet.Net) {
				n.DNS().Set("git.acme.dev", "10.0.0.1")
				proxy, public := newProxy(n, fakenet.HTTP, fakenet.Host("proxy.net")), newProxy(n, fakenet.HTTP, fakenet.Host("public.net"))
				mod := module.Version{Path: "git.acme.dev/x", Version: "v1.0.0"}
				proxy.Add(mod.Path, mod.Version, "")
				public.Add(mod.Path, mod.Version, "")
				proxy.On("*", test.fault(public))
				hop := hopTo(t, proxy.URL())
				hop.Guard = &route.Guard{Evidence: test.evidence, Elsewhere: !test.byAddress}
				if test.byAddress {
					hop.Guard.Places = []route.Place{{Host: "proxy.net:80", ByAddress: true}}
				}
				hop.Guard.Places = append(hop.Guard.Places, route.Place{Host: "public.net:80"})
				n.DNS().Set("public.net", "203.0.113.1")
				ans := ask(t, newPipeProber(t, n, probe.Options{}), probe.Question{Hop: hop, Mod: mod, Artefacts: []probe.Artefact{probe.Info}, Patience: probe.FirstLook})
				if ans.Outcome != test.outcome || ans.Evidence != test.why {
					t.Errorf("outcome %d because %q: %s", ans.Outcome, ans.Evidence, ans.Text)
				}
				if asked := public.Requests(); len(asked) > 0 {
					t.Errorf("the public host was asked %v", asked)
				}
			})
		})
	}
}

// TestDatabaseLedOn follows no redirect of a lookup to a host that must not learn
// the path.
func TestDatabaseLedOn(t *testing.T) {
	n := fakenet.New(t)
	s := newProxy(n, fakenet.HTTP)
	db := n.SumDB(fakenet.HTTPS, s.Modules)
	s.Mirror(db)
	s.On("*/lookup/*", func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		_, path, _ := strings.Cut(r.URL.EscapedPath(), "/lookup/")
		http.Redirect(w, r, db.URL()+"/lookup/"+path, http.StatusFound)
	})
	p := newProber(t, n, probe.Options{Env: settings("GOSUMDB="+db.Verifier(), "GOPROXY="+s.URL())})
	hop := hopTo(t, s.URL())
	hop.Kind = route.SumDB
	hop.Guard = &route.Guard{Evidence: "the team said so", Elsewhere: true, Places: []route.Place{{Host: hopTo(t, db.URL()).URL.Host}}}
	ans := ask(t, p, question(hop, probe.Record))
	if ans.Outcome != probe.Withheld || ans.Evidence != hop.Guard.Evidence {
		t.Errorf("outcome %d because %q: %s", ans.Outcome, ans.Evidence, ans.Text)
	}
	for _, r := range db.Requests() {
		if strings.Contains(r.URI, wanted.Path) {
			t.Errorf("the public database was asked %s", r.URI)
		}
	}
}

// TestWithholdUnseen asks nobody of whom it cannot be told at the moment whether
// they are public.
func TestWithholdUnseen(t *testing.T) {
	setUpResolver(t)
	for _, test := range []struct {
		name, evidence string
		asks           bool
	}{{"what looks private", "the team said so", false}, {"what may be", "", true}} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, n *fakenet.Net) {
				n.DNS().Break("proxy.net", fakenet.ServFail)
				p := newPipeProber(t, n, probe.Options{})
				ans := ask(t, p, question(route.Hop{
					Kind: route.Proxy, URL: &url.URL{Scheme: "http", Host: "proxy.net"},
					Guard: &route.Guard{Evidence: test.evidence, Places: []route.Place{{Host: "proxy.net:80", ByAddress: true}}},
				}, probe.Info))
				if asks := ans.Outcome == probe.Failed; asks != test.asks || !asks && ans.Outcome != probe.Unsure {
					t.Errorf("outcome %d: %s", ans.Outcome, ans.Text)
				}
			})
		})
	}
}
