// Package trial tries changes of settings before they are offered: it has the
// module of the line asked as if they were in force, and changes nothing.
//
//	trials := scene.Trials(finding)
//	scene.Tried = trial.Run(ctx, probe.Options{Env: env}, module, trials)
//	fixes := scene.Fixes(finding)
package trial

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/modreach/modreach/codeactions"
	"github.com/modreach/modreach/patrol"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
	"github.com/modreach/modreach/sheet"
)

// patience bounds all trials together: whether a host is dead is known after two
// looks of ten seconds, and who waits longer for a hint waits too long.
const patience = 25 * time.Second

// untried is the reason of a verdict that was not waited for.
const untried = "it was not tried to the end"

// Run tries changes of the settings that net.Env has, for lines of m's file, and
// gives what came of each, in their order. It returns when all are settled, ctx is
// done, or too long a time has passed; what is not settled by then is unknown.
func Run(ctx context.Context, net probe.Options, m route.Module, all []codeactions.Trial) []codeactions.Tried {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	// One patrol for each set of settings: what a host answers may depend on them.
	var order []string
	outings := map[string]*outing{}
	for i, t := range all {
		k := key(t.Values)
		o := outings[k]
		if o == nil {
			o = setOut(ctx, net, t.Values)
			outings[k], order = o, append(order, k)
		}
		o.trials = append(o.trials, i)
		r := route.Plan(o.env, m, t.Requirement)
		if t.Toolchain {
			r = route.PlanToolchain(o.env, m).Route
		}
		r.Curious = t.Curious
		o.routes = append(o.routes, r)
	}
	for _, o := range outings { // all are under way at once
		o.back = o.patrol.Out(o.routes)
	}
	done := make([]codeactions.Tried, len(all))
	for _, k := range order {
		o := outings[k]
		statuses := o.back(ctx)
		for i, at := range o.trials {
			var status patrol.Status
			if i < len(statuses) {
				status = statuses[i]
			}
			done[at] = codeactions.Tried{Trial: all[at], Verdict: sheet.Verdict(o.routes[i], status, untried)}
		}
		o.patrol.Stop()
		o.prober.Close()
	}
	return done
}

// outing asks with one set of settings.
type outing struct {
	env    route.Env
	prober *probe.Prober
	patrol *patrol.Patrol
	// trials are the indices of those that want just these settings, routes what
	// is asked for each.
	trials []int
	routes []route.Route
	back   func(ctx context.Context) []patrol.Status
}

func setOut(ctx context.Context, net probe.Options, values map[string]string) *outing {
	o := &outing{env: net.Env.With(values)}
	net.Env = o.env
	o.prober = probe.New(net)
	o.patrol = patrol.New(o.prober, patrol.Options{}, zap.NewNop())
	o.patrol.Start(context.WithoutCancel(ctx)) // until Stop, so that what it found can be told
	return o
}

// key tells sets of settings apart.
func key(values map[string]string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(values)) {
		b.WriteString(name + "=" + strconv.Quote(values[name]) + "\n")
	}
	return b.String()
}
