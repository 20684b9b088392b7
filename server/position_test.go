package server

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRuler(t *testing.T) {
	const text = "a\r\nbé😀c\n\rd\xffe\n"
	tests := []struct {
		name   string
		unit   encoding
		offset int
		want   position
	}{
		{"start", inUTF16, 0, position{0, 0}},
		{"end of the first line", inUTF16, 1, position{0, 1}},
		{"second line", inUTF16, 3, position{1, 0}},
		{"after two bytes, UTF-16", inUTF16, 6, position{1, 2}},
		{"after two bytes, UTF-8", inBytes, 6, position{1, 3}},
		{"after a surrogate pair", inUTF16, 10, position{1, 4}},
		{"after four bytes", inBytes, 10, position{1, 7}},
		{"after a rune", inRunes, 10, position{1, 3}},
		{"after a lone CR", inUTF16, 13, position{3, 0}},
		{"after a byte that is no character", inUTF16, 15, position{3, 2}},
		{"the end", inUTF16, len(text), position{4, 0}},
	}
	r := newRuler(text)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, r.position(test.offset, test.unit)); diff != "" {
				t.Errorf("position (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.offset, r.offset(test.want, test.unit)); diff != "" {
				t.Errorf("offset (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRulerBounds measures what is not in the text.
func TestRulerBounds(t *testing.T) {
	r := newRuler("é😀\r\nb")
	tests := []struct {
		name string
		unit encoding
		at   position
		want int
	}{
		{"before the text", inUTF16, position{-1, 5}, 0},
		{"before a line", inUTF16, position{1, -1}, 8},
		{"beyond a line", inUTF16, position{0, 99}, 6},
		{"beyond the last line", inUTF16, position{2, 0}, 9},
		{"beyond the text", inUTF16, position{1, 99}, 9},
		{"in a surrogate pair", inUTF16, position{0, 2}, 2},
		{"in a character", inBytes, position{0, 1}, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, r.offset(test.at, test.unit)); diff != "" {
				t.Errorf("offset (-want +got):\n%s", diff)
			}
		})
	}
	if diff := cmp.Diff([]position{{0, 0}, {1, 1}, {0, 1}}, []position{
		r.position(-1, inUTF16), r.position(99, inUTF16), r.position(3, inUTF16),
	}); diff != "" {
		t.Errorf("positions (-want +got):\n%s", diff)
	}
}

// FuzzRuler goes there and back.
func FuzzRuler(f *testing.F) {
	f.Add("a\r\nbé😀c\n\rd\xffe\n", 3)
	f.Fuzz(func(t *testing.T, text string, offset int) {
		r := newRuler(text)
		var starts []int // of the lines but the first
		for i := range len(text) {
			if text[i] == '\n' || text[i] == '\r' && text[i:min(i+2, len(text))] != "\r\n" {
				starts = append(starts, i+1)
			}
		}
		if !slices.Equal(starts, r.starts[1:]) {
			t.Errorf("lines at %v, want %v", r.starts[1:], starts)
		}
		for _, unit := range []encoding{inUTF16, inRunes, inBytes} {
			p := r.position(offset, unit)
			// Only an offset within a character or a "\r\n" is not its own.
			if again := r.position(r.offset(p, unit), unit); again != p && r.text[min(max(offset, 0), len(text))-1] != '\r' {
				t.Errorf("%s: offset %d is at %v, and that at %v", unit, offset, p, again)
			}
		}
	})
}
