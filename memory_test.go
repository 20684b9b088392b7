package main

import "testing"

func TestHeapLimit(t *testing.T) {
	for _, test := range []struct {
		name string
		live uint64
		want int64
	}{
		{"nothing", 0, 36 << 20},
		{"a thousand lines", 12 << 20, 36 << 20},
		{"as much as the limit", 36 << 20, 81 << 20},
		{"many modules", 200 << 20, 409 << 20},
	} {
		if got := heapLimit(test.live); got != test.want {
			t.Errorf("%s: %d, want %d", test.name, got, test.want)
		}
	}
}
