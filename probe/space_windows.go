package probe

import (
	"math"
	"syscall"
	"unsafe"
)

// freeSpace is how much this user may still put on the disk of a directory, in
// bytes; -1 where that cannot be told.
func freeSpace(dir string) int64 {
	name, err := syscall.UTF16PtrFromString(dir)
	if err != nil {
		return -1
	}
	// Package syscall does not have this call of kernel32.
	call := syscall.NewLazyDLL("kernel32.dll").NewProc("GetDiskFreeSpaceExW")
	var free uint64
	if ok, _, _ := call.Call(uintptr(unsafe.Pointer(name)), uintptr(unsafe.Pointer(&free)), 0, 0); ok == 0 {
		return -1
	}
	return int64(min(free, math.MaxInt64))
}
