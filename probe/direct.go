package probe

import (
	"context"
	"fmt"
	"net/url"
	"os/exec"
	"time"

	"golang.org/x/mod/module"

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
	case "mod":
		told = p.askModuleProxy(ctx, q, a, repo)
	case "git":
		told = p.askGit(ctx, q, a, repo)
	default:
		told = otherVCS(repo)
	}
	told.Steps = append(ans.Steps[:len(ans.Steps):len(ans.Steps)], told.Steps...)
	return told
}

// askModuleProxy asks the module proxy that a go-import tag names. It is the
// module's own host, whatever GOPROXY says.
func (p *Prober) askModuleProxy(ctx context.Context, q Question, a Artefact, repo route.Repository) Answer {
	base, err := url.Parse(repo.URL)
	if err != nil {
		return Answer{Outcome: Failed, Text: err.Error(), Fault: &Fault{Phase: VCS, Cause: GoImportMismatch, Err: err}}
	}
	q.Hop = route.Hop{Kind: route.Proxy, URL: base, Why: q.Hop.Why}
	return p.askProxy(ctx, q, a)
}

// otherVCS is the answer for a repository that only its own program can read.
func otherVCS(repo route.Repository) Answer {
	if _, err := exec.LookPath(repo.VCS); err == nil {
		return Answer{Outcome: Unsure, Text: fmt.Sprintf("only %s can tell what is in %s", repo.VCS, repo.URL)}
	} else {
		return Answer{
			Outcome: Failed, Fault: &Fault{Phase: VCS, Cause: VCSMissing, Detail: repo.VCS, Err: err},
			Text: err.Error(),
		}
	}
}

// askGit asks a git repository.
func (p *Prober) askGit(ctx context.Context, q Question, a Artefact, repo route.Repository) Answer {
	at, err := placeOf(repo, q.Mod.Path)
	if err != nil {
		return Answer{Outcome: Failed, Text: err.Error(), Fault: &Fault{Phase: VCS, Cause: GoImportMismatch, Host: remoteHost(repo.URL), Err: err}}
	}
	l, ans := p.listing(ctx, repo.URL, q.Patience)
	if ans.Outcome != OK {
		if ans.Text != "" && ans.Outcome != Unsure {
			ans.Text = "invalid version: " + ans.Text
		}
		return ans
	}
	if a == List {
		ans.Versions = at.versions(l.refs)
		return ans
	}
	return p.askRevision(ctx, q, a, gitPlace{place: at, remote: repo.URL, listing: l, Steps: ans.Steps})
}

// gitPlace is a module in a repository whose refs are known.
type gitPlace struct {
	place
	listing

	remote string
	Steps  []Step
}

// askRevision looks for a version among the refs of a repository, and for its
// go.mod where that is asked.
func (p *Prober) askRevision(ctx context.Context, q Question, a Artefact, at gitPlace) Answer {
	ans := Answer{Outcome: OK, Steps: at.Steps, At: time.Now(), Version: q.Mod.Version}
	lost := func(text string) Answer {
		ans.Outcome, ans.Text = Miss, "invalid version: "+text
		ans.Fault = &Fault{Phase: VCS, Cause: NoRevision, Host: remoteHost(at.remote)}
		ans.Versions = at.versions(at.refs)
		return ans
	}
	unsure := func(format string, args ...any) Answer {
		ans.Outcome, ans.Text = Unsure, fmt.Sprintf(format, args...)
		return ans
	}
	version := q.Mod.Version
	rev := at.revision(version)
	found, ok := at.refs.find(rev)
	pseudo := !q.Query && module.IsPseudoVersion(version)
	switch {
	case !ok:
		return lost("unknown revision " + rev)
	case found.ambiguous:
		ans = lost("ambiguous revision " + rev)
		ans.Outcome = Failed
		return ans
	case q.Query:
		return unsure("only a clone can tell which version %s stands for", version)
	case found.inner:
		return unsure("only a clone can tell whether the repository still has the commit %s", rev)
	case a != Mod && !pseudo:
		return ans
	case a != Mod:
		return ans
	}
	return ans
}
