package diagnostics_test

import (
	"strings"
	"testing"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/probe"
)

// TestFilterEvidence has each way of a filter told by what it was seen by.
func TestFilterEvidence(t *testing.T) {
	for _, test := range []struct {
		way   diagnostics.Way
		fault probe.Fault
		says  string
	}{
		{diagnostics.Way{Cause: probe.ConnectTimeout}, probe.Fault{Phase: probe.Connect, Host: "a.example:443"}, "get no answer, while other hosts answer."},
		{diagnostics.Way{Cause: probe.Reset}, probe.Fault{Phase: probe.Handshake, Host: "a.example:443"}, "are cut as soon as"},
		{diagnostics.Way{Cause: probe.HandshakeFailed}, probe.Fault{Phase: probe.Handshake, Host: "a.example:443"}, "go silent as soon as"},
		{diagnostics.Way{Cause: probe.HTTPProxyFailed, Status: 403}, probe.Fault{Phase: probe.Connect, Host: "web.example:3128", Status: 403}, "refuses to connect to them: 403 Forbidden."},
		{diagnostics.Way{Cause: probe.BadAnswer, Page: "Web filter"}, probe.Fault{Phase: probe.Body, Host: "a.example:443", Page: "Web filter"}, "answers for them: Web filter."},
	} {
		for _, language := range []diagnostics.Language{diagnostics.English, diagnostics.Chinese} {
			r := lost(test.way.Cause)
			fault := test.fault
			fault.Cause = test.way.Cause
			r.Fault = &fault
			s := twoLines(diagnostics.Judge(r), diagnostics.Weather{Code: diagnostics.NetworkFiltered, Hosts: []string{"a.example", "b.example"}, Way: test.way})
			s.Language = language
			found := diagnostics.Find(s)
			if len(found) != 1 || found[0].Code != diagnostics.NetworkFiltered {
				t.Fatalf("%+v: %+v", test.way, found)
			}
			what := found[0].What
			if strings.Contains(what, test.says) != (language == diagnostics.English) || strings.ContainsAny(what, "{}") {
				t.Errorf("%+v says %q", test.way, what)
			}
		}
	}
}
