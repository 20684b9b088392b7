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

// Exit codes; scripts rely on them.
const (
	exitClean    = 0
	exitFindings = 1
	exitFailed   = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// errFindings ends a command that did its work and found something to say.
var errFindings = errors.New("findings")

// run is the whole program; it gives the exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	root := rootCommand(in, out, errOut)
	root.SetArgs(goFlags(root, args))
	switch err := root.ExecuteContext(ctx); {
	case err == nil:
		return exitClean
	case errors.Is(err, errFindings):
		return exitFindings
	default:
		fmt.Fprintf(errOut, "modreach: %v\n", err)
		return exitFailed
	}
}

// version is that of the module this program was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
