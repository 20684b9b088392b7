package probe

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/modreach/modreach/route"
)

// forges remembers the hosts of repositories that were found dead, so that not
// every repository there costs a timeout of its own. The gates of patrol stand
// before the hosts that module paths begin with; where a go-import tag, or an
// insteadOf, leads is known only here. The zero value is ready for use.
type forges struct {
	mu   sync.Mutex // guards down
	down map[string]*deadForge
	// knocks are what the front pages of such hosts say.
	knocks shared[*Fault]
}

// deadForge is a host at which nothing but faults of its own came up.
type deadForge struct {
	patience Patience
	at       time.Time
	// looks are the addresses of the repositories that failed.
	looks map[string]bool
	// address is the last of them, out what git said of it.
	address string
	out     outcome
}

// forgeLooks is how many repositories have to fail before others at their host
// are not asked any more: one may be slow, or led elsewhere.
const forgeLooks = 2

// failed notes that git could not list the repository at address.
func (s *forges) failed(address string, patience Patience, out outcome, f *Fault) {
	host := remoteHost(address)
	// A connection that was reset may be one of too many at a time.
	if host == "" || f == nil || !f.HostLevel() || f.Cause == Reset {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.down[host]
	if d == nil || d.patience != patience || time.Since(d.at) > sharing {
		d = &deadForge{patience: patience, looks: map[string]bool{}}
	}
	d.at, d.address, d.out = time.Now(), address, out
	d.looks[address] = true
	if s.down == nil {
		s.down = map[string]*deadForge{}
	}
	s.down[host] = d
}

// answered notes that the host of a repository lives. git tells where it is led.
func (s *forges) answered(ctx context.Context, g *git, remote string, patience Patience) {
	if !s.any() {
		return
	}
	host := remoteHost(g.rewritten(ctx, remote, patience))
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.down, host)
}

// any reports whether any host is known to be dead.
func (s *forges) any() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.down, func(_ string, d *deadForge) bool { return time.Since(d.at) > sharing })
	return len(s.down) > 0
}

// dead gives what git says of a repository whose host is known to be dead, as
// it was said of another one there; false if it has to be asked. ssh leads
// nowhere else, so its word will do. Over http it may have been a redirect: so
// the host has to be at fault for its front page too.
func (s *forges) dead(ctx context.Context, p *Prober, remote string, patience Patience) (outcome, bool) {
	if !s.any() {
		return outcome{}, false
	}
	address := p.git.rewritten(ctx, remote, patience)
	host := remoteHost(address)
	s.mu.Lock()
	d := s.down[host]
	known := d != nil && d.patience == patience && len(d.looks) >= forgeLooks && !d.looks[address]
	var out outcome
	if known {
		out = d.out
		out.stderr = []byte(strings.ReplaceAll(string(out.stderr), strings.TrimSuffix(d.address, "/"), strings.TrimSuffix(address, "/")))
	}
	s.mu.Unlock()
	if !known {
		return outcome{}, false
	}
	u, err := url.Parse(address)
	if err == nil && slices.Contains([]string{"http", "https"}, u.Scheme) {
		fault, asked := s.knocks.do(ctx, u.Scheme+" "+host, patience, func(ctx context.Context) (*Fault, bool) {
			f := p.Knock(ctx, route.Hop{Kind: route.Proxy, URL: u}, patience)
			return f, f == nil
		})
		if !asked || fault == nil || !fault.HostLevel() {
			return outcome{}, false
		}
		if fault.Host != host && fault.Cause != HTTPProxyFailed && fault.Cause != HTTPProxyAuth {
			return outcome{}, false
		}
	}
	return out, true
}
