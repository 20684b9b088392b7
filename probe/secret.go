package probe

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/modreach/modreach/route"
)

// secrets are what must never be printed: passwords and tokens, in each form in
// which a host that was shown them may give them back. The zero value has none.
// It is safe for concurrent use.
type secrets struct {
	mu    sync.Mutex // guards what follows
	words []string
	find  *regexp.Regexp // finds the words; nil if they changed since
}

const (
	// shortest is how long a secret must be, in bytes, to be hidden: what is
	// shorter protects nothing, and turns up in every text by chance.
	shortest = 4
	// certain is from which length on a secret is also found within a longer
	// word: nothing that long is there by chance.
	certain = 8
	// hidden stands for a secret, in the spelling of url.URL.Redacted.
	hidden = "xxxxx"
)

// newSecrets takes in what the environment holds: logins for HTTP proxies, and
// in the addresses of module proxies and the checksum database.
func newSecrets(env route.Env) *secrets {
	s := &secrets{}
	for _, name := range []string{"GOPROXY", "GOSUMDB", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"} {
		for word := range strings.FieldsFuncSeq(env.Get(name).Value, func(r rune) bool { return r == ',' || r == '|' || r == ' ' }) {
			s.addAddress(word)
		}
	}
	return s
}

// add takes words in that must not be printed.
func (s *secrets) add(words ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range words {
		for _, form := range []string{w, url.QueryEscape(w), url.PathEscape(w)} {
			if len(form) >= shortest && !slices.Contains(s.words, form) {
				s.words, s.find = append(s.words, form), nil
			}
		}
	}
}

// addLogin takes in a password, and what basic authentication makes of it.
func (s *secrets) addLogin(name, password string) {
	pair := []byte(name + ":" + password)
	s.add(password, base64.RawStdEncoding.EncodeToString(pair), base64.RawURLEncoding.EncodeToString(pair))
}

// addAddress takes in the query of an address, and who logs in by it. It may have
// no scheme, as in HTTP_PROXY, and be no proper URL. A name that stands alone is
// a token.
func (s *secrets) addAddress(address string) {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		rest = address
	}
	rest, query, _ := strings.Cut(rest, "?")
	s.addQuery(query)
	rest, _, _ = strings.Cut(rest, "/")
	at := strings.LastIndexByte(rest, '@')
	if at < 0 {
		return
	}
	name, password, ok := strings.Cut(rest[:at], ":")
	if !ok {
		s.add(name)
	}
	s.add(password)
	unescaped := func(text string) string {
		if plain, err := url.PathUnescape(text); err == nil {
			return plain
		}
		return text
	}
	s.addLogin(unescaped(name), unescaped(password))
}

// addQuery takes in the values of a query.
func (s *secrets) addQuery(query string) {
	for pair := range strings.SplitSeq(query, "&") {
		_, value, _ := strings.Cut(pair, "=")
		s.add(value)
		if plain, err := url.QueryUnescape(value); err == nil {
			s.add(plain)
		}
	}
}

// addHeader takes in the values of header fields, and what they are made of.
func (s *secrets) addHeader(h http.Header) {
	for _, values := range h {
		for _, value := range values {
			scheme, token, ok := strings.Cut(value, " ")
			if !ok {
				s.add(value)
				continue
			}
			s.add(value, strings.TrimRight(token, "= "))
			r := http.Request{Header: http.Header{"Authorization": {value}}}
			if name, password, ok := r.BasicAuth(); ok && strings.EqualFold(scheme, "basic") {
				s.addLogin(name, password)
			}
		}
	}
}

// hide gives a text without the secrets in it.
func (s *secrets) hide(text string) string {
	find := s.finder()
	if find == nil || text == "" {
		return text
	}
	return find.ReplaceAllLiteralString(text, hidden)
}

// finder gives what finds the secrets; nil where there are none.
func (s *secrets) finder() *regexp.Regexp {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.find != nil || len(s.words) == 0 {
		return s.find
	}
	// The longest first: one may be the beginning of another.
	slices.SortFunc(s.words, func(a, b string) int { return len(b) - len(a) })
	expr := make([]string, len(s.words))
	for i, w := range s.words {
		expr[i] = regexp.QuoteMeta(w)
		if len(w) < certain {
			expr[i] = wholeWord(expr[i], w)
		}
	}
	s.find = regexp.MustCompile(strings.Join(expr, "|"))
	return s.find
}

// wholeWord makes an expression for a word match it only where no longer word
// holds it.
func wholeWord(expr, word string) string {
	isWord := func(b byte) bool {
		return b == '_' || '0' <= b && b <= '9' || 'A' <= b && b <= 'Z' || 'a' <= b && b <= 'z'
	}
	if isWord(word[0]) {
		expr = `\b` + expr
	}
	if isWord(word[len(word)-1]) {
		expr += `\b`
	}
	return expr
}

// hushed is an error whose words held a secret.
type hushed struct {
	error
	words string
}

func (e *hushed) Error() string { return e.words }

// Unwrap gives the error with all its words, for what is told by its type.
func (e *hushed) Unwrap() error { return e.error }

// hideIn takes the secrets out of all that an answer about a module quotes.
func (s *secrets) hideIn(ans *Answer, path string) {
	ans.Text, ans.Asked, ans.Fault = s.hide(ans.Text), s.hide(ans.Asked), s.hideInFault(ans.Fault)
	if n := ans.Notice; n != nil {
		shown := *n
		shown.Deprecated, shown.Retracts = s.hide(n.Deprecated), slices.Clone(n.Retracts)
		for i := range shown.Retracts {
			shown.Retracts[i].Rationale = s.hide(shown.Retracts[i].Rationale)
		}
		ans.Notice = &shown
	}
	if ans.Declared != path {
		ans.Declared = s.hide(ans.Declared)
	}
}

// hideInFault gives a fault without the secrets in what it quotes. The fault
// itself stays as it is: other answers may share it.
func (s *secrets) hideInFault(f *Fault) *Fault {
	if f == nil {
		return nil
	}
	shown := *f
	shown.Detail, shown.Page = s.hide(f.Detail), s.hide(f.Page)
	if f.Err != nil {
		if words := s.hide(f.Err.Error()); words != f.Err.Error() {
			shown.Err = &hushed{f.Err, words}
		}
	}
	return &shown
}
