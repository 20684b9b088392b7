package diagnostics

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// words are the two sentences of a message; an empty one is that of the catalogue.
type words struct{ what, remedy string }

// directWords are for the module's own host, where those of the catalogue speak
// of proxies.
var directWords = map[Code]words{
	DNSNotFound:         {"", "Check the module path and git's url.insteadOf, or connect the VPN that knows the host."},
	ConnectRefused:      {"", "It may be down; else check the module path and git's url.insteadOf."},
	ConnectTimeout:      {"{Hop} cannot be reached: {host} does not answer the connection request.", "A firewall drops the packets or the host is down; connect the VPN that leads there."},
	ConnectReset:        {"", "Something on the way cuts it, often a firewall; try another network."},
	HTTPProxyFailed:     {"", "Correct HTTPS_PROXY or git's http.proxy, or add the host to NO_PROXY."},
	HTTPProxyAuth:       {"", "Put user:password@ before its host in HTTPS_PROXY, or in git's http.proxy."},
	TLSUnknownAuthority: {"", "If it is your company's, install its root certificate in the system; else name the file in SSL_CERT_FILE for go and in http.sslCAInfo for git."},
	TLSHandshake:        {"", "Either it knows nothing newer than TLS 1.1, or a firewall on the way drops the connection; try another network."},
	TLSClientCert:       {"", "Fetch the module through a proxy, or have git use ssh for it with url.insteadOf."},
	NoAnswer:            {"", "Check the network or the VPN; go never gives up waiting."},
	NotHTTP:             {"", "Check that the host serves https, or git at the address that url.insteadOf gives."},
	BadAnswer:           {"{Hop} gave an answer of which go can make nothing.", "Open https://{module}?go-get=1 in a browser: it has to be a page with a go-import tag."},
	AuthNeeded:          {"", "Put the credentials into your netrc file, or have GOAUTH provide them."},
	Forbidden:           {"", "Ask its owners for access."},
	RateLimited:         {"", "Wait a little, or have a proxy fetch the module."},
	ModuleNotFound:      {"{Hop} does not know {module}.", "Check the path. A host also says so of a repository that your login may not see: check it with git ls-remote."},
	InsecureHost:        {"", "Ask its owners for https; GOINSECURE makes an exception for a host you trust."},
}

// gitWords are for what git says, and not the page of a host.
var gitWords = map[Code]words{
	BadAnswer: {"git cannot read the repository of {module} at {hop}.", "Try the same by hand with git ls-remote: the answer is no repository's, or git's own settings are at fault."},
}

// fit gives an entry the words that fit who is at fault.
func (l Language) fit(e Entry, f *probe.Fault) Entry {
	direct, git := directWords, gitWords
	if l == Chinese {
		direct, git = chineseDirectWords, chineseGitWords
	}
	w := direct[e.Code]
	if gits, ok := git[e.Code]; ok && f != nil && f.Phase == probe.VCS {
		w = gits
	}
	return e.with(w)
}

// with replaces the words of an entry by those that are not empty.
func (e Entry) with(w words) Entry {
	if w.what != "" {
		e.What = w.what
	}
	if w.remedy != "" {
		e.Remedy = w.remedy
	}
	return e
}

// noPath is what to do about a go.mod that declares no path at all.
const noPath = "Tell its author, or replace it by a module that has a module line: go mod edit -replace."

// placeholders fills in what a report tells. fault is what a hop failed with;
// hop is an index of r.Results, or outside of them where none is meant.
func (l Language) placeholders(r probe.Report, hop int, fault *probe.Fault, more []string) *strings.Replacer {
	var name, dir, host, via, status, tried, pass, tool string
	if hop >= 0 && hop < len(r.Results) {
		h := r.Results[hop].Hop
		name, dir = l.called(h), h.Dir
		if h.URL != nil {
			host = h.URL.Hostname()
		}
		if h.Kind == route.Proxy && h.Falls == route.NotFound && hop+1 < len(r.Route.Hops) {
			pass = l.say(" Or let go pass it by: write | after it in GOPROXY.")
		}
	}
	if fault != nil {
		host, status, tool = cmp.Or(place(fault), host), fault.StatusLine(), cmp.Or(fault.Detail, l.say("a program of git's"))
		if fault.Host != "" {
			via = " " + fault.Host
		}
		if fault.Tried != "" {
			tried = l.say(": ") + l.retellAll(fault.Tried)
		}
	}
	about := r.Route.Mod
	if r.Route.Toolchain != "" {
		about.Path = r.Route.Toolchain
	}
	if r.Route.Stop.Kind == route.BadReplace || dir != "" && r.Results[hop].Hop.Kind == route.Directory {
		about = r.Route.Required
	}
	return strings.NewReplacer(append(more,
		"{module}", about.Path, "{version}", about.Version,
		"{hop}", name, "{Hop}", sentence(name), "{dir}", dir, "{host}", host, "{via}", via, "{fails}", l.fails(fault), "{status}", status,
		"{tried}", tried, "{pass}", pass, "{tool}", tool,
		"{nearest}", cmp.Or(Nearest(r), nearest(r.Route.Mod.Version, r.Known)), // there may be none but those that are dropped
	)...)
}

// failing tells in some words how a hop fails; a status tells more than they do.
var failing = [probe.Causes]string{
	probe.NameNotFound:      "has a name that does not exist",
	probe.NameFailed:        "has a name that cannot be looked up",
	probe.NameTimeout:       "has a name that cannot be looked up",
	probe.Refused:           "refuses the connection",
	probe.ConnectTimeout:    "does not answer the connection request",
	probe.Reset:             "breaks the connection",
	probe.NoRoute:           "cannot be reached from this network",
	probe.OSDenied:          "may not be connected to from this machine",
	probe.HTTPProxyFailed:   "cannot be reached through the HTTP proxy",
	probe.HTTPProxyAuth:     "is behind an HTTP proxy that wants a login",
	probe.UnknownAuthority:  "has a certificate of an unknown authority",
	probe.WrongName:         "has a certificate for another name",
	probe.Expired:           "has a certificate that has expired",
	probe.NotYetValid:       "has a certificate that is not valid yet",
	probe.ClientCertificate: "wants a client certificate",
	probe.HandshakeFailed:   "does not complete the TLS handshake",
	probe.NoAnswer:          "accepts connections and then says nothing",
	probe.NotHTTP:           "does not speak the protocol its address says",
	probe.BadAnswer:         "gives an answer that go cannot use",
	probe.CaptivePortal:     "is hidden by a login page of the network",
	probe.InsecureHost:      "would be asked without encryption",
}

// fails says how a hop failed.
func (l Language) fails(f *probe.Fault) string {
	switch {
	case f == nil:
	case f.Status != 0:
		return l.say("fails with status ") + f.StatusLine()
	case failing[f.Cause] != "":
		return l.say(failing[f.Cause])
	}
	return l.say("fails")
}

// called names a hop within a sentence.
func (l Language) called(h route.Hop) string {
	if h.Kind == route.Direct && h.URL != nil {
		return l.say("the host ") + h.URL.Host
	}
	return l.the(h.String())
}

// hopKinds are the words that the names of hops begin with; the longer go
// before those they begin with.
var hopKinds = []string{"proxy", "direct host", "direct", "module cache", "vendor directory", "directory", "checksum database"}

// the names a hop within a sentence by its own name.
func (l Language) the(hop string) string {
	if l == English {
		return "the " + hop
	}
	return l.HopNamed(hop)
}

// Hop names a hop by itself, as its String does.
func (l Language) Hop(h route.Hop) string { return l.HopNamed(h.String()) }

// HopNamed translates the name that the String of a hop gave.
func (l Language) HopNamed(name string) string {
	for _, kind := range hopKinds {
		if rest, ok := strings.CutPrefix(name, kind); ok {
			return l.say(kind) + rest
		}
	}
	return name
}

// sentence makes a name the first words of a sentence.
func sentence(name string) string {
	if name == "" || name[0] >= utf8.RuneSelf { // there are no capitals beyond
		return name
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// place names the host of a fault, with its port where that matters.
func place(f *probe.Fault) string {
	switch f.Phase {
	case probe.Connect:
		return f.Host
	case probe.Resolve: // nobody looks up a port
		host, _, _ := strings.Cut(f.Host, ":")
		return host
	case probe.NoPhase, probe.Handshake, probe.Request, probe.Body, probe.VCS, probe.Checksum:
	}
	// Another than the usual port is part of who it is.
	return strings.TrimSuffix(strings.TrimSuffix(f.Host, ":443"), ":22")
}
