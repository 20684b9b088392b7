package main

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// rootCommand builds the command tree.
func rootCommand(in io.Reader, out, errOut io.Writer) *cobra.Command {
	root := &cobra.Command{
		Use:   "modreach",
		Short: "Tells whether the go command can fetch what a go.mod requires, and if not, why.",
		Long: `modreach asks, for every require line of a go.mod file, the hops that the go
command would ask (module cache, proxies, direct), in the same order and with
the same fallbacks, and says what the go command would conclude.

It never downloads a module: of a zip it reads the first bytes at most.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noSuchCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.Version = version()
	root.SetVersionTemplate("modreach {{.Version}}\n")
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(checkCommand(), traceCommand(), explainCommand(), versionCommand())
	cobra.AddTemplateFunc("goFlagUsages", func(f *pflag.FlagSet) string {
		return longFlag.ReplaceAllString(f.FlagUsages(), "-$1$2 $3")
	})
	root.SetUsageTemplate(strings.NewReplacer(
		".LocalFlags.FlagUsages", "goFlagUsages .LocalFlags",
		".InheritedFlags.FlagUsages", "goFlagUsages .InheritedFlags",
		"--help", "-help",
	).Replace(root.UsageTemplate()))
	return root
}

// longFlag finds a flag in pflag's usage text, with its value and the gap before
// its description, which makes up for the dash that is left out.
var longFlag = regexp.MustCompile(`(?m)--([a-z][a-z-]*)(.*?)(  +)`)

func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	text := fmt.Sprintf("unknown command %q", args[0])
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		text += fmt.Sprintf("; did you mean %q?", near[0])
	}
	return errors.New(text + "; see 'modreach -help'")
}

func flagError(cmd *cobra.Command, err error) error {
	if errors.Is(err, pflag.ErrHelp) {
		return err
	}
	// The user wrote one dash; so does the message.
	return fmt.Errorf("%s; see '%s -help'", strings.ReplaceAll(err.Error(), "--", "-"), cmd.CommandPath())
}

// goFlags turns the go command's way to write flags, with one dash before a
// whole word, into the two dashes that pflag wants. Both ways work.
func goFlags(root *cobra.Command, args []string) []string {
	long := map[string]bool{"help": true, "version": true}
	for _, cmd := range append(root.Commands(), root) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) { long[f.Name] = true })
	}
	args = slices.Clone(args)
	for i, arg := range args {
		if arg == "--" {
			break
		}
		name, isFlag := strings.CutPrefix(arg, "-")
		name, _, _ = strings.Cut(name, "=")
		// A word of several letters is never a cluster of short flags here.
		if isFlag && (long[name] || len(name) > 1 && !strings.HasPrefix(name, "-") && !shortWithValue(arg)) {
			args[i] = "-" + arg
		}
	}
	return args
}

// shortWithValue reports whether an argument is a one-letter flag that has its
// value written right behind it, such as -C/some/dir.
func shortWithValue(arg string) bool {
	return strings.HasPrefix(arg, "-C") || strings.HasPrefix(arg, "-o")
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Prints the version of this program.",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "modreach", version())
			return err
		},
	}
}
