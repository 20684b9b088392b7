package gomod

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/module"
)

// SumFile holds the hashes of a go.sum or go.work.sum file, keyed as the file
// is: the version of a go.mod's hash ends in "/go.mod". Only hashes of the one
// known algorithm are in it. The zero SumFile holds none and can be asked.
type SumFile map[module.Version][]string

// Zip gives the "h1:" hashes of a module's zip, in file order and without
// repetition; nil if there is none. The go command fails at the first one that
// differs from the file it fetched, so two are a fault in waiting.
func (s SumFile) Zip(m module.Version) []string { return s[m] }

// Mod gives the "h1:" hashes of a module's go.mod file, as Zip does those of
// its zip.
func (s SumFile) Mod(m module.Version) []string {
	return s[module.Version{Path: m.Path, Version: m.Version + "/go.mod"}]
}

// emptyModHash is the hash of a go.mod file without a byte. Old go commands
// wrote it by mistake and all since then pass over it.
const emptyModHash = "h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY="

// ParseSum reads the text of a go.sum or go.work.sum file. The go command stops
// at a line that does not have three fields; here it becomes a Problem, with
// the same words, and the others are still read. Spans point into text.
func ParseSum(text []byte) (SumFile, []Problem) {
	var problems []Problem
	sums := make(SumFile, bytes.Count(text, []byte("\n"))+1)
	start := 0
	for raw := range strings.Lines(string(text)) {
		span := Span{start, start + len(strings.TrimRight(raw, "\r\n"))}
		start += len(raw)
		f := strings.Fields(raw)
		if len(f) == 0 {
			continue
		}
		if len(f) != 3 {
			problems = append(problems, Problem{Span: span, Message: fmt.Sprintf("wrong number of fields %d", len(f))})
			continue
		}
		hash := f[2]
		if !strings.HasPrefix(hash, "h1:") || hash == emptyModHash {
			continue
		}
		mod := module.Version{Path: f[0], Version: f[1]}
		if !slices.Contains(sums[mod], hash) {
			sums[mod] = append(sums[mod], hash)
		}
	}
	return sums, problems
}
