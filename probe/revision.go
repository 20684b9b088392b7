package probe

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/modreach/modreach/route"
)

// gitModule is a module in a git repository whose refs are known.
type gitModule struct {
	place
	listing

	remote string
	// found is the commit of the version in question.
	found revision
}

// askGit asks a git repository. Its refs tell whether the version is there, in
// which .info and .zip agree; whether the go command accepts what is there is
// said for the .mod.
func (p *Prober) askGit(ctx context.Context, q Question, a Artefact, repo route.Repository) Answer {
	at, err := placeOf(repo, q.Mod.Path)
	if err != nil {
		return Answer{Outcome: Failed, Text: err.Error(), Fault: &Fault{Phase: VCS, Cause: BadAnswer, Host: remoteHost(repo.URL), Err: err}}
	}
	l, ans := p.listing(ctx, repo.URL, q.Patience)
	if ans.Outcome != OK {
		if ans.Fault != nil && ans.Fault.Phase != NoPhase && ans.Fault.Cause != VCSMissing && ans.Text != "" && ans.Outcome != Unsure {
			ans.Text = "invalid version: " + ans.Text
		}
		return ans
	}
	if a == List {
		ans.Versions = at.versions(l.refs)
		return ans
	}
	m := gitModule{place: at, listing: l, remote: repo.URL}
	told := p.askRevision(ctx, q, a, m)
	told.Steps, told.At = append(slices.Clip(ans.Steps), told.Steps...), time.Now()
	return told
}

// askRevision looks for a version among the refs.
func (p *Prober) askRevision(ctx context.Context, q Question, a Artefact, m gitModule) Answer {
	version := q.Mod.Version
	rev := m.revision(version)
	var ok bool
	m.found, ok = m.refs.find(rev)
	branch := strings.HasPrefix(m.found.ref, "refs/heads/")
	switch {
	case !ok:
		return m.lost(Miss, "unknown revision "+rev)
	case m.found.ambiguous:
		return m.lost(Failed, "ambiguous revision "+rev)
	case m.found.inner:
		return unsure("only a clone can tell whether the repository has the commit %s", rev)
	case q.Query:
		return p.resolve(ctx, q, m)
	case branch && !module.IsPseudoVersion(version):
		return m.lost(Failed, fmt.Sprintf("resolves to another version (%s is not a tag)", strings.TrimSuffix(version, "+incompatible")))
	case a != Mod:
		return Answer{Outcome: OK, Version: version}
	}
	return p.goMod(ctx, q, m)
}

// lost is the answer for a version that the repository does not have, or not in
// a state that the go command takes.
func (m gitModule) lost(o Outcome, text string) Answer {
	return Answer{
		Outcome: o, Text: "invalid version: " + text,
		Fault:    &Fault{Phase: VCS, Cause: NoRevision, Host: remoteHost(m.remote)},
		Versions: m.versions(m.refs),
	}
}

func unsure(format string, args ...any) Answer {
	return Answer{Outcome: Unsure, Text: fmt.Sprintf(format, args...)}
}

// resolve gives the version that a branch or a commit stands for. It is built
// upon the newest tag in the commit's history, which is only known where there
// are no tags.
func (p *Prober) resolve(ctx context.Context, q Question, m gitModule) Answer {
	for ref := range m.refs {
		if tag, ok := strings.CutPrefix(ref, "refs/tags/"+m.tagPrefix()); ok && semver.IsValid(tag) {
			return unsure("only a clone can tell which version %s stands for", q.Mod.Version)
		}
	}
	seen, ans := p.peek(ctx, m, q.Patience)
	if ans.Outcome != OK {
		return ans
	}
	version := module.PseudoVersion(module.PathMajorPrefix(m.major), "", seen.time, m.found.hash[:12])
	return Answer{Outcome: OK, Version: version, Time: seen.time, Steps: ans.Steps}
}

// goMod gives the go.mod of a version, if the go command would accept what the
// repository has there.
func (p *Prober) goMod(ctx context.Context, q Question, m gitModule) Answer {
	version := q.Mod.Version
	seen, peeked := p.peek(ctx, m, q.Patience)
	if peeked.Outcome != OK {
		return peeked
	}
	ans := p.judgeCommit(version, m, seen)
	ans.Steps = peeked.Steps
	return ans
}

// judgeCommit holds a commit against the version it is wanted for
// (cmd/go/internal/modfetch, convert and validatePseudoVersion).
func (p *Prober) judgeCommit(version string, m gitModule, seen peeked) Answer {
	text, err := m.choose(version, seen.own, seen.split)
	if err != nil {
		return m.lost(Miss, err.Error())
	}
	if err := m.compatible(version, text != nil); err != nil {
		return m.lost(Failed, err.Error())
	}
	if module.IsPseudoVersion(version) {
		switch err, known := m.pseudo(version, seen.time); {
		case err != nil:
			ans := m.lost(Failed, "")
			ans.Text = "invalid pseudo-version: " + err.Error()
			return ans
		case !known:
			base, _ := module.PseudoVersionBase(strings.TrimSuffix(version, "+incompatible"))
			return unsure("only a clone can tell whether %s comes before the commit", base)
		}
	}
	if text == nil {
		text = []byte("module " + modfile.AutoQuote(m.module) + "\n") // what go puts in its place
	}
	ans := Answer{Outcome: OK, Version: version, Time: seen.time}
	readMod(&ans, text)
	return ans
}

// pseudo holds a pseudo-version against the commit it names. known is false
// where that takes the history.
func (m gitModule) pseudo(version string, committed time.Time) (err error, known bool) {
	rev, err := module.PseudoVersionRev(version)
	if err != nil {
		return err, true
	}
	switch short := m.found.hash[:12]; {
	case rev == short:
	case strings.HasPrefix(rev, short):
		return fmt.Errorf("revision is longer than canonical (expected %s)", short), true
	case strings.HasPrefix(short, rev):
		return fmt.Errorf("revision is shorter than canonical (expected %s)", short), true
	default:
		return fmt.Errorf("does not match short name of revision (expected %s)", short), true
	}
	written, err := module.PseudoVersionTime(version)
	if err != nil {
		return err, true
	}
	if !written.Equal(committed.Truncate(time.Second)) {
		return fmt.Errorf("does not match version-control timestamp (expected %s)", committed.UTC().Format(module.PseudoVersionTimestampFormat)), true
	}
	base, err := module.PseudoVersionBase(strings.TrimSuffix(version, "+incompatible"))
	if err != nil {
		return err, true
	}
	if base == "" {
		if module.PathMajorPrefix(m.major) == "" && semver.Major(version) == "v1" {
			return fmt.Errorf("major version without preceding tag must be v0, not v1"), true
		}
		return nil, true
	}
	if tag := m.tagPrefix() + base; slices.Contains(m.refs.tagsOf(m.found.hash), tag) {
		return fmt.Errorf("tag (%s) found on revision %s is already canonical, so should not be replaced with a pseudo-version derived from that tag", tag, rev), true
	}
	return m.preceded(base)
}

// preceded reports what the refs tell of the tag that a pseudo-version is built
// upon: that there is none, or nothing.
func (m gitModule) preceded(base string) (err error, known bool) {
	for ref, hash := range m.refs {
		tag, ok := strings.CutPrefix(ref, "refs/tags/"+m.tagPrefix())
		if !ok || !strings.HasPrefix(tag, base) || semver.Compare(tag, base) != 0 {
			continue
		}
		return nil, hash == m.found.hash // a tag with metadata on the commit itself
	}
	return fmt.Errorf("preceding tag (%s) not found", base), true
}
