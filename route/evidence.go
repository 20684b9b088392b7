package route

import (
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/module"
)

// evidence tells why a module path looks like that of a private module, in half
// a sentence that follows "because"; empty for one that does not. The strongest
// counts.
func (h Hints) evidence(env Env, modulePath string) string {
	host := Host(modulePath)
	if own, ok := covers(h.Private, modulePath); ok {
		return fmt.Sprintf("the team's pattern %s (%s) covers it", own.What, own.Where)
	}
	if _, ok := covers(h.Public, modulePath); ok {
		return ""
	}
	if why := settled(env, modulePath); why != "" {
		return why
	}
	if a, err := netip.ParseAddr(host); err == nil && PrivateAddress(a) {
		return "its host is an address of a private network"
	} else if err != nil && Inner(host) {
		return "its host " + host + " has a name that no public name server knows"
	}
	for _, t := range h.Traces {
		if t.left(modulePath) {
			return "this machine has " + t.Where + " for " + t.What
		}
	}
	if named(env, host) && !Forge(host) && !Common(host) {
		return "GOAUTH has a command for " + host
	}
	if h.owns(host) {
		return "it is on the host of this module, whose repository is there too"
	}
	return h.Broken
}

// settled tells which of the settings names a module path that is not kept from
// public hosts all the same, or one beside it.
func settled(env Env, modulePath string) string {
	var beside string
	for _, name := range []string{"GOPRIVATE", "GONOPROXY", "GONOSUMDB"} {
		v := env.Get(name)
		if v.From != "" {
			continue // it says what GOPRIVATE says
		}
		for item := range strings.SplitSeq(v.Value, ",") {
			switch {
			case module.MatchPrefixPatterns(item, modulePath):
				if telling(item, modulePath) {
					return fmt.Sprintf("%s covers it with %s", name, item)
				}
			case meant(item, modulePath):
				return fmt.Sprintf("%s has %q, which was meant to cover it and never matches", name, item)
			case beside == "" && sibling(item, modulePath):
				beside = fmt.Sprintf("%s has %s, which is beside it", name, item)
			}
		}
	}
	return beside
}

// telling reports whether a pattern that covers a module path was written for
// its host, or on a host that all share, for its owner. One for half the world
// says how somebody likes to fetch, and not what is private.
func telling(pattern, modulePath string) bool {
	if Common(Host(modulePath)) {
		return false
	}
	host, rest, _ := strings.Cut(pattern, "/")
	owner, _, _ := strings.Cut(rest, "/")
	if Forge(Host(modulePath)) {
		return literal(owner) != ""
	}
	name := literal(host)
	return name != "" && (name[0] != '.' || strings.Contains(name[1:], "."))
}

// literal gives what a pattern has beside its wildcards.
func literal(pattern string) string { return strings.Trim(pattern, `*?[]^-\`) }

// sibling reports whether a pattern covers something beside a module path: on
// the same host or on one above or below it, or on a host that all share, of the
// same owner.
func sibling(pattern, modulePath string) bool {
	theirs, rest, _ := strings.Cut(strings.TrimSuffix(pattern, "/"), "/")
	host := Host(modulePath)
	if Common(host) || Common(theirs) {
		return false
	}
	if Forge(host) {
		owner, _, _ := strings.Cut(rest, "/")
		return theirs == host && owner != "" && within(modulePath, host+"/"+owner)
	}
	apex, wild := strings.CutPrefix(theirs, "*.")
	if strings.ContainsAny(apex, `*?[\`) || !strings.Contains(apex, ".") || Forge(apex) {
		return false
	}
	if matched, _ := path.Match(theirs, host); matched { // of a bad pattern meant has told
		return true
	}
	return host == apex || !wild && strings.HasSuffix(host, "."+apex)
}

// named reports whether a command of GOAUTH has a host among its words.
func named(env Env, host string) bool {
	for command := range strings.SplitSeq(env.Get("GOAUTH").Value, ";") {
		words := strings.FieldsFunc(command, func(r rune) bool { return strings.ContainsRune(" \t=,/@:'\"", r) })
		if len(words) > 1 && slices.Contains(words[1:], host) {
			return true
		}
	}
	return false
}

// owns reports whether a host is that of the main module and the main module's
// repository is there as well, or on a host of the same name's owner. It is no
// evidence where everybody's modules are, nor where a page leads to a forge.
func (h Hints) owns(host string) bool {
	if Host(h.Main) != host || Forge(host) || Common(host) {
		return false
	}
	return slices.ContainsFunc(h.Remotes, func(remote string) bool {
		return !Forge(remote) && !Common(remote) && (remote == host || tail(remote) != "" && tail(remote) == tail(host))
	})
}
