package server

import (
	"slices"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/diagnostics"
)

// remedy is a change of settings that was made for a finding.
type remedy struct {
	key    string // of the page
	code   diagnostics.Code
	module string
	// pattern was added to settings; empty for another change.
	pattern string
	title   string
	// inForce reports that the settings were read since.
	inForce bool
}

// remediesMax bounds those that are remembered: who has made so many has
// forgotten the first.
const remediesMax = 20

// remedy is what an order was for, once it is done.
func (o order) remedy() remedy {
	return remedy{key: key(o.URI), code: o.Code, module: o.Module, pattern: o.Pattern, title: o.Title}
}

// fits reports whether a remedy was meant for a finding.
func (r remedy) fits(f diagnostics.Finding) bool {
	return r.code == f.Code && (r.module == f.Module || r.pattern != "" && module.MatchPrefixPatterns(r.pattern, f.Module))
}

// remember keeps remedies until it is seen whether they help.
func (d *desk) remember(all []remedy) {
	for _, r := range all {
		if r.title != "" {
			d.remedies = append(d.remedies, r)
		}
	}
	d.remedies = d.remedies[max(len(d.remedies)-remediesMax, 0):]
}

// followUp tells of the remedies that did not help, and forgets those that did.
func (d *desk) followUp(v *view) {
	if v.waiting > 0 {
		return // they may help yet
	}
	k := key(v.document.uri)
	d.remedies = slices.DeleteFunc(d.remedies, func(r remedy) bool {
		return r.key == k && r.inForce && !slices.ContainsFunc(v.findings, r.fits)
	})
	for i, f := range v.findings {
		for _, r := range slices.Backward(d.remedies) {
			if r.key == k && r.inForce && r.fits(f) {
				v.findings[i] = f.Unhelped(r.title)
				break
			}
		}
	}
}
