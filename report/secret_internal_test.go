package report

import "testing"

func TestScrub(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"no URL", "example.com/x@v1.2.3: not a secret: me:pw@host", "example.com/x@v1.2.3: not a secret: me:pw@host"},
		{"password", `Get "https://me:pw@p.example/x": EOF`, `Get "https://me:xxxxx@p.example/x": EOF`},
		{"password with an at sign", "https://me:p@w@p.example/x", "https://me:xxxxx@p.example/x"},
		{"password with colons", "https://me:p:w@p.example/x", "https://me:xxxxx@p.example/x"},
		{"token alone", "https://tok@p.example/x", "https://xxxxx@p.example/x"},
		{"hidden already", "https://me:xxxxx@p.example and https://xxxxx@p.example", "https://me:xxxxx@p.example and https://xxxxx@p.example"},
		{"query", "reading https://p.example/x?t=tok: 404 Not Found", "reading https://p.example/x?xxxxx: 404 Not Found"},
		{"query at the end", "https://p.example/x?t=tok.", "https://p.example/x?xxxxx."},
		{"query of the go command", "reading https://example.com/x?go-get=1: 404", "reading https://example.com/x?go-get=1: 404"},
		{"version in a path", "https://p.example/x@v1.0.0/y", "https://p.example/x@v1.0.0/y"},
		{"two in one text", "https://a:b@c.example,https://d:e@f.example", "https://a:xxxxx@c.example,https://d:xxxxx@f.example"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := scrub(test.text)
			if got != test.want {
				t.Errorf("scrub(%q) = %q, want %q", test.text, got, test.want)
			}
			if again := scrub(got); again != got {
				t.Errorf("scrubbed twice: %q", again)
			}
		})
	}
}

func TestPrintable(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"plain", `proxy.example: ünïcode "quoted" \ 日本`, `proxy.example: ünïcode "quoted" \ 日本`},
		{"newlines", "a\nb\r\n\tc", `a\nb\r\n\tc`},
		{"escape sequences", "\x1b[2J\u009b2J\x00\x7f", `\x1b[2J\u009b2J\x00\x7f`},
		{"bidirectional marks", "\u202e\u2066\u200f", `\u202e\u2066\u200f`},
		{"line separators", "\u2028\u2029\u0085", `\u2028\u2029\u0085`},
		{"not UTF-8", "a\xffb\xc0\xafc", `a\xffb\xc0\xafc`},
		{"replacement character", "\ufffd", "\ufffd"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := printable(test.text); got != test.want {
				t.Errorf("printable(%q) = %q, want %q", test.text, got, test.want)
			}
		})
	}
}
