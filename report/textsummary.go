package report

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/modreach/modreach/diagnostics"
)

const (
	// columns is the width of a terminal that nobody made wider.
	columns = 80
	// shownReasons keeps the summary short; with more, the rest is counted.
	shownReasons = 4
)

// summary writes what the check came to: how many findings, how many
// requirements of each verdict, and why some have none.
func (t *text) summary(c Check) {
	s := c.Summary()
	var found []string
	for sev := diagnostics.Error; sev <= diagnostics.Hint; sev++ {
		if n := s.Findings[sev]; n > 0 {
			found = append(found, severityCount(n, sev))
		}
	}
	if len(found) > 0 {
		t.wrapped(found)
	}
	head := count(s.Requirements, "requirement")
	if len(c.Files) != 1 {
		head += " in " + count(len(c.Files), "file")
	}
	var states []string
	for _, state := range []diagnostics.State{
		diagnostics.Reachable, diagnostics.Cached, diagnostics.Unreachable, diagnostics.Unknown, diagnostics.Skipped,
	} {
		if n := s.States[state]; n > 0 {
			states = append(states, fmt.Sprintf("%d %s", n, state))
		}
	}
	if len(states) == 0 {
		states = []string{head}
	} else {
		states[0] = head + ": " + states[0]
	}
	states[len(states)-1] += " (" + lasted(c.Took) + ")"
	t.wrapped(states)
	for _, state := range []diagnostics.State{diagnostics.Unknown, diagnostics.Skipped} {
		t.reasons(s.States[state], state, c.reasons(state))
	}
}

// wrapped writes a list, with what does not fit on lines of its own.
func (t *text) wrapped(items []string) {
	const indent = "  "
	width := 0
	for i, item := range items {
		if i < len(items)-1 {
			item += ","
		}
		switch {
		case i == 0:
		case width+len(" ")+len(item) > columns:
			t.out.WriteString("\n" + indent)
			width = len(indent)
		default:
			t.out.WriteByte(' ')
			width++
		}
		t.out.WriteString(item)
		width += len(item)
	}
	t.out.WriteByte('\n')
}

// reasons writes why n requirements have a verdict, the most frequent reason
// first, each in a line below the head.
func (t *text) reasons(n int, state diagnostics.State, tallies []tally) {
	head := fmt.Sprintf("  %d %s: ", n, state)
	switch {
	case len(tallies) == 0:
		return
	case tallies[0].count == n: // no need to count twice
		t.out.WriteString(cut(head+printable(scrub(tallies[0].text)), columns) + "\n")
		return
	case len(tallies) > shownReasons:
		rest := 0
		for _, r := range tallies[shownReasons-1:] {
			rest += r.count
		}
		tallies = append(tallies[:shownReasons-1:shownReasons-1], tally{"for other reasons", rest})
	}
	digits := len(fmt.Sprint(tallies[0].count)) // the largest but for the rest
	digits = max(digits, len(fmt.Sprint(tallies[len(tallies)-1].count)))
	for i, r := range tallies {
		if i > 0 {
			head = strings.Repeat(" ", len(head))
		}
		line := fmt.Sprintf("%s%*d %s", head, digits, r.count, printable(scrub(r.text)))
		t.out.WriteString(cut(line, columns) + "\n")
	}
}

// cut shortens a line to a number of columns.
func cut(line string, width int) string {
	if utf8.RuneCountInString(line) <= width {
		return line
	}
	const dots = "..."
	return string([]rune(line)[:width-len(dots)]) + dots
}

// count is a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// severityCount is a number of findings; "info" has no plural.
func severityCount(n int, s diagnostics.Severity) string {
	if s == diagnostics.Information {
		return fmt.Sprintf("%d info", n)
	}
	return count(n, s.String())
}

// lasted is a duration as precise as anybody wants to know it.
func lasted(d time.Duration) string {
	switch {
	case d < 100*time.Millisecond:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return fmt.Sprintf("%.0f s", d.Seconds())
}
