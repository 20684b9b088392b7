package report

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/doctor"
)

// DoctorHTML writes an examination as one page like that of [HTML]: the
// checklist by stage, a waterfall for each host, the chain of hops of each
// module, and the proxies measured side by side.
func DoctorHTML(w io.Writer, r doctor.Report) error {
	return writePage(w, "doctor", doctorViewOf(r))
}

// What the template of an examination is filled with. Every text in it is
// [shown].
type (
	doctorView struct {
		page
		States []stateView
		// Care are the checks that fail, and after them those that warn.
		Care        []itemView
		Stages      []stageView
		Environment []Setting
	}
	stageView struct {
		ID, Title, Took string
		// Status is the worst of its checks, Count how many have it.
		Status string
		Count  int
		Checks []itemView
		// Modules and Alternatives are what two of the stages are about.
		Modules      []lineView
		Alternatives []alternativeView
	}
	itemView struct {
		ID, Status, Title string
		Detail            []string
		Remedy            []string
		Code, Help        string
		Host              *hostView
	}
	alternativeView struct {
		URL, Role, Module   string
		Has, SumDB          string
		P50, Samples, Error string
	}
)

func doctorViewOf(r doctor.Report) doctorView {
	v := doctorView{page: newPage(diagnosis(r), r.Tool.Version, r.Made)}
	for _, fact := range []string{r.OS, r.Go, r.Module} {
		if fact != "" {
			v.Facts = append(v.Facts, shown(fact))
		}
	}
	if r.Offline {
		v.Facts = append(v.Facts, "without network")
	}
	v.Facts = append(v.Facts, "took "+lasted(time.Duration(r.Summary.Seconds*float64(time.Second))))
	v.States = statusesOf(r.Summary)
	for i, s := range stagesOf(r) {
		stage := stageViewOf(s, fmt.Sprintf("s%d", i+1), r.Made)
		switch s.Name {
		case "modules":
			stage.Modules = moduleViews(r.Modules)
		case "alternatives":
			for _, a := range r.Alternatives {
				stage.Alternatives = append(stage.Alternatives, alternativeViewOf(a))
			}
		}
		v.Stages = append(v.Stages, stage)
	}
	for _, status := range []doctor.Status{doctor.Fail, doctor.Warn} {
		for _, s := range v.Stages {
			for _, c := range s.Checks {
				if c.Status == string(status) {
					v.Care = append(v.Care, c)
				}
			}
		}
	}
	for _, s := range r.Settings {
		v.Environment = append(v.Environment, Setting{shown(s.Name), shown(s.Value), shown(s.Origin)})
	}
	return v
}

// stagesOf gives the stages, with one for what would have no place without it.
func stagesOf(r doctor.Report) []doctor.Stage {
	stages := slices.Clone(r.Stages)
	need := func(name, title string) {
		if !slices.ContainsFunc(stages, func(s doctor.Stage) bool { return s.Name == name }) {
			stages = append(stages, doctor.Stage{Name: name, Title: title})
		}
	}
	if len(r.Modules) > 0 {
		need("modules", "Modules")
	}
	if len(r.Alternatives) > 0 {
		need("alternatives", "Alternatives")
	}
	return stages
}

// diagnosis is the whole examination in one sentence.
func diagnosis(r doctor.Report) string {
	fails, warns := r.Summary.Fail, r.Summary.Warn
	switch {
	case fails == 1:
		return "1 check fails"
	case fails > 0:
		return fmt.Sprintf("%d checks fail", fails)
	case warns > 0:
		return "Nothing fails, " + count(warns, "warning")
	case r.Summary.OK == 0:
		return "Nothing was examined"
	}
	return "All is well"
}

// statuses are those of a check, the worst first.
var statuses = []doctor.Status{doctor.Fail, doctor.Warn, doctor.OK, doctor.Skipped}

// statusesOf gives the statuses that some checks have.
func statusesOf(s doctor.Summary) []stateView {
	counts := map[doctor.Status]int{doctor.OK: s.OK, doctor.Warn: s.Warn, doctor.Fail: s.Fail, doctor.Skipped: s.Skipped}
	scale := newScale(time.Duration(s.OK + s.Warn + s.Fail + s.Skipped))
	var views []stateView
	for _, status := range statuses {
		if n := counts[status]; n > 0 {
			views = append(views, stateView{string(status), n, scale.next(string(status), time.Duration(n))})
		}
	}
	return views
}

func stageViewOf(s doctor.Stage, id string, made time.Time) stageView {
	v := stageView{ID: id, Title: shown(s.Title)}
	if s.MS > 0 {
		v.Took = brief(milli(s.MS))
	}
	for _, status := range statuses {
		n := 0
		for _, c := range s.Checks {
			if c.Status == status {
				n++
			}
		}
		if n > 0 && v.Count == 0 {
			v.Status, v.Count = string(status), n
		}
	}
	for _, c := range s.Checks {
		item := itemView{
			ID:     fmt.Sprintf("%s-%d", id, len(v.Checks)+1),
			Status: closed(string(c.Status), "skipped", "fail", "warn", "ok"), Title: shown(c.Title), Detail: shownLines(c.Detail), Remedy: shownLines(c.Remedy),
		}
		item.Code, item.Help = codeLink(c.Code)
		if c.Host != nil {
			item.Host = hostViewOf(*c.Host, made)
		}
		v.Checks = append(v.Checks, item)
	}
	return v
}

// openModules is how many modules are unfolded from the start: with more, those
// that follow would be out of sight.
const openModules = 5

// moduleViews shows the modules, and the first that fail unfolded.
func moduleViews(modules []doctor.Module) []lineView {
	var views []lineView
	open := 0
	for i, m := range modules {
		v := moduleView(m, fmt.Sprintf("m%d", i+1))
		if v.State == "unreachable" && open < openModules {
			v.Open = true
			open++
		}
		views = append(views, v)
	}
	return views
}

func moduleView(m doctor.Module, id string) lineView {
	v := lineView{
		ID: id, What: shown(subject(m.Path, m.Version)), Reason: shown(m.Reason),
		Place: fmt.Sprintf("line %d", m.Line),
		State: closed(m.Verdict, "unknown", "reachable", "cached", "unreachable", "skipped"),
	}
	if v.State == "unreachable" && len(m.Hops) > 0 {
		v.Reason = "" // the hop that decided has the words
	}
	var total time.Duration
	for _, h := range m.Hops {
		total += milli(h.MS)
	}
	if total > 0 {
		v.Took = brief(total)
	}
	scale := newScale(total)
	for _, h := range m.Hops {
		hop := hopView{Name: shown(h.Name), Why: shown(h.Why)}
		hop.Outcome, hop.Class = outcomeOf(h.Outcome)
		if took := milli(h.MS); took > 0 {
			hop.Took, hop.Bar = brief(took), []segment{scale.next("request", took)}
		}
		hop.Words = shownLines(h.Message)
		v.Hops = append(v.Hops, hop)
	}
	return v
}

// outcomeOf is an outcome of the JSON form in words, and the class of its look.
func outcomeOf(outcome string) (word, class string) {
	switch outcome {
	case "ok":
		return "ok", "good"
	case "not-found":
		return "not there", "warn"
	case "fault":
		return "failed", "bad"
	case "none":
		return "no address", "dim"
	}
	return "not asked", "dim"
}

func alternativeViewOf(a doctor.Alternative) alternativeView {
	v := alternativeView{
		URL: shown(a.URL), Role: shown(a.Role), Module: shown(a.Module), Error: shown(a.Message),
		Has: "no", SumDB: "no", P50: "-", Samples: fmt.Sprint(a.Samples),
	}
	if a.Has {
		v.Has = "yes"
	}
	if a.SumDB {
		v.SumDB = "yes"
	}
	if a.P50 > 0 {
		v.P50 = brief(milli(a.P50))
	}
	return v
}

// codeLink gives a code and the address of its page; both are empty for what is
// no code.
func codeLink(code string) (name, help string) {
	e, ok := diagnostics.Describe(diagnostics.Code(code))
	if !ok {
		return "", ""
	}
	return code, e.Code.Help()
}

// closed gives a word if it is one of a closed list, and else the first of them.
func closed(word string, list ...string) string {
	if slices.Contains(list, word) {
		return word
	}
	return list[0]
}

// milli is so many milliseconds, as far as they make sense.
func milli(ms float64) time.Duration {
	const longest = float64(time.Hour / time.Millisecond) // no examination takes longer
	return time.Duration(min(max(ms, 0), longest) * float64(time.Millisecond))
}
