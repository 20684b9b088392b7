package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// Sight is what there is to see of one host.
type Sight struct {
	// Door is the address that was asked for: the front page.
	Door *url.URL
	// Via is the HTTP proxy on the way, with its login; nil for none. Why tells
	// which setting put it there, or kept it away.
	Via *url.URL
	Why string
	// Glances has one for each address family, or a single one where an HTTP
	// proxy looks up the name.
	Glances []Glance
}

// Glance is one attempt to see a host.
type Glance struct {
	// Family is "IPv4" or "IPv6"; empty where an HTTP proxy looks up the name.
	Family string
	// Address is the address and port that was connected to; empty for none.
	Address string
	// Absent reports that the host has no address of the family, or this machine
	// no way to any. Fault then tells which.
	Absent bool
	// Cut reports that the time for all was over before this one's.
	Cut bool
	// Fault is why there is no answer; nil if there is one.
	Fault *Fault
	// Status is that of the answer, Proto its HTTP, "HTTP/2.0"; zero for none.
	Status int
	Proto  string
	// Steps come one after the other, each when the one before has ended.
	Steps []Step
	// TLS is the version in use; 0 for none. Certificate is what the host showed
	// for itself; nil where it showed none.
	TLS         uint16
	Certificate *x509.Certificate
}

// Up reports whether the host answered over any address family.
func (s Sight) Up() bool {
	for _, g := range s.Glances {
		if g.Fault == nil {
			return true
		}
	}
	return false
}

// Fault is why the host cannot be reached over any address family; nil if it
// can. Of two families the one counts that the host has an address of.
func (s Sight) Fault() *Fault {
	var worst *Fault
	for _, g := range s.Glances {
		if g.Fault == nil {
			return nil
		}
		if worst == nil || !g.Absent {
			worst = g.Fault
		}
	}
	return worst
}

// See looks at the front pages of hosts, all at once, over IPv4 and IPv6 apart.
// Each door is an http or https address, of which only scheme, host and port
// count: no path is sent, and no login is shown. The sights come in the order of
// the doors; where no network may be used there are none.
func (p *Prober) See(ctx context.Context, doors []*url.URL, patience Patience) []Sight {
	if p.grounded().Outcome != Unasked {
		return nil
	}
	sights := make([]Sight, len(doors))
	var looks sync.WaitGroup
	for i, door := range doors {
		front := &url.URL{Scheme: door.Scheme, Host: door.Host, Path: "/"}
		s := Sight{Door: front}
		s.Via, s.Why = p.way(front)
		for _, family := range s.families() {
			s.Glances = append(s.Glances, Glance{Family: family})
		}
		sights[i] = s
		for j := range s.Glances {
			g := &sights[i].Glances[j]
			looks.Go(func() { p.glance(ctx, front, patience, g) })
		}
	}
	looks.Wait()
	for i := range sights {
		sights[i].forgive()
	}
	return sights
}

const ipv4, ipv6 = "IPv4", "IPv6"

// families are those over which the host is worth a look.
func (s Sight) families() []string {
	ip, err := netip.ParseAddr(s.Door.Hostname())
	switch {
	case s.Via != nil:
		return []string{""}
	case err != nil:
		return []string{ipv4, ipv6}
	case ip.Is4() || ip.Is4In6():
		return []string{ipv4}
	}
	return []string{ipv6}
}

// glance looks once, over the family that g names.
func (p *Prober) glance(ctx context.Context, front *url.URL, patience Patience, g *Glance) {
	network := map[string]string{ipv4: "tcp4", ipv6: "tcp6", "": "tcp"}[g.Family]
	client := p.newClient()
	// A dial may go on when nobody waits for it any more.
	var reached atomic.Pointer[string]
	wire := client.Transport.(transport).Transport
	wire.DialContext = func(ctx context.Context, _, address string) (net.Conn, error) {
		conn, err := p.dial(ctx, network, address)
		if err == nil {
			at := conn.RemoteAddr().String()
			reached.Store(&at)
		}
		return conn, err
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	defer client.CloseIdleConnections()

	x := p.get(ctx, errand{url: front, limit: maxErrorBody, errors: maxErrorBody, patience: patience, client: client})
	g.Status, g.Proto, g.Steps = x.status, x.version, x.steps
	if at := reached.Load(); at != nil {
		g.Address = *at
	}
	if x.tls != nil {
		g.TLS = x.tls.Version
		g.Certificate = x.tls.PeerCertificates[0] // a server always has one
	}
	if rejected := (*tls.CertificateVerificationError)(nil); errors.As(x.err, &rejected) && len(rejected.UnverifiedCertificates) > 0 {
		g.Certificate = rejected.UnverifiedCertificates[0]
	}
	var f *Fault
	switch {
	case x.status == 0:
		f = broken(x, front).Fault
	case x.status == http.StatusProxyAuthRequired && x.at.via != nil, x.status == http.StatusNetworkAuthenticationRequired:
		f = judge(x, front).Fault
	}
	g.Cut = f != nil && ctx.Err() != nil
	g.Fault = p.secrets.hideInFault(f)
	g.Absent = f != nil && (f.Cause == NameNotFound || f.Cause == NoRoute)
}

// forgive leaves a family absent only where the other one tells more: a name
// that has no address of either kind does not exist.
func (s *Sight) forgive() {
	for _, g := range s.Glances {
		if !g.Absent {
			return
		}
	}
	for i := range s.Glances {
		s.Glances[i].Absent = false
	}
}

// Took is the time of all steps.
func (g Glance) Took() time.Duration {
	var sum time.Duration
	for _, s := range g.Steps {
		sum += s.Took
	}
	return sum
}
