package probe

import (
	"fmt"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/route"
)

// wantsRecord reports whether the go command asks the checksum database about
// an artefact, because go.sum does not hold its hash.
func (w *walk) wantsRecord(a Artefact) bool {
	if w.route.SumDB == nil {
		return false
	}
	return a == Mod && len(w.route.Sums.Mod) == 0 || a == Zip && len(w.route.Sums.Zip) == 0
}

// recorded gives what the go command makes of a served artefact after it asked
// the checksum database; an Unasked answer where that has to be asked first. A
// .mod is checked while its hop is asked, so that "|" leads past a bad one; a
// zip only afterwards. What the module cache holds then counts as not there.
func (w *walk) recorded(i int, a Artefact, ans Answer) Answer {
	rec := w.answer(len(w.route.Hops), Record)
	want, what, subject := rec.Sums.Mod, "go.mod", sumSubject(w.mod, a)
	if a == Zip {
		want, what = rec.Sums.Zip, "module"
	}
	switch {
	case rec.Outcome == Unasked || rec.Outcome == Unsure || rec.Outcome == Withheld:
		return rec
	case rec.Outcome == Spoiled: // it ended the go command
		ans.Outcome, ans.Text, ans.Fault = Spoiled, rec.Text, rec.Fault
		w.report.Results[i].Answers[a] = ans
		return ans
	case rec.Outcome != OK:
		ans.Fault = rec.Fault
		switch {
		case rec.Text == "":
			ans.Text = "" // go would wait, and print nothing
		case rec.Fault.Cause == BadSetting && rec.Fault.Phase == Checksum:
			ans.Text = fmt.Sprintf("verifying %s: %s", what, rec.Text)
		default:
			ans.Text = fmt.Sprintf("verifying %s: %s: %s", what, subject, rec.Text)
		}
	case len(want) == 0:
		ans.Text = fmt.Sprintf("verifying %s: checksum missing from sumdb response", what)
		ans.Fault = &Fault{Phase: Checksum, Cause: SumMismatch}
	case ans.Sum == "" || ans.Sum == want[0]:
		return ans
	default:
		ans.Text = fmt.Sprintf("verifying %s: checksum mismatch\n\tdownloaded: %s\n\t%s: %s", what, ans.Sum, w.route.SumDB, want[0])
		ans.Fault = &Fault{Phase: Checksum, Cause: SumMismatch}
	}
	switch {
	case a == Zip:
		ans.Outcome = Spoiled
	case w.route.Hops[i].Kind == route.Cache:
		ans.Outcome = Miss
	case w.route.KeepsSums && w.route.Hops[i].Falls == route.AnyError && ans.Fault.Cause == SumMismatch:
		// It takes the file of a later hop, notes its hash, and then trips over
		// the one it has from here.
		ans.Outcome = Spoiled
		ans.Text = fmt.Sprintf("verifying %s: checksum mismatch", subject)
	default:
		ans.Outcome = Failed
	}
	w.report.Results[i].Answers[a] = ans
	return ans
}

// ofDatabase reports whether a fault is that of the checksum database, which ends
// what a hop serves.
func (w *walk) ofDatabase(f *Fault) bool {
	return f != nil && w.route.SumDB != nil && f == w.report.Results[len(w.route.Hops)].Answers[Record].Fault
}

// sumSubject names what is verified as go.sum and the go command do.
func sumSubject(mod module.Version, a Artefact) string {
	if a == Mod {
		return mod.Path + "@" + mod.Version + "/go.mod"
	}
	return mod.Path + "@" + mod.Version
}
