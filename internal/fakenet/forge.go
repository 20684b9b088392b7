package fakenet

import (
	"html"
	"net/http"
	"strings"
	"sync"
)

// Forge is a host that module paths begin with: it has pages with go-import
// tags, and git repositories. It speaks HTTPS, and plain HTTP as well once
// [Forge.Plain] was called.
//
// No module path has a port, and no test may listen on port 443. So a child
// process reaches a forge through an [HTTPProxy], and the settings of
// [HTTPProxy.Env]; everything else by [Net.Dial].
//
//	n := fakenet.New(t)
//	corp := n.Forge("go.corp.example")
//	corp.Page("go.corp.example/x", "go.corp.example/x git https://go.corp.example/x.git")
//	corp.Git("x.git", repo)
//	env := append(n.Env(), n.HTTPProxy().Env()...)
type Forge struct {
	*Site
	name string

	mu    sync.Mutex // guards what follows
	pages map[string]string
	repos map[string]*Repo
}

// Forge starts a forge without pages, called name.
func (n *Net) Forge(name string, options ...Option) *Forge {
	n.t.Helper()
	f := &Forge{name: name, pages: make(map[string]string), repos: make(map[string]*Repo)}
	f.Site = n.Site(HTTPS, http.HandlerFunc(f.answer), append(options, Host(name), WellKnown)...)
	return f
}

// Plain starts the site that serves the forge over plain HTTP, with its own
// faults and its own log.
func (f *Forge) Plain(options ...Option) *Site {
	f.net.t.Helper()
	return f.net.Site(HTTP, http.HandlerFunc(f.answer), append(options, Host(f.name), WellKnown)...)
}

// Page makes the forge answer for an import path, and all below it that has no
// page of its own, with one go-import tag for each content.
func (f *Forge) Page(path string, contents ...string) {
	f.net.t.Helper()
	var b strings.Builder
	b.WriteString("<!DOCTYPE html>\n<html>\n<head>\n")
	for _, content := range contents {
		b.WriteString(MetaTag(content))
	}
	b.WriteString("</head>\n<body>a module</body>\n</html>\n")
	f.RawPage(path, b.String())
}

// MetaTag returns a go-import tag as a line of HTML.
func MetaTag(content string) string {
	return `<meta name="go-import" content="` + html.EscapeString(content) + "\">\n"
}

// RawPage is [Forge.Page] with the whole text of the page.
func (f *Forge) RawPage(path, text string) {
	f.net.t.Helper()
	below, ok := strings.CutPrefix(path+"/", f.name+"/")
	if !ok {
		f.net.t.Fatalf("fakenet: a page of %s is not at %s", path, f.name)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pages["/"+below] = text
}

// Git serves a repository at a path, written without the first slash.
func (f *Forge) Git(path string, r *Repo) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.repos["/"+path] = r
}

func (f *Forge) answer(w http.ResponseWriter, r *http.Request) {
	if repo := f.repo(r.URL.Path); repo != nil {
		repo.ServeHTTP(w, r)
		return
	}
	if page, ok := f.page(r.URL.Path); ok {
		send(w, "text/html; charset=utf-8", []byte(page))
		return
	}
	notFound(w, r.URL.Path)
}

// repo returns the repository a request is for; nil if it is for none. A
// path that also has a page is the repository's for git clients alone.
func (f *Forge) repo(path string) *Repo {
	service := gitService(path)
	path = strings.TrimSuffix(strings.TrimSuffix(path, service), "/")
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok := f.pages[path+"/"]; ok && service == "" {
		return nil
	}
	return f.repos[path]
}

// page returns the page for a path: that of the longest prefix.
func (f *Forge) page(path string) (text string, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	longest := ""
	for at := range f.pages {
		if strings.HasPrefix(path+"/", at) && len(at) > len(longest) {
			longest = at
		}
	}
	text, ok = f.pages[longest]
	return text, ok
}
