package codeactions

import (
	"slices"

	"github.com/modreach/modreach/diagnostics"
)

// byHand has the go command copied that fails in the same way, for whoever wants
// to see it do so. One that would tell a public host what it is not to know is
// not handed out.
func (s Scene) byHand(t trouble) []Fix {
	v := t.verdict
	leaks := func(c diagnostics.Code) bool { return c == diagnostics.RouteLeak || c == diagnostics.SumDBLeak }
	switch {
	case !t.lost() && t.Code != diagnostics.FallbackUsed:
		return nil // it would show nothing of this
	case v.Report.Evidence != "", leaks(v.Code), slices.ContainsFunc(v.Also, leaks):
		return nil
	}
	text := v.Report.Route.Command()
	if text == "" {
		return nil
	}
	return []Fix{{Title: s.say("Copy \"{command}\"", "{command}", text), Command: Command{Name: CopyCommand, Text: text}}}
}
