package probe_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// home sets up a process environment of its own, with an env file of the user,
// and gives that file's name.
func home(t *testing.T, envFile string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{
		"GOENV", "GOFLAGS", "GOPROXY", "GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOSUMDB", "GOPATH", "GOMODCACHE",
		"GOWORK", "GOTOOLCHAIN", "GO111MODULE", "GOINSECURE", "GOVCS", "GOAUTH", "XDG_CONFIG_HOME",
	} {
		t.Setenv(name, "") // so that it is restored
		os.Unsetenv(name)
	}
	t.Setenv("HOME", dir)
	t.Setenv("USERPROFILE", dir)
	// Else the go command leaves a child behind that writes to the home directory.
	for _, config := range []string{".config", "Library/Application Support"} {
		off := filepath.Join(dir, filepath.FromSlash(config), "go", "telemetry")
		if err := os.MkdirAll(off, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(off, "mode"), []byte("off"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	name := filepath.Join(dir, "env")
	if err := os.WriteFile(name, []byte(envFile), 0o666); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOENV", name)
	return name
}

// goroot is where the Go installation is.
var goroot = sync.OnceValues(func() (string, error) {
	out, err := exec.Command("go", "env", "GOROOT").Output()
	return strings.TrimSpace(string(out)), err
})

// withoutGo takes the go command away, and leaves its installation.
func withoutGo(t *testing.T) {
	t.Helper()
	dir, err := goroot()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOROOT", dir)
	t.Setenv("PATH", t.TempDir())
}

// told are the settings on which a reader without a go command has to agree
// with one that can ask it.
var told = []string{
	"GO111MODULE", "GOAUTH", "GOENV", "GOFLAGS", "GOINSECURE", "GOMODCACHE", "GONOPROXY", "GONOSUMDB",
	"GOPATH", "GOPRIVATE", "GOPROXY", "GOSUMDB", "GOVCS", "GOTOOLCHAIN", "GOWORK",
}

// TestEnvironmentWithoutGo reads the settings once with and once without a go
// command: both times the same must come out.
func TestEnvironmentWithoutGo(t *testing.T) {
	tests := []struct {
		name      string
		envFile   string
		process   map[string]string
		workspace map[string]string
	}{
		{name: "nothing set"},
		{name: "user's file", envFile: "GOPROXY=https://user.test\nGOPRIVATE=corp.example\n"},
		{name: "user's file with odd lines", envFile: "# GOPROXY=a\n GOPROXY=b\nexport GOPROXY=c\nGOSUMDB=off\nGOSUMDB=sum.golang.org\nGOPROXY=\"https://quoted.test\"\n"},
		{name: "empty values in the user's file", envFile: "GOPROXY=\nGOSUMDB=\nGOPATH=\n"},
		{name: "process over the user's file", envFile: "GOPROXY=https://user.test\n", process: map[string]string{"GOPROXY": "https://process.test"}},
		{name: "empty value in the process", envFile: "GOPROXY=https://user.test\n", process: map[string]string{"GOPROXY": ""}},
		{name: "workspace over the process", process: map[string]string{"GOPROXY": "https://process.test"}, workspace: map[string]string{"GOPROXY": "https://workspace.test"}},
		{name: "empty value in the workspace", process: map[string]string{"GOPROXY": "https://process.test"}, workspace: map[string]string{"GOPROXY": ""}},
		{name: "GONOPROXY beside GOPRIVATE", process: map[string]string{"GOPRIVATE": "a.example", "GONOPROXY": "none"}},
		{name: "two directories in GOPATH", process: map[string]string{"GOPATH": filepath.Join(os.TempDir(), "one") + string(filepath.ListSeparator) + filepath.Join(os.TempDir(), "two")}},
		{name: "GOTOOLCHAIN", process: map[string]string{"GOTOOLCHAIN": "local+path"}},
		{name: "GOWORK off", process: map[string]string{"GOWORK": "off"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			home(t, test.envFile)
			for name, value := range test.process {
				t.Setenv(name, value)
			}
			dir := t.TempDir()
			read := func() map[string]route.Var {
				env := probe.Environment(t.Context(), dir, test.workspace)
				vars := make(map[string]route.Var)
				for _, name := range told {
					vars[name] = env.Get(name)
				}
				return vars
			}
			with := read()
			withoutGo(t)
			if diff := cmp.Diff(with, read()); diff != "" {
				t.Errorf("settings (-with +without a go command):\n%s", diff)
			}
		})
	}
}

func TestEnvironment(t *testing.T) {
	file := home(t, "GOPROXY=https://user.test\n")
	t.Setenv("GOPRIVATE", "corp.example")
	env := probe.Environment(t.Context(), t.TempDir(), map[string]string{"GONOSUMDB": "other.example"})
	want := map[string]route.Var{
		"GOPROXY":   {Value: "https://user.test", Origin: route.User, Line: 1},
		"GOPRIVATE": {Value: "corp.example", Origin: route.Process},
		"GONOPROXY": {Value: "corp.example", Origin: route.Process, From: "GOPRIVATE"},
		"GONOSUMDB": {Value: "other.example", Origin: route.Workspace},
		"GOENV":     {Value: file, Origin: route.Process},
	}
	for name, v := range want {
		if diff := cmp.Diff(v, env.Get(name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if v := env.GoVersion(); v == "" {
		t.Error("the version of the go command is not known")
	}
	t.Run("interrupted", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		env := probe.Environment(ctx, t.TempDir(), nil)
		if got := env.Get("GOPROXY").Value; got != "https://user.test" || env.GoVersion() != "" {
			t.Errorf("GOPROXY=%s and version %q, want what the files say", got, env.GoVersion())
		}
	})
}

// TestBrokenFlags has a GOFLAGS that "go env" puts up with, and no other
// command does.
func TestBrokenFlags(t *testing.T) {
	tests := []struct{ name, flags, want string }{
		{"known", "-mod=mod -modcacherw", ""},
		{"unknown", "-mod=mod -nonesuch", `parsing $GOFLAGS: unknown flag -nonesuch`},
		{"no flag", "mod", `parsing $GOFLAGS: non-flag "mod"`},
		{"quote without end", "'-mod=mod", "parsing $GOFLAGS: unterminated ' string"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			home(t, "GOFLAGS="+test.flags+"\n")
			dir := t.TempDir()
			env := probe.Environment(t.Context(), dir, nil)
			stop := route.Explicit(env, route.Module{}, wanted).Stop
			if stop.Text != test.want || (stop.Kind == route.BadSetting) != (test.want != "") {
				t.Errorf("stop %v with %q, want %q", stop.Kind, stop.Text, test.want)
			}
			cmd := exec.Command("go", "mod", "verify")
			cmd.Dir = dir
			if out, _ := cmd.CombinedOutput(); strings.Contains(string(out), "GOFLAGS") != (test.want != "") {
				t.Errorf("the go command says %s", out)
			}
		})
	}
}

// TestBrokenGo has a setting with which not even "go env" works.
func TestBrokenGo(t *testing.T) {
	home(t, "GOEXPERIMENT=badexp\nGOPROXY=https://user.test\n")
	env := probe.Environment(t.Context(), t.TempDir(), nil)
	if got := env.Get("GOPROXY").Value; got != "https://user.test" {
		t.Errorf("GOPROXY=%s, want what the file says", got)
	}
	const want = "unknown GOEXPERIMENT badexp"
	if stop := route.Explicit(env, route.Module{}, wanted).Stop; stop.Kind != route.BadSetting || stop.Text != want {
		t.Errorf("stop %v with %q, want %q", stop.Kind, stop.Text, want)
	}
}

// TestOddGo has something in the place of the go command that is none.
func TestOddGo(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a script is no program on Windows")
	}
	for name, script := range map[string]string{
		"fails":          "#!/bin/sh\necho broken >&2\nexit 1\n",
		"talks nonsense": "#!/bin/sh\necho hello\n",
		"says nothing":   "#!/bin/sh\n",
		"cannot run":     "#!/nonesuch\n",
	} {
		t.Run(name, func(t *testing.T) {
			home(t, "GOPROXY=https://user.test\n")
			withoutGo(t)
			if err := os.WriteFile(filepath.Join(os.Getenv("PATH"), "go"), []byte(script), 0o777); err != nil {
				t.Fatal(err)
			}
			env := probe.Environment(t.Context(), t.TempDir(), nil)
			if got := env.Get("GOPROXY").Value; got != "https://user.test" {
				t.Errorf("GOPROXY=%s, want what the file says", got)
			}
			if stop := route.Plan(env, route.Module{}, gomod.Requirement{Mod: wanted, Written: wanted.Version}).Stop; stop.Text != "" {
				t.Errorf("stop %v with %q", stop.Kind, stop.Text)
			}
		})
	}
}

// TestEnvironmentOfFiles starts nothing: a go that would tell is not asked.
func TestEnvironmentOfFiles(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the go command here is a shell script")
	}
	home(t, "GOPROXY=https://file.example\n")
	bin := t.TempDir()
	asked := filepath.Join(bin, "asked")
	script := "#!/bin/sh\necho >" + asked + "\n"
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin)
	env := probe.EnvironmentOfFiles(map[string]string{"GOPRIVATE": "corp.example"})
	got := []route.Var{env.Get("GOPROXY"), env.Get("GOPRIVATE")}
	want := []route.Var{
		{Value: "https://file.example", Origin: route.User, Line: 1},
		{Value: "corp.example", Origin: route.Workspace},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	if _, err := os.Stat(asked); err == nil {
		t.Error("the go command was started")
	}
	probe.Environment(t.Context(), bin, nil)
	if _, err := os.Stat(asked); err != nil {
		t.Errorf("the test does not see a go command that is started: %v", err)
	}
}

// TestAmbientFiles tells where the settings and logins are.
func TestAmbientFiles(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("other names there")
	}
	env := home(t, "")
	dir := filepath.Dir(env)
	withoutGo(t)
	tests := []struct {
		name     string
		settings map[string]string
		want     []string
	}{
		{"where they are by default", nil, []string{".config/git/config", ".gitconfig", "env", ".netrc", ".ssh/config"}},
		{"elsewhere", map[string]string{"NETRC": dir + "/n", "GIT_CONFIG_GLOBAL": dir + "/g", "GOENV": dir + "/e"}, []string{"g", "e", "n", ".ssh/config"}},
		{"nowhere", map[string]string{"NETRC": "relative", "GIT_CONFIG_GLOBAL": "relative", "GOENV": "off"}, []string{".ssh/config"}},
		{"git's own folder", map[string]string{"XDG_CONFIG_HOME": dir + "/x"}, []string{"x/git/config", ".gitconfig", "env", ".netrc", ".ssh/config"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, name := range probe.AmbientFiles(probe.EnvironmentOfFiles(test.settings)) {
				if rel, ok := strings.CutPrefix(name, dir+"/"); ok {
					got = append(got, rel)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
