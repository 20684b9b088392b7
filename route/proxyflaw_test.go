package route_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/route"
)

func TestProxyFlaws(t *testing.T) {
	const a, b = "https://a.example", "https://b.example"
	tests := []struct {
		list string
		// want has each flaw as ENTRY: a part of why, with ! for one that breaks.
		want   []string
		mended string
	}{
		{list: a},
		{list: a + ",direct"},
		{list: a + "|" + b + "|off"},
		{list: "off"},
		{list: "direct"},
		{list: "a.example/path"},
		{list: "http://127.0.0.1:3000"},
		{list: "http://[::1]:3000,http://localhost"},
		{list: "file:///srv/proxy,off"},
		// What cannot be used at all has another finding.
		{list: ","},
		{list: a + ",none"},
		{list: a + ",OFF,,"},

		{a + ",direct," + b, []string{b + ": behind direct"}, a + ",direct"},
		{"off,direct", []string{"direct: behind off"}, "off"},
		{"direct|" + a + "," + b, []string{a + "," + b + ": behind direct"}, "direct"},
		{a + ",direct/", []string{"!direct/: a host of that name"}, a + ",direct"},
		{a + "|Direct.", []string{"!Direct.: a host of that name"}, a + "|direct"},
		{a + ",off/," + b, []string{"!off/: a host of that name"}, a + ",off," + b},
		{a + ",," + b, []string{": nothing"}, a + "," + b},
		{a + ",|" + b, []string{": nothing"}, a + "," + b},
		{a + "|,direct,", []string{": nothing"}, a + "|direct"},
		{a + " " + b, nil, ""}, // url.Parse does not like it
		{"a.example;b.example,direct", []string{"!a.example;b.example: one address"}, "a.example,b.example,direct"},
		{list: "http://athens:3000,http://proxy.corp.example,http://10.0.0.1"},
		{"http://a.org", []string{"http://a.org: plain http"}, ""},
		{"http://user:pass@a.example," + b, []string{"!http://user:pass@a.example: refuses"}, ""},
		{"http://127.0.0.1:1,http://user@127.0.0.1", []string{"!http://user@127.0.0.1: refuses"}, ""},
		{"http://198.51.100.1,direct/,,x", nil, ""},
		{"http://198.51.100.1,direct/,,direct,x", []string{"http://198.51.100.1: plain http", "!direct/: a host", ": nothing", "x: behind direct"}, "http://198.51.100.1,direct,direct"},
	}
	for _, tt := range tests {
		t.Run(tt.list, func(t *testing.T) {
			flaws, mended := route.ProxyFlaws(tt.list)
			if len(flaws) != len(tt.want) {
				t.Fatalf("%+v\nwant %q", flaws, tt.want)
			}
			for i, want := range tt.want {
				entry, why, _ := strings.Cut(want, ": ")
				entry, breaks := strings.CutPrefix(entry, "!")
				if f := flaws[i]; f.Entry != entry || f.Breaks != breaks || !strings.Contains(f.Why, why) {
					t.Errorf("%+v, want %q", f, want)
				}
			}
			if diff := cmp.Diff(tt.mended, mended); diff != "" {
				t.Error(diff)
			}
			if _, err := route.ParseProxies(mended); mended != "" && err != nil {
				t.Errorf("the mended list: %v", err)
			}
		})
	}
}
