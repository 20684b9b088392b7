package probe

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/modreach/modreach/route"
)

// goTimeout bounds a go command that looks at its own settings or changes them:
// it takes 20 ms on a quiet machine and a second on one that is starting up.
const goTimeout = 10 * time.Second

// Environment reads the go environment as the go command would in dir, with
// the editor's settings laid over the process environment. Where there is no
// go command it works the values out from the files the go command would read.
func Environment(ctx context.Context, dir string, workspace map[string]string) route.Env {
	s := sources(workspace)
	environ := route.Overlay(s.Process, workspace, s.OS)
	s.GoEnv = goEnv(ctx, dir, environ)
	if s.GoEnv == nil || s.GoEnv["GOFLAGS"] != "" {
		// There may be settings with which no command works; but "go env" puts
		// up with flags that no other command takes.
		_, s.Broken = runGo(ctx, dir, environ, "version")
	}
	return parse(s, environ)
}

// EnvironmentOfFiles is Environment as if there were no go command: it starts no
// process.
func EnvironmentOfFiles(workspace map[string]string) route.Env {
	s := sources(workspace)
	return parse(s, route.Overlay(s.Process, workspace, s.OS))
}

// sources gives what is known without a look at the disk.
func sources(workspace map[string]string) route.Sources {
	home, _ := os.UserHomeDir() // without one there is no default GOPATH
	return route.Sources{Process: os.Environ(), Workspace: workspace, Home: home, OS: runtime.GOOS}
}

// parse reads the files that the settings can stand in.
func parse(s route.Sources, environ []string) route.Env {
	s.GOROOT = s.GoEnv["GOROOT"]
	if s.GOROOT == "" {
		s.GOROOT = runtimeRoot(environ)
	}
	if path, ok := route.UserEnvPath(environ, s.OS, s.Home); ok {
		s.UserPath = path
		s.UserFile, _ = os.ReadFile(path) // the go command ignores one it cannot read
	}
	if s.GOROOT != "" {
		s.GOROOTFile, _ = os.ReadFile(filepath.Join(s.GOROOT, "go.env"))
	}
	return route.ParseEnv(s)
}

// AmbientFiles gives the absolute paths of the files outside of any workspace
// that decide how modules are fetched, whether or not they exist: those of the
// settings, the logins, git, and the go command itself.
func AmbientFiles(env route.Env) []string {
	var all []string
	for _, name := range append(gitFiles(env),
		env.Get("GOENV").Value, filepath.Join(env.Get("GOROOT").Value, "go.env"), netrcPath(env), filepath.Join(home(env), ".ssh", "config"), InPath(env)("go"),
	) {
		if filepath.IsAbs(name) {
			all = append(all, name)
		}
	}
	return all
}

// goEnv asks the go command for its settings; nil where there is none.
func goEnv(ctx context.Context, dir string, environ []string) map[string]string {
	out, _ := runGo(ctx, dir, environ, append([]string{"env", "-json"}, route.Asked()...)...)
	vars := map[string]string{}
	if err := json.Unmarshal(out, &vars); err != nil {
		return nil
	}
	return vars
}

// runGo runs the go command and gives what it wrote, or if it failed, its
// words without "go: ".
func runGo(ctx context.Context, dir string, environ []string, args ...string) (out []byte, refused string) {
	o := runInstalled(ctx, command{name: goProgram(environ), args: args, dir: dir, env: environ})
	if exit := (*exec.ExitError)(nil); errors.As(o.err, &exit) {
		// Another program of that name does not begin like this.
		if words, ok := strings.CutPrefix(strings.TrimSpace(string(o.stderr)), "go: "); ok {
			return nil, words
		}
		return nil, ""
	}
	return o.stdout, ""
}

// goProgram gives the go command that the PATH of an environment leads to, which
// the editor's settings may have changed; empty for none.
func goProgram(environ []string) string {
	list := ""
	for _, v := range environ {
		if name, value, _ := strings.Cut(v, "="); name == "PATH" || runtime.GOOS == "windows" && strings.EqualFold(name, "PATH") {
			list = value // the last one counts
		}
	}
	if list == os.Getenv("PATH") {
		return "go"
	}
	return inPath(list)("go")
}

// runInstalled runs a go command as the toolchain that is installed: another one
// would have to be fetched first, and that is for the route to tell.
func runInstalled(ctx context.Context, c command) outcome {
	ctx, cancel := context.WithTimeout(ctx, goTimeout)
	defer cancel()
	c.env = append(slices.Clip(c.env), "GOTOOLCHAIN=local")
	return run(ctx, c)
}

// runtimeRoot is the GOROOT that the environment names; empty if none.
func runtimeRoot(environ []string) string {
	for _, v := range environ {
		if dir, ok := strings.CutPrefix(v, "GOROOT="); ok {
			return dir
		}
	}
	return ""
}
