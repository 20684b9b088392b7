package probe

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/modreach/modreach/route"
)

func TestSecretsHidden(t *testing.T) {
	const token = "glpat-0123456789"
	basic := base64.StdEncoding.EncodeToString([]byte("me:" + token))
	for _, test := range []struct {
		name string
		// known is what the secrets are taken from.
		known      func(*secrets)
		text, want string
	}{
		{"none", func(*secrets) {}, "text", "text"},
		{"token of a header", func(s *secrets) { s.addHeader(http.Header{"Authorization": {"Bearer " + token}}) }, "you sent " + token + ".", "you sent xxxxx."},
		{"whole header", func(s *secrets) { s.addHeader(http.Header{"X-Token": {token}}) }, "X-Token: " + token, "X-Token: xxxxx"},
		{"password of a basic header", func(s *secrets) { s.addHeader(http.Header{"Authorization": {"Basic " + basic}}) }, "me, " + token, "me, xxxxx"},
		{"basic header", func(s *secrets) { s.addLogin("me", token) }, "not " + basic + "!", "not xxxxx" + basic[len(basic)-padding(basic):] + "!"},
		{"in a longer word", func(s *secrets) { s.add(token) }, "x" + token + "x", "xxxxxxx"},
		{"escaped", func(s *secrets) { s.add("a b/c@d&e?") }, "a%20b%2Fc@d&e%3F a+b%2Fc%40d%26e%3F", "xxxxx xxxxx"},
		{"short, as a word", func(s *secrets) { s.add("info") }, "v1.info and information", "v1.xxxxx and information"},
		{"short, with odd ends", func(s *secrets) { s.add("$me!") }, "x$me!x", "xxxxxxx"},
		{"too short", func(s *secrets) { s.add("abc", "") }, "abc", "abc"},
		{"one the beginning of the other", func(s *secrets) { s.add("01234567", "0123456789") }, "0123456789", "xxxxx"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &secrets{}
			test.known(s)
			if got := s.hide(test.text); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// padding counts the = at the end.
func padding(s string) (n int) {
	for n < len(s) && s[len(s)-1-n] == '=' {
		n++
	}
	return n
}

func TestSecretsOfEnvironment(t *testing.T) {
	for name, setting := range map[string]string{
		"GOPROXY":               "GOPROXY=https://a.example,https://me:hunter22@b.example|direct",
		"a name that is alone":  "GOPROXY=https://hunter22@b.example/x@v",
		"query":                 "GOPROXY=https://a.example?a=b&token=hunter%32%32",
		"escaped":               "GOPROXY=https://me:hunter%32%32@b.example",
		"no URL":                "GOPROXY=https://me:hunter22@b.example:port",
		"GOSUMDB":               "GOSUMDB=sum.example+1+a https://me:hunter22@sum.example",
		"HTTP proxy":            "HTTPS_PROXY=http://me:hunter22@proxy.example:3128",
		"HTTP proxy, no scheme": "https_proxy=me:hunter22@proxy.example:3128",
	} {
		t.Run(name, func(t *testing.T) {
			s := newSecrets(route.ParseEnv(route.Sources{Process: []string{setting}, OS: "linux"}))
			if got := s.hide("b.example says hunter22"); got != "b.example says xxxxx" {
				t.Errorf("got %q", got)
			}
		})
	}
}

// TestSecretsInErrors makes sure that an error without its secret is still
// known by its type.
func TestSecretsInErrors(t *testing.T) {
	s := &secrets{}
	s.add("hunter22")
	f := &Fault{Err: errors.Join(errors.New("hunter22"), io.ErrUnexpectedEOF), Detail: "hunter22"}
	shown := s.hideInFault(f)
	if f.Detail != "hunter22" {
		t.Error("the fault itself was changed, which others may have")
	}
	if f = shown; f.Err.Error() != "xxxxx\nunexpected EOF" || !errors.Is(f.Err, io.ErrUnexpectedEOF) || f.Detail != "xxxxx" {
		t.Errorf("error %q, detail %q", f.Err, f.Detail)
	}
}
