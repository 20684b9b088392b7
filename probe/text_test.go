package probe_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/probe"
)

// download has the go command download module versions, in an empty directory,
// and gives what it says about each that fails, without the module; "" for one
// that succeeds.
func download(t *testing.T, env []string, mods ...module.Version) map[module.Version]string {
	t.Helper()
	args := []string{"mod", "download", "-json"}
	for _, m := range mods {
		args = append(args, m.String())
	}
	stdout, stderr, err := fakenet.Go(t.Context(), t, t.TempDir(), env, args...)
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	said := make(map[module.Version]string)
	for d := json.NewDecoder(strings.NewReader(stdout)); ; {
		var m struct{ Path, Version, Error string }
		if err := d.Decode(&m); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("%v in %s", err, stdout)
		}
		mod := module.Version{Path: m.Path, Version: m.Version}
		said[mod] = strings.TrimPrefix(m.Error, mod.String()+": ")
	}
	if len(said) != len(mods) {
		t.Fatalf("the go command spoke of %d modules, not of %d: %s", len(said), len(mods), stderr)
	}
	return said
}

// raw answers with exactly these bytes.
func raw(text string) fakenet.Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer c.Close()
		io.WriteString(c, text)
	}
}

// TestWordsOfRefusals compares what is said about error bodies with what the
// go command says.
func TestWordsOfRefusals(t *testing.T) {
	plain := func(body string) fakenet.Fault { return fakenet.Status(403, body) }
	as := func(contentType, body string) fakenet.Fault {
		return fakenet.Status(403, body, "Content-Type", contentType)
	}
	lines := func(n int) string { return strings.Repeat("line\n", n) }
	tests := []struct {
		name  string
		fault fakenet.Fault
		// quotes tells whether anything of the body is quoted.
		quotes bool
	}{
		{"one line", plain("not for you"), true},
		{"one line with its end", plain("not for you\n"), true},
		{"two lines", plain("not for you\nnor for me"), true},
		{"eight lines", plain(lines(8)), true},
		{"nine lines", plain(lines(9)), true},
		{"many lines", plain(lines(2000)), true},
		{"CRLF", plain("not for you\r\nnor for me\r\n"), true},
		{"blank line", plain("before\n \nafter\n"), true},
		{"blank line with CRLF", plain("before\r\n\r\nafter"), true},
		{"blank line first", plain("\nafter"), false},
		{"nothing", plain(""), false},
		{"one long line", plain(strings.Repeat("x", 649)), true},
		{"just not too long", plain(strings.Repeat("x", 648)), true},
		{"second line too long", plain("short\n" + strings.Repeat("x", 642)), true},
		{"second line just not too long", plain("short\n" + strings.Repeat("x", 641)), true},
		{"very long line of wide letters", plain("x" + strings.Repeat("é", 5000)), true},
		{"tabs", plain("\tnot\tfor you"), true},
		{"escape sequence", plain("\x1b[31mred"), false},
		{"bell after a blank line", plain("fine\n\n\a"), false},
		{"binary", plain("\x00\x01\x02"), false},
		{"not UTF-8", plain("caf\xe9"), false},
		{"byte order mark", plain("\ufeffhello"), false},
		{"letters", plain("schön 漢字"), true},
		{"web page", as("text/html", "<p>no</p>"), false},
		{"JSON", as("application/json", `{"error":"no"}`), false},
		{"ASCII", as("text/plain; charset=US-ASCII", "no"), true},
		{"Latin-1", as("text/plain; charset=iso-8859-1", "no"), false},
		{"no charset", as("text/plain", "no"), true},
		{"bad type", as("text/plain; charset", "no"), true},
		{"no type", raw("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"), false},
		{"words of its own", raw("HTTP/1.1 403 Go Away\r\nContent-Length: 0\r\n\r\n"), false},
		{"no words", raw("HTTP/1.1 403\r\nContent-Length: 0\r\n\r\n"), false},
		{"unknown code", raw("HTTP/1.1 599 Odd\r\nContent-Length: 0\r\n\r\n"), false},
		{"packed", fakenet.Status(403, bomb(t, "not for you ", 20), "Content-Encoding", "gzip"), true},
		{"cut short", cutShort(403), true},
	}
	n := fakenet.New(t)
	s := n.Proxy(fakenet.HTTP)
	var mods []module.Version
	for i, test := range tests {
		mods = append(mods, module.Version{Path: fmt.Sprintf("corp.example/m%d", i), Version: "v1.0.0"})
		s.On(mods[i].Path+"@*", test.fault)
	}
	said := download(t, []string{"GOPROXY=" + s.URL()}, mods...)
	p := newProber(t, n, probe.Options{})
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			q := question(hopTo(t, s.URL()), probe.Info)
			q.Mod = mods[i]
			ans := ask(t, p, q)
			if diff := cmp.Diff(said[mods[i]], ans.Text); diff != "" {
				t.Errorf("text (-go +ours):\n%s", diff)
			}
			if quotes := ans.Fault.Detail != ""; quotes != test.quotes {
				t.Errorf("detail %q, want one: %v", ans.Fault.Detail, test.quotes)
			}
		})
	}
}

// TestErrorPage has an error page that is larger than anything read of it, in
// place of an artefact of which more would be.
func TestErrorPage(t *testing.T) {
	n := fakenet.New(t)
	s := n.Proxy(fakenet.HTTP)
	s.On("*", fakenet.Status(500, "one é\n"+strings.Repeat("é", 1<<20)))
	p := newProber(t, n, probe.Options{})
	for _, a := range []probe.Artefact{probe.Info, probe.Mod, probe.Zip, probe.List} {
		ans := ask(t, p, question(hopTo(t, s.URL()), a))
		if want := "one é\n\t[Truncated: too long.]"; ans.Fault == nil || ans.Fault.Detail != want {
			t.Errorf("%v: fault %+v, want the detail %q", a, ans.Fault, want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	tests := []struct {
		name, value string
		want        time.Duration
	}{
		{"none", "", 0},
		{"seconds", "120", 2 * time.Minute},
		{"zero", "0", 0},
		{"less than zero", "-5", 0},
		{"words", "soon", 0},
		{"fraction", "1.5", 0},
		{"beyond a day", "864000", 24 * time.Hour},
		{"beyond any duration", "18446744073709551615", 24 * time.Hour},
		{"beyond any number", "99999999999999999999", 0},
		{"date", "Sat, 01 Jan 2000 00:01:00 GMT", time.Minute},
		{"date of old", "Saturday, 01-Jan-00 00:01:00 GMT", time.Minute},
		{"date in C", "Sat Jan  1 00:01:00 2000", time.Minute},
		{"date in the past", "Fri, 31 Dec 1999 23:59:00 GMT", 0},
		{"date of next year", "Mon, 01 Jan 2001 00:00:00 GMT", 24 * time.Hour},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, n *fakenet.Net) { // where it is midnight of 2000-01-01
				s := n.Proxy(fakenet.HTTP)
				s.On("*", fakenet.Status(429, "", "Retry-After", test.value))
				f := ask(t, newPipeProber(t, n, probe.Options{}), question(hopTo(t, s.URL()), probe.Info)).Fault
				if f == nil || f.RetryAfter != test.want {
					t.Errorf("fault %+v, want to wait %v", f, test.want)
				}
			})
		})
	}
}

// TestWordsOfFaults compares what is said about broken exchanges with what the
// go command says.
func TestWordsOfFaults(t *testing.T) {
	tests := []struct {
		name  string
		fault fakenet.Fault
	}{
		{"hangup", fakenet.Hangup},
		{"garbage", fakenet.Garbage},
		{"truncated", fakenet.Truncate},
		{"web page", fakenet.HTML},
		{"nothing", fakenet.Empty},
		{"other version", fakenet.WrongVersion},
		{"bad time", fakenet.Status(200, `{"Version":"v1.0.0","Time":"noon"}`)},
		{"bad compression", fakenet.Status(200, "this is no gzip stream at all", "Content-Encoding", "gzip")},
		{"redirects without end", fakenet.RedirectLoop},
		{"redirect to no URL", fakenet.Status(302, "", "Location", "http://[::1")},
		{"redirect to another scheme", fakenet.Status(302, "", "Location", "ftp://corp.example/")},
		{"redirect to nowhere", fakenet.Status(302, "")},
	}
	n := fakenet.New(t)
	s := n.Proxy(fakenet.HTTP)
	var mods []module.Version
	for i, test := range tests {
		mods = append(mods, module.Version{Path: fmt.Sprintf("corp.example/m%d", i), Version: "v1.0.0"})
		s.Add(mods[i].Path, mods[i].Version, "")
		s.On(mods[i].Path+"@*", test.fault)
	}
	said := download(t, []string{"GOPROXY=" + s.URL()}, mods...)
	p := newProber(t, n, probe.Options{})
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			q := question(hopTo(t, s.URL()), probe.Info)
			q.Mod = mods[i]
			ans := ask(t, p, q)
			if diff := cmp.Diff(said[mods[i]], ans.Text); diff != "" {
				t.Errorf("text (-go +ours):\n%s", diff)
			}
			// A host that was known to be at fault is spoken of alike.
			if ans.Fault.HostLevel() {
				if diff := cmp.Diff(ans.Text, probe.Behind(q, probe.Info, ans.Fault).Text); diff != "" {
					t.Errorf("text for those behind (-first +other):\n%s", diff)
				}
			}
		})
	}
}

// TestBehind turns questions away with faults that have an error and with one
// that has a status only.
func TestBehind(t *testing.T) {
	tests := []struct {
		name string
		f    func(t *testing.T) *probe.Fault
		want string
	}{
		{"refused", func(t *testing.T) *probe.Fault {
			n := fakenet.New(t)
			return newProber(t, n, probe.Options{}).Knock(t.Context(), hopTo(t, "http://"+n.Refused()), probe.FirstLook)
		}, "connect: connection refused"},
		{"HTTP proxy that wants a login", func(t *testing.T) *probe.Fault {
			n := fakenet.New(t)
			via := n.HTTPProxy()
			via.Demand("user", "secret")
			s := newProxy(n, fakenet.HTTP, fakenet.Host("proxy.corp.test"))
			p := newProber(t, n, probe.Options{Env: settings("HTTP_PROXY=" + via.URL())})
			return ask(t, p, question(hopTo(t, s.URL()), probe.Info)).Fault
		}, "407 Proxy Authentication Required\n\tserver response: who are you?"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := test.f(t)
			if f == nil || !f.HostLevel() {
				t.Fatalf("fault %+v, want one of the host", f)
			}
			q := question(hopTo(t, "http://proxy.corp.test"), allThree...)
			for _, a := range allThree {
				ans := probe.Behind(q, a, f)
				if ans.Artefact != a || ans.Outcome != probe.Failed || ans.Fault != f || !strings.HasSuffix(ans.Text, test.want) {
					t.Errorf("%v: answer %+v, want text that ends in %q", a, ans, test.want)
				}
				if url := "http://proxy.corp.test/corp.example/a/@v/v1.0.0" + a.String(); !strings.Contains(ans.Text, url) {
					t.Errorf("%v: text %q without %s", a, ans.Text, url)
				}
			}
		})
	}
}
