package probe_test

import (
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/probe"
)

// TestTools looks at the programs and at the settings of git, of which no secret
// may come out.
func TestTools(t *testing.T) {
	home := t.TempDir()
	const config = `
[credential]
	helper = no-such-helper --token=tok-1234
	helper = "!f() { echo password=tok-1234; }; f"
[credential "https://git.corp.example"]
	helper = store
[http "https://git.corp.example"]
	proxy = http://me:tok-1234@proxy.corp.example:3128
[url "ssh://git@git.corp.example/"]
	insteadOf = https://git.corp.example/
[url "https://tok-1234@github.com/"]
	insteadOf = https://github.com/
`
	if err := os.WriteFile(filepath.Join(home, ".gitconfig"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	env := envOf("HOME="+home, "PATH="+os.Getenv("PATH"), "GIT_CONFIG_NOSYSTEM=1", "XDG_CONFIG_HOME="+home)
	tools := newProber(t, fakenet.New(t), probe.Options{Env: env}).Tools(t.Context())
	if tools.Go.Path == "" || tools.Git.Err != nil || !strings.Contains(tools.Git.Version, ".") {
		t.Errorf("%+v", tools)
	}
	want := probe.Tools{
		Helpers: []probe.Helper{{Name: "no-such-helper", Missing: true}, {Name: "a command"}, {Name: "store"}},
		Rewrites: []probe.Rewrite{
			{From: "https://git.corp.example/", To: "ssh://git@git.corp.example/"},
			{From: "https://github.com/", To: "https://xxxxx@github.com/"},
		},
		GitProxies: []string{"http://me:xxxxx@proxy.corp.example:3128"},
	}
	tools.Go, tools.Git, tools.SSH = probe.Tool{}, probe.Tool{}, probe.Tool{}
	if diff := cmp.Diff(want, tools); diff != "" {
		t.Errorf("tools (-want +got):\n%s", diff)
	}
}

func TestToolsMissing(t *testing.T) {
	tools := newProber(t, fakenet.New(t), probe.Options{Env: envOf("PATH=" + t.TempDir())}).Tools(t.Context())
	for name, tool := range map[string]probe.Tool{"go": tools.Go, "git": tools.Git, "ssh": tools.SSH} {
		if tool.Err == nil || tool.Path != "" {
			t.Errorf("%s: %+v", name, tool)
		}
	}
}

// TestAgent connects to an ssh agent that is there, and to one that is not.
func TestAgent(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("has no such sockets")
	}
	t.Chdir(t.TempDir()) // its path is too long for a socket
	const there = "there"
	l, err := net.Listen("unix", there)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, socket := range []string{there, "gone"} {
		env := envOf("PATH="+t.TempDir(), "SSH_AUTH_SOCK="+socket)
		tools := newProber(t, fakenet.New(t), probe.Options{Env: env}).Tools(t.Context())
		if tools.AgentSocket != socket || (tools.Agent == nil) != (socket == there) {
			t.Errorf("%s: %+v", socket, tools)
		}
	}
}
