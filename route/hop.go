package route

import (
	"net/url"
	"slices"
)

// Hop is one stop on a route.
type Hop struct {
	Kind Kind
	// URL is the base of a Proxy (userinfo included: print it with [Redacted])
	// or of a SumDB, and for Direct the host that is asked first; nil for the
	// other kinds, and for a SumDB whose setting cannot be used (then Refused
	// tells why).
	URL *url.URL
	// Dir is the absolute directory of a Directory, Vendor or Cache hop.
	Dir string
	// Falls tells what happens after this hop failed.
	Falls Falls
	// Why is the setting that put the hop here: "GOPROXY entry 1 of 2",
	// "GONOPROXY matches git.corp.example".
	Why string
	// Skip is why the go command passes this hop without asking it, as if it
	// did not have the version: "GONOPROXY matches git.corp.example". Empty
	// for a hop that is asked.
	Skip string
	// Refused is what the go command prints when it reaches this hop, instead
	// of sending anything: a hard error, after which only AnyError goes on.
	// Empty for a hop that can be used.
	Refused string
	// Public reports that the Go installation or the user names the host of a
	// Proxy as one that everybody may ask.
	Public bool
	// Guard is what has to be seen to before the hop may learn the module path;
	// nil for nothing.
	Guard *Guard
}

// Kind is what sort of stop a hop is.
type Kind uint8

const (
	// Directory is a directory on this machine: a replace or a go.work use.
	Directory Kind = iota
	// Vendor is the consistent vendor directory of the main module.
	Vendor
	// Cache is GOMODCACHE.
	Cache
	// Proxy is a GOPROXY entry with an http, https or file URL.
	Proxy
	// Direct is the version control system of the module's own host.
	Direct
	// Off is GOPROXY's "off".
	Off
	// SumDB is the checksum database.
	SumDB
)

// String gives the name used in JSON and in prose.
func (k Kind) String() string {
	return [...]string{"directory", "vendor", "cache", "proxy", "direct", "off", "sumdb"}[k]
}

// Falls says after which failures of a hop the go command goes on to the next.
type Falls uint8

const (
	// NotFound goes on only when the hop does not have the version: a comma,
	// or the end of the list.
	NotFound Falls = iota
	// AnyError goes on after every error: a "|".
	AnyError
)

// String gives the separator as a word: "comma" or "bar".
func (f Falls) String() string {
	return [...]string{"comma", "bar"}[f]
}

// Key identifies what the hop asks, so that two routes can share one answer
// about the same module version, under the same guard. It holds the password of a URL that has one:
// a map key, never to be printed.
func (h Hop) Key() string {
	where := h.Dir
	if h.URL != nil {
		where = h.URL.String()
	}
	return h.Kind.String() + " " + where + h.Guard.key()
}

// String names the hop for people: "proxy https://corp.example", "direct host
// git.corp.example", "module cache". It holds no secret.
func (h Hop) String() string {
	switch h.Kind {
	case Directory:
		return "directory " + h.Dir
	case Off:
	case Direct:
		if h.URL != nil {
			return "direct host " + h.URL.Host
		}
	case Vendor:
		return "vendor directory"
	case Cache:
		return "module cache"
	case SumDB:
		if h.URL == nil {
			return "checksum database"
		}
		return "checksum database " + Redacted(h.URL)
	case Proxy:
		return "proxy " + Redacted(h.URL)
	}
	return h.Kind.String()
}

// AllHops gives the hops of the route and after them the checksum database, if
// the go command would ask one. The slice must not be changed.
func (r Route) AllHops() []Hop {
	if r.SumDB == nil {
		return r.Hops
	}
	return append(slices.Clip(r.Hops), *r.SumDB)
}
