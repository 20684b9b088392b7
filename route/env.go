package route

import (
	"maps"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// Sources is everything the settings can come from.
type Sources struct {
	// Process is the environment in the form of os.Environ.
	Process []string
	// Workspace are the editor's settings; they win over Process. An empty
	// value hides the process's, and so lets the env files speak.
	Workspace map[string]string
	// UserPath is where [UserEnvPath] says the user's env file is, UserFile
	// its content; nil for none.
	UserPath string
	UserFile []byte
	// GOROOT is the directory of the Go installation, GOROOTFile the content
	// of the go.env in it; empty and nil where unknown.
	GOROOT     string
	GOROOTFile []byte
	// GoEnv is what "go env -json" printed for [Asked] in this environment, but
	// with GOTOOLCHAIN=local; nil where there is no go command.
	GoEnv map[string]string
	// Broken is what the go command printed instead of doing its work, where it
	// was asked whether it can use these settings; empty if it can.
	Broken string
	// Home is the home directory, for a default GOPATH; empty where unknown.
	Home string
	// OS is the GOOS of this machine.
	OS string
}

// Env are the effective settings of the go command. The zero Env has none.
type Env struct {
	vars    map[string]Var        // every name of settings
	process map[string]Var        // non-empty variables of process and workspace
	user    map[string]assignment // the user's env file
	stray   []Named               // what the user's env file sets in vain
	shipped map[string]assignment // go.env of the Go installation
	public  []string              // hosts with ports that shipped has go ask
	environ []string
	goos    string
	goarch  string
	refused string // Sources.Broken
	unknown bool   // that neither the go command nor its go.env was there to be asked
}

// settings are the variables the go command reads from the process and, where
// that has none, from the env files, as far as they bear on fetching. All
// others count only in the process, although "go env" shows them from a file.
var settings = []string{
	"GO111MODULE", "GOAUTH", "GOENV", "GOFLAGS", "GOINSECURE", "GOMODCACHE",
	"GONOPROXY", "GONOSUMDB", "GOPATH", "GOPRIVATE", "GOPROXY", "GOROOT",
	"GOSUMDB", "GOTOOLCHAIN", "GOVCS", "GOVERSION", "GOWORK",
}

// ambient are variables of the process alone that bear on fetching, besides
// all those of git.
var ambient = []string{
	"GODEBUG", "HTTPS_PROXY", "HTTP_PROXY", "NETRC", "NO_PROXY", "REQUEST_METHOD",
	"SSL_CERT_DIR", "SSL_CERT_FILE", "https_proxy", "http_proxy", "no_proxy",
}

// ParseEnv works out the settings. Where the go command was asked, its values
// stand, and the sources only tell where each comes from; where it was not,
// its rules are applied here: a non-empty variable of the workspace or the
// process, else the user's env file, where even an empty value hides what
// follows, else go.env, else the default.
func ParseEnv(s Sources) Env {
	e := Env{
		vars:    make(map[string]Var, len(settings)),
		process: make(map[string]Var),
		user:    readEnvFile(s.UserFile),
		stray:   strayLines(s.UserFile),
		shipped: readEnvFile(s.GOROOTFile),
		environ: Overlay(s.Process, s.Workspace, s.OS),
		goos:    s.OS,
		goarch:  s.GoEnv["GOHOSTARCH"],
		refused: s.Broken,
		unknown: s.GoEnv == nil && s.GOROOTFile == nil,
	}
	if e.goarch == "" {
		e.goarch = runtime.GOARCH
	}
	workspace := make(map[string]bool, len(s.Workspace))
	for name := range s.Workspace {
		workspace[envName(name, s.OS)] = true
	}
	for name, value := range environment(e.environ, s.OS) {
		v := Var{Value: value, Origin: Process}
		if workspace[name] {
			v.Origin = Workspace
		}
		if value != "" {
			e.process[name] = v
		}
	}

	for _, name := range settings {
		e.vars[name] = e.lookUp(name)
	}
	e.setDefaults(s)
	e.public = publicHosts(e.shipped["GOPROXY"].value, e.shipped["GOSUMDB"].value)
	for name, value := range s.GoEnv {
		e.believe(name, value)
	}
	return e
}

// Asked gives the variables that "go env" is to be asked for. For all others it
// would look for compilers, and refuses to without a home directory.
func Asked() []string { return append(slices.Clip(settings), "GOHOSTARCH") }

// lookUp finds a setting by precedence, without the built-in defaults.
func (e Env) lookUp(name string) Var {
	if v, ok := e.process[envName(name, e.goos)]; ok {
		return v
	}
	if name == "GOENV" { // names the file, so it cannot stand in it
		return Var{}
	}
	if a, ok := e.user[name]; ok {
		return Var{Value: a.value, Origin: User, Line: a.line}
	}
	if a, ok := e.shipped[name]; ok {
		return Var{Value: a.value, Origin: GOROOT, Line: a.line}
	}
	return Var{}
}

// setDefaults gives the variables nobody set their built-in values. An empty
// value in a file counts as not set for all of them.
func (e Env) setDefaults(s Sources) {
	orElse := func(name string, def Var) {
		if e.vars[name].Value == "" && def.Value != "" {
			e.vars[name] = def
		}
	}
	private := e.vars["GOPRIVATE"]
	private.From = "GOPRIVATE"
	orElse("GONOPROXY", private)
	orElse("GONOSUMDB", private)
	orElse("GOAUTH", Var{Value: "netrc"})
	orElse("GOENV", Var{Value: s.UserPath})
	orElse("GOROOT", Var{Value: s.GOROOT})

	home := s.Home
	if v, ok := e.process[homeVar(s.OS)]; ok {
		home = v.Value
	}
	// A home directory of no use gives no GOPATH, rather than a bad one.
	if def := below(home, "go"); filepath.IsAbs(def) && def != filepath.Clean(e.vars["GOROOT"].Value) {
		orElse("GOPATH", Var{Value: def})
	}
	if list := filepath.SplitList(e.vars["GOPATH"].Value); len(list) > 0 {
		cache := e.vars["GOPATH"]
		cache.Value, cache.From = below(list[0], filepath.Join("pkg", "mod")), "GOPATH"
		orElse("GOMODCACHE", cache)
	}
}

// believe takes over what the go command said about a setting.
func (e Env) believe(name, value string) {
	v, known := e.vars[name]
	switch {
	case !known || v.Value == value:
		return
	case name == "GOTOOLCHAIN" || name == "GOWORK" || name == "GOENV":
		// The answer is not the setting: it is our own "local", the file that
		// was found, and nothing in place of "off".
		return
	case name == "GOAUTH" && value == "":
		return // that is a go command before 1.24, which reads netrc
	case v.Origin == Default && (name == "GOPROXY" || name == "GOSUMDB"):
		v.Origin = GOROOT // they have no built-in value
	}
	v.Value = value
	e.vars[name] = v
}

// Host gives the system that the go command runs on, such as "linux", "amd64".
func (e Env) Host() (goos, goarch string) { return e.goos, e.goarch }

// Get gives the effective value of a variable. One that is not among the go
// command's settings is read from the process alone, as the go command does;
// the zero Var stands for none.
func (e Env) Get(name string) Var {
	if v, ok := e.vars[name]; ok {
		return v
	}
	return e.process[envName(name, e.goos)]
}

// All gives everything that bears on fetching, by name: the go command's
// settings, set or not, and those variables of the process that are set.
func (e Env) All() []Named {
	var all []Named
	for name, v := range e.vars {
		all = append(all, Named{name, v})
	}
	for name, v := range e.process {
		if slices.Contains(ambient, name) || strings.HasPrefix(name, "GIT_") {
			all = append(all, Named{name, v})
		}
	}
	slices.SortFunc(all, func(a, b Named) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// UserFile gives what the user's env file sets, by name: also what is hidden
// by the process, and what the go command does not know.
func (e Env) UserFile() []Named {
	var all []Named
	for _, name := range sortedKeys(e.user) {
		a := e.user[name]
		all = append(all, Named{name, Var{Value: a.value, Origin: User, Line: a.line}})
	}
	return all
}

// With gives the settings as they would be if some of the go command's own had
// other values, whoever sets them; an empty value is none. Nothing is read or
// asked for that.
func (e Env) With(values map[string]string) Env {
	e.vars = maps.Clone(e.vars)
	e.environ = Overlay(e.environ, values, e.goos)
	for name, value := range values {
		e.vars[name] = Var{Value: value, Origin: Workspace}
	}
	private := e.vars["GOPRIVATE"]
	private.From = "GOPRIVATE"
	for _, name := range []string{"GONOPROXY", "GONOSUMDB"} {
		if v := e.vars[name]; v.From != "" || v.Value == "" {
			e.vars[name] = private
		}
	}
	return e
}

// Stray gives what the user's env file was to set with lines that do not begin
// with the name, which the go command passes by, in their order.
func (e Env) Stray() []Named { return e.stray }

// Environ gives the process environment with the workspace's settings laid
// over it, in the form of os.Environ, for a child process. The slice must not
// be changed.
func (e Env) Environ() []string { return e.environ }

// sortedKeys gives the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
