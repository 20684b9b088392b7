package probe_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// recordAt asks a prober about wanted at the database of its environment.
func recordAt(t *testing.T, p *probe.Prober, db *fakenet.SumDB) probe.Answer {
	t.Helper()
	hop := hopTo(t, db.URL())
	hop.Kind = route.SumDB
	return ask(t, p, question(hop, probe.Record))
}

func TestDatabase(t *testing.T) {
	n := fakenet.New(t)
	s := newProxy(n, fakenet.HTTP)
	db := n.SumDB(fakenet.HTTPS, s.Modules)
	home := t.TempDir()
	env := settings("GOSUMDB="+db.GOSUMDB(), "GOPROXY="+s.URL(), "GOPATH="+home, "GOMODCACHE="+filepath.Join(home, "mod"))
	p := newProber(t, n, probe.Options{Env: env})

	db.On("*", fakenet.Status(503, "busy"))
	if ans := recordAt(t, p, db); ans.Outcome != probe.Failed || ans.Fault.Cause != probe.ServerError || ans.Fault.Status != 503 {
		t.Fatalf("a failing database gives %+v", ans)
	}
	// A failure is not remembered, what was verified is.
	db.On("*", nil)
	ans := recordAt(t, p, db)
	if ans.Outcome != probe.OK {
		t.Fatalf("a healed database gives %q", ans.Text)
	}
	for line := range strings.Lines(s.Sum(wanted.Path, wanted.Version)) {
		f := strings.Fields(line)
		got := ans.Sums.Zip
		if strings.HasSuffix(f[1], "/go.mod") {
			got = ans.Sums.Mod
		}
		if len(got) != 1 || got[0] != f[2] {
			t.Errorf("%s %s: hashes %q, want %s", f[0], f[1], got, f[2])
		}
	}
	asked := len(db.Requests())
	if ans := recordAt(t, p, db); ans.Outcome != probe.OK || len(db.Requests()) != asked {
		t.Errorf("asked again: outcome %d, %d more requests", ans.Outcome, len(db.Requests())-asked)
	}
	// The go command's own files are only read.
	if left, _ := os.ReadDir(home); len(left) != 0 {
		t.Errorf("%v was written", left)
	}
}

func TestDatabaseThatContradictsItself(t *testing.T) {
	n := fakenet.New(t)
	s := newProxy(n, fakenet.HTTP)
	honest, other := n.SumDB(fakenet.HTTPS, s.Modules), n.SumDB(fakenet.HTTPS, s.Modules)
	env := settings("GOSUMDB="+honest.Verifier()+" "+other.URL(), "GOPROXY="+s.URL())
	p := newProber(t, n, probe.Options{Env: env})
	if ans := recordAt(t, p, honest); ans.Outcome != probe.Failed || ans.Fault.Phase != probe.Checksum {
		t.Errorf("a tree that somebody else signed gives %+v", ans)
	}
}

func TestDatabaseOffline(t *testing.T) {
	n := fakenet.New(t)
	s := newProxy(n, fakenet.HTTP)
	db := n.SumDB(fakenet.HTTPS, s.Modules)
	p := newProber(t, n, probe.Options{Env: settings("GOSUMDB="+db.GOSUMDB(), "GOPROXY="+s.URL()), Offline: true})
	if ans := recordAt(t, p, db); ans.Outcome != probe.Unsure {
		t.Errorf("offline gives %+v", ans)
	}
	if accepted, _ := db.Connections(); accepted != 0 {
		t.Errorf("%d connections", accepted)
	}
}

// TestDatabaseCalledOff ends a question long before a silent database would.
func TestDatabaseCalledOff(t *testing.T) {
	inBubble(t, func(t *testing.T, n *fakenet.Net) {
		db := n.SumDB(fakenet.HTTPS)
		db.On("*", fakenet.Hang)
		p := newPipeProber(t, n, probe.Options{Env: settings("GOSUMDB="+db.GOSUMDB(), "GOPROXY=off")})
		hop := hopTo(t, db.URL())
		hop.Kind = route.SumDB
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if answers := p.Ask(ctx, question(hop, probe.Record)); len(answers) != 0 {
			t.Errorf("answers %+v, want none", answers)
		}
		p.Close()
		if took := time.Since(start); took != time.Second {
			t.Errorf("it took %v, want a second", took)
		}
	})
}

// TestSilentDatabase has nothing to quote: the go command would wait.
func TestSilentDatabase(t *testing.T) {
	inBubble(t, func(t *testing.T, n *fakenet.Net) {
		db := n.SumDB(fakenet.HTTPS)
		db.On("*", fakenet.Hang)
		p := newPipeProber(t, n, probe.Options{Env: settings("GOSUMDB="+db.GOSUMDB(), "GOPROXY=off")})
		ans := recordAt(t, p, db)
		if ans.Outcome != probe.Failed || ans.Fault.Cause != probe.NoAnswer || ans.Text != "" {
			t.Errorf("a silent database gives %+v", ans)
		}
	})
}
