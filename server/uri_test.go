package server

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLocalPath reads what clients write for the files of two kinds of systems.
func TestLocalPath(t *testing.T) {
	tests := []struct{ host, slashed, goos, want string }{
		{"", "/w/go.mod", "linux", "/w/go.mod"},
		{"localhost", "/w/../x/go.mod", "linux", "/x/go.mod"},
		{"server", "/share/go.mod", "linux", ""},
		{"", "/c:/w/go.mod", "windows", `C:\w\go.mod`},
		{"", "/C:/", "windows", `C:\`},
		{"", "/C:", "windows", `C:\`},
		{"server", "/share/go.mod", "windows", `\\server\share\go.mod`},
		{"", "/w/go.mod", "windows", ""},
	}
	for _, test := range tests {
		got, ok := localPath(test.host, test.slashed, test.goos)
		if !ok {
			got = ""
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s %s on %s (-want +got):\n%s", test.host, test.slashed, test.goos, diff)
		}
	}
}

func TestURI(t *testing.T) {
	tests := []struct{ uri, key, base string }{
		{"file:///w/go.mod", "file:///w/go.mod", "go.mod"},
		{"FILE:///w/x%20y/go%2Emod", "file:///w/x%20y/go.mod", "go.mod"},
		{"file:///w/a@v1/%2e%2e/go.work", "file:///w/go.work", "go.work"},
		{"untitled:go.mod", "untitled:go.mod", "go.mod"},
		{"vscode-vfs://host/w/go.mod?x=1", "vscode-vfs://host/w/go.mod?x=1", "go.mod"},
		{"file:///w/%zz", "file:///w/%zz", ""},
		{"file:///w/a%00b", "file:///w/a%00b", "a\x00b"},
		{"file:go.mod", "file:go.mod", "go.mod"},
		{"", "", "."},
	}
	for _, test := range tests {
		if diff := cmp.Diff([]string{test.key, test.base}, []string{key(test.uri), baseOf(test.uri)}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.uri, diff)
		}
	}
}
