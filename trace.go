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
	"github.com/modreach/modreach/probe"
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
the current folder, with all that applies to it. The modules "go" and
"toolchain" stand for the toolchain that go would have to become.

Exit code: 0 reachable or unknown, 1 unreachable, 2 the work could not be done.`,
		Example: "  modreach trace git.corp.example/team/lib@v1.4.0\n  modreach trace golang.org/x/mod\n  modreach trace go@1.99.0",
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
	env, routes, err := traceRoutes(ctx, cwd, arg)
	if err != nil {
		return err
	}
	routes[0].Curious = true
	verdicts, weather, err := f.survey(env, errOut).verdicts(ctx, [][]route.Route{routes})
	if err != nil {
		return err
	}
	v, toolchain := verdicts[0][0], diagnostics.Verdict{}
	if len(routes) > 1 {
		toolchain = verdicts[0][1]
		v = v.Under(toolchain)
	}
	if err := report.Trace(fold{out, columns(out)}, v, findingOn(v, toolchain, weather), colored(out)); err != nil {
		return fmt.Errorf("writing the result: %w", err)
	}
	if v.State == diagnostics.Unreachable {
		return errFindings
	}
	return nil
}

// traceRoutes plans the route of what the argument names and, for a module, that
// to the toolchain that the go command has to become first.
func traceRoutes(ctx context.Context, cwd, arg string) (route.Env, []route.Route, error) {
	path, version, explicit := strings.Cut(arg, "@")
	if explicit && version == "" || path == "" {
		return route.Env{}, nil, fmt.Errorf("%q is no MODULE@VERSION", arg)
	}
	env, err := environment(ctx, cwd)
	if err != nil {
		return env, nil, err
	}
	if explicit {
		routes, err := explicitRoutes(env, cwd, module.Version{Path: path, Version: version})
		return env, routes, err
	}
	targets, err := defaultTargets(ctx, cwd)
	if err != nil {
		return env, nil, fmt.Errorf("%w; say which version: %s@VERSION", err, path)
	}
	for _, t := range targets {
		p, err := newPage(ctx, env, new(probe.Shelf), t)
		if err != nil {
			return env, nil, err
		}
		if isToolchain(path) {
			return env, []route.Route{p.Toolchain.Route}, nil
		}
		for i, r := range p.Module.File.Requires {
			if r.Mod.Path == path {
				return env, []route.Route{p.Routes[i], p.Toolchain.Route}, nil
			}
		}
	}
	who := targets[0].shown + " does not require"
	if len(targets) > 1 {
		who = "none of the modules here requires"
	}
	return env, nil, fmt.Errorf("%s %s; say which version: %s@VERSION", who, path, path)
}

// isToolchain reports whether a path names no module but the version of go.
func isToolchain(path string) bool { return path == "go" || path == "toolchain" }

func explicitRoutes(env route.Env, cwd string, v module.Version) ([]route.Route, error) {
	m := route.Module{InPath: probe.InPath(env), Hints: new(probe.Shelf).Hints(env, cwd)}
	if !isToolchain(v.Path) {
		return []route.Route{route.Explicit(env, m, v), route.PlanToolchain(env, m).Route}, nil
	}
	r, ok := route.ExplicitToolchain(env, m, v.Version)
	if !ok {
		return nil, fmt.Errorf("%q is no version of Go", v.Version)
	}
	return []route.Route{r}, nil
}

// findingOn gives the worst that a check would find on a go.mod that holds
// nothing but the traced requirement; nil if that is nothing.
func findingOn(v, toolchain diagnostics.Verdict, weather diagnostics.Weather) *diagnostics.Finding {
	mod := v.Report.Route.Required
	file := gomod.Parse([]byte("require " + modfile.AutoQuote(mod.Path) + " " + modfile.AutoQuote(mod.Version)))
	if len(file.Requires) != 1 {
		return nil // no quotes make a requirement of it
	}
	var worst *diagnostics.Finding
	for _, f := range diagnostics.Find(diagnostics.Scene{
		File: file, Verdicts: []diagnostics.Verdict{v}, Toolchain: toolchain, Weather: weather, Now: time.Now(),
	}) {
		// GoModSyntax is about the line just made up.
		if f.Code != diagnostics.GoModSyntax && (worst == nil || f.Severity < worst.Severity) {
			worst = &f
		}
	}
	return worst
}
