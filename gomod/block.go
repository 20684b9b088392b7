package gomod

import (
	"slices"
	"strings"
)

// verbs are the first words of the directives of one file format.
type verbs struct {
	// single may start a line, block may start a parenthesised block.
	single, block []string
}

var (
	modVerbs = verbs{
		single: []string{"require", "replace", "exclude", "retract", "module", "go", "toolchain", "tool", "godebug", "ignore"},
		block:  []string{"require", "replace", "exclude", "retract", "module", "tool", "godebug", "ignore"},
	}
	workVerbs = verbs{
		single: []string{"use", "replace", "go", "toolchain", "godebug"},
		block:  []string{"use", "replace", "godebug"},
	}
)

// unterminated is what modfile says of a block without its parenthesis.
const unterminated = "syntax error (unterminated block)"

// in reports whether word is one of list, which is short enough to walk.
func in(list []string, word string) bool {
	return slices.Contains(list, word)
}

// opens reports whether a line at top level starts a block. A bad line does
// when both of its ends look like it.
func (r *reader) opens(l line) bool {
	if l.bad {
		return in(r.verbs.block, r.word(l, 0)) && strings.HasSuffix(r.at(l.code(r.text)), "(")
	}
	last := len(l.tokens) - 1
	return last >= 1 && r.word(l, last) == "(" || r.empty(l)
}

// empty reports whether a line is a block that closes at once.
func (r *reader) empty(l line) bool {
	last := len(l.tokens) - 1
	return !l.bad && last >= 2 && r.word(l, last-1) == "(" && r.word(l, last) == ")"
}

// readBlock reads the block that line open starts, and gives the line after it.
func (r *reader) readBlock(open int) (next int) {
	l := r.lines[open]
	verb := r.word(l, 0)
	parens := 1
	if r.empty(l) {
		parens = 2
	}
	header := len(l.tokens) - parens
	if !l.bad && (header > 1 || !in(r.verbs.block, verb)) {
		name := r.at(Span{l.tokens[0].Start, l.tokens[header-1].End})
		r.reject(l.code(r.text), name+" (\n)\n")
	}
	if r.empty(l) {
		return open + 1
	}

	end, closed := r.blockEnd(open)
	for i := open + 1; i < end; i++ {
		l := r.lines[i]
		switch {
		case len(l.tokens) == 0 || l.bad:
		case l.stray:
			r.reject(l.code(r.text), r.at(l.code(r.text)))
		case in(r.verbs.block, verb):
			r.readDirective(directive{verb: verb, args: l.tokens, line: i, block: open})
		}
	}
	if !closed {
		r.problem(l.code(r.text), unterminated)
		return end
	}
	if l := r.lines[end]; len(l.tokens) > 1 && !l.bad {
		r.reject(l.code(r.text), verb+" (\n"+r.at(l.code(r.text)))
	}
	return end + 1
}

// blockEnd gives the line of the parenthesis that closes the block, or, where
// there is none, the first line that belongs to the block no more.
//
// A block without its parenthesis would swallow what follows, up to the next
// block's. A line such as "require (" cannot stand inside a block, so it shows
// that the parenthesis is missing, and so does the end of the file; the block
// then ends where the first line looks like a directive.
func (r *reader) blockEnd(open int) (end int, closed bool) {
	directive := len(r.lines)
	i := open + 1
	for ; i < len(r.lines); i++ {
		l := r.lines[i]
		if r.word(l, 0) == ")" && !l.stray {
			return i, true
		}
		if in(r.verbs.single, r.word(l, 0)) {
			directive = min(directive, i)
			if i < r.unclosed || r.opens(l) {
				break
			}
		}
	}
	r.unclosed = max(r.unclosed, i)
	return directive, false
}

// markStrays finds the parentheses that close a block too early: what follows
// them is not a directive, and a later parenthesis closes that. The go command
// rejects all such files, so the marks cannot change how a good one is read.
func (r *reader) markStrays() {
	// What is known of the lines below, up to the next directive.
	var closes, closesAfterMore bool
	for i := len(r.lines) - 1; i >= 0; i-- {
		l := &r.lines[i]
		switch word := r.word(*l, 0); {
		case word == "":
		case word == ")":
			l.stray = closesAfterMore
			closes = true
		case in(r.verbs.single, word) || r.opens(*l):
			closes, closesAfterMore = false, false
		default:
			closesAfterMore = closes
		}
	}
}

// remarks gives the text of the comments on a directive as modfile joins them:
// those above the line and at its end or, for a line in a block that has none,
// those above the block.
func (r *reader) remarks(d directive) string {
	above, found := r.remarksAbove(d.line, d.block)
	if end := r.lines[d.line].comment; !end.IsZero() {
		above, found = append(above, remark(r.at(end))), true
	}
	if !found && d.block != noBlock {
		above, _ = r.remarksAbove(d.block, noBlock)
	}
	return strings.Join(above, "\n")
}

// remarksAbove gives the comment lines above line i. At top level an empty line
// ends them. In a block it does not, and counts as a comment without text
// except above the block's first line.
func (r *reader) remarksAbove(i, block int) (texts []string, found bool) {
	top, blanks := i, false
	for top > block+1 {
		l := r.lines[top-1]
		if !l.remark() && (block == noBlock || !l.blank()) {
			break
		}
		blanks = blanks || l.blank()
		top--
	}
	for _, l := range r.lines[top:i] {
		if l.remark() {
			texts = append(texts, remark(r.at(l.comment)))
		}
	}
	return texts, len(texts) > 0 || blanks && top > block+1
}

// remark gives the text of a comment.
func remark(comment string) string {
	return strings.TrimSpace(strings.TrimPrefix(comment, "//"))
}
