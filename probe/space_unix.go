//go:build linux || darwin

package probe

import (
	"math"
	"syscall"
)

// freeSpace is how much this user may still put on the disk of a directory, in
// bytes; -1 where that cannot be told.
func freeSpace(dir string) int64 {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(dir, &stat); err != nil || stat.Bsize <= 0 {
		return -1
	}
	block := uint64(stat.Bsize)
	if stat.Bavail > math.MaxInt64/block {
		return math.MaxInt64 // a file system without an end
	}
	return int64(stat.Bavail * block)
}
