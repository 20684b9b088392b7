package probe

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/modreach/modreach/route"
)

// discover finds where the versions of a module are kept, as the go command
// does before it goes direct. The answer is OK, or a Miss, for all that fails
// here the go command takes for "does not exist"; Failed where it would wait
// without end, and Unsure.
func (p *Prober) discover(ctx context.Context, modulePath string, patience Patience) (route.Repository, Answer) {
	d := discovery{Prober: p, path: modulePath, patience: patience}
	_, d.insecure = p.opts.Env.Insecure(modulePath)
	r, ans := d.static(ctx)
	if ans.Outcome == Unasked {
		r, ans = d.imported(ctx)
	}
	if ans.Outcome == Miss {
		if last, found := d.launchpad(ctx); found.Outcome != Miss {
			r, ans = last, found
		}
	}
	if ans.Outcome == OK && strings.Contains(r.Root, "...") {
		ans = missed(fmt.Sprintf("cannot expand ... in %q", modulePath), &Fault{Phase: VCS, Cause: GoImportMismatch})
	}
	ans.Text = p.secrets.hide(ans.Text) // a page may quote what it was sent
	ans.Steps, ans.At = d.steps, time.Now()
	if ans.Outcome != OK {
		return route.Repository{}, ans
	}
	return r, ans
}

// discovery is the search for the repository of one module path.
type discovery struct {
	*Prober
	path string
	// insecure reports that GOINSECURE covers the path.
	insecure bool
	patience Patience
	steps    []Step
}

// found is the answer for a repository that is known now.
func found() Answer { return Answer{Outcome: OK} }

// missed is the answer in the words of the go command where it gives up.
func missed(text string, f *Fault) Answer { return Answer{Outcome: Miss, Text: text, Fault: f} }

// allowed gives the repository if GOVCS does.
func (d *discovery) allowed(r route.Repository) (route.Repository, Answer) {
	if refusal := d.opts.Env.VCSAllowed(r.VCS, r.Root); refusal != "" {
		return r, missed(refusal, &Fault{Phase: VCS, Cause: VCSDisallowed})
	}
	return r, found()
}

// static uses what the go command knows of the path by itself; the answer is
// Unasked where that is nothing.
func (d *discovery) static(ctx context.Context) (route.Repository, Answer) {
	r, refusal := route.StaticRepository(d.path)
	switch {
	case refusal != "":
		return r, missed(refusal, &Fault{Phase: VCS, Cause: NotFound})
	case r.Root == "":
		return r, Answer{}
	}
	r, ans := d.allowed(r)
	if ans.Outcome != OK || !strings.HasPrefix(r.URL, "//") {
		return r, ans
	}
	return d.schemed(ctx, r)
}

// schemed finds the scheme for the URL of a repository: the first of those that
// are secure enough under which the repository answers.
func (d *discovery) schemed(ctx context.Context, r route.Repository) (route.Repository, Answer) {
	text := "no secure protocol found for repository"
	if d.insecure {
		text = "no protocol found for repository"
	}
	none := missed(text, &Fault{Phase: VCS, Cause: InsecureHost})
	for i, remote := range d.opts.Env.Remotes(r, d.path) {
		ans := d.ping(ctx, r.VCS, remote)
		d.steps = append(d.steps, ans.Steps...)
		switch {
		case ans.Outcome == OK:
			r.URL = remote
			return r, ans
		case ans.Outcome == Unsure, ans.Text == "":
			return r, ans // nobody knows what comes of the next
		case i == 0:
			none.Fault = ans.Fault
		}
	}
	if none.Fault.Cause == VCSMissing {
		none.Text = "missing " + route.VCSTitle(r.VCS) + " command. See https://golang.org/s/gogetcmd\n" + none.Text
	}
	return r, none
}

// ping tells whether a repository answers at a URL.
func (d *discovery) ping(ctx context.Context, vcs, remote string) Answer {
	switch vcs {
	case "git":
		_, ans := d.refs(ctx, remote, d.patience)
		return ans
	case "fossil":
		return found() // the go command does not ask it
	}
	if _, err := lookPath(vcs, d.opts.Env); err != nil {
		return missed(err.Error(), &Fault{Phase: VCS, Cause: VCSMissing, Detail: vcs, Err: err})
	}
	return Answer{Outcome: Unsure, Text: NotChecked + ": what " + vcs + " can reach"}
}

// imported asks the host of the path for its page. What a page says of a longer
// path is believed only if the page of the prefix says the same.
func (d *discovery) imported(ctx context.Context) (route.Repository, Answer) {
	unrecognized := func(text string, f *Fault) (route.Repository, Answer) {
		return route.Repository{}, missed(fmt.Sprintf("unrecognized import path %q: %s", d.path, text), f)
	}
	unusable := func(text string, first page) (route.Repository, Answer) {
		return unrecognized(text, &Fault{Phase: Body, Cause: GoImportMismatch, Host: first.host})
	}
	first := d.page(ctx, d.path)
	if first.ans.Outcome != OK {
		switch {
		case first.open():
			return route.Repository{}, first.ans
		case first.url == "" && d.insecure:
			first.ans.Text = "http/https fetch: " + first.ans.Text
		case first.url == "":
			first.ans.Text = "https fetch: " + first.ans.Text
		case first.syntax != nil:
			first.ans.Text = fmt.Sprintf("parsing %s: %v", d.path, first.syntax)
		}
		return unrecognized(first.ans.Text, first.ans.Fault)
	}
	tag, err := pickGoImport(first.tags, d.path)
	if errors.Is(err, errManyTags) {
		return unusable(fmt.Sprintf("parse %s: multiple meta tags match import path %q", pageName(d.path), d.path), first)
	}
	if err != nil {
		cause := GoImportMismatch
		if len(first.tags) == 0 {
			cause = NoGoImport
		}
		return unrecognized(fmt.Sprintf("parse %s: no go-import meta tags (%v)", first.url, err), &Fault{Phase: Body, Cause: cause, Host: first.host})
	}
	if tag.prefix != d.path {
		second := d.page(ctx, tag.prefix)
		if second.open() {
			return route.Repository{}, second.ans
		}
		if text, f := second.faultAsPrefix(tag.prefix); f != nil {
			return unrecognized(text, f)
		}
		if confirmed, err := pickGoImport(second.tags, d.path); err != nil || confirmed != tag {
			return unusable(fmt.Sprintf("%s and %s disagree about go-import for %s", first.url, pageName(tag.prefix), tag.prefix), first)
		}
	}
	r := tag.repository()
	if why := r.Unusable(); why != "" {
		return unusable(first.url+": "+why, first)
	}
	r, ans := d.allowed(r)
	if ans.Outcome != OK {
		return unrecognized(ans.Text, ans.Fault)
	}
	return r, ans
}

// launchpad tries what is left for paths of launchpad.net; the answer is a Miss
// for all others.
func (d *discovery) launchpad(ctx context.Context) (route.Repository, Answer) {
	r, project, series, ok := route.LaunchpadRepository(d.path)
	if !ok {
		return r, missed("", nil)
	}
	if series != nil {
		_, ans := d.fetch(ctx, series, maxErrorBody, d.patience)
		d.steps = append(d.steps, ans.Steps...)
		switch {
		case ans.Outcome == Unsure, ans.Outcome != OK && ans.Text == "":
			return r, ans
		case ans.Outcome != OK:
			r = project
		}
	}
	return d.allowed(r)
}
