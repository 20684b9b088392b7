//go:build linux && (amd64 || arm64)

package fakenet

import (
	"fmt"
	"runtime"
	"syscall"
	"unsafe"
)

// ExecSandboxed becomes a program that may not connect(2), as in the sandboxes
// of packagers and containers: only in a child process of a test. It comes back
// with an error only.
//
// A seccomp filter can never be taken off, and only the thread that sets it has
// it; exec leaves only that thread.
func ExecSandboxed(program string, args, env []string) error {
	const (
		load       = syscall.BPF_LD | syscall.BPF_W | syscall.BPF_ABS
		jumpEqual  = syscall.BPF_JMP | syscall.BPF_JEQ | syscall.BPF_K
		give       = syscall.BPF_RET | syscall.BPF_K
		allow      = 0x7fff0000 // SECCOMP_RET_ALLOW
		failWith   = 0x00050000 // SECCOMP_RET_ERRNO
		setSeccomp = 22         // PR_SET_SECCOMP
		noNewPrivs = 38         // PR_SET_NO_NEW_PRIVS
		filterMode = 2          // SECCOMP_MODE_FILTER
	)
	filter := []syscall.SockFilter{
		{Code: load, K: 0}, // the number of the system call
		{Code: jumpEqual, Jf: 1, K: syscall.SYS_CONNECT},
		{Code: give, K: failWith | uint32(syscall.EPERM)},
		{Code: give, K: allow},
	}
	fprog := syscall.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if _, _, errno := syscall.RawSyscall6(syscall.SYS_PRCTL, noNewPrivs, 1, 0, 0, 0, 0); errno != 0 {
		return fmt.Errorf("giving up privileges: %w", errno)
	}
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, setSeccomp, filterMode, uintptr(unsafe.Pointer(&fprog))); errno != 0 {
		return fmt.Errorf("setting a filter: %w", errno)
	}
	return syscall.Exec(program, args, env)
}
