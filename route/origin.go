package route

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
