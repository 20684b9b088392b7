package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/modreach/modreach/internal/fakenet"
)

// directScenarios take modules from where they are made: git repositories, by
// paths that name them and by pages that point to them.
func directScenarios() []scenario {
	all := forgeScenarios()
	all = append(all, forgeLoginScenarios()...)
	all = append(all, suffixScenarios()...)
	all = append(all, sshScenarios()...)
	all = append(all, gitSettingScenarios()...)
	all = append(all, pageScenarios()...)
	all = append(all, pageHostScenarios()...)
	all = append(all, govcsScenarios()...)
	all = append(all, privateScenarios()...)
	all = append(all, tagScenarios()...)
	all = append(all, pseudoScenarios()...)
	all = append(all, revisionScenarios()...)
	all = append(all, warmScenarios()...)
	return append(all, directSumScenarios()...)
}

// hosted is a module at a host the go command knows; paged one at a host that
// it has to ask.
const (
	hosted = "github.com/acme/x@v1.0.0"
	paged  = "go.corp.example/x@v1.0.0"
	corp   = "go.corp.example/x git https://go.corp.example/x.git"
)

// unfilteredWhy is why only a clone tells of some repositories.
const unfilteredWhy = "the server sends no commit without its files"

// direct returns a scenario of one module, "path@version", with
// GOPROXY=direct unless env says otherwise. Its world has no other internet
// than the hosts that set starts.
func direct(name, mod, said string, set func(*world), env ...string) scenario {
	path, version, _ := strings.Cut(mod, "@")
	return scenario{
		name: "direct-" + name, mod: mod, said: said,
		gomod: requiring(path, version),
		env:   strings.Join(append([]string{"GOPROXY=direct"}, env...), "\n"),
		set: func(w *world) {
			w.env = append(w.env, "GIT_CONFIG_NOSYSTEM=1")
			w.env = append(w.env, w.net.HTTPProxy().Env()...)
			w.env = append(w.env, fakenet.SSH(w.t, fakenet.SSHRefused)...)
			set(w)
		},
	}
}

// away are settings that take the HTTP proxy of a world out of the way.
var away = []string{"HTTPS_PROXY=", "https_proxy=", "HTTP_PROXY=", "http_proxy="}

func requiring(path, version string) string {
	return "module example.org/main\n\ngo 1.21\n\nrequire " + path + " " + version + "\n"
}

// require sets the module once the world knows its version.
func (w *world) require(path, version string) {
	w.t.Helper()
	w.mod = path + "@" + version
	w.write("go.mod", requiring(path, version))
}

// instead makes git ask base where it is told to ask another URL.
func (w *world) instead(base, of string) {
	w.t.Helper()
	w.atHome(".gitconfig", "[url \""+base+"\"]\n\tinsteadOf = "+of+"\n", 0o600)
}

// sources are the files of a module at the root of a repository and of one in
// the directory sub.
func sources(path string) map[string]string {
	return map[string]string{
		"go.mod": "module " + path + "\n\ngo 1.20\n", "p.go": "package p\n",
		"sub/go.mod": "module " + path + "/sub\n\ngo 1.20\n", "sub/p.go": "package p\n",
	}
}

// repo makes a repository with release v1.0.0 of both modules of sources.
func (w *world) repo(path string) *fakenet.Repo {
	r := fakenet.NewRepo(w.t)
	r.Commit(sources(path))
	r.Tag("v1.0.0", "sub/v1.0.0")
	return r
}

// github starts the host of hosted.
func (w *world) github(options ...fakenet.Option) *fakenet.Forge {
	f := w.net.Forge("github.com", options...)
	f.Git("acme/x", w.repo("github.com/acme/x"))
	return f
}

// corp starts the host of paged, which has no page yet.
func (w *world) corp(options ...fakenet.Option) *fakenet.Forge {
	f := w.net.Forge("go.corp.example", options...)
	f.Git("x.git", w.repo("go.corp.example/x"))
	return f
}

// hostOnly is a world with github.com in it and nothing special.
func hostOnly(w *world) { w.github() }

// pageOnly is one with go.corp.example and its page.
func pageOnly(w *world) { w.corp().Page("go.corp.example/x", corp) }

// onHost has github.com answer everything with a fault, over a protocol in
// which git tells each by its own words every time.
func onHost(fault fakenet.Fault) func(*world) {
	return func(w *world) { w.github(fakenet.HTTP1).On("*", fault) }
}

func forgeScenarios() []scenario {
	trait := func(t fakenet.Trait) func(*world) { return func(w *world) { w.github(t) } }
	unfiltered := direct("host-without-filters", hosted, "ok", func(w *world) {
		r := w.repo("github.com/acme/x")
		r.Git("config", "uploadpack.allowFilter", "false")
		w.net.Forge("github.com").Git("acme/x", r)
	})
	unfiltered.unknown = unfilteredWhy
	all := []scenario{
		unfiltered,
		direct("host", hosted, "ok", hostOnly),
		direct("host-http1", hosted, "ok", trait(fakenet.HTTP1)),
		direct("host-subdirectory", "github.com/acme/x/sub@v1.0.0", "ok", hostOnly),
		direct("host-bitbucket", "bitbucket.org/acme/x@v1.0.0", "ok", func(w *world) {
			w.net.Forge("bitbucket.org").Git("acme/x", w.repo("bitbucket.org/acme/x"))
		}),
		direct("host-by-file", hosted, "ok", func(w *world) {
			w.instead(w.repo("github.com/acme/x").URL(), "https://github.com/acme/x")
		}),
		direct("host-by-loopback", hosted, "ok", func(w *world) {
			w.instead(w.net.Site(fakenet.HTTP, w.repo("github.com/acme/x")).URL()+"/", "https://github.com/")
		}),
		direct("host-refused-by-loopback", hosted, "Couldn't connect to server", func(w *world) {
			w.instead("http://"+w.net.Refused()+"/", "https://github.com/")
		}),
		direct("host-file-missing", hosted, "does not appear to be a git repository", func(w *world) {
			w.instead("file://"+filepath.ToSlash(w.home)+"/none/", "https://github.com/")
		}),
		direct("host-repository-unknown", "github.com/acme/y@v1.0.0", "repository 'https://github.com/acme/y/' not found", hostOnly),
		direct("host-down", hosted, "CONNECT tunnel failed, response 502", func(w *world) { w.github().Down() }),
		direct("host-redirects", hosted, "ok", func(w *world) {
			moved := w.net.Forge("moved.example")
			moved.Git("acme/x", w.repo("github.com/acme/x"))
			w.github().On("*", fakenet.RedirectTo(moved.URL()))
		}),
		direct("host-name-unknown", hosted, "Could not resolve host", func(w *world) {
			w.instead("https://no-such-host.invalid/", "https://github.com/")
		}, away...),
		direct("host-proxy-demands", hosted, "CONNECT tunnel failed, response 407", func(w *world) {
			w.github()
			via := w.net.HTTPProxy()
			via.Demand("user", "secret")
			w.env = append(w.env, via.Env()...)
		}),
		direct("host-silent", hosted, "", onHost(fakenet.Hang)),
		direct("host-malformed-path", "github.com/acme@v1.0.0", `invalid github.com import path "github.com/acme"`, hostOnly),
		direct("host-with-suffix", "github.com/acme/x.git@v1.0.0", "invalid version control suffix in github.com/ path", hostOnly),
		direct("host-example-net", "example.net/x@v1.0.0", "no modules on example.net", hostOnly),
		direct("host-rsc-io", "rsc.io@v1.0.0", "rsc.io is not a module", hostOnly),
		direct("host-network-off", hosted, "network disabled by cmdgonetlimit=0", hostOnly, "GODEBUG=cmdgonetlimit=0"),
	}
	for name, t := range map[string]fakenet.Trait{
		"unknown-ca": fakenet.UnknownCA, "expired": fakenet.Expired, "wrong-name": fakenet.WrongName, "misspoken": fakenet.Misspoken,
	} {
		all = append(all, direct("host-tls-"+name, hosted, "unable to access", trait(t)))
	}
	for name, f := range map[string]struct {
		fault fakenet.Fault
		said  string
	}{
		"401":     {fakenet.Status(401, "log in", "WWW-Authenticate", `Basic realm="x"`), "could not read Username for 'https://github.com'"},
		"403":     {fakenet.Status(403, "not for you"), "The requested URL returned error: 403"},
		"404":     {fakenet.Status(404, "not here"), "repository 'https://github.com/acme/x/' not found"},
		"410":     {fakenet.Status(410, "gone"), "The requested URL returned error: 410"},
		"429":     {fakenet.Status(429, "slow down"), "The requested URL returned error: 429"},
		"500":     {fakenet.Status(500, "broken"), "The requested URL returned error: 500"},
		"503":     {fakenet.Status(503, "busy"), "The requested URL returned error: 503"},
		"html":    {fakenet.HTML, "is this a git repository?"},
		"empty":   {fakenet.Empty, "unknown revision v1.0.0"},
		"hangup":  {fakenet.Hangup, "unable to access"},
		"garbage": {fakenet.Garbage, "unable to access"},
	} {
		all = append(all, direct("host-"+name, hosted, f.said, onHost(f.fault)))
	}
	return all
}

func forgeLoginScenarios() []scenario {
	const netrc = "machine github.com login user password secret\n"
	locked := func(prepare func(*world)) func(*world) {
		return func(w *world) {
			onHost(fakenet.Login("user", "secret"))(w)
			prepare(w)
		}
	}
	file := func(name, text string) func(*world) {
		return locked(func(w *world) { w.atHome(name, text, 0o600) })
	}
	helper := "[credential]\n\thelper = \"!f() { echo username=user; echo password=secret; }; f\"\n"
	return []scenario{
		direct("login-none", hosted, "Confirm the import path was entered correctly.", locked(func(*world) {})),
		direct("login-netrc", hosted, "ok", file(".netrc", netrc)),
		direct("login-netrc-wrong", hosted, "could not read Username", file(".netrc", "machine github.com login user password wrong\n")),
		direct("login-netrc-variable", hosted, "could not read Username", locked(func(w *world) {
			w.atHome("other", netrc, 0o600)
			w.env = append(w.env, "NETRC="+filepath.Join(w.home, "other"))
		})),
		direct("login-netrc-without-goauth", hosted, "ok", file(".netrc", netrc), "GOAUTH=off"),
		direct("login-helper", hosted, "ok", file(".gitconfig", helper)),
		direct("login-helper-broken", hosted, "could not read Username", file(".gitconfig", "[credential]\n\thelper = \"!exit 1\"\n")),
		direct("login-header", hosted, "ok", file(".gitconfig", "[http \"https://github.com/\"]\n\textraHeader = Authorization: Basic dXNlcjpzZWNyZXQ=\n")),
		direct("login-in-url", hosted, "ok", locked(func(w *world) { w.instead("https://user:secret@github.com/", "https://github.com/") })),
		direct("login-in-url-wrong", hosted, "Authentication failed", locked(func(w *world) { w.instead("https://user:wrong@github.com/", "https://github.com/") })),
	}
}

// suffixScenarios have paths that tell their version control system.
func suffixScenarios() []scenario {
	const mod, insecure = "go.corp.example/x.git@v1.0.0", "GOINSECURE=go.corp.example"
	forge := func(w *world) *fakenet.Forge {
		f := w.net.Forge("go.corp.example")
		f.Git("x", w.repo("go.corp.example/x.git"))
		return f
	}
	plain := func(w *world) { f := forge(w); f.Plain(); f.Down() }
	up := func(w *world) { forge(w) }
	down := func(w *world) { forge(w).Down() }
	return []scenario{
		direct("suffix", mod, "ok", up),
		direct("suffix-subdirectory", "go.corp.example/x.git/sub@v1.0.0", "ok", up),
		direct("suffix-tag-missing", "go.corp.example/x.git@v1.9.9", "unknown revision v1.9.9", up),
		direct("suffix-ssh", mod, "ok", func(w *world) {
			forge(w).Down()
			w.env = append(w.env, fakenet.SSHInto(w.repo("go.corp.example/x.git"))...)
		}),
		direct("suffix-down", mod, "no secure protocol found for repository", down),
		direct("suffix-plain", mod, "no secure protocol found for repository", plain),
		direct("suffix-insecure", mod, "ok", plain, insecure),
		direct("suffix-insecure-down", mod, "no protocol found for repository", down, insecure),
		direct("suffix-hg-missing", "go.corp.example/x.hg@v1.0.0", "no secure protocol found for repository", up),
		direct("suffix-svn", "go.corp.example/x.svn@v1.0.0", "GOVCS disallows using svn for public go.corp.example/x.svn", up),
		direct("suffix-git-missing", mod, "no secure protocol found for repository", func(w *world) { forge(w); w.withoutGit() }),
		direct("suffix-disallowed", mod, "no secure protocol found for repository", up, "GIT_ALLOW_PROTOCOL=ssh"),
		direct("suffix-govcs", mod, "GOVCS disallows using git for public go.corp.example/x.git", up, "GOVCS=*:off"),
	}
}

// withoutGit leaves both commands a PATH with nothing but go in it.
func (w *world) withoutGit() {
	w.t.Helper()
	file, err := exec.LookPath("go")
	if err == nil {
		file, err = filepath.EvalSymlinks(file)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.env = append(w.env, "PATH="+filepath.Dir(file))
}

func sshScenarios() []scenario {
	const url = "ssh://git@git.corp.example/"
	saying := func(words string) func(*world) {
		return func(w *world) {
			w.instead(url, "https://github.com/")
			w.env = append(w.env, fakenet.SSH(w.t, words)...)
		}
	}
	into := func(base string) func(*world) {
		return func(w *world) {
			w.instead(base, "https://github.com/")
			w.env = append(w.env, fakenet.SSHInto(w.repo("github.com/acme/x"))...)
		}
	}
	all := []scenario{
		direct("ssh", hosted, "ok", into(url)),
		direct("ssh-short", hosted, "ok", into("git@git.corp.example:")),
		direct("ssh-tag-missing", "github.com/acme/x@v1.9.9", "unknown revision v1.9.9", into(url)),
		direct("ssh-disallowed", hosted, "transport 'ssh' not allowed", into(url), "GIT_ALLOW_PROTOCOL=https"),
		direct("ssh-page", paged, "ok", func(w *world) {
			w.corp().Page("go.corp.example/x", "go.corp.example/x git ssh://git@git.corp.example/x.git")
			w.env = append(w.env, fakenet.SSHInto(w.repo("go.corp.example/x"))...)
		}),
	}
	for name, words := range map[string]string{
		"denied": fakenet.SSHDenied, "unknown-key": fakenet.SSHUnknownKey, "changed-key": fakenet.SSHChangedKey,
		"refused": fakenet.SSHRefused, "timeout": fakenet.SSHTimeout, "no-such-host": fakenet.SSHNoHost, "closed": fakenet.SSHClosed,
	} {
		first, _, _ := strings.Cut(words, "\r")
		all = append(all, direct("ssh-"+name, hosted, first, saying(words)))
	}
	passphrase := direct("ssh-passphrase", hosted, "Permission denied (publickey)", func(w *world) {
		saying(fakenet.SSHDenied)(w)
		if err := os.Mkdir(filepath.Join(w.home, ".ssh"), 0o700); err != nil {
			w.t.Fatal(err)
		}
		w.atHome(".ssh/id_rsa", "-----BEGIN ENCRYPTED PRIVATE KEY-----\n", 0o600)
	})
	passphrase.unknown = "at a terminal ssh would ask for the passphrase"
	return append(all, passphrase)
}

func gitSettingScenarios() []scenario {
	configured := func(text string) func(*world) {
		return func(w *world) { w.github(); w.atHome(".gitconfig", text, 0o600) }
	}
	untrusted := func(w *world) { w.github(fakenet.UnknownCA) }
	return []scenario{
		direct("git-missing", hosted, `exec: "git": executable file not found in $PATH`, func(w *world) { w.github(); w.withoutGit() }),
		direct("git-missing-page", paged, `exec: "git": executable file not found in $PATH`, func(w *world) { pageOnly(w); w.withoutGit() }),
		direct("git-broken-config", hosted, "unable to resolve git version: failed to execute git version: exit status 128", configured("[nonsense\n")),
		direct("git-config-never", hosted, "transport 'https' not allowed", configured("[protocol \"https\"]\n\tallow = never\n")),
		direct("git-disallowed", hosted, "transport 'https' not allowed", hostOnly, "GIT_ALLOW_PROTOCOL=ssh"),
		direct("git-unverified", hosted, "ok", untrusted, "GIT_SSL_NO_VERIFY=true"),
		direct("git-unverified-config", hosted, "ok", func(w *world) { untrusted(w); w.atHome(".gitconfig", "[http]\n\tsslVerify = false\n", 0o600) }),
		direct("git-own-proxy", hosted, "ok", func(w *world) {
			w.github()
			w.atHome(".gitconfig", "[http]\n\tproxy = "+w.net.HTTPProxy().URL()+"\n", 0o600)
		}, away...),
		// As in a hook of git.
		direct("git-dir-in-the-way", hosted, "fatal: not a git repository", func(w *world) {
			w.github()
			w.env = append(w.env, "GIT_DIR="+w.t.TempDir())
		}),
		direct("git-user-hooks", hosted, "ok", configured("[core]\n\thooksPath = /none\n[log]\n\tdecorate = full\n")),
	}
}
