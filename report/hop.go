package report

import (
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// hopsOf tells of each hop of a route what came of it. The checksum database is
// the last one where the go command would ask it.
func hopsOf(r probe.Report) []jsonHop {
	hops := []jsonHop{}
	for _, res := range r.Results {
		hops = append(hops, hopOf(res))
	}
	return hops
}

func hopOf(res probe.Result) jsonHop {
	h := jsonHop{
		Kind: res.Hop.Kind.String(), URL: address(res.Hop), Why: scrub(res.Hop.Why),
		Outcome: "skipped", Message: scrub(res.Hop.Skip), Login: strings.Join(logins(res), ", "), Steps: []jsonStep{},
	}
	if ans := telling(res); ans.Outcome != probe.Unasked {
		h.Outcome, h.Message = outcome(ans.Outcome), scrub(ans.Text)
		if ans.Outcome != probe.OK {
			h.Code = string(codeAt(res.Hop, ans.Fault))
		}
	}
	for _, ans := range res.Answers {
		for _, s := range ans.Steps {
			h.Steps = append(h.Steps, jsonStep{s.Phase.String(), milliseconds(s.Took)})
		}
	}
	return h
}

// codeAt is the code of a fault at a hop.
func codeAt(h route.Hop, f *probe.Fault) diagnostics.Code {
	if h.Kind == route.SumDB && f != nil && f.Cause == probe.NotFound {
		return diagnostics.SumDBNotFound
	}
	return diagnostics.CodeOf(f)
}

// address is where a hop is; empty for one that is nowhere, such as direct.
func address(h route.Hop) string {
	if h.URL != nil {
		return route.Redacted(h.URL)
	}
	if h.Dir == "" {
		return ""
	}
	path := filepath.ToSlash(h.Dir)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/dir
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// telling gives the answer that speaks for a hop: what failed, else what it
// could not tell, else what it does not have, else what it served. The list of
// versions is no part of a download and does not count; the record is all that
// a checksum database is asked for.
func telling(res probe.Result) probe.Answer {
	var best probe.Answer
	for _, a := range []probe.Artefact{probe.Info, probe.Mod, probe.Zip, probe.Record} {
		if ans := res.Answers[a]; weight(ans.Outcome) > weight(best.Outcome) {
			best = ans
		}
	}
	return best
}

func weight(o probe.Outcome) int {
	return [...]int{probe.Unasked: 0, probe.OK: 1, probe.Miss: 2, probe.Unsure: 3, probe.Withheld: 3, probe.Failed: 4, probe.Spoiled: 4}[o]
}

func outcome(o probe.Outcome) string {
	return [...]string{
		probe.Unasked: "skipped", probe.OK: "ok", probe.Miss: "not-found",
		probe.Failed: "fault", probe.Spoiled: "fault", probe.Unsure: "skipped", probe.Withheld: "skipped",
	}[o]
}

// logins names whose credentials a hop was shown, each once.
func logins(res probe.Result) []string {
	var names []string
	for _, ans := range res.Answers {
		if name := scrub(ans.Login); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
