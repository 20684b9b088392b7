package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/patrol"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
	"github.com/modreach/modreach/sheet"
)

// surveyFlags are the flags of every command that asks hops.
type surveyFlags struct {
	dir              string
	noCache, offline bool
	timeout          time.Duration
}

func (f *surveyFlags) define(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.StringVarP(&f.dir, "chdir", "C", "", "change to `dir` first")
	fs.BoolVar(&f.noCache, "no-cache", false, "ignore the module cache: what would a fresh machine see?")
	fs.BoolVar(&f.offline, "offline", false, "use no network: only the module cache, vendor and file proxies")
	fs.DurationVar(&f.timeout, "timeout", 0, "give up after this `time`, such as 30s (0 means never)")
}

// enter changes to the folder of -C and gives the one where the command works.
func (f *surveyFlags) enter() (cwd string, err error) {
	if f.timeout < 0 {
		return "", fmt.Errorf("the timeout %v is negative", f.timeout)
	}
	if f.dir != "" {
		if err := os.Chdir(f.dir); err != nil {
			return "", plain(err)
		}
	}
	return os.Getwd()
}

func (f *surveyFlags) survey(env route.Env, errOut io.Writer) *survey {
	return &survey{
		prober:   probe.New(probe.Options{Env: env, SkipCache: f.noCache, Offline: f.offline}),
		timeout:  f.timeout,
		progress: newProgress(errOut),
	}
}

// survey asks about some requirements once.
type survey struct {
	prober   *probe.Prober
	timeout  time.Duration // 0: none
	progress *progress
}

// verdicts gives one for each route of each file, and the weather. A route that
// is not settled when the time is over is unknown.
func (s *survey) verdicts(ctx context.Context, files [][]route.Route) ([][]diagnostics.Verdict, diagnostics.Weather, error) {
	defer s.prober.Close()
	u := s.begin(ctx, files)
	defer u.end()
	return u.verdicts(ctx)
}

// underway is a survey whose questions are being asked.
type underway struct {
	*survey
	patrol *patrol.Patrol
	files  [][]route.Route
	total  int
}

// begin has the hops asked. Call end in any case.
func (s *survey) begin(ctx context.Context, files [][]route.Route) *underway {
	u := &underway{survey: s, patrol: patrol.New(s.prober, patrol.Options{}, zap.NewNop()), files: files}
	// It outlives the deadline, so that what it found can be told.
	u.patrol.Start(context.WithoutCancel(ctx))
	for i, routes := range files {
		u.patrol.Want(strconv.Itoa(i), i, routes)
		for _, r := range routes {
			if r.Stop.Kind == route.NoStop { // else there is nothing to wait for
				u.total++
			}
		}
	}
	return u
}

// end stops asking.
func (u *underway) end() { u.patrol.Stop() }

// verdicts waits for the answers and judges them.
func (u *underway) verdicts(ctx context.Context) ([][]diagnostics.Verdict, diagnostics.Weather, error) {
	if err := u.wait(ctx, u.patrol, u.total); err != nil {
		return nil, diagnostics.Weather{}, err
	}
	late := fmt.Sprintf("no answer within the %v of this run", u.timeout)
	var all [][]diagnostics.Verdict
	var weather patrol.Weather
	for i, routes := range u.files {
		var statuses []patrol.Status
		statuses, weather = u.patrol.Snapshot(strconv.Itoa(i))
		verdicts := make([]diagnostics.Verdict, len(routes))
		for j, r := range routes {
			verdicts[j] = sheet.Verdict(r, statuses[j], late)
		}
		all = append(all, verdicts)
	}
	return all, sheet.Weather(weather), nil
}

// alsoCached notes for the verdicts of a check without the module cache which of
// the lost requirements build here all the same, because it has them.
func (f *surveyFlags) alsoCached(ctx context.Context, env route.Env, files [][]route.Route, verdicts [][]diagnostics.Verdict) error {
	lost := make([][]route.Route, len(files))
	for i, routes := range files {
		for j, r := range routes {
			if verdicts[i][j].State == diagnostics.Unreachable {
				lost[i] = append(lost[i], r)
			}
		}
	}
	s := &survey{prober: probe.New(probe.Options{Env: env, Offline: true}), timeout: f.timeout, progress: newProgress(io.Discard)}
	here, _, err := s.verdicts(ctx, lost)
	if err != nil {
		return err
	}
	for i := range files {
		next := 0
		for j := range files[i] {
			v := &verdicts[i][j]
			if v.State != diagnostics.Unreachable {
				continue
			}
			if here[i][next].State == diagnostics.Cached && v.Report.Route.Toolchain == "" {
				v.Also = append(v.Also, diagnostics.CachedOnly)
			}
			next++
		}
	}
	return nil
}

// errTimeout ends the wait when the time for the whole run is over.
var errTimeout = errors.New("the time for the whole run is over")

// wait returns when everything is settled, or the time of the run is over.
func (s *survey) wait(ctx context.Context, p *patrol.Patrol, total int) error {
	if s.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, s.timeout, errTimeout)
		defer cancel()
	}
	tick, stop := s.progress.ticks()
	defer stop()
	defer s.progress.clear()
	for {
		pending := p.Pending()
		if pending == 0 {
			return nil
		}
		s.progress.show(total-pending, total)
		select {
		case <-p.Changed():
		case <-tick:
		case <-ctx.Done():
			if errors.Is(context.Cause(ctx), errTimeout) {
				return nil
			}
			return errInterrupted
		}
	}
}
