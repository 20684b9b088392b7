package probe

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"github.com/modreach/modreach/route"
)

// askDirect asks the repository of a module for one artefact. What the go
// command would clone is only listed: the refs tell of every version that has a
// tag, and a go.mod is fetched alone where the server can send it alone.
func (p *Prober) askDirect(ctx context.Context, q Question, a Artefact) Answer {
	repo, ans := p.discover(ctx, q.Mod.Path, q.Patience)
	if ans.Outcome != OK {
		return ans
	}
	var told Answer
	switch repo.VCS {
	case route.ModVCS:
		told = p.askModuleProxy(ctx, q, a, repo)
	case "git":
		told = p.askGit(ctx, q, a, repo)
	default:
		told = p.otherVCS(repo)
	}
	told.Steps = append(slices.Clip(ans.Steps), told.Steps...)
	return told
}

// askModuleProxy asks the module proxy that a go-import tag names. It is the
// module's own host, whatever GOPROXY says.
func (p *Prober) askModuleProxy(ctx context.Context, q Question, a Artefact, repo route.Repository) Answer {
	base, err := url.Parse(repo.URL)
	if err != nil {
		return Answer{Outcome: Failed, Text: err.Error(), Fault: &Fault{Phase: VCS, Cause: BadAnswer, Err: err}}
	}
	q.Hop = route.Hop{Kind: route.Proxy, URL: base, Why: q.Hop.Why}
	return p.askProxy(ctx, q, a)
}

// otherVCS is the answer for a repository that only its own program can read.
func (p *Prober) otherVCS(repo route.Repository) Answer {
	_, err := lookPath(repo.VCS, p.opts.Env)
	if err == nil {
		return unsure("only %s can tell what is in %s", repo.VCS, hideUsers(repo.URL))
	}
	return Answer{
		Outcome: Failed, Text: err.Error(),
		Fault: &Fault{Phase: VCS, Cause: VCSMissing, Detail: repo.VCS, Err: err},
	}
}

// behindHost is the answer to a question that was not put because the module's
// own host is known to be at fault. Without its page a repository counts as not
// there; one that is known without a page cannot be read.
func behindHost(q Question, a Artefact, f *Fault) Answer {
	if repo, refusal := route.StaticRepository(q.Mod.Path); repo.VCS != "" && refusal == "" {
		text := "invalid version: git ls-remote -q --end-of-options " + hideUsers(repo.URL)
		return Answer{Artefact: a, Outcome: Failed, Fault: f, Text: text}
	}
	page := pageURL("https", q.Mod.Path).String()
	text := fmt.Sprintf("unrecognized import path %q: https fetch", q.Mod.Path)
	if f.Err != nil {
		text += ": " + networkText("Get", page, f.Err)
	}
	return Answer{Artefact: a, Outcome: Miss, Fault: f, Text: text}
}
