package probe_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// verdict is what a fault is compared by.
type verdict struct {
	Cause     probe.Cause
	Phase     probe.Phase
	Host      string
	Status    int
	HostLevel bool
}

func verdictOf(f *probe.Fault) verdict {
	if f == nil {
		return verdict{}
	}
	return verdict{f.Cause, f.Phase, f.Host, f.Status, f.HostLevel()}
}

// producer makes something really misbehave and gives the fault that comes of
// it, with the host that must be named.
type producer struct {
	name string
	want verdict // without Host
	make func(t *testing.T) (f *probe.Fault, host string)
}

// producers has at least one for every cause.
func producers() []producer {
	all := nameProducers()
	all = append(all, connectProducers()...)
	all = append(all, httpProxyProducers()...)
	all = append(all, tlsProducers()...)
	all = append(all, answerProducers()...)
	all = append(all, portalProducers()...)
	all = append(all, pageProducers()...)
	all = append(all, gitProducers()...)
	return append(all, localProducers()...)
}

func TestFaults(t *testing.T) {
	for _, p := range producers() {
		t.Run(p.name, func(t *testing.T) {
			f, host := p.make(t)
			want := p.want
			want.Host = host
			if diff := cmp.Diff(want, verdictOf(f)); diff != "" {
				err := error(nil)
				if f != nil {
					err = f.Err
				}
				t.Errorf("fault (-want +got):\n%s%v", diff, err)
			}
		})
	}
}

// TestEveryCauseHasProducer fails when a cause is added and nothing is shown to
// produce it.
func TestEveryCauseHasProducer(t *testing.T) {
	var produced [probe.Causes]bool
	for _, p := range producers() {
		produced[p.want.Cause] = true
	}
	for c := probe.NoCause + 1; int(c) < probe.Causes; c++ {
		if !produced[c] {
			t.Errorf("cause %d has no producer", c)
		}
	}
}

// loopback is a producer that asks a real socket for the .info file. set gives
// the base URL to ask and the host to be named.
func loopback(name string, want verdict, set func(t *testing.T, n *fakenet.Net) (base, host string)) producer {
	return producer{name, want, func(t *testing.T) (*probe.Fault, string) {
		n := fakenet.New(t)
		base, host := set(t, n)
		p := newProber(t, n, probe.Options{})
		return ask(t, p, question(hopTo(t, base), probe.Info)).Fault, host
	}}
}

// timed is a producer of a fault that takes time, in memory.
func timed(name string, want verdict, set func(t *testing.T, n *fakenet.Net) (base, host string)) producer {
	return producer{name, want, func(t *testing.T) (f *probe.Fault, host string) {
		inBubble(t, func(t *testing.T, n *fakenet.Net) {
			var base string
			base, host = set(t, n)
			p := newPipeProber(t, n, probe.Options{})
			f = ask(t, p, question(hopTo(t, base), probe.Info)).Fault
		})
		return f, host
	}}
}

// behaves is a loopback producer whose proxy answers everything with a fault.
func behaves(name string, want verdict, scheme fakenet.Scheme, fault fakenet.Fault, options ...fakenet.Option) producer {
	return loopback(name, want, func(_ *testing.T, n *fakenet.Net) (string, string) {
		s := newProxy(n, scheme, options...)
		s.On("*", fault)
		return s.URL(), s.Host()
	})
}

func nameProducers() []producer {
	broken := func(fault fakenet.NameFault) func(*testing.T, *fakenet.Net) (string, string) {
		return func(_ *testing.T, n *fakenet.Net) (string, string) {
			n.DNS().Break("proxy.corp.test", fault)
			return "https://proxy.corp.test", "proxy.corp.test:443"
		}
	}
	resolve := func(c probe.Cause) verdict {
		return verdict{Cause: c, Phase: probe.Resolve, HostLevel: true}
	}
	return []producer{
		loopback("no such name", resolve(probe.NameNotFound), broken(fakenet.NoSuchName)),
		loopback("name server fails", resolve(probe.NameFailed), broken(fakenet.ServFail)),
		timed("name server is silent", resolve(probe.NameTimeout), broken(fakenet.NoReply)),
	}
}

func connectProducers() []producer {
	connect := func(c probe.Cause) verdict {
		return verdict{Cause: c, Phase: probe.Connect, HostLevel: true}
	}
	at := func(address func(*fakenet.Net) string) func(*testing.T, *fakenet.Net) (string, string) {
		return func(_ *testing.T, n *fakenet.Net) (string, string) {
			host := address(n)
			return "http://" + host, host
		}
	}
	denied := func(kind string) func(*testing.T) (*probe.Fault, string) {
		return func(t *testing.T) (*probe.Fault, string) { return faultInside(t, kind), deniedHost }
	}
	return []producer{
		loopback("nobody listens", connect(probe.Refused), at((*fakenet.Net).Refused)),
		loopback("broadcast address", connect(probe.NoRoute), at((*fakenet.Net).Unreachable)),
		timed("no answer to the request for a connection", connect(probe.ConnectTimeout), at((*fakenet.Net).Blackhole)),
		{"no answer from a full queue", connect(probe.ConnectTimeout), func(t *testing.T) (*probe.Fault, string) {
			n := fakenet.New(t)
			host := n.Blackhole()
			q := question(hopTo(t, "http://"+host), probe.Info)
			q.Patience.Connect = 20 * time.Millisecond // it never answers
			return ask(t, newProber(t, n, probe.Options{}), q).Fault, host
		}},
		{"sandbox", connect(probe.OSDenied), denied(inSandbox)},
		{"prohibit route", connect(probe.OSDenied), denied(behindProhibit)},
		{"unreachable route", connect(probe.NoRoute), denied(behindUnreachable)},
		{"no route", connect(probe.NoRoute), denied(withoutRoute)},
	}
}

func httpProxyProducers() []producer {
	// through asks a proxy, which works, by way of an HTTP proxy.
	through := func(name string, want verdict, scheme fakenet.Scheme, variable string, via func(t *testing.T, n *fakenet.Net) string) producer {
		return producer{name, want, func(t *testing.T) (*probe.Fault, string) {
			n := fakenet.New(t)
			s := newProxy(n, scheme, fakenet.Host("proxy.corp.test"))
			host := via(t, n)
			p := newProber(t, n, probe.Options{Env: settings(variable + "=http://" + host)})
			return ask(t, p, question(hopTo(t, s.URL()), probe.Info)).Fault, host
		}}
	}
	failed := verdict{Cause: probe.HTTPProxyFailed, Phase: probe.Connect, HostLevel: true}
	answered := func(c probe.Cause, status int) verdict {
		return verdict{Cause: c, Phase: probe.Connect, Status: status, HostLevel: true}
	}
	refusing := func(fault fakenet.Fault) func(*testing.T, *fakenet.Net) string {
		return func(_ *testing.T, n *fakenet.Net) string {
			via := n.HTTPProxy(fakenet.Host("gate.corp.test"))
			via.On("*", fault)
			return via.Host()
		}
	}
	demanding := func(_ *testing.T, n *fakenet.Net) string {
		via := n.HTTPProxy(fakenet.Host("gate.corp.test"))
		via.Demand("user", "secret")
		return via.Host()
	}
	return []producer{
		through("HTTP proxy down", failed, fakenet.HTTPS, "HTTPS_PROXY", func(_ *testing.T, n *fakenet.Net) string { return n.Refused() }),
		through("HTTP proxy down for http", failed, fakenet.HTTP, "HTTP_PROXY", func(_ *testing.T, n *fakenet.Net) string { return n.Refused() }),
		through("HTTP proxy unknown", failed, fakenet.HTTPS, "HTTPS_PROXY", func(*testing.T, *fakenet.Net) string { return "nowhere.test:3128" }),
		through("HTTP proxy refuses", answered(probe.HTTPProxyFailed, 403), fakenet.HTTPS, "HTTPS_PROXY", refusing(fakenet.Status(403, "not there"))),
		through("HTTP proxy cannot reach the host", answered(probe.HTTPProxyFailed, 502), fakenet.HTTPS, "HTTPS_PROXY", refusing(fakenet.Status(502, "no"))),
		through("HTTP proxy hangs up", failed, fakenet.HTTPS, "HTTPS_PROXY", refusing(fakenet.Hangup)),
		through("HTTP proxy talks nonsense", failed, fakenet.HTTPS, "HTTPS_PROXY", refusing(fakenet.Garbage)),
		through("HTTP proxy wants a login", answered(probe.HTTPProxyAuth, 407), fakenet.HTTPS, "HTTPS_PROXY", demanding),
		through("HTTP proxy wants a login for http", answered(probe.HTTPProxyAuth, 407), fakenet.HTTP, "HTTP_PROXY", demanding),
		{"HTTP proxy is silent", failed, func(t *testing.T) (f *probe.Fault, host string) {
			inBubble(t, func(t *testing.T, n *fakenet.Net) {
				s := newProxy(n, fakenet.HTTPS, fakenet.Host("proxy.corp.test"))
				via := n.HTTPProxy(fakenet.Host("gate.corp.test"))
				via.On("*", fakenet.Hang)
				p := newPipeProber(t, n, probe.Options{Env: settings("HTTPS_PROXY=" + via.URL())})
				f, host = ask(t, p, question(hopTo(t, s.URL()), probe.Info)).Fault, via.Host()+":80"
			})
			return f, host
		}},
		{"HTTP proxy in a CGI program", failed, func(t *testing.T) (*probe.Fault, string) {
			p := probe.New(probe.Options{Env: settings("HTTP_PROXY=http://gate.corp.test", "REQUEST_METHOD=GET")})
			return ask(t, p, question(hopTo(t, "http://proxy.corp.test"), probe.Info)).Fault, "proxy.corp.test:80"
		}},
		{"HTTP proxy speaks TLS of its own", failed, func(t *testing.T) (*probe.Fault, string) {
			n := fakenet.New(t)
			s := newProxy(n, fakenet.HTTPS, fakenet.Host("proxy.corp.test"))
			via := n.Site(fakenet.HTTPS, http.NotFoundHandler(), fakenet.Host("gate.corp.test"), fakenet.UnknownCA)
			p := newProber(t, n, probe.Options{Env: settings("HTTPS_PROXY=" + via.URL())})
			return ask(t, p, question(hopTo(t, s.URL()), probe.Info)).Fault, via.Host()
		}},
	}
}

func tlsProducers() []producer {
	has := func(name string, c probe.Cause, options ...fakenet.Option) producer {
		want := verdict{Cause: c, Phase: probe.Handshake, HostLevel: true}
		return loopback(name, want, func(_ *testing.T, n *fakenet.Net) (string, string) {
			s := newProxy(n, fakenet.HTTPS, options...)
			return s.URL(), s.Host()
		})
	}
	all := []producer{
		has("unknown authority", probe.UnknownAuthority, fakenet.UnknownCA),
		has("certificate of another host", probe.WrongName, fakenet.WrongName),
		has("certificate without the address", probe.WrongName, fakenet.NoIPSAN),
		has("expired certificate", probe.Expired, fakenet.Expired),
		has("certificate of the future", probe.NotYetValid, fakenet.NotYetValid),
		has("certificate demanded", probe.ClientCertificate, fakenet.ClientCert),
		has("certificate demanded over HTTP/1.1", probe.ClientCertificate, fakenet.ClientCert, fakenet.HTTP1),
		has("old TLS", probe.HandshakeFailed, fakenet.TLS11),
		has("plain HTTP where TLS should be", probe.NotHTTP, fakenet.Misspoken),
		timed("silence in place of TLS", verdict{Cause: probe.HandshakeFailed, Phase: probe.Handshake, HostLevel: true}, func(_ *testing.T, n *fakenet.Net) (string, string) {
			host := n.Silent()
			return "https://" + host, host
		}),
		{"certificate demanded behind an HTTP proxy", verdict{Cause: probe.ClientCertificate, Phase: probe.Handshake, HostLevel: true}, func(t *testing.T) (*probe.Fault, string) {
			n := fakenet.New(t)
			s := newProxy(n, fakenet.HTTPS, fakenet.Host("proxy.corp.test"), fakenet.ClientCert)
			p := newProber(t, n, probe.Options{Env: settings("HTTPS_PROXY=" + n.HTTPProxy().URL())})
			return ask(t, p, question(hopTo(t, s.URL()), probe.Info)).Fault, s.Host()
		}},
	}
	return all
}

func answerProducers() []producer {
	request := func(c probe.Cause, hostLevel bool) verdict {
		return verdict{Cause: c, Phase: probe.Request, HostLevel: hostLevel}
	}
	body := func(c probe.Cause) verdict { return verdict{Cause: c, Phase: probe.Body} }
	all := []producer{
		behaves("reset", request(probe.Reset, true), fakenet.HTTP, fakenet.Reset),
		behaves("reset over TLS", request(probe.Reset, true), fakenet.HTTPS, fakenet.Reset, fakenet.HTTP1),
		behaves("reset over HTTP/2", request(probe.Reset, true), fakenet.HTTPS, fakenet.Reset),
		behaves("hangup", request(probe.Reset, true), fakenet.HTTP, fakenet.Hangup),
		behaves("hangup over HTTP/2", request(probe.Reset, true), fakenet.HTTPS, fakenet.Hangup),
		behaves("body cut short", body(probe.Reset), fakenet.HTTP, fakenet.Truncate),
		behaves("body cut short over HTTP/2", body(probe.Reset), fakenet.HTTPS, fakenet.Truncate),
		behaves("not HTTP", request(probe.NotHTTP, true), fakenet.HTTP, fakenet.Garbage),
		behaves("not HTTP/2", request(probe.NotHTTP, true), fakenet.HTTPS, fakenet.Garbage),
		behaves("web page", body(probe.BadAnswer), fakenet.HTTP, fakenet.HTML),
		behaves("nothing", body(probe.BadAnswer), fakenet.HTTP, fakenet.Empty),
		behaves("another version", body(probe.BadAnswer), fakenet.HTTP, fakenet.WrongVersion),
		behaves("bad compression", body(probe.BadAnswer), fakenet.HTTP, fakenet.Status(200, "this is no gzip stream at all", "Content-Encoding", "gzip")),
		behaves("redirects without end", request(probe.BadAnswer, false), fakenet.HTTP, fakenet.RedirectLoop),
		behaves("redirect to no URL", request(probe.BadAnswer, false), fakenet.HTTP, fakenet.Status(302, "", "Location", "http://[::1")),
		loopback("redirect to another scheme", request(probe.BadAnswer, false), func(_ *testing.T, n *fakenet.Net) (string, string) {
			s := newProxy(n, fakenet.HTTP)
			s.On("*", fakenet.Status(302, "", "Location", "ftp://files.corp.test/"))
			return s.URL(), "files.corp.test"
		}),
		behaves("redirect to insecure", request(probe.InsecureHost, false), fakenet.HTTPS, fakenet.RedirectToInsecure),
		timed("silence", request(probe.NoAnswer, true), func(_ *testing.T, n *fakenet.Net) (string, string) {
			s := newProxy(n, fakenet.HTTPS)
			s.On("*", fakenet.Hang)
			return s.URL(), s.Addr()
		}),
		timed("silence after the header", body(probe.NoAnswer), func(_ *testing.T, n *fakenet.Net) (string, string) {
			s := newProxy(n, fakenet.HTTPS)
			s.On("*", fakenet.HangAfterHeaders)
			return s.URL(), s.Addr()
		}),
		behaves("TLS where plain HTTP should be", verdict{Cause: probe.BadAnswer, Phase: probe.Request, Status: 400}, fakenet.HTTP, nil, fakenet.Misspoken),
		{"password over plain HTTP", request(probe.InsecureHost, false), func(t *testing.T) (*probe.Fault, string) {
			n := fakenet.New(t)
			s := newProxy(n, fakenet.HTTP)
			hop := planned(t, strings.Replace(s.URL(), "://", "://user:secret@", 1))
			return ask(t, newProber(t, n, probe.Options{}), question(hop, probe.Info)).Fault, s.Host()
		}},
	}
	for status, c := range map[int]probe.Cause{
		201: probe.BadAnswer, 204: probe.BadAnswer, 206: probe.BadAnswer, 300: probe.BadAnswer, 304: probe.BadAnswer,
		400: probe.BadAnswer, 401: probe.AuthNeeded, 402: probe.AuthNeeded, 403: probe.Forbidden, 404: probe.NotFound,
		405: probe.BadAnswer, 407: probe.AuthNeeded, 410: probe.NotFound, 429: probe.RateLimited, 451: probe.Forbidden,
		500: probe.ServerError, 502: probe.ServerError, 503: probe.ServerError, 504: probe.ServerError, 511: probe.CaptivePortal,
	} {
		want := verdict{Cause: c, Phase: probe.Request, Status: status}
		all = append(all, behaves(http.StatusText(status), want, fakenet.HTTP, fakenet.Status(status, "")))
	}
	for name, fault := range map[string]fakenet.Fault{"text for a zip": fakenet.NotZip, "zip of another module": fakenet.BadZip} {
		all = append(all, producer{name, body(probe.BadAnswer), func(t *testing.T) (*probe.Fault, string) {
			n := fakenet.New(t)
			s := newProxy(n, fakenet.HTTP)
			s.On("*.zip", fault)
			return ask(t, newProber(t, n, probe.Options{}), question(hopTo(t, s.URL()), probe.Zip)).Fault, s.Host()
		}})
	}
	return all
}

// planned gives the hop that a route has for a GOPROXY of one entry.
func planned(t *testing.T, goproxy string) route.Hop {
	t.Helper()
	r := route.Explicit(settings("GOPROXY="+goproxy, "GOSUMDB=off", "GOMODCACHE="+t.TempDir()), route.Module{}, wanted)
	if len(r.Hops) != 2 {
		t.Fatalf("GOPROXY=%s gives %d hops: %s", goproxy, len(r.Hops), r.Stop.Text)
	}
	return r.Hops[1]
}

func portalProducers() []producer {
	// captured asks for a proxy whose name leads to a portal, as on a network
	// that lets nobody pass before a login.
	captured := func(name string, want verdict, kind fakenet.Portal) producer {
		return loopback(name, want, func(_ *testing.T, n *fakenet.Net) (string, string) {
			portal := n.Captive(kind, fakenet.HTTP, fakenet.Host("login.hotel.test"))
			_, port, _ := strings.Cut(portal.Addr(), ":")
			n.DNS().Set("proxy.corp.test", "127.0.0.1")
			return "http://proxy.corp.test:" + port, "proxy.corp.test:" + port
		})
	}
	return []producer{
		captured("portal redirects to its own host", verdict{Cause: probe.CaptivePortal, Phase: probe.Body}, fakenet.PortalRedirect),
		captured("portal says so", verdict{Cause: probe.CaptivePortal, Phase: probe.Request, Status: 511}, fakenet.Portal511),
		// Nothing tells this from a proxy that is broken.
		captured("portal answers itself", verdict{Cause: probe.BadAnswer, Phase: probe.Body}, fakenet.PortalPage),
		loopback("redirect to a page of the same host", verdict{Cause: probe.BadAnswer, Phase: probe.Body}, func(_ *testing.T, n *fakenet.Net) (string, string) {
			s := n.Captive(fakenet.PortalRedirect, fakenet.HTTP, fakenet.Host("proxy.corp.test"))
			return s.URL(), s.Host()
		}),
		loopback("redirect to bad text of another host", verdict{Cause: probe.BadAnswer, Phase: probe.Body}, func(_ *testing.T, n *fakenet.Net) (string, string) {
			other := n.Site(fakenet.HTTP, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				fakenet.Status(200, "welcome")(w, r, nil)
			}), fakenet.Host("files.corp.test"))
			s := newProxy(n, fakenet.HTTP, fakenet.Host("proxy.corp.test"))
			s.On("*", fakenet.RedirectTo(other.URL()))
			return s.URL(), s.Host()
		}),
		{"portal in place of a zip", verdict{Cause: probe.CaptivePortal, Phase: probe.Body}, func(t *testing.T) (*probe.Fault, string) {
			n := fakenet.New(t)
			portal := n.Captive(fakenet.PortalRedirect, fakenet.HTTP, fakenet.Host("login.hotel.test"))
			s := newProxy(n, fakenet.HTTP, fakenet.Host("proxy.corp.test"))
			s.On("*.zip", fakenet.RedirectTo(portal.URL()))
			return ask(t, newProber(t, n, probe.Options{}), question(hopTo(t, s.URL()), probe.Zip)).Fault, s.Host()
		}},
	}
}

func localProducers() []producer {
	// lost follows a route to its end over a proxy that works.
	lost := func(change func(t *testing.T, r *route.Route, s *fakenet.Proxy)) func(t *testing.T) (*probe.Fault, string) {
		return func(t *testing.T) (*probe.Fault, string) {
			n := fakenet.New(t)
			s := newProxy(n, fakenet.HTTP)
			r := route.Route{Mod: wanted, Hops: []route.Hop{{Kind: route.Cache, Dir: t.TempDir()}, hopTo(t, s.URL())}}
			change(t, &r, s)
			return follow(t, newProber(t, n, probe.Options{}), r).Fault, ""
		}
	}
	directory := func(name string) func(t *testing.T) (*probe.Fault, string) {
		return func(t *testing.T) (*probe.Fault, string) {
			hop := route.Hop{Kind: route.Directory, Dir: filepath.Join(t.TempDir(), name)}
			return ask(t, probe.New(probe.Options{}), question(hop, probe.Info)).Fault, ""
		}
	}
	local := func(c probe.Cause) verdict { return verdict{Cause: c} }
	return []producer{
		{"GOSUMDB cannot be used", verdict{Cause: probe.BadSetting, Phase: probe.Checksum}, func(t *testing.T) (*probe.Fault, string) {
			hop := route.Hop{Kind: route.SumDB, Refused: "missing GOSUMDB"}
			return ask(t, probe.New(probe.Options{}), question(hop, probe.Record)).Fault, ""
		}},
		{"GOPROXY=off", local(probe.ProxyOff), lost(func(_ *testing.T, r *route.Route, _ *fakenet.Proxy) {
			r.Hops[1] = route.Hop{Kind: route.Off}
		})},
		{"network switched off for go", local(probe.ProxyOff), func(t *testing.T) (*probe.Fault, string) {
			p := probe.New(probe.Options{Env: settings("GODEBUG=cmdgonetlimit=0")})
			return ask(t, p, question(hopTo(t, "https://proxy.corp.test"), probe.Info)).Fault, ""
		}},
		{"go.sum knows another go.mod", verdict{Cause: probe.SumMismatch, Phase: probe.Checksum}, lost(func(_ *testing.T, r *route.Route, _ *fakenet.Proxy) {
			r.Sums.Mod = []string{"h1:another"}
		})},
		{"module wants a newer go", local(probe.TooOld), lost(func(_ *testing.T, r *route.Route, s *fakenet.Proxy) {
			r.Running = route.Running{Version: "1.21.0", Setting: "local"}
			s.Add(wanted.Path, wanted.Version, "module corp.example/a\n\ngo 1.22\n")
		})},
		{"replacement of another module", local(probe.OtherModule), lost(func(_ *testing.T, r *route.Route, s *fakenet.Proxy) {
			r.Required.Path = "corp.example/replaced"
			s.Add(wanted.Path, wanted.Version, "module corp.example/third\n")
		})},
		{"module cache is a file", local(probe.DiskCache), lost(func(t *testing.T, r *route.Route, _ *fakenet.Proxy) {
			r.Hops[0].Dir = filepath.Join(r.Hops[0].Dir, "file")
			if err := os.WriteFile(r.Hops[0].Dir, nil, 0o666); err != nil {
				t.Fatal(err)
			}
		})},
		{"replaced by no directory", local(probe.NoDirectory), directory("missing")},
		{"replaced by a directory without go.mod", local(probe.NoGoMod), directory(".")},
	}
}
