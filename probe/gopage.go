package probe

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/modreach/modreach/route"
)

// maxPage is how many bytes are read of a page with go-import tags. The go
// command reads up to the end of the head, however far that is; heads with all
// their scripts and styles in them stay below this.
const maxPage = 2 << 20

// page is what a host has at the address of an import path.
type page struct {
	// url is the page's address as the go command names it; empty if there was
	// no answer. host is the host that was asked, with its port.
	url, host string
	tags      []goImport
	// syntax is why a page without a tag could not be read; nil if it could.
	syntax error
	// ans is OK for a page that could be read, with or without tags.
	ans Answer
}

// open reports whether nobody knows what is on the page.
func (pg page) open() bool {
	switch pg.ans.Outcome {
	case OK:
		return false
	case Miss, Failed:
		return pg.ans.Text == ""
	case Unasked, Spoiled, Unsure, Withheld:
	}
	return true
}

// read is the answer in the words of the go command, which says doing while it
// gets the page, and calls the page name while it looks for tags.
func (pg page) read(doing, name string) Answer {
	switch {
	case pg.ans.Outcome == OK, pg.open():
		return pg.ans
	case pg.url == "":
		return missed(doing+": "+pg.ans.Text, pg.ans.Fault)
	case pg.syntax != nil:
		return missed(fmt.Sprintf("parsing %s: %v", name, pg.syntax), pg.ans.Fault)
	}
	return missed(pg.ans.Text, pg.ans.Fault)
}

// misfit is the answer where the tags of the page, or their lack, are at fault.
func (pg page) misfit(text string) Answer {
	cause := GoImportMismatch
	if len(pg.tags) == 0 {
		cause = NoGoImport
	}
	return missed(text, &Fault{Phase: Body, Cause: cause, Host: pg.host})
}

// pageURL is the address of the page for an import path.
func pageURL(scheme, importPath string) *url.URL {
	host, path, _ := strings.Cut(importPath, "/")
	return &url.URL{Scheme: scheme, Host: host, Path: "/" + path, RawQuery: route.PageQuery}
}

// pageName is how the go command names a page before it has a scheme.
func pageName(importPath string) string { return pageURL("", importPath).String() }

// page gets the page for an import path: over https, and for a module that
// GOINSECURE covers over anything.
func (d *discovery) page(ctx context.Context, importPath string) page {
	key := importPath
	if d.insecure {
		key += " insecure" // no path has a blank
	}
	pg, _ := d.pages.do(ctx, key, d.patience, func(ctx context.Context) (page, bool) {
		pg := d.readPage(ctx, importPath)
		return pg, pg.url != "" && !pg.open()
	})
	d.steps, d.asked = append(d.steps, pg.ans.Steps...), pg.ans.Asked
	return pg
}

func (d *discovery) readPage(ctx context.Context, importPath string) page {
	e := errand{url: pageURL("https", importPath), limit: maxPage, errors: maxPage, patience: d.patience}
	if !d.insecure {
		return d.getPage(ctx, e)
	}
	trial := e
	trial.client, trial.patience = d.newImpatientClient(), Patience{impatience, impatience, impatience, impatience}
	defer trial.client.CloseIdleConnections()
	first := d.getPage(ctx, trial)
	if first.url != "" || first.ans.Outcome != Failed || ctx.Err() != nil {
		return first
	}
	e.url = pageURL("http", importPath)
	second := d.getPage(ctx, e)
	second.ans.Steps = slices.Concat(first.ans.Steps, second.ans.Steps)
	return second
}

// impatience is how long the go command waits in all for a page over https that
// it can do without, because GOINSECURE lets it have the page over http.
const impatience = 5 * time.Second

// newImpatientClient gives the client for such pages: like the go command's it
// speaks HTTP/1.1, takes any certificate, and follows redirects to http.
func (p *Prober) newImpatientClient() *http.Client {
	c := p.newClient()
	c.Timeout = impatience
	c.CheckRedirect = checkRedirects
	t := c.Transport.(transport)
	t.ForceAttemptHTTP2 = false
	t.TLSClientConfig.InsecureSkipVerify = true
	return c
}

// errLongPage ends a page of which no more is read.
var errLongPage = fmt.Errorf("the head of the page is longer than %d MiB", maxPage>>20)

// getPage gets a page from one address. Where there is a tag, the go command
// does not mind the status.
func (p *Prober) getPage(ctx context.Context, e errand) page {
	x, ans := p.send(ctx, e)
	pg := page{host: hostPort(e.url), ans: ans}
	if x.status == 0 || pg.open() && x.err == nil {
		return pg
	}
	pg.url = route.Redacted(e.url)
	end := x.err
	if x.cut {
		end = errLongPage
	}
	tags, err := readGoImports(io.MultiReader(bytes.NewReader(x.body), ending{end}))
	late := (*overdue)(nil)
	switch {
	case errors.As(err, &late):
		pg.ans.Outcome, pg.ans.Text, pg.ans.Fault = Failed, "", classify(err, x.at, pg.host)
	case errors.Is(err, errLongPage):
		pg.ans.Outcome, pg.ans.Text, pg.ans.Fault = Unsure, err.Error(), nil
	case len(tags) > 0, x.status == http.StatusOK && err == nil:
		pg.tags = tags
		pg.ans.Outcome, pg.ans.Text, pg.ans.Fault = OK, "", nil
	case x.status == http.StatusOK:
		pg.syntax = err
		pg.ans.Outcome, pg.ans.Text = Miss, err.Error()
		if x.err == nil {
			pg.ans.Fault = &Fault{Phase: Body, Cause: NoGoImport, Host: pg.host}
		}
	}
	return pg
}

// ending is what comes after the last byte that was read of a page.
type ending struct{ err error }

func (e ending) Read([]byte) (int, error) {
	if e.err == nil {
		return 0, io.EOF
	}
	return 0, e.err
}
