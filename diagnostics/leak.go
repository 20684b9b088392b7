package diagnostics

import (
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// leakCode gives the code of a walk that ended before a public hop, for the sake
// of a path that looks private; empty for another one.
func leakCode(r probe.Report) Code {
	switch {
	case r.Evidence == "":
		return ""
	case r.Results[r.Hop].Hop.Guard.Covered:
		return SumDBLeak
	}
	return RouteLeak
}

// leaked gives the public proxy that was told a path which may be private: it
// does not know the module, and the module's own host wants a login for it. It
// is -1 for none.
func leaked(r probe.Report) int {
	if r.Ending != probe.Lost || r.Fault == nil || r.Fault.Cause != probe.VCSAuth && r.Fault.Cause != probe.AuthNeeded ||
		r.Hop < 0 || r.Results[r.Hop].Hop.Kind != route.Direct {
		return -1
	}
	for i, res := range r.Results[:r.Hop] {
		ans := res.Answers[probe.Info]
		if res.Hop.Public && ans.Outcome == probe.Miss && ans.Fault != nil && ans.Fault.Status != 0 {
			return i
		}
	}
	return -1
}

// blind reports that a walk ended before a public hop because nobody knows which
// paths are private.
func blind(r probe.Report) bool { return r.Evidence != "" && r.Results[r.Hop].Hop.Guard.Blind }

// What is said of a leak where the words of the catalogue do not fit.
const (
	alreadyAsked = "{Hop}, which is public, was asked for {module} and does not have it, while the host of the module wants a login; hosts say so of what does not exist as well."
	askNoMore    = "If it is private, add it to GOPRIVATE, so that nobody but its own host is asked."
	anyPath      = "Any module may be private, because {evidence}; none is shown to {hop}, which is public, though go would."
	mendFile     = "Mend the file; until then this check asks no public host."
	leadsOn      = "{module} looks private, because {evidence}; {hop} leads on to a public host, which go would tell its path and version."
	keepIt       = "Have that proxy keep it to itself, or add it to GOPRIVATE, so that nobody but its own host is asked."
	noDatabase   = "Add it to GONOSUMDB, so that no checksum database is asked; this check has not asked."
)

// leakWords fits the words about a leak to the report, and gives the hop that
// they are about.
func (l Language) leakWords(e Entry, r probe.Report) (Entry, int) {
	if i := leaked(r); i >= 0 {
		e.What, e.Remedy = l.say(alreadyAsked), l.say(askNoMore)
		return e, i
	}
	switch h := r.Results[r.Hop].Hop; {
	case h.Guard.Blind:
		e.What, e.Remedy = l.say(anyPath), l.say(mendFile)
	case h.Kind == route.Proxy && h.Guard.Elsewhere:
		e.What, e.Remedy = l.say(leadsOn), l.say(keepIt)
	case h.Kind == route.SumDB:
		e.Remedy = l.say(noDatabase)
	}
	return e, r.Hop
}
