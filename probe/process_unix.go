//go:build unix

package probe

import (
	"os/exec"
	"syscall"
)

// family is a command and all that it starts.
type family struct{ cmd *exec.Cmd }

// adopt makes the command the head of a session of its own: it then has no
// terminal to ask questions at, and can be killed with its children.
func adopt(cmd *exec.Cmd) family {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return family{cmd}
}

// kill ends whatever still lives.
func (f family) kill() {
	// There is nothing to be done about one that cannot be killed.
	_ = syscall.Kill(-f.cmd.Process.Pid, syscall.SIGKILL)
}
