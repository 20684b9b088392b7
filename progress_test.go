package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestProgressLine(t *testing.T) {
	tests := []struct {
		name        string
		done, total int
		passed      time.Duration
		width       int
		want        string
	}{
		{"start", 0, 300, 300 * time.Millisecond, 80, "[                                        ] 0/300  0 s"},
		{"half", 150, 300, 2900 * time.Millisecond, 80, "[====================                    ] 150/300  2 s"},
		{"end", 300, 300, time.Minute, 80, "[========================================] 300/300  60 s"},
		{"narrow", 5, 10, time.Second, 30, "[========         ] 5/10  1 s"},
		{"no room for a bar", 5, 10, time.Second, 20, "5/10  1 s"},
		{"just room for the numbers", 5, 10, time.Second, 10, "5/10  1 s"},
		{"no room", 5, 10, time.Second, 9, ""},
		{"nothing to do", 0, 0, time.Second, 80, "[                                        ] 0/0  1 s"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := progressLine(test.done, test.total, test.passed, test.width)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(got) >= test.width {
				t.Errorf("%d columns, on a terminal of %d", len(got), test.width)
			}
		})
	}
}
