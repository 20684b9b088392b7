package probe_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// cached are the files of one module version in a module cache.
type cached struct {
	t *testing.T
	// at is the common beginning of the files' names, dir the extracted
	// directory.
	at, dir string
}

func cachedIn(t *testing.T, cache string, mod module.Version) cached {
	return cached{
		t:   t,
		at:  filepath.Join(cache, "cache", "download", filepath.FromSlash(mod.Path), "@v", mod.Version),
		dir: filepath.Join(cache, filepath.FromSlash(mod.Path)+"@"+mod.Version),
	}
}

func (c cached) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c cached) remove(suffixes ...string) {
	c.t.Helper()
	for _, s := range suffixes {
		c.must(os.Remove(c.at + s))
	}
}

func (c cached) write(suffix, text string) {
	c.t.Helper()
	c.must(os.WriteFile(c.at+suffix, []byte(text), 0o666))
}

// blocked puts a directory in the place of a file.
func (c cached) blocked(suffix string) {
	c.t.Helper()
	c.must(os.RemoveAll(c.at + suffix))
	c.must(os.Mkdir(c.at+suffix, 0o777))
}

// removeDir removes the extracted directory, in which all is read-only.
func (c cached) removeDir() {
	c.t.Helper()
	entries, err := os.ReadDir(c.dir)
	c.must(err)
	c.must(os.Chmod(c.dir, 0o777))
	for _, e := range entries {
		c.must(os.Remove(filepath.Join(c.dir, e.Name())))
	}
	c.must(os.Remove(c.dir))
}

// cacheDamages is what can be wrong with the cache of one module version.
var cacheDamages = []struct {
	name string
	do   func(c cached)
}{
	{"nothing", func(cached) {}},
	{"no info", func(c cached) { c.remove(".info") }},
	{"no mod", func(c cached) { c.remove(".mod") }},
	{"no zip", func(c cached) { c.remove(".zip") }},
	{"no ziphash", func(c cached) { c.remove(".ziphash") }},
	{"no directory", func(c cached) { c.removeDir() }},
	{"no zip and ziphash", func(c cached) { c.remove(".zip", ".ziphash") }},
	{"no zip and directory", func(c cached) { c.remove(".zip"); c.removeDir() }},
	{"no ziphash and directory", func(c cached) { c.remove(".ziphash"); c.removeDir() }},
	{"no file at all", func(c cached) { c.must(os.RemoveAll(filepath.Dir(c.at))) }},
	{"list spoiled", func(c cached) { c.must(os.WriteFile(filepath.Join(filepath.Dir(c.at), "list"), []byte("?"), 0o666)) }},
	{"info empty", func(c cached) { c.write(".info", "") }},
	{"info no JSON", func(c cached) { c.write(".info", "v1.0.0") }},
	{"info no object", func(c cached) { c.write(".info", "[]") }},
	{"info with a bad time", func(c cached) { c.write(".info", `{"Version":"v1.0.0","Time":"noon"}`) }},
	{"info unreadable", func(c cached) { c.blocked(".info") }},
	{"mod empty", func(c cached) { c.write(".mod", "") }},
	{"mod nonsense", func(c cached) { c.write(".mod", "modul") }},
	{"mod unreadable", func(c cached) { c.blocked(".mod") }},
	{"zip no zip", func(c cached) { c.write(".zip", "garbage") }},
	{"zip no zip, no ziphash", func(c cached) { c.write(".zip", "garbage"); c.remove(".ziphash") }},
	{"zip no zip, no directory", func(c cached) { c.write(".zip", "garbage"); c.removeDir() }},
	{"zip no zip, directory partial", func(c cached) { c.write(".zip", "garbage"); c.write(".partial", "") }},
	{"zip unreadable", func(c cached) { c.blocked(".zip") }},
	{"zip unreadable, no ziphash", func(c cached) { c.blocked(".zip"); c.remove(".ziphash") }},
	{"ziphash empty", func(c cached) { c.write(".ziphash", "") }},
	{"ziphash nonsense", func(c cached) { c.write(".ziphash", "nonsense") }},
	{"directory partial", func(c cached) { c.write(".partial", "") }},
	{"directory a file", func(c cached) { c.removeDir(); c.must(os.WriteFile(c.dir, nil, 0o666)) }},
	{"place a file", func(c cached) {
		c.must(os.RemoveAll(filepath.Dir(c.at)))
		c.must(os.WriteFile(filepath.Dir(c.at), nil, 0o666))
	}},
}

// TestCache damages a module cache in every way and has both the go command
// and us say what can still be downloaded, without and with a proxy.
func TestCache(t *testing.T) {
	n := fakenet.New(t)
	s := n.Proxy(fakenet.HTTP)
	mods := make([]module.Version, len(cacheDamages))
	for i := range cacheDamages {
		mods[i] = module.Version{Path: fmt.Sprintf("corp.example/m%d", i), Version: "v1.0.0"}
		s.Add(mods[i].Path, mods[i].Version, "")
	}
	for _, goproxy := range []string{"off", s.URL()} {
		cache := fakenet.ModCache(t)
		env := []string{"GOMODCACHE=" + cache, "GOPROXY=" + s.URL()}
		for mod, text := range download(t, env, mods...) {
			if text != "" {
				t.Fatalf("filling the cache: %v: %s", mod, text)
			}
		}
		ours := make([]probe.Report, len(mods))
		for i, mod := range mods {
			cacheDamages[i].do(cachedIn(t, cache, mod))
			vars := settings("GOMODCACHE="+cache, "GOPROXY="+goproxy, "GOSUMDB=off")
			ours[i] = follow(t, newProber(t, n, probe.Options{}), route.Explicit(vars, route.Module{}, mod))
		}
		said := download(t, []string{"GOMODCACHE=" + cache, "GOPROXY=" + goproxy}, mods...)
		for i, mod := range mods {
			name := cacheDamages[i].name + ", proxy on"
			if goproxy == "off" {
				name = cacheDamages[i].name + ", proxy off"
			}
			t.Run(name, func(t *testing.T) {
				r := ours[i]
				if got := r.Ending == probe.Cached || r.Ending == probe.Reached; got != (said[mod] == "") {
					t.Errorf("ending %d (%s), the go command says %q", r.Ending, r.Text, said[mod])
				}
				if r.Ending == probe.Lost && r.Text != said[mod] {
					t.Errorf("text (-go +ours):\n%s", cmp.Diff(said[mod], r.Text))
				}
				if asked := r.Ending == probe.Reached; asked && goproxy == "off" {
					t.Error("reached without a proxy")
				}
			})
		}
	}
}

// TestSoundCache makes sure that what is cached is not asked for.
func TestSoundCache(t *testing.T) {
	n := fakenet.New(t)
	s := newProxy(n, fakenet.HTTP)
	cache := fakenet.ModCache(t)
	download(t, []string{"GOMODCACHE=" + cache, "GOPROXY=" + s.URL()}, wanted)
	before := len(s.Requests())
	vars := settings("GOMODCACHE="+cache, "GOPROXY="+s.URL(), "GOSUMDB=off")
	sums := strings.Fields(s.Sum(wanted.Path, wanted.Version))
	hop := route.Hop{Kind: route.Cache, Dir: cache}

	t.Run("cached", func(t *testing.T) {
		p := newProber(t, n, probe.Options{})
		if r := follow(t, p, route.Explicit(vars, route.Module{}, wanted)); r.Ending != probe.Cached {
			t.Errorf("ending %d: %s", r.Ending, r.Text)
		}
		if got := len(s.Requests()); got != before {
			t.Errorf("%d requests", got-before)
		}
	})
	t.Run("hashes", func(t *testing.T) {
		answers := newProber(t, n, probe.Options{}).Ask(t.Context(), question(hop, allThree...))
		if len(answers) != 3 || answers[0].Version != wanted.Version || answers[1].Sum != sums[5] || answers[2].Sum != sums[2] {
			t.Errorf("answers %+v, want the hashes %s and %s", answers, sums[5], sums[2])
		}
	})
	t.Run("hash of a zip with a spoiled ziphash", func(t *testing.T) {
		c := cachedIn(t, cache, wanted)
		c.write(".ziphash", "nonsense")
		defer c.write(".ziphash", sums[2])
		if ans := ask(t, newProber(t, n, probe.Options{}), question(hop, probe.Zip)); ans.Sum != sums[2] {
			t.Errorf("hash %q, want %s", ans.Sum, sums[2])
		}
	})
	t.Run("list", func(t *testing.T) {
		if ans := ask(t, newProber(t, n, probe.Options{}), question(hop, probe.List)); ans.Outcome != probe.Miss {
			t.Errorf("outcome %d of a list that go never reads", ans.Outcome)
		}
	})
	t.Run("query", func(t *testing.T) {
		q := question(hop, probe.Info)
		q.Query = true
		if ans := ask(t, newProber(t, n, probe.Options{}), q); ans.Outcome != probe.Miss {
			t.Errorf("outcome %d of a query, for which go does not look here", ans.Outcome)
		}
	})
	t.Run("path that cannot be escaped", func(t *testing.T) {
		q := question(hop, probe.Info)
		q.Mod.Path = "corp example"
		if ans := ask(t, newProber(t, n, probe.Options{}), q); ans.Outcome != probe.Miss {
			t.Errorf("outcome %d", ans.Outcome)
		}
	})
	t.Run("info without a version", func(t *testing.T) {
		c := cachedIn(t, cache, wanted)
		sound, err := os.ReadFile(c.at + ".info")
		c.must(err)
		c.write(".info", "{}")
		defer c.write(".info", string(sound))
		if ans := ask(t, newProber(t, n, probe.Options{}), question(hop, probe.Info)); ans.Outcome != probe.OK || ans.Version != wanted.Version {
			t.Errorf("outcome %d, version %q, but nothing contradicts the one asked for", ans.Outcome, ans.Version)
		}
	})
	t.Run("info of another version", func(t *testing.T) {
		c := cachedIn(t, cache, wanted)
		sound, err := os.ReadFile(c.at + ".info")
		c.must(err)
		c.write(".info", `{"Version":"v2.0.0"}`)
		defer c.write(".info", string(sound))
		if ans := ask(t, newProber(t, n, probe.Options{}), question(hop, probe.Info)); ans.Outcome != probe.Unsure {
			t.Errorf("outcome %d, want it left open", ans.Outcome)
		}
	})
	t.Run("ziphash that cannot be read", func(t *testing.T) {
		c := cachedIn(t, cache, wanted)
		c.blocked(".ziphash")
		_, stderr, err := fakenet.Go(t.Context(), t, t.TempDir(), []string{"GOMODCACHE=" + cache}, "mod", "download", wanted.String())
		ans := ask(t, newProber(t, n, probe.Options{}), question(hop, probe.Zip))
		if err == nil || ans.Outcome != probe.Spoiled || ans.Text != strings.TrimSpace(stderr) {
			t.Errorf("outcome %d, text %q, the go command says %q", ans.Outcome, ans.Text, stderr)
		}
	})
	t.Run("skipped", func(t *testing.T) {
		p := newProber(t, n, probe.Options{SkipCache: true})
		if r := follow(t, p, route.Explicit(vars, route.Module{}, wanted)); r.Ending != probe.Reached {
			t.Errorf("ending %d: %s", r.Ending, r.Text)
		}
		if got := len(s.Requests()) - before; got != 3 {
			t.Errorf("%d requests, want 3", got)
		}
	})
}

// TestCachePlaces has module caches that the go command cannot write.
func TestCachePlaces(t *testing.T) {
	tests := []struct {
		name string
		// cache makes a place below dir and gives the module cache, and the words
		// that must come of it; empty for none.
		cache func(c cached, dir string) (cache, want string)
	}{
		{"new", func(_ cached, dir string) (string, string) { return filepath.Join(dir, "a", "b"), "" }},
		{"empty", func(_ cached, dir string) (string, string) { return dir, "" }},
		{"file", func(c cached, dir string) (string, string) {
			name := filepath.Join(dir, "file")
			c.must(os.WriteFile(name, nil, 0o666))
			return name, fmt.Sprintf("could not create module cache: %q is not a directory", name)
		}},
		{"below a file", func(c cached, dir string) (string, string) {
			name := filepath.Join(dir, "file")
			c.must(os.WriteFile(name, nil, 0o666))
			return filepath.Join(name, "mod"), fmt.Sprintf("could not create module cache: stat %s: not a directory", filepath.Join(name, "mod"))
		}},
		{"file in it", func(c cached, dir string) (string, string) {
			name := filepath.Join(dir, "cache")
			c.must(os.WriteFile(name, nil, 0o666))
			return dir, fmt.Sprintf("mkdir %s: not a directory", name)
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			cache, want := test.cache(cached{t: t}, t.TempDir())
			p := probe.New(probe.Options{})
			for _, a := range []probe.Artefact{probe.Info, probe.Mod} {
				if ans := ask(t, p, question(route.Hop{Kind: route.Cache, Dir: cache}, a)); ans.Outcome != probe.Miss {
					t.Errorf("%v: outcome %d, but go goes on to the network", a, ans.Outcome)
				}
			}
			ans := ask(t, p, question(route.Hop{Kind: route.Cache, Dir: cache}, probe.Zip))
			if ans.Text != want || (ans.Outcome == probe.Spoiled) != (want != "") {
				t.Errorf("outcome %d, text %q, want %q", ans.Outcome, ans.Text, want)
			}
		})
	}
}

func TestDirectory(t *testing.T) {
	dir := t.TempDir()
	c := cached{t: t}
	c.must(os.MkdirAll(filepath.Join(dir, "bare"), 0o777))
	c.must(os.MkdirAll(filepath.Join(dir, "sound"), 0o777))
	c.must(os.WriteFile(filepath.Join(dir, "sound", "go.mod"), []byte("module corp.example/a\n"), 0o666))
	c.must(os.WriteFile(filepath.Join(dir, "file"), nil, 0o666))
	tests := []struct {
		name string
		hop  route.Hop
		want probe.Cause // NoCause for a good one
	}{
		{"sound", route.Hop{Kind: route.Directory, Dir: filepath.Join(dir, "sound")}, probe.NoCause},
		{"without go.mod", route.Hop{Kind: route.Directory, Dir: filepath.Join(dir, "bare")}, probe.NoGoMod},
		{"missing", route.Hop{Kind: route.Directory, Dir: filepath.Join(dir, "missing")}, probe.NoDirectory},
		{"file", route.Hop{Kind: route.Directory, Dir: filepath.Join(dir, "file")}, probe.NoDirectory},
		{"vendor", route.Hop{Kind: route.Vendor, Dir: filepath.Join(dir, "vendor")}, probe.NoCause},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.hop.Why = "go.mod replaces it"
			r := follow(t, probe.New(probe.Options{}), route.Route{Mod: wanted, Hops: []route.Hop{test.hop}})
			if test.want == probe.NoCause {
				if r.Ending != probe.Spared || r.Text != test.hop.Why {
					t.Errorf("ending %d: %s", r.Ending, r.Text)
				}
				return
			}
			if r.Ending != probe.Lost || r.Fault == nil || r.Fault.Cause != test.want {
				t.Errorf("ending %d, fault %+v, want cause %d", r.Ending, r.Fault, test.want)
			}
		})
	}
}

// TestFileProxy compares a file:// proxy with damages with the go command.
func TestFileProxy(t *testing.T) {
	damages := []struct {
		name string
		do   func(c cached)
		want probe.Outcome // of the last answer
	}{
		{"none", func(cached) {}, probe.OK},
		{"no info", func(c cached) { c.remove(".info") }, probe.Miss},
		{"no mod", func(c cached) { c.remove(".mod") }, probe.Miss},
		{"no zip", func(c cached) { c.remove(".zip") }, probe.Miss},
		{"nothing there", func(c cached) { c.must(os.RemoveAll(filepath.Dir(c.at))) }, probe.Miss},
		{"info a directory", func(c cached) { c.blocked(".info") }, probe.Failed},
		{"mod a directory", func(c cached) { c.blocked(".mod") }, probe.Failed},
		{"zip a directory", func(c cached) { c.blocked(".zip") }, probe.Failed},
		{"info nonsense", func(c cached) { c.write(".info", "<html>") }, probe.Failed},
		{"info of another version", func(c cached) { c.write(".info", `{"Version":"v1.0.1"}`) }, probe.Failed},
		{"zip nonsense", func(c cached) { c.write(".zip", "nonsense") }, probe.Spoiled},
		{"below a file", func(c cached) {
			c.must(os.RemoveAll(filepath.Dir(c.at)))
			c.must(os.WriteFile(filepath.Dir(c.at), nil, 0o666))
		}, probe.Failed},
	}
	n := fakenet.New(t)
	set := fakenet.NewModules(t)
	tree := filepath.Join(t.TempDir(), "proxy tree")
	mods := make([]module.Version, len(damages))
	for i := range damages {
		mods[i] = module.Version{Path: fmt.Sprintf("corp.example/m%d", i), Version: "v1.0.0"}
		set.Add(mods[i].Path, mods[i].Version, "")
	}
	set.WriteTree(tree)
	for i, d := range damages {
		d.do(cached{t: t, at: filepath.Join(tree, mods[i].Path, "@v", mods[i].Version)})
	}
	base := "file://" + strings.ReplaceAll(filepath.ToSlash(tree), " ", "%20")
	said := download(t, []string{"GOPROXY=" + base}, mods...)
	p := newProber(t, n, probe.Options{Offline: true}) // a file is no network
	for i, d := range damages {
		t.Run(d.name, func(t *testing.T) {
			q := question(hopTo(t, base), allThree...)
			q.Mod = mods[i]
			ans := ask(t, p, q)
			if ans.Outcome != d.want {
				t.Errorf("outcome %d, want %d", ans.Outcome, d.want)
			}
			if d.name == "zip a directory" {
				return // the go command names a temporary file
			}
			if diff := cmp.Diff(said[mods[i]], ans.Text); diff != "" {
				t.Errorf("text (-go +ours):\n%s", diff)
			}
		})
	}
}
