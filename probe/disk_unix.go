//go:build unix

package probe

import "syscall"

// writable tells why this user cannot make files in a directory; nil if it can.
func writable(dir string) error {
	const writeAndSearch = 2 | 1 // W_OK and X_OK of access(2)
	return syscall.Access(dir, writeAndSearch)
}
