package diagnostics

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// netrc finds what keeps the go command from a login in the netrc file, or lets
// others have it.
func (s ambience) netrc() []Finding {
	n := s.Machine.Netrc
	if n == nil {
		return nil
	}
	var found []Finding
	tell := func(level Severity, why, mend string) {
		found = append(found, s.ambient(Netrc, level, "{why}", why, "{mend}", mend))
	}
	say := func(why, mend string) { tell(Warning, why, mend) }
	if n.Unread != "" {
		say(s.say("The go command cannot read {file} ({why}), and sends none of its logins", "{file}", n.Path, "{why}", n.Unread),
			s.say("Mend that, or NETRC if that names the wrong file."))
		return found
	}
	if n.Mode != 0 {
		say(s.say("Others on this machine can read the logins in {file} (mode {mode})", "{file}", n.Path, "{mode}", fmt.Sprintf("%04o", n.Mode)),
			s.say("Keep it to yourself: {command}.", "{command}", "chmod 600 "+n.Path))
	}
	for _, m := range n.Machines {
		at := fmt.Sprintf("%s:%d", n.Path, m.Line)
		switch why := s.useless(m); {
		case why != "":
			say(s.say("{at} does not count: {why}", "{at}", at, "{why}", why), s.say("Write machine, login and password, each with its value behind it on the same line."))
		case s.named(m) == s.say(someMachine) || !s.strangePort(m.Name):
		case s.overHTTP(m.Name):
			say(s.say("{at} is for {machine}, which GOPROXY names with http, and go sends logins over https alone", "{at}", at, "{machine}", s.named(m)),
				s.say("Use the https address of that proxy in GOPROXY."))
		default:
			host, _, _ := strings.Cut(m.Name, ":")
			// A go-get page may still lead there.
			tell(Information, s.say("{at} is for {machine}, and no address in GOPROXY or GOSUMDB has that port", "{at}", at, "{machine}", s.named(m)),
				s.say("If it is for the host of modules, leave the port out: machine {host}.", "{host}", host))
		}
	}
	if n.Ends > 0 {
		say(s.say("{at} is a lone \"default\", and go reads nothing behind it", "{at}", fmt.Sprintf("%s:%d", n.Path, n.Ends)),
			s.say("Move it to the end of the file; go itself has no use for it."))
	}
	return append(found, s.portless(n)...)
}

// useless says why an entry does not count; empty for one that does.
func (s ambience) useless(m probe.NetrcMachine) string {
	if m.Name == "" {
		return s.say("the word machine has no name behind it on that line")
	}
	if m.Broken > 0 && (m.NoLogin || m.NoPassword) {
		return s.say("line {line} ends with a word whose value go looks for on that line", "{line}", strconv.Itoa(m.Broken))
	}
	switch {
	case m.NoLogin && m.NoPassword:
		return s.say("{machine} has no login and no password", "{machine}", s.named(m))
	case m.NoLogin:
		return s.say("{machine} has no login", "{machine}", s.named(m))
	case m.NoPassword:
		return s.say("{machine} has no password", "{machine}", s.named(m))
	}
	return ""
}

// named names the machine of an entry, if what stands there looks like one: in a
// file that is no netrc file it could be a secret.
func (s ambience) named(m probe.NetrcMachine) string {
	if strings.Contains(m.Name, ".") && strings.IndexFunc(m.Name, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(".-:/_", r)
	}) < 0 {
		return "machine " + m.Name
	}
	return s.say(someMachine)
}

const someMachine = "a machine"

// strangePort reports whether an entry is for a port at which nobody is asked.
func (s ambience) strangePort(machine string) bool {
	host, _, _ := strings.Cut(strings.TrimPrefix(machine, "https://"), "/")
	return strings.Contains(host, ":") && !slices.ContainsFunc(s.askedHosts(), func(u *url.URL) bool { return u.Host == host })
}

// overHTTP reports whether GOPROXY has the host and port of an entry, without TLS.
func (s ambience) overHTTP(machine string) bool {
	host, _, _ := strings.Cut(machine, "/")
	entries, _ := s.Env.Proxies()
	return slices.ContainsFunc(entries, func(e route.Entry) bool {
		return e.URL != nil && e.URL.Scheme == "http" && e.URL.Host == host
	})
}

// portless finds an entry for a proxy that does not name the port, without which
// the go command does not send it.
func (s ambience) portless(n *probe.NetrcFile) []Finding {
	var found []Finding
	for _, u := range s.askedHosts() {
		if u.Port() == "" || u.User != nil {
			continue
		}
		bare := -1
		for i, m := range n.Machines {
			host, _, _ := strings.Cut(m.Name, "/")
			if host == u.Host {
				bare = -1
				break
			}
			if host == u.Hostname() && s.useless(m) == "" {
				bare = i
			}
		}
		if bare >= 0 {
			m := n.Machines[bare]
			found = append(found, s.ambient(Netrc, Warning,
				"{why}", s.say("{at} is for {machine}, and go does not send it to {host}: it wants the port as well",
					"{at}", fmt.Sprintf("%s:%d", n.Path, m.Line), "{machine}", s.named(m), "{host}", u.Host),
				"{mend}", s.say("Write an entry for machine {host}; git and other programs go on using the one without.", "{host}", u.Host)))
		}
	}
	return found
}

// askedHosts are the https addresses that a login can be sent to and whose port
// a setting names.
func (s ambience) askedHosts() []*url.URL {
	var all []*url.URL
	entries, _ := s.Env.Proxies() // of a list that cannot be used the lines tell
	for _, e := range entries {
		if e.URL != nil && e.URL.Scheme == "https" {
			all = append(all, e.URL)
		}
	}
	if db, err := s.Env.SumDB(); err == nil && db.URL != nil && db.URL.Scheme == "https" {
		all = append(all, db.URL)
	}
	return all
}
