package main

import "testing"

func TestHeapLimit(t *testing.T) {
	for _, test := range []struct {
		name string
		live uint64
		want int64
	}{
		{"nothing", 0, 33 << 20},
		{"a thousand lines", 12 << 20, 33 << 20},
		{"as much as the limit", 36 << 20, 249 << 18},
		{"many modules", 200 << 20, 1233 << 18},
	} {
		if got := heapLimit(test.live); got != test.want {
			t.Errorf("%s: %d, want %d", test.name, got, test.want)
		}
	}
}
