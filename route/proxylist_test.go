package route_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/route"
)

// written renders entries with the separator that counts after each.
func written(entries []route.Entry) string {
	var b strings.Builder
	for i, e := range entries {
		if i > 0 {
			b.WriteString(map[route.Falls]string{route.NotFound: " , ", route.AnyError: " | "}[entries[i-1].Falls])
		}
		if e.Kind == route.Proxy {
			b.WriteString(e.URL.String())
		} else {
			b.WriteString(e.Kind.String())
		}
	}
	return b.String()
}

func TestParseProxies(t *testing.T) {
	const empty = "GOPROXY list is not the empty string, but contains no entries"
	tests := []struct {
		name, list string
		want       string // entries, or the error after "!"
	}{
		{"empty", "", "!" + empty},
		{"comma", ",", "!" + empty},
		{"bar", "|", "!" + empty},
		{"blanks", " \t ", "!" + empty},
		{"comma and direct", "https://a.test,direct", "https://a.test , direct"},
		{"bar and direct", "https://a.test|direct", "https://a.test | direct"},
		{"blanks around", " https://a.test , direct ", "https://a.test , direct"},
		{"comma then empty bar", "http://a.test,|http://b.test", "http://a.test , http://b.test"},
		{"bar then empty comma", "http://a.test|,http://b.test", "http://a.test | http://b.test"},
		{"leading separators", "|,http://a.test", "http://a.test"},
		{"after off", "off,ftp://x", "off"},
		{"after direct", "direct,ftp://x", "direct"},
		{"direct before bar", "direct|https://a.test", "direct"},
		{"ends in off", "https://a.test,off", "https://a.test , off"},
		{"OFF", "OFF", "!invalid proxy URL missing scheme: OFF"},
		{"Direct", "Direct", "!invalid proxy URL missing scheme: Direct"},
		{"none", "none", "!invalid proxy URL missing scheme: none"},
		{"noproxy", "noproxy", "!invalid proxy URL missing scheme: noproxy"},
		{"localhost", "localhost", "!invalid proxy URL missing scheme: localhost"},
		{"word", "goproxy", "!invalid proxy URL missing scheme: goproxy"},
		{"file path", "/abs/dir", "!invalid proxy URL missing scheme: /abs/dir"},
		{"host name", "host.name", "https://host.name"},
		{"host and port", "host:8443", "https://host:8443"},
		{"localhost and port", "localhost:8001", "https://localhost:8001"},
		{"direct with slash", "direct/", "https://direct/"},
		{"relative path", "./dir", "https://./dir"},
		{"other scheme", "ftp://x", "!invalid proxy URL scheme (must be https, http, file): ftp://x"},
		{"Windows path", "C:/foo", "!invalid proxy URL scheme (must be https, http, file): c:/foo"},
		{"one bad entry", "https://a.test,ftp://x,direct", "!invalid proxy URL scheme (must be https, http, file): ftp://x"},
		{"tree", "file:///abs", "file:///abs"},
		{"file without slashes", "file:/abs", "!invalid file:// proxy URL with non-path elements: file:/abs"},
		{"file with host", "file://host/x", "!invalid file:// proxy URL with non-path elements: file://host/x"},
		{"file with query", "file:///x?y", "!invalid file:// proxy URL with non-path elements: file:///x?y"},
		{"query", "https://a.test?x=y", "https://a.test?x=y"},
		{"fragment", "https://a.test/#f", "https://a.test/#f"},
		{"trailing slash", "https://a.test/p//", "https://a.test/p//"},
		{"semicolon", "https://a.test;https://b.test", "https://a.test;https://b.test"},
		{"blank inside", "https://a.test https://b.test", "!parse \"https://a.test https://b.test\": invalid character \" \" in host name"},
		{"quotes", `"https://a.test"`, `!parse "\"https://a.test\"": first path segment in URL cannot contain colon`},
		{"password over http", "http://user:pw@h.test", "http://user:pw@h.test"},
		{"password over https", "https://user:pw@h.test", "https://user:pw@h.test"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			entries, err := route.ParseProxies(tt.list)
			got := written(entries)
			if err != nil {
				got = "!" + err.Error()
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("ParseProxies(%q) (-want +got):\n%s", tt.list, diff)
			}
		})
	}
}

func TestParseProxiesHidesSecrets(t *testing.T) {
	for _, list := range []string{
		"ftp://us:secret@h.test",
		"ftp://secret@h.test",
		"https://us:secret@h.test:bad",
		"https://us:secret secret@h.test",
		"us:secret/secret@h.test",
		"https://us:%secret@h.test",
		"file://us:secret@h.test/x",
		"https://secret:secret@[::h",
	} {
		t.Run(list, func(t *testing.T) {
			_, err := route.ParseProxies(list)
			bad, ok := errors.AsType[*route.ListError](err)
			if !ok {
				t.Fatalf("ParseProxies: %v, want a *ListError", err)
			}
			// A name before a password may be shown, the go command does.
			shown := strings.ReplaceAll(bad.Entry+" "+bad.Text, "secret:xxxxx", "")
			if strings.Contains(shown, "secret") {
				t.Errorf("the error shows the secret: %q %q", bad.Entry, bad.Text)
			}
		})
	}
}

func TestDeadProxies(t *testing.T) {
	tests := []struct {
		name, list string
		want       []string
	}{
		{"none", "https://a.test,direct", nil},
		{"no end", "https://a.test|https://b.test", nil},
		{"after direct", "https://a.test,direct,,off|ftp://x", []string{"off", "ftp://x"}},
		{"after off", "off, https://a.test ", []string{"https://a.test"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, route.DeadProxies(tt.list)); diff != "" {
				t.Errorf("DeadProxies(%q) (-want +got):\n%s", tt.list, diff)
			}
		})
	}
}

func FuzzProxies(f *testing.F) {
	for _, list := range []string{"", ",|", "off,x", "https://a.test|direct", "a:b@h.test,|file:///x", "http://[::1]:80/%zz"} {
		f.Add(list)
	}
	f.Fuzz(func(t *testing.T, list string) {
		entries, err := route.ParseProxies(list)
		if err != nil {
			if _, ok := errors.AsType[*route.ListError](err); !ok || len(entries) > 0 || err.Error() == "" {
				t.Fatalf("ParseProxies(%q) = %v, %#v", list, entries, err)
			}
			return
		}
		if len(entries) == 0 {
			t.Fatalf("ParseProxies(%q) gave neither an entry nor an error", list)
		}
		for i, e := range entries {
			switch {
			case e.Raw == "" || e.Raw != strings.TrimSpace(e.Raw) || strings.ContainsAny(e.Raw, ",|"):
				t.Errorf("entry %d of %q is %q", i, list, e.Raw)
			case e.Kind == route.Proxy && e.URL == nil:
				t.Errorf("proxy %d of %q has no URL", i, list)
			case e.Kind != route.Proxy && (i != len(entries)-1 || e.Raw != e.Kind.String() || e.Falls != route.NotFound):
				t.Errorf("%s is entry %d of %d of %q", e.Raw, i, len(entries), list)
			}
		}
	})
}
