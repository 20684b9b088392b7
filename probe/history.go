package probe

import (
	"context"
	"errors"
	"os/exec"
	"strings"
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

// fetched is a history and how it was come by.
type fetched struct {
	history
	Answer
}

// history fetches the past of a repository, once for all that ask for it at a
// time, and later what is new in it. Its server has to be able to leave out
// files. The Answer is OK or Unsure.
func (p *Prober) history(ctx context.Context, m gitModule, patience Patience) (history, Answer) {
	if !m.filters {
		return history{}, unsure("only a clone can tell, for the server sends no commits without files")
	}
	got, _ := p.histories.do(ctx, m.remote, patience, func(ctx context.Context) (fetched, bool) {
		began := time.Now()
		h, err := p.git.past(m.remote)
		if err != nil {
			return fetched{Answer: unsure("no room for git to work in: %v", err)}, false
		}
		for _, args := range [][]string{
			{"init", "-q", "--bare", "--object-format=" + m.refs.objectFormat()},
			{"config", "remote.origin.url", m.remote},
			{
				"-c", "protocol.version=2", "fetch", "-q", "-f", "--prune", "--filter=tree:0", "--end-of-options", "origin",
				"refs/heads/*:refs/heads/*", "refs/tags/*:refs/tags/*",
			},
		} {
			if out := p.git.run(ctx, patience, h.dir, nil, args...); out.err != nil {
				return fetched{Answer: unsure("only a clone can tell, and git could not fetch the history: %s", firstWords(out))}, false
			}
		}
		return fetched{h, Answer{Outcome: OK, Steps: []Step{{VCS, time.Since(began)}}}}, true
	})
	return got.history, got.Answer
}

// past gives the place for the history of a repository.
func (g *git) past(remote string) (history, error) {
	g.mu.Lock()
	dir := g.pasts[remote]
	g.mu.Unlock()
	if dir == "" {
		var err error
		if dir, err = g.scratch("history"); err != nil {
			return history{}, err
		}
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.pasts == nil {
			g.pasts = map[string]string{}
		}
		g.pasts[remote] = dir
	}
	return history{g, dir}, nil
}

// commit gives the whole hash of a commit that a branch or a tag leads to;
// empty if there is none that begins like this.
func (h history) commit(ctx context.Context, patience Patience, rev string) (string, error) {
	out := h.git.run(ctx, patience, h.dir, nil, "rev-parse", "--verify", "-q", "--end-of-options", rev+"^{commit}")
	if exited(out.err) {
		return "", nil
	}
	hash := strings.TrimSpace(string(out.stdout))
	if out.err == nil && !strings.HasPrefix(rev, "refs/") {
		// One that no ref leads to any more is still there.
		out = h.git.run(ctx, patience, h.dir, nil, "for-each-ref", "--count=1", "--contains="+hash)
		if len(out.stdout) == 0 {
			hash = ""
		}
	}
	return hash, out.err
}

// descends reports whether a commit comes after a tag.
func (h history) descends(ctx context.Context, patience Patience, hash, tag string) (bool, error) {
	out := h.git.run(ctx, patience, h.dir, nil, "merge-base", "--is-ancestor", "--", "refs/tags/"+tag, hash)
	if exited(out.err) {
		return false, nil
	}
	return out.err == nil, out.err
}

// newest gives the highest release tag in the past of a commit that fits a
// module; empty if there is none.
func (h history) newest(ctx context.Context, patience Patience, m gitModule, hash string) (string, error) {
	out := h.git.run(ctx, patience, h.dir, nil, "for-each-ref", "--format=%(refname)", "--merged="+hash, "refs/tags/")
	highest := ""
	for line := range strings.Lines(string(out.stdout)) {
		tag, ok := strings.CutPrefix(strings.TrimSpace(line), "refs/tags/"+m.tagPrefix())
		v := semver.Canonical(tag)
		if ok && v != "" && strings.HasPrefix(tag, v) && !module.IsPseudoVersion(tag) &&
			module.MatchPathMajor(v, m.major) && semver.Compare(v, highest) > 0 {
			highest = v
		}
	}
	return highest, out.err
}

// exited reports that git came to an end by itself and said no.
func exited(err error) bool {
	exit := (*exec.ExitError)(nil)
	return errors.As(err, &exit) && exit.ExitCode() == 1
}
