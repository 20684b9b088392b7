package route

import (
	"fmt"
	"go/version"
	"strings"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/gomod"
)

// ToolchainModule is the module in which toolchains are published. Its hash is
// always asked of the checksum database, because go.sum cannot hold it.
const ToolchainModule = "golang.org/toolchain"

const (
	// firstSwitching is the first Go version that minds a newer go line and
	// knows GOTOOLCHAIN.
	firstSwitching = "1.21"
	// firstPatched is the first Go version whose first release was a ".0".
	firstPatched = "1.21"
)

// Toolchain is what the go command has to be before it looks at any module.
type Toolchain struct {
	// Route leads to it. It stops, as Installed, where nothing has to be
	// fetched, and with the go command's words where there is no way to it.
	Route Route
	// Line is the line of the file that Route is told of: "go" or "toolchain".
	Line string
	// Idle is why the other one of these lines decides nothing.
	Idle string
}

// PlanToolchain says which toolchain the go command would become to work in
// the module m, and the way to it.
func PlanToolchain(env Env, m Module) Toolchain {
	f := m.file()
	c := choose(env, f)
	if stop := env.broken(); stop.Text != "" {
		c.stop = stop
	}
	t := Toolchain{Line: "go", Idle: c.idle}
	if c.line == "toolchain" && f == m.File {
		t.Line, t.Idle = "toolchain", "the toolchain line asks for a newer version"
	}
	if f != m.File {
		t.Idle = "go.work decides"
	}
	t.Route = c.route(env, m, c.refuses(f))
	return t
}

// ExplicitToolchain says how the go command would become the toolchain of a Go
// version, such as "1.27.0" or "go1.27.0", if GOTOOLCHAIN named it. ok is false
// for what is no version.
// Of the module only InPath counts.
func ExplicitToolchain(env Env, m Module, v string) (r Route, ok bool) {
	v = strings.TrimPrefix(v, "go")
	if toolchainVersion("go"+v) == "" {
		return Route{}, false
	}
	c := choice{name: released(v), version: v, local: localName(env), stop: env.broken()}
	return c.route(env, m, ""), true
}

// choice is the toolchain that GOTOOLCHAIN and the lines of a file lead to.
type choice struct {
	// name is that of the toolchain, "go1.27.0", version the Go version in it,
	// local the name of the installed one. Empty where the installed one is not
	// known, or too old to become another.
	name, version, local string
	// setting is GOTOOLCHAIN, mode its "auto" or "path"; empty for neither.
	setting, mode string
	// line is the line that raised the version, "go" or "toolchain"; empty for
	// none.
	line string
	// pinned reports a "toolchain default".
	pinned bool
	// idle is why the toolchain line decides nothing.
	idle string
	// stop is what is wrong with the setting or the toolchain line.
	stop Stop
}

// choose finds the toolchain for the go.work or go.mod in force; nil for none.
func choose(env Env, f *gomod.File) choice {
	local, setting := env.GoVersion(), env.Get("GOTOOLCHAIN").Value
	if local == "" || newer(firstSwitching, local) {
		return choice{}
	}
	c := choice{version: local, local: localName(env), setting: setting}
	var err error
	if c.version, c.mode, err = parseToolchain(setting, local); err != nil {
		c.stop = Stop{Kind: BadSetting, Text: err.Error()}
		return c
	}
	c.name = c.local
	if min, _, _ := strings.Cut(setting, "+"); toolchainVersion(min) != "" {
		c.name = min
	}
	if c.read(f); c.stop.Text == "" && !strings.HasPrefix(c.name, "go1") {
		c.stop = Stop{Kind: BadSetting, Text: fmt.Sprintf("invalid GOTOOLCHAIN %q", c.name)}
	}
	return c
}

// read has the lines of a file raise the version.
func (c *choice) read(f *gomod.File) {
	file, goLine, toolchain := lines(f)
	v := toolchainVersion(toolchain)
	switch {
	case c.mode == "":
		c.idle = "GOTOOLCHAIN does not let go change its version"
		return
	case toolchain == "default":
		c.pinned, c.idle = true, "it leaves the choice to GOTOOLCHAIN"
		return
	case toolchain != "" && v == "":
		c.stop = Stop{Kind: NeedsToolchain, Text: fmt.Sprintf("invalid toolchain %q in %s", toolchain, file)}
		return
	case newer(v, c.version):
		c.name, c.version, c.line = toolchain, v, "toolchain"
	}
	c.idle = c.name + " is new enough"
	if newer(goLine, c.version) {
		c.name, c.version, c.line = released(goLine), goLine, "go"
		c.idle = "the go line asks for a newer version"
	}
}

// released gives the toolchain for a go line: a language version is no release.
func released(goLine string) string {
	name := "go" + goLine
	if version.Lang(name) == name && !newer(firstPatched, goLine) {
		name += ".0"
	}
	return name
}

// localName is the name of the installed toolchain.
func localName(env Env) string { return env.Get("GOVERSION").Value }

// refuses gives what the chosen toolchain says of a file that needs a newer
// one; empty if it does its work.
func (c choice) refuses(f *gomod.File) string {
	file, goLine, _ := lines(f)
	if c.version == "" || newer(firstSwitching, c.version) || !newer(goLine, c.version) {
		return ""
	}
	explain := ""
	if c.setting != "" && c.setting != "auto" {
		explain = "; GOTOOLCHAIN=" + c.setting
	}
	if c.pinned {
		explain += "; " + file + " sets toolchain default"
	}
	return fmt.Sprintf("%s requires go >= %s (running go %s%s)", file, goLine, c.version, explain)
}

// route leads to the chosen toolchain. refused is what that says of the file.
func (c choice) route(env Env, m Module, refused string) Route {
	mod := module.Version{Path: ToolchainModule}
	r := Route{Required: mod, Mod: mod}
	if c.stop.Text != "" {
		r.Stop = c.stop
		return r
	}
	r.Toolchain, r.Refused = c.name, refused
	switch {
	case c.name == "":
		r.Stop = Stop{Kind: Installed, Text: "the installed go command does not mind it"}
		return r
	case c.name == c.local && refused != "":
		r.Stop = Stop{Kind: NeedsToolchain, Text: refused}
		return r
	case c.name == c.local:
		r.Stop = Stop{Kind: Installed, Text: "the installed " + c.local + " is new enough"}
		return r
	}
	if m.InPath != nil {
		if file := m.InPath(c.name); file != "" {
			r.Stop = Stop{Kind: Installed, Text: fmt.Sprintf("%s is %s", c.name, file)}
			if refused != "" {
				r.Stop = Stop{Kind: NeedsToolchain, Text: refused}
			}
			return r
		}
	}
	if c.mode == "path" {
		r.Stop = Stop{Kind: NeedsToolchain, Text: fmt.Sprintf("cannot find %q in PATH", c.name)}
		return r
	}
	goos, goarch := env.Host()
	mod.Version = fmt.Sprintf("v0.0.1-%s.%s-%s", c.name, goos, goarch)
	r.Required, r.Mod = mod, mod
	return r.walked(env, Module{})
}

// needsToolchain says what keeps the go command from its work in a file even
// once it is the toolchain that PlanToolchain names.
func needsToolchain(env Env, f *gomod.File) Stop {
	c := choose(env, f)
	if text := c.refuses(f); c.stop.Text == "" && text != "" {
		return Stop{Kind: NeedsToolchain, Text: text}
	}
	return c.stop
}

// Running is the go command as its user sees it: the version that would do the
// work, and what it says about it. The zero Running is an unknown version.
type Running struct {
	// Version without its "go", such as "1.26.1"; empty where unknown.
	Version string
	// Switches reports that GOTOOLCHAIN lets it fetch a newer version.
	Switches bool
	// Setting is the GOTOOLCHAIN that keeps it from switching, as its messages
	// name it; empty for none.
	Setting string
}

// running gives the go command that works in a file; nil for none.
func (e Env) running(f *gomod.File) Running {
	c := choose(e, f)
	if c.stop.Text != "" {
		return Running{}
	}
	return Running{Version: c.version, Switches: c.mode != "", Setting: c.setting}
}

// TooOldFor reports whether a module whose go.mod says goLine needs a newer go
// command, and gives its words where it cannot switch.
func (r Running) TooOldFor(goLine string) (text string, tooOld bool) {
	if !newer(goLine, r.Version) || newer(firstSwitching, r.Version) {
		return "", false
	}
	if r.Switches {
		return "", true
	}
	explain := ""
	if r.Setting != "" && r.Setting != "auto" {
		explain = "; GOTOOLCHAIN=" + r.Setting
	}
	return fmt.Sprintf("requires go >= %s (running go %s%s)", goLine, r.Version, explain), true
}

// parseToolchain reads a GOTOOLCHAIN value: the version the go command starts
// out as, and whether it may change ("auto", "path", or "" for no).
func parseToolchain(setting, local string) (running, mode string, err error) {
	switch setting {
	case "", "local":
		return local, "", nil
	case "auto", "path":
		return local, setting, nil
	}
	name, mode, plus := strings.Cut(setting, "+")
	running = local
	if name != "local" {
		if running = toolchainVersion(name); running == "" {
			if plus {
				return "", "", fmt.Errorf("invalid GOTOOLCHAIN %q: invalid minimum toolchain %q", setting, name)
			}
			return "", "", fmt.Errorf("invalid GOTOOLCHAIN %q", setting)
		}
	}
	if plus && mode != "auto" && mode != "path" {
		return "", "", fmt.Errorf("invalid GOTOOLCHAIN %q: only version suffixes are +auto and +path", setting)
	}
	return running, mode, nil
}

// lines gives the name, the go line and the toolchain line of a file.
func lines(f *gomod.File) (file, goLine, toolchain string) {
	if f == nil {
		return "", "", ""
	}
	file = "go.mod"
	if f.Kind == gomod.WorkFile {
		file = "go.work"
	}
	if f.Go != nil {
		goLine = f.Go.Name
	}
	if f.Toolchain != nil {
		toolchain = f.Toolchain.Name
	}
	return file, goLine, toolchain
}

// toolchainVersion gives the Go version in a toolchain's name: "1.26.1" of
// "go1.26.1-corp". Empty where the name has none.
func toolchainVersion(name string) string {
	if strings.ContainsAny(name, `\/`) {
		return "" // it would lead out of PATH
	}
	if cut := strings.IndexAny(name, " \t-"); cut >= 0 {
		name = name[:cut]
	}
	if !version.IsValid(name) {
		return ""
	}
	return strings.TrimPrefix(name, "go")
}

// newer reports whether Go version a, without "go", is later than b. No
// version is later than the empty one, and it than none.
func newer(a, b string) bool {
	return a != "" && b != "" && version.Compare("go"+a, "go"+b) > 0
}
