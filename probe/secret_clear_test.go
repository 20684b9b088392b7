package probe_test

import (
	"strings"
	"testing"

	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/probe"
)

// TestNoLoginInClear shows no login of an address to a host over http, whatever it
// is asked for: the go command does not, either.
func TestNoLoginInClear(t *testing.T) {
	n := fakenet.New(t)
	s := newProxy(n, fakenet.HTTP)
	db := n.SumDB(fakenet.HTTPS, s.Modules)
	s.Mirror(db)
	login := strings.Replace(s.URL(), "://", "://me:secret@", 1)
	p := newProber(t, n, probe.Options{Env: settings("GOSUMDB="+db.Verifier(), "GOPROXY="+login)})
	ans := recordAt(t, p, db)
	if ans.Outcome != probe.Failed || !strings.HasPrefix(ans.Text, "refusing to pass credentials to insecure URL: http://me:xxxxx@") {
		t.Errorf("outcome %d: %s", ans.Outcome, ans.Text)
	}
	if asked := s.Requests(); len(asked) > 0 {
		t.Errorf("the proxy was asked %v", asked)
	}
}
