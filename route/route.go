// Package route says, for one requirement, which hops the go command would
// visit in which order, and why. It is pure: what it needs to know of the
// environment and of the files around go.mod is handed to it as data.
//
// The rules are those of go1.26 (docs/routing.md tells them in full).
package route

import (
	"net/url"

	"golang.org/x/mod/module"
)

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

// Hop is one stop on a route.
type Hop struct {
	Kind Kind
	// URL is the base of a Proxy (userinfo included: print it with Redacted)
	// or of a SumDB; nil for the other kinds.
	URL *url.URL
	// Dir is the absolute directory of a Directory, Vendor or Cache hop.
	Dir string
	// Falls tells what happens after this hop failed.
	Falls Falls
	// Why is the setting that put the hop here: "GOPROXY entry 1",
	// "GONOPROXY matches git.corp.example".
	Why string
	// Skip is why the go command passes this hop without asking it, as if it
	// did not have the version: "GONOPROXY matches git.corp.example". Empty
	// for a hop that is asked.
	Skip string
}

// StopKind is why a route ends before its first hop.
type StopKind uint8

const (
	// NoStop is the zero value: the hops are walked.
	NoStop StopKind = iota
	// Excluded is a requirement that an exclude directive drops.
	Excluded
	// BadPath is a module path the go command refuses.
	BadPath
	// BadVersion is a version the go command refuses for this path.
	BadVersion
	// BadList is a GOPROXY list the go command cannot use at all.
	BadList
	// BadReplace is a replace directive that can never work.
	BadReplace
	// NeedsToolchain is a go line newer than the installed toolchain.
	NeedsToolchain
	// NoModCache is a missing or relative GOMODCACHE.
	NoModCache
)

// Stop ends a route before its first hop. The zero Stop is none.
type Stop struct {
	Kind StopKind
	// Text is what the go command prints, without "go: " and the module.
	Text string
}

// Route is what the go command would do for one requirement.
type Route struct {
	// Required is the module version of the require line.
	Required module.Version
	// Mod is what is fetched: Required, or what replaces it.
	Mod module.Version
	// Replaced tells which directive changed Mod or made it a directory:
	// "go.mod replace", "go.work replace", "go.work use"; empty for none.
	Replaced string
	// Query reports that Mod.Version is not canonical: the go command has to
	// resolve it over the network, starting with the .info file.
	Query bool
	// Stop ends the route before the first hop.
	Stop Stop
	// Hops in the order they are visited, for each artefact anew.
	Hops []Hop
	// Sums are the hashes go.sum holds for Mod.
	Sums Sums
	// SumDB is the checksum database the go command would ask about a hash
	// that Sums does not hold; nil when it would not ask any.
	SumDB *Hop
}

// Sums are the h1: hashes that go.sum holds for one module version.
type Sums struct {
	// Mod are the hashes of the go.mod file, Zip those of the zip. More than
	// one is a go.sum that will fail for one of them.
	Mod, Zip []string
}
