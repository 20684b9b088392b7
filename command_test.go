package main

import (
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFlagsOneDash(t *testing.T) {
	tests := []struct{ name, args, want string }{
		{"long", "check -format json -no-cache", "check --format json --no-cache"},
		{"long already", "check --format json --no-cache", "check --format json --no-cache"},
		{"with its value", "check -format=json -o=x", "check --format=json -o=x"},
		{"short", "check -v -C dir -o file", "check -v -C dir -o file"},
		{"short with its value", "check -Cdir -ofile", "check -Cdir -ofile"},
		{"long that begins like a short", "check -offline -output x -chdir d", "check --offline --output x --chdir d"},
		{"a value that looks like a flag", "check -o -format -timeout -1s", "check -o -format --timeout -1s"},
		{"a value after two dashes", "check --format -no-cache", "check --format -no-cache"},
		{"unknown", "check -nosuch -nosuch=1 -x", "check --nosuch --nosuch=1 -x"},
		{"standard input", "check - -offline", "check - --offline"},
		{"after the end of flags", "check -- -format", "check -- -format"},
		{"before the command", "-help check -version", "--help check --version"},
		{"the last one lacks its value", "check -format", "check --format"},
		{"a switch has no value", "check -offline -no-cache", "check --offline --no-cache"},
	}
	root := rootCommand(strings.NewReader(""), io.Discard, io.Discard)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			given := strings.Fields(test.args)
			got := goFlags(root, given)
			if diff := cmp.Diff(strings.Fields(test.want), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(strings.Fields(test.args), given); diff != "" {
				t.Errorf("the arguments were changed (-want +got):\n%s", diff)
			}
		})
	}
}
