package probe_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// TestPage tells by which page a host was papered over.
func TestPage(t *testing.T) {
	const html = "text/html; charset=utf-8"
	tests := []struct {
		name   string
		status int
		kind   string
		body   string
		want   string
	}{
		{"block page", http.StatusOK, html, "<!DOCTYPE html>\n<html><head><TITLE>Access\n  blocked &amp; logged</TITLE></head>", "Access blocked & logged"},
		{"that says so", http.StatusForbidden, html, "<html><title id=x>Web filter</title>", "Web filter"},
		{"of a server that refuses", http.StatusForbidden, html, "<html><title>403 Forbidden</title>", ""},
		{"in words only", http.StatusForbidden, html, "<html><title>Forbidden</title>", ""},
		{"without a title", http.StatusOK, html, "<html><body>no", ""},
		{"no page", http.StatusForbidden, "text/plain", "you <title>may not</title>", ""},
		{"without what a terminal obeys", http.StatusOK, html, "<title>a\x1b[31mb\u202ec</title>", "a[31mbc"},
		{"long", http.StatusOK, html, "<title>" + strings.Repeat("x", 100) + "</title>", strings.Repeat("x", 80) + "..."},
		{"with a secret", http.StatusOK, html, "<title>hello tok-12345678</title>", "hello xxxxx"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := fakenet.New(t)
			proxy := n.Proxy(fakenet.HTTP)
			proxy.On("*", fakenet.Status(test.status, test.body, "Content-Type", test.kind))
			env := envOf("GOPROXY=" + strings.Replace(proxy.URL(), "://", "://tok-12345678@", 1))
			answers := newProber(t, n, probe.Options{Env: env}).Ask(t.Context(), probe.Question{
				Hop: route.Hop{Kind: route.Proxy, URL: door(t, proxy.URL())}, Mod: wanted, Artefacts: []probe.Artefact{probe.Info}, Patience: probe.FirstLook,
			})
			if len(answers) != 1 || answers[0].Fault == nil || answers[0].Fault.Page != test.want {
				t.Errorf("%+v, want the page %q", answers, test.want)
			}
		})
	}
}
