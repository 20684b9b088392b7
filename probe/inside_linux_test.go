//go:build linux && (amd64 || arm64)

package probe_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// inside is the main function of the child process. It exits with setupFailed
// where the system does not let it make the place.
func inside(kind string) (code int) {
	if err := prepare(kind); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return setupFailed
	}
	p := probe.New(probe.Options{})
	defer p.Close()
	if kind == asNobody {
		hop := route.Hop{Kind: route.Cache, Dir: os.Getenv(cacheVar)}
		for _, ans := range p.Ask(context.Background(), question(hop, probe.Zip)) {
			fmt.Fprint(os.Stdout, ans.Text)
		}
		return 0
	}
	f := p.Knock(context.Background(), deniedHop(), probe.FirstLook)
	if f == nil {
		fmt.Fprintln(os.Stderr, "the host answered")
		return 1
	}
	f.Err = nil // cannot be written as JSON
	if err := json.NewEncoder(os.Stdout).Encode(f); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

const setupFailed = 3 // neither success nor an ordinary failure

func prepare(kind string) error {
	switch kind {
	case inSandbox:
		return forbidConnect()
	case behindProhibit:
		return addRoute(syscall.RTN_PROHIBIT)
	case behindUnreachable:
		return addRoute(syscall.RTN_UNREACHABLE)
	}
	return nil
}

// forbidConnect starts this program again where it may not connect.
func forbidConnect() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if err := os.Setenv(insideVar, inReady); err != nil {
		return err
	}
	return fakenet.ExecSandboxed(self, os.Args, os.Environ())
}

// addRoute adds a default route of a kind that lets nothing through.
func addRoute(kind byte) error {
	s, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC, syscall.NETLINK_ROUTE)
	if err != nil {
		return fmt.Errorf("opening netlink: %w", err)
	}
	defer syscall.Close(s)
	msg := make([]byte, syscall.SizeofNlMsghdr, syscall.SizeofNlMsghdr+syscall.SizeofRtMsg)
	binary.NativeEndian.PutUint32(msg, uint32(cap(msg)))
	binary.NativeEndian.PutUint16(msg[4:], syscall.RTM_NEWROUTE)
	binary.NativeEndian.PutUint16(msg[6:], syscall.NLM_F_REQUEST|syscall.NLM_F_ACK|syscall.NLM_F_CREATE)
	msg = append(msg, // struct rtmsg: no addresses, so the default route
		syscall.AF_INET, 0, 0, 0,
		syscall.RT_TABLE_MAIN, syscall.RTPROT_STATIC, syscall.RT_SCOPE_UNIVERSE, kind,
		0, 0, 0, 0)
	if err := syscall.Sendto(s, msg, 0, &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK}); err != nil {
		return fmt.Errorf("sending to netlink: %w", err)
	}
	reply := make([]byte, 4096) // a page holds any acknowledgement
	n, _, err := syscall.Recvfrom(s, reply, 0)
	if err != nil {
		return fmt.Errorf("reading from netlink: %w", err)
	}
	answers, err := syscall.ParseNetlinkMessage(reply[:n])
	if err != nil || len(answers) == 0 || len(answers[0].Data) < 4 {
		return fmt.Errorf("understanding netlink: %w", err)
	}
	if code := int32(binary.NativeEndian.Uint32(answers[0].Data)); code != 0 {
		return fmt.Errorf("adding a route: %w", syscall.Errno(-code))
	}
	return nil
}

// TestForbiddenCache has module caches in which this user may not write.
func TestForbiddenCache(t *testing.T) {
	tests := []struct {
		name string
		// made is the part of the cache that is there; empty for all but the cache
		// itself, "." for the cache alone.
		made, want string
	}{
		{"no cache", "", "could not create module cache: mkdir $CACHE: permission denied"},
		{"empty cache", ".", "mkdir $CACHE/cache: permission denied"},
		{"other modules", "cache/download", "mkdir $CACHE/cache/download/corp.example: permission denied"},
		{"other versions", "cache/download/corp.example/a/@v", "open $CACHE/cache/download/corp.example/a/@v/v1.0.0.lock: permission denied"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			// Its parent is closed to all other users.
			if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
				t.Fatal(err)
			}
			cache := filepath.Join(dir, "mod")
			if test.made != "" {
				if err := os.MkdirAll(filepath.Join(cache, test.made), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			last := filepath.Join(cache, test.made)
			if test.made == "" {
				last = dir
			}
			if err := os.Chmod(last, 0o555); err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), "/proc/self/exe")
			cmd.Env = append(os.Environ(), insideVar+"="+asNobody, cacheVar+"="+cache, "GORACE=atexit_sleep_ms=0")
			if os.Getuid() == 0 { // who may write everywhere
				cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
			}
			out, err := cmd.Output()
			if err != nil {
				t.Skipf("this system does not let us be nobody: %v", err)
			}
			if want := strings.ReplaceAll(test.want, "$CACHE", cache); string(out) != want {
				t.Errorf("text %q, want %q", out, want)
			}
		})
	}
}

// faultInside gives the fault that a process sees in such a place; it skips
// the test where this system does not let anybody make one.
func faultInside(t *testing.T, kind string) *probe.Fault {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	// The race detector would have the child wait a second before it ends.
	cmd.Env = append(os.Environ(), insideVar+"="+kind, "GORACE=atexit_sleep_ms=0")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if kind != inSandbox {
		cmd.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
			UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		}
	}
	out, err := cmd.Output()
	exit := (*exec.ExitError)(nil)
	switch {
	case errors.As(err, &exit) && exit.ExitCode() == setupFailed:
		t.Skipf("this system does not allow it: %s", &stderr)
	case errors.As(err, &exit):
		t.Fatalf("%v: %s", err, &stderr)
	case err != nil:
		t.Skipf("this system does not allow a network namespace: %v", err)
	}
	f := new(probe.Fault)
	if err := json.Unmarshal(out, f); err != nil {
		t.Fatalf("%v in %q", err, out)
	}
	return f
}
