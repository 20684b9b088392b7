//go:build unix

package probe

import (
	"errors"
	"syscall"
)

// Alive reports whether there is a process with this number, as far as it can be
// seen from here. One that has ended and that its parent has not asked about is
// still there.
func Alive(pid int) bool {
	if pid <= 0 {
		return false // groups of processes have these numbers
	}
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
