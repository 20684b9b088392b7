package fakenet_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/internal/fakenet"
)

func TestDNS(t *testing.T) {
	inBothModes(t, func(t *testing.T, n *fakenet.Net) {
		s := n.Site(fakenet.HTTP, http.HandlerFunc(http.NotFound), fakenet.Host("Site.corp.example"))
		ip, _, err := net.SplitHostPort(s.Addr())
		if err != nil {
			t.Fatal(err)
		}
		n.DNS().Set("two.corp.example", "198.51.100.1", "198.51.100.2")
		n.DNS().Break("failing.corp.example", fakenet.ServFail)
		n.DNS().Break("gone.corp.example", fakenet.NoSuchName)

		for name, want := range map[string][]string{
			"site.corp.example": {ip},
			"two.corp.example":  {"198.51.100.1", "198.51.100.2"},
		} {
			got, err := n.Resolver().LookupHost(t.Context(), name)
			slices.Sort(got)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%s: error %v, (-want +got)\n%s", name, err, diff)
			}
		}
		for name, want := range map[string]net.DNSError{
			"gone.corp.example":    {IsNotFound: true},
			"unknown.corp.example": {IsNotFound: true},
			"failing.corp.example": {IsTemporary: true},
		} {
			// Through a dial, as probes meet it.
			_, err := n.Dial(t.Context(), "tcp", net.JoinHostPort(name, "443"))
			var got *net.DNSError
			if !errors.As(err, &got) {
				t.Errorf("%s: got %v, want a DNS error", name, err)
				continue
			}
			if got.IsNotFound != want.IsNotFound || got.IsTemporary != want.IsTemporary || got.IsTimeout || got.Name != name {
				t.Errorf("%s: got %#v", name, got)
			}
		}
		if got := n.DNS().Queries(); !slices.Contains(got, "A unknown.corp.example") {
			t.Errorf("queries %q lack the one for unknown.corp.example", got)
		}
	})
}

// TestDNSOverTCP asks as a program with its own settings would.
func TestDNSOverTCP(t *testing.T) {
	n := fakenet.New(t)
	n.DNS().Set("six.corp.example", "2001:db8::6")
	r := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", n.DNS().Addr())
	}}
	got, err := r.LookupHost(t.Context(), "six.corp.example")
	if diff := cmp.Diff([]string{"2001:db8::6"}, got); err != nil || diff != "" {
		t.Errorf("error %v, (-want +got)\n%s", err, diff)
	}
}

// TestDNSNoReply has the caller give up.
func TestDNSNoReply(t *testing.T) {
	inBothModes(t, func(t *testing.T, n *fakenet.Net) {
		n.DNS().Break("mute.corp.example", fakenet.NoReply)
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		_, err := n.Resolver().LookupHost(ctx, "mute.corp.example")
		var got *net.DNSError
		if !errors.As(err, &got) || !got.IsTimeout || got.IsNotFound {
			t.Errorf("got %#v, want a timeout", err)
		}
		if got := n.DNS().Queries(); !slices.Contains(got, "A mute.corp.example") {
			t.Errorf("queries %q lack the one for mute.corp.example", got)
		}
	})
}
