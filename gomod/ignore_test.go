package gomod_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/gomod"
)

func TestParseIgnore(t *testing.T) {
	ignore := func(until string, codes ...string) gomod.Ignore {
		return gomod.Ignore{Codes: codes, Until: until}
	}
	for _, tt := range []struct {
		name, comment string
		want          gomod.Ignore
		ok            bool
	}{
		{"one code", "// modreach:ignore no-answer", ignore("", "no-answer"), true},
		{"tight", "//modreach:ignore no-answer", ignore("", "no-answer"), true},
		{"codes", "// modreach:ignore no-answer,dns-failed forbidden", ignore("", "no-answer", "dns-failed", "forbidden"), true},
		{"date", "// modreach:ignore no-answer until=2026-12-31", ignore("2026-12-31", "no-answer"), true},
		{"date first", "// modreach:ignore until=2026-12-31 no-answer", ignore("2026-12-31", "no-answer"), true},
		{"indirect", "// indirect; modreach:ignore no-answer", ignore("", "no-answer"), true},
		{"words after slashes", "// modreach:ignore no-answer // the VPN is slow", ignore("", "no-answer"), true},
		{"words after dashes", "// modreach:ignore no-answer -- the VPN is slow", ignore("", "no-answer"), true},
		{"no code", "// modreach:ignore", gomod.Ignore{}, false},
		{"no code but a date", "// modreach:ignore until=2026-12-31", gomod.Ignore{}, false},
		{"no such day", "// modreach:ignore no-answer until=2026-02-30", gomod.Ignore{}, false},
		{"another word", "// modreach:ignored no-answer", gomod.Ignore{}, false},
		{"in a sentence", "// write modreach:ignore no-answer", gomod.Ignore{}, false},
		{"another comment", "// indirect", gomod.Ignore{}, false},
		{"empty", "", gomod.Ignore{}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := gomod.ParseIgnore(tt.comment)
			if ok != tt.ok {
				t.Fatalf("ok = %t, want %t", ok, tt.ok)
			}
			if diff := cmp.Diff(tt.want, got); ok && diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
