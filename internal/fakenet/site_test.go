package fakenet_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/modreach/modreach/internal/fakenet"
)

// x509Invalid returns a check for a certificate invalid for this reason.
func x509Invalid(reason x509.InvalidReason) func(answer) error {
	return func(a answer) error {
		var invalid x509.CertificateInvalidError
		if !errors.As(a.err, &invalid) || invalid.Reason != reason {
			return fmt.Errorf("got %v, want certificate invalid for reason %d", a, reason)
		}
		return nil
	}
}

func unknownAuthority(a answer) error {
	if _, ok := errors.AsType[x509.UnknownAuthorityError](a.err); !ok {
		return fmt.Errorf("got %v, want an unknown authority", a)
	}
	return nil
}

func wrongName(words string) func(answer) error {
	return func(a answer) error {
		if _, ok := errors.AsType[x509.HostnameError](a.err); !ok {
			return fmt.Errorf("got %v, want a wrong name", a)
		}
		return says(words)(a)
	}
}

func TestTraits(t *testing.T) {
	const named = fakenet.Host("site.corp.example")
	tests := []struct {
		name    string
		scheme  fakenet.Scheme
		options []fakenet.Option
		want    func(answer) error
	}{
		{"http", fakenet.HTTP, nil, has(200, "HTTP/1.1")},
		{"https", fakenet.HTTPS, nil, has(200, "HTTP/2.0")},
		{"named", fakenet.HTTPS, []fakenet.Option{named, nil}, has(200, "HTTP/2.0")},
		{"http1", fakenet.HTTPS, []fakenet.Option{fakenet.HTTP1}, has(200, "HTTP/1.1")},
		{"expired", fakenet.HTTPS, []fakenet.Option{fakenet.Expired}, x509Invalid(x509.Expired)},
		{"not yet valid", fakenet.HTTPS, []fakenet.Option{fakenet.NotYetValid}, says("is before")},
		{
			"wrong name", fakenet.HTTPS,
			[]fakenet.Option{named, fakenet.WrongName},
			wrongName("certificate is valid for other.test, not site.corp.example"),
		},
		{
			"wrong address", fakenet.HTTPS,
			[]fakenet.Option{fakenet.WrongName},
			wrongName("certificate is valid for 192.0.2.1, not "),
		},
		{
			"no IP SAN", fakenet.HTTPS,
			[]fakenet.Option{fakenet.NoIPSAN},
			wrongName("doesn't contain any IP SANs"),
		},
		{"unknown CA", fakenet.HTTPS, []fakenet.Option{fakenet.UnknownCA}, unknownAuthority},
		{
			"client certificate", fakenet.HTTPS,
			[]fakenet.Option{fakenet.ClientCert},
			either(says("remote error: tls: certificate required"), says("http2: client conn could not be established")),
		},
		{"client certificate, HTTP/1", fakenet.HTTPS, []fakenet.Option{fakenet.ClientCert, fakenet.HTTP1}, says("remote error: tls: certificate required")},
		{"TLS 1.1", fakenet.HTTPS, []fakenet.Option{fakenet.TLS11}, says("remote error: tls: protocol version not supported")},
		{"plain on https", fakenet.HTTPS, []fakenet.Option{fakenet.Misspoken}, is(http.ErrSchemeMismatch)},
		{
			"TLS on http", fakenet.HTTP,
			[]fakenet.Option{fakenet.Misspoken},
			has(400, "Client sent an HTTP request to an HTTPS server.\n"),
		},
	}
	proto := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Proto) })
	inBothModes(t, func(t *testing.T, n *fakenet.Net) {
		for _, tt := range tests {
			s := n.Site(tt.scheme, proto, tt.options...)
			if err := tt.want(get(t.Context(), t, n.Client(), s.URL())); err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
	})
}

func TestClientCertificate(t *testing.T) {
	inBothModes(t, func(t *testing.T, n *fakenet.Net) {
		s := n.Site(fakenet.HTTPS, http.HandlerFunc(http.NotFound), fakenet.ClientCert)
		c := n.Client()
		c.Transport.(*http.Transport).TLSClientConfig.Certificates = []tls.Certificate{n.CA().ClientCertificate()}
		if got := get(t.Context(), t, c, s.URL()); got.status != 404 {
			t.Errorf("got %v, want 404", got)
		}
	})
}

func TestRequests(t *testing.T) {
	inBothModes(t, func(t *testing.T, n *fakenet.Net) {
		p := n.Proxy(fakenet.HTTPS, fakenet.Host("proxy.corp.example"), fakenet.HTTP1)
		c := n.Client()
		get(t.Context(), t, c, strings.Replace(p.URL(), "//", "//user:secret@", 1)+"/corp.example/%21a/@v/list?x")
		p.Disconnect()
		get(t.Context(), t, c, p.URL()+"/sumdb/sum.test/supported")
		want := []fakenet.Request{
			{
				Method: "GET", Host: p.Host(), URI: "/corp.example/%21a/@v/list?x", Key: "corp.example/A@list",
				Proto: "HTTP/1.1", Conn: 1, UserAgent: "Go-http-client/1.1", Authorized: true,
			},
			{
				Method: "GET", Host: p.Host(), URI: "/sumdb/sum.test/supported", Key: "sumdb/sum.test/supported",
				Proto: "HTTP/1.1", Conn: 2, UserAgent: "Go-http-client/1.1",
			},
		}
		if diff := cmp.Diff(want, p.Requests()); diff != "" {
			t.Errorf("requests (-want +got)\n%s", diff)
		}
	})
}

// TestConnections holds several requests until all are there, so that none
// can use the connection of another.
func TestConnections(t *testing.T) {
	const atOnce = 3
	inBothModes(t, func(t *testing.T, n *fakenet.Net) {
		var all, done sync.WaitGroup
		all.Add(atOnce)
		s := n.Site(fakenet.HTTPS, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			all.Done()
			all.Wait()
		}), fakenet.HTTP1)
		for range atOnce {
			done.Go(func() { get(t.Context(), t, n.Client(), s.URL()) })
		}
		done.Wait()
		s.Disconnect()
		all.Add(1)
		get(t.Context(), t, n.Client(), s.URL())
		if accepted, peak := s.Connections(); accepted != atOnce+1 || peak != atOnce {
			t.Errorf("accepted %d, peak %d, want %d and %d", accepted, peak, atOnce+1, atOnce)
		}
	})
}

func TestDownAndUp(t *testing.T) {
	inBothModes(t, func(t *testing.T, n *fakenet.Net) {
		s := n.Site(fakenet.HTTPS, http.HandlerFunc(http.NotFound), fakenet.Host("site.corp.example"))
		var got []answer
		// A client that has a connection may use it before it learns of its end.
		ask := func() { got = append(got, get(t.Context(), t, n.Client(), s.URL())) }
		ask()
		s.Down()
		ask()
		s.Down()
		s.Up()
		s.Up()
		ask()
		want := []answer{{status: 404}, {err: syscall.ECONNREFUSED}, {status: 404}}
		compare := []cmp.Option{cmp.AllowUnexported(answer{}), cmpopts.IgnoreFields(answer{}, "header", "body"), cmpopts.EquateErrors()}
		if diff := cmp.Diff(want, got, compare...); diff != "" {
			t.Errorf("before, during and after (-want +got)\n%s", diff)
		}
	})
}

func TestCaptive(t *testing.T) {
	for kind, want := range map[fakenet.Portal]int{
		fakenet.PortalRedirect: 200, fakenet.PortalPage: 200, fakenet.Portal511: 511,
	} {
		inBothModes(t, func(t *testing.T, n *fakenet.Net) {
			s := n.Captive(kind, fakenet.HTTP)
			got := get(t.Context(), t, n.Client(), s.URL()+"/corp.example/a/@v/list")
			if got.status != want || !strings.Contains(got.body, "Sign in") {
				t.Errorf("portal %d: got %v, want %d and a login page", kind, got, want)
			}
			if got := len(s.Requests()); got != 1 && kind != fakenet.PortalRedirect {
				t.Errorf("portal %d: %d requests, want 1", kind, got)
			}
		})
	}
}
