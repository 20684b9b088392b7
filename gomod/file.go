// Package gomod reads the text of a go.mod or go.work file into requirements
// and the directives that bear on them, each with its exact place in the text.
//
// Parsing never fails as a whole. A file is read while somebody types in it,
// so a line that the go command would reject becomes a [Problem] and every
// other line is still there. The package does no I/O.
package gomod

import "golang.org/x/mod/module"

// Span is a half-open range of byte offsets into [File.Text].
// The zero Span means "not written in the file".
type Span struct{ Start, End int }

// IsZero reports whether the span stands for something not in the file.
func (s Span) IsZero() bool { return s == Span{} }

// Kind tells which of the two file formats a [File] was read as.
type Kind uint8

const (
	// ModFile is a go.mod (or -modfile) file.
	ModFile Kind = iota
	// WorkFile is a go.work file.
	WorkFile
)

// File is what could be read of one go.mod or go.work file.
type File struct {
	Kind Kind
	// Text is the file as given, never altered: every Span points into it.
	Text []byte
	// Module is the module line; nil where the file has none (always in go.work).
	Module *Module
	// Go and Toolchain are the lines of that name; nil where absent.
	Go, Toolchain *Version
	Requires      []Requirement
	Replaces      []Replace
	Excludes      []Exclude
	Retracts      []Retract
	Tools         []Tool
	// Uses holds the use lines of a go.work file.
	Uses []Use
	// Problems are the lines that could not be read, in file order.
	Problems []Problem

	lines []int // byte offset of each line's start, for Position
}

// Module is the module line.
type Module struct {
	Path string
	// Line covers the whole directive, PathSpan the path alone.
	Line, PathSpan Span
	// Deprecated is the author's text after "Deprecated:"; empty if none.
	Deprecated string
}

// Version is a go or toolchain line.
type Version struct {
	// Name is the version as written: "1.26.0" or "go1.26.1".
	Name string
	// Line covers the whole directive, NameSpan the version alone.
	Line, NameSpan Span
}

// Requirement is one require line. Its path and version are of the right
// shape but not judged: the path may be malformed, the version a branch name or
// one of another major version than the path's.
type Requirement struct {
	// Mod is the module and its version. The version is in canonical form
	// where the text has one ("v0.42" and "master" have none and stay as written).
	Mod module.Version
	// Written is the version text as typed, without quotes.
	Written string
	// Line covers the directive without indentation or trailing comment; in
	// the single-line form it starts at the keyword.
	Line, Path, Version Span
	// Comment is the trailing comment with its slashes; zero if none.
	Comment Span
	// Indirect reports a "// indirect" comment.
	Indirect bool
}

// Canonical reports whether the version stands in canonical form, so that the
// go command can use it without asking anybody.
func (r Requirement) Canonical() bool {
	return r.Mod.Version == r.Written && module.CanonicalVersion(r.Written) == r.Written
}

// Replace is one replace directive, of go.mod or go.work. Its four parts are
// as written and not judged: a module without a version, a directory with one
// and a Windows path elsewhere are all kept.
type Replace struct {
	// Old has an empty version where the directive applies to all of them.
	Old module.Version
	// New has an empty version where none is written: it names a directory, or
	// the go command refuses it.
	New module.Version
	// OldVersion and NewVersion are zero where not written.
	Line, OldPath, OldVersion, NewPath, NewVersion Span
}

// Exclude is one exclude directive, with the version as written.
type Exclude struct {
	Mod                 module.Version
	Line, Path, Version Span
}

// Retract is one retract directive; Low equals High for a single version.
type Retract struct {
	Low, High string
	Line      Span
	// Rationale is the author's comment; empty if none.
	Rationale string
}

// Tool is one tool directive.
type Tool struct {
	// Path is the package path of the tool.
	Path       string
	Line, Span Span
}

// Use is one use directive of a go.work file.
type Use struct {
	// Dir is the directory as written, with forward or native slashes.
	Dir           string
	Line, DirSpan Span
}

// Problem is a piece of the file that the go command would reject and that
// holds nothing to judge any further. A line is either a Problem or one of the
// directives above, never both.
type Problem struct {
	// Span covers what was rejected, mostly a line without its indentation.
	Span Span
	// Message is modfile's own words, without file name and position.
	Message string
}
