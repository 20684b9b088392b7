package server

import (
	"testing"
	"time"

	"go.lsp.dev/protocol"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/probe"
)

func TestEscape(t *testing.T) {
	for text, want := range map[string]string{
		"git.corp.example/some_lib v1.0.0": "git.corp.example/some_lib v1.0.0",
		"[log in](command:evil)":           `\[log in\](command:evil)`,
		"![](http://a.example/x.png)":      `!\[\](http://a.example/x.png)`,
		"<b>a | b</b>":                     `\<b>a \| b\</b>`,
		"__a__ *b* `c` ~~d~~ &lt; \\":      "\\_\\_a\\_\\_ \\*b\\* \\`c\\` \\~\\~d\\~\\~ \\&lt; \\\\",
		"_":                                `\_`,
		"":                                 "",
	} {
		if got := escape(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestFlat(t *testing.T) {
	if got := flat("\ta\n\x1b[31mb\x00 c\x7f\r\n"); got != "a [31mb c" {
		t.Errorf("%q", got)
	}
}

func TestLatest(t *testing.T) {
	listed := probe.Result{}
	listed.Answers[probe.List].Versions = []string{"v1.2.0", "v1.10.0", "v2.0.0-rc.1"}
	tests := []struct {
		name   string
		report probe.Report
		want   string
	}{
		{"none", probe.Report{}, ""},
		{"a release before a later candidate", probe.Report{Results: []probe.Result{listed}}, "v1.10.0"},
		{"the latest candidate where there is no release", probe.Report{Known: []string{"v1.0.0-a", "v1.0.0-b"}}, "v1.0.0-b"},
		{"from two places", probe.Report{Known: []string{"v1.11.0"}, Results: []probe.Result{listed}}, "v1.11.0"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := latest(test.report); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestTimes(t *testing.T) {
	now := time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
	var res probe.Result
	if took, age := times(diagnostics.English, res, now); took != "" || age != "" {
		t.Errorf("of nothing: %q, %q", took, age)
	}
	res.Answers[probe.Info] = probe.Answer{
		At:    now.Add(-90 * time.Second),
		Steps: []probe.Step{{Phase: probe.Connect, Took: 3200 * time.Microsecond}, {Phase: probe.Request, Took: 1200 * time.Millisecond}},
	}
	res.Answers[probe.Mod] = probe.Answer{
		At:    now.Add(-30 * time.Second),
		Steps: []probe.Step{{Phase: probe.Request, Took: 300 * time.Millisecond}},
	}
	took, age := times(diagnostics.English, res, now)
	if took != "connect 3ms, request 1.5s" || age != "1m30s ago" {
		t.Errorf("%q, %q", took, age)
	}
	if _, age := times(diagnostics.English, res, now.Add(-time.Hour)); age != "0s ago" {
		t.Errorf("with a clock set back: %q", age)
	}
}

func TestWants(t *testing.T) {
	tests := []struct {
		name string
		only []protocol.CodeActionKind
		want bool
	}{
		{"all", nil, true},
		{"the empty kind", []protocol.CodeActionKind{""}, true},
		{"the kind", []protocol.CodeActionKind{"refactor", "source.modreach"}, true},
		{"one below", []protocol.CodeActionKind{"source.modreach.recheck.x"}, false},
		{"one that begins alike", []protocol.CodeActionKind{"source.mod"}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := wants(test.only, sourceRecheck); got != test.want {
				t.Errorf("%t", got)
			}
		})
	}
}

func TestPageOf(t *testing.T) {
	for path, want := range map[string]string{
		"git.corp.example/team/lib/v2": "https://git.corp.example/team/lib",
		"corp.example":                 "https://corp.example/",
		"github.com/acme/tool":         "https://github.com/acme/tool",
		"github.com/acme/tool/a/b/v3":  "https://github.com/acme/tool/tree/HEAD/a/b",
		"javascript:alert":             "",
		"a b":                          "",
	} {
		if got := pageOf(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}
