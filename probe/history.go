package probe

import (
	"context"
	"crypto/sha256"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// history is the past of a repository: a directory with the commits of all
// branches and tags and without a single file of theirs. The go command clones
// such a repository whole.
type history struct {
	git *git
	dir string
}

// histories are those of the repositories that were needed. The zero value is
// ready for use.
type histories struct {
	mu    sync.Mutex       // guards pasts
	pasts map[string]*past // by the address of the repository
}

// past is what is here of one repository.
type past struct {
	// turn is held by who uses what follows.
	turn chan struct{}
	dir  string
	// state is that of the refs to which all was fetched; zero for none.
	state [sha256.Size]byte
	// failed is how the last fetch ended, if that was not well, which counts
	// until then.
	failed Answer
	until  time.Time
}

// historyPause is how long a history that could not be fetched is left alone:
// it may be large, and each attempt has the server begin anew.
const historyPause = 10 * time.Minute

// take gives what is here of a repository to one at a time, who puts a token
// into its turn when that is done; nil if ctx is done before.
func (s *histories) take(ctx context.Context, remote string) *past {
	s.mu.Lock()
	it := s.pasts[remote]
	if it == nil {
		it = &past{turn: make(chan struct{}, 1)}
		it.turn <- struct{}{}
		if s.pasts == nil {
			s.pasts = map[string]*past{}
		}
		s.pasts[remote] = it
	}
	s.mu.Unlock()
	select {
	case <-it.turn:
		return it
	case <-ctx.Done():
		return nil
	}
}

// history fetches the past of a repository. That is the most that a repository
// is ever asked for, so it is fetched again only when the refs have changed, and
// then only what is new; each fetch ends at the deadline of git. Its server has
// to be able to leave out files. The Answer is OK or Unsure.
func (p *Prober) history(ctx context.Context, m gitModule, patience Patience) (history, Answer) {
	if !m.filters {
		return history{}, unsure("only a clone can tell, for the server sends no commits without files")
	}
	it := p.histories.take(ctx, m.remote)
	if it == nil {
		return history{}, Answer{}
	}
	defer func() { it.turn <- struct{}{} }()
	state := m.refs.state()
	switch {
	case it.state == state:
		return history{p.git, it.dir}, Answer{Outcome: OK}
	case time.Now().Before(it.until):
		return history{}, it.failed
	}
	began := time.Now()
	if why := p.fetchHistory(ctx, m, it, patience); why != "" {
		ans := unsure("only a clone can tell, and %s", why)
		if ctx.Err() == nil {
			it.failed, it.until = ans, time.Now().Add(historyPause)
		}
		return history{}, ans
	}
	it.state = state
	return history{p.git, it.dir}, Answer{Outcome: OK, Steps: []Step{{VCS, time.Since(began)}}}
}

// fetchHistory brings the history of a repository up to date. It tells why it
// could not; empty if it could.
func (p *Prober) fetchHistory(ctx context.Context, m gitModule, it *past, patience Patience) (why string) {
	if it.dir == "" {
		dir, err := p.git.scratch("history")
		if err != nil {
			return "there is no room for git to work in: " + err.Error()
		}
		it.dir = dir
	}
	for _, args := range [][]string{
		{"init", "-q", "--bare", "--object-format=" + m.refs.objectFormat()},
		{"config", "remote.origin.url", m.remote},
		{
			"-c", "protocol.version=2", "fetch", "-q", "-f", "--prune", "--filter=tree:0", "--end-of-options", "origin",
			"refs/heads/*:refs/heads/*", "refs/tags/*:refs/tags/*",
		},
	} {
		if out := p.git.run(ctx, patience, it.dir, args...); out.err != nil {
			// A git that was killed leaves what it had in files that nobody uses.
			_ = os.RemoveAll(it.dir) // what stays is for close
			it.dir, it.state = "", [sha256.Size]byte{}
			return "git could not fetch the history: " + firstWords(out)
		}
	}
	return ""
}

// commit gives the whole hash of a commit that a branch or a tag leads to;
// empty if there is none that begins like this.
func (h history) commit(ctx context.Context, patience Patience, rev string) (string, error) {
	out := h.git.run(ctx, patience, h.dir, "rev-parse", "--verify", "-q", "--end-of-options", rev+"^{commit}")
	if exited(out.err) {
		return "", nil
	}
	hash := strings.TrimSpace(string(out.stdout))
	if out.err == nil && !strings.HasPrefix(rev, "refs/") {
		// One that no ref leads to any more is still there.
		out = h.git.run(ctx, patience, h.dir, "for-each-ref", "--count=1", "--contains="+hash)
		if len(out.stdout) == 0 {
			hash = ""
		}
	}
	return hash, out.err
}

// tags gives the tags on a commit and in its past, without "refs/tags/", in
// order.
func (h history) tags(ctx context.Context, patience Patience, hash string) ([]string, error) {
	out := h.git.run(ctx, patience, h.dir, "for-each-ref", "--format=%(refname)", "--merged="+hash, "refs/tags/")
	var tags []string
	for line := range strings.Lines(string(out.stdout)) {
		tags = append(tags, strings.TrimPrefix(strings.TrimSpace(line), "refs/tags/"))
	}
	return tags, out.err
}

// newest gives the highest release tag in the past of a commit that fits a
// module; empty if there is none.
func (h history) newest(ctx context.Context, patience Patience, at place, hash string) (string, error) {
	tags, err := h.tags(ctx, patience, hash)
	highest := ""
	for _, tag := range tags {
		tag, ok := strings.CutPrefix(tag, at.tagPrefix())
		v := semver.Canonical(tag)
		if ok && v != "" && strings.HasPrefix(tag, v) && !module.IsPseudoVersion(tag) &&
			module.MatchPathMajor(v, at.major) && semver.Compare(v, highest) > 0 {
			highest = v
		}
	}
	return highest, err
}

// exited reports that git came to an end by itself and said no.
func exited(err error) bool {
	exit := (*exec.ExitError)(nil)
	return errors.As(err, &exit) && exit.ExitCode() == 1
}
