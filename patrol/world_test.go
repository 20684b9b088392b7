package patrol_test

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/patrol"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// reply is how a host answers a question or a knock.
type reply struct {
	after time.Duration
	// fault is nil for what is served.
	fault *probe.Fault
	proto int
	// withheld keeps the question from the host.
	withheld bool
	// served is how many files are served before the fault.
	served int
}

// manner is how a host answers at this time.
type manner func(host string, patience probe.Patience) reply

func serves(after time.Duration) manner {
	return func(string, probe.Patience) reply { return reply{after: after, proto: 1} }
}

// serves2 is serves over HTTP/2.
func serves2(after time.Duration) manner {
	return func(string, probe.Patience) reply { return reply{after: after, proto: 2} }
}

func withheld(string, probe.Patience) reply { return reply{withheld: true} }

func lacks(host string, _ probe.Patience) reply {
	return reply{fault: &probe.Fault{Phase: probe.Request, Cause: probe.NotFound, Host: host, Status: 404}, proto: 1}
}

func fails(host string, _ probe.Patience) reply {
	return reply{fault: &probe.Fault{Phase: probe.Request, Cause: probe.ServerError, Host: host, Status: 500}, proto: 1}
}

func silent(host string, patience probe.Patience) reply {
	return reply{after: patience.FirstByte, fault: &probe.Fault{Phase: probe.Request, Cause: probe.NoAnswer, Host: host}}
}

func refuses(host string, _ probe.Patience) reply {
	return reply{after: time.Millisecond, fault: &probe.Fault{Phase: probe.Connect, Cause: probe.Refused, Host: host, Err: syscall.ECONNREFUSED}}
}

func unresolved(host string, _ probe.Patience) reply {
	return reply{after: time.Millisecond, fault: &probe.Fault{Phase: probe.Resolve, Cause: probe.NameFailed, Host: host}}
}

func limits(wait time.Duration) manner {
	return func(host string, _ probe.Patience) reply {
		return reply{fault: &probe.Fault{Phase: probe.Request, Cause: probe.RateLimited, Host: host, Status: 429, RetryAfter: wait}, proto: 1}
	}
}

func logsIn(host string, _ probe.Patience) reply {
	return reply{fault: &probe.Fault{Phase: probe.Request, Cause: probe.CaptivePortal, Host: host, Status: 511}, proto: 1}
}

func signedBy(issuer string) manner {
	return func(host string, _ probe.Patience) reply {
		err := &tls.CertificateVerificationError{
			UnverifiedCertificates: []*x509.Certificate{{Issuer: pkix.Name{CommonName: issuer}}},
			Err:                    x509.UnknownAuthorityError{},
		}
		return reply{fault: &probe.Fault{Phase: probe.Handshake, Cause: probe.UnknownAuthority, Host: host, Err: err}}
	}
}

// event is something the world saw.
type event struct {
	at   time.Duration // since the start of the scene
	what string        // "ask", "knock", or "off" for a question called off
	host string
	mod  module.Version
	// rest is what is unusual: the files, if .info is not among them, and the
	// long deadline.
	rest string
}

func (e event) String() string {
	words := []string{fmt.Sprintf("%.3fs", e.at.Seconds()), e.what, e.host}
	if e.what != "knock" {
		words = append(words, e.mod.String())
	}
	return strings.Join(words, " ") + e.rest
}

// world is a scripted Checker. The cache of this machine is empty.
type world struct {
	start time.Time

	mu sync.Mutex // guards the rest
	// hosts has a manner by host ("a.example"), by host and module
	// ("a.example m1"), and by host and "/" for knocks; the closest counts.
	hosts map[string]manner
	seen  []event
	// flying and most count the questions in flight, by host.
	flying, most map[string]int
}

func newWorld(hosts map[string]manner) *world {
	if hosts == nil {
		hosts = map[string]manner{}
	}
	return &world{start: time.Now(), hosts: hosts, flying: map[string]int{}, most: map[string]int{}}
}

func (w *world) set(name string, m manner) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hosts[name] = m
}

func (w *world) manner(host, about string) manner {
	if m := w.hosts[host+" "+about]; m != nil {
		return m
	}
	if m := w.hosts[host]; m != nil {
		return m
	}
	return serves(0)
}

func (w *world) see(what, host string, q probe.Question) {
	e := event{at: time.Since(w.start), what: what, host: host, mod: q.Mod}
	if !slices.Contains(q.Artefacts, probe.Info) {
		for _, a := range q.Artefacts {
			e.rest += " " + a.String()
		}
	}
	if q.Patience == probe.LongLook {
		e.rest += " long"
	}
	w.seen = append(w.seen, e)
}

// fly counts a question in or out.
func (w *world) fly(host string, n int) {
	w.flying[host] += n
	w.most[host] = max(w.most[host], w.flying[host])
}

func (w *world) Ask(ctx context.Context, q probe.Question) []probe.Answer {
	var host, hostPort string
	var m manner
	w.mu.Lock()
	if q.Hop.URL != nil {
		host, hostPort = q.Hop.URL.Host, probe.HostOf(q.Hop)
		w.see("ask", host, q)
		m = w.manner(host, q.Mod.Path)
	} else {
		m = w.manner("cache", q.Mod.Path)
	}
	w.fly(host, 1)
	w.mu.Unlock()

	r := m(hostPort, q.Patience)
	err := pass(ctx, r.after)

	w.mu.Lock()
	defer w.mu.Unlock()
	w.fly(host, -1)
	if err != nil {
		w.see("off", host, q)
		return nil
	}
	var answers []probe.Answer
	for i, a := range q.Artefacts {
		ans := probe.Answer{Artefact: a, Fault: r.fault, Proto: r.proto, At: time.Now(), Version: q.Mod.Version}
		switch {
		case r.withheld:
			ans = probe.Answer{Artefact: a, Outcome: probe.Withheld, Evidence: "because", Text: "withheld"}
		case r.fault == nil || i < r.served:
			ans.Fault = nil
			ans.Outcome = probe.OK
			if q.Query && a == probe.Info {
				ans.Version = "v1.0.0"
			}
		case r.fault.Cause == probe.NotFound:
			ans.Outcome = probe.Miss
		default:
			ans.Outcome, ans.Text = probe.Failed, "told to "+q.Mod.String()
		}
		answers = append(answers, ans)
		if ans.Outcome != probe.OK {
			break
		}
	}
	return answers
}

func (w *world) Knock(ctx context.Context, hop route.Hop, patience probe.Patience) *probe.Fault {
	w.mu.Lock()
	w.see("knock", hop.URL.Host, probe.Question{})
	r := w.manner(hop.URL.Host, "/")(probe.HostOf(hop), patience)
	w.mu.Unlock()
	if pass(ctx, r.after) != nil || r.proto > 0 {
		return nil
	}
	return r.fault
}

// pass lets virtual time pass.
func pass(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

var quietLog = zap.NewNop()

// scene is a patrol in a world.
type scene struct {
	*patrol.Patrol
	*world
	t *testing.T
}

// play runs a scene in virtual time; hosts is the world at its start.
func play(t *testing.T, o patrol.Options, hosts map[string]manner, act func(s *scene)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(hosts)
		p := patrol.New(w, o, quietLog)
		p.Start(t.Context())
		defer p.Stop()
		act(&scene{p, w, t})
	})
}

// wait lets virtual time pass until everything is still.
func (s *scene) wait(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// settled waits until every line has settled once, and gives the time of that.
func (s *scene) settled() time.Duration {
	for s.Pending() > 0 {
		<-s.Changed()
	}
	return time.Since(s.start)
}

// forgetSeen empties the diary.
func (s *scene) forgetSeen() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = nil
}

// count gives how many events of a kind the world saw; an empty host is any.
func (s *scene) count(what, host string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, e := range s.seen {
		if e.what == what && (host == "" || e.host == host) {
			n++
		}
	}
	return n
}

// kinds are sorted in this order when they come at the same time: which worker
// is first is left to chance.
const kinds = "knock off ask"

// diary gives what the world saw, and forgets it.
func (s *scene) diary() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	slices.SortStableFunc(s.seen, func(a, b event) int {
		return cmp.Or(cmp.Compare(a.at, b.at), strings.Index(kinds, a.what)-strings.Index(kinds, b.what), cmp.Compare(a.mod.String(), b.mod.String()))
	})
	for _, e := range s.seen {
		all = append(all, e.String())
	}
	s.seen = nil
	return all
}

// causes are told by name in expectations.
var causes = map[probe.Cause]string{
	probe.Refused: "refused", probe.NoAnswer: "no answer", probe.NameFailed: "unresolved", probe.NotFound: "not found",
	probe.ServerError: "server error", probe.RateLimited: "rate limited", probe.CaptivePortal: "captive",
	probe.UnknownAuthority: "unknown authority",
}

// says puts a status into words: "reached v1.0.0", "lost: refused", "pending",
// with "slow" where it is.
func says(st patrol.Status) string {
	words := "pending"
	switch r := st.Report; {
	case !st.Settled:
	case r.Ending == probe.Reached:
		words = "reached"
	case r.Ending == probe.Cached:
		words = "cached"
	case r.Ending == probe.Lost && r.Fault != nil:
		words = "lost: " + causes[r.Fault.Cause]
	case r.Ending == probe.Open:
		words = r.Text
	default:
		words = fmt.Sprintf("ending %d: %s", r.Ending, r.Text)
	}
	if st.Slow {
		words += ", slow"
	}
	return words
}

// status gives the statuses of a document, in words; runs of the same are
// counted.
func (s *scene) status(doc string) []string {
	all, _ := s.Snapshot(doc)
	var words []string
	for len(all) > 0 {
		first := says(all[0])
		n := slices.IndexFunc(all, func(st patrol.Status) bool { return says(st) != first })
		if n < 0 {
			n = len(all)
		}
		words = append(words, fmt.Sprintf("%d %s", n, first))
		all = all[n:]
	}
	return words
}

// via builds hops from a GOPROXY list such as "a.example|b.example".
func via(list string) []route.Hop {
	var hops []route.Hop
	for list != "" {
		end := strings.IndexAny(list, ",|")
		if end < 0 {
			end = len(list)
		}
		h := route.Hop{Kind: route.Proxy, URL: &url.URL{Scheme: "https", Host: list[:end]}}
		if end < len(list) && list[end] == '|' {
			h.Falls = route.AnyError
		}
		hops = append(hops, h)
		list = list[min(end+1, len(list)):]
	}
	return hops
}

// line is a route for "module@version".
func line(mod, list string) route.Route {
	path, version, _ := strings.Cut(mod, "@")
	m := module.Version{Path: path, Version: version}
	return route.Route{Required: m, Mod: m, Hops: via(list)}
}

// lines are n routes, m1@v1.0.0 and so on.
func lines(n int, list string) []route.Route {
	var all []route.Route
	for i := range n {
		all = append(all, line(fmt.Sprintf("m%d@v1.0.0", i+1), list))
	}
	return all
}
