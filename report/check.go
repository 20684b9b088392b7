// Package report writes the outcome of a check for people and for programs:
// text, JSON, SARIF, GitHub annotations, a GitLab report and a page of HTML. All
// are faces of the same findings.
//
//	err := report.Text(os.Stdout, check, report.TextOptions{Color: true})
//	err := report.JSON(os.Stdout, check)
//
// Each writer hands its whole output to the io.Writer at once and returns the
// writer's error. None of them prints a secret: what the lower floors left of a
// user name, password or query in a URL is hidden here once more.
package report

import (
	"cmp"
	"slices"
	"time"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
)

// Check is the outcome of one run over some files.
type Check struct {
	// Version is that of the tool; empty if unknown.
	Version string
	// Environment has the settings that bear on fetching, in the order to show.
	Environment []Setting
	Files       []File
	// At is when it was begun; zero if that is not to be told.
	At   time.Time
	Took time.Duration
}

// Setting is one go variable in force. Its value holds no secret.
type Setting struct {
	Name, Value string
	// Origin is where it was set: process, user, goroot, workspace or default.
	Origin string
}

// File is the outcome for one go.mod file.
type File struct {
	// Path is how the file is called in output, with forward slashes.
	Path string
	// File is what was read of it; never nil.
	File *gomod.File
	// Verdicts has one for each of File.Requires, in their order.
	Verdicts []diagnostics.Verdict
	// Lines are the go, toolchain and tool lines, in the order of their places.
	Lines []diagnostics.Line
	// Findings may come in any order; they are written in that of their places.
	Findings []diagnostics.Finding
	// Fixes gives what may be done about one of them; nil where nobody has looked.
	Fixes func(diagnostics.Finding) []Fix
}

// Fix is one thing that may be done about a finding.
type Fix struct {
	// Title says what, Kind how: "edit" or "command".
	Title, Kind string
}

// ordered gives the findings in the order of their places.
func (f File) ordered() []diagnostics.Finding {
	return slices.SortedStableFunc(slices.Values(f.Findings), func(a, b diagnostics.Finding) int {
		return cmp.Compare(a.Span.Start, b.Span.Start)
	})
}
