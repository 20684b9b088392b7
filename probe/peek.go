package probe

import (
	"context"
	"os"
	"strconv"
	"strings"
	"time"
)

// peeked is what is looked at of a commit.
type peeked struct {
	time time.Time
	// own and split are the two files that may be the module's go.mod.
	own, split file
}

// peekedAnswer is what a peek found, and how it was come by.
type peekedAnswer struct {
	peeked
	Answer
}

// peek fetches a commit without its files and with no other, and then the one
// or two files that may be the go.mod of the module.
func (p *Prober) peek(ctx context.Context, m gitModule, patience Patience) (peeked, Answer) {
	if !m.filters && m.past.dir == "" {
		return peeked{}, unsure("the repository has it; only a clone can tell whether its go.mod is good, for the server sends no single file")
	}
	own, split := m.files()
	key := strings.Join([]string{m.remote, m.found.hash, own, split}, " ")
	got, _ := p.commits.do(ctx, key, patience, func(ctx context.Context) (peekedAnswer, bool) {
		began := time.Now()
		seen, ans := p.lookInto(ctx, m, patience)
		ans.Steps = []Step{{VCS, time.Since(began)}}
		return peekedAnswer{seen, ans}, ans.Outcome == OK
	})
	return got.peeked, got.Answer
}

// lookInto is one look into a commit, in a repository made for it alone.
func (p *Prober) lookInto(ctx context.Context, m gitModule, patience Patience) (seen peeked, ans Answer) {
	repo := m.past.dir
	if repo == "" {
		var ans Answer
		if repo, ans = p.shallow(ctx, m, patience); ans.Outcome != OK {
			return seen, ans
		}
		defer func() { _ = os.RemoveAll(repo) }()
	}
	out := p.git.run(ctx, patience, repo, "log", "-n1", "--no-decorate", "--no-show-signature", "--format=%ct", "--end-of-options", m.found.hash, "--")
	if out.err == nil && len(out.stdout) == 0 {
		return seen, m.lost(Failed, `invalid version: unexpected response from git log: ""`) // a tag of something else
	}
	seconds, err := strconv.ParseInt(strings.TrimSpace(string(out.stdout)), 10, 64)
	if err != nil {
		return seen, unsure("the repository has it, but git could not read its commit: %s", firstWords(out))
	}
	seen.time = time.Unix(seconds, 0).UTC()
	own, split := m.files()
	for name, f := range map[string]*file{own: &seen.own, split: &seen.split} {
		if name == "" {
			continue
		}
		out := p.git.run(ctx, patience, repo, "cat-file", "blob", m.found.hash+":"+name)
		if out.err != nil && !strings.Contains(string(out.stderr), "does not exist in") {
			return seen, unsure("the repository has it, but git could not fetch its %s: %s", name, firstWords(out))
		}
		*f = file{text: out.stdout, ok: out.err == nil} // git has fetched it just now
	}
	return seen, Answer{Outcome: OK}
}

// shallow makes a repository with the commit of m alone, and none of its files.
func (p *Prober) shallow(ctx context.Context, m gitModule, patience Patience) (repo string, ans Answer) {
	repo, err := p.git.scratch("commit")
	if err != nil {
		return "", unsure("no room for git to work in: %v", err)
	}
	for _, args := range [][]string{
		{"init", "-q", "--bare", "--object-format=" + m.refs.objectFormat()},
		{"remote", "add", "origin", "--", m.remote},
		// Version 2 of the protocol, as the go command wants it here.
		{"-c", "protocol.version=2", "fetch", "-q", "--depth=1", "--filter=blob:none", "--no-tags", "--end-of-options", "origin", m.found.ref},
	} {
		if out := p.git.run(ctx, patience, repo, args...); out.err != nil {
			_ = os.RemoveAll(repo) // what stays is for close
			return "", unsure("the repository has it, but git could not fetch its go.mod: %s", firstWords(out))
		}
	}
	return repo, Answer{Outcome: OK}
}

// firstWords gives the first line of what a failed git printed, or its error.
func firstWords(out outcome) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(out.stderr)), "\n")
	if line == "" && out.err != nil {
		line = out.err.Error()
	}
	return hideUsers(line)
}
