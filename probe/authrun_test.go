package probe

import (
	"context"
	"net/url"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/modreach/modreach/route"
)

// endlessLogins has a command that never comes back as its only source.
func endlessLogins(t *testing.T) *logins {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("no tail there")
	}
	l := newLogins(route.ParseEnv(route.Sources{
		Process: []string{"GOAUTH=tail -f /dev/null", "PATH=" + os.Getenv("PATH")}, OS: runtime.GOOS,
	}), &secrets{})
	t.Cleanup(l.close)
	return l
}

// TestCommandWithoutEnd makes sure that a command that hangs is waited for only
// once in a while: the second wait here would outlast the test.
func TestCommandWithoutEnd(t *testing.T) {
	const want = "GOAUTH command tail does not come back within 1ms (go would wait)"
	target := &url.URL{Scheme: "https", Host: "proxy.example"}
	for name, turn := range map[string]func(*logins) string{
		"first turn": func(l *logins) string { return l.begin(t.Context()) },
		"next turn":  func(l *logins) string { return l.renew(t.Context(), target, exchange{}) },
	} {
		t.Run(name, func(t *testing.T) {
			l := endlessLogins(t)
			l.patience = time.Millisecond
			if why := turn(l); why != want {
				t.Errorf("got %q", why)
			}
			l.patience = time.Hour
			if why := turn(l); why != want {
				t.Errorf("the second time %q", why)
			}
		})
	}
}

// TestCommandAbandoned makes sure that a command ends with the prober it is
// run for, and that nobody has to wait for it.
func TestCommandAbandoned(t *testing.T) {
	l := endlessLogins(t)
	l.patience = time.Hour
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if why := l.begin(ctx); why != "" {
		t.Errorf("got %q", why)
	}
	l.close()
}
