package main

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUnifiedDiff(t *testing.T) {
	tests := []struct{ name, before, after, want string }{
		{"nothing", "a\n", "a\n", ""},
		{"a line of many", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nX\n6\n7\n8\n9\n", "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+X\n 6\n 7\n 8\n"},
		{"the first and the last", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "X\n2\n3\n4\n5\n6\n7\n8\nY\n", "@@ -1,4 +1,4 @@\n-1\n+X\n 2\n 3\n 4\n@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+Y\n"},
		{"near ones", "1\n2\n3\n4\n5\n", "X\n2\n3\n4\nY\n", "@@ -1,5 +1,5 @@\n-1\n+X\n 2\n 3\n 4\n-5\n+Y\n"},
		{"a line goes", "1\n2\n3\n", "1\n3\n", "@@ -1,3 +1,2 @@\n 1\n-2\n 3\n"},
		{"a line comes", "1\n3\n", "1\n2\n3\n", "@@ -1,2 +1,3 @@\n 1\n+2\n 3\n"},
		{"all goes", "1\n", "", "@@ -1 +0,0 @@\n-1\n"},
		{"carriage returns", "1\r\n2\r\n", "1\r\nX\r\n", "@@ -1,2 +1,2 @@\n 1\r\n-2\r\n+X\r\n"},
		{"no last newline", "1\n2", "1\nX", "@@ -1,2 +1,2 @@\n 1\n-2\n\\ No newline at end of file\n+X\n\\ No newline at end of file\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := test.want
			if want != "" {
				want = "--- a/go.mod\n+++ b/go.mod\n" + want
			}
			if diff := cmp.Diff(want, unifiedDiff("go.mod", test.before, test.after)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestCompareKeepsBoth finds both texts in what is told of their difference,
// whatever they are.
func TestCompareKeepsBoth(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	text := func() []string {
		var all []string
		for range random.IntN(12) {
			all = append(all, string(rune('a'+random.IntN(4)))+"\n")
		}
		return all
	}
	for range 2000 {
		old, next := text(), text()
		var gone, come []string
		for _, l := range compare(old, next) {
			if l.mark != '+' {
				gone = append(gone, l.text)
			}
			if l.mark != '-' {
				come = append(come, l.text)
			}
		}
		if strings.Join(gone, "") != strings.Join(old, "") || strings.Join(come, "") != strings.Join(next, "") {
			t.Fatalf("%q and %q became %q and %q", old, next, gone, come)
		}
	}
}
