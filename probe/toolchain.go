package probe

import (
	"fmt"
	"go/version"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/modreach/modreach/route"
)

// speakOfToolchain puts the end of a route to a toolchain at hop i as the go
// command does, which says of a missing one no more than that.
func (w *walk) speakOfToolchain(i int, o Outcome) {
	name, mod := w.route.Toolchain, w.route.Mod
	if name == "" || w.report.Ending != Lost || w.report.Text == "" {
		return
	}
	if o == Miss {
		w.report.Text = unavailable(name, strings.TrimPrefix(mod.Version, "v0.0.1-"+name+"."))
		return
	}
	if f := w.report.Fault; o != Spoiled || w.report.Hop != i || f.Phase == Checksum {
		w.report.Text = fmt.Sprintf("%s@%s: %s", mod.Path, mod.Version, w.report.Text)
	}
	// What it says of the hash of one that it has already comes straight from
	// there.
	if w.route.Hops[i].Kind != route.Cache {
		w.report.Text = fmt.Sprintf("download %s: %s", name, w.report.Text)
	}
}

// unavailable is what the go command says of a toolchain that no hop has for a
// platform, such as "linux-amd64".
func unavailable(name, platform string) string {
	if version.Lang(name) == name && version.Compare(name, "go1.21") >= 0 {
		return fmt.Sprintf("invalid toolchain: %s is a language version but not a toolchain version (%[1]s.x)", name)
	}
	return fmt.Sprintf("download %s for %s: toolchain not available", name, strings.Replace(platform, "-", "/", 1))
}

// InPath gives a function that finds a program in the PATH of the environment
// as the go command does: its absolute path, or nothing. A directory that is
// not absolute counts for nothing.
func InPath(env route.Env) func(name string) string { return inPath(env.Get("PATH").Value) }

func inPath(list string) func(name string) string {
	dirs := filepath.SplitList(list)
	return func(name string) string {
		for _, dir := range dirs {
			if !filepath.IsAbs(dir) {
				continue
			}
			// With a directory before it, the name is looked for there alone.
			if file, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
				return file
			}
		}
		return ""
	}
}

// cachedToolchain looks for a toolchain that was extracted before, of which the
// go command wants nothing but the hash.
func cachedToolchain(zip string, q Question) (ans Answer, ok bool) {
	text, err := os.ReadFile(zip + "hash")
	if sum := strings.TrimSpace(string(text)); err == nil && len(sum) == sumLength && extracted(q) {
		return Answer{Outcome: OK, Sum: sum}, true
	}
	return Answer{}, false
}
