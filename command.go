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
		// So many letters may be wrong for a command to be suggested.
		SuggestionsMinimumDistance: 2,
		RunE:                       func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.Version = version()
	root.SetVersionTemplate("modreach {{.Version}}\n")
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(checkCommand(), fixCommand(), traceCommand(), doctorCommand(), explainCommand(), serveCommand(), versionCommand())
	root.SetHelpCommand(helpCommand())
	root.InitDefaultCompletionCmd()
	if completion, _, err := root.Find([]string{"completion"}); err == nil {
		completion.Short = "Prints the script with which a shell completes commands."
		completion.Args, completion.RunE = noSuchCommand, root.RunE
	}
	cobra.AddTemplateFunc("goFlagUsages", func(f *pflag.FlagSet) string {
		return longFlag.ReplaceAllString(f.FlagUsagesWrapped(helpWidth), "-$1$2 $3")
	})
	root.SetUsageTemplate(strings.NewReplacer(
		".LocalFlags.FlagUsages", "goFlagUsages .LocalFlags",
		".InheritedFlags.FlagUsages", "goFlagUsages .InheritedFlags",
		"--help", "-help",
	).Replace(root.UsageTemplate()))
	return root
}

// helpWidth is that of the other texts of the program.
const helpWidth = 80

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
	return fmt.Errorf("%s; see '%s -help'", text, cmd.CommandPath())
}

func flagError(cmd *cobra.Command, err error) error {
	if errors.Is(err, pflag.ErrHelp) {
		return err
	}
	var (
		text    = err.Error()
		unknown *pflag.NotExistError
		lacking *pflag.ValueRequiredError
		bad     *pflag.InvalidValueError
	)
	switch { // one dash, as the user wrote it
	case errors.As(err, &unknown):
		text = "unknown flag -" + unknown.GetSpecifiedName()
	case errors.As(err, &lacking):
		text = fmt.Sprintf("the flag -%s needs a value", lacking.GetSpecifiedName())
	case errors.As(err, &bad):
		text = fmt.Sprintf("-%s: %s", bad.GetFlag().Name, strings.TrimPrefix(bad.Unwrap().Error(), "time: "))
	}
	return fmt.Errorf("%s; see '%s -help'", text, cmd.CommandPath())
}

// takes has a command refuse fewer or more arguments than it can use.
func takes(low, high int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < low || len(args) > high {
			return fmt.Errorf("%s takes %s; see '%s -help'", cmd.Name(), what, cmd.CommandPath())
		}
		return nil
	}
}

// complete offers the values that a flag may have to the user's shell.
func complete(cmd *cobra.Command, flag string, values ...string) {
	// It fails for a flag that does not exist.
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

// goFlags turns the go command's way to write flags, with one dash before a
// whole word, into the two dashes that pflag wants. Both ways work. The value of
// a flag stays as it is, even if it begins with a dash.
func goFlags(root *cobra.Command, args []string) []string {
	flags := map[string]*pflag.Flag{}
	for _, cmd := range append(root.Commands(), root) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			flags[f.Name] = f
			if f.Shorthand != "" {
				flags[f.Shorthand] = f
			}
		})
	}
	args = slices.Clone(args)
	for i := 0; i < len(args) && args[i] != "--"; i++ {
		word, isFlag := strings.CutPrefix(args[i], "-")
		if !isFlag || word == "" { // a lone dash is standard input
			continue
		}
		name, _, hasValue := strings.Cut(strings.TrimPrefix(word, "-"), "=")
		f := flags[name]
		// A word of several letters is never a cluster of short flags here.
		if word[0] != '-' && len(name) > 1 && (f != nil || !shortWithValue(name)) {
			args[i] = "--" + word
		}
		if f != nil && f.NoOptDefVal == "" && !hasValue {
			i++
		}
	}
	return args
}

// shortWithValue reports whether a word is a one-letter flag that has its value
// written right behind it, such as C/some/dir.
func shortWithValue(word string) bool { return word[0] == 'C' || word[0] == 'o' }

func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [command]",
		Short: "Tells about a command and its flags.",
		ValidArgsFunction: func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for _, c := range cmd.Root().Commands() {
				names = append(names, c.Name())
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return noSuchCommand(cmd.Root(), args)
			}
			about.InitDefaultHelpFlag()
			about.InitDefaultVersionFlag()
			return about.Help()
		},
	}
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Prints the version of this program.",
		Args:  takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "modreach", version())
			return err
		},
	}
}
