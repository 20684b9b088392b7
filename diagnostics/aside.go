package diagnostics

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/modreach/modreach/probe"
)

// asides are the codes of what there is to say beside the verdict.
func asides(r probe.Report) []Code {
	var codes []Code
	if leaked(r) >= 0 {
		codes = append(codes, RouteLeak)
	}
	if r.Ending != probe.Reached && r.Ending != probe.Cached {
		return codes
	}
	if r.Mismatch != "" {
		codes = append(codes, PathMismatch)
	}
	if n := r.Notice; n != nil {
		if _, ok := n.Of(r.Served.Version); ok {
			codes = append(codes, Retracted)
		}
		if n.Deprecated != "" {
			codes = append(codes, Deprecated)
		}
	}
	return codes
}

// young is the age below which a version counts as just published. Hosts
// remember for half an hour at most that they did not have it, but the commit,
// whose time is all that is known, may be hours older than its tag.
const young = 24 * time.Hour

// age gives how old the version is that a hop serves while another host does
// not know it yet; ok is false where that is not known, or not young.
func age(r probe.Report) (since time.Duration, ok bool) {
	var asked time.Time
	if r.Hop >= 0 && r.Hop < len(r.Results) {
		asked = r.Results[r.Hop].Answers[probe.Record].At
	}
	for _, res := range r.Results {
		ans := res.Answers[probe.Info]
		if ans.Outcome != probe.OK || ans.Time.IsZero() || asked.IsZero() {
			continue
		}
		since := asked.Sub(ans.Time)
		return since, since >= 0 && since < young
	}
	return 0, false
}

// aside gives the placeholders that only what is said beside a verdict has, and
// the words of the go command about it.
func (l Language) aside(c Code, r probe.Report) (pairs []string, quote string) {
	switch c {
	case TooFresh:
		told := ""
		if since, ok := age(r); ok {
			told = strings.NewReplacer("{time}", l.lasted(since)).Replace(l.say(", made {time} ago"))
		}
		return []string{"{age}", told}, r.FirstLine()
	case RouteLeak, SumDBLeak:
		return []string{"{evidence}", l.Retell(r.Evidence)}, "" // go says nothing of it
	case NoFallback:
		return []string{"{beyond}", l.called(*r.Beyond)}, r.FirstLine()
	case CachedOnly:
		return nil, ""
	case ReplacePathMismatch:
		by := r.Route.Mod.Path + " " + r.Route.Mod.Version
		return []string{"{module}", r.Route.Required.Path, "{new}", by, "{declared}", l.declaration(r)}, oneLine(cmp.Or(r.Mismatch, r.FirstLine()))
	case PathMismatch:
		return []string{"{declared}", l.declaration(r)}, oneLine(cmp.Or(r.Mismatch, r.FirstLine()))
	case Retracted:
		retract, _ := r.Notice.Of(r.Served.Version)
		rationale := oneLine(retract.Rationale)
		quote = fmt.Sprintf("%s@%s: retracted by module author", r.Served.Path, r.Served.Version)
		if rationale == "" {
			return []string{"{rationale}", ""}, quote
		}
		first, _, _ := strings.Cut(retract.Rationale, "\n")
		return []string{"{rationale}", l.say(": ") + strings.TrimSuffix(rationale, ".")}, quote + ": " + first
	case Deprecated:
		advice := oneLine(r.Notice.Deprecated)
		return []string{"{advice}", strings.TrimSuffix(advice, ".")}, fmt.Sprintf("module %s is deprecated: %s", r.Served.Path, advice)
	}
	return nil, r.FirstLine()
}

// declaration names the path in the go.mod that was served.
func (l Language) declaration(r probe.Report) string {
	if path := r.Declared(); path != "" {
		return l.say("the path ") + path
	}
	return l.say("no path")
}

// oneLine gives a text in one line.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// lasted is a duration as people say it of an age.
func (l Language) lasted(d time.Duration) string {
	n, one, more := int(d.Hours()), " hour", " hours"
	switch {
	case d < time.Minute:
		n, one, more = int(d.Seconds()), " second", " seconds"
	case d < time.Hour:
		n, one, more = int(d.Minutes()), " minute", " minutes"
	}
	if n == 1 {
		more = one
	}
	return strconv.Itoa(n) + l.say(more)
}
