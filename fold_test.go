package main

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFold(t *testing.T) {
	tests := []struct {
		name, text string
		width      int
		want       string
	}{
		{"no width", "a line that is left as it is\n", 0, "a line that is left as it is\n"},
		{"too narrow to read", "a line that is left as it is\n", 19, "a line that is left as it is\n"},
		{"fits", "exactly twenty wide.\n\nx\n", 20, "exactly twenty wide.\n\nx\n"},
		{"between words", "one more than twenty .\n", 20, "one more than twenty\n    .\n"},
		{"no newline at the end", "one more than twenty .", 20, "one more than twenty\n    ."},
		{"indented", "  two two two two two two two two\n", 20, "  two two two two\n      two two two\n      two\n"},
		{"under the text of a label", "label  one two three four five\n", 20, "label  one two three\n       four five\n"},
		{"a label of two words", "my label  one two three four\n", 20, "my label  one two\n          three four\n"},
		{"a label that leaves no room", "a-very-long-label  one two\n", 20, "a-very-long-label\n    one two\n"},
		{"a word that does not fit", "see https://proxy.corp.example/a for more\n", 20, "see\n    https://proxy.corp.example/a\n    for more\n"},
		{"only such a word", "https://proxy.corp.example/a\n", 20, "https://proxy.corp.example/a\n"},
		{"gaps inside are kept", "a   b   c   d   e   f\n", 20, "a   b   c   d   e\n    f\n"},
		{"colour takes no room", "\x1b[1mexactly\x1b[0m \x1b[31mtwenty\x1b[0m wide.\n", 20, "\x1b[1mexactly\x1b[0m \x1b[31mtwenty\x1b[0m wide.\n"},
		{"letters count, not bytes", "äöüäöü äöüäöü äöüäöü\n", 20, "äöüäöü äöüäöü äöüäöü\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			n, err := fold{&out, test.width}.Write([]byte(test.text))
			if err != nil || n != len(test.text) {
				t.Fatalf("wrote %d of %d bytes: %v", n, len(test.text), err)
			}
			if diff := cmp.Diff(test.want, out.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
