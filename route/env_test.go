package route_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/route"
)

func TestParseEnvPrecedence(t *testing.T) {
	const goroot = "# comment\n\nGOPROXY=https://goroot.test,direct\nGOSUMDB=sum.golang.org\nGOTOOLCHAIN=auto\n"
	tests := []struct {
		name string
		// src is completed with the go.env above and a home directory.
		src   route.Sources
		about string
		want  route.Var
	}{
		{
			"go.env",
			route.Sources{},
			"GOPROXY",
			route.Var{Value: "https://goroot.test,direct", Origin: route.GOROOT, Line: 3},
		},
		{
			"user file before go.env",
			route.Sources{UserFile: []byte("GOPROXY=https://user.test\n")},
			"GOPROXY",
			route.Var{Value: "https://user.test", Origin: route.User, Line: 1},
		},
		{
			"process before user file",
			route.Sources{Process: []string{"GOPROXY=off"}, UserFile: []byte("GOPROXY=https://user.test\n")},
			"GOPROXY",
			route.Var{Value: "off", Origin: route.Process},
		},
		{
			"workspace before process",
			route.Sources{Process: []string{"GOPROXY=off"}, Workspace: map[string]string{"GOPROXY": "direct"}},
			"GOPROXY",
			route.Var{Value: "direct", Origin: route.Workspace},
		},
		{
			"empty process value is none",
			route.Sources{Process: []string{"GOPROXY="}, UserFile: []byte("GOPROXY=https://user.test\n")},
			"GOPROXY",
			route.Var{Value: "https://user.test", Origin: route.User, Line: 1},
		},
		{
			"empty workspace value hides the process",
			route.Sources{Process: []string{"GOPROXY=off"}, Workspace: map[string]string{"GOPROXY": ""}},
			"GOPROXY",
			route.Var{Value: "https://goroot.test,direct", Origin: route.GOROOT, Line: 3},
		},
		{
			"empty user value masks go.env",
			route.Sources{UserFile: []byte("GOFLAGS=-v\nGOPROXY=\n")},
			"GOPROXY",
			route.Var{Origin: route.User, Line: 2},
		},
		{
			"empty GOSUMDB masks go.env",
			route.Sources{UserFile: []byte("GOSUMDB=\n")},
			"GOSUMDB",
			route.Var{Origin: route.User, Line: 1},
		},
		{
			"empty user value of a variable with a default",
			route.Sources{UserFile: []byte("GOAUTH=\n")},
			"GOAUTH",
			route.Var{Value: "netrc"},
		},
		{
			"last duplicate wins",
			route.Sources{UserFile: []byte("GOPROXY=off\nGOPROXY=direct")},
			"GOPROXY",
			route.Var{Value: "direct", Origin: route.User, Line: 2},
		},
		{
			"indented line is ignored",
			route.Sources{UserFile: []byte(" GOPROXY=off\n")},
			"GOPROXY",
			route.Var{Value: "https://goroot.test,direct", Origin: route.GOROOT, Line: 3},
		},
		{
			"export is ignored",
			route.Sources{UserFile: []byte("export GOPROXY=off\n#GOPROXY=off\n=off\n")},
			"GOPROXY",
			route.Var{Value: "https://goroot.test,direct", Origin: route.GOROOT, Line: 3},
		},
		{
			"quotes, comment and carriage return stay",
			route.Sources{UserFile: []byte("GOPROXY=\"off\" # no\r\n")},
			"GOPROXY",
			route.Var{Value: "\"off\" # no\r", Origin: route.User, Line: 1},
		},
		{
			"GOWORK=off by hand in the file",
			route.Sources{UserFile: []byte("GOWORK=off\n")},
			"GOWORK",
			route.Var{Value: "off", Origin: route.User, Line: 1},
		},
		{
			"process only: HTTPS_PROXY in the file",
			route.Sources{UserFile: []byte("HTTPS_PROXY=http://x.test\n")},
			"HTTPS_PROXY",
			route.Var{},
		},
		{
			"process only: NETRC",
			route.Sources{Process: []string{"NETRC=/n"}, UserFile: []byte("NETRC=/f\n")},
			"NETRC",
			route.Var{Value: "/n", Origin: route.Process},
		},
		{
			"process only: GODEBUG",
			route.Sources{UserFile: []byte("GODEBUG=cmdgonetlimit=0\n")},
			"GODEBUG",
			route.Var{},
		},
		{
			"GONOPROXY defaults to GOPRIVATE",
			route.Sources{UserFile: []byte("\nGOPRIVATE=corp.test\n")},
			"GONOPROXY",
			route.Var{Value: "corp.test", Origin: route.User, From: "GOPRIVATE", Line: 2},
		},
		{
			"GONOSUMDB replaces GOPRIVATE",
			route.Sources{Process: []string{"GOPRIVATE=corp.test", "GONOSUMDB=none"}},
			"GONOSUMDB",
			route.Var{Value: "none", Origin: route.Process},
		},
		{
			"empty GONOPROXY falls back",
			route.Sources{Process: []string{"GOPRIVATE=corp.test"}, UserFile: []byte("GONOPROXY=\n")},
			"GONOPROXY",
			route.Var{Value: "corp.test", Origin: route.Process, From: "GOPRIVATE"},
		},
		{
			"default GOPATH",
			route.Sources{},
			"GOPATH",
			route.Var{Value: filepath.FromSlash("/home/me/go")},
		},
		{
			"GOMODCACHE from the default GOPATH",
			route.Sources{},
			"GOMODCACHE",
			route.Var{Value: filepath.FromSlash("/home/me/go/pkg/mod"), From: "GOPATH"},
		},
		{
			"GOMODCACHE from the first of GOPATH",
			route.Sources{Process: []string{"GOPATH=/a" + string(filepath.ListSeparator) + "/b"}},
			"GOMODCACHE",
			route.Var{Value: filepath.FromSlash("/a/pkg/mod"), Origin: route.Process, From: "GOPATH"},
		},
		{
			"GOPATH equal to GOROOT",
			route.Sources{GOROOT: "/home/me/go"},
			"GOPATH",
			route.Var{},
		},
		{
			"relative home gives no GOPATH",
			route.Sources{Process: []string{"HOME=me"}},
			"GOMODCACHE",
			route.Var{},
		},
		{
			"the go command's value, our origin",
			route.Sources{UserFile: []byte("GOPROXY=off\n"), GoEnv: map[string]string{"GOPROXY": "direct"}},
			"GOPROXY",
			route.Var{Value: "direct", Origin: route.User, Line: 1},
		},
		{
			"GOTOOLCHAIN of the go command is our own",
			route.Sources{GoEnv: map[string]string{"GOTOOLCHAIN": "local"}},
			"GOTOOLCHAIN",
			route.Var{Value: "auto", Origin: route.GOROOT, Line: 5},
		},
		{
			"GOWORK of the go command is what was found",
			route.Sources{GoEnv: map[string]string{"GOWORK": "/w/go.work"}},
			"GOWORK",
			route.Var{},
		},
		{
			"GOVERSION",
			route.Sources{GoEnv: map[string]string{"GOVERSION": "go1.26.1"}},
			"GOVERSION",
			route.Var{Value: "go1.26.1"},
		},
		{
			"a go command that does not know GOAUTH",
			route.Sources{GoEnv: map[string]string{"GOAUTH": ""}},
			"GOAUTH",
			route.Var{Value: "netrc"},
		},
		{
			"unknown go.env",
			route.Sources{GOROOTFile: []byte{}, GoEnv: map[string]string{"GOSUMDB": "sum.golang.org"}},
			"GOSUMDB",
			route.Var{Value: "sum.golang.org", Origin: route.GOROOT},
		},
		{
			"GOENV off",
			route.Sources{Process: []string{"GOENV=off"}, GoEnv: map[string]string{"GOENV": ""}},
			"GOENV",
			route.Var{Value: "off", Origin: route.Process},
		},
		{
			"GOENV cannot stand in the file",
			route.Sources{UserPath: "/e", UserFile: []byte("GOENV=/f\n")},
			"GOENV",
			route.Var{Value: "/e"},
		},
		{
			"Windows does not mind the case",
			route.Sources{Process: []string{"=C:=C:\\x", "GoProxy=off"}, OS: "windows"},
			"GOPROXY",
			route.Var{Value: "off", Origin: route.Process},
		},
		{
			"Linux minds it",
			route.Sources{Process: []string{"GoProxy=off"}},
			"GOPROXY",
			route.Var{Value: "https://goroot.test,direct", Origin: route.GOROOT, Line: 3},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := tt.src
			src.Home = "/home/me"
			if src.OS == "" {
				src.OS = "linux"
			}
			if src.GOROOTFile == nil {
				src.GOROOTFile = []byte(goroot)
			}
			if diff := cmp.Diff(tt.want, route.ParseEnv(src).Get(tt.about)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.about, diff)
			}
		})
	}
}

func TestUserEnvPath(t *testing.T) {
	tests := []struct {
		name    string
		process []string
		goos    string
		home    string
		want    string // empty for none
	}{
		{"GOENV", []string{"GOENV=/etc/goenv", "HOME=/h"}, "linux", "", "/etc/goenv"},
		{"GOENV off", []string{"GOENV=off", "HOME=/h"}, "linux", "", ""},
		{"XDG", []string{"XDG_CONFIG_HOME=/x", "HOME=/h"}, "linux", "", "/x/go/env"},
		{"home", []string{"HOME=/h"}, "linux", "", "/h/.config/go/env"},
		{"home of the caller", nil, "freebsd", "/h", "/h/.config/go/env"},
		{"relative XDG", []string{"XDG_CONFIG_HOME=x", "HOME=/h"}, "linux", "", ""},
		{"no home", nil, "linux", "", ""},
		{"macOS", []string{"HOME=/h", "XDG_CONFIG_HOME=/x"}, "darwin", "", "/h/Library/Application Support/go/env"},
		{"macOS without home", nil, "darwin", "", ""},
		{"Windows", []string{"AppData=/roaming"}, "windows", "", "/roaming/go/env"},
		{"Windows without AppData", nil, "windows", "/h", ""},
		{"Plan 9", []string{"home=/h"}, "plan9", "", "/h/lib/go/env"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path, ok := route.UserEnvPath(tt.process, tt.goos, tt.home)
			if ok != (tt.want != "") || ok && path != filepath.FromSlash(tt.want) {
				t.Errorf("UserEnvPath = %q, %v; want %q", path, ok, tt.want)
			}
		})
	}
}

func TestEnvAll(t *testing.T) {
	env := route.ParseEnv(route.Sources{
		Process: []string{"https_proxy=http://p.test", "GIT_SSL_CAINFO=/ca", "PATH=/bin", "GODEBUG=", "GOPROXY=off"},
		OS:      "linux",
	})
	var names []string
	for _, n := range env.All() {
		names = append(names, n.Name)
	}
	want := []string{
		"GIT_SSL_CAINFO", "GO111MODULE", "GOAUTH", "GOENV", "GOFLAGS", "GOINSECURE", "GOMODCACHE",
		"GONOPROXY", "GONOSUMDB", "GOPATH", "GOPRIVATE", "GOPROXY", "GOROOT", "GOSUMDB",
		"GOTOOLCHAIN", "GOVCS", "GOVERSION", "GOWORK", "https_proxy",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("All (-want +got):\n%s", diff)
	}
}

func TestEnvUserFile(t *testing.T) {
	env := route.ParseEnv(route.Sources{
		Process:  []string{"GOPROXY=off"},
		UserFile: []byte("GOPROXY=direct\nGONOSUMCHECK=1\n"),
		OS:       "linux",
	})
	want := []route.Named{
		{Name: "GONOSUMCHECK", Var: route.Var{Value: "1", Origin: route.User, Line: 2}},
		{Name: "GOPROXY", Var: route.Var{Value: "direct", Origin: route.User, Line: 1}},
	}
	if diff := cmp.Diff(want, env.UserFile()); diff != "" {
		t.Errorf("UserFile (-want +got):\n%s", diff)
	}
}

func TestOverlay(t *testing.T) {
	process := []string{"A=1", "Path=/bin", "B=2"}
	before := slices.Clone(process)
	got := route.Overlay(process, map[string]string{"PATH": "/opt", "B": ""}, "windows")
	if diff := cmp.Diff([]string{"A=1", "B=", "PATH=/opt"}, got); diff != "" {
		t.Errorf("Overlay (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, process); diff != "" {
		t.Errorf("Overlay changed its input (-before +after):\n%s", diff)
	}
}

func TestOriginNames(t *testing.T) {
	var got []string
	for o := route.Default; o <= route.Workspace; o++ {
		got = append(got, o.String())
	}
	if diff := cmp.Diff([]string{"default", "goroot", "user", "process", "workspace"}, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}
