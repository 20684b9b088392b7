// Command modreach tells, for every require line of a go.mod file, whether the
// go command could fetch that module version here and now, and if not, why.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

// Exit codes; scripts and editors rely on them.
const (
	exitClean    = 0
	exitFindings = 1
	exitSession  = 1 // what the protocol wants where shutdown is missing
	exitFailed   = 2
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

var (
	// errFindings ends a command that did its work and found something to say.
	errFindings = errors.New("findings")
	// errInterrupted ends a command that was told to stop.
	errInterrupted = errors.New("interrupted")
)

// run is the whole program; it gives the exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	root := rootCommand(in, out, errOut)
	root.SetArgs(goFlags(root, args))
	switch err := root.ExecuteContext(ctx); {
	case err == nil:
		return exitClean
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.Is(err, errSession):
		fmt.Fprintln(errOut, "modreach: "+printable(err.Error()))
		return exitSession
	default:
		fmt.Fprintln(errOut, "modreach: "+printable(err.Error()))
		return exitFailed
	}
}

// untilInterrupted gives a context that ends when the user has had enough. It
// is for work that watches its context; elsewhere, as while standard input is
// read, a signal just ends the program. Call stop when the work is done.
func untilInterrupted(ctx context.Context) (_ context.Context, stop context.CancelFunc) {
	return signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
}

// version is that of the module this program was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
