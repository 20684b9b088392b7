package main

import (
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/modreach/modreach/internal/fakenet"
)

var update = flag.Bool("update", false, "write what the scripts compare with anew")

// TestScripts runs the scripts in testdata/script, each in a folder, a home, a
// module cache and a network of its own. GOPROXY is a tree of files with the
// modules of stock. Beyond the commands of testscript, scripts have
//
//	exits CODE PROGRAM [ARG ...]  runs a program, and wants this exit code
//	proxy NAME [FAULT]            starts a module proxy and puts its URL into $NAME
//
// Their output does not differ from run to run: the time in a summary is TIME,
// the folder of the script is /WORK, and the proxy NAME answers at NAME.test.
func TestScripts(t *testing.T) {
	bin := t.TempDir()
	self, err := os.Executable()
	if err == nil {
		err = os.Symlink(self, filepath.Join(bin, "modreach"))
	}
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			env.Values[stageKey{}] = newStage(env)
			env.Setenv("PATH", bin+string(os.PathListSeparator)+env.Getenv("PATH"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits,
			"proxy": startProxy,
		},
		Condition: func(name string) (bool, error) {
			if name == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

// stage is what a script plays on.
type stage struct {
	t   testing.TB
	net *fakenet.Net
	// hide turns what differs from run to run into what stands for it.
	hide []string
}

type stageKey struct{}

func newStage(env *testscript.Env) *stage {
	t := env.T().(testing.TB)
	t.Helper()
	s := &stage{t: t, net: fakenet.New(t), hide: []string{
		env.WorkDir, "/WORK", runtime.Version(), "go1.INSTALLED", runtime.GOOS + "-" + runtime.GOARCH, "OS-ARCH",
		runtime.GOOS + "/" + runtime.GOARCH, "OS/ARCH", strings.TrimPrefix(runtime.Version(), "go"), "1.INSTALLED",
	}}
	tree := filepath.Join(env.WorkDir, ".proxy")
	modules := fakenet.NewModules(t)
	stock(modules)
	modules.WriteTree(tree)
	home := filepath.Join(env.WorkDir, ".home")
	// Without it go leaves a child that still writes while the test cleans up.
	telemetry := filepath.Join(home, ".config", "go", "telemetry")
	err := os.MkdirAll(telemetry, 0o777)
	if err == nil {
		err = os.WriteFile(filepath.Join(telemetry, "mode"), []byte("off"), 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
	env.Vars = append(env.Vars, hermetic(home)...)
	env.Vars = append(env.Vars, "GOINSTALLED="+runtime.Version())
	env.Vars = append(env.Vars,
		runAsCommand+"=1",
		"GOENV=off",
		"GOMODCACHE="+filepath.Join(env.WorkDir, ".modcache"),
		"GOPROXY="+(&url.URL{Scheme: "file", Path: filepath.ToSlash(tree)}).String(),
		"GORACE=atexit_sleep_ms=10", // a program sleeps a second otherwise
		"TERM=xterm",
	)
	return s
}

// stock adds the modules that every proxy of the scripts has.
func stock(m *fakenet.Modules) {
	for _, path := range []string{"example.com/a", "example.com/b", "example.com/fork"} {
		m.Add(path, "v1.0.0", "")
		m.Add(path, "v1.1.0", "")
	}
}

// startProxy starts a proxy with the stock. FAULT is "mute" for one that accepts
// and never answers, or the status with which it answers everything.
func startProxy(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: proxy NAME [FAULT]")
	}
	s := ts.Value(stageKey{}).(*stage)
	var option fakenet.Option
	status := 0
	if len(args) == 2 {
		if args[1] == "mute" {
			option = fakenet.Mute
		} else {
			var err error
			status, err = strconv.Atoi(args[1])
			ts.Check(err)
		}
	}
	p := s.net.Proxy(fakenet.HTTP, option)
	stock(p.Modules)
	if status != 0 {
		p.On("*", fakenet.Status(status, "says no"))
	}
	ts.Setenv(args[0], p.URL())
	s.hide = append(s.hide, p.Addr(), args[0]+".test")
}

// exits runs a program, keeps its output without what differs from run to run,
// and wants an exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARG ...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	s := ts.Value(stageKey{}).(*stage)
	out, errOut := s.steady(ts.ReadFile("stdout")), s.steady(ts.ReadFile("stderr"))
	fmt.Fprint(ts.Stdout(), out)
	fmt.Fprint(ts.Stderr(), errOut)
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

var (
	// spent matches the time of a whole run, at the end of the summary.
	spent = regexp.MustCompile(`(?m)\([0-9.]+ m?s\)$`)
	// spentAtHop matches that of one hop, which is not told if it is short.
	spentAtHop = regexp.MustCompile(`(?m), [0-9]+ ms$`)
)

// steady gives a text without what differs from run to run.
func (s *stage) steady(text string) string {
	text = strings.NewReplacer(s.hide...).Replace(text)
	return spent.ReplaceAllString(spentAtHop.ReplaceAllString(text, ""), "(TIME)")
}
