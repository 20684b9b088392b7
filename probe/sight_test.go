package probe_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// envOf is an environment of a few variables.
func envOf(vars ...string) route.Env {
	return route.ParseEnv(route.Sources{Process: vars, OS: "linux"})
}

// door is the address of a host.
func door(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// seen is what a test looks at of a glance.
type seen struct {
	Family string
	Absent bool
	Cause  probe.Cause
	Status int
	Proto  string
	Phases []probe.Phase
	Issuer string
	TLS    bool
}

func seenIn(s probe.Sight) []seen {
	var all []seen
	for _, g := range s.Glances {
		at := seen{Family: g.Family, Absent: g.Absent, Status: g.Status, Proto: g.Proto, TLS: g.TLS != 0}
		if g.Fault != nil {
			at.Cause = g.Fault.Cause
		}
		for _, step := range g.Steps {
			at.Phases = append(at.Phases, step.Phase)
		}
		if g.Certificate != nil {
			at.Issuer = g.Certificate.Issuer.CommonName
		}
		all = append(all, at)
	}
	return all
}

// TestSee looks at hosts that are well and at others that are not.
func TestSee(t *testing.T) {
	const name = fakenet.Host("proxy.corp.test")
	dialled := []probe.Phase{probe.Connect}
	resolved := []probe.Phase{probe.Resolve, probe.Connect}
	shaken := append(slices.Clone(resolved), probe.Handshake)
	whole := append(slices.Clone(shaken), probe.Request, probe.Body)
	none := seen{Family: "IPv6", Absent: true, Cause: probe.NameNotFound, Phases: resolved}
	tests := []struct {
		name string
		set  func(n *fakenet.Net) string
		want []seen
		up   bool
	}{
		{
			"well, and without an IPv6 address", func(n *fakenet.Net) string { return n.Site(fakenet.HTTPS, http.NotFoundHandler(), name).URL() },
			[]seen{{Family: "IPv4", Status: 404, Proto: "HTTP/2.0", Phases: whole, Issuer: "fakenet CA", TLS: true}, none},
			true,
		},
		{
			"an address for a name", func(n *fakenet.Net) string { return n.Site(fakenet.HTTP, http.NotFoundHandler()).URL() },
			[]seen{{Family: "IPv4", Status: 404, Proto: "HTTP/1.1", Phases: []probe.Phase{probe.Connect, probe.Request, probe.Body}}},
			true,
		},
		{
			"wants a login", func(n *fakenet.Net) string {
				s := n.Site(fakenet.HTTP, http.NotFoundHandler())
				s.On("*", fakenet.Status(401, "who?"))
				return s.URL()
			},
			[]seen{{Family: "IPv4", Status: 401, Proto: "HTTP/1.1", Phases: []probe.Phase{probe.Connect, probe.Request, probe.Body}}},
			true,
		},
		{
			"redirects elsewhere, where nobody goes", func(n *fakenet.Net) string {
				s := n.Site(fakenet.HTTP, http.NotFoundHandler())
				s.On("*", fakenet.RedirectTo("http://"+n.Refused()))
				return s.URL()
			},
			[]seen{{Family: "IPv4", Status: 302, Proto: "HTTP/1.1", Phases: []probe.Phase{probe.Connect, probe.Request, probe.Body}}},
			true,
		},
		{
			"refuses", func(n *fakenet.Net) string { return "https://" + n.Refused() },
			[]seen{{Family: "IPv4", Cause: probe.Refused, Phases: dialled}},
			false,
		},
		{
			"no such name", func(*fakenet.Net) string { return "https://nobody.corp.test" },
			[]seen{
				{Family: "IPv4", Cause: probe.NameNotFound, Phases: resolved},
				{Family: "IPv6", Cause: probe.NameNotFound, Phases: resolved},
			},
			false,
		},
		{
			"certificate of an authority that nobody trusts", func(n *fakenet.Net) string {
				return n.Site(fakenet.HTTPS, http.NotFoundHandler(), name, fakenet.UnknownCA).URL()
			},
			[]seen{{Family: "IPv4", Cause: probe.UnknownAuthority, Phases: shaken, Issuer: "fakenet rogue CA"}, none},
			false,
		},
		{
			"certificate that has expired", func(n *fakenet.Net) string {
				return n.Site(fakenet.HTTPS, http.NotFoundHandler(), name, fakenet.Expired).URL()
			},
			[]seen{{Family: "IPv4", Cause: probe.Expired, Phases: shaken, Issuer: "fakenet CA"}, none},
			false,
		},
		{
			"a network that wants a login", func(n *fakenet.Net) string { return n.Captive(fakenet.Portal511, fakenet.HTTP).URL() },
			[]seen{{Family: "IPv4", Cause: probe.CaptivePortal, Status: 511, Proto: "HTTP/1.1", Phases: []probe.Phase{probe.Connect, probe.Request, probe.Body}}},
			false,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := fakenet.New(t)
			at := door(t, test.set(n))
			sights := newProber(t, n, probe.Options{Env: envOf()}).See(t.Context(), []*url.URL{at}, probe.FirstLook)
			if len(sights) != 1 {
				t.Fatalf("%d sights", len(sights))
			}
			if diff := cmp.Diff(test.want, seenIn(sights[0])); diff != "" {
				t.Errorf("glances (-want +got):\n%s", diff)
			}
			if f := sights[0].Fault(); sights[0].Up() != test.up || (f == nil) != test.up {
				t.Errorf("up is %v, fault %+v", sights[0].Up(), f)
			}
			if want := (sights[0].Fault() == nil) || sights[0].Fault().Cause != probe.Refused; sights[0].Glances[0].Address == "" && want && test.name != "no such name" {
				t.Error("no address")
			}
		})
	}
}

// TestSeeSilence looks at hosts that never answer: all of them cost the time of
// one.
func TestSeeSilence(t *testing.T) {
	inBubble(t, func(t *testing.T, n *fakenet.Net) {
		p := newPipeProber(t, n, probe.Options{Env: envOf()})
		doors := []*url.URL{
			door(t, "https://"+n.Blackhole()), door(t, "https://"+n.Silent()),
			door(t, n.Site(fakenet.HTTP, http.NotFoundHandler(), fakenet.Mute).URL()), door(t, n.Site(fakenet.HTTP, nil, fakenet.Mute).URL()),
		}
		began := time.Now()
		sights := p.See(t.Context(), doors, odd)
		if took := time.Since(began); took != odd.FirstByte {
			t.Errorf("took %v, want %v", took, odd.FirstByte)
		}
		var causes []probe.Cause
		for _, s := range sights {
			causes = append(causes, s.Fault().Cause)
		}
		want := []probe.Cause{probe.ConnectTimeout, probe.HandshakeFailed, probe.NoAnswer, probe.NoAnswer}
		if diff := cmp.Diff(want, causes); diff != "" {
			t.Errorf("causes (-want +got):\n%s", diff)
		}
	})
}

// TestSeeShowsNothing makes sure that a host learns neither a path nor a login,
// and that nobody is asked where that is switched off.
func TestSeeShowsNothing(t *testing.T) {
	n := fakenet.New(t)
	site := n.Site(fakenet.HTTP, http.NotFoundHandler())
	at := door(t, site.URL()+"/secret/path?token=x")
	at.User = url.UserPassword("me", "secret")
	newProber(t, n, probe.Options{Env: envOf()}).See(t.Context(), []*url.URL{at}, probe.FirstLook)
	requests := site.Requests()
	if len(requests) != 1 || requests[0].URI != "/" || requests[0].Authorized {
		t.Errorf("requests %+v", requests)
	}
	for name, o := range map[string]probe.Options{
		"offline": {Env: envOf(), Offline: true},
		"network": {Env: envOf("GODEBUG=cmdgonetlimit=0")},
	} {
		if sights := newProber(t, n, o).See(t.Context(), []*url.URL{at}, probe.FirstLook); sights != nil {
			t.Errorf("%s: %+v", name, sights)
		}
	}
	if asked := len(site.Requests()); asked != 1 {
		t.Errorf("asked %d times", asked)
	}
}

// TestSeeWay tells through which HTTP proxy a host is asked, and why.
func TestSeeWay(t *testing.T) {
	n := fakenet.New(t)
	way := n.HTTPProxy()
	denies := n.HTTPProxy()
	denies.On("*", fakenet.Status(403, "not this one"))
	host := n.Site(fakenet.HTTPS, http.NotFoundHandler(), fakenet.Host("proxy.corp.test"))
	tests := []struct {
		name, door string
		env        []string
		via        bool
		why        string
		cause      probe.Cause
	}{
		{"nothing is set", host.URL(), nil, false, "HTTPS_PROXY is not set", 0},
		{"through", host.URL(), []string{"HTTPS_PROXY=" + way.URL()}, true, "HTTPS_PROXY", 0},
		{"in small letters", host.URL(), []string{"https_proxy=" + way.URL()}, true, "https_proxy", 0},
		{"around by its domain", host.URL(), []string{"HTTPS_PROXY=" + way.URL(), "NO_PROXY=x.test, .corp.test"}, false, "NO_PROXY has .corp.test", 0},
		{"around for all", host.URL(), []string{"HTTPS_PROXY=" + way.URL(), "no_proxy=*"}, false, "no_proxy has *", 0},
		{"this machine", n.Site(fakenet.HTTP, http.NotFoundHandler()).URL(), []string{"HTTP_PROXY=" + way.URL()}, false, "this machine itself is never asked through HTTP_PROXY", 0},
		{"denied", host.URL(), []string{"HTTPS_PROXY=" + denies.URL()}, true, "HTTPS_PROXY", probe.HTTPProxyFailed},
		{"no address at all", host.URL(), []string{"HTTPS_PROXY=[::1"}, false, "HTTPS_PROXY is no address, so it counts for nothing", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newProber(t, n, probe.Options{Env: envOf(test.env...)})
			s := p.See(t.Context(), []*url.URL{door(t, test.door)}, probe.FirstLook)[0]
			if (s.Via != nil) != test.via || s.Why != test.why {
				t.Errorf("via %v, why %q, want %v, %q", s.Via, s.Why, test.via, test.why)
			}
			var cause probe.Cause
			if f := s.Fault(); f != nil {
				cause = f.Cause
			}
			if cause != test.cause {
				t.Errorf("cause %v, want %v", cause, test.cause)
			}
			if test.via && (len(s.Glances) != 1 || s.Glances[0].Family != "") {
				t.Errorf("glances %+v", s.Glances)
			}
		})
	}
}

// TestSumDBHost tells where the checksum database is asked.
func TestSumDBHost(t *testing.T) {
	n := fakenet.New(t)
	serves, lacks := n.Proxy(fakenet.HTTP), n.Proxy(fakenet.HTTP)
	db := n.SumDB(fakenet.HTTPS, serves.Modules)
	serves.Mirror(db)
	for name, test := range map[string]struct {
		env  []string
		want string
	}{
		"by a proxy":       {[]string{"GOPROXY=" + serves.URL(), "GOSUMDB=" + db.Verifier()}, serves.URL() + "/sumdb/" + db.Name()},
		"at its own host":  {[]string{"GOPROXY=" + lacks.URL(), "GOSUMDB=" + db.Verifier()}, "https://" + db.Name()},
		"where it is said": {[]string{"GOPROXY=" + serves.URL(), "GOSUMDB=" + db.GOSUMDB()}, db.URL()},
		"nowhere":          {[]string{"GOPROXY=http://" + n.Refused(), "GOSUMDB=" + db.Verifier()}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			at, err := newProber(t, n, probe.Options{Env: envOf(test.env...)}).SumDBHost(t.Context(), probe.FirstLook)
			if (err != nil) != (test.want == "") || err == nil && at.String() != test.want {
				t.Errorf("%v, %v, want %q", at, err, test.want)
			}
		})
	}
}

// TestSumDBHostInTime gives up with who asked, whatever silent proxies are still to
// be waited for.
func TestSumDBHostInTime(t *testing.T) {
	n := fakenet.New(t)
	env := envOf("GOPROXY=http://"+n.Silent()+"|http://"+n.Silent(), "GOSUMDB="+n.SumDB(fakenet.HTTPS, nil).Verifier())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if at, err := newProber(t, n, probe.Options{Env: env}).SumDBHost(ctx, probe.FirstLook); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v, want %v", at, err, context.Canceled)
	}
}

// TestMeasure measures proxies side by side.
func TestMeasure(t *testing.T) {
	n := fakenet.New(t)
	good, other, shut := n.Proxy(fakenet.HTTP), n.Proxy(fakenet.HTTP), n.Proxy(fakenet.HTTP)
	good.Modules.Add("golang.org/x/mod", "v0.1.0", "")
	good.Mirror(n.SumDB(fakenet.HTTP, good.Modules))
	db := n.SumDB(fakenet.HTTP, good.Modules)
	good.Mirror(db)
	shut.On("*", fakenet.Status(403, "no"))
	var bases []*url.URL
	for _, at := range []string{good.URL(), other.URL(), shut.URL(), "http://" + n.Refused()} {
		bases = append(bases, door(t, at))
	}
	p := newProber(t, n, probe.Options{Env: envOf("GOSUMDB=" + db.Verifier())})
	var got []string
	for _, m := range p.Measure(t.Context(), bases, "golang.org/x/mod", probe.FirstLook) {
		words := "nothing"
		if m.Has {
			words = "has it"
		}
		if m.SumDB {
			words += ", database"
		}
		if len(m.Times) == 5 && slices.IsSorted(m.Times) && m.Median() == m.Times[2] && m.Median() > 0 {
			words += ", median"
		}
		if m.Fault != nil {
			words += ", " + map[probe.Cause]string{probe.NotFound: "not found", probe.Forbidden: "forbidden", probe.Refused: "refused"}[m.Fault.Cause]
		}
		got = append(got, words)
	}
	want := []string{"has it, database, median", "nothing, not found", "nothing, forbidden", "nothing, refused"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("measured (-want +got):\n%s", diff)
	}
	for _, r := range other.Requests() {
		if r.URI != "/golang.org/x/mod/@v/list" && r.URI != "/sumdb/"+db.Name()+"/supported" {
			t.Errorf("asked for %s", r.URI)
		}
	}
}
