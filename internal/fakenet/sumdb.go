package fakenet

import (
	"crypto/rand"
	"fmt"
	"io/fs"
	"net/http"
	"sync"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb"
	"golang.org/x/mod/sumdb/note"
)

// SumDB is a checksum database over sets of modules. The keys its rules are
// matched with are its paths, as "lookup/corp.example/a@v1.0.0" and
// "latest". Rules do not touch what a proxy mirrors; the proxy has its own.
type SumDB struct {
	*Site
	name     string
	verifier string
	signer   string
	sets     []*Modules

	mu     sync.Mutex // guards what follows
	forged map[module.Version]string
	tree   http.Handler // of x/mod, without log and rules
}

// SumDB starts a checksum database that knows the modules of the given sets,
// also those added later. It serves plain HTTP at its own address, unless told
// otherwise by the scheme.
func (n *Net) SumDB(scheme Scheme, sets ...*Modules) *SumDB {
	n.t.Helper()
	db := &SumDB{name: "sum.test", sets: sets, forged: make(map[module.Version]string)}
	signer, verifier, err := note.GenerateKey(rand.Reader, db.name)
	if err != nil {
		n.t.Fatalf("fakenet: making the key of a checksum database: %v", err)
	}
	db.signer, db.verifier = signer, verifier
	db.Rewrite()
	db.Site = n.Site(scheme, http.HandlerFunc(db.answer))
	return db
}

// Rewrite makes the database forget what it was ever asked and begin a new
// history under its old key. A client that saw the old one catches it lying,
// once the new one has another module at the same place.
func (db *SumDB) Rewrite() {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.tree = sumdb.NewServer(sumdb.NewTestServer(db.signer, db.lines))
}

// answer serves the present history.
func (db *SumDB) answer(w http.ResponseWriter, r *http.Request) {
	db.mu.Lock()
	tree := db.tree
	db.mu.Unlock()
	tree.ServeHTTP(w, r)
}

// Name returns the name in the database's key.
func (db *SumDB) Name() string { return db.name }

// Verifier returns the key its tree is verified with, "NAME+HASH+KEY". As
// GOSUMDB alone it sends the go command to the proxies first, and then to a
// host of that name that does not exist.
func (db *SumDB) Verifier() string { return db.verifier }

// GOSUMDB returns the value of that variable that leads straight to the
// database: key and URL.
func (db *SumDB) GOSUMDB() string { return db.verifier + " " + db.URL() }

// Forge makes the database hold the given go.sum lines for a version, instead
// of the true ones. It has no effect once the version was looked up.
func (db *SumDB) Forge(path, version, lines string) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.forged[module.Version{Path: path, Version: version}] = lines
}

// lines returns the record of a version.
func (db *SumDB) lines(path, version string) ([]byte, error) {
	db.mu.Lock()
	forged, ok := db.forged[module.Version{Path: path, Version: version}]
	db.mu.Unlock()
	if ok {
		return []byte(forged), nil
	}
	for _, set := range db.sets {
		if a := set.find(path, version); a != nil {
			return []byte(a.sum), nil
		}
	}
	return nil, fmt.Errorf("not found: %s@%s: %w", path, version, fs.ErrNotExist)
}
