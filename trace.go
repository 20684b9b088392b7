package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/report"
	"github.com/modreach/modreach/route"
)

func traceCommand() *cobra.Command {
	var f surveyFlags
	cmd := &cobra.Command{
		Use:   "trace [flags] MODULE[@VERSION]",
		Short: "Follows one module version hop by hop, with the time of every step.",
		Long: `Follows one module version hop by hop, with the time of every step.

With a version it goes the way of "go mod download MODULE@VERSION", which knows
no replace and no exclude. Without one it takes the requirement of the go.mod of
the current folder, with all that applies to it.

Exit code: 0 reachable or unknown, 1 unreachable, 2 the work could not be done.`,
		Example: "  modreach trace git.corp.example/team/lib@v1.4.0\n  modreach trace golang.org/x/mod",
		Args:    takes(1, 1, "one MODULE or MODULE@VERSION"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return traceModule(cmd.Context(), f, args[0], cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f.define(cmd)
	return cmd
}

func traceModule(ctx context.Context, f surveyFlags, arg string, out, errOut io.Writer) error {
	cwd, err := f.enter()
	if err != nil {
		return err
	}
	ctx, stop := untilInterrupted(ctx)
	defer stop()
	env, r, err := traceRoute(ctx, cwd, arg)
	if err != nil {
		return err
	}
	verdicts, weather, err := f.survey(env, errOut).verdicts(ctx, [][]route.Route{{r}})
	if err != nil {
		return err
	}
	v := verdicts[0][0]
	if err := report.Trace(fold{out, columns(out)}, v, findingOn(v, weather), colored(out)); err != nil {
		return fmt.Errorf("writing the result: %w", err)
	}
	if v.State == diagnostics.Unreachable {
		return errFindings
	}
	return nil
}

// traceRoute plans the route of what the argument names.
func traceRoute(ctx context.Context, cwd, arg string) (route.Env, route.Route, error) {
	path, version, explicit := strings.Cut(arg, "@")
	if explicit && version == "" || path == "" {
		return route.Env{}, route.Route{}, fmt.Errorf("%q is no MODULE@VERSION", arg)
	}
	env, err := environment(ctx, cwd)
	if err != nil {
		return env, route.Route{}, err
	}
	if explicit {
		return env, route.Explicit(env, module.Version{Path: path, Version: version}), nil
	}
	targets, err := defaultTargets(ctx, cwd)
	if err != nil {
		return env, route.Route{}, fmt.Errorf("%w; say which version: %s@VERSION", err, path)
	}
	for _, t := range targets {
		s, err := newSheet(ctx, env, t)
		if err != nil {
			return env, route.Route{}, err
		}
		for i, r := range s.file.Requires {
			if r.Mod.Path == path {
				return env, s.routes[i], nil
			}
		}
	}
	who := targets[0].shown + " does not require"
	if len(targets) > 1 {
		who = "none of the modules here requires"
	}
	return env, route.Route{}, fmt.Errorf("%s %s; say which version: %s@VERSION", who, path, path)
}

// findingOn gives what a check would find on a go.mod that holds nothing but
// the traced requirement; nil if that is nothing.
func findingOn(v diagnostics.Verdict, weather diagnostics.Weather) *diagnostics.Finding {
	mod := v.Report.Route.Required
	file := gomod.Parse([]byte("require " + modfile.AutoQuote(mod.Path) + " " + modfile.AutoQuote(mod.Version)))
	if len(file.Requires) != 1 {
		return nil // no quotes make a requirement of it
	}
	for _, f := range diagnostics.Find(diagnostics.Scene{
		File: file, Verdicts: []diagnostics.Verdict{v}, Weather: weather, Now: time.Now(),
	}) {
		if f.Code != diagnostics.GoModSyntax { // which is about the line just made up
			return &f
		}
	}
	return nil
}
