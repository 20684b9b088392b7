package probe_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/probe"
)

// odd is a patience whose parts are all different, and their sums too.
var odd = probe.Patience{
	Connect: 3 * time.Second, Handshake: 5 * time.Second, FirstByte: 11 * time.Second, Body: 23 * time.Second,
}

// TestDeadlines asks hosts that stop at some point. On the clock of the bubble
// each exchange has to end when the patience with its phase does, to the
// nanosecond, and with nothing left behind.
func TestDeadlines(t *testing.T) {
	tests := []struct {
		name string
		set  func(n *fakenet.Net) (base string)
		// after is when the answer has to come.
		after time.Duration
		cause probe.Cause
		phase probe.Phase
	}{
		{
			"name server is silent", func(n *fakenet.Net) string {
				n.DNS().Break("proxy.corp.test", fakenet.NoReply)
				return "https://proxy.corp.test"
			}, odd.Connect, probe.NameTimeout, probe.Resolve,
		},
		{
			"connect", func(n *fakenet.Net) string { return "https://" + n.Blackhole() },
			odd.Connect, probe.ConnectTimeout, probe.Connect,
		},
		{
			"handshake", func(n *fakenet.Net) string { return "https://" + n.Silent() },
			odd.Handshake, probe.HandshakeFailed, probe.Handshake,
		},
		{
			"first byte", behaving(fakenet.HTTP, fakenet.Hang),
			odd.FirstByte, probe.NoAnswer, probe.Request,
		},
		{
			"first byte over HTTP/2", behaving(fakenet.HTTPS, fakenet.Hang),
			odd.FirstByte, probe.NoAnswer, probe.Request,
		},
		{
			"first byte late, then silence", behaving(fakenet.HTTP, halfHeader(7*time.Second)),
			7*time.Second + odd.Body, probe.NoAnswer, probe.Request,
		},
		{
			"body", behaving(fakenet.HTTP, fakenet.HangAfterHeaders),
			odd.Body, probe.NoAnswer, probe.Body,
		},
		{
			"body over HTTP/2", behaving(fakenet.HTTPS, fakenet.HangAfterHeaders),
			odd.Body, probe.NoAnswer, probe.Body,
		},
		{
			"body that would take too long", behaving(fakenet.HTTP, fakenet.Slow(time.Second)),
			odd.Body, probe.NoAnswer, probe.Body,
		},
		{
			"body of a redirect", behaving(fakenet.HTTP, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				w.Header().Set("Location", "/elsewhere")
				w.Header().Set("Content-Length", "100")
				w.WriteHeader(http.StatusFound)
				http.NewResponseController(w).Flush()
				fakenet.Hang(w, r, next)
			}), odd.Body, probe.NoAnswer, probe.Request,
		},
		{
			"second answer of two", behaving(fakenet.HTTPS, fakenet.Seq(fakenet.Status(403, ""), fakenet.Hang)),
			odd.FirstByte, probe.NoAnswer, probe.Request,
		},
		{
			"text of a refusal", behaving(fakenet.HTTP, hangingRefusal("text/plain")),
			odd.Body, probe.NoAnswer, probe.Body,
		},
		{
			// The go command does not read this body.
			"page of a refusal", behaving(fakenet.HTTP, hangingRefusal("text/html")),
			odd.Body, probe.Forbidden, probe.Request,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, n *fakenet.Net) {
				wire := &countingWire{dial: n.Dial}
				p := newProber(t, n, probe.Options{Dial: wire.Dial})
				q := question(hopTo(t, test.set(n)), probe.Info, probe.Mod)
				q.Patience = odd
				start := time.Now()
				answers := p.Ask(t.Context(), q)
				if got := time.Since(start); got != test.after {
					t.Errorf("ended after %v, want %v", got, test.after)
				}
				if len(answers) != 1 || answers[0].Outcome != probe.Failed {
					t.Fatalf("answers %+v, want one failure", answers)
				}
				if f := answers[0].Fault; f.Cause != test.cause || f.Phase != test.phase {
					t.Errorf("cause %d in %v (%v), want %d in %v", f.Cause, f.Phase, f.Err, test.cause, test.phase)
				}
				synctest.Wait() // over HTTP/2 a connection learns last that it is idle
				p.Close()
				synctest.Wait()
				if left := wire.open.Load(); left != 0 {
					t.Errorf("%d connections or dials outlive the prober", left)
				}
			})
		})
	}
}

// TestSilentHTTPProxy has an HTTP proxy that takes the request to connect, and
// then says nothing.
func TestSilentHTTPProxy(t *testing.T) {
	inBubble(t, func(t *testing.T, n *fakenet.Net) {
		s := newProxy(n, fakenet.HTTPS, fakenet.Host("proxy.corp.test"))
		via := n.HTTPProxy()
		via.On("*", fakenet.Hang)
		p := newPipeProber(t, n, probe.Options{Env: settings("HTTPS_PROXY=" + via.URL())})
		q := question(hopTo(t, s.URL()), probe.Info)
		q.Patience = odd
		start := time.Now()
		ans := ask(t, p, q)
		if got := time.Since(start); got != odd.Connect || ans.Fault.Cause != probe.HTTPProxyFailed {
			t.Errorf("ended after %v with %+v, want %v", got, ans.Fault, odd.Connect)
		}
	})
}

// TestLateDial has a request served by a connection that another has done with,
// while the one that was begun for it comes to nothing.
func TestLateDial(t *testing.T) {
	inBubble(t, func(t *testing.T, n *fakenet.Net) {
		s := newProxy(n, fakenet.HTTPS, fakenet.HTTP1)
		s.On("*.info", fakenet.Delay(2*time.Second))
		s.On("*.mod", fakenet.Delay(8*time.Second))
		silent := n.Silent()
		var dials atomic.Int64
		p := newProber(t, n, probe.Options{Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			if dials.Add(1) > 1 {
				<-time.After(2 * time.Second)
				addr = silent
			}
			return n.Dial(ctx, network, addr)
		}})
		var first sync.WaitGroup
		first.Go(func() { ask(t, p, question(hopTo(t, s.URL()), probe.Info)) })
		<-time.After(time.Second)
		q := question(hopTo(t, s.URL()), probe.Mod)
		q.Patience = odd // the handshake ends before the answer comes
		if ans := ask(t, p, q); ans.Outcome != probe.OK {
			t.Errorf("outcome %d: %+v", ans.Outcome, ans.Fault)
		}
		first.Wait()
		if got := dials.Load(); got != 2 {
			t.Errorf("%d dials, want 2", got)
		}
	})
}

// TestHandshakeWords waits for a handshake as long as the go command does, which
// then says so.
func TestHandshakeWords(t *testing.T) {
	inBubble(t, func(t *testing.T, n *fakenet.Net) {
		base := "https://" + n.Silent()
		q := question(hopTo(t, base), probe.Info)
		q.Patience = probe.SecondLook
		ans := ask(t, newPipeProber(t, n, probe.Options{}), q)
		want := fmt.Sprintf(`Get "%s/corp.example/a/@v/v1.0.0.info": net/http: TLS handshake timeout`, base)
		if ans.Text != want || ans.Fault.Cause != probe.HandshakeFailed || ans.Fault.Phase != probe.Handshake {
			t.Errorf("text %q of fault %+v, want %q", ans.Text, ans.Fault, want)
		}
	})
}

// behaving sets up a proxy that answers everything with a fault.
func behaving(scheme fakenet.Scheme, fault fakenet.Fault) func(n *fakenet.Net) string {
	return func(n *fakenet.Net) string {
		s := newProxy(n, scheme)
		s.On("*", fault)
		return s.URL()
	}
}

// halfHeader waits, sends the beginning of a header, and nothing more.
func halfHeader(d time.Duration) fakenet.Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer c.Close()
		<-time.After(d)
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-")
		io.Copy(io.Discard, c)
	}
}

// hangingRefusal answers 403 and announces a body that never comes.
func hangingRefusal(contentType string) fakenet.Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Content-Length", "100")
		w.WriteHeader(http.StatusForbidden)
		http.NewResponseController(w).Flush()
		fakenet.Hang(w, r, next)
	}
}

// countingWire counts the dials under way and the connections they gave.
type countingWire struct {
	dial func(ctx context.Context, network, addr string) (net.Conn, error)
	open atomic.Int64
}

func (w *countingWire) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	w.open.Add(1)
	c, err := w.dial(ctx, network, addr)
	if err != nil {
		w.open.Add(-1)
		return nil, err
	}
	return &countedConn{Conn: c, wire: w}, nil
}

type countedConn struct {
	net.Conn
	wire   *countingWire
	closed atomic.Bool
}

func (c *countedConn) Close() error {
	if !c.closed.Swap(true) {
		c.wire.open.Add(-1)
	}
	return c.Conn.Close()
}

// TestSlowAnswers asks hosts that need time but come to an end.
func TestSlowAnswers(t *testing.T) {
	tests := []struct {
		name     string
		fault    fakenet.Fault
		patience probe.Patience
		want     probe.Outcome
	}{
		{"body longer than any wait for its first byte", fakenet.Slow(200 * time.Millisecond), probe.FirstLook, probe.OK},
		{"proxy that fetches, at first", fakenet.Delay(50 * time.Second), probe.FirstLook, probe.Failed},
		{"proxy that fetches, the second time", fakenet.Delay(50 * time.Second), probe.SecondLook, probe.Failed},
		{"proxy that fetches, with long patience", fakenet.Delay(50 * time.Second), probe.LongLook, probe.OK},
		{"no patience set", fakenet.Delay(time.Hour), probe.Patience{}, probe.OK},
	}
	for _, test := range tests {
		for _, scheme := range []fakenet.Scheme{fakenet.HTTP, fakenet.HTTPS} {
			t.Run(test.name+" over "+string(scheme), func(t *testing.T) {
				inBubble(t, func(t *testing.T, n *fakenet.Net) {
					s := newProxy(n, scheme)
					s.On("*", test.fault)
					q := question(hopTo(t, s.URL()), probe.Info)
					q.Patience = test.patience
					if ans := ask(t, newPipeProber(t, n, probe.Options{}), q); ans.Outcome != test.want {
						t.Errorf("outcome %d, want %d: %+v", ans.Outcome, test.want, ans.Fault)
					}
				})
			})
		}
	}
}

func TestSteps(t *testing.T) {
	inBubble(t, func(t *testing.T, n *fakenet.Net) {
		slow := &countingWire{dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			<-time.After(time.Second)
			return n.Dial(ctx, network, addr)
		}}
		p := newProber(t, n, probe.Options{Dial: slow.Dial})
		s := newProxy(n, fakenet.HTTP)
		// The header is sent with the first byte of the body.
		s.On("*", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			fakenet.Delay(2*time.Second)(w, r, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				fakenet.Slow(100*time.Millisecond)(w, r, next)
			}))
		})
		hop := hopTo(t, s.URL())
		body := time.Duration(len(`{"Version":"v1.0.0","Time":"2020-01-01T00:00:00Z"}`)-1) * 100 * time.Millisecond
		tests := []struct {
			name string
			want []probe.Step
		}{
			{"on a new connection", []probe.Step{{probe.Connect, time.Second}, {probe.Request, 2 * time.Second}, {probe.Body, body}}},
			{"on the same one", []probe.Step{{probe.Request, 2 * time.Second}, {probe.Body, body}}},
		}
		for _, test := range tests {
			ans := ask(t, p, question(hop, probe.Info))
			if ans.Outcome != probe.OK {
				t.Fatalf("%s: %+v", test.name, ans.Fault)
			}
			if diff := cmp.Diff(test.want, ans.Steps); diff != "" {
				t.Errorf("%s: steps (-want +got):\n%s", test.name, diff)
			}
			if !ans.At.Equal(time.Now()) {
				t.Errorf("%s: answered at %v, now is %v", test.name, ans.At, time.Now())
			}
			<-time.After(100 * time.Millisecond) // that the site still takes for its last byte
		}
	})
}

// TestInterrupted ends the context of a question in the middle of it.
func TestInterrupted(t *testing.T) {
	inBubble(t, func(t *testing.T, n *fakenet.Net) {
		s := newProxy(n, fakenet.HTTPS)
		s.On("*.mod", fakenet.Hang)
		p := newPipeProber(t, n, probe.Options{})
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(errors.New("nobody wants it any more")) })
		start := time.Now()
		answers := p.Ask(ctx, question(hopTo(t, s.URL()), probe.Info, probe.Mod, probe.Zip))
		if len(answers) != 1 || answers[0].Artefact != probe.Info || answers[0].Outcome != probe.OK {
			t.Errorf("answers %+v, want that about .info alone", answers)
		}
		if got := time.Since(start); got != time.Second {
			t.Errorf("returned after %v, want as soon as it was called off", got)
		}
		if f := p.Knock(ctx, hopTo(t, s.URL()), probe.FirstLook); f != nil {
			t.Errorf("a knock that was called off gives %+v", f)
		}
	})
}

// TestDeadConnections unplugs the connections that a prober holds, as when a
// machine wakes up in another network, and asks again. The host is well.
func TestDeadConnections(t *testing.T) {
	tests := []struct {
		name   string
		scheme fakenet.Scheme
	}{
		{"HTTP/1.1", fakenet.HTTP},
		{"HTTP/2", fakenet.HTTPS},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, n *fakenet.Net) {
				wire := &unpluggedWire{dial: n.Dial}
				p := newProber(t, n, probe.Options{Dial: wire.Dial})
				s := newProxy(n, test.scheme)
				hop := hopTo(t, s.URL())
				// Several at once, so that over HTTP/1.1 several are held.
				askAll(t, p, hop, slices.Repeat([]module.Version{wanted}, 20), 4)
				wire.Unplug()
				<-time.After(time.Minute)
				start := time.Now()
				askAll(t, p, hop, slices.Repeat([]module.Version{wanted}, 20), 4)
				if got, most := time.Since(start), probe.FirstLook.FirstByte; got > most {
					t.Errorf("it took %v to do without them, want at most %v", got, most)
				}
			})
		})
	}
	for _, pause := range []struct {
		name     string
		long     time.Duration
		requests int
	}{
		{"host that went silent long ago", time.Minute, 3},
		{"host that went silent just now", time.Second, 2},
	} {
		t.Run(pause.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, n *fakenet.Net) {
				// Over HTTP/2 the host may say that it is there even so.
				s := newProxy(n, fakenet.HTTP)
				p := newPipeProber(t, n, probe.Options{})
				ask(t, p, question(hopTo(t, s.URL()), probe.Info))
				s.On("*", fakenet.Hang)
				<-time.After(pause.long)
				f := ask(t, p, question(hopTo(t, s.URL()), probe.Mod)).Fault
				if f == nil || f.Cause != probe.NoAnswer {
					t.Errorf("fault %+v, want that it is silent", f)
				}
				if got := len(s.Requests()); got != pause.requests {
					t.Errorf("%d requests, want %d", got, pause.requests)
				}
			})
		})
	}
	t.Run("host that is silent about one module", func(t *testing.T) {
		inBubble(t, func(t *testing.T, n *fakenet.Net) {
			s := newProxy(n, fakenet.HTTPS)
			s.On("*.mod", fakenet.Hang)
			s.On("*.zip", fakenet.Delay(time.Second))
			p := newPipeProber(t, n, probe.Options{})
			hop := hopTo(t, s.URL())
			ask(t, p, question(hop, probe.Info))
			<-time.After(time.Minute)
			var others sync.WaitGroup
			others.Go(func() {
				<-time.After(time.Second)
				if ans := ask(t, p, question(hop, probe.Zip)); ans.Outcome != probe.OK {
					t.Errorf("another question on the same connection: %+v", ans.Fault)
				}
			})
			ask(t, p, question(hop, probe.Mod))
			others.Wait()
			if got := len(s.Requests()); got != 3 {
				t.Errorf("%d requests, want three: the connection is alive", got)
			}
		})
	})
}

// unpluggedWire gives connections that can be cut so that neither end notices.
type unpluggedWire struct {
	dial func(ctx context.Context, network, addr string) (net.Conn, error)

	mu    sync.Mutex // guards conns
	conns []*unpluggedConn
}

func (w *unpluggedWire) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	c, err := w.dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	u := &unpluggedConn{Conn: c}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.conns = append(w.conns, u)
	return u, nil
}

// Unplug cuts all connections there are.
func (w *unpluggedWire) Unplug() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.conns {
		c.cut.Store(true)
	}
}

type unpluggedConn struct {
	net.Conn
	cut atomic.Bool
}

func (c *unpluggedConn) Write(p []byte) (int, error) {
	if c.cut.Load() {
		return len(p), nil // into the void; so nothing comes back either
	}
	return c.Conn.Write(p)
}
