//go:build !linux || !(amd64 || arm64)

package probe_test

import (
	"testing"

	"github.com/modreach/modreach/probe"
)

// inside is never reached: nobody starts the child process here.
func inside(string) int { return 1 }

// faultInside skips the test: only Linux lets a program cut itself off, and
// the numbers of its system calls are known here for two processors.
func faultInside(t *testing.T, _ string) *probe.Fault {
	t.Helper()
	t.Skip("no way to forbid a connection on this system")
	return nil
}
