package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/report"
)

// checkFlags are the flags of check.
type checkFlags struct {
	surveyFlags
	format, output, severity string
	verbose                  bool
}

func checkCommand() *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check [flags] [path ...]",
		Short: "Checks every requirement of go.mod files.",
		Long: `Checks every requirement of go.mod files.

A path is a go.mod file, a go.work file (all modules it uses), a folder with one
of them, a folder followed by /... (every go.mod below it), or - for the text of
a go.mod on standard input. Without a path it is the module of the current
folder.

Exit code: 0 nothing found at or above the severity, 1 findings, 2 the work
could not be done.`,
		Example: "  modreach check\n  modreach check -format json ./...\n  modreach check -no-cache go.mod",
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), args, cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f.define(cmd)
	fs := cmd.Flags()
	fs.StringVar(&f.format, "format", "text", "`form` of the output: "+strings.Join(formatNames(), ", "))
	fs.StringVarP(&f.output, "output", "o", "", "write the output to `file`")
	fs.StringVar(&f.severity, "severity", "error", "the lowest `level` that makes the exit code 1: "+severityNames)
	fs.BoolVarP(&f.verbose, "verbose", "v", false, "tell the verdict and the hops of every requirement")
	complete(cmd, "format", formatNames()...)
	complete(cmd, "severity", strings.Split(severityNames, ", ")...)
	return cmd
}

const severityNames = "error, warning, info, hint"

// writers are the forms of output of check, by name.
var writers = []struct {
	name  string
	write func(io.Writer, report.Check) error
}{
	{"json", report.JSON},
	{"sarif", report.SARIF},
	{"github", report.GitHub},
	{"gitlab", report.GitLab},
	{"html", report.HTML},
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
		o, width := report.TextOptions{Verbose: f.verbose}, 0
		if f.output == "" {
			o.Color, width = colored(out), columns(out)
		}
		return func(w io.Writer, c report.Check) error { return report.Text(fold{w, width}, c, o) }, nil
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
		return fmt.Errorf("unknown severity %q; there are %s", f.severity, severityNames)
	}
	cwd, err := f.enter()
	if err != nil {
		return err
	}
	targets, err := findTargets(ctx, cwd, paths, in)
	if err != nil {
		return err
	}
	ctx, stop := untilInterrupted(ctx)
	defer stop()
	d, err := deliverTo(f.output, out)
	if err != nil {
		return err
	}
	defer d.abandon()
	result, err := f.check(ctx, targets, errOut)
	if err != nil {
		return err
	}
	if err := d.finish(func(w io.Writer) error { return write(w, result) }); err != nil {
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

// check asks about the requirements of some files, all at once.
func (f *checkFlags) check(ctx context.Context, targets []target, errOut io.Writer) (report.Check, error) {
	start := time.Now()
	env, err := environment(ctx, filepath.Dir(targets[0].name))
	if err != nil {
		return report.Check{}, err
	}
	pages, routes, err := newPages(ctx, env, new(probe.Shelf), targets)
	if err != nil {
		return report.Check{}, err
	}
	verdicts, weather, err := f.survey(env, errOut).verdicts(ctx, routes)
	if err != nil {
		return report.Check{}, err
	}
	if f.noCache {
		if err := f.alsoCached(ctx, env, routes, verdicts); err != nil {
			return report.Check{}, err
		}
	}
	result := report.Check{Version: version(), Environment: settings(env), At: start}
	for i, p := range pages {
		result.Files = append(result.Files, p.filled(verdicts[i], weather, i == 0))
	}
	result.Took = time.Since(start)
	return result, nil
}
