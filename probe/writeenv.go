package probe

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/modreach/modreach/route"
)

// WriteEnv has the go command write settings into the user's env file, as "go
// env -w" does for whoever types it. It is for the moment when a person has
// chosen just that. The error has the words of the go command, where it has any.
//
// It does not write where GOENV is off: the go command does then, into a file
// that it does not read.
func WriteEnv(ctx context.Context, env route.Env, values map[string]string) error {
	if env.Get("GOENV").Value == "off" {
		return errors.New("writing the go environment: GOENV is off")
	}
	args := []string{"env", "-w"}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		args = append(args, name+"="+values[name])
	}
	program, err := lookPath("go", env)
	if err != nil {
		return fmt.Errorf("writing the go environment: %w", err)
	}
	o := runInstalled(ctx, command{name: program, args: args, env: env.Environ()})
	if words := strings.TrimSpace(string(o.stderr)); o.err != nil && words != "" {
		o.err = errors.New(words)
	}
	if o.err != nil {
		return fmt.Errorf("writing the go environment: %w", o.err)
	}
	return nil
}
