package probe_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

var allThree = []probe.Artefact{probe.Info, probe.Mod, probe.Zip}

// outcomes gives what became of each artefact asked.
func outcomes(answers []probe.Answer) []probe.Outcome {
	var all []probe.Outcome
	for _, ans := range answers {
		all = append(all, ans.Outcome)
	}
	return all
}

func TestAnswers(t *testing.T) {
	n := fakenet.New(t)
	s := newProxy(n, fakenet.HTTPS)
	s.Add(wanted.Path, "v1.1.0", "")
	s.Add(wanted.Path, "v1.10.0", "")
	s.Add(wanted.Path, "v1.2.0", "")
	sums := strings.Fields(s.Sum(wanted.Path, wanted.Version))
	p := newProber(t, n, probe.Options{})
	answers := p.Ask(t.Context(), question(hopTo(t, s.URL()), probe.Info, probe.Mod, probe.Zip, probe.List))
	if diff := cmp.Diff([]probe.Outcome{probe.OK, probe.OK, probe.OK, probe.OK}, outcomes(answers)); diff != "" {
		t.Fatalf("outcomes (-want +got):\n%s", diff)
	}
	info, mod, zip, list := answers[0], answers[1], answers[2], answers[3]
	if info.Version != "v1.0.0" || info.Time.Year() != 2020 || info.Proto != 2 || info.At.IsZero() {
		t.Errorf(".info answer is %+v", info)
	}
	if mod.Sum != sums[5] || mod.Declared != wanted.Path || mod.GoVersion != "1.20" {
		t.Errorf(".mod answer is %+v, want the hash %s", mod, sums[5])
	}
	if zip.Sum != "" {
		t.Errorf("the hash of a zip was told from its first bytes: %s", zip.Sum)
	}
	if diff := cmp.Diff([]string{"v1.0.0", "v1.1.0", "v1.2.0", "v1.10.0"}, list.Versions); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
}

// TestSecondAnswer is about the go command's habit to ask again over https
// after every 4xx, and to believe what comes then.
func TestSecondAnswer(t *testing.T) {
	status := func(code int) fakenet.Fault { return fakenet.Status(code, "") }
	tests := []struct {
		name     string
		scheme   fakenet.Scheme
		fault    fakenet.Fault
		want     probe.Outcome
		requests int
	}{
		{"404, then there", fakenet.HTTPS, fakenet.Seq(status(404), nil), probe.OK, 2},
		{"429, then there", fakenet.HTTPS, fakenet.Seq(status(429), nil), probe.OK, 2},
		{"404 twice", fakenet.HTTPS, status(404), probe.Miss, 2},
		{"404, then 403", fakenet.HTTPS, fakenet.Seq(status(404), status(403)), probe.Failed, 2},
		{"403, then 410", fakenet.HTTPS, fakenet.Seq(status(403), status(410)), probe.Miss, 2},
		{"404 that breaks off, then there", fakenet.HTTPS, fakenet.Seq(cutShort(404), nil), probe.OK, 2},
		{"500, then there", fakenet.HTTPS, fakenet.Seq(status(500), nil), probe.Failed, 1},
		{"302 to nowhere", fakenet.HTTPS, status(302), probe.Failed, 1},
		{"404, then there, over http", fakenet.HTTP, fakenet.Seq(status(404), nil), probe.Miss, 1},
		{"404 that breaks off, over http", fakenet.HTTP, cutShort(404), probe.Miss, 1},
		{"403 that breaks off, over http", fakenet.HTTP, cutShort(403), probe.Failed, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := fakenet.New(t)
			s := newProxy(n, test.scheme)
			s.On("*", test.fault)
			ans := ask(t, newProber(t, n, probe.Options{}), question(hopTo(t, s.URL()), probe.Info))
			if ans.Outcome != test.want {
				t.Errorf("outcome %d, want %d: %+v", ans.Outcome, test.want, ans.Fault)
			}
			if got := len(s.Requests()); got != test.requests {
				t.Errorf("%d requests, want %d", got, test.requests)
			}
		})
	}
}

// cutShort answers with a status and a body that breaks off.
func cutShort(code int) fakenet.Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		fakenet.Truncate(w, r, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fakenet.Status(code, "not for")(w, r, next)
		}))
	}
}

func TestRedirects(t *testing.T) {
	tests := []struct {
		name string
		// set makes a redirect somewhere; plain and other are proxies that work.
		set  func(s, plain, other *fakenet.Proxy)
		want verdict // zero for an answer
	}{
		{"nine", func(s, _, _ *fakenet.Proxy) { s.On("*", fakenet.Redirect(9)) }, verdict{}},
		{"ten", func(s, _, _ *fakenet.Proxy) { s.On("*", fakenet.Redirect(10)) }, verdict{Cause: probe.BadAnswer, Phase: probe.Request}},
		{"to another host", func(s, _, other *fakenet.Proxy) { s.On("*", fakenet.RedirectTo(other.URL())) }, verdict{}},
		{"to plain http", func(s, plain, _ *fakenet.Proxy) { s.On("*", fakenet.RedirectTo(plain.URL())) }, verdict{Cause: probe.InsecureHost, Phase: probe.Request}},
		{"to plain http by way of another host", func(s, plain, other *fakenet.Proxy) {
			s.On("*", fakenet.RedirectTo(other.URL()))
			other.On("*", fakenet.RedirectTo(plain.URL()))
		}, verdict{Cause: probe.InsecureHost, Phase: probe.Request}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := fakenet.New(t)
			s, plain, other := newProxy(n, fakenet.HTTPS), newProxy(n, fakenet.HTTP), newProxy(n, fakenet.HTTPS)
			test.set(s, plain, other)
			ans := ask(t, newProber(t, n, probe.Options{}), question(hopTo(t, s.URL()), probe.Info))
			got := verdictOf(ans.Fault)
			got.Host = ""
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("fault (-want +got):\n%s", diff)
			}
			if asked := len(plain.Requests()); asked > 0 {
				t.Errorf("%d requests over plain http", asked)
			}
		})
	}
	t.Run("from plain http to https", func(t *testing.T) {
		n := fakenet.New(t)
		s, secure := newProxy(n, fakenet.HTTP), newProxy(n, fakenet.HTTPS)
		s.On("*", fakenet.RedirectTo(secure.URL()))
		if ans := ask(t, newProber(t, n, probe.Options{}), question(hopTo(t, s.URL()), probe.Info)); ans.Outcome != probe.OK {
			t.Errorf("outcome %d: %+v", ans.Outcome, ans.Fault)
		}
	})
	t.Run("fault of the other host", func(t *testing.T) {
		n := fakenet.New(t)
		s, dead := newProxy(n, fakenet.HTTP), n.Refused()
		s.On("*", fakenet.RedirectTo("http://"+dead))
		ans := ask(t, newProber(t, n, probe.Options{}), question(hopTo(t, s.URL()), probe.Info))
		want := verdict{Cause: probe.Refused, Phase: probe.Connect, Host: dead, HostLevel: true}
		if diff := cmp.Diff(want, verdictOf(ans.Fault)); diff != "" {
			t.Errorf("fault (-want +got):\n%s", diff)
		}
	})
}

// TestConnections counts what it costs a proxy to be asked for many modules.
func TestConnections(t *testing.T) {
	const modules = 100 // 300 requests
	n := fakenet.New(t)
	for _, test := range []struct {
		name   string
		option fakenet.Option
		width  int // questions at once
	}{
		{"HTTP/2, many at once", fakenet.NoTrait, 8},
		{"HTTP/1.1, one after another", fakenet.HTTP1, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newProxy(n, fakenet.HTTPS, test.option)
			p := newProber(t, n, probe.Options{})
			hop := hopTo(t, s.URL())
			var mods []module.Version
			for i := range modules {
				mods = append(mods, module.Version{Path: fmt.Sprintf("corp.example/m%d", i), Version: "v1.0.0"})
				s.Add(mods[i].Path, mods[i].Version, "")
			}
			askAll(t, p, hop, mods[:1], 1) // as the patrol does before it lets the others pass
			askAll(t, p, hop, mods[1:], test.width)
			if got := len(s.Requests()); got != 3*modules {
				t.Errorf("%d requests, want %d", got, 3*modules)
			}
			if accepted, _ := s.Connections(); accepted != 1 {
				t.Errorf("%d connections, want 1", accepted)
			}
		})
	}
}

// askAll asks for all artefacts of modules, several at once.
func askAll(t *testing.T, p *probe.Prober, hop route.Hop, mods []module.Version, width int) {
	t.Helper()
	var next atomic.Int64
	var asking sync.WaitGroup
	for range width {
		asking.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(mods); i = next.Add(1) - 1 {
				q := question(hop, allThree...)
				q.Mod = mods[i]
				answers := p.Ask(t.Context(), q)
				if got := outcomes(answers); !slices.Equal(got, []probe.Outcome{probe.OK, probe.OK, probe.OK}) {
					t.Errorf("%s: outcomes %v: %+v", q.Mod.Path, got, answers[len(answers)-1].Fault)
				}
			}
		})
	}
	asking.Wait()
}

// TestUnreadBodies serves 50 MB of which next to nothing is wanted, to somebody
// far away: what the prober says takes a second to arrive, and the site goes on
// to send all that it may.
func TestUnreadBodies(t *testing.T) {
	const size = 50 << 20
	// The wire holds 64 KiB, and over HTTP/2 as much may be under way; the rest
	// is for headers, TLS and what is read.
	const most = 160 << 10
	tests := []struct {
		name   string
		a      probe.Artefact
		status int
		head   []byte
		want   probe.Outcome
	}{
		{"zip", probe.Zip, 200, zipHead(wanted), probe.OK},
		{"error page", probe.Mod, 500, nil, probe.Failed},
	}
	for _, test := range tests {
		for name, option := range map[string]fakenet.Trait{"HTTP/1.1": fakenet.HTTP1, "HTTP/2": fakenet.NoTrait} {
			t.Run(test.name+" over "+name, func(t *testing.T) {
				inBubble(t, func(t *testing.T, n *fakenet.Net) {
					var sent atomic.Int64
					s := newProxy(n, fakenet.HTTPS, option)
					s.On("*", func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
						w.Header().Set("Content-Length", fmt.Sprint(size))
						w.Header().Set("Content-Type", "application/octet-stream")
						w.WriteHeader(test.status)
						w.Write(test.head)
						chunk := make([]byte, 4<<10)
						for sent.Load() < size {
							k, err := w.Write(chunk)
							sent.Add(int64(k))
							if err != nil {
								return
							}
						}
					})
					far := func(ctx context.Context, network, addr string) (net.Conn, error) {
						c, err := n.Dial(ctx, network, addr)
						if err != nil {
							return nil, err
						}
						return newLateConn(c), nil
					}
					p := newProber(t, n, probe.Options{Dial: far})
					q := question(hopTo(t, s.URL()), test.a)
					q.Patience = probe.LongLook
					if ans := ask(t, p, q); ans.Outcome != test.want {
						t.Fatalf("outcome %d: %s", ans.Outcome, ans.Text)
					}
					<-time.After(time.Minute) // the site sends until it cannot
					if got := sent.Load(); got > most {
						t.Errorf("%d bytes were sent, want at most %d", got, most)
					}
					p.Close()
					<-time.After(time.Minute) // the connections are slow to close
				})
			})
		}
	}
}

// lateConn is a connection on which all that is written, and its end, takes a
// second to leave. A write itself does not wait: whoever writes may hold a lock
// that others wait for, and then the clock of a bubble stands still.
type lateConn struct {
	net.Conn
	mu     sync.Mutex // guards closed, and the sending side of outbox
	closed bool
	outbox chan []byte
}

func newLateConn(c net.Conn) *lateConn {
	l := &lateConn{Conn: c, outbox: make(chan []byte, 100)} // more than are ever written
	go func() {
		for p := range l.outbox {
			<-time.After(time.Second)
			l.Conn.Write(p)
		}
		<-time.After(time.Second)
		l.Conn.Close()
	}()
	return l
}

func (l *lateConn) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return 0, net.ErrClosed
	}
	l.outbox <- bytes.Clone(p)
	return len(p), nil
}

func (l *lateConn) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.closed = true
		close(l.outbox)
	}
	return nil
}

// zipHead is how the zip of a module version begins.
func zipHead(mod module.Version) []byte {
	name := mod.Path + "@" + mod.Version + "/go.mod"
	head := append([]byte("PK\x03\x04"), make([]byte, 26)...)
	head[26] = byte(len(name))
	return append(head, name...)
}

func TestZipHead(t *testing.T) {
	tests := []struct {
		name, body string
		want       string // what go would print; empty if nothing is wrong
	}{
		{"as it should be", string(zipHead(wanted)) + strings.Repeat("x", 5000), ""},
		{"no file in it", "PK\x05\x06" + strings.Repeat("\x00", 18), ""},
		{"empty", "", "zip: not a valid zip file"},
		{"text", "hello", "zip: not a valid zip file"},
		{"signature alone", "PK\x03\x04", "zip: not a valid zip file"},
		{"another version", string(zipHead(module.Version{Path: wanted.Path, Version: "v1.0.1"})), "zip for corp.example/a@v1.0.0 has unexpected file corp.example/a@v1.0.1/go.mod"},
		{"longer version", string(zipHead(module.Version{Path: wanted.Path, Version: "v1.0.00"})), "zip for corp.example/a@v1.0.0 has unexpected file corp.example/a@v1.0.00/go.mod"},
	}
	n := fakenet.New(t)
	p := newProber(t, n, probe.Options{})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newProxy(n, fakenet.HTTP)
			s.On("*.zip", fakenet.Status(200, test.body))
			ans := ask(t, p, question(hopTo(t, s.URL()), probe.Zip))
			if ans.Text != test.want || (ans.Outcome == probe.Spoiled) != (test.want != "") {
				t.Errorf("outcome %d, text %q, want %q", ans.Outcome, ans.Text, test.want)
			}
		})
	}
}

func TestPathsOnTheWire(t *testing.T) {
	tests := []struct {
		name, base string
		mod        module.Version
		want       string
	}{
		{"capitals", "", module.Version{Path: "corp.example/Up/CASE", Version: "v1.0.0-RC1"}, "/corp.example/%21up/%21c%21a%21s%21e/@v/v1.0.0-%21r%21c1.info"},
		{"incompatible", "", module.Version{Path: "corp.example/a", Version: "v2.0.0+incompatible"}, "/corp.example/a/@v/v2.0.0+incompatible.info"},
		{"path of the base", "/go/mirror", wanted, "/go/mirror/corp.example/a/@v/v1.0.0.info"},
		{"slashes after the base", "/go//", wanted, "/go/corp.example/a/@v/v1.0.0.info"},
		{"escaped base", "/a%2Fb%20c", wanted, "/a%2Fb%20c/corp.example/a/@v/v1.0.0.info"},
		{"query of the base", "/go?token=1", wanted, "/go/corp.example/a/@v/v1.0.0.info?token=1"},
		{"fragment of the base", "/go#part", wanted, "/go/corp.example/a/@v/v1.0.0.info"},
	}
	n := fakenet.New(t)
	p := newProber(t, n, probe.Options{})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := n.Proxy(fakenet.HTTP)
			q := question(hopTo(t, s.URL()+test.base), probe.Info)
			q.Mod = test.mod
			ask(t, p, q)
			requests := s.Requests()
			if len(requests) != 1 || requests[0].URI != test.want || requests[0].Method != http.MethodGet {
				t.Errorf("requests %+v, want a GET of %s", requests, test.want)
			}
		})
	}
}

func TestUnaskable(t *testing.T) {
	n := fakenet.New(t)
	s := n.Proxy(fakenet.HTTP)
	p := newProber(t, n, probe.Options{})
	for _, mod := range []module.Version{{Path: "corp.example/a", Version: "feature/x"}, {Path: "corp example", Version: "v1.0.0"}} {
		q := question(hopTo(t, s.URL()), probe.Info)
		q.Mod, q.Query = mod, true
		if ans := ask(t, p, q); ans.Outcome != probe.Failed || ans.Text == "" {
			t.Errorf("%v: outcome %d, text %q, want a failure that says why", mod, ans.Outcome, ans.Text)
		}
	}
	if got := len(s.Requests()); got != 0 {
		t.Errorf("%d requests for what cannot be written as a URL", got)
	}
}

func TestCredentials(t *testing.T) {
	with := func(base string) string { return strings.Replace(base, "://", "://user:secret@", 1) }
	t.Run("over https, and to no other host", func(t *testing.T) {
		n := fakenet.New(t)
		s, other := newProxy(n, fakenet.HTTPS), newProxy(n, fakenet.HTTPS)
		s.On("*.mod", fakenet.RedirectTo(other.URL()))
		p := newProber(t, n, probe.Options{})
		answers := p.Ask(t.Context(), question(planned(t, with(s.URL())), allThree...))
		if diff := cmp.Diff([]probe.Outcome{probe.OK, probe.OK, probe.OK}, outcomes(answers)); diff != "" {
			t.Fatalf("outcomes (-want +got):\n%s", diff)
		}
		for _, r := range s.Requests() {
			if !r.Authorized {
				t.Errorf("%s was asked for without credentials", r.Key)
			}
		}
		for _, r := range other.Requests() {
			if r.Authorized {
				t.Errorf("the other host was shown credentials for %s", r.Key)
			}
		}
	})
	t.Run("not in what is printed", func(t *testing.T) {
		n := fakenet.New(t)
		s := newProxy(n, fakenet.HTTPS)
		p := newProber(t, n, probe.Options{})
		for _, fault := range []fakenet.Fault{fakenet.Status(403, ""), fakenet.Garbage, fakenet.HTML, fakenet.Truncate, fakenet.RedirectToInsecure, fakenet.RedirectLoop} {
			s.On("*", fault)
			ans := ask(t, p, question(hopTo(t, with(s.URL())), probe.Info))
			if ans.Outcome != probe.Failed || strings.Contains(ans.Text, "secret") || strings.Contains(fmt.Sprint(ans.Fault.Err), "secret") {
				t.Errorf("outcome %d, text %q, error %v", ans.Outcome, ans.Text, ans.Fault.Err)
			}
		}
	})
	t.Run("of a netrc file", func(t *testing.T) {
		n := fakenet.New(t)
		// A port does not tell hosts apart when a redirect is followed.
		s := newProxy(n, fakenet.HTTPS, fakenet.Host("proxy.corp.test"))
		other := newProxy(n, fakenet.HTTPS, fakenet.Host("files.example"))
		plain := newProxy(n, fakenet.HTTP, fakenet.Host("plain.corp.test"))
		for _, p := range []*fakenet.Proxy{s, other, plain} {
			p.On("*.info", demandLogin)
		}
		s.On("*.mod", fakenet.RedirectTo(other.URL()))
		file := filepath.Join(t.TempDir(), "netrc")
		text := fmt.Sprintf("machine %s login user password secret\nmachine %s login user password secret\n", s.Host(), plain.Host())
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		p := newProber(t, n, probe.Options{Env: settings("NETRC=" + file)})
		if ans := ask(t, p, question(hopTo(t, s.URL()), probe.Info, probe.Mod)); ans.Outcome != probe.OK {
			t.Errorf("host with an entry: outcome %d: %+v", ans.Outcome, ans.Fault)
		}
		for name, base := range map[string]string{"host without one": other.URL(), "plain http": plain.URL()} {
			ans := ask(t, p, question(hopTo(t, base), probe.Info))
			if ans.Fault == nil || ans.Fault.Cause != probe.AuthNeeded {
				t.Errorf("%s: outcome %d: %+v", name, ans.Outcome, ans.Fault)
			}
		}
		for _, r := range append(other.Requests(), plain.Requests()...) {
			if r.Authorized {
				t.Errorf("credentials were shown for %s of %s", r.Key, r.Host)
			}
		}
		off := newProber(t, n, probe.Options{Env: settings("NETRC="+file, "GOAUTH=off")})
		if ans := ask(t, off, question(hopTo(t, s.URL()), probe.Info)); ans.Fault == nil || ans.Fault.Cause != probe.AuthNeeded {
			t.Errorf("GOAUTH=off: outcome %d: %+v", ans.Outcome, ans.Fault)
		}
	})
	t.Run("not by a knock", func(t *testing.T) {
		n := fakenet.New(t)
		s := newProxy(n, fakenet.HTTP)
		if f := newProber(t, n, probe.Options{}).Knock(t.Context(), hopTo(t, with(s.URL())+"/go?token=1"), probe.FirstLook); f != nil {
			t.Fatalf("fault %+v", f)
		}
		want := []fakenet.Request{{Method: http.MethodGet, Host: s.Host(), URI: "/", Proto: "HTTP/1.1", Conn: 1, UserAgent: "Go-http-client/1.1"}}
		if diff := cmp.Diff(want, s.Requests()); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
	})
}

// demandLogin answers 401 to all who show no credentials.
func demandLogin(w http.ResponseWriter, r *http.Request, next http.Handler) {
	if _, _, ok := r.BasicAuth(); !ok {
		next = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fakenet.Status(401, "who are you?")(w, r, nil) })
	}
	next.ServeHTTP(w, r)
}

// TestHTTPProxy checks which requests go through the HTTP proxy of the
// environment.
func TestHTTPProxy(t *testing.T) {
	tests := []struct {
		name   string
		scheme fakenet.Scheme
		named  bool // the proxy has a name, not a loopback address
		vars   func(via string) []string
		want   bool
	}{
		{"HTTPS_PROXY for https", fakenet.HTTPS, true, func(via string) []string { return []string{"HTTPS_PROXY=http://" + via} }, true},
		{"https_proxy for https", fakenet.HTTPS, true, func(via string) []string { return []string{"https_proxy=http://" + via} }, true},
		{"without a scheme", fakenet.HTTPS, true, func(via string) []string { return []string{"HTTPS_PROXY=" + via} }, true},
		{"HTTP_PROXY for http", fakenet.HTTP, true, func(via string) []string { return []string{"HTTP_PROXY=http://" + via} }, true},
		{"HTTP_PROXY for https", fakenet.HTTPS, true, func(via string) []string { return []string{"HTTP_PROXY=http://" + via} }, false},
		{"ALL_PROXY", fakenet.HTTPS, true, func(via string) []string { return []string{"ALL_PROXY=http://" + via} }, false},
		{"NO_PROXY", fakenet.HTTPS, true, func(via string) []string { return []string{"HTTPS_PROXY=http://" + via, "NO_PROXY=.corp.test"} }, false},
		{"NO_PROXY for another", fakenet.HTTPS, true, func(via string) []string { return []string{"HTTPS_PROXY=http://" + via, "NO_PROXY=corp.example"} }, true},
		{"loopback", fakenet.HTTPS, false, func(via string) []string { return []string{"HTTPS_PROXY=http://" + via} }, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := fakenet.New(t)
			via := n.HTTPProxy()
			var host fakenet.Option
			if test.named {
				host = fakenet.Host("proxy.corp.test")
			}
			s := newProxy(n, test.scheme, host)
			p := newProber(t, n, probe.Options{Env: settings(test.vars(via.Host())...)})
			answers := p.Ask(t.Context(), question(hopTo(t, s.URL()), allThree...))
			if diff := cmp.Diff([]probe.Outcome{probe.OK, probe.OK, probe.OK}, outcomes(answers)); diff != "" {
				t.Fatalf("outcomes (-want +got):\n%s%+v", diff, answers[len(answers)-1].Fault)
			}
			if got := len(via.Requests()) > 0; got != test.want {
				t.Errorf("through the HTTP proxy: %v, want %v", got, test.want)
			}
		})
	}
	t.Run("with a login", func(t *testing.T) {
		n := fakenet.New(t)
		via := n.HTTPProxy()
		via.Demand("user", "secret")
		s := newProxy(n, fakenet.HTTPS, fakenet.Host("proxy.corp.test"))
		p := newProber(t, n, probe.Options{Env: settings("HTTPS_PROXY=http://user:secret@" + via.Host())})
		if ans := ask(t, p, question(hopTo(t, s.URL()), probe.Info)); ans.Outcome != probe.OK {
			t.Errorf("outcome %d: %+v", ans.Outcome, ans.Fault)
		}
	})
	t.Run("words of a refusal", func(t *testing.T) {
		n := fakenet.New(t)
		via := n.HTTPProxy()
		via.Demand("user", "secret")
		s := newProxy(n, fakenet.HTTPS, fakenet.Host("proxy.corp.test"))
		p := newProber(t, n, probe.Options{Env: settings("HTTPS_PROXY=" + via.URL())})
		ans := ask(t, p, question(hopTo(t, s.URL()), probe.Info))
		want := fmt.Sprintf(`Get "%s/corp.example/a/@v/v1.0.0.info": Proxy Authentication Required`, s.URL())
		if ans.Text != want {
			t.Errorf("text %q, want %q", ans.Text, want)
		}
	})
}

func TestRoots(t *testing.T) {
	n := fakenet.New(t)
	s := newProxy(n, fakenet.HTTPS)
	workspace := func(vars map[string]string) route.Env {
		return route.ParseEnv(route.Sources{Workspace: vars, OS: "linux"})
	}
	tests := []struct {
		name string
		o    probe.Options
		want probe.Cause
	}{
		{"given", probe.Options{Roots: n.CA().Pool()}, probe.NoCause},
		{"file of the workspace", probe.Options{Env: workspace(map[string]string{"SSL_CERT_FILE": n.CA().File()})}, probe.NoCause},
		{"directory of the workspace", probe.Options{Env: workspace(map[string]string{"SSL_CERT_DIR": filepath.Dir(n.CA().File())})}, probe.NoCause},
		{"missing file of the workspace", probe.Options{Env: workspace(map[string]string{"SSL_CERT_FILE": n.CA().File() + ".missing"})}, probe.UnknownAuthority},
		{"none", probe.Options{}, probe.UnknownAuthority},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := probe.New(test.o)
			defer p.Close()
			got := probe.NoCause
			if f := ask(t, p, question(hopTo(t, s.URL()), probe.Info)).Fault; f != nil {
				got = f.Cause
			}
			if got != test.want {
				t.Errorf("cause %d, want %d", got, test.want)
			}
		})
	}
}

// TestSwitchedOff makes sure that nothing is sent where nothing may be.
func TestSwitchedOff(t *testing.T) {
	tests := []struct {
		name string
		o    probe.Options
		want probe.Outcome
	}{
		{"offline", probe.Options{Offline: true}, probe.Unsure},
		{"go command without network", probe.Options{Env: settings("GODEBUG=cmdgonetlimit=0")}, probe.Failed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := fakenet.New(t)
			s := newProxy(n, fakenet.HTTP)
			p := newProber(t, n, test.o)
			hop := hopTo(t, s.URL())
			if ans := ask(t, p, question(hop, probe.Info)); ans.Outcome != test.want || ans.Text == "" {
				t.Errorf("outcome %d, text %q, want outcome %d", ans.Outcome, ans.Text, test.want)
			}
			if f := p.Knock(t.Context(), hop, probe.FirstLook); f != nil {
				t.Errorf("a knock gives %+v", f)
			}
			if accepted, _ := s.Connections(); accepted != 0 {
				t.Errorf("%d connections", accepted)
			}
		})
	}
}

// bomb is a gzip stream that unpacks to size bytes of one letter.
func bomb(t *testing.T, letter string, size int) string {
	t.Helper()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(bytes.Repeat([]byte(letter), size)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.String()
}

// TestHugeAnswers serves more than is read of each artefact, packed and not.
// What the go command would make of the rest is not known, and must be said so.
func TestHugeAnswers(t *testing.T) {
	tests := []struct {
		name string
		a    probe.Artefact
		size int
		want probe.Outcome
	}{
		{".info", probe.Info, 2 << 20, probe.Unsure},
		{".mod", probe.Mod, 17 << 20, probe.Unsure},
		{"list", probe.List, 9 << 20, probe.OK},
		{".zip", probe.Zip, 2 << 20, probe.Spoiled},
	}
	n := fakenet.New(t)
	p := newProber(t, n, probe.Options{})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newProxy(n, fakenet.HTTP)
			hop := hopTo(t, s.URL())
			faults := map[string]fakenet.Fault{"packed": fakenet.Status(200, bomb(t, "x", test.size), "Content-Encoding", "gzip")}
			if test.size < 8<<20 { // more takes long, and no other way
				faults["plain"] = fakenet.Status(200, strings.Repeat("x", test.size))
			}
			for name, fault := range faults {
				s.On("*", fault)
				ans := ask(t, p, question(hop, test.a))
				if ans.Outcome != test.want || (ans.Fault == nil) != (test.want != probe.Spoiled) {
					t.Errorf("%s: outcome %d, fault %+v, want outcome %d", name, ans.Outcome, ans.Fault, test.want)
				}
				if len(ans.Text) > 1000 {
					t.Errorf("%s: a text of %d bytes", name, len(ans.Text))
				}
			}
		})
	}
}

// TestHugeHeaders serves headers beyond every bound, and one that is large but
// well within what the go command takes.
func TestHugeHeaders(t *testing.T) {
	for _, scheme := range []fakenet.Scheme{fakenet.HTTP, fakenet.HTTPS} {
		t.Run(string(scheme), func(t *testing.T) {
			n := fakenet.New(t)
			p := newProber(t, n, probe.Options{})
			s := newProxy(n, scheme)
			padded := func(size int) fakenet.Fault {
				return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
					for i := range size >> 10 {
						w.Header().Set(fmt.Sprintf("X-Padding-%d", i), strings.Repeat("x", 1<<10))
					}
					next.ServeHTTP(w, r)
				}
			}
			s.On("*", padded(200<<10))
			if ans := ask(t, p, question(hopTo(t, s.URL()), probe.Info)); ans.Outcome != probe.OK {
				t.Errorf("200 KiB: outcome %d: %+v", ans.Outcome, ans.Fault)
			}
			s.On("*", padded(4<<20))
			if ans := ask(t, p, question(hopTo(t, s.URL()), probe.Info)); ans.Outcome != probe.Failed {
				t.Errorf("4 MiB: outcome %d, want a failure", ans.Outcome)
			}
		})
	}
}
