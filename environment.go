package main

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/report"
	"github.com/modreach/modreach/route"
)

// environment reads the go environment in a folder. The time for the whole run
// does not bound it: half an environment would give wrong verdicts.
func environment(ctx context.Context, dir string) (route.Env, error) {
	return overlaid(ctx, dir, nil)
}

// environmentOf is the environment for one target, given that for its folder or
// another. It differs where the target belongs to a go.work file that the go
// command would not find from there.
func environmentOf(ctx context.Context, env route.Env, t target) (route.Env, error) {
	dir := filepath.Dir(t.name)
	if t.work == "" || env.Get("GOWORK").Value == "off" || probe.FindWork(env, dir) == t.work {
		return env, nil
	}
	return overlaid(ctx, dir, map[string]string{"GOWORK": t.work})
}

func overlaid(ctx context.Context, dir string, settings map[string]string) (route.Env, error) {
	env := probe.Environment(ctx, dir, settings)
	if ctx.Err() != nil {
		return route.Env{}, errInterrupted
	}
	return env, nil
}

// settings gives what is set of the environment, for the report.
func settings(env route.Env) []report.Setting {
	var all []report.Setting
	for _, v := range env.All() {
		if v.Value != "" {
			all = append(all, report.Setting{Name: v.Name, Value: shownValue(v), Origin: v.Origin.String()})
		}
	}
	return all
}

// shownValue gives a setting without secrets.
func shownValue(v route.Named) string {
	switch {
	case v.Name == "GOAUTH":
		return route.RedactAuth(v.Value)
	case strings.HasPrefix(v.Name, "GIT_CONFIG_VALUE_"), v.Name == "GIT_CONFIG_PARAMETERS":
		return "xxxxx" // a header with a token, perhaps
	}
	return route.Redact(v.Value)
}
