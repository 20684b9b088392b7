// Package probe finds out what each hop of a route answers. It is the only
// package that opens sockets, reads the module cache or starts processes.
//
// It speaks to a proxy as the go command does, artefact by artefact, but never
// reads more of a zip than its first bytes, and never waits without a deadline.
package probe

import (
	"strings"
	"time"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/route"
)

// Artefact is one of the files the go command fetches for a module version.
type Artefact uint8

const (
	// Info is the .info file: version and time as JSON.
	Info Artefact = iota
	// Mod is the .mod file.
	Mod
	// Zip is the .zip file.
	Zip
	// List is the @v/list file. It is not part of a download: it is asked
	// once when a version was not found, to tell a wrong version from a wrong
	// path.
	List
	// Record is what the checksum database holds of a version.
	Record

	// Artefacts is how many there are.
	Artefacts = int(Record) + 1
)

// String gives the suffix the artefact has on a proxy.
func (a Artefact) String() string { return [...]string{".info", ".mod", ".zip", "list", "record"}[a] }

// Outcome is what one hop said about one artefact.
type Outcome uint8

const (
	// Unasked is the zero value: the hop was not asked.
	Unasked Outcome = iota
	// OK means the hop serves it.
	OK
	// Miss means the hop does not have it; the go command goes on.
	Miss
	// Failed is any other error, with its Fault.
	Failed
	// Spoiled means the hop served something that the go command only finds
	// unusable after it has chosen the hop: it ends the route after "|" too.
	Spoiled
	// Unsure means no light probe could tell; Text says why.
	Unsure
	// Withheld means the hop was not asked, so that it does not learn a path that
	// looks private; Evidence says why it does.
	Withheld
)

// Phase is what a step was doing. The zero Phase is NoPhase.
type Phase uint8

// The phases, in the order of one question.
const (
	NoPhase Phase = iota
	Resolve
	Connect
	Handshake
	Request
	Body
	VCS
	Checksum
)

// String gives the name used in JSON.
func (p Phase) String() string {
	return [...]string{"", "resolve", "connect", "handshake", "request", "body", "vcs", "checksum"}[p]
}

// Step is one phase at a hop and how long it took.
type Step struct {
	Phase Phase
	Took  time.Duration
}

// Answer is what one hop said about one artefact.
type Answer struct {
	Artefact Artefact
	Outcome  Outcome
	// Text quotes the words the go command would print for this answer,
	// without "go: " and the module; empty for OK. URLs in it are redacted.
	Text string
	// Fault is the classified cause of Miss and Failed; nil for the others.
	Fault *Fault
	// Evidence is why a Withheld path looks private, in half a sentence that
	// follows "because"; empty for the others.
	Evidence string
	Steps    []Step
	// Asked is a plain command that asks the same, such as "curl -L https://...";
	// empty where nothing was asked. URLs in it are redacted.
	Asked string
	// Proto is the major version of HTTP the host speaks; 0 if it spoke none.
	Proto int
	// Login names whose credentials were sent with the request that it answers,
	// without them: "netrc machine proxy.corp.example", "GOAUTH git /dir";
	// empty if none were.
	Login string
	// At is when the answer came; zero for answers nobody had to give.
	At time.Time

	// Version is what an Info answer resolved to.
	Version string
	// Time is the commit time an Info answer named; zero if none.
	Time time.Time
	// Sum is the h1: hash of a Mod answer, or of a Zip answer from the module
	// cache; empty where it could not be told.
	Sum string
	// Sums are the hashes of a Record answer.
	Sums route.Sums
	// Declared and GoVersion are the module path and go version written in a
	// Mod answer; empty if none.
	Declared, GoVersion string
	// Undeclared reports that the go.mod of a Mod answer has no module line.
	Undeclared bool
	// Notice is what the go.mod of a Mod answer, or the newest one beside an
	// Info answer of the module cache, says of the module; nil for nothing.
	Notice *Notice
	// Versions are those of a List answer, in semver order.
	Versions []string
}

// Result is what one hop said in total.
type Result struct {
	Hop     route.Hop
	Answers [Artefacts]Answer
}

// Ending is how the walk over a route came out.
type Ending uint8

const (
	// Reached means every artefact was found.
	Reached Ending = iota
	// Cached means every artefact was found without leaving the machine.
	Cached
	// Lost means some artefact cannot be had.
	Lost
	// Open means the route could not be walked to its end; Why says so.
	Open
	// Spared means nothing had to be fetched: replaced by a directory,
	// vendored, excluded.
	Spared
)

// Report is the outcome of one requirement's whole route.
type Report struct {
	Route  route.Route
	Ending Ending
	// Results has one entry for each hop of the route, in its order, and after
	// them one for the checksum database if the route has one.
	Results []Result
	// Artefact is the one that was lost or left open.
	Artefact Artefact
	// Hop is the index of the hop whose answer the go command would print,
	// or that left the report open; -1 where no hop is to blame.
	Hop int
	// Text is the sentence of the go command for a Lost report, without
	// "go: m@v: ". For Open and Spared it is the reason.
	Text string
	// Evidence is why the path looks private, where the walk ended before a
	// public hop for its sake; empty otherwise.
	Evidence string
	// Fault is the cause of a Lost report; nil otherwise.
	Fault *Fault
	// Served is the version that was served: for a query, what it resolved to.
	Served module.Version
	// Known are versions of the module seen on the way; empty if none.
	Known []string
	// Beyond is the hop that has the version of a Lost report, and that the go
	// command does not come to because of a comma before it; nil if none is known.
	Beyond *route.Hop
	// Mismatch is what builds fail with, though each artefact can be fetched: a
	// go.mod that declares another path, or none. Empty for a good one.
	Mismatch string
	// Notice is what the author says of the module, as far as it is in hand;
	// nil for nothing.
	Notice *Notice
}

// FellBack reports whether a reached module came from a later hop only
// because an earlier one failed, and gives that earlier hop's answer.
func (r Report) FellBack() (hop int, ans Answer, ok bool) {
	if r.Ending != Reached {
		return 0, Answer{}, false
	}
	for i, res := range r.Results {
		for _, a := range []Artefact{Info, Mod, Zip} {
			if res.Answers[a].Outcome == Failed {
				return i, res.Answers[a], true
			}
		}
	}
	return 0, Answer{}, false
}

// ServedBy gives the hops that served an artefact, in order, without repeats.
func (r Report) ServedBy() []route.Hop {
	var hops []route.Hop
	for _, res := range r.Results[:len(r.Route.Hops)] {
		for _, ans := range res.Answers {
			if ans.Outcome == OK {
				hops = append(hops, res.Hop)
				break
			}
		}
	}
	return hops
}

// Declared is the module path in the go.mod that was served; empty where none is.
func (r Report) Declared() string {
	for _, res := range r.Results {
		if ans := res.Answers[Mod]; ans.Outcome == OK && ans.Declared != "" {
			return ans.Declared
		}
	}
	return ""
}

// FirstLine is one line of what the go command would print, which says the most
// by itself. A line that ends with a colon only leads up to the next ones.
func (r Report) FirstLine() string {
	line, rest, more := strings.Cut(r.Text, "\n")
	switch {
	case !more || !strings.HasSuffix(line, ":"):
		return line
	case strings.Contains(line, ": exit status "): // a program's words follow
		return telling(rest)
	}
	return strings.Join(strings.Fields(r.Text), " ")
}

// telling picks a line of what git and ssh print. git ends with the cause or, if
// it was ssh that failed, with nothing better than that something did; what the
// server says of itself comes first, and ssh frames its warnings.
func telling(said string) string {
	var first string
	for line := range strings.Lines(said) {
		line = strings.Trim(line, "@ \t\r\n")
		if strings.HasPrefix(line, "fatal: ") && !strings.Contains(line, "Could not read from remote repository") {
			return line
		}
		if first == "" {
			first = line
		}
	}
	return first
}
