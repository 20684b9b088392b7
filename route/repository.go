package route

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Repository is where the versions of a module are kept.
type Repository struct {
	// VCS is the version control system by the name of its command: git, hg,
	// svn, bzr or fossil; or [ModVCS].
	VCS string
	// URL is where the repository is; of ModVCS the base of the proxy. It may
	// hold a password: print it with [Redact]. One that begins with "//" has
	// no scheme yet: [Env.Remotes] gives the URLs to try.
	URL string
	// Root is the import path that the repository, or Subdir in it, stands for.
	Root string
	// Subdir is the directory of the repository that Root stands for; empty
	// for all of it.
	Subdir string
}

// ModVCS stands in a go-import tag where others name a version control system:
// the modules are served by a proxy.
const ModVCS = "mod"

// Unusable tells why the go command does not use a repository that a go-import
// tag names; empty if it does.
func (r Repository) Unusable() string {
	bad := func(what, value, why string) string { return fmt.Sprintf("invalid %s %q: %s", what, value, why) }
	switch {
	case strings.HasPrefix(r.Subdir, "/"):
		return bad("subdirectory", r.Subdir, "leading slash")
	case strings.HasPrefix(r.Subdir, "-"):
		return bad("subdirectory", r.Subdir, "leading hyphen")
	}
	u, err := url.Parse(r.URL)
	switch {
	case err != nil:
		return bad("repo root", redactEntry(r.URL), redactParseError(r.URL, err))
	case u.Scheme == "":
		return bad("repo root", redactEntry(r.URL), "no scheme")
	case u.Scheme == "file":
		return bad("repo root", redactEntry(r.URL), "file scheme disallowed")
	case r.VCS != ModVCS && titles[r.VCS] == "":
		return fmt.Sprintf("unknown vcs %q", r.VCS)
	}
	return ""
}

// PageQuery is the query with which the go command asks a host for the page of
// a module path.
const PageQuery = "go-get=1"

// titles are the version control systems the go command knows, by command.
var titles = map[string]string{"hg": "Mercurial", "git": "Git", "svn": "Subversion", "bzr": "Bazaar", "fossil": "Fossil"}

// VCSTitle gives the name of a version control system for its command, as the
// go command writes it; empty for one that the go command does not know.
func VCSTitle(vcs string) string { return titles[vcs] }

// forge is a host whose repositories the go command finds without asking.
type forge struct {
	// under is where the paths of the forge begin.
	under string
	vcs   string
	// path matches those that lead to a repository; its first group is the root.
	path *regexp.Regexp
	// bare reports that a root must not end like ".git".
	bare bool
}

// The elements of paths in the table of the go command: one of any kind, and
// all that may follow after a root.
const (
	anyName = `[\w.\-]+`
	beyond  = `(?:/` + anyName + `)*$`
)

// forges is the table of cmd/go/internal/vcs.
var forges = []forge{
	{"github.com", "git", regexp.MustCompile(`^(github\.com/` + anyName + `/` + anyName + `)` + beyond), true},
	{"bitbucket.org", "git", regexp.MustCompile(`^(bitbucket\.org/` + anyName + `/` + anyName + `)` + beyond), true},
	{"hub.jazz.net/git", "git", regexp.MustCompile(`^(hub\.jazz\.net/git/[a-z0-9]+/` + anyName + `)` + beyond), true},
	{"git.apache.org", "git", regexp.MustCompile(`^(git\.apache\.org/[a-z0-9_.\-]+\.git)` + beyond), false},
	{"git.openstack.org", "git", regexp.MustCompile(`^(git\.openstack\.org/` + anyName + `/` + anyName + `)(?:\.git)?` + beyond), false},
	{"chiselapp.com", "fossil", regexp.MustCompile(`^(chiselapp\.com/user/[A-Za-z0-9]+/repository/` + anyName + `)$`), false},
}

// suffixed matches a path with an element that names its version control
// system, on any host. The groups are the root, the root without the suffix,
// and the system. Like the go command's it may match from the middle of a path.
var suffixed = regexp.MustCompile(`(([a-z0-9.\-]+\.[a-z0-9.\-]+(?::[0-9]+)?(?:/~?` + anyName + `)+?)\.(bzr|fossil|git|hg|svn))(?:/~?` + anyName + `)*$`)

// StaticRepository tells what the go command knows of the repository of a
// module path before it asks anybody. It gives the repository, or what the go
// command prints instead of looking for it, or neither: then the host of the
// path has to be asked for a page with a go-import tag. Whether GOVCS allows
// the repository is for [Env.VCSAllowed].
func StaticRepository(modulePath string) (r Repository, refusal string) {
	if within(modulePath, "example.net") {
		return r, "no modules on example.net"
	}
	if modulePath == "rsc.io" {
		return r, "rsc.io is not a module"
	}
	for _, f := range forges {
		if !within(modulePath, f.under) {
			continue
		}
		m := f.path.FindStringSubmatch(modulePath)
		if m == nil {
			return r, fmt.Sprintf("invalid %s import path %q", f.under, modulePath)
		}
		root := m[1]
		dot := strings.LastIndexByte(root, '.') + 1
		if f.bare && titles[root[dot:]] != "" {
			return r, fmt.Sprintf("invalid version control suffix in %s/ path", f.under)
		}
		return Repository{VCS: f.vcs, URL: "https://" + root, Root: root}, ""
	}
	if m := suffixed.FindStringSubmatch(modulePath); m != nil {
		return Repository{VCS: m[3], URL: "//" + m[2], Root: m[1]}, ""
	}
	return r, ""
}

// launchpad matches the paths of the one host that the go command knows but
// asks all the same. The groups are the root, the project, and the name of a
// series or directory after it.
var launchpad = regexp.MustCompile(`^(launchpad\.net/(?:(` + anyName + `)(/` + anyName + `)?|~` + anyName + `/(?:\+junk|` + anyName + `)/` + anyName + `))` + beyond)

// LaunchpadRepository gives the repository that the go command takes for a path
// under launchpad.net when everything else has failed; ok is false for a path
// that has none. Where the second element may be a series of the project or a
// directory in it, series is the page that exists only for a series, and
// project the repository to take in the other case; else series is nil.
func LaunchpadRepository(modulePath string) (r, project Repository, series *url.URL, ok bool) {
	m := launchpad.FindStringSubmatch(modulePath)
	if m == nil {
		return r, project, nil, false
	}
	at := func(root string) Repository { return Repository{VCS: "bzr", URL: "https://" + root, Root: root} }
	if m[2] != "" && m[3] != "" {
		series = &url.URL{Scheme: "https", Host: "code.launchpad.net", Path: "/" + m[2] + m[3] + "/.bzr/branch-format"}
		project = at("launchpad.net/" + m[2])
	}
	return at(m[1]), project, series, true
}

// schemes are those of the URLs that the go command tries for a repository
// without one, in its order.
var schemes = map[string][]string{
	"git":    {"git", "https", "http", "git+ssh", "ssh"},
	"hg":     {"https", "http", "ssh"},
	"svn":    {"https", "http", "svn", "svn+ssh"},
	"bzr":    {"https", "http", "bzr", "bzr+ssh"},
	"fossil": {"https", "http"},
}

// secure are the schemes the go command trusts; for git, GIT_ALLOW_PROTOCOL
// names others in their place.
var secure = []string{"https", "git+ssh", "bzr+ssh", "svn+ssh", "ssh"}

// Remotes gives the URLs that the go command tries for the repository of a
// module path, in its order: of a repository without a scheme one for each that
// is secure enough, which for a module that GOINSECURE covers is every one.
func (e Env) Remotes(r Repository, modulePath string) []string {
	if !strings.HasPrefix(r.URL, "//") {
		return []string{r.URL}
	}
	trusted := secure
	if allow := e.Get("GIT_ALLOW_PROTOCOL").Value; allow != "" && r.VCS == "git" {
		trusted = strings.Split(allow, ":")
	}
	_, insecure := e.Insecure(modulePath)
	var urls []string
	for _, scheme := range schemes[r.VCS] {
		if insecure || slices.Contains(trusted, scheme) {
			urls = append(urls, scheme+":"+r.URL)
		}
	}
	return urls
}

// within reports whether a path is that of prefix or below it.
func within(modulePath, prefix string) bool {
	rest, ok := strings.CutPrefix(modulePath, prefix)
	return ok && (rest == "" || rest[0] == '/')
}
