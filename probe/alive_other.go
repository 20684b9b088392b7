//go:build !unix

package probe

import "os"

// Alive reports whether there is a process with this number, as far as it can be
// seen from here.
func Alive(pid int) bool {
	process, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	// Where this opens a process, it fails for one that has ended.
	_ = process.Release() // there is nothing to be done about it
	return true
}
