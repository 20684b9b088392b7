package fakenet_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/internal/fakenet"
)

// library returns a repository with a module at its root and one in a
// directory.
func library(t *testing.T, path string) *fakenet.Repo {
	r := fakenet.NewRepo(t)
	r.Commit(map[string]string{
		"go.mod": "module " + path + "\n\ngo 1.20\n", "p.go": "package p\n",
		"sub/go.mod": "module " + path + "/sub\n\ngo 1.20\n", "sub/p.go": "package p\n",
	})
	r.Tag("v1.0.0", "sub/v1.0.0")
	return r
}

// TestRepoRepeats has the hashes written down: they are part of what tests
// may rely on.
func TestRepoRepeats(t *testing.T) {
	r := fakenet.NewRepo(t)
	first := r.Commit(map[string]string{"go.mod": "module corp.example/x\n", "p.go": "package p\n"})
	r.Tag("v1.0.0")
	second := r.Commit(map[string]string{"p.go": "", "sub/q.go": "package q\n"})
	r.Annotate("v1.1.0")
	r.Branch("dev", "v1.0.0")
	third := r.CommitOn("dev", map[string]string{"dev.go": "package p\n"})
	alone := r.CommitOn("alone", map[string]string{"a.go": "package a\n"})

	want := []fakenet.Commit{
		{Hash: "1dba6fc00faec69ad76808a01414e9ee379abe8f", Time: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)},
		{Hash: "6976df870b1cb71efa2603b7e65414ad0696e56c", Time: time.Date(2020, 1, 1, 1, 0, 0, 0, time.UTC)},
		{Hash: "d72a8c242d02ce6b5eedc6a83eacfa297ff9a154", Time: time.Date(2020, 1, 1, 2, 0, 0, 0, time.UTC)},
		{Hash: "105434646fefd6e0795030ab999da6762d604a37", Time: time.Date(2020, 1, 1, 3, 0, 0, 0, time.UTC)},
	}
	if diff := cmp.Diff(want, []fakenet.Commit{first, second, third, alone}); diff != "" {
		t.Errorf("commits (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff("v1.0.1-0.20200101010000-"+second.Hash[:12], second.Pseudo("v1", "v1.0.0")); diff != "" {
		t.Errorf("pseudo-version (-want +got)\n%s", diff)
	}
	for revision, want := range map[string]string{
		"v1.0.0": first.Hash, "v1.1.0^{}": second.Hash, "dev~": first.Hash, "HEAD": second.Hash,
	} {
		if got := r.Git("rev-parse", revision); got != want {
			t.Errorf("%s is %s, want %s", revision, got, want)
		}
	}
	for revision, want := range map[string]string{
		"main": "go.mod\nsub/q.go", "dev": "dev.go\ngo.mod\np.go", "alone": "a.go",
	} {
		if diff := cmp.Diff(want, r.Git("ls-tree", "-r", "--name-only", revision)); diff != "" {
			t.Errorf("files of %s (-want +got)\n%s", revision, diff)
		}
	}
	if kind := r.Git("cat-file", "-t", "v1.1.0"); kind != "tag" {
		t.Errorf("v1.1.0 is a %s, want a tag", kind)
	}
}

// TestGoDirect has the go command take modules out of repositories by every
// way there is.
func TestGoDirect(t *testing.T) {
	t.Parallel()
	const root, sub = "go.corp.example/x@v1.0.0", "go.corp.example/x/sub@v1.0.0"
	meta := "go.corp.example/x git https://go.corp.example/x.git"
	tests := []struct {
		name    string
		modules []string
		set     func(t *testing.T, n *fakenet.Net, r *fakenet.Repo) (env []string)
		fails   string // empty if it does not
	}{
		{name: "page", modules: []string{root, sub}, set: func(_ *testing.T, n *fakenet.Net, r *fakenet.Repo) []string {
			f := n.Forge("go.corp.example")
			f.Page("go.corp.example/x", meta)
			f.Git("x.git", r)
			return n.HTTPProxy().Env()
		}},
		{name: "page and repository at one path", modules: []string{root}, set: func(_ *testing.T, n *fakenet.Net, r *fakenet.Repo) []string {
			f := n.Forge("go.corp.example")
			f.Page("go.corp.example/x", "go.corp.example/x git https://go.corp.example/x")
			f.Git("x", r)
			return n.HTTPProxy().Env()
		}},
		{name: "plain page", modules: []string{root}, set: func(_ *testing.T, n *fakenet.Net, r *fakenet.Repo) []string {
			f := n.Forge("go.corp.example")
			f.Page("go.corp.example/x", "go.corp.example/x git http://go.corp.example/x.git")
			f.Git("x.git", r)
			f.Plain()
			f.Down()
			return append(n.HTTPProxy().Env(), "GOINSECURE=go.corp.example")
		}},
		{name: "suffix", modules: []string{"go.corp.example/x.git@v1.0.0"}, set: func(_ *testing.T, n *fakenet.Net, r *fakenet.Repo) []string {
			n.Forge("go.corp.example").Git("x", r)
			return n.HTTPProxy().Env()
		}},
		{name: "page, then a site on loopback", modules: []string{root}, set: func(_ *testing.T, n *fakenet.Net, r *fakenet.Repo) []string {
			n.Forge("go.corp.example").Page("go.corp.example/x", "go.corp.example/x git "+n.Site(fakenet.HTTP, r).URL()+"/any/x.git")
			return n.HTTPProxy().Env()
		}},
		{name: "login", modules: []string{root}, set: func(t *testing.T, n *fakenet.Net, r *fakenet.Repo) []string {
			f := n.Forge("go.corp.example")
			f.Page("go.corp.example/x", meta)
			f.Git("x.git", r)
			f.On("*", fakenet.Login("user", "secret"))
			home := t.TempDir()
			if err := os.WriteFile(filepath.Join(home, ".netrc"), []byte("machine go.corp.example login user password secret\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			return append(n.HTTPProxy().Env(), "HOME="+home, "USERPROFILE="+home)
		}},
		{name: "no login", modules: []string{root}, fails: "terminal prompts disabled", set: func(_ *testing.T, n *fakenet.Net, r *fakenet.Repo) []string {
			f := n.Forge("go.corp.example")
			f.Page("go.corp.example/x", meta)
			f.Git("x.git", r)
			f.On("x.git/*", fakenet.Login("user", "secret"))
			return n.HTTPProxy().Env()
		}},
		{name: "static host by file", modules: []string{"github.com/acme/x@v1.0.0"}, set: func(t *testing.T, _ *fakenet.Net, r *fakenet.Repo) []string {
			return []string{"GIT_CONFIG_GLOBAL=" + insteadOf(t, r.URL(), "https://github.com/acme/x")}
		}},
		{name: "ssh", modules: []string{"github.com/acme/x@v1.0.0"}, set: func(t *testing.T, _ *fakenet.Net, r *fakenet.Repo) []string {
			return append(fakenet.SSHInto(r), "GIT_CONFIG_GLOBAL="+insteadOf(t, "git@git.corp.example:", "https://github.com/"))
		}},
		{name: "ssh denied", modules: []string{"github.com/acme/x@v1.0.0"}, fails: strings.TrimSpace(fakenet.SSHDenied), set: func(t *testing.T, _ *fakenet.Net, r *fakenet.Repo) []string {
			return append(fakenet.SSH(t, fakenet.SSHDenied), "GIT_CONFIG_GLOBAL="+insteadOf(t, "ssh://git@git.corp.example/", "https://github.com/"))
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := fakenet.New(t)
			env := append(n.Env(), "GOPROXY=direct")
			env = append(env, tt.set(t, n, library(t, "go.corp.example/x"))...)
			for _, module := range tt.modules {
				got, err := download(t, env, module)
				switch {
				case tt.fails == "" && (err != nil || got.Error != ""):
					t.Errorf("%s: go failed: %v: %s", module, err, got.Error)
				case tt.fails != "" && !strings.Contains(got.Error, tt.fails):
					t.Errorf("%s: go said %q, want %q", module, got.Error, tt.fails)
				}
			}
		})
	}
}

// insteadOf writes a configuration of git by which it asks base where it is
// told what, and returns the file.
func insteadOf(t *testing.T, base, what string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "gitconfig")
	text := "[url \"" + base + "\"]\n\tinsteadOf = " + what + "\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
