package fakenet

import (
	"regexp"
	"strings"
)

// rule is one fault and the requests it is for.
type rule struct {
	pattern *regexp.Regexp
	fault   Fault
}

// On makes the site answer requests that match pattern with fault, from now
// on; nil lets them be answered as they should. Of several patterns that
// match, the last one set counts, so that On("*", nil) heals the site.
//
// A pattern is compared with the whole key of the request, which the kind of
// site defines; each "*" in it stands for any text, also with slashes.
func (s *Site) On(pattern string, fault Fault) {
	expr := strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, `.*`)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = append(s.rules, rule{regexp.MustCompile(`\A(?s:` + expr + `)\z`), fault})
}

func (r rule) matches(key string) bool { return r.pattern.MatchString(key) }
