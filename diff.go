package main

import (
	"fmt"
	"strings"
)

// diffContext is how many lines a diff shows around a change: what patch and git
// take for enough to find the place again.
const diffContext = 3

// unifiedDiff tells the difference between two texts of a file as "diff -u" does;
// empty where there is none. The texts are expected to differ in few places: the
// diff is right for all, and short for those.
func unifiedDiff(name, before, after string) string {
	if before == after {
		return ""
	}
	lines := compare(splitLines(before), splitLines(after))
	var b strings.Builder
	if strings.Contains(name, " ") {
		name += "\t" // or patch takes the first word for the name
	}
	fmt.Fprintf(&b, "--- a/%s\n+++ b/%[1]s\n", name)
	oldLine, newLine := 1, 1
	for i := 0; i < len(lines); {
		if lines[i].mark == ' ' {
			oldLine, newLine, i = oldLine+1, newLine+1, i+1
			continue
		}
		start := max(i-diffContext, 0)
		end := hunkEnd(lines, i)
		writeHunk(&b, lines[start:end], oldLine-(i-start), newLine-(i-start))
		for ; i < end; i++ {
			if lines[i].mark != '+' {
				oldLine++
			}
			if lines[i].mark != '-' {
				newLine++
			}
		}
	}
	return b.String()
}

// diffLine is a line with its mark: a blank for one that stays, "-" for one that
// goes, "+" for one that comes.
type diffLine struct {
	mark byte
	text string
}

// splitLines gives the lines of a text with their ends.
func splitLines(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		all = append(all, line)
	}
	return all
}

// compare walks both texts. Where they part it goes to the nearest place at which
// they meet again.
func compare(old, next []string) []diffLine {
	var all []diffLine
	for len(old) > 0 || len(next) > 0 {
		if len(old) > 0 && len(next) > 0 && old[0] == next[0] {
			all = append(all, diffLine{' ', old[0]})
			old, next = old[1:], next[1:]
			continue
		}
		gone, come := meeting(old, next)
		for _, line := range old[:gone] {
			all = append(all, diffLine{'-', line})
		}
		for _, line := range next[:come] {
			all = append(all, diffLine{'+', line})
		}
		old, next = old[gone:], next[come:]
	}
	return all
}

// meeting gives how many lines go and come before two texts meet again, as few
// in all as can be.
func meeting(old, next []string) (gone, come int) {
	for sum := 1; sum < len(old)+len(next); sum++ {
		for gone := max(sum-len(next), 0); gone <= min(sum, len(old)); gone++ {
			come := sum - gone
			if gone == len(old) || come == len(next) {
				continue // they meet at the end at the latest
			}
			if old[gone] == next[come] {
				return gone, come
			}
		}
	}
	return len(old), len(next)
}

// hunkEnd gives where the hunk with the change at i ends: after the context of
// the last change that is near.
func hunkEnd(lines []diffLine, i int) int {
	last := i
	for j := i; j < len(lines) && j <= last+2*diffContext; j++ {
		if lines[j].mark != ' ' {
			last = j
		}
	}
	return min(last+diffContext+1, len(lines))
}

func writeHunk(b *strings.Builder, lines []diffLine, oldLine, newLine int) {
	olds, news := 0, 0
	for _, l := range lines {
		if l.mark != '+' {
			olds++
		}
		if l.mark != '-' {
			news++
		}
	}
	fmt.Fprintf(b, "@@ -%s +%s @@\n", hunkRange(oldLine, olds), hunkRange(newLine, news))
	for _, l := range lines {
		b.WriteByte(l.mark)
		b.WriteString(l.text)
		if !strings.HasSuffix(l.text, "\n") {
			b.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// hunkRange writes lines as patch reads them.
func hunkRange(first, count int) string {
	switch count {
	case 0:
		return fmt.Sprintf("%d,0", first-1)
	case 1:
		return fmt.Sprint(first)
	}
	return fmt.Sprintf("%d,%d", first, count)
}
