package route

import (
	"fmt"
	"go/version"
	"strings"

	"github.com/modreach/modreach/gomod"
)

// toolchainModule is the module in which toolchains are published. Its hash is
// always asked of the checksum database, because go.sum cannot hold it.
const toolchainModule = "golang.org/toolchain"

// firstSwitching is the first Go version that minds a newer go line and knows
// GOTOOLCHAIN.
const firstSwitching = "1.21"

// needsToolchain says whether the go command would first have to become
// another version, or refuses the file because it may not. f is the go.work
// or go.mod in force; nil for none. It stops nothing where the installed
// version is unknown.
func needsToolchain(env Env, f *gomod.File) Stop {
	local, setting := env.GoVersion(), env.Get("GOTOOLCHAIN").Value
	if local == "" || newer(firstSwitching, local) {
		return Stop{}
	}
	running, mode, err := parseToolchain(setting, local)
	if err != nil {
		return Stop{Kind: BadSetting, Text: err.Error()}
	}
	wanted := "go" + running // the toolchain that would do the work
	if running != local {
		wanted, _, _ = strings.Cut(setting, "+")
	}
	file, goLine, toolchain := lines(f)
	sets := "" // the line of the file that decided, for the go command's words
	if mode != "" {
		switch v := toolchainVersion(toolchain); {
		case toolchain == "default":
			sets = "toolchain default"
		case toolchain != "" && v == "":
			return Stop{Kind: NeedsToolchain, Text: fmt.Sprintf("invalid toolchain %q in %s", toolchain, file)}
		case toolchain != "" && newer(v, running):
			running, wanted = v, toolchain
		}
		if toolchain != "default" && newer(goLine, running) {
			running, wanted = goLine, "go"+goLine
			if version.Lang(wanted) == wanted {
				wanted += ".0" // a language version is no release
			}
		}
	}
	if newer(goLine, running) {
		var explain string
		if setting != "" && setting != "auto" {
			explain = "; GOTOOLCHAIN=" + setting
		}
		if sets != "" {
			explain += "; " + file + " sets " + sets
		}
		return Stop{Kind: NeedsToolchain, Text: fmt.Sprintf("%s requires go >= %s (running go %s%s)", file, goLine, running, explain)}
	}
	if running != local {
		return Stop{Kind: NeedsToolchain, Needs: wanted}
	}
	return Stop{}
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

// Running gives the go command in force.
func (e Env) Running() Running {
	local, setting := e.GoVersion(), e.Get("GOTOOLCHAIN").Value
	version, mode, err := parseToolchain(setting, local)
	if local == "" || err != nil {
		return Running{}
	}
	return Running{Version: version, Switches: mode != "", Setting: setting}
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
