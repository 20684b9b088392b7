package route

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Origin is where the value of a setting comes from.
type Origin uint8

const (
	// Default is the go command's built-in value, and that of a variable which
	// nobody set.
	Default Origin = iota
	// GOROOT is the file go.env of the Go installation.
	GOROOT
	// User is the file that "go env -w" writes.
	User
	// Process is the environment of the process.
	Process
	// Workspace is the editor's settings, laid over the process environment.
	Workspace
)

// String gives the name used in JSON.
func (o Origin) String() string {
	return [...]string{"default", "goroot", "user", "process", "workspace"}[o]
}

// Var is the effective value of one setting.
type Var struct {
	// Value may hold secrets: print it with [Redact]. Empty for none.
	Value  string
	Origin Origin
	// From is the variable the value was read from, where that is another one:
	// "GOPRIVATE" for a GONOPROXY that nobody set. Empty otherwise.
	From string
	// Line is the line of the env file that sets the value, counted from 1;
	// 0 unless Origin is User or GOROOT.
	Line int
}

// Named is a setting with its name.
type Named struct {
	Name string
	Var
}

// Where tells for people where the value of a variable is set: a file with the
// line, the process, the editor. Empty for a built-in value.
func (e Env) Where(v Var) string {
	file := ""
	switch v.Origin {
	case Process:
		return "the environment of the process"
	case Workspace:
		return "the editor's settings (modreach.env)"
	case User:
		file = e.Get("GOENV").Value
	case GOROOT:
		file = filepath.Join(e.Get("GOROOT").Value, "go.env")
	case Default:
		return ""
	}
	if v.Line == 0 {
		return file
	}
	return fmt.Sprintf("%s:%d", file, v.Line)
}

// Hidden gives what the user's env file sets to no effect, by name: the process
// or the editor has another value for it. GOROOT is left out: go sets it for the
// programs that it runs.
func (e Env) Hidden() []Named {
	var all []Named
	for _, name := range settings {
		a, ok := e.user[name]
		v, set := e.process[envName(name, e.goos)]
		if ok && set && a.value != "" && v.Value != a.value && name != "GOENV" && name != "GOROOT" {
			all = append(all, Named{name, Var{Value: a.value, Origin: User, Line: a.line}})
		}
	}
	return all
}

// OfProcess reports whether the go command reads a variable that bears on
// fetching from the process alone, so that it has no effect in an env file.
func OfProcess(name string) bool {
	return slices.Contains(ambient, name) || name == "GOENV" || strings.HasPrefix(name, "GIT_")
}
