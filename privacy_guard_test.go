package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/codeactions"
	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/internal/lsptest"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
	"github.com/modreach/modreach/server"
	"github.com/modreach/modreach/sheet"
	"github.com/modreach/modreach/trial"
)

// TestGuardPrivacy draws configurations in which something tells that modules
// are private, though no setting of the go command keeps them from anybody, and
// wants that no public host ever sees them: neither in check nor in trace, nor
// in fix and from the language server with the changes that they try. What is private is worked
// out from what is drawn, not by the program.
func TestGuardPrivacy(t *testing.T) {
	t.Parallel()
	const seed = 20260102
	n := 3_000
	if testing.Short() {
		n = 300
	}
	t.Logf("seed %d, %d configurations", seed, n)
	r := net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("nobody to ask")
	}}
	r.LookupHost(t.Context(), "setup.invalid") // as in TestPrivacy
	synctest.Test(t, func(t *testing.T) {
		g := newGuardWatch(t)
		d := guardDrawer{drawer{rand.New(rand.NewPCG(seed, 0)), g.watch}, g}
		for i := range n {
			c := d.configuration()
			way := [...]string{"check", "trace", "fix", "trace", "serve"}[i%5]
			if wrong := g.run(t, way, c); wrong != "" {
				t.Fatalf("configuration %d of seed %d, %s: %s\n%s", i, seed, way, wrong, c)
			}
		}
		t.Logf("%+v", g.tally)
		// A test in which nothing is flagged, or nothing shown, shows nothing.
		for what, got := range g.tally {
			if got < n/100 {
				t.Errorf("%s only %d times in %d configurations", what, got, n)
			}
		}
	})
}

// guardPool are the paths that requirements are drawn from.
var guardPool = []string{
	"git.acme.dev/team/x", "git.acme.dev/Team/Up", "acme.dev/a", "go.other.dev/x", "go.other.dev/x/v2", "github.com/acme/x",
	"github.com/acme/x/sub", "github.com/acme-corp/x", "github.com/Acme/Up", "github.com/other/lib", "gopkg.in/acme.v2",
	"git.corp.internal/deep/er", "inside.net/x", "outside.net/x",
}

// guardWatch is a watch over hosts that everybody may ask, with the files that
// tell of private modules.
type guardWatch struct {
	*watch
	home, folder, cache string
	tally               map[string]int
}

func newGuardWatch(t *testing.T) *guardWatch {
	g := &guardWatch{watch: newWatch(t), home: t.TempDir(), folder: t.TempDir(), cache: t.TempDir(), tally: map[string]int{}}
	for _, p := range guardPool {
		g.public[0].Add(p, versionOf(p), "")
		g.company.Add(p, versionOf(p), "")
	}
	g.net.DNS().Set("inside.net", "10.1.2.3", "fd00::1")
	g.net.DNS().Set("outside.net", "203.0.113.1")
	for _, dir := range []string{filepath.Join(g.home, ".ssh"), filepath.Join(g.folder, ".git")} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

// guardConfiguration is one folder and what stands around it.
type guardConfiguration struct {
	proxies, private, sumDB string
	files                   map[string]string // by path; ~ is the home directory
	flagged                 map[string]string // private paths, with why
	require                 []module.Version
}

func (c guardConfiguration) String() string {
	text := fmt.Sprintf("GOPROXY=%s\nGOPRIVATE=%s\nGOSUMDB=%s\nprivate: %v\n", c.proxies, c.private, c.sumDB, c.flagged)
	for _, name := range slices.Sorted(maps.Keys(c.files)) {
		text += "-- " + name + " --\n" + c.files[name]
	}
	return text
}

// guardFiles are all the files that a configuration may have.
var guardFiles = []string{"~/.netrc", "~/.gitconfig", "~/.ssh/config", ".git/config", ".modreach.json", "go.mod"}

// place writes the files of a configuration, and takes away the others.
func (g *guardWatch) place(t *testing.T, c guardConfiguration) {
	t.Helper()
	for _, name := range guardFiles {
		path := filepath.Join(g.folder, name)
		if rest, ok := strings.CutPrefix(name, "~/"); ok {
			path = filepath.Join(g.home, rest)
		}
		err := os.WriteFile(path, []byte(c.files[name]), 0o600)
		if c.files[name] == "" {
			err = os.Remove(path)
		}
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
}

func (g *guardWatch) run(t *testing.T, way string, c guardConfiguration) string {
	t.Helper()
	g.place(t, c)
	g.mu.Lock()
	g.seen = nil
	g.mu.Unlock()
	env := route.ParseEnv(route.Sources{OS: "linux", Process: []string{
		"GOPROXY=" + c.proxies, "GOPRIVATE=" + c.private, "GOSUMDB=" + c.sumDB, "GOMODCACHE=" + g.cache, "GOPATH=" + g.cache,
		"GOVCS=*:off", "GOAUTH=netrc", "GOVERSION=go1.26.8", "GOTOOLCHAIN=local", "HOME=" + g.home, "NETRC=" + g.home + "/.netrc", "GIT_CONFIG_NOSYSTEM=1",
	}})
	name := filepath.Join(g.folder, "go.mod")
	file := gomod.Parse([]byte(c.files["go.mod"]))
	options := probe.Options{Env: env, Dial: g.net.Dial, Resolver: g.net.Resolver()}
	var routes []route.Route
	m, err := probe.Load(env, name, file)
	switch {
	case err != nil:
		return err.Error()
	case way == "serve":
		g.serve(t, options, name, c.files["go.mod"])
		return g.judge(way, c)
	case way == "trace":
		for _, v := range c.require {
			r := route.Explicit(env, route.Module{Hints: new(probe.Shelf).Hints(env, g.folder)}, v)
			r.Curious = true
			routes = append(routes, r)
		}
	default:
		routes = sheet.New(env, m).Routes
	}
	s := &survey{prober: probe.New(options), progress: newProgress(io.Discard)}
	verdicts, weather, err := s.verdicts(t.Context(), [][]route.Route{routes})
	if err != nil {
		return err.Error()
	}
	if way == "fix" {
		found := sheet.New(env, m).Scene(verdicts[0], weather, time.Now())
		scene := codeactions.Scene{Name: name, File: file, Verdicts: found.Verdicts, Env: env, Mirrors: []string{g.public[1].URL()}}
		trial.Run(t.Context(), options, m, scene.AllTrials(diagnostics.Find(found)))
	}
	return g.judge(way, c)
}

// serve has the file open in an editor until all is asked that ever is.
func (g *guardWatch) serve(t *testing.T, options probe.Options, name, text string) {
	t.Helper()
	e := lsptest.Pipe(t, func(in io.Reader, out io.Writer) error {
		env := options.Env
		options.Env = route.Env{}
		return server.Serve(t.Context(), in, out, server.Options{
			Run: "RUN", Probe: options,
			Environment: func(context.Context, string, map[string]string, bool) route.Env { return env },
		})
	})
	e.On("workspace/configuration", func(json.RawMessage) (any, *lsptest.Error) {
		return []any{map[string]any{"mirrors": []string{g.public[1].URL()}}}, nil
	})
	e.On("client/registerCapability", func(json.RawMessage) (any, *lsptest.Error) { return nil, nil })
	e.On("window/workDoneProgress/create", func(json.RawMessage) (any, *lsptest.Error) { return nil, nil })
	params := map[string]any{}
	if err := json.Unmarshal(lsptest.Payload(t, "vscode-older"), &params); err != nil {
		t.Fatal(err)
	}
	uri := "file://" + filepath.ToSlash(name)
	params["processId"], params["workspaceFolders"] = nil, nil
	e.Initialize(params)
	e.Open(uri, text)
	<-time.After(20 * time.Second) // of the bubble's clock; what is tried is tried by then
	synctest.Wait()
	e.Shutdown()
	if err := e.Exit(); err != nil {
		t.Fatal(err)
	}
}

// judge looks for what public hosts must not have seen.
func (g *guardWatch) judge(way string, c guardConfiguration) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, v := range c.require {
		at := func(host string) *sight {
			return g.find(v.Path, func(s sight) bool { return strings.HasPrefix(s.host, host) && s.asks(v.Path) })
		}
		why := c.flagged[v.Path]
		saw := at("public")
		if saw == nil {
			saw = at("database")
		}
		switch {
		case why != "" && saw != nil:
			return fmt.Sprintf("%s is private (%s), but %s saw %s", v.Path, why, saw.host, saw.path)
		case why != "":
			kind, _, _ := strings.Cut(why, ":")
			g.tally[kind+" withheld"]++
			if at("company") != nil {
				g.tally["private shown to the company"]++
			}
		case saw != nil:
			g.tally["others shown by "+way]++
		}
	}
	return ""
}

// guardDrawer draws configurations.
type guardDrawer struct {
	drawer
	g *guardWatch
}

func (d guardDrawer) configuration() guardConfiguration {
	c := guardConfiguration{files: map[string]string{}, flagged: map[string]string{}}
	main := pick(d.drawer, "example.org/main", "acme.dev/main")
	text := "module " + main + "\n\ngo 1.21\n\n"
	for _, i := range d.Perm(len(guardPool))[:1+d.IntN(4)] {
		p := guardPool[i]
		c.require = append(c.require, module.Version{Path: p, Version: versionOf(p)})
		text += "require " + p + " " + versionOf(p) + "\n"
	}
	c.files["go.mod"] = text
	for {
		if c.proxies, _ = d.proxies(); !strings.HasPrefix(c.proxies, "direct") && !strings.HasPrefix(c.proxies, "off") {
			break
		}
	}
	c.sumDB = pick(d.drawer, "off", d.w.db.GOSUMDB(), d.w.db.Verifier())
	mirrors := fmt.Sprintf("%q", []string{d.w.public[0].URL(), d.w.public[1].URL(), d.w.db.URL()})
	team := `"mirrors": ` + strings.ReplaceAll(mirrors, " ", ", ")

	about := pick(d.drawer, c.require...).Path
	host, rest, _ := strings.Cut(about, "/")
	owner, _, _ := strings.Cut(rest, "/")
	flag := func(why, pattern string) {
		for _, v := range c.require {
			if module.MatchPrefixPatterns(pattern, v.Path) {
				c.flagged[v.Path] = why + ": " + pattern
			}
		}
	}
	// own is the host, or where anybody may have modules, the owner there.
	own, shared := host, host == "github.com" || host == "gopkg.in"
	if host == "github.com" {
		own = host + "/" + owner
	}
	for _, v := range c.require {
		if strings.HasPrefix(v.Path, "git.corp.internal/") {
			c.flagged[v.Path] = "name: internal"
		}
		if strings.HasPrefix(v.Path, "inside.net/") {
			c.flagged[v.Path] = "addresses: inside"
		}
	}
	switch d.IntN(12) {
	case 0:
		flag("team", own)
		team += fmt.Sprintf(`, "privatePatterns": [%q]`, own)
	case 1:
		flag("team", own)
		team += fmt.Sprintf(`, "privatePatterns": [%q]`, "https://"+own+"/")
	case 2:
		flag("broken file", "*")
		team += `, "privatePatterns": {}`
	case 3:
		c.files["~/.netrc"] = "machine " + host + "\nlogin me password secret\n"
		if !shared {
			flag("netrc", host)
		}
	case 4:
		c.files["~/.gitconfig"] = "[url \"git@somewhere:\"]\n\tinsteadOf = https://" + own + "/\n"
		if host != "gopkg.in" {
			flag("git", own)
		}
	case 5:
		c.files["~/.ssh/config"] = "Host x " + host + "\n"
		if !shared {
			flag("ssh", host)
		}
	case 6:
		c.private = pick(d.drawer, "https://"+own, " "+own, own+":443", "none;"+own, own+"[")
		flag("setting", strings.ToLower(own))
		flag("setting", own)
		if strings.HasSuffix(c.private, ":443") && strings.Contains(own, "/") {
			c.flagged = map[string]string{} // that is no port
		}
	case 7:
		if host != "gopkg.in" {
			c.private = own + "/nothing"
			flag("beside", own)
		}
	case 8, 9, 10:
		c.files[".git/config"] = "[remote \"origin\"]\n\turl = git@git.acme.dev:main.git\n"
		if main == "acme.dev/main" {
			flag("own host", "acme.dev")
		}
	}
	c.files[".modreach.json"] = "{" + team + "}\n"
	return c
}
