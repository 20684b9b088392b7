package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/report"
)

// fixFlags are the flags of fix.
type fixFlags struct {
	surveyFlags
	diff, env bool
}

func fixCommand() *cobra.Command {
	var f fixFlags
	cmd := &cobra.Command{
		Use:   "fix [flags] [path ...]",
		Short: "Mends what most would mend in the same way.",
		Long: `Checks go.mod files, and mends what most would mend in the same way: a version
that does not exist becomes the nearest one that does, a replace leads to the
only checkout there is. What is left to decide is told.

Only go.mod and go.work files are changed, in the places that have to be, and
each as a whole or not at all. With -env the settings are mended too, by
"go env -w"; each change of them was tried before, for the module it is for.

A path is one as for check.

Exit code: 0 nothing is left at the severity error, 1 something is, 2 the work
could not be done.`,
		Example: "  modreach fix\n  modreach fix -diff ./...\n  modreach fix -env",
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), args, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f.define(cmd)
	fs := cmd.Flags()
	fs.BoolVar(&f.diff, "diff", false, "print the changes and make none")
	fs.BoolVar(&f.env, "env", false, "mend settings too, by go env -w")
	return cmd
}

func (f *fixFlags) run(ctx context.Context, paths []string, out, errOut io.Writer) error {
	cwd, err := f.enter()
	if err != nil {
		return err
	}
	if slices.Contains(paths, "-") {
		return errors.New("standard input cannot be mended: name the file")
	}
	targets, err := findTargets(ctx, cwd, paths, nil)
	if err != nil {
		return err
	}
	ctx, stop := untilInterrupted(ctx)
	defer stop()
	m := newMender(f, cwd, targets, errOut)
	result, err := m.mend(ctx)
	if err != nil {
		return err
	}
	if f.diff {
		err = m.writeDiff(out)
	} else if err = m.save(); err != nil {
		return errors.Join(tell(out, m.set), err) // those are set all the same
	}
	if err == nil && (f.env || !f.diff) { // else there is a patch and nothing else
		err = m.tell(out, result)
	}
	if err != nil {
		return err
	}
	for _, file := range result.Files {
		for _, finding := range file.Findings {
			if finding.Severity == diagnostics.Error {
				return errFindings
			}
		}
	}
	if f.diff && (m.changed() || f.env && len(m.advised) > 0) {
		return errFindings
	}
	return nil
}

// tell writes lines as a terminal can show them, folded where they are too long
// for it.
func tell(out io.Writer, lines []string) error {
	folded := fold{out, columns(out)}
	for _, line := range lines {
		if _, err := fmt.Fprintln(folded, printable(line)); err != nil {
			return fmt.Errorf("writing the result: %w", err)
		}
	}
	return nil
}

// tell writes what was mended, unless a diff shows that, and what is left.
func (m *mender) tell(out io.Writer, result report.Check) error {
	lines := slices.Concat(m.set, m.told, m.advised)
	if m.flags.diff {
		lines = m.advised
	}
	if err := tell(out, lines); err != nil {
		return err
	}
	o, width := report.TextOptions{Color: colored(out)}, columns(out)
	if err := report.Text(fold{out, width}, result, o); err != nil {
		return fmt.Errorf("writing the result: %w", err)
	}
	return nil
}
