package route

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/module"
)

// VCSAllowed tells whether GOVCS lets the go command use a version control
// system, by the name of its command, for the repository that stands for the
// import path root. It gives what the go command prints instead of using it;
// empty if it is allowed. A GOVCS that cannot be read allows nothing, and is the
// error. The "mod" of a go-import tag is none of these systems and always allowed.
func (e Env) VCSAllowed(vcs, root string) (refusal string, err error) {
	if vcs == ModVCS {
		return "", nil
	}
	rules, err := parseGOVCS(e.Get("GOVCS").Value)
	if err != nil {
		return "", err
	}
	who := "public"
	if _, private := Match(e.Get("GOPRIVATE").Value, root); private {
		who = "private"
	}
	for _, rule := range append(rules, defaultRules...) {
		if rule.pattern != who && (rule.pattern == "public" || rule.pattern == "private" || !module.MatchPrefixPatterns(rule.pattern, root)) {
			continue
		}
		if slices.Contains(rule.allowed, vcs) || slices.Contains(rule.allowed, "all") {
			return "", nil
		}
		break // the first rule that covers the root decides
	}
	return fmt.Sprintf("GOVCS disallows using %s for %s %s; see 'go help vcs'", vcs, who, root), nil
}

// vcsRule is one entry of GOVCS, such as private:hg|svn.
type vcsRule struct {
	// pattern is "public", "private", or one like those of GOPRIVATE.
	pattern string
	allowed []string
}

// defaultRules follow those of GOVCS: only git and hg are trusted with servers
// of strangers.
var defaultRules = []vcsRule{{"private", []string{"all"}}, {"public", []string{"git", "hg"}}}

// parseGOVCS reads a GOVCS list. An error has the go command's words; it prints
// them when it comes to use a version control system and not before.
func parseGOVCS(list string) ([]vcsRule, error) {
	if strings.TrimSpace(list) == "" {
		return nil, nil
	}
	var rules []vcsRule
	entries := map[string]string{} // by pattern
	for entry := range strings.SplitSeq(list, ",") {
		entry = strings.TrimSpace(entry)
		if entry == "" {
			return nil, fmt.Errorf("empty entry in GOVCS")
		}
		rule, err := parseVCSRule(entry)
		if err != nil {
			return nil, err
		}
		if earlier, ok := entries[rule.pattern]; ok {
			return nil, fmt.Errorf("unreachable pattern in GOVCS: %q after %q", entry, earlier)
		}
		entries[rule.pattern] = entry
		if slices.Contains(rule.allowed, "") {
			return nil, fmt.Errorf("empty VCS name in GOVCS: %q", entry)
		}
		rules = append(rules, rule)
	}
	return rules, nil
}

// parseVCSRule reads one entry without blanks around it.
func parseVCSRule(entry string) (vcsRule, error) {
	pattern, list, ok := strings.Cut(entry, ":")
	pattern, list = strings.TrimSpace(pattern), strings.TrimSpace(list)
	switch {
	case !ok:
		return vcsRule{}, fmt.Errorf("malformed entry in GOVCS (missing colon): %q", entry)
	case pattern == "":
		return vcsRule{}, fmt.Errorf("empty pattern in GOVCS: %q", entry)
	case list == "":
		return vcsRule{}, fmt.Errorf("empty VCS list in GOVCS: %q", entry)
	}
	if first, _, _ := strings.Cut(pattern, "/"); first == "." || first == ".." {
		return vcsRule{}, fmt.Errorf("relative pattern not allowed in GOVCS: %q", pattern)
	}
	rule := vcsRule{pattern: pattern}
	for name := range strings.SplitSeq(list, "|") {
		rule.allowed = append(rule.allowed, strings.TrimSpace(name))
	}
	return rule, nil
}

// VCSPatterns gives the patterns of a GOVCS list as a list like that of
// GOPRIVATE, for [Flaws]. A list that cannot be read has none.
func VCSPatterns(list string) string {
	rules, err := parseGOVCS(list)
	if err != nil {
		return ""
	}
	var all []string
	for _, r := range rules {
		switch first := r.allowed[0]; {
		case r.pattern == "public" || r.pattern == "private":
			continue
		case strings.HasPrefix(first, "//") || strings.Contains(first, ":"):
			// The colon of a scheme or a port has ended the pattern.
			r.pattern += ":" + first
		}
		all = append(all, r.pattern)
	}
	return strings.Join(all, ",")
}
