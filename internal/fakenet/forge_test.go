package fakenet_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/internal/fakenet"
)

const corpPage = `<!DOCTYPE html>
<html>
<head>
<meta name="go-import" content="go.corp.example/x git https://go.corp.example/x.git">
</head>
<body>a module</body>
</html>
`

func TestForgePages(t *testing.T) {
	tests := []struct {
		path string
		want func(answer) error
	}{
		{"/x?go-get=1", has(200, corpPage)},
		{"/x/?go-get=1", has(200, corpPage)},
		{"/x/sub/v2?go-get=1", has(200, corpPage)},
		{"/x/own?go-get=1", has(200, "its own")},
		{"/x/own/sub?go-get=1", has(200, "its own")},
		{"/xy?go-get=1", has(404, "not found: /xy\n")},
		{"/?go-get=1", has(404, "not found: /\n")},
		{"/broken?go-get=1", has(500, "broken")},
	}
	inBothModes(t, func(t *testing.T, n *fakenet.Net) {
		f := n.Forge("go.corp.example")
		f.Page("go.corp.example/x", "go.corp.example/x git https://go.corp.example/x.git")
		f.RawPage("go.corp.example/x/own", "its own")
		f.On("broken", fakenet.Status(500, "broken"))
		for _, tt := range tests {
			if err := tt.want(get(t.Context(), t, n.Client(), "https://go.corp.example"+tt.path)); err != nil {
				t.Errorf("%s: %v", tt.path, err)
			}
		}
		if got, want := f.URL(), "https://go.corp.example"; got != want {
			t.Errorf("URL %s, want %s", got, want)
		}
		if got := len(f.Requests()); got != len(tests) {
			t.Errorf("%d requests logged, want %d", got, len(tests))
		}
	})
}

func TestForgePlain(t *testing.T) {
	inBothModes(t, func(t *testing.T, n *fakenet.Net) {
		f := n.Forge("go.corp.example")
		f.RawPage("go.corp.example", "the root page")
		c := n.Client()
		if got := get(t.Context(), t, c, "http://go.corp.example/"); got.err == nil {
			t.Errorf("no plain site yet: got %v, want an error", got)
		}
		plain := f.Plain()
		if err := has(200, "the root page")(get(t.Context(), t, c, plain.URL())); err != nil {
			t.Error(err)
		}
		if err := has(200, "the root page")(get(t.Context(), t, c, "https://go.corp.example")); err != nil {
			t.Error(err)
		}
		if a, b := len(plain.Requests()), len(f.Requests()); a != 1 || b != 1 {
			t.Errorf("requests: %d over HTTP, %d over HTTPS, want one each", a, b)
		}
	})
}

// TestForgeThroughProxy has a client know no names, as a child process does.
func TestForgeThroughProxy(t *testing.T) {
	inBothModes(t, func(t *testing.T, n *fakenet.Net) {
		f := n.Forge("go.corp.example", fakenet.HTTP1)
		f.RawPage("go.corp.example/x", "a page")
		f.Plain()
		p := n.HTTPProxy()
		via, err := url.Parse(p.URL())
		if err != nil {
			t.Fatal(err)
		}
		c := n.Client()
		c.Transport.(*http.Transport).Proxy = http.ProxyURL(via)
		for _, from := range []string{"https://go.corp.example/x", "http://go.corp.example/x"} {
			if err := has(200, "a page")(get(t.Context(), t, c, from)); err != nil {
				t.Errorf("%s: %v", from, err)
			}
		}
		f.Down()
		if err := says("Bad Gateway")(get(t.Context(), t, c, "https://go.corp.example/x")); err != nil {
			t.Error(err)
		}
		var asked []string
		for _, r := range p.Requests() {
			asked = append(asked, r.Key)
		}
		// An idle connection may have been found dead first.
		if diff := cmp.Diff([]string{"go.corp.example:443", "http://go.corp.example/x", "go.corp.example:443"}, slices.Compact(asked)); diff != "" {
			t.Errorf("what the proxy was asked (-want +got)\n%s", diff)
		}
	})
}

func TestLogin(t *testing.T) {
	inBothModes(t, func(t *testing.T, n *fakenet.Net) {
		f := n.Forge("go.corp.example")
		f.RawPage("go.corp.example/x", "a page")
		f.On("*", fakenet.Login("user", "secret"))
		for from, want := range map[string]func(answer) error{
			"https://go.corp.example/x":              has(401, "log in first"),
			"https://user:wrong@go.corp.example/x":   has(401, "log in first"),
			"https://other:secret@go.corp.example/x": has(401, "log in first"),
			"https://user:secret@go.corp.example/x":  has(200, "a page"),
			"https://user:secret@go.corp.example/y":  has(404, "not found: /y\n"),
		} {
			got := get(t.Context(), t, n.Client(), from)
			if err := want(got); err != nil {
				t.Errorf("%s: %v", from, err)
			}
			if got.status == 401 && got.header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s: nobody tells how to log in", from)
			}
		}
	})
}
