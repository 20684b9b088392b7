package report

import (
	"strings"
	"time"

	"github.com/modreach/modreach/probe"
)

// What a page shows of a hop.
type (
	hopView struct {
		Name, Why string
		// Outcome is what came of it in a word or two, Class the look of that.
		Outcome, Class string
		// Note is why it was passed by.
		Note, Login, ByHand string
		Took                string
		Answers             []answerView
		// Bar and Words are for a hop whose answers are not told one by one.
		Bar   []segment
		Words []string
	}
	answerView struct {
		Name           string
		Outcome, Class string
		Words          []string
		// Took is the time of all steps, Times that of each; empty for none.
		Took, Times string
		Bar         []segment
	}
)

// hopViews shows the hops of a route. The bars of their steps have one scale,
// and each begins where the one before it ends.
func hopViews(r probe.Report) []hopView {
	var total time.Duration
	for _, res := range r.Results {
		total += elapsed(res)
	}
	scale := newScale(total)
	var views []hopView
	for _, res := range r.Results {
		views = append(views, hopViewOf(res, scale))
	}
	return views
}

func hopViewOf(res probe.Result, s *scale) hopView {
	v := hopView{
		Name: shown(res.Hop.String()), Note: shown(res.Hop.Skip),
		Login: shown(strings.Join(logins(res), ", ")), ByHand: shown(byHand(res)),
		Outcome: "not asked", Class: "dim",
	}
	if res.Hop.Why != res.Hop.Skip {
		v.Why = shown(res.Hop.Why)
	}
	if ans := telling(res); ans.Outcome != probe.Unasked {
		v.Outcome, v.Class = outcomeLook(ans)
	} else if res.Hop.Skip != "" {
		v.Outcome = "passed by"
	}
	if took := elapsed(res); took > 0 {
		v.Took = brief(took)
	}
	for _, row := range rowsOf(res) {
		v.Answers = append(v.Answers, answerViewOf(row, s))
	}
	return v
}

func answerViewOf(row traceRow, s *scale) answerView {
	v := answerView{Name: shown(row.name), Words: shownLines(wordsOf(row.Answer))}
	v.Outcome, v.Class = outcomeLook(row.Answer)
	var total time.Duration
	var times []string
	for _, step := range row.Steps {
		total += step.Took
		times = append(times, step.Phase.String()+" "+brief(step.Took))
		v.Bar = append(v.Bar, s.next(step.Phase.String(), step.Took))
	}
	if len(row.Steps) > 0 {
		v.Took, v.Times = brief(total), strings.Join(times, ", ")
	}
	return v
}

// outcomeLook is the outcome of an answer and the class of its look.
func outcomeLook(ans probe.Answer) (word, class string) {
	word, mark := outcomeWord(ans)
	switch mark {
	case red:
		return word, "bad"
	case yellow:
		return word, "warn"
	}
	return word, "good"
}

// segment is one piece of a bar, in thousandths of its length.
type segment struct {
	Class    string
	X, Width int
}

// scale lays pieces of a whole end to end.
type scale struct {
	whole, laid time.Duration
}

func newScale(whole time.Duration) *scale { return &scale{whole: whole} }

// next lays one piece. What is too short to be seen is drawn two thousandths
// wide all the same, since it was there.
func (s *scale) next(class string, length time.Duration) segment {
	const full, least = 1000, 2
	if s.whole <= 0 {
		return segment{Class: class}
	}
	x := int(float64(s.laid) / float64(s.whole) * full)
	s.laid += length
	end := int(float64(s.laid) / float64(s.whole) * full)
	width := max(end-x, least)
	return segment{class, min(x, full-width), width}
}
