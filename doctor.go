package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/doctor"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/report"
	"github.com/modreach/modreach/route"
)

// doctorFlags are the flags of doctor.
type doctorFlags struct {
	surveyFlags
	format, output, compare string
}

// doctorTimeout bounds what takes the network. Nobody waits longer for a
// checklist, and a host that was silent so long will not fetch anything.
const doctorTimeout = 12 * time.Second

func doctorCommand() *cobra.Command {
	var f doctorFlags
	cmd := &cobra.Command{
		Use:   "doctor [flags]",
		Short: "Examines the settings, caches, tools and hosts of this machine.",
		Long: `Examines this machine stage by stage: the settings of the go command and where
each is made, the caches and their disks, the programs, the hosts on the way of
the current folder's modules, those modules, and the proxies side by side.

The result can be sent to a colleague: it holds no passwords and no tokens, the
home directory is ~. With -compare it tells how this machine differs from the
one that a JSON result is from.

Exit code: 0 nothing failed, 1 something did, 2 the work could not be done.`,
		Example: "  modreach doctor\n  modreach doctor -offline\n  modreach doctor -format json -o laptop.json\n  modreach doctor -compare laptop.json",
		Args:    takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.run(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	fs := cmd.Flags()
	fs.StringVarP(&f.dir, "chdir", "C", "", "change to `dir` first")
	fs.BoolVar(&f.offline, "offline", false, "use no network: settings, caches and tools only")
	fs.DurationVar(&f.timeout, "timeout", doctorTimeout, "give up on the network after this `time` (0 means never)")
	fs.StringVar(&f.format, "format", "text", "`form` of the output: "+strings.Join(doctorFormats, ", "))
	fs.StringVarP(&f.output, "output", "o", "", "write the output to `file`")
	fs.StringVar(&f.compare, "compare", "", "tell what differs from the machine that this JSON `file` is from")
	complete(cmd, "format", doctorFormats...)
	return cmd
}

// doctorFormats are the forms of output of doctor.
var doctorFormats = []string{"text", "json", "html"}

// writer gives the function that writes the chosen form.
func (f *doctorFlags) writer(out io.Writer) (func(io.Writer, doctor.Report) error, error) {
	color := f.output == "" && colored(out)
	if !slices.Contains(doctorFormats, f.format) {
		return nil, fmt.Errorf("unknown format %q; there are %s", f.format, strings.Join(doctorFormats, ", "))
	}
	if f.compare != "" && f.format == "html" {
		return nil, errors.New("-compare writes text or json")
	}
	if f.compare != "" {
		there, err := readReport(f.compare)
		return func(w io.Writer, here doctor.Report) error {
			if f.format == "json" {
				return report.DifferencesJSON(w, here, there)
			}
			return report.Differences(w, here, there, filepath.Base(f.compare), color)
		}, err
	}
	switch f.format {
	case "json":
		return report.DoctorJSON, nil
	case "html":
		return report.DoctorHTML, nil
	}
	return func(w io.Writer, r doctor.Report) error { return report.Doctor(w, r, color) }, nil
}

// maxReport bounds a report that is read, in bytes: one with a thousand modules
// takes two million.
const maxReport = 64 << 20

// readReport reads what doctor has written on another machine.
func readReport(name string) (doctor.Report, error) {
	file, err := os.Open(name)
	if err != nil {
		return doctor.Report{}, plain(err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxReport))
	if err != nil {
		return doctor.Report{}, plain(err)
	}
	r, err := doctor.Read(text)
	if err != nil {
		return r, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}

func (f *doctorFlags) run(ctx context.Context, out, errOut io.Writer) error {
	cwd, err := f.enter()
	if err != nil {
		return err
	}
	write, err := f.writer(out)
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
	x, err := f.examine(ctx, cwd, errOut)
	if err != nil {
		return err
	}
	if err := d.finish(func(w io.Writer) error { return write(w, x) }); err != nil {
		return fmt.Errorf("writing the result: %w", err)
	}
	if x.Summary.Fail > 0 {
		return errFindings
	}
	return nil
}

// examination is one machine on its way through the stages.
type examination struct {
	*doctor.Builder
	env    route.Env
	survey *survey
	// page is the go.mod of the current folder; nil where there is none.
	page *page
	now  time.Time
	// doors are the hosts that were looked at, sights what was seen of each.
	doors  []doctor.Door
	sights []probe.Sight
	// rewrites are what git asks in place of other addresses.
	rewrites []probe.Rewrite
}

// examine goes through the stages.
func (f *doctorFlags) examine(ctx context.Context, cwd string, errOut io.Writer) (doctor.Report, error) {
	began := time.Now()
	env, err := environment(ctx, cwd)
	if err != nil {
		return doctor.Report{}, err
	}
	x := examination{env: env, survey: f.survey(env, errOut), now: began}
	defer x.survey.prober.Close()
	module := ""
	if targets, err := targetsIn(env, cwd); err == nil {
		p, err := newPage(ctx, env, new(probe.Shelf), targets[0])
		if err != nil {
			return doctor.Report{}, err
		}
		if x.page = &p; p.Module.File.Module != nil {
			module = p.Module.File.Module.Path
		}
	}
	x.Builder = doctor.Begin(env, version(), module, f.offline, began)
	x.settings(began)
	x.disk()
	x.tools(ctx)
	if !f.offline {
		if err := x.network(ctx); err != nil {
			return doctor.Report{}, err
		}
	}
	home, _ := os.UserHomeDir() // without one there is none to hide
	user := cmp.Or(env.Get("USER").Value, env.Get("LOGNAME").Value, env.Get("USERNAME").Value)
	return x.Report(time.Since(began), doctor.Hide{Home: home, User: user}), nil
}

// settings is the first stage; it has begun with the reading of the environment.
func (x *examination) settings(began time.Time) {
	var all []doctor.Setting
	for _, s := range settings(x.env) {
		if x.env.Get(s.Name).From != "GOPRIVATE" { // that one is there
			all = append(all, doctor.Setting(s))
		}
	}
	x.Settings(all)
	var required []string
	around := diagnostics.Surroundings{Env: x.env, Module: route.Module{File: gomod.Parse(nil)}, Machine: probe.ReadMachine(x.env)}
	if x.page != nil {
		around.Module = x.page.Module
		for _, r := range x.page.Module.File.Requires {
			required = append(required, r.Mod.Path)
		}
	}
	checks := append(doctor.SettingChecks(x.env, all, required), doctor.SurroundingChecks(around.Findings(diagnostics.English))...)
	x.Stage("settings", time.Since(began), checks)
}

func (x *examination) disk() {
	began := time.Now()
	checks := doctor.DiskChecks(probe.ModCacheFolder(x.env, x.now), probe.BuildCacheFolder(x.env))
	x.Stage("disk", time.Since(began), checks)
}

func (x *examination) tools(ctx context.Context) {
	began := time.Now()
	tools := x.survey.prober.Tools(ctx)
	x.rewrites = tools.Rewrites
	x.Stage("tools", time.Since(began), doctor.ToolChecks(tools, doctor.NeedsGit(x.env, x.routes())))
}

// routes are those of the require lines and to the toolchain.
func (x *examination) routes() []route.Route {
	if x.page == nil {
		return nil
	}
	return x.page.Routes
}

// network has the stages that ask somebody. The modules are asked about while
// the hosts are looked at: a silent one is waited for once.
func (x *examination) network(ctx context.Context) error {
	began := time.Now()
	limited, cancel := ctx, context.CancelFunc(func() {})
	if x.survey.timeout > 0 {
		limited, cancel = context.WithTimeout(ctx, x.survey.timeout)
	}
	defer cancel()
	asking := x.survey.begin(ctx, [][]route.Route{x.routes()})
	defer asking.end()
	x.hosts(limited)
	if ctx.Err() != nil {
		return errInterrupted
	}
	if x.page != nil {
		if x.survey.timeout > 0 {
			asking.timeout = max(1, x.survey.timeout-time.Since(began))
		}
		verdicts, weather, err := asking.verdicts(ctx)
		if err != nil {
			return err
		}
		x.modules(began, verdicts[0], weather)
	}
	x.alternatives(ctx)
	return nil
}

func (x *examination) hosts(ctx context.Context) {
	began := time.Now()
	prober := x.survey.prober
	doors := doctor.Rewritten(doctor.Doors(x.env, x.routes()), x.rewrites)
	var fronts []*url.URL
	for _, d := range doors {
		fronts = append(fronts, d.Hop.URL)
	}
	checks := []doctor.Check{}
	x.doors, x.sights = doors, prober.See(ctx, fronts, probe.FirstLook)
	for i, s := range x.sights {
		checks = append(checks, doctor.HostCheck(doors[i], s, x.now))
	}
	x.Stage("hosts", time.Since(began), append(checks, x.sumDB(ctx, doors)...))
}

// sumDB looks at the host of the checksum database, unless that is the host of a
// proxy that serves it.
func (x *examination) sumDB(ctx context.Context, doors []doctor.Door) []doctor.Check {
	setting, err := x.env.SumDB()
	if err != nil || setting.Off {
		return nil // of which the settings tell
	}
	at, err := x.survey.prober.SumDBHost(ctx, probe.FirstLook)
	d, ok := doctor.SumDBDoor(setting, at, err, doors)
	if !ok {
		return []doctor.Check{doctor.SumDBCheck(setting, at, err)}
	}
	var checks []doctor.Check
	for _, s := range x.survey.prober.See(ctx, []*url.URL{d.Hop.URL}, probe.FirstLook) {
		checks = append(checks, doctor.HostCheck(d, s, x.now))
	}
	return checks
}

func (x *examination) modules(began time.Time, verdicts []diagnostics.Verdict, weather diagnostics.Weather) {
	scene := x.page.Scene(verdicts, weather, x.now)
	modules := doctor.Modules(scene.File, scene.Verdicts)
	x.Modules(modules)
	x.Stage("modules", time.Since(began), doctor.ModuleChecks(modules, diagnostics.Find(scene)))
}

// alternativesTimeout bounds the measurement: who has not answered by then is no
// alternative.
const alternativesTimeout = 2 * time.Second

func (x *examination) alternatives(ctx context.Context) {
	began := time.Now()
	var mirrors []route.Hint
	if x.page != nil {
		mirrors = x.page.Module.Hints.Mirrors
	}
	candidates := doctor.Candidates(x.env, mirrors, x.doors, x.sights)
	if len(candidates) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, alternativesTimeout)
	defer cancel()
	var bases []*url.URL
	for _, c := range candidates {
		bases = append(bases, c.URL)
	}
	public := doctor.PublicModule(x.env, x.routes())
	measured := x.survey.prober.Measure(ctx, bases, public, probe.FirstLook)
	all, checks := doctor.Compared(candidates, measured, public)
	x.Alternatives(all)
	x.Stage("alternatives", time.Since(began), checks)
}
