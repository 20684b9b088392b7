package probe

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The forms of GOAUTH and of what commands print are compared with the go
// command itself by the scenarios auth-* of the oracle. Here are those for
// which it has no words.

func TestSplitCommand(t *testing.T) {
	for _, test := range []struct {
		name, line string
		want       []string
		ok         bool
	}{
		{"words", " a\tb  c ", []string{"a", "b", "c"}, true},
		{"quotes", `'a b' "c 'd'" ''`, []string{"a b", "c 'd'", ""}, true},
		{"quote within a word", `a'b c`, []string{"a'b", "c"}, true},
		{"word right after a quote", `'a'b`, []string{"a", "b"}, true},
		{"open quote", `a 'b`, nil, false},
		{"nothing", " ", nil, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := splitCommand(test.line)
			if diff := cmp.Diff(test.want, got); diff != "" || (err == nil) != test.ok {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestParseGrants(t *testing.T) {
	token := http.Header{"X-Token": {"a", "b"}}
	for _, test := range []struct {
		name, text string
		want       []grant
		ok         bool
	}{
		{"nothing", "", nil, true},
		{"two URLs", "https://a.example\nhttps://b.example/x\n\nX-Token: a\nx-token:  b \n\n", []grant{{"https://a.example", token}, {"https://b.example/x", token}}, true},
		{"two blocks", "https://a.example\n\nX-Token: a\nX-Token: b\n\nhttps://b.example\n\n\n", []grant{{"https://a.example", token}, {"https://b.example", http.Header{}}}, true},
		{"no URL", "\nX-Token: a\n\n", nil, true},
		{"no URL there", "hello\n\nX-Token: a\n\n", nil, false},
		{"no blank line after the URLs", "https://a.example\n", nil, false},
		{"no blank line after the header", "https://a.example\n\nX-Token: a\n", nil, false},
		{"no space after the colon", "https://a.example\n\nX-Token:a\n\n", nil, false},
		{"bad name", "https://a.example\n\nX Token: a\n\n", nil, false},
		{"bad value", "https://a.example\n\nX-Token: a\x00\n\n", nil, false},
		{"a bad end spoils it all", "https://a.example\n\nX-Token: a\n\nhello", nil, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := parseGrants(test.text)
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(grant{})); diff != "" || (err == nil) != test.ok {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
		})
	}
}
