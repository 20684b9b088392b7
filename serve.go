package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/server"
)

// errSession ends a session with an editor that did not end in order.
var errSession = errors.New("the session ended")

// serveFlags are the flags of serve.
type serveFlags struct {
	log     string
	verbose bool
}

func serveCommand() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve [flags]",
		Short: "Serves an editor: the language server.",
		Long: `Serves an editor by the Language Server Protocol, on standard input and output.
Editors start it; there is nothing to be seen in a terminal.

What happens goes to standard error, or to a file that only its owner can read,
one line of JSON for each event. It tells nothing of what documents and messages
say.

Exit code: 0 after shutdown and exit, 1 when the session ended otherwise, 2 the
work could not be done.`,
		Args: takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.run(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	fs := cmd.Flags()
	fs.Bool("stdio", false, "use standard input and output, as it does anyway")
	fs.StringVar(&f.log, "log", "", "write the log to `file`; what grows too long moves to file.old")
	fs.BoolVarP(&f.verbose, "verbose", "v", false, "log each message, without its content")
	return cmd
}

func (f *serveFlags) run(ctx context.Context, in io.Reader, out, errOut io.Writer) error {
	log := errOut
	if f.log != "" {
		file, err := openLog(f.log)
		if err != nil {
			return err
		}
		defer file.Close()
		log = file
	}
	if out == io.Writer(os.Stdout) {
		// Nobody is to write on the wire by mistake.
		os.Stdout = os.Stderr
	}
	// An editor that has gone ends the session, and not the process on the spot.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := untilInterrupted(ctx)
	defer stop()

	restrain()
	run := server.NewRun()
	err := server.Serve(ctx, in, out, server.Options{
		Version: version(),
		Log:     server.NewLog(log, run, f.verbose),
		Run:     run,
		Alive:   probe.Alive,
		Watch:   probe.Watch,
		Links:   probe.Links,
	})
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		err = errInterrupted
	}
	return fmt.Errorf("%w: %w", errSession, err)
}
