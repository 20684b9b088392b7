package probe

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb"

	"github.com/modreach/modreach/route"
)

// maxRecord bounds one answer of a checksum database, in bytes. A full tile has
// 8 KiB, a record with its proof less.
const maxRecord = 1 << 20

// askSumDB looks a module version up in the checksum database. What the
// database says is verified as the go command does it, with the signed tree of
// golang.org/x/mod/sumdb. Any failure is a hard error to the go command.
func (p *Prober) askSumDB(ctx context.Context, q Question, _ Artefact) Answer {
	if q.Hop.Refused != "" {
		return Answer{Outcome: Failed, Text: q.Hop.Refused, Fault: &Fault{Phase: Checksum, Cause: BadSetting}}
	}
	found := make(chan Answer, 1)
	p.lookups.Go(func() { found <- p.lookUp(ctx, q) })
	// The client knows no context, and what it fetches is for others too.
	select {
	case ans := <-found:
		return ans
	case <-ctx.Done():
		return Answer{}
	}
}

func (p *Prober) lookUp(ctx context.Context, q Question) Answer {
	db := p.database(ctx, q.Patience)
	if base, err := db.locate(); err == nil { // a lookup tells of what failed
		if ans, shut := p.withhold(ctx, q, base); shut {
			return ans
		}
	}
	db.guard(q)
	zip, mod, err := db.lookUp(q)
	if err == nil {
		return Answer{Outcome: OK, Sums: route.Sums{Mod: mod, Zip: zip}, At: time.Now()}
	}
	ans := db.failure(q, err)
	if ans.Fault == nil || ans.Fault.Cause != NotFound {
		// What the client remembers of it must not decide the second look.
		p.dropDatabase(db)
	}
	return ans
}

// database is the checksum database of the environment with all that was read
// from it. It is safe for concurrent use.
type database struct {
	prober *Prober
	// ctx and patience are for requests that several questions wait for.
	ctx      context.Context
	patience Patience
	client   *sumdb.Client // nil for one that was dropped

	find sync.Once // finds base, if that is not known yet
	base *url.URL
	lost error // why there is no base

	mu       sync.Mutex // guards what follows
	latest   []byte
	cache    map[string][]byte
	failed   map[string]Answer   // requests that did not succeed, by their words
	guarded  map[string]Question // whose paths lookups tell of, by the path of the lookup
	security string
}

// guard notes which lookups tell of a module.
func (db *database) guard(q Question) {
	path, err := module.EscapePath(q.Mod.Path)
	if err != nil {
		return // the client makes no request of it
	}
	version, err := module.EscapeVersion(q.Mod.Version)
	if err != nil {
		return
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	db.guarded["/lookup/"+path+"@"+version] = q
}

// database gives the one of the prober's environment.
func (p *Prober) database(ctx context.Context, patience Patience) *database {
	p.dbMu.Lock()
	defer p.dbMu.Unlock()
	if p.db == nil || p.db.client == nil {
		db := &database{prober: p, patience: patience, cache: map[string][]byte{}, failed: map[string]Answer{}, guarded: map[string]Question{}}
		if old := p.db; old != nil {
			db.ctx, db.base, db.latest, db.cache = old.ctx, old.base, old.latest, old.cache
		} else {
			db.ctx, p.endLookups = context.WithCancel(context.WithoutCancel(ctx))
		}
		db.client = sumdb.NewClient(db)
		p.db = db
	}
	return p.db
}

// dropDatabase has the next question begin with a new client, which does not
// remember failures; what was verified is kept.
func (p *Prober) dropDatabase(old *database) {
	p.dbMu.Lock()
	defer p.dbMu.Unlock()
	if p.db != old {
		return
	}
	old.mu.Lock()
	defer old.mu.Unlock()
	p.db = &database{ctx: old.ctx, base: old.base, latest: slices.Clone(old.latest), cache: maps.Clone(old.cache)}
}

// remoteError carries the words of a failed request through the client.
type remoteError struct{ ans Answer }

func (e *remoteError) Error() string { return e.ans.Text }

// lookUp gives the h1: hashes of the zip and of the go.mod file.
func (db *database) lookUp(q Question) (zip, mod []string, err error) {
	path, version := q.Mod.Path, q.Mod.Version
	lines, err := db.client.Lookup(path, version+"/go.mod")
	if err != nil {
		return nil, nil, err
	}
	mod = hashes(lines, path, version+"/go.mod")
	if lines, err = db.client.Lookup(path, version); err != nil {
		return nil, nil, err
	}
	return hashes(lines, path, version), mod, nil
}

// hashes takes the h1: hashes out of go.sum lines.
func hashes(lines []string, path, version string) []string {
	var all []string
	for _, line := range lines {
		if h, ok := strings.CutPrefix(line, path+" "+version+" "); ok && strings.HasPrefix(h, "h1:") {
			all = append(all, h)
		}
	}
	return all
}

// failure is the answer for a lookup that failed. The client keeps the words of
// an error and loses the rest, so that it is found again by its words.
func (db *database) failure(q Question, err error) Answer {
	db.mu.Lock()
	defer db.mu.Unlock()
	text := err.Error()
	for _, version := range []string{q.Mod.Version, q.Mod.Version + "/go.mod"} {
		text = strings.TrimPrefix(text, q.Mod.Path+"@"+version+": ")
	}
	// When this is the client's first lookup, its words say so.
	text = strings.TrimPrefix(text, "initializing sumdb.Client: checking tree#1: ")
	ans := Answer{Outcome: Failed, Text: text, Fault: &Fault{Phase: Checksum, Cause: BadAnswer, Err: err}}
	if db.security != "" {
		ans.Outcome, ans.Text, ans.Fault.Cause = Spoiled, db.security, SumMismatch
		return ans
	}
	if failed, ok := db.failed[text]; ok {
		ans = failed
	}
	if ans.Outcome == Miss {
		ans.Outcome = Failed // not having a module is an error of a database
	}
	return ans
}

// fetch reads one file of the database, or of a proxy that may serve it. of is the
// question that it tells of; the zero Question for one that tells of none.
func (db *database) fetch(target *url.URL, of Question) ([]byte, error) {
	ans, body := db.read(target, of)
	if ans.Outcome == OK {
		return body, nil
	}
	db.mu.Lock()
	db.failed[ans.Text] = ans
	db.mu.Unlock()
	return nil, &remoteError{ans}
}

func (db *database) read(target *url.URL, of Question) (Answer, []byte) {
	if target.Scheme == "file" {
		return readFileURL(target, maxRecord)
	}
	x, ans := db.prober.send(db.ctx, errand{
		url: target, limit: maxRecord, errors: maxErrorBody, patience: db.patience, guard: of.Hop.Guard, path: of.Mod.Path,
	})
	if led, ok := errors.AsType[*publicRedirect](x.err); ok {
		ans = ledOn(of.Hop, led, ans)
	}
	return ans, x.body
}

// locate finds where the database is asked: at an address of its own, or below
// the first proxy that serves it. It walks the GOPROXY list as for a module.
func (db *database) locate() (*url.URL, error) {
	db.find.Do(func() {
		if db.base != nil {
			return
		}
		base, err := db.search()
		db.mu.Lock() // dropDatabase may read it at this moment
		defer db.mu.Unlock()
		db.base, db.lost = base, err
	})
	return db.base, db.lost
}

func (db *database) search() (*url.URL, error) {
	env := db.prober.opts.Env
	setting, err := env.SumDB()
	if err != nil {
		return nil, err
	}
	if setting.Fixed {
		return setting.URL, nil
	}
	entries, err := env.Proxies()
	if err != nil {
		return nil, err
	}
	var hard error // the last one; a "|" leads past it, but only "direct" mends it
	for _, entry := range entries {
		if entry.Kind == route.Direct {
			hard = nil
		}
		if entry.Kind != route.Proxy {
			break
		}
		base := entry.URL.JoinPath("sumdb", setting.Name)
		_, err := db.fetch(base.JoinPath("supported"), Question{})
		if err == nil {
			return base, nil
		}
		remote, ok := errors.AsType[*remoteError](err)
		if ok && remote.ans.Outcome == Miss {
			continue
		}
		if hard = err; entry.Falls != route.AnyError || ok && remote.ans.Outcome == Spoiled {
			return nil, hard
		}
	}
	if hard != nil {
		return nil, hard
	}
	return setting.URL, nil
}

// ReadRemote is for sumdb.Client.
func (db *database) ReadRemote(path string) ([]byte, error) {
	base, err := db.locate()
	if err != nil {
		return nil, err
	}
	db.mu.Lock()
	of := db.guarded[path]
	db.mu.Unlock()
	return db.fetch(base.JoinPath(path), of)
}

// ReadConfig is for sumdb.Client: it gives the key, and the newest signed tree
// that the go command has seen.
func (db *database) ReadConfig(file string) ([]byte, error) {
	setting, err := db.prober.opts.Env.SumDB()
	if err != nil {
		return nil, err
	}
	if file == "key" {
		return []byte(setting.Key), nil
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.latest == nil {
		db.latest = db.seenTree(file)
	}
	return db.latest, nil
}

// seenTree reads the newest tree from where the go command keeps it; an empty
// one if it has seen none. It must not be nil.
func (db *database) seenTree(file string) []byte {
	paths := filepath.SplitList(db.prober.opts.Env.Get("GOPATH").Value)
	if len(paths) == 0 || db.prober.opts.SkipCache {
		return []byte{}
	}
	text, err := os.ReadFile(filepath.Join(paths[0], "pkg", "sumdb", filepath.FromSlash(file)))
	if err != nil {
		return []byte{}
	}
	return text
}

// WriteConfig is for sumdb.Client. The go command's own file stays as it is.
func (db *database) WriteConfig(_ string, old, new []byte) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if !slices.Equal(old, db.latest) {
		return sumdb.ErrWriteConflict
	}
	db.latest = new
	return nil
}

// ReadCache is for sumdb.Client: it reads what was fetched before, by us or by
// the go command.
func (db *database) ReadCache(file string) ([]byte, error) {
	db.mu.Lock()
	text, ok := db.cache[file]
	db.mu.Unlock()
	if ok {
		return text, nil
	}
	dir, err := db.prober.opts.Env.ModCache()
	if err != nil || db.prober.opts.SkipCache {
		return nil, fmt.Errorf("reading %s: not cached", file)
	}
	text, err = os.ReadFile(filepath.Join(dir, "cache", "download", "sumdb", filepath.FromSlash(file)))
	if err == nil && len(text) == 0 {
		return nil, fmt.Errorf("reading %s: %w", file, fs.ErrNotExist) // go writes it in two steps, and takes it so, too
	}
	return text, err
}

// WriteCache is for sumdb.Client. The go command's own cache stays as it is.
func (db *database) WriteCache(file string, data []byte) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.cache[file] = data
}

// Log is for sumdb.Client; what it has to say is also in its errors.
func (db *database) Log(string) {}

// SecurityError is for sumdb.Client: the database contradicts itself.
func (db *database) SecurityError(msg string) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.security = msg
}
