package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/report"
)

// checkFlags are the flags of check.
type checkFlags struct {
	format, output, severity, dir string
	noCache, offline, verbose     bool
	timeout                       time.Duration
}

func checkCommand() *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check [flags] [path ...]",
		Short: "Checks every requirement of go.mod files.",
		Long: `Checks every requirement of go.mod files.

A path is a go.mod file, a go.work file (all modules it uses), a folder with one
of them, a folder followed by /... (every go.mod below it), or - for the text of
a go.mod on standard input. Without a path it is the module of the current folder.

Exit code: 0 nothing found at or above the severity, 1 findings, 2 the work
could not be done.`,
		Example: "  modreach check\n  modreach check -format json ./...\n  modreach check -no-cache go.mod",
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), args, cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&f.format, "format", "text", "`form` of the output: "+strings.Join(formatNames(), ", "))
	fs.StringVarP(&f.output, "output", "o", "", "write the output to `file`")
	fs.StringVar(&f.severity, "severity", "error", "the lowest `level` that makes the exit code 1: error, warning, info, hint")
	fs.StringVarP(&f.dir, "chdir", "C", "", "change to `dir` first")
	fs.BoolVar(&f.noCache, "no-cache", false, "ignore the module cache: what would a fresh machine see?")
	fs.BoolVar(&f.offline, "offline", false, "use no network: only the module cache, vendor and file proxies")
	fs.BoolVarP(&f.verbose, "verbose", "v", false, "tell the verdict and the hops of every requirement")
	fs.DurationVar(&f.timeout, "timeout", 0, "give up after this `time` for the whole run, such as 30s (0 means never)")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formatNames(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// writers are the forms of output of check, by name.
var writers = []struct {
	name  string
	write func(io.Writer, report.Check) error
}{
	{"json", report.JSON},
	{"sarif", report.SARIF},
	{"github", report.GitHub},
}

func formatNames() []string {
	names := []string{"text"}
	for _, w := range writers {
		names = append(names, w.name)
	}
	return names
}

// writer gives the function that writes the chosen form. Text depends on where
// it goes to.
func (f *checkFlags) writer(out io.Writer) (func(io.Writer, report.Check) error, error) {
	if f.format == "text" {
		o := report.TextOptions{Color: f.output == "" && colored(out), Verbose: f.verbose}
		return func(w io.Writer, c report.Check) error { return report.Text(w, c, o) }, nil
	}
	for _, w := range writers {
		if w.name == f.format {
			return w.write, nil
		}
	}
	return nil, fmt.Errorf("unknown format %q; there are %s", f.format, strings.Join(formatNames(), ", "))
}

func (f *checkFlags) run(ctx context.Context, paths []string, in io.Reader, out, errOut io.Writer) error {
	write, err := f.writer(out)
	if err != nil {
		return err
	}
	threshold, ok := diagnostics.ParseSeverity(f.severity)
	if !ok {
		return fmt.Errorf("unknown severity %q; there are error, warning, info, hint", f.severity)
	}
	if f.timeout < 0 {
		return fmt.Errorf("the timeout %v is negative", f.timeout)
	}
	if f.dir != "" {
		if err := os.Chdir(f.dir); err != nil {
			return plain(err)
		}
	}
	targets, err := findTargets(ctx, paths, in)
	if err != nil {
		return err
	}
	s := survey{targets: targets, skipCache: f.noCache, offline: f.offline, timeout: f.timeout, progress: newProgress(errOut)}
	result, err := s.run(ctx)
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := write(&page, result); err != nil {
		return fmt.Errorf("writing the result: %w", err)
	}
	if err := f.deliver(page.Bytes(), out); err != nil {
		return fmt.Errorf("writing the result: %w", err)
	}
	for _, file := range result.Files {
		for _, finding := range file.Findings {
			if finding.Severity <= threshold {
				return errFindings
			}
		}
	}
	return nil
}

// deliver writes the page where it was asked for; a file appears whole or not
// at all.
func (f *checkFlags) deliver(page []byte, out io.Writer) error {
	if f.output == "" {
		_, err := out.Write(page)
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(f.output), filepath.Base(f.output)+".*")
	if err != nil {
		return fmt.Errorf("%s: %w", f.output, cause(err))
	}
	_, err = tmp.Write(page)
	err = errors.Join(err, tmp.Chmod(0o644), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), f.output)
	}
	if err != nil {
		_ = os.Remove(tmp.Name()) // what is left of a failed attempt
	}
	return err
}

// colored reports whether output may be coloured: only on a terminal, and only
// where the user has not said no (https://no-color.org).
func colored(w io.Writer) bool {
	return isTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

func isTerminal(w any) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// plain makes an error about a file fit a one-line message: "NAME: REASON".
func plain(err error) error {
	if at := (*os.PathError)(nil); errors.As(err, &at) {
		return fmt.Errorf("%s: %w", at.Path, at.Err)
	}
	return err
}

// cause is the reason inside an error about a file.
func cause(err error) error {
	if at := (*os.PathError)(nil); errors.As(err, &at) {
		return at.Err
	}
	return err
}
