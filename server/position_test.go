package server

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.lsp.dev/protocol"
)

func TestRuler(t *testing.T) {
	const text = "a\r\nbé😀c\n\rd\xffe\n"
	tests := []struct {
		name   string
		unit   encoding
		offset int
		want   protocol.Position
	}{
		{"start", inUTF16, 0, protocol.Position{}},
		{"end of the first line", inUTF16, 1, protocol.Position{Line: 0, Character: 1}},
		{"second line", inUTF16, 3, protocol.Position{Line: 1, Character: 0}},
		{"after two bytes, UTF-16", inUTF16, 6, protocol.Position{Line: 1, Character: 2}},
		{"after two bytes, UTF-8", inBytes, 6, protocol.Position{Line: 1, Character: 3}},
		{"after a surrogate pair", inUTF16, 10, protocol.Position{Line: 1, Character: 4}},
		{"after four bytes", inBytes, 10, protocol.Position{Line: 1, Character: 7}},
		{"after a rune", inRunes, 10, protocol.Position{Line: 1, Character: 3}},
		{"after a lone CR", inUTF16, 13, protocol.Position{Line: 3, Character: 0}},
		{"after a byte that is no character", inUTF16, 15, protocol.Position{Line: 3, Character: 2}},
		{"the end", inUTF16, len(text), protocol.Position{Line: 4, Character: 0}},
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
		at   protocol.Position
		want int
	}{
		{"beyond a line", inUTF16, protocol.Position{Line: 0, Character: 99}, 6},
		{"beyond the last line", inUTF16, protocol.Position{Line: 2, Character: 0}, 9},
		{"beyond all texts", inUTF16, protocol.Position{Line: math.MaxUint32, Character: math.MaxUint32}, 9},
		{"beyond all lines", inUTF16, protocol.Position{Line: 1, Character: math.MaxUint32}, 9},
		{"beyond the text", inUTF16, protocol.Position{Line: 1, Character: 99}, 9},
		{"in a surrogate pair", inUTF16, protocol.Position{Line: 0, Character: 2}, 2},
		{"in a character", inBytes, protocol.Position{Line: 0, Character: 1}, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, r.offset(test.at, test.unit)); diff != "" {
				t.Errorf("offset (-want +got):\n%s", diff)
			}
		})
	}
	if diff := cmp.Diff([]protocol.Position{{}, {Line: 1, Character: 1}, {Character: 1}}, []protocol.Position{
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
