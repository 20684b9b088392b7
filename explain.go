package main

import (
	"embed"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/modreach/modreach/diagnostics"
)

//go:embed docs/codes/*.md
var codePages embed.FS

func explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain [CODE]",
		Short: "Prints the documentation of a code, or the list of all codes.",
		Args:  takes(0, 1, "one code, or none"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var codes []string
			for _, e := range diagnostics.Catalogue() {
				codes = append(codes, string(e.Code))
			}
			return codes, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				for _, e := range diagnostics.Catalogue() {
					if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%-22s %s\n", e.Code, e.Severity); err != nil {
						return err
					}
				}
				return nil
			}
			page, err := codePages.ReadFile("docs/codes/" + args[0] + ".md")
			if err != nil {
				return fmt.Errorf("there is no code %q; 'modreach explain' lists them", args[0])
			}
			_, err = cmd.OutOrStdout().Write(page)
			return err
		},
	}
}
