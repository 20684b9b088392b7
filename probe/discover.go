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
	ans.Steps, ans.At, ans.Asked = d.steps, time.Now(), d.asked
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
	asked    string // the last page, as a plain command
}

// found is the answer for a repository that is known now.
func found() Answer { return Answer{Outcome: OK} }

// missed is the answer in the words of the go command where it gives up.
func missed(text string, f *Fault) Answer { return Answer{Outcome: Miss, Text: text, Fault: f} }

// allowed gives the repository if GOVCS does.
func (d *discovery) allowed(r route.Repository) (route.Repository, Answer) {
	refusal, err := d.opts.Env.VCSAllowed(r.VCS, r.Root)
	if err != nil {
		return r, missed(err.Error(), &Fault{Phase: VCS, Cause: BadSetting, Err: err})
	}
	if refusal != "" {
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
		_, ans := d.listing(ctx, remote, d.patience)
		return ans
	case "fossil":
		return found() // the go command does not ask it
	}
	if _, err := lookPath(vcs, d.opts.Env); err != nil {
		return missed(err.Error(), &Fault{Phase: VCS, Cause: VCSMissing, Detail: vcs, Err: err})
	}
	return unsure("only %s can tell whether there is a repository at %s", vcs, hideUsers(remote))
}

// imported asks the host of the path for its page.
func (d *discovery) imported(ctx context.Context) (route.Repository, Answer) {
	tag, first, ans := d.tag(ctx)
	r := tag.repository()
	if ans.Outcome == OK {
		if why := r.Unusable(); why != "" {
			ans = first.misfit(first.url + ": " + why)
		} else {
			r, ans = d.allowed(r)
		}
	}
	if ans.Outcome == Miss {
		ans.Text = fmt.Sprintf("unrecognized import path %q: %s", d.path, ans.Text)
	}
	return r, ans
}

// tag finds the go-import tag for the path, and the page it is on. What a page
// says of a longer path than that of the tag is believed only if the page of
// the tag's path says the same.
func (d *discovery) tag(ctx context.Context) (goImport, page, Answer) {
	scheme := "https"
	if d.insecure {
		scheme = "http/https"
	}
	first := d.page(ctx, d.path)
	if ans := first.read(scheme+" fetch", d.path); ans.Outcome != OK {
		return goImport{}, first, ans
	}
	tag, err := pickGoImport(first.tags, d.path)
	switch {
	case errors.Is(err, errManyTags):
		return tag, first, first.misfit(fmt.Sprintf("parse %s: multiple meta tags match import path %q", pageName(d.path), d.path))
	case err != nil:
		return tag, first, first.misfit(fmt.Sprintf("parse %s: no go-import meta tags (%v)", first.url, err))
	case tag.prefix == d.path:
		return tag, first, found()
	}
	second := d.page(ctx, tag.prefix)
	ans := second.read("fetching "+tag.prefix, second.url)
	switch {
	case ans.Outcome != OK:
		return tag, first, ans
	case len(second.tags) == 0:
		return tag, first, second.misfit(fmt.Sprintf("fetching %s: no go-import meta tag found in %s", tag.prefix, second.url))
	}
	if same, err := pickGoImport(second.tags, d.path); err != nil || same != tag {
		return tag, first, first.misfit(fmt.Sprintf("%s and %s disagree about go-import for %s", first.url, pageName(tag.prefix), tag.prefix))
	}
	return tag, first, found()
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
