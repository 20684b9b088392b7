package fakenet

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/http/cgi"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/module"
)

// Repo is a bare git repository on disk. The same calls with the same texts
// make the same hashes on every machine. It has no useful zero value; use
// [NewRepo].
//
// It is reached by [Repo.URL], by an ssh of [SSHInto], and as an
// [http.Handler]: given to [Net.Site] it is served there by git's smart HTTP
// protocol, at every path, with all that can go wrong at a site.
type Repo struct {
	t   testing.TB
	dir string
	now time.Time // of the next commit
}

// firstCommit is when the first commit of every repository was made; each
// later one follows after commitStep. Both are whole seconds, as git keeps them.
var firstCommit = time.Date(2020, time.January, 1, 0, 0, 0, 0, time.UTC)

const commitStep = time.Hour

// NewRepo makes an empty repository, whose HEAD is the branch main that does
// not exist yet. As the forges do, it lets a client filter what it fetches.
// Where there is no git, the test is skipped.
func NewRepo(t testing.TB) *Repo {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git here")
	}
	r := &Repo{t: t, dir: filepath.Join(t.TempDir(), "repo.git"), now: firstCommit}
	r.run(nil, "init", "--quiet", "--bare", "--template=", "--initial-branch=main", r.dir)
	r.Git("config", "uploadpack.allowFilter", "true")
	return r
}

// Commit is one commit of a repository.
type Commit struct {
	Hash string // 40 hexadecimal digits
	Time time.Time
}

// Pseudo returns the pseudo-version of the commit for a major version as in
// "v1", empty for "v0" or "v1" without a tag. older is the tag it follows;
// empty if there is none.
func (c Commit) Pseudo(major, older string) string {
	return module.PseudoVersion(major, older, c.Time, c.Hash[:12])
}

// Commit puts a commit on top of main. files are added to those of the commit
// before, by their path with slashes; one with an empty text is removed.
func (r *Repo) Commit(files map[string]string) Commit {
	r.t.Helper()
	return r.CommitOn("main", files)
}

// CommitOn puts a commit on top of a branch, which may be a new one: that
// begins with no files and no past. To begin at another commit, make the
// branch by [Repo.Branch] first.
func (r *Repo) CommitOn(branch string, files map[string]string) Commit {
	r.t.Helper()
	c := Commit{Time: r.now}
	r.now = r.now.Add(commitStep)
	ref := "refs/heads/" + branch

	var script bytes.Buffer
	fmt.Fprintf(&script, "commit %s\nmark :1\ncommitter %s\n%s", ref, signature(c.Time), data("a change"))
	if r.run(nil, "for-each-ref", ref) != "" {
		fmt.Fprintf(&script, "from %s^0\n", ref)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if files[name] == "" {
			fmt.Fprintf(&script, "D %s\n", name)
			continue
		}
		fmt.Fprintf(&script, "M 100644 inline %s\n%s", name, data(files[name]))
	}
	script.WriteString("get-mark :1\n")
	c.Hash = r.run(script.Bytes(), "fast-import", "--quiet")
	return c
}

// Branch makes a branch, or moves it, to what a revision means.
func (r *Repo) Branch(name, revision string) {
	r.t.Helper()
	r.Git("update-ref", "refs/heads/"+name, revision)
}

// Tag gives the tip of main light tags.
func (r *Repo) Tag(names ...string) {
	r.t.Helper()
	for _, name := range names {
		r.TagAt(name, "main")
	}
}

// TagAt gives what a revision means a light tag.
func (r *Repo) TagAt(name, revision string) {
	r.t.Helper()
	r.Git("update-ref", "refs/tags/"+name, revision+"^{commit}")
}

// Annotate gives the tip of main a tag with a message of its own.
func (r *Repo) Annotate(name string) {
	r.t.Helper()
	r.Git("tag", "--annotate", "--message=a release", name, "main")
}

// Git runs a git command in the repository and returns what it prints, without
// the last line end. It is for what has no method: deleting a branch, breaking
// HEAD, changing the configuration.
func (r *Repo) Git(args ...string) string {
	r.t.Helper()
	return r.run(nil, args...)
}

// Dir returns the directory of the repository.
func (r *Repo) Dir() string { return r.dir }

// URL returns the repository's "file://" URL.
func (r *Repo) URL() string {
	dir := filepath.ToSlash(r.dir)
	if !strings.HasPrefix(dir, "/") {
		dir = "/" + dir // a drive of Windows
	}
	return "file://" + dir
}

// ServeHTTP serves the repository, whatever path it is asked for below. A
// browser gets a page.
func (r *Repo) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	service := gitService(req.URL.Path)
	if service == "" {
		Status(http.StatusOK, "a repository\n")(w, req, nil)
		return
	}
	git, err := exec.LookPath("git")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	backend := cgi.Handler{
		Path: git, Args: []string{"http-backend"}, Dir: r.dir,
		Root: strings.TrimSuffix(req.URL.Path, service),
		Env:  append(r.environment(), "GIT_PROJECT_ROOT="+r.dir, "GIT_HTTP_EXPORT_ALL=1"),
		// What goes wrong here is meant to; the client's view is what counts.
		Stderr: new(bytes.Buffer),
	}
	backend.ServeHTTP(w, req)
}

// gitService returns the end of a URL's path that tells what a git client
// wants of a repository; empty if it is no git client.
func gitService(urlPath string) string {
	for _, service := range []string{"/info/refs", "/git-upload-pack"} {
		if strings.HasSuffix(urlPath, service) {
			return service
		}
	}
	return ""
}

// run runs git in the repository and returns what it prints, without the last
// line end.
func (r *Repo) run(stdin []byte, args ...string) string {
	r.t.Helper()
	cmd := exec.CommandContext(r.t.Context(), "git", args...)
	cmd.Env = append(r.environment(), "PATH="+os.Getenv("PATH"), "SYSTEMROOT="+os.Getenv("SYSTEMROOT"))
	if args[0] != "init" {
		cmd.Dir = r.dir
	}
	cmd.Stdin = bytes.NewReader(stdin)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		r.t.Fatalf("fakenet: running git %s: %v\n%s", args[0], err, errs.String())
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// environment cuts git off from the settings of this machine, and gives it a
// name and a time, so that hashes repeat.
func (r *Repo) environment() []string {
	date := fmt.Sprintf("%d +0000", r.now.Unix())
	return []string{
		"HOME=" + r.dir,
		"GIT_CONFIG_NOSYSTEM=1",
		"GIT_CONFIG_GLOBAL=" + os.DevNull,
		"GIT_AUTHOR_NAME=Gopher", "GIT_AUTHOR_EMAIL=gopher@corp.example", "GIT_AUTHOR_DATE=" + date,
		"GIT_COMMITTER_NAME=Gopher", "GIT_COMMITTER_EMAIL=gopher@corp.example", "GIT_COMMITTER_DATE=" + date,
	}
}

// signature is who and when of a commit, for git fast-import.
func signature(at time.Time) string {
	return fmt.Sprintf("Gopher <gopher@corp.example> %d +0000", at.Unix())
}

// data is a text as git fast-import takes it.
func data(text string) string { return fmt.Sprintf("data %d\n%s\n", len(text), text) }
