package report

import (
	"strings"

	"github.com/modreach/modreach/diagnostics"
)

// message is the message of a finding and, in lines below it, what each hop
// answered: for forms that have a place for a text of several lines.
func message(d diagnostics.Finding) string {
	lines := []string{d.Message()}
	if len(d.Related) > 0 {
		lines = append(lines, "")
	}
	for _, note := range d.Related {
		lines = append(lines, "- "+note)
	}
	return scrub(strings.Join(lines, "\n"))
}
