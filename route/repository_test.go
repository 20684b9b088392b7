package route_test

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/route"
)

func TestStaticRepository(t *testing.T) {
	git := func(url, root string) route.Repository { return route.Repository{VCS: "git", URL: url, Root: root} }
	tests := []struct {
		name, path string
		want       route.Repository
		refusal    string
	}{
		{"root", "github.com/acme/x", git("https://github.com/acme/x", "github.com/acme/x"), ""},
		{"below", "github.com/acme/x/sub/v2", git("https://github.com/acme/x", "github.com/acme/x"), ""},
		{"capitals", "github.com/Acme/X", git("https://github.com/Acme/X", "github.com/Acme/X"), ""},
		{"owner alone", "github.com/acme", route.Repository{}, `invalid github.com import path "github.com/acme"`},
		{"host alone", "github.com", route.Repository{}, `invalid github.com import path "github.com"`},
		{"tilde", "github.com/acme/~x", route.Repository{}, `invalid github.com import path "github.com/acme/~x"`},
		{"suffix of git", "github.com/acme/x.git", route.Repository{}, "invalid version control suffix in github.com/ path"},
		{"suffix of another", "github.com/acme/x.fossil/sub", route.Repository{}, "invalid version control suffix in github.com/ path"},
		{"suffix below", "github.com/acme/x/y.git", git("https://github.com/acme/x", "github.com/acme/x"), ""},
		{"dot in the name", "github.com/acme/x.go", git("https://github.com/acme/x.go", "github.com/acme/x.go"), ""},
		{"a host that begins alike", "github.community/acme/x", route.Repository{}, ""},
		{"bitbucket", "bitbucket.org/acme/x/sub", git("https://bitbucket.org/acme/x", "bitbucket.org/acme/x"), ""},
		{"bitbucket with suffix", "bitbucket.org/acme/x.git", route.Repository{}, "invalid version control suffix in bitbucket.org/ path"},
		{"jazz", "hub.jazz.net/git/acme/x/y", git("https://hub.jazz.net/git/acme/x", "hub.jazz.net/git/acme/x"), ""},
		{"jazz with a capital", "hub.jazz.net/git/Acme/x", route.Repository{}, `invalid hub.jazz.net/git import path "hub.jazz.net/git/Acme/x"`},
		{"jazz elsewhere", "hub.jazz.net/other/x", route.Repository{}, ""},
		{"apache", "git.apache.org/x.git/y", git("https://git.apache.org/x.git", "git.apache.org/x.git"), ""},
		{"apache without suffix", "git.apache.org/x", route.Repository{}, `invalid git.apache.org import path "git.apache.org/x"`},
		{"openstack", "git.openstack.org/acme/x/y", git("https://git.openstack.org/acme/x", "git.openstack.org/acme/x"), ""},
		{"openstack with suffix", "git.openstack.org/acme/x.git", git("https://git.openstack.org/acme/x.git", "git.openstack.org/acme/x.git"), ""},
		{"chisel", "chiselapp.com/user/acme/repository/x", route.Repository{VCS: "fossil", URL: "https://chiselapp.com/user/acme/repository/x", Root: "chiselapp.com/user/acme/repository/x"}, ""},
		{"below chisel", "chiselapp.com/user/acme/repository/x/y", route.Repository{}, `invalid chiselapp.com import path "chiselapp.com/user/acme/repository/x/y"`},
		{"suffix", "corp.example/x.git", git("//corp.example/x", "corp.example/x.git"), ""},
		{"suffix and below", "corp.example/a/x.git/sub/v2", git("//corp.example/a/x", "corp.example/a/x.git"), ""},
		{"the last suffix counts", "corp.example/x.git/y.hg", route.Repository{VCS: "hg", URL: "//corp.example/x.git/y", Root: "corp.example/x.git/y.hg"}, ""},
		{"user", "corp.example/~me/x.svn", route.Repository{VCS: "svn", URL: "//corp.example/~me/x", Root: "corp.example/~me/x.svn"}, ""},
		{"address", "127.0.0.1/x.hg", route.Repository{VCS: "hg", URL: "//127.0.0.1/x", Root: "127.0.0.1/x.hg"}, ""},
		{"from the middle", "corp.example/a~b/c.d/x.git", git("//c.d/x", "c.d/x.git"), ""},
		{"suffix of the host", "corp.git/x", route.Repository{}, ""},
		{"suffix alone", "corp.example/.git", route.Repository{}, ""},
		{"another suffix", "corp.example/x.cvs", route.Repository{}, ""},
		{"nothing known", "go.corp.example/x", route.Repository{}, ""},
		{"launchpad is asked", "launchpad.net/x", route.Repository{}, ""},
		{"example.net", "example.net/x", route.Repository{}, "no modules on example.net"},
		{"beside example.net", "example.network/x", route.Repository{}, ""},
		{"rsc.io", "rsc.io", route.Repository{}, "rsc.io is not a module"},
		{"below rsc.io", "rsc.io/quote", route.Repository{}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, refusal := route.StaticRepository(test.path)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("repository (-want +got):\n%s", diff)
			}
			if refusal != test.refusal {
				t.Errorf("refusal %q, want %q", refusal, test.refusal)
			}
		})
	}
}

func TestLaunchpadRepository(t *testing.T) {
	bzr := func(root string) route.Repository {
		return route.Repository{VCS: "bzr", URL: "https://" + root, Root: root}
	}
	tests := []struct {
		name, path    string
		want, project route.Repository
		series        string
		ok            bool
	}{
		{"project", "launchpad.net/x", bzr("launchpad.net/x"), route.Repository{}, "", true},
		{
			"series or directory", "launchpad.net/x/y/z", bzr("launchpad.net/x/y"), bzr("launchpad.net/x"),
			"https://code.launchpad.net/x/y/.bzr/branch-format", true,
		},
		{"branch of a person", "launchpad.net/~me/x/y/z", bzr("launchpad.net/~me/x/y"), route.Repository{}, "", true},
		{"half a branch", "launchpad.net/~me/x", route.Repository{}, route.Repository{}, "", false},
		{"another host", "launchpad.example/x", route.Repository{}, route.Repository{}, "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, project, page, ok := route.LaunchpadRepository(test.path)
			series := route.Redacted(page)
			if diff := cmp.Diff([]route.Repository{test.want, test.project}, []route.Repository{got, project}); diff != "" {
				t.Errorf("repositories (-want +got):\n%s", diff)
			}
			if series != test.series || ok != test.ok {
				t.Errorf("series %q, %v; want %q, %v", series, ok, test.series, test.ok)
			}
		})
	}
}

func TestRemotes(t *testing.T) {
	const path = "corp.example/x.git/y"
	remotes := func(schemes ...string) (urls []string) {
		for _, s := range schemes {
			urls = append(urls, s+"://corp.example/x")
		}
		return urls
	}
	tests := []struct {
		name, vcs, url string
		env            []string
		want           []string
	}{
		{"scheme known", "git", "http://corp.example/x", nil, remotes("http")},
		{"git", "git", "//corp.example/x", nil, remotes("https", "git+ssh", "ssh")},
		{"git, insecure", "git", "//corp.example/x", []string{"GOINSECURE=corp.example"}, remotes("git", "https", "http", "git+ssh", "ssh")},
		{"GOINSECURE of another", "git", "//corp.example/x", []string{"GOINSECURE=other.example"}, remotes("https", "git+ssh", "ssh")},
		{"git has other protocols", "git", "//corp.example/x", []string{"GIT_ALLOW_PROTOCOL=ssh:git:file"}, remotes("git", "ssh")},
		{"git has none of them", "git", "//corp.example/x", []string{"GIT_ALLOW_PROTOCOL=file"}, nil},
		{"git has others, insecure", "git", "//corp.example/x", []string{"GIT_ALLOW_PROTOCOL=file", "GOINSECURE=*"}, remotes("git", "https", "http", "git+ssh", "ssh")},
		{"others do not care", "hg", "//corp.example/x", []string{"GIT_ALLOW_PROTOCOL=file"}, remotes("https", "ssh")},
		{"svn", "svn", "//corp.example/x", nil, remotes("https", "svn+ssh")},
		{"bzr, insecure", "bzr", "//corp.example/x", []string{"GOINSECURE=*"}, remotes("https", "http", "bzr", "bzr+ssh")},
		{"fossil", "fossil", "//corp.example/x", nil, remotes("https")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			env := route.ParseEnv(route.Sources{Process: test.env, OS: "linux"})
			got := env.Remotes(route.Repository{VCS: test.vcs, URL: test.url}, path)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("remotes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUnusable(t *testing.T) {
	tests := []struct {
		name string
		r    route.Repository
		want string
	}{
		{"good", route.Repository{VCS: "git", URL: "https://corp.example/x"}, ""},
		{"proxy", route.Repository{VCS: "mod", URL: "http://corp.example", Subdir: "a/b"}, ""},
		{"no scheme", route.Repository{VCS: "git", URL: "corp.example/x"}, `invalid repo root "corp.example/x": no scheme`},
		{"as ssh has it", route.Repository{VCS: "git", URL: "git@corp.example:x"}, `invalid repo root "git@corp.example:x": parse "git@corp.example:x": first path segment in URL cannot contain colon`},
		{"as ssh has it, with a token", route.Repository{VCS: "git", URL: "tok@corp.example:x"}, `invalid repo root "xxxxx@corp.example:x": parse "xxxxx@corp.example:x": first path segment in URL cannot contain colon`},
		{"file", route.Repository{VCS: "git", URL: "file:///x"}, `invalid repo root "file:///x": file scheme disallowed`},
		{"no URL", route.Repository{VCS: "git", URL: "https://corp.example/%zz"}, `invalid repo root "https://corp.example/%zz": parse "https://corp.example/%zz": invalid URL escape "%zz"`},
		{"no URL, with a password", route.Repository{VCS: "git", URL: "https://me:pw@corp.example:x"}, `invalid repo root "https://me:xxxxx@corp.example:x": parse "https://me:xxxxx@corp.example:x": invalid port "xxxxx" after host`},
		{"slash", route.Repository{VCS: "git", URL: "https://corp.example/x", Subdir: "/a"}, `invalid subdirectory "/a": leading slash`},
		{"hyphen", route.Repository{VCS: "git", URL: "https://corp.example/x", Subdir: "-a"}, `invalid subdirectory "-a": leading hyphen`},
		{"system", route.Repository{VCS: "cvs", URL: "https://corp.example/x"}, `unknown vcs "cvs"`},
		{"no system, no scheme", route.Repository{VCS: "Git", URL: "x", Subdir: "/"}, `invalid subdirectory "/": leading slash`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := test.r.Unusable(); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestRedactedUser(t *testing.T) {
	for user, want := range map[*url.Userinfo]string{
		url.User("git"):               "ssh://git@h.test/x",
		url.User("tok"):               "ssh://xxxxx@h.test/x",
		url.UserPassword("git", "pw"): "ssh://git:xxxxx@h.test/x",
		url.UserPassword("git", ""):   "ssh://git:xxxxx@h.test/x",
	} {
		if got := route.Redacted(&url.URL{Scheme: "ssh", User: user, Host: "h.test", Path: "/x"}); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestRedactedPage(t *testing.T) {
	for query, want := range map[string]string{
		route.PageQuery:          "https://me:xxxxx@go.corp.example/x?go-get=1",
		route.PageQuery + "&t=1": "https://me:xxxxx@go.corp.example/x?xxxxx",
		"token=" + "go-get=1":    "https://me:xxxxx@go.corp.example/x?xxxxx",
	} {
		u := &url.URL{Scheme: "https", User: url.UserPassword("me", "pw"), Host: "go.corp.example", Path: "/x", RawQuery: query}
		if got := route.Redacted(u); got != want {
			t.Errorf("query %s: got %s, want %s", query, got, want)
		}
	}
}
