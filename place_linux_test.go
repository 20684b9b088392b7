//go:build linux && (amd64 || arm64)

package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"unsafe"

	"github.com/modreach/modreach/internal/fakenet"
)

// inside gives the command that runs the program in a place. It skips the test
// where this system does not let anybody make one.
func inside(t *testing.T, place, program string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := func(program string) *exec.Cmd {
		cmd := exec.CommandContext(t.Context(), self, checkArgs...)
		cmd.Env = []string{placeVar + "=" + place, programVar + "=" + program, "GORACE=atexit_sleep_ms=0", resolvVar + "=" + filepath.Join(t.TempDir(), "resolv.conf")}
		if place != inSandbox {
			cmd.SysProcAttr = &syscall.SysProcAttr{
				Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWNS,
				UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
				GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
			}
		}
		return cmd
	}
	nothing, err := exec.LookPath("true")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := command(nothing).CombinedOutput(); err != nil {
		t.Skipf("this system does not allow it: %v: %s", err, out)
	}
	return command(program)
}

// resolvVar names a file that takes the place of /etc/resolv.conf.
const resolvVar = "MODREACH_TEST_RESOLV"

// enter is the main function of the child process: it makes the place and then
// becomes the program.
func enter(place string) (code int) {
	program := os.Getenv(programVar)
	args, env := append([]string{program}, os.Args[1:]...), os.Environ()
	var err error
	if place == inSandbox {
		err = fakenet.ExecSandboxed(program, args, env)
	} else if err = oddDNS(place); err == nil {
		err = syscall.Exec(program, args, env)
	}
	fmt.Fprintln(os.Stderr, err)
	return exitFailed
}

// oddDNS makes the only name server one that stays silent, or one that nobody is.
// What holds the address of the silent one is left to the program that follows.
func oddDNS(place string) error {
	const server = "127.0.0.1"
	if err := loopbackUp(); err != nil {
		return fmt.Errorf("bringing the loopback up: %w", err)
	}
	if place == withMuteDNS {
		s, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM, 0) // stays open in what follows
		if err != nil {
			return fmt.Errorf("opening a socket: %w", err)
		}
		if err := syscall.Bind(s, &syscall.SockaddrInet4{Port: 53, Addr: [4]byte(net.ParseIP(server).To4())}); err != nil {
			return fmt.Errorf("taking the port of a name server: %w", err)
		}
	}
	file := os.Getenv(resolvVar)
	if err := os.WriteFile(file, []byte("nameserver "+server+"\noptions timeout:1 attempts:1\n"), 0o644); err != nil {
		return err
	}
	if err := syscall.Mount(file, "/etc/resolv.conf", "", syscall.MS_BIND, ""); err != nil {
		return fmt.Errorf("naming a name server: %w", err)
	}
	return nil
}

func loopbackUp() error {
	s, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(s)
	request := struct { // struct ifreq
		name  [syscall.IFNAMSIZ]byte
		flags uint16
		_     [22]byte
	}{name: [syscall.IFNAMSIZ]byte{'l', 'o'}, flags: syscall.IFF_UP}
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(s), syscall.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&request))); errno != 0 {
		return errno
	}
	return nil
}
