package probe

import (
	"context"
	"errors"
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
	// past is the history, where it was needed; the zero value if not. dug are
	// the steps that this took.
	past history
	dug  []Step
}

// askGit asks a git repository. Its refs tell whether the version is there, in
// which .info and .zip agree; whether the go command accepts what is there is
// said for the .mod.
func (p *Prober) askGit(ctx context.Context, q Question, a Artefact, repo route.Repository) Answer {
	at, err := placeOf(repo, q.Mod.Path)
	if err != nil {
		return Answer{Outcome: Failed, Text: err.Error(), Fault: &Fault{Phase: VCS, Cause: BadAnswer, Host: remoteHost(repo.URL), Err: err}}
	}
	if strings.Contains(repo.URL, ":") && !strings.Contains(repo.URL, "://") { // git would take it for ssh
		text := fmt.Sprintf("git remote (%s) must not be local directory (use URL syntax not host:path syntax)", hideUsers(repo.URL))
		return Answer{Outcome: Failed, Text: text, Fault: &Fault{Phase: VCS, Cause: BadAnswer, Host: remoteHost(repo.URL)}}
	}
	m := p.kept(ctx, q, gitModule{place: at, remote: repo.URL})
	l, ans := p.listing(ctx, repo.URL, q.Patience)
	if ans.Outcome != OK && m.found.hash == "" {
		if ans.Fault != nil && ans.Fault.Phase != NoPhase && !l.bare && !q.Query && ans.Text != "" && ans.Outcome != Unsure {
			ans.Text = "invalid version: " + ans.Text
		}
		return ans
	}
	if f := p.strayDir(repo.URL); f.Text != "" {
		return f
	}
	if a == List {
		ans.Versions = at.versions(l.refs)
		return ans
	}
	m.listing = l
	told := p.askRevision(ctx, q, a, m)
	told.Steps, told.At, told.Asked = append(slices.Clip(ans.Steps), told.Steps...), time.Now(), ans.Asked
	return told
}

// strayDir is the failure that a GIT_DIR set for others, as in a hook of git,
// leads to: go makes its clone there, and then misses it. Its Text is empty if
// there is none.
func (p *Prober) strayDir(remote string) Answer {
	dir, _, warm := p.workDir(remote)
	if warm || p.opts.Env.Get("GIT_DIR").Value == "" {
		return Answer{}
	}
	return Answer{
		Outcome: Failed, Fault: &Fault{Phase: VCS, Cause: BadAnswer},
		Text: fmt.Sprintf("git remote add origin -- %s in %s: exit status 128:\n\tfatal: not a git repository: '%[2]s'", remote, dir),
	}
}

// askRevision looks for a version among the refs.
func (p *Prober) askRevision(ctx context.Context, q Question, a Artefact, m gitModule) Answer {
	version := q.Mod.Version
	rev := m.revision(version)
	ok := m.found.hash != ""
	if !ok {
		m.found, ok = m.refs.find(rev)
	}
	if m.found.inner {
		var ans Answer
		if m, ans = p.dig(ctx, q, m, rev); ans.Outcome != OK {
			return ans
		}
		ok = m.found.hash != ""
	}
	branch := strings.HasPrefix(m.found.ref, "refs/heads/")
	switch {
	case !ok && a != Info && !module.IsPseudoVersion(version):
		// Somebody else had the .info.
		own, _ := m.files()
		return m.lost(Failed, fmt.Sprintf("reading %s/%s at revision %s: unknown revision %[3]s", m.root, own, rev))
	case !ok:
		return m.lost(Miss, m.prefixed(q, "unknown revision "+rev))
	case m.found.ambiguous:
		return m.lost(Failed, m.prefixed(q, "ambiguous revision "+rev))
	case q.Query:
		return p.resolve(ctx, q, m)
	case branch && !module.IsPseudoVersion(version):
		// To which version it resolves makes no difference.
		return m.lost(Failed, strings.TrimSuffix(version, "+incompatible")+" is not a tag")
	case a != Mod:
		return Answer{Outcome: OK, Version: version}
	}
	return p.goMod(ctx, q, m)
}

// kept looks for a tag or a commit in the clone that the go command has made of
// the repository, which it believes more than the repository itself. It
// returns m with what it found.
func (p *Prober) kept(ctx context.Context, q Question, m gitModule) gitModule {
	dir, _, warm := p.workDir(m.remote)
	if !warm || q.Query {
		return m
	}
	clone := history{p.git, dir}
	rev := m.revision(q.Mod.Version)
	if !module.IsPseudoVersion(q.Mod.Version) {
		rev = "refs/tags/" + rev
	}
	// One that cannot be read is one that has nothing.
	if hash, _ := clone.commit(ctx, q.Patience, rev); hash != "" {
		m.past, m.found = clone, revision{ref: rev, hash: hash}
	}
	return m
}

// dig looks for a commit in the history of the repository.
func (p *Prober) dig(ctx context.Context, q Question, m gitModule, rev string) (gitModule, Answer) {
	past, ans := p.history(ctx, m, q.Patience)
	if ans.Outcome != OK {
		return m, ans
	}
	hash, err := past.commit(ctx, q.Patience, rev)
	if err != nil {
		return m, unsure("only a clone can tell whether the repository has the commit %s", rev)
	}
	m.past, m.dug, m.found.hash = past, ans.Steps, hash
	return m, Answer{Outcome: OK}
}

// prefixed gives the words for a version that is not good. What a go.mod has in
// place of a version is told of in other words.
func (m gitModule) prefixed(q Question, text string) string {
	if q.Query {
		return text
	}
	return "invalid version: " + text
}

// lost is the answer for a version that the repository does not have, or not in
// a state that the go command takes.
func (m gitModule) lost(o Outcome, text string) Answer {
	return Answer{
		Outcome: o, Text: text,
		Fault:    &Fault{Phase: VCS, Cause: NoRevision, Host: remoteHost(m.remote)},
		Versions: m.versions(m.refs),
	}
}

func unsure(format string, args ...any) Answer {
	return Answer{Outcome: Unsure, Text: fmt.Sprintf(format, args...)}
}

// resolve gives the version that a branch or a commit stands for: a release tag
// of its own, or what is built upon the newest one in its past.
func (p *Prober) resolve(ctx context.Context, q Question, m gitModule) Answer {
	var own, base string
	tags := false
	for ref, hash := range m.refs {
		tag, ok := strings.CutPrefix(ref, "refs/tags/"+m.tagPrefix())
		if !ok || !semver.IsValid(tag) {
			continue
		}
		tags = true
		if hash == m.found.hash && tag == semver.Canonical(tag) && module.MatchPathMajor(tag, m.major) && semver.Compare(tag, own) > 0 {
			own = tag
		}
	}
	if tags && own == "" {
		past, ans := p.history(ctx, m, q.Patience)
		if ans.Outcome != OK {
			return ans
		}
		var err error
		if base, err = past.newest(ctx, q.Patience, m.place, m.found.hash); err != nil {
			return unsure("only a clone can tell which version %s stands for", q.Mod.Version)
		}
	}
	seen, ans := p.peek(ctx, m, q.Patience)
	if ans.Outcome != OK {
		return ans
	}
	version := own
	if own == "" {
		version = module.PseudoVersion(module.PathMajorPrefix(m.major), base, seen.time, m.found.hash[:12])
	}
	if _, err := m.choose(version, seen.own, seen.split); err != nil {
		return m.lost(Miss, err.Error())
	}
	return Answer{Outcome: OK, Version: version, Time: seen.time, Steps: ans.Steps}
}

// goMod gives the go.mod of a version, if the go command would accept what the
// repository has there.
func (p *Prober) goMod(ctx context.Context, q Question, m gitModule) Answer {
	seen, peeked := p.peek(ctx, m, q.Patience)
	if peeked.Outcome != OK {
		return peeked
	}
	ans := p.judgeCommit(ctx, q, m, seen)
	ans.Steps = slices.Concat(m.dug, peeked.Steps)
	return ans
}

// judgeCommit holds a commit against the version it is wanted for
// (cmd/go/internal/modfetch, convert and validatePseudoVersion).
func (p *Prober) judgeCommit(ctx context.Context, q Question, m gitModule, seen peeked) Answer {
	version := q.Mod.Version
	text, err := m.choose(version, seen.own, seen.split)
	if err != nil {
		return m.lost(Miss, "invalid version: "+err.Error())
	}
	if err := m.compatible(version, text != nil); err != nil {
		return m.lost(Failed, "invalid version: "+err.Error())
	}
	if module.IsPseudoVersion(version) {
		err, known := m.pseudo(version, seen.time)
		if err == nil && !known {
			var ans Answer
			if ans, err = p.follows(ctx, q, m); ans.Outcome != OK {
				return ans
			}
		}
		if err != nil {
			return m.lost(Failed, "invalid pseudo-version: "+err.Error())
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
	if invalid := (*module.InvalidVersionError)(nil); errors.As(err, &invalid) {
		return invalid.Err, true
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
	for _, tag := range m.refs.tagsOf(m.found.hash) {
		// Also one of the repository's root, if the module is elsewhere.
		if strings.TrimPrefix(tag, m.tagPrefix()) == base {
			return fmt.Errorf("tag (%s) found on revision %s is already canonical, so should not be replaced with a pseudo-version derived from that tag", tag, rev), true
		}
	}
	return m.preceded(base)
}

// follows looks into the history whether the commit of a pseudo-version comes
// after the tag it is built upon.
func (p *Prober) follows(ctx context.Context, q Question, m gitModule) (Answer, error) {
	base, err := module.PseudoVersionBase(strings.TrimSuffix(q.Mod.Version, "+incompatible"))
	if err != nil {
		return Answer{Outcome: OK}, err
	}
	past, ans := p.history(ctx, m, q.Patience)
	if ans.Outcome != OK {
		return ans, nil
	}
	behind, err := past.tags(ctx, q.Patience, m.found.hash)
	if err != nil {
		return unsure("only a clone can tell whether %s comes before the commit", base), nil
	}
	last := ""
	for _, tag := range m.bases(base) {
		if _, ok := slices.BinarySearch(behind, tag); ok {
			return ans, nil
		}
		last = tag
	}
	return ans, fmt.Errorf("revision %s is not a descendent of preceding tag (%s)", m.found.hash[:12], last)
}

// bases gives the tags that a pseudo-version with this base may be built upon,
// in order: that of the version itself, and those with metadata.
func (m gitModule) bases(base string) []string {
	var tags []string
	for ref := range m.refs {
		tag, ok := strings.CutPrefix(ref, "refs/tags/")
		v, of := strings.CutPrefix(tag, m.tagPrefix())
		if ok && of && strings.HasPrefix(v, base) && semver.Compare(v, base) == 0 {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	return tags
}

// preceded reports what the refs tell of the tag that a pseudo-version is built
// upon: that there is none, or nothing.
func (m gitModule) preceded(base string) (err error, known bool) {
	tags := m.bases(base)
	if len(tags) == 0 {
		return fmt.Errorf("preceding tag (%s) not found", base), true
	}
	// One with metadata may be on the commit itself.
	return nil, slices.ContainsFunc(tags, func(tag string) bool { return m.refs["refs/tags/"+tag] == m.found.hash })
}
