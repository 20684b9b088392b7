package fakenet_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/internal/fakenet"
)

// status returns a check of the status alone.
func status(code int) func(answer) error {
	return func(a answer) error {
		if a.status != code {
			return fmt.Errorf("got %v, want status %d", a, code)
		}
		return nil
	}
}

func TestHTTPProxy(t *testing.T) {
	tests := []struct {
		name   string
		scheme fakenet.Scheme
		set    func(*fakenet.HTTPProxy)
		host   string // a URL; empty for that of the site
		want   func(answer) error
	}{
		{"connect", fakenet.HTTPS, nil, "", has(200, "HTTP/2.0")},
		{"whole URL", fakenet.HTTP, nil, "", has(200, "HTTP/1.1")},
		{
			"connect demands", fakenet.HTTPS, func(p *fakenet.HTTPProxy) { p.Demand("other", "word") }, "",
			says("Proxy Authentication Required"),
		},
		{
			"whole URL demands", fakenet.HTTP, func(p *fakenet.HTTPProxy) { p.Demand("other", "word") }, "",
			has(407, "who are you?\n"),
		},
		{"demand met", fakenet.HTTPS, func(p *fakenet.HTTPProxy) { p.Demand("user", "secret") }, "", has(200, "HTTP/2.0")},
		{
			"connect refused", fakenet.HTTPS, func(p *fakenet.HTTPProxy) { p.On("*", fakenet.Status(403, "")) }, "",
			says("Forbidden"),
		},
		{"connect hung up", fakenet.HTTPS, func(p *fakenet.HTTPProxy) { p.On("*", fakenet.Hangup) }, "", says("EOF")},
		{"whole URL, unknown host", fakenet.HTTP, nil, "http://gone.corp.example", status(502)},
		{"unknown host", fakenet.HTTPS, nil, "https://gone.corp.example", says("Bad Gateway")},
	}
	inBothModes(t, func(t *testing.T, n *fakenet.Net) {
		proto := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Proto) })
		sites := map[fakenet.Scheme]*fakenet.Site{
			fakenet.HTTP:  n.Site(fakenet.HTTP, proto, fakenet.Host("plain.corp.example")),
			fakenet.HTTPS: n.Site(fakenet.HTTPS, proto, fakenet.Host("secure.corp.example")),
		}
		for _, tt := range tests {
			p := n.HTTPProxy()
			if tt.set != nil {
				tt.set(p)
			}
			via, err := url.Parse(p.URL())
			if err != nil {
				t.Fatal(err)
			}
			via.User = url.UserPassword("user", "secret")
			c := n.Client()
			c.Transport.(*http.Transport).Proxy = http.ProxyURL(via)
			target := sites[tt.scheme].URL()
			if tt.host != "" {
				target = tt.host
			}
			if err := tt.want(get(t.Context(), t, c, target)); err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
			if got := p.Requests(); len(got) != 1 || !got[0].ProxyAuthorized {
				t.Errorf("%s: the proxy saw %+v, want one request with credentials", tt.name, got)
			}
		}
		var hosts []string
		for _, r := range sites[fakenet.HTTPS].Requests() {
			hosts = append(hosts, r.Host)
		}
		if diff := cmp.Diff([]string{sites[fakenet.HTTPS].Host(), sites[fakenet.HTTPS].Host()}, hosts); diff != "" {
			t.Errorf("hosts the site was asked for (-want +got)\n%s", diff)
		}
	})
}
