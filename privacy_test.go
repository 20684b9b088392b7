package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// TestPrivacy draws configurations and wants that no proxy and no checksum
// database ever sees a module path that the go command would keep from it. What
// the go command would do is worked out here from the very strings of the
// configuration, not from the route.
func TestPrivacy(t *testing.T) {
	t.Parallel()
	// Any number will do; the same one gives the same configurations.
	const seed = 20260101
	n := 10_000
	if testing.Short() {
		n = 1_000 // still some hundred of each kind
	}
	t.Logf("seed %d, %d configurations", seed, n)
	// The resolver sets itself up at its first use. If that were in the bubble,
	// no test outside could use it any more.
	r := net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("nobody to ask")
	}}
	r.LookupHost(t.Context(), "setup.invalid")
	synctest.Test(t, func(t *testing.T) {
		w := newWatch(t)
		draw := drawer{rand.New(rand.NewPCG(seed, 0)), w}
		var sum tally
		for i := range n {
			c := draw.configuration()
			if wrong := w.run(t, c, &sum); wrong != "" {
				t.Fatalf("configuration %d of seed %d: %s\n%s", i, seed, wrong, c)
			}
		}
		t.Logf("%+v", sum)
		// A test in which nothing is ever kept, or nothing shown, shows nothing.
		for what, got := range map[string]int{
			"paths kept from proxies": sum.KeptFromProxy, "paths kept from the database": sum.KeptFromSumDB,
			"paths shown to proxies": sum.ShownToProxy, "paths shown to the database": sum.ShownToSumDB,
			"replaced paths": sum.Replaced,
		} {
			if got < n/20 {
				t.Errorf("%d %s in %d configurations", got, what, n)
			}
		}
	})
}

// tally counts what the configurations put to the test.
type tally struct {
	KeptFromProxy, KeptFromSumDB, ShownToProxy, ShownToSumDB, Replaced int
}

// watch is a small internet of which every request is seen.
type watch struct {
	net *fakenet.Net
	// public are two proxies that everybody knows, company is one that only
	// some do. The first one and the company's mirror the database.
	public  [2]*fakenet.Proxy
	company *fakenet.Proxy
	db      *fakenet.SumDB
	dir     string // has a "warm" and a "cold" module cache

	mu     sync.Mutex // guards what follows
	broken int        // the status the public proxies answer with; 0: they work
	seen   []sight
}

// sight is one request that a host saw.
type sight struct {
	host, path string
	sumdb      bool
}

// privatePool are the paths that requirements are drawn from. Some only look
// alike, some contain others.
var privatePool = []string{
	"corp.example/a", "corp.example/a/b", "corp.example/a/v2", "corp.example.org/a", "git.corp.example/team/x", "git.corp.example/team/x.git",
	"git.corp.example/Team/Up", "git.corp.example/team-x/x", "go.corp.example/x", "github.com/acme/x", "github.com/acme/x/sub",
	"github.com/acme-corp/x", "github.com/Acme/Up", "github.com/other/lib", "gopkg.in/acme.v2", "pub.example/lib", "acme.internal.example/deep/er/path",
}

func versionOf(path string) string {
	if _, major, ok := module.SplitPathVersion(path); ok && major != "" {
		return "v2.0.0"
	}
	return "v1.0.0"
}

func newWatch(t *testing.T) *watch {
	n := fakenet.NewPipe(t)
	w := &watch{net: n, company: n.Proxy(fakenet.HTTP), dir: t.TempDir()}
	for i := range w.public {
		w.public[i] = n.Proxy(fakenet.HTTP)
	}
	for _, p := range privatePool {
		for _, proxy := range []*fakenet.Proxy{w.public[0], w.public[1], w.company} {
			proxy.Add(p, versionOf(p), "")
		}
	}
	w.public[0].WriteTree(filepath.Join(w.dir, "warm", "cache", "download"))
	w.db = n.SumDB(fakenet.HTTP, w.public[0].Modules)
	w.public[0].Mirror(w.db)
	w.company.Mirror(w.db)
	for name, site := range map[string]*fakenet.Site{
		"public 1": w.public[0].Site, "public 2": w.public[1].Site, "company": w.company.Site, "database": w.db.Site,
	} {
		site.On("*", func(rw http.ResponseWriter, r *http.Request, next http.Handler) {
			status := w.see(name, r.URL)
			if status != 0 {
				http.Error(rw, "says no", status)
				return
			}
			next.ServeHTTP(rw, r)
		})
	}
	return w
}

// see notes a request and gives the status to answer it with, 0 for what the
// host has.
func (w *watch) see(host string, u *url.URL) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = append(w.seen, sight{host, u.EscapedPath() + "?" + u.RawQuery, host == "database" || strings.HasPrefix(u.Path, "/sumdb/")})
	if !strings.HasPrefix(host, "public") {
		return 0
	}
	return w.broken
}

// shows reports whether a request tells of a module path or of one below it, in
// whatever letters and escapes.
func (s sight) shows(modulePath string) bool {
	return s.asks(modulePath) || strings.Contains(squash(s.path)+"/", "/"+squash(modulePath)+"/")
}

// asks reports whether a request is about just this module.
func (s sight) asks(modulePath string) bool {
	text, about := squash(s.path), "/"+squash(modulePath)
	return strings.Contains(text, about+"/@") || strings.Contains(text, about+"@")
}

// squash makes a path the same however it is escaped.
func squash(s string) string {
	if text, err := url.PathUnescape(s); err == nil {
		s = text
	}
	return strings.ToLower(strings.ReplaceAll(s, "!", ""))
}

// configuration is one environment and one go.mod.
type configuration struct {
	// proxies, noProxy and so on are the values of the variables; empty for
	// one that is not set.
	proxies, private, noProxy, noSumDB, sumDB string
	// first names the public proxy that GOPROXY begins with; empty for another
	// beginning.
	first        string
	fixed        bool // GOSUMDB has an address
	require      []module.Version
	replace      map[string]string // right-hand sides
	warm, sums   bool
	publicStatus int
}

func (c configuration) String() string {
	return fmt.Sprintf("GOPROXY=%s\nGOPRIVATE=%s\nGONOPROXY=%s\nGONOSUMDB=%s\nGOSUMDB=%s\nwarm cache %v, go.sum %v, public proxies answer %d\n%s",
		c.proxies, c.private, c.noProxy, c.noSumDB, c.sumDB, c.warm, c.sums, c.publicStatus, c.goMod())
}

func (c configuration) goMod() string {
	var text strings.Builder
	text.WriteString("module example.org/main\n\ngo 1.21\n\n")
	for _, m := range c.require {
		fmt.Fprintf(&text, "require %s %s\n", m.Path, m.Version)
	}
	for _, m := range c.require {
		if with := c.replace[m.Path]; with != "" {
			fmt.Fprintf(&text, "replace %s => %s\n", m.Path, with)
		}
	}
	return text.String()
}

// run checks a configuration and says what is wrong; empty for nothing.
func (w *watch) run(t *testing.T, c configuration, sum *tally) string {
	t.Helper()
	w.mu.Lock()
	w.broken, w.seen = c.publicStatus, nil
	w.mu.Unlock()

	cache := "cold"
	if c.warm {
		cache = "warm"
	}
	env := route.ParseEnv(route.Sources{OS: "linux", Process: []string{
		"GOPROXY=" + c.proxies, "GOPRIVATE=" + c.private, "GONOPROXY=" + c.noProxy, "GONOSUMDB=" + c.noSumDB, "GOSUMDB=" + c.sumDB,
		"GOMODCACHE=" + filepath.Join(w.dir, cache), "GOPATH=" + filepath.Join(w.dir, "gopath"),
		// Whatever has to go direct ends before git is started; and there is no
		// PATH to find it in.
		"GOVCS=*:off", "GOAUTH=off", "GOVERSION=go1.26.8", "GOTOOLCHAIN=local", "HOME=" + w.dir,
	}})
	m := route.Module{Dir: w.dir, File: gomod.Parse([]byte(c.goMod()))}
	if c.sums {
		m.Sums = w.sums
	}
	var routes []route.Route
	for _, r := range m.File.Requires {
		routes = append(routes, route.Plan(env, m, r))
	}
	s := &survey{
		prober:   probe.New(probe.Options{Env: env, Dial: w.net.Dial, Resolver: w.net.Resolver()}),
		progress: newProgress(io.Discard),
	}
	if _, _, err := s.verdicts(t.Context(), [][]route.Route{routes}); err != nil {
		return err.Error()
	}
	return w.judge(c, sum)
}

// sums is a go.sum with everything in it.
func (w *watch) sums(v module.Version) route.Sums {
	if !slices.Contains(privatePool, v.Path) {
		return route.Sums{}
	}
	file, _ := gomod.ParseSum([]byte(w.public[0].Sum(v.Path, v.Version)))
	return route.Sums{Mod: file.Mod(v), Zip: file.Zip(v)}
}

// judge compares what was seen with what the go command would show.
func (w *watch) judge(c configuration, sum *tally) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	noProxy, noSumDB := c.noProxy, c.noSumDB
	if noProxy == "" {
		noProxy = c.private
	}
	if noSumDB == "" {
		noSumDB = c.private
	}
	for _, required := range c.require {
		fetched := required.Path
		if with := c.replace[fetched]; with != "" {
			sum.Replaced++
			if s := w.find(fetched, func(s sight) bool { return s.asks(required.Path) }); s != nil {
				return fmt.Sprintf("%s is replaced, but %s saw %s", fetched, s.host, s.path)
			}
			var ok bool
			if fetched, _, ok = strings.Cut(with, " "); !ok {
				continue // a directory
			}
		}
		proxy := w.find(fetched, func(s sight) bool { return !s.sumdb })
		database := w.find(fetched, func(s sight) bool { return s.sumdb })
		kept := module.MatchPrefixPatterns(noProxy, fetched)
		switch {
		case kept && proxy != nil:
			return fmt.Sprintf("GONOPROXY covers %s, but %s saw %s", fetched, proxy.host, proxy.path)
		case kept:
			sum.KeptFromProxy++
		case c.first != "" && !c.warm && !malformed(noProxy):
			if w.find(fetched, func(s sight) bool { return s.host == c.first && !s.sumdb }) == nil {
				return fmt.Sprintf("%s never saw %s", c.first, fetched)
			}
			sum.ShownToProxy++
		}
		switch {
		case module.MatchPrefixPatterns(noSumDB, fetched) && database != nil:
			return fmt.Sprintf("GONOSUMDB covers %s, but %s saw %s", fetched, database.host, database.path)
		case module.MatchPrefixPatterns(noSumDB, fetched):
			sum.KeptFromSumDB++
		case c.fixed && !c.sums && !malformed(noSumDB) && (c.warm || c.first != "" && c.publicStatus == 0 && !kept):
			if database == nil {
				return fmt.Sprintf("the database never saw %s", fetched)
			}
			sum.ShownToSumDB++
		}
	}
	return ""
}

// find gives the first of some sights that tells of a module path; nil if none
// does.
func (w *watch) find(modulePath string, of func(sight) bool) *sight {
	for i, s := range w.seen {
		if of(s) && s.shows(modulePath) {
			return &w.seen[i]
		}
	}
	return nil
}

// malformed reports whether a list has a pattern that nobody can read. It may
// have been meant for any path; so what it does not cover may, but need not, be
// shown.
func malformed(list string) bool {
	for item := range strings.SplitSeq(list, ",") {
		if _, err := path.Match(item, ""); err != nil {
			return true
		}
	}
	return false
}

// drawer draws configurations.
type drawer struct {
	*rand.Rand
	w *watch
}

func (d drawer) chance(percent int) bool { return d.IntN(100) < percent }

func pick[V any](d drawer, from ...V) V { return from[d.IntN(len(from))] }

func (d drawer) configuration() configuration {
	c := configuration{replace: map[string]string{}, warm: d.chance(25), sums: d.chance(40)}
	taken := map[string]bool{}
	for range 1 + d.IntN(3) {
		p := pick(d, privatePool...)
		if taken[squash(p)] {
			continue
		}
		taken[squash(p)] = true
		c.require = append(c.require, module.Version{Path: p, Version: versionOf(p)})
	}
	for _, m := range c.require {
		with := pick(d, privatePool...)
		switch {
		case d.chance(85) || taken[squash(with)]:
		case d.chance(30):
			c.replace[m.Path] = "./local"
		default:
			taken[squash(with)] = true
			c.replace[m.Path] = with + " " + versionOf(with)
		}
	}
	c.proxies, c.first = d.proxies()
	c.private, c.noProxy, c.noSumDB = d.patterns(c, 50), d.patterns(c, 35), d.patterns(c, 35)
	switch {
	case d.chance(15):
		c.sumDB = "off"
	case d.chance(50):
		c.sumDB, c.fixed = d.w.db.GOSUMDB(), true
	default:
		c.sumDB = d.w.db.Verifier()
	}
	if d.chance(20) {
		c.publicStatus = pick(d, 404, 410, 403, 500)
	}
	return c
}

// proxies draws a GOPROXY list and tells which public proxy it begins with.
func (d drawer) proxies() (list, first string) {
	for i := range 1 + d.IntN(4) {
		if i > 0 {
			list += pick(d, ",", "|", ",", " , ")
		}
		switch at := d.IntN(10); {
		case at < 6:
			n := at % 2
			list += d.w.public[n].URL()
			if i == 0 {
				first = fmt.Sprintf("public %d", n+1)
			}
		case at < 8:
			list += d.w.company.URL()
		default:
			list += pick(d, "direct", "off", "http://gone.example")
		}
	}
	return list, first
}

// patterns draws a list that often matches what is required, and often nearly;
// empty for all but some percent.
func (d drawer) patterns(c configuration, percent int) string {
	if !d.chance(percent) {
		return ""
	}
	var list string
	for i := range 1 + d.IntN(3) {
		if i > 0 {
			list += pick(d, ",", ",", ",", ", ", ";", ",,", "|")
		}
		about := pick(d, privatePool...)
		if d.chance(75) {
			about = pick(d, c.require...).Path
			if with, _, ok := strings.Cut(c.replace[about], " "); ok && d.chance(50) {
				about = with
			}
		}
		list += d.pattern(about)
	}
	return list
}

// pattern draws one that has something to do with a path.
func (d drawer) pattern(about string) string {
	elements := strings.Split(about, "/")
	elements = elements[:1+d.IntN(len(elements))]
	for range d.IntN(3) {
		i := d.IntN(len(elements))
		e := elements[i]
		if e == "" {
			continue
		}
		at := d.IntN(len(e))
		head, letter, tail := e[:at], e[at:at+1], e[at+1:]
		switch d.IntN(8) {
		case 0:
			e = "*"
		case 1:
			_, rest, _ := strings.Cut(e, ".")
			e = "*." + rest
		case 2:
			e = head + "*"
		case 3:
			e = head + "?" + tail
		case 4:
			e = head + "[" + letter + "z]" + tail
		case 5:
			e = head
		case 6:
			e = strings.ToUpper(e[:1]) + e[1:]
		}
		elements[i] = e
	}
	text := strings.Join(elements, "/")
	switch d.IntN(24) {
	case 0:
		return text + "/"
	case 1:
		return text + "//"
	case 2:
		return text + "/*"
	case 3:
		return text + "/..."
	case 4:
		return " " + text
	case 5:
		return "https://" + text
	case 6:
		return text + ":443"
	case 7:
		return text + "["
	case 8:
		return pick(d, "none", "off", "direct", "*", "**", "...", "/", "!"+text, "[", `\`)
	case 9:
		return strings.TrimPrefix(text, "git.")
	}
	return text
}
