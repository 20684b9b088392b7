package report

import (
	"cmp"
	"maps"
	"slices"

	"github.com/modreach/modreach/diagnostics"
)

// Summary counts what a check came to.
type Summary struct {
	Requirements int
	// States counts the requirements by diagnostics.State.
	States [diagnostics.Skipped + 1]int
	// Findings counts by diagnostics.Severity; the first place is not used.
	Findings [diagnostics.Hint + 1]int
}

// Summary counts the verdicts and findings of all files.
func (c Check) Summary() Summary {
	var s Summary
	for _, f := range c.Files {
		s.Requirements += len(f.Verdicts)
		for _, v := range f.Verdicts {
			s.States[v.State]++
		}
		for _, found := range f.Findings {
			s.Findings[found.Severity]++
		}
	}
	return s
}

// tally is a text and how often it was said.
type tally struct {
	text  string
	count int
}

// reasons gives the reasons for all verdicts of one state, the most frequent
// first.
func (c Check) reasons(state diagnostics.State) []tally {
	counts := map[string]int{}
	for _, f := range c.Files {
		for _, v := range f.Verdicts {
			if v.State == state && v.Reason != "" {
				counts[v.Reason]++
			}
		}
	}
	var tallies []tally
	for _, text := range slices.Sorted(maps.Keys(counts)) {
		tallies = append(tallies, tally{text, counts[text]})
	}
	slices.SortStableFunc(tallies, func(a, b tally) int { return cmp.Compare(b.count, a.count) })
	return tallies
}
