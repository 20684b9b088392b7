package fakenet_test

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	modzip "golang.org/x/mod/zip"

	"github.com/modreach/modreach/internal/fakenet"
)

// answer is all a client learns from one request.
type answer struct {
	status int
	header http.Header
	body   string
	err    error // of the request or of reading the body
}

func (a answer) String() string {
	if a.err != nil {
		return fmt.Sprintf("error %q", a.err)
	}
	return fmt.Sprintf("%d %q", a.status, a.body)
}

func get(ctx context.Context, t *testing.T, c *http.Client, url string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.Do(req)
	if err != nil {
		return answer{err: err}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, string(body), err}
}

// is returns a check that the request failed with target.
func is(target error) func(answer) error {
	return func(a answer) error {
		if !errors.Is(a.err, target) {
			return fmt.Errorf("got %v, want error %v", a, target)
		}
		return nil
	}
}

// says returns a check that the request failed with these words.
func says(words string) func(answer) error {
	return func(a answer) error {
		if a.err == nil || !strings.Contains(a.err.Error(), words) {
			return fmt.Errorf("got %v, want error %q", a, words)
		}
		return nil
	}
}

// has returns a check of status and body.
func has(status int, body string) func(answer) error {
	return func(a answer) error {
		if a.err != nil || a.status != status || a.body != body {
			return fmt.Errorf("got %v, want %d %q", a, status, body)
		}
		return nil
	}
}

// either returns a check that passes if one of two does.
func either(a, b func(answer) error) func(answer) error {
	return func(got answer) error {
		errA := a(got)
		if errA == nil || b(got) == nil {
			return nil
		}
		return errA
	}
}

func TestFaults(t *testing.T) {
	const file = "corp.example/a/@v/v1.0.0.info"
	const info = `{"Version":"v1.0.0","Time":"2020-01-01T00:00:00Z"}`
	type checks = map[string]func(answer) error
	same := func(check func(answer) error) checks {
		return checks{"http": check, "https": check, "https1": check}
	}
	tests := []struct {
		name  string
		fault fakenet.Fault
		want  checks
	}{
		{"none", nil, same(has(200, info))},
		{"status", fakenet.Status(403, "go away"), same(has(403, "go away"))},
		{"empty", fakenet.Empty, same(has(200, ""))},
		{"hangup", fakenet.Hangup, checks{
			"http": is(io.EOF), "https1": is(io.EOF), "https": is(io.ErrUnexpectedEOF),
		}},
		{"reset", fakenet.Reset, checks{
			"http": is(syscall.ECONNRESET), "https1": is(syscall.ECONNRESET),
			"https": either(is(syscall.ECONNRESET), is(io.ErrUnexpectedEOF)),
		}},
		{"garbage", fakenet.Garbage, checks{
			"http":   says("malformed HTTP response"),
			"https1": says("malformed HTTP response"),
			"https":  says("http2: frame too large"),
		}},
		{"truncate", fakenet.Truncate, checks{
			"http": is(io.ErrUnexpectedEOF), "https1": is(io.ErrUnexpectedEOF), "https": says("stream error"),
		}},
		{"redirect", fakenet.Redirect(9), same(has(200, info))},
		{"redirect too often", fakenet.Redirect(10), same(says("stopped after 10 redirects"))},
		{"redirect loop", fakenet.RedirectLoop, same(says("stopped after 10 redirects"))},
		{"delay", fakenet.Delay(time.Millisecond), same(has(200, info))},
		{"slow", fakenet.Slow(time.Microsecond), same(has(200, info))},
	}
	inBothModes(t, func(t *testing.T, n *fakenet.Net) {
		proxies := map[string]*fakenet.Proxy{
			"http":   n.Proxy(fakenet.HTTP),
			"https":  n.Proxy(fakenet.HTTPS),
			"https1": n.Proxy(fakenet.HTTPS, fakenet.HTTP1),
		}
		for _, tt := range tests {
			for kind, check := range tt.want {
				p := proxies[kind]
				p.Add("corp.example/a", "v1.0.0", "")
				p.On("*", tt.fault)
				// A fresh client: on a fresh connection nothing is repeated.
				got := get(t.Context(), t, n.Client(), p.URL()+"/"+file)
				if err := check(got); err != nil {
					t.Errorf("%s over %s: %v", tt.name, kind, err)
				}
			}
		}
	})
}

// TestHang has the client give up a request that certainly arrived.
func TestHang(t *testing.T) {
	inBothModes(t, func(t *testing.T, n *fakenet.Net) {
		for _, scheme := range []fakenet.Scheme{fakenet.HTTP, fakenet.HTTPS} {
			p := n.Proxy(scheme)
			ctx, cancel := context.WithCancel(t.Context())
			p.On("*", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				cancel()
				fakenet.Hang(w, r, next)
			})
			if err := is(context.Canceled)(get(ctx, t, n.Client(), p.URL()+"/a.example/@v/list")); err != nil {
				t.Errorf("%s: %v", scheme, err)
			}
		}
	})
}

func TestHangAfterHeaders(t *testing.T) {
	inBothModes(t, func(t *testing.T, n *fakenet.Net) {
		for _, scheme := range []fakenet.Scheme{fakenet.HTTP, fakenet.HTTPS} {
			p := n.Proxy(scheme)
			p.On("*", fakenet.HangAfterHeaders)
			ctx, cancel := context.WithCancel(t.Context())
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL()+"/a.example/@v/list", nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := n.Client().Do(req)
			if err != nil {
				t.Fatalf("%s: no headers: %v", scheme, err)
			}
			defer resp.Body.Close()
			cancel()
			if body, err := io.ReadAll(resp.Body); len(body) != 0 || !errors.Is(err, context.Canceled) {
				t.Errorf("%s: got body %q, error %v, want no body, %v", scheme, body, err, context.Canceled)
			}
		}
	})
}

// TestDeadlines runs on the bubble's clock: what takes long there costs
// nothing here, and takes exactly as long as it should.
func TestDeadlines(t *testing.T) {
	tests := []struct {
		name string
		// at starts something slow and returns the URL where it is.
		at   func(n *fakenet.Net) string
		want time.Duration
		err  error
	}{
		{"hang", func(n *fakenet.Net) string {
			p := n.Proxy(fakenet.HTTPS)
			p.On("*", fakenet.Hang)
			return p.URL() + "/a.example/@v/list"
		}, 5 * time.Second, context.DeadlineExceeded},
		{"silent", func(n *fakenet.Net) string { return "https://" + n.Silent() }, 5 * time.Second, context.DeadlineExceeded},
		{"black hole", func(n *fakenet.Net) string { return "https://" + n.Blackhole() }, 5 * time.Second, context.DeadlineExceeded},
		{"delay", func(n *fakenet.Net) string {
			p := n.Proxy(fakenet.HTTPS)
			p.Add("a.example/m", "v1.0.0", "")
			p.On("*", fakenet.Delay(4*time.Second))
			return p.URL() + "/a.example/m/@v/list"
		}, 4 * time.Second, nil},
		{"slow", func(n *fakenet.Net) string {
			p := n.Proxy(fakenet.HTTPS)
			p.Add("a.example/m", "v1.0.0", "")
			p.On("*", fakenet.Slow(100*time.Millisecond)) // 7 bytes
			return p.URL() + "/a.example/m/@v/list"
		}, 700 * time.Millisecond, nil},
		{"slower than the client", func(n *fakenet.Net) string {
			p := n.Proxy(fakenet.HTTPS)
			p.Add("a.example/m", "v1.0.0", "")
			p.On("*", fakenet.Slow(time.Second))
			return p.URL() + "/a.example/m/@v/list"
		}, 5 * time.Second, context.DeadlineExceeded},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := fakenet.NewPipe(t)
				url := tt.at(n)
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				start := time.Now()
				got := get(ctx, t, n.Client(), url)
				if !errors.Is(got.err, tt.err) {
					t.Errorf("got %v, want error %v", got, tt.err)
				}
				if took := time.Since(start); took != tt.want {
					t.Errorf("took %s, want %s", took, tt.want)
				}
			})
		})
	}
}

// TestAnswers checks those faults that are wrong answers, by what is wrong.
func TestAnswers(t *testing.T) {
	n := fakenet.New(t)
	p := n.Proxy(fakenet.HTTP)
	p.Add("corp.example/a", "v1.0.0", "")
	at := func(fault fakenet.Fault, kind string) answer {
		t.Helper()
		p.On("*", fault)
		a := get(t.Context(), t, n.Client(), p.URL()+"/corp.example/a/@v/v1.0.0"+kind)
		if a.err != nil || a.status != 200 {
			t.Fatalf("got %v, want 200", a)
		}
		return a
	}
	sound := func(v module.Version, data string) error {
		file := filepath.Join(t.TempDir(), "m.zip")
		if err := os.WriteFile(file, []byte(data), 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := modzip.CheckZip(v, file)
		return err
	}
	v := module.Version{Path: "corp.example/a", Version: "v1.0.0"}

	if err := sound(v, at(nil, ".zip").body); err != nil {
		t.Errorf("without a fault: %v", err)
	}
	if err := sound(v, at(fakenet.NotZip, ".zip").body); !errors.Is(err, zip.ErrFormat) {
		t.Errorf("NotZip: got %v, want %v", err, zip.ErrFormat)
	}
	if err := sound(v, at(fakenet.BadZip, ".zip").body); err == nil || errors.Is(err, zip.ErrFormat) {
		t.Errorf("BadZip: got %v, want another error", err)
	}
	if got := at(fakenet.HTML, ".info").header.Get("Content-Type"); !strings.HasPrefix(got, "text/html") {
		t.Errorf("HTML: content type %q", got)
	}
	if got := at(fakenet.WrongVersion, ".info").body; !json.Valid([]byte(got)) || strings.Contains(got, "v1.0.0") {
		t.Errorf("WrongVersion: got %s", got)
	}
	if got := modfile.ModulePath([]byte(at(fakenet.OtherMod, ".mod").body)); got == "" || got == v.Path {
		t.Errorf("OtherMod: got path %q", got)
	}
}

// TestLatest asks the proxy itself: the go command asks @latest only if the
// list has nothing for it.
func TestLatest(t *testing.T) {
	n := fakenet.New(t)
	p := n.Proxy(fakenet.HTTP)
	const older, newer = "v0.0.0-20200101000000-0123456789ab", "v0.0.0-20200202000000-0123456789ab"
	for _, step := range []struct{ add, want string }{
		{"", ""},
		{newer, newer},
		{older, newer},
		{"v0.1.0-rc.1", "v0.1.0-rc.1"},
		{"v0.1.0-rc.10", "v0.1.0-rc.10"},
		{"v0.1.0-rc.9", "v0.1.0-rc.10"},
		{"v0.0.1", "v0.0.1"},
		{"v0.0.2", "v0.0.2"},
		{"v0.2.0-rc.1", "v0.0.2"},
	} {
		want := has(404, "not found: module corp.example/a\n")
		if step.add != "" {
			p.Add("corp.example/a", step.add, "")
			want = has(200, `{"Version":"`+step.want+`","Time":"2020-01-01T00:00:00Z"}`)
		}
		if err := want(get(t.Context(), t, n.Client(), p.URL()+"/corp.example/a/@latest")); err != nil {
			t.Errorf("after adding %q: %v", step.add, err)
		}
	}
}

func TestSeq(t *testing.T) {
	n := fakenet.New(t)
	p := n.Proxy(fakenet.HTTPS)
	p.Add("corp.example/a", "v1.0.0", "")
	p.On("*", fakenet.Seq(fakenet.Status(404, ""), nil, fakenet.Status(429, "slow down", "Retry-After", "7")))
	c := n.Client()
	for _, file := range []string{"v1.0.0.info", "v1.0.0.mod"} {
		var got []int
		for range 4 {
			a := get(t.Context(), t, c, p.URL()+"/corp.example/a/@v/"+file)
			got = append(got, a.status)
			if after := a.header.Get("Retry-After"); (a.status == 429) != (after == "7") {
				t.Errorf("%s: status %d, Retry-After %q", file, a.status, after)
			}
		}
		if diff := cmp.Diff([]int{404, 200, 429, 429}, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", file, diff)
		}
	}
}

func TestRedirects(t *testing.T) {
	n := fakenet.New(t)
	there, here := n.Proxy(fakenet.HTTP), n.Proxy(fakenet.HTTPS)
	there.Add("corp.example/a", "v1.0.0", "")
	here.On("*", fakenet.RedirectTo(there.URL()))
	c := n.Client()
	if err := has(200, "v1.0.0\n")(get(t.Context(), t, c, here.URL()+"/corp.example/a/@v/list")); err != nil {
		t.Error(err)
	}
	here.On("*", fakenet.RedirectToInsecure)
	c.CheckRedirect = func(req *http.Request, via []*http.Request) error {
		return fmt.Errorf("from %s to %s", via[0].URL, req.URL)
	}
	want := fmt.Sprintf("from https://%s/x?y=z to http://%[1]s/x?y=z", here.Host())
	if err := says(want)(get(t.Context(), t, c, here.URL()+"/x?y=z")); err != nil {
		t.Error(err)
	}
}

// TestRules checks which rule counts for which request.
func TestRules(t *testing.T) {
	n := fakenet.New(t)
	p := n.Proxy(fakenet.HTTP)
	p.Add("corp.example/Upper", "v1.0.0", "")
	p.Add("corp.example/b", "v1.0.0-RC1", "")
	p.On("*", fakenet.Status(500, ""))
	p.On("*.zip", fakenet.Status(501, ""))
	p.On("corp.example/Upper@v1.0.0.mod", fakenet.Status(502, ""))
	p.On("corp.example/b@*", nil)
	p.On("corp.example/b@latest", fakenet.Status(503, ""))
	want := map[string]int{
		"corp.example/!upper/@v/v1.0.0.info":     500,
		"corp.example/%21upper/@v/v1.0.0.zip":    501,
		"corp.example/%21upper/@v/v1.0.0.mod":    502,
		"corp.example/b/@v/v1.0.0-%21r%21c1.zip": 200,
		"corp.example/b/@v/list":                 200,
		"corp.example/b/@latest":                 503,
		"corp.example/c/@latest":                 500,
	}
	got := make(map[string]int)
	for path := range want {
		got[path] = get(t.Context(), t, n.Client(), p.URL()+"/"+path).status
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("statuses (-want +got)\n%s", diff)
	}
}
