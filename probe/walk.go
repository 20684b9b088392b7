package probe

import (
	"fmt"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/modreach/modreach/route"
)

// Need is what a walk has to know before it can go on: some artefacts of one
// module version at one hop.
type Need struct {
	// Hop is the index into the route's hops, as [route.Route.AllHops] gives them.
	Hop int
	// Mod is the version to ask for: for a query, after .info, what it
	// resolved to.
	Mod module.Version
	// Artefacts are asked in this order, for as long as the answer is OK: the
	// go command would come to this hop for each of them.
	Artefacts []Artefact
}

// Lookup gives the answer known for an artefact at a hop of the route, or an
// Unasked answer.
type Lookup func(hop int, mod module.Version, a Artefact) Answer

// Walk follows a route as the go command does: .info, .mod and .zip in this
// order, each visiting the hops from the start. It is pure: it either needs an
// answer that is not known yet, or gives the finished report.
func Walk(r route.Route, known Lookup) (Report, *Need) {
	hops := r.AllHops()
	w := walk{route: r, mod: r.Mod, known: func(hop int, mod module.Version, a Artefact) Answer {
		if g := hops[hop].Guard; g.Shut() {
			return withheld(hops[hop], g.Evidence)
		}
		return known(hop, mod, a)
	}}
	w.report = Report{Route: r, Hop: -1, Served: r.Mod, Results: make([]Result, len(hops))}
	for i, h := range hops {
		w.report.Results[i].Hop = h
	}
	if done := w.stopped(); done {
		return w.report, nil
	}
	wanted := []Artefact{Info, Mod, Zip}
	if r.Toolchain != "" {
		wanted = wanted[Zip:]
	}
	for _, a := range wanted {
		need, done := w.artefact(a)
		if need != nil {
			return w.report, need
		}
		if done {
			return w.report, nil
		}
	}
	return w.report, w.finish()
}

type walk struct {
	route  route.Route
	known  Lookup
	mod    module.Version // after .info: what a query resolved to
	report Report
	// asked reports whether a hop beyond the module cache served something.
	asked bool
	// goLine is the go version the served go.mod wants.
	goLine string
	// served is the answer with the go.mod.
	served Answer
}

// stopped settles a route that ends before its first hop.
func (w *walk) stopped() bool {
	stop := w.route.Stop
	w.report.Text = stop.Text
	switch {
	case stop.Kind == route.NoStop && w.route.Query && asksList(w.route.Mod.Version):
		w.report.Ending = Open
		w.report.Text = w.route.Mod.Version + " is a query, in whose place go mod tidy writes a version"
	case stop.Kind == route.NoStop:
		return false
	case stop.Kind == route.NoGo:
		w.report.Ending = Open
	case stop.Kind == route.Excluded || stop.Kind == route.Installed:
		w.report.Ending = Spared
	default:
		w.report.Ending = Lost
	}
	return true
}

// asksList reports whether a query takes more than one .info file to answer,
// most often the list of versions: the go command knows some words,
// comparisons, the beginnings of versions, and versions with metadata.
func asksList(query string) bool {
	switch query {
	case "latest", "upgrade", "patch":
		return true
	}
	inexact := semver.IsValid(query) && (strings.Count(query, ".") < 2 || semver.Build(query) != "")
	return inexact || strings.HasPrefix(query, "<") || strings.HasPrefix(query, ">")
}

// The ranks of cmd/go's TryProxies: the error of a higher rank is the one that
// is printed, among equals the later hard error and the later miss.
const (
	missRank = iota
	hardRank
	directRank
)

// artefact looks for one artefact along all hops. It reports done when the
// walk has ended there.
func (w *walk) artefact(a Artefact) (need *Need, done bool) {
	best, rank := -1, missRank
hops:
	for i, hop := range w.route.Hops {
		if hop.Skip != "" {
			continue
		}
		ans := w.answer(i, a)
		if ans.Outcome == OK && w.wantsRecord(a) {
			if ans = w.recorded(i, a, ans); ans.Outcome == Unasked {
				return &Need{Hop: len(w.route.Hops), Mod: w.mod, Artefacts: []Artefact{Record}}, false
			}
		}
		switch ans.Outcome {
		case Unasked:
			return w.need(i, a), false
		case Unsure:
			w.end(Open, i, a, ans)
			return nil, true
		case Withheld:
			if ans.Artefact == Record {
				i = len(w.route.Hops)
			}
			w.end(Open, i, a, ans)
			w.report.Evidence = ans.Evidence
			return nil, true
		case OK:
			if local(hop) {
				w.end(Spared, i, a, ans)
				return nil, true
			}
			return nil, w.take(i, a, ans)
		case Spoiled:
			w.end(Lost, i, a, ans)
			return nil, true
		case Miss, Failed:
			hard := ans.Outcome == Failed
			switch {
			case hop.Kind == route.Cache && !hard:
				// What the cache lacks is no error.
			case hop.Kind == route.Direct:
				best, rank = i, directRank
			case hard && rank <= hardRank:
				best, rank = i, hardRank
			case rank == missRank:
				best = i
			}
			if hard && hop.Falls == route.NotFound {
				break hops
			}
		}
	}
	if best < 0 {
		w.report.Ending, w.report.Artefact = Lost, a
		w.report.Text, w.report.Fault = offText, &Fault{Cause: ProxyOff}
		w.speakOfToolchain(-1, Miss)
		return nil, true
	}
	if need := w.versions(best, a); need != nil {
		return need, false
	}
	if need := w.beyond(a); need != nil {
		return need, false
	}
	w.end(Lost, best, a, w.report.Results[best].Answers[a])
	return nil, true
}

// local reports whether a hop has the module as it is, with nothing to fetch.
func local(hop route.Hop) bool { return hop.Kind == route.Directory || hop.Kind == route.Vendor }

// answer gives what hop i said, or must be taken to say, about artefact a.
func (w *walk) answer(i int, a Artefact) Answer {
	mod := w.mod
	if a == Info {
		mod = w.route.Mod
	}
	ans := w.known(i, mod, w.standsFor(i, mod, a))
	ans.Artefact = a
	if w.report.Results[i].Hop.Kind == route.Off {
		ans = Answer{Artefact: a, Outcome: Miss, Text: offText, Fault: &Fault{Cause: ProxyOff}}
	}
	w.report.Results[i].Answers[a] = ans
	return ans
}

// standsFor gives the artefact that hop i is asked for when a is wanted. Where a
// repository cannot show a go.mod that go.sum vouches for, its word that the
// version is there, which is all that is known of its .zip, will do.
func (w *walk) standsFor(i int, mod module.Version, a Artefact) Artefact {
	vouched := a == Mod && i < len(w.route.Hops) && w.route.Hops[i].Kind == route.Direct && len(w.route.Sums.Mod) > 0
	if vouched && w.known(i, mod, Mod).Outcome == Unsure {
		return Zip
	}
	return a
}

// offText is what the go command prints at a hop "off", and where no hop is left.
const offText = "module lookup disabled by GOPROXY=off"

// need asks hop i for artefact a, and with it for the later artefacts that are
// certain to lead here too.
func (w *walk) need(i int, a Artefact) *Need {
	n := &Need{Hop: i, Mod: w.mod, Artefacts: []Artefact{a}}
	if local(w.route.Hops[i]) {
		return n // the first answer ends the walk
	}
	n.Artefacts[0] = w.standsFor(i, n.Mod, a)
	if a == Info {
		n.Mod = w.route.Mod
		if w.route.Query {
			return n // only the answer tells which version comes next
		}
	}
	for next := a + 1; next <= Zip && w.leads(i, next); next++ {
		n.Artefacts = append(n.Artefacts, next)
	}
	return n
}

// leads reports whether the walk for artefact a is known to come to hop i.
func (w *walk) leads(i int, a Artefact) bool {
	for j, hop := range w.route.Hops[:i] {
		if hop.Skip != "" {
			continue
		}
		switch w.answer(j, a).Outcome {
		case Miss:
		case Failed:
			if hop.Falls == route.NotFound {
				return false
			}
		default:
			return false
		}
	}
	return w.answer(i, a).Outcome == Unasked
}

// take accepts a served artefact and checks it against go.sum. It reports
// whether that ends the walk.
func (w *walk) take(i int, a Artefact, ans Answer) (done bool) {
	if w.route.Hops[i].Kind != route.Cache {
		w.asked = true
	}
	var want []string
	switch a {
	case Info:
		if w.route.Query {
			w.mod.Version = ans.Version
			w.report.Served = w.mod
		}
	case Mod:
		want = w.route.Sums.Mod
		w.goLine, w.served = ans.GoVersion, ans
	case Zip:
		want = w.route.Sums.Zip
	case List, Record:
	}
	// The go command compares with the first h1: line and ends there.
	if len(want) == 0 || ans.Sum == "" || ans.Sum == want[0] || w.route.Query {
		return false
	}
	w.report.Ending, w.report.Hop, w.report.Artefact = Lost, i, a
	w.report.Fault = &Fault{Phase: Checksum, Cause: SumMismatch}
	w.report.Text = fmt.Sprintf("verifying %s: checksum mismatch\n\tdownloaded: %s\n\tgo.sum:     %s", sumSubject(w.mod, a), ans.Sum, want[0])
	return true
}

// end settles the report with the answer of hop i.
func (w *walk) end(e Ending, i int, a Artefact, ans Answer) {
	w.report.Ending, w.report.Hop, w.report.Artefact = e, i, a
	w.report.Text, w.report.Fault = ans.Text, ans.Fault
	if w.ofDatabase(ans.Fault) {
		w.report.Hop = len(w.route.Hops)
	}
	if e == Spared && ans.Text == "" {
		w.report.Text = w.route.Hops[i].Why
	}
	w.speakOfToolchain(i, ans.Outcome)
}

// finish settles a report whose artefacts were all found.
func (w *walk) finish() *Need {
	text, tooOld := w.route.Running.TooOldFor(w.goLine)
	if w.route.Refused != "" {
		text, tooOld = w.route.Refused, true
	}
	switch {
	case tooOld && text == "":
		w.report.Ending, w.report.Artefact = Open, Zip
		w.report.Text = "it wants go " + w.goLine + ", to which the go command would switch first"
		return nil
	case tooOld:
		w.report.Ending, w.report.Artefact = Lost, Zip
		w.report.Fault = &Fault{Cause: TooOld}
		w.report.Text = text
		return nil
	}
	w.report.Mismatch = w.mismatch()
	if w.report.Mismatch != "" && w.route.Mod != w.route.Required && !w.route.Query {
		w.report.Ending, w.report.Artefact = Lost, Mod
		w.report.Fault, w.report.Text = &Fault{Cause: OtherModule}, w.report.Mismatch
		return nil
	}
	w.report.Ending, w.report.Notice = Cached, w.notice()
	if w.asked {
		w.report.Ending = Reached
	}
	return w.latest()
}
