package diagnostics

import (
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// HostWords says what a fault of the host that a hop leads to means, and what to
// do about it, where no module is concerned. Of a host that answers with a status it has
// nothing to say. The entry has no placeholders left.
func HostWords(h route.Hop, f *probe.Fault) Entry {
	e, _ := Describe(CodeOf(f))
	r := probe.Report{Route: route.Route{Hops: []route.Hop{h}}, Results: []probe.Result{{Hop: h}}}
	switch h.Kind {
	case route.Direct:
		e = English.fit(e, f)
	case route.SumDB:
		e, _ = Describe(SumDBUnreachable)
		e.What = "{Hop} {fails}."
	case route.Directory, route.Vendor, route.Cache, route.Proxy, route.Off:
	}
	fill := English.placeholders(r, 0, f, nil)
	e.What, e.Remedy = fill.Replace(e.What), fill.Replace(e.Remedy)
	return e
}
