//go:build !unix

package probe

import "os/exec"

// family is a command. What it starts in turn cannot be told from other
// processes here; it loses its outputs and so mostly its reason to live.
type family struct{ cmd *exec.Cmd }

// adopt prepares the command.
func adopt(cmd *exec.Cmd) family { return family{cmd} }

// kill ends the command.
func (f family) kill() {
	// It may have ended already.
	_ = f.cmd.Process.Kill()
}
