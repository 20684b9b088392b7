package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/zap"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/patrol"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/report"
	"github.com/modreach/modreach/route"
)

// traceFlags are the flags of trace.
type traceFlags struct {
	dir              string
	noCache, offline bool
	timeout          time.Duration
}

func traceCommand() *cobra.Command {
	var f traceFlags
	cmd := &cobra.Command{
		Use:   "trace [flags] MODULE[@VERSION]",
		Short: "Follows one module version hop by hop, with the time of every step.",
		Long: `Follows one module version hop by hop, with the time of every step.

With a version it goes the way of "go mod download MODULE@VERSION", which knows
no replace and no exclude. Without one it takes the requirement of the go.mod of
the current folder, with all that applies to it.

Exit code: 0 reachable, 1 unreachable, 2 the work could not be done.`,
		Example: "  modreach trace git.corp.example/team/lib@v1.4.0\n  modreach trace golang.org/x/mod",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), args[0], cmd.OutOrStdout())
		},
	}
	fs := cmd.Flags()
	fs.StringVarP(&f.dir, "chdir", "C", "", "change to `dir` first")
	fs.BoolVar(&f.noCache, "no-cache", false, "ignore the module cache")
	fs.BoolVar(&f.offline, "offline", false, "use no network")
	fs.DurationVar(&f.timeout, "timeout", 0, "give up after this `time`, such as 30s (0 means never)")
	return cmd
}

func (f *traceFlags) run(ctx context.Context, arg string, out io.Writer) error {
	if f.dir != "" {
		if err := os.Chdir(f.dir); err != nil {
			return plain(err)
		}
	}
	cwd, err := os.Getwd()
	if err != nil {
		return err
	}
	env := probe.Environment(ctx, cwd, nil)
	r, err := traceRoute(env, cwd, arg)
	if err != nil {
		return err
	}
	if f.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, f.timeout)
		defer cancel()
	}
	v := f.follow(ctx, env, r)
	if err := report.Trace(out, v, colored(out)); err != nil {
		return err
	}
	if v.State == diagnostics.Unreachable {
		return errFindings
	}
	return nil
}

// traceRoute plans the route of what the argument names.
func traceRoute(env route.Env, cwd, arg string) (route.Route, error) {
	path, version, ok := strings.Cut(arg, "@")
	if ok && version == "" || path == "" {
		return route.Route{}, fmt.Errorf("%q is no MODULE@VERSION", arg)
	}
	if ok {
		return route.Explicit(env, module.Version{Path: path, Version: version}), nil
	}
	name, err := probe.GoModIn(cwd)
	if err != nil {
		return route.Route{}, fmt.Errorf("%w; say which version: %s@VERSION", err, path)
	}
	text, err := probe.ReadGoMod(name)
	if err != nil {
		return route.Route{}, plain(err)
	}
	file := gomod.Parse(text)
	m, err := probe.Load(env, name, file)
	if err != nil {
		return route.Route{}, err
	}
	for _, r := range file.Requires {
		if r.Mod.Path == path {
			return route.Plan(env, m, r), nil
		}
	}
	return route.Route{}, fmt.Errorf("%s does not require %s; say which version: %s@VERSION", show(cwd, name), path, path)
}

// follow walks one route and gives the verdict.
func (f *traceFlags) follow(ctx context.Context, env route.Env, r route.Route) diagnostics.Verdict {
	prober := probe.New(probe.Options{Env: env, SkipCache: f.noCache, Offline: f.offline})
	defer prober.Close()
	p := patrol.New(prober, patrol.Options{}, zap.NewNop())
	p.Start(context.WithoutCancel(ctx))
	defer p.Stop()
	p.Want("trace", 0, []route.Route{r})
	for p.Pending() > 0 {
		select {
		case <-p.Changed():
		case <-ctx.Done():
			return diagnostics.Pending(r, "no answer in time")
		}
	}
	statuses, _ := p.Snapshot("trace")
	return diagnostics.Judge(statuses[0].Report)
}
