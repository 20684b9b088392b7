package probe_test

import (
	"os"
	"os/exec"
	"testing"

	"github.com/modreach/modreach/probe"
)

func TestAlive(t *testing.T) {
	if !probe.Alive(os.Getpid()) {
		t.Error("this test is not alive")
	}
	if probe.Alive(0) || probe.Alive(-1) {
		t.Error("no number is a process")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-test.run", "^$")
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	if probe.Alive(cmd.Process.Pid) {
		t.Error("a process that has ended is alive")
	}
}
