// Package route says, for one requirement, which hops the go command would
// visit in which order, and why. It is pure: what it needs to know of the
// environment and of the files around go.mod is handed to it as data.
//
//	env := route.ParseEnv(sources)        // the settings, each with its origin
//	r := route.Plan(env, mod, requirement) // a require line
//	r := route.Explicit(env, version)      // go mod download MODULE@VERSION
//
// A [Route] either stops before its first hop, with the words of the go
// command, or lists the hops. The go command walks them from the start for
// each artefact anew (.info, .mod, .zip), and goes on to the next hop when one
// does not have the artefact, or after any error where [Hop.Falls] allows it.
//
// The rules are those of go1.26 (docs/routing.md tells them in full). Paths are
// judged by the rules of the operating system the program runs on.
package route

import "golang.org/x/mod/module"

// Route is what the go command would do for one requirement.
type Route struct {
	// Required is the module version of the require line.
	Required module.Version
	// Mod is what is fetched: Required, or what replaces it.
	Mod module.Version
	// Replaced tells which directive changed Mod or made it a directory:
	// "go.mod replace", "go.work replace", "go.work use", or "main module"
	// for a module that requires itself; empty for none.
	Replaced string
	// Query reports that Mod.Version is not canonical: the go command has to
	// resolve it over the network, starting with the .info file. It does so
	// while it reads go.mod, before exclude, replace, use and vendor count.
	Query bool
	// Stop ends the route before the first hop.
	Stop Stop
	// Hops in the order they are visited, for each artefact anew. Empty after
	// a Stop with a text.
	Hops []Hop
	// Sums are the hashes go.sum holds for Mod.
	Sums Sums
	// KeepsSums reports that the go command works in a module, and so keeps a
	// go.sum, be it in memory.
	KeepsSums bool
	// Excluded are the versions of the module, if nothing replaces it, that an
	// exclude directive in force drops: no build uses them.
	Excluded []string
	// Curious asks to look for what the latest version says of this one, which
	// costs two requests more. The go command does so for "go list -u" alone.
	Curious bool
	// Toolchain is the name of the toolchain that Mod is, "go1.27.0"; empty for
	// a module. Mod has no version where nothing has to be fetched for it. The go command fetches nothing but the zip of a toolchain.
	Toolchain string
	// Refused is what that toolchain says of the file once it runs; empty for
	// one that does its work.
	Refused string
	// Running is the go command, which refuses a module that needs a newer one.
	Running Running
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

// lacks says which hash is missing, as the reason for a checksum lookup. It is
// empty when both are there.
func (s Sums) lacks() string {
	switch {
	case len(s.Mod) == 0 && len(s.Zip) == 0:
		return "go.sum lacks the hashes of the zip and of its go.mod"
	case len(s.Mod) == 0:
		return "go.sum lacks the hash of the go.mod"
	case len(s.Zip) == 0:
		return "go.sum lacks the hash of the zip"
	}
	return ""
}
