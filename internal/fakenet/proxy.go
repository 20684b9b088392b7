package fakenet

import (
	"net/http"
	"strings"
	"sync"

	"golang.org/x/mod/module"
)

// Proxy is a module proxy: a site that serves what is in its set of modules.
//
// The keys its rules are matched with are "corp.example/a@v1.0.0.info" (.mod,
// .zip), "corp.example/a@list" and "corp.example/a@latest", with path and
// version as in a go.mod, not escaped; for a checksum database below it
// "sumdb/NAME/supported" and the like.
type Proxy struct {
	*Site
	*Modules

	dbMu sync.Mutex // guards dbs
	dbs  map[string]*SumDB
}

// Proxy starts a module proxy without modules.
func (n *Net) Proxy(scheme Scheme, options ...Option) *Proxy {
	n.t.Helper()
	p := &Proxy{Modules: NewModules(n.t), dbs: make(map[string]*SumDB)}
	p.Site = n.Site(scheme, http.HandlerFunc(p.answer), options...)
	p.keyBy(proxyKey)
	return p
}

// Mirror makes the proxy serve a checksum database below /sumdb/NAME/.
func (p *Proxy) Mirror(db *SumDB) {
	p.dbMu.Lock()
	defer p.dbMu.Unlock()
	p.dbs[db.name] = db
}

// proxyKey is the key of a request to a proxy.
func proxyKey(r *http.Request) string {
	if path, rest, ok := artefactPath(r.URL.Path); ok {
		return path + "@" + rest
	}
	return pathKey(r)
}

// artefactPath takes the path of a URL below a proxy apart: the module path,
// and "v1.0.0.info", "list" or "latest", both unescaped.
func artefactPath(urlPath string) (path, rest string, ok bool) {
	escaped, file, ok := strings.Cut(strings.TrimPrefix(urlPath, "/"), "/@")
	if !ok {
		return "", "", false
	}
	path, err := module.UnescapePath(escaped)
	if err != nil {
		return "", "", false
	}
	if file == "latest" {
		return path, file, true
	}
	escaped, ok = strings.CutPrefix(file, "v/")
	if !ok {
		return "", "", false
	}
	rest, err = module.UnescapeVersion(escaped)
	return path, rest, err == nil
}

// answer serves the module proxy protocol.
func (p *Proxy) answer(w http.ResponseWriter, r *http.Request) {
	if rest, ok := strings.CutPrefix(r.URL.Path, "/sumdb/"); ok {
		p.answerSumDB(w, r, rest)
		return
	}
	path, rest, ok := artefactPath(r.URL.Path)
	if !ok {
		notFound(w, r.URL.Path)
		return
	}
	switch rest {
	case "list":
		versions, known := p.list(path)
		if !known {
			notFound(w, "module "+path)
			return
		}
		send(w, "text/plain; charset=utf-8", []byte(listText(versions)))
		return
	case "latest":
		version := p.latest(path)
		if version == "" {
			notFound(w, "module "+path)
			return
		}
		rest = version + ".info"
	}
	dot := strings.LastIndexByte(rest, '.')
	if dot < 0 {
		notFound(w, r.URL.Path)
		return
	}
	version, kind := rest[:dot], rest[dot:]
	a := p.find(path, version)
	switch {
	case a != nil && kind == ".info":
		send(w, "application/json", a.info)
	case a != nil && kind == ".mod":
		send(w, "text/plain; charset=utf-8", a.mod)
	case a != nil && kind == ".zip":
		send(w, "application/zip", a.zip)
	default:
		notFound(w, path+"@"+version+": unknown version")
	}
}

// answerSumDB passes a request on to the checksum database it is for; rest is
// the path below /sumdb/.
func (p *Proxy) answerSumDB(w http.ResponseWriter, r *http.Request, rest string) {
	p.dbMu.Lock()
	var db *SumDB
	var below string
	for name, d := range p.dbs {
		if b, ok := strings.CutPrefix(rest, name+"/"); ok {
			db, below = d, b
		}
	}
	p.dbMu.Unlock()
	switch {
	case db == nil:
		notFound(w, "no such checksum database")
	case below == "supported":
		send(w, "text/plain; charset=utf-8", nil)
	default:
		http.StripPrefix("/sumdb/"+db.name, http.HandlerFunc(db.answer)).ServeHTTP(w, r)
	}
}

func send(w http.ResponseWriter, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Write(body)
}

// notFound answers as proxies do, in plain text that go shows its user.
func notFound(w http.ResponseWriter, what string) {
	http.Error(w, "not found: "+what, http.StatusNotFound)
}
