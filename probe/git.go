package probe

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/modreach/modreach/route"
)

// maxGits bounds the git processes at work at once: enough to hide the way to a
// forge, few enough that it takes us for one careful user.
const maxGits = 6

// git runs the git binary, so that its settings, credential helpers, ssh keys,
// proxies and certificate authorities are the user's own, as they are for the
// go command.
type git struct {
	env   route.Env
	slots chan struct{} // holds a token for each process at work

	scratchSpace
}

func newGit(env route.Env) *git {
	return &git{env: env, slots: make(chan struct{}, maxGits)}
}

// guards are settings of git for a process that nobody watches. They switch off
// what could run a program of the repository's or wait for a person, and leave
// alone what decides how a repository is reached.
var guards = []string{
	"-c", "core.hooksPath=" + os.DevNull,
	"-c", "init.templateDir=",
	"-c", "core.fsmonitor=false",
	"-c", "gc.auto=0",
	"-c", "maintenance.auto=false",
	"-c", "protocol.ext.allow=never",
}

// run runs git on a repository, which need not be there.
func (g *git) run(ctx context.Context, patience Patience, repo string, args ...string) outcome {
	if err := g.enter(ctx); err != nil {
		return outcome{err: err}
	}
	defer g.leave()
	return g.work(ctx, gitDeadline(patience), repo, nil, args...)
}

// enter waits until there is room for one git more, and takes it.
func (g *git) enter(ctx context.Context) error {
	select {
	case g.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// leave gives back the room that enter took.
func (g *git) leave() { <-g.slots }

// work is run for who has entered. extra is what git gets besides the usual
// environment.
func (g *git) work(ctx context.Context, limit time.Duration, repo string, extra []string, args ...string) outcome {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, errGitSilent)
	defer cancel()
	program, err := lookPath("git", g.env)
	if err != nil {
		return outcome{err: err}
	}
	return run(ctx, command{
		name: program, args: append(slices.Clip(guards), args...), dir: filepath.Dir(repo),
		env: append(g.environ(repo), extra...),
	})
}

// errGitSilent is a git that does not come to an end.
var errGitSilent = errors.New("git does not answer")

// gitDeadline is how long git may take for all that a request does in phases.
func gitDeadline(p Patience) time.Duration {
	return p.Connect + p.Handshake + p.FirstByte + p.Body
}

// listDeadline is how long a list of refs may take. All of it comes with the
// first byte or soon after, and a forge that is silent should not cost more than
// a proxy that is; one that answers others is given the long look.
func listDeadline(p Patience) time.Duration {
	return p.Connect + p.Handshake + p.FirstByte
}

// unattended keeps git, and what git runs, from asking anybody for a login.
var unattended = []string{
	"GIT_TERMINAL_PROMPT=0", "GCM_INTERACTIVE=never", "GIT_ASKPASS=", "SSH_ASKPASS=", "SSH_ASKPASS_REQUIRE=never",
}

// strays are the variables that lead git to the objects, the files or the
// templates of another repository, as in a hook of git: what is fetched for a
// check must not end up there.
var strays = []string{
	"GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_WORK_TREE",
	"GIT_INDEX_FILE", "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE", "GIT_REPLACE_REF_BASE", "GIT_TEMPLATE_DIR",
}

// environ is the environment of git: that of the go command, made unable to
// ask anybody anything. It speaks English, by which its words are understood.
func (g *git) environ(repo string) []string {
	env := slices.DeleteFunc(slices.Clone(g.env.Environ()), func(setting string) bool {
		name, _, _ := strings.Cut(setting, "=")
		return slices.Contains(strays, name)
	})
	env = append(append(env, unattended...), "GIT_DIR="+repo, "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0")
	if allowed := g.env.Get("GIT_ALLOW_PROTOCOL").Value; allowed != "" {
		kept := slices.DeleteFunc(strings.Split(allowed, ":"), func(protocol string) bool {
			return protocol == "ext" // it runs any command
		})
		env = append(env, "GIT_ALLOW_PROTOCOL="+strings.Join(kept, ":"))
	}
	return env
}

// listing is what git ls-remote tells of a repository.
type listing struct {
	refs refs
	// filters reports that its server can leave out files.
	filters bool
	// bare reports that the go command tells a failure without the version.
	bare bool
}

// listing lists the refs of a remote repository, once for all modules in it.
// The Answer is OK, or how the go command fails.
func (p *Prober) listing(ctx context.Context, remote string, patience Patience) (listing, Answer) {
	if ans := p.grounded(); ans.Outcome != Unasked {
		return listing{}, ans
	}
	l, _ := p.remotes.do(ctx, remote, patience, func(ctx context.Context) (gitListed, bool) {
		l, ans := p.lsRemote(ctx, remote, patience)
		return gitListed{l, ans}, ans.Outcome == OK
	})
	return l.listing, l.Answer
}

// gitListed is a listing and how it was come by.
type gitListed struct {
	listing
	Answer
}

func (p *Prober) lsRemote(ctx context.Context, remote string, patience Patience) (listing, Answer) {
	dir, err := p.git.scratch("empty")
	if err != nil {
		return listing{}, unsure("no room for git to work in: %v", err)
	}
	// The capabilities of the server are nowhere but in the trace.
	trace := dir + ".trace"
	defer func() { _ = os.Remove(trace) }() // all of the scratch space goes in the end
	if err := p.git.enter(ctx); err != nil {
		return listing{}, Answer{}
	}
	// Only now: while this waited, the forge may have been found dead.
	out, borrowed := p.forges.dead(ctx, p, remote, patience)
	if !borrowed {
		// go names the repository by its address first and by "origin" when it
		// knows it already; the address is the same.
		out = p.git.work(ctx, listDeadline(patience), dir, []string{"GIT_TRACE_PACKET=" + trace}, "ls-remote", "-q", "--end-of-options", remote)
	}
	p.git.leave()
	step, asked := []Step{{VCS, out.took}}, byHand("git ls-remote", hideUsers(remote))
	if out.err != nil {
		address := p.git.rewritten(ctx, remote, patience)
		ans := p.gitFailed(ctx, remote, address, out, patience)
		if ctx.Err() == nil && !borrowed {
			p.forges.failed(address, patience, out, ans.Fault)
		}
		var bare bool
		if _, _, warm := p.workDir(remote); !warm && ans.Outcome == Failed {
			// go wants to know its version before it makes a clone.
			if v := p.git.run(ctx, patience, dir, "version"); v.err != nil {
				bare, ans.Text = true, fmt.Sprintf("unable to resolve git version: failed to execute git version: %v", v.err)
			}
		}
		ans.Steps, ans.At, ans.Asked = step, time.Now(), asked
		return listing{bare: bare}, ans
	}
	p.forges.answered(ctx, p.git, remote, patience)
	packets, _ := readHead(trace, maxCapabilities) // without it nothing is known of filters
	l := listing{refs: parseRefs(out.stdout), filters: filters(packets)}
	return l, Answer{Outcome: OK, Steps: step, At: time.Now(), Asked: asked}
}

// maxCapabilities is how much is read of a trace, in bytes: what a server can do
// it says first, in some hundreds of them. All refs come after that.
const maxCapabilities = 64 << 10

// filters finds the capability "filter" in a trace of git's packets: of the
// command fetch in version 2 of the protocol, of the repository in version 0.
func filters(trace []byte) bool {
	for line := range bytes.Lines(trace) {
		_, packet, ok := bytes.Cut(line, []byte("< "))
		if !ok {
			continue
		}
		packet = bytes.TrimSpace(packet)
		if list, ok := bytes.CutPrefix(packet, []byte("fetch=")); ok && hasField(list, "filter") {
			return true
		}
		if _, list, ok := bytes.Cut(packet, []byte(`\0`)); ok && hasField(list, "filter") {
			return true
		}
	}
	return false
}

func hasField(list []byte, name string) bool {
	for f := range bytes.FieldsSeq(list) {
		if string(f) == name {
			return true
		}
	}
	return false
}

// gitFailed says what the go command makes of a git ls-remote that failed.
// It was led to address.
func (p *Prober) gitFailed(ctx context.Context, remote, address string, out outcome, patience Patience) Answer {
	dir, name, warm := p.workDir(remote)
	if missing := (*exec.Error)(nil); errors.As(out.err, &missing) {
		return Answer{
			Outcome: Failed, Fault: &Fault{Phase: VCS, Cause: VCSMissing, Detail: "git", Err: out.err},
			Text: fmt.Sprintf("git ls-remote -q --end-of-options %s in %s: %v", name, dir, missing),
		}
	}
	f := &Fault{Phase: VCS, Host: remoteHost(address), Err: out.err}
	switch {
	case errors.Is(out.err, errGitSilent):
		f.Cause = NoAnswer
		if f.Host != "" {
			f.Phase = Request // as far as anybody can tell, it is the host that is silent
		}
		return Answer{Outcome: Failed, Fault: f} // go would wait, and print nothing
	case errors.Is(out.err, errFlood):
		f.Cause = BadAnswer
		return Answer{Outcome: Unsure, Fault: f, Text: "git printed more than a repository can have to say"}
	}
	said := strings.TrimRight(string(out.stderr), "\n")
	told := gitCause(said)
	f.Cause, f.Status, f.Detail = told.cause, told.status, told.tool
	if told.phase != NoPhase {
		f.Phase = told.phase
	}
	if told.host != "" {
		f.Host = told.host
	}
	if f.Cause == HTTPProxyFailed || f.Cause == HTTPProxyAuth {
		f.Host = p.gitVia(ctx, address, patience)
	}
	ans := Answer{Outcome: Failed, Fault: f}
	ans.Text = fmt.Sprintf("git ls-remote -q --end-of-options %s in %s: %v", name, dir, out.err)
	if said != "" {
		ans.Text += ":\n\t" + strings.ReplaceAll(said, "\n", "\n\t")
	}
	if strings.Contains(said, "fatal: could not read Username") {
		ans.Text += "\n" + usernameHelp
		if asker := p.git.asker(ctx, patience); asker != "" {
			return Answer{Outcome: Unsure, Text: "git has no login at hand and would ask for one through " + asker + ", which a check must not", Fault: f}
		}
	}
	if strings.Contains(said, "Permission denied (publickey") {
		if key := lockedKey(p.opts.Env); key != "" {
			return Answer{Outcome: Unsure, Text: "ssh was denied, but would ask at a terminal for the passphrase of " + key + ", which a check must not; ssh-add makes it known", Fault: f}
		}
	}
	ans.Text = hideUsers(ans.Text)
	if warm && p.gone(ctx, remote, patience) {
		ans.Outcome = Miss
	}
	return ans
}

// usernameHelp is what the go command adds where git could not ask for a login.
const usernameHelp = "Confirm the import path was entered correctly.\n" +
	"If this is a private repository, see https://golang.org/doc/faq#git_https for additional information."

// asker names the program that git would have asked for a login; empty if
// there is none.
func (g *git) asker(ctx context.Context, patience Patience) string {
	for _, name := range []string{"GIT_ASKPASS", "SSH_ASKPASS"} {
		if g.env.Get(name).Value != "" {
			return name
		}
	}
	if dir, err := g.scratch("empty"); err == nil && g.run(ctx, patience, dir, "config", "core.askPass").err == nil {
		return "core.askPass"
	}
	return ""
}

// workDir gives the directory in which the go command keeps a repository, and
// the name it has there for the remote one. warm reports that it is there
// already.
func (p *Prober) workDir(remote string) (dir, name string, warm bool) {
	cache, err := p.opts.Env.ModCache()
	if err != nil {
		return "", remote, false // a route ends before it comes here
	}
	dir = filepath.Join(cache, "cache/vcs", fmt.Sprintf("%x", sha256.Sum256([]byte("git3:"+remote))))
	if _, err := os.Stat(filepath.Join(dir, "objects")); err != nil || p.opts.SkipCache {
		return dir, remote, false
	}
	return dir, "origin", true
}

// gone reports whether the address of a repository that the go command knows
// already answers 404 or 410, which it then takes for "does not exist".
func (p *Prober) gone(ctx context.Context, remote string, patience Patience) bool {
	u, err := url.Parse(remote)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	_, ans := p.fetch(ctx, u, maxErrorBody, patience)
	return ans.Outcome == Miss
}
