package probe_test

import (
	"slices"
	"testing"

	"github.com/modreach/modreach/probe"
)

// TestReadMachine wants the names that the installed Go knows, and none from one
// that does not tell.
func TestReadMachine(t *testing.T) {
	t.Setenv("NETRC", "")
	m := probe.ReadMachine(probe.Environment(t.Context(), t.TempDir(), nil))
	for _, name := range []string{"GOPROXY", "GOPRIVATE", "GOVCS", "CGO_ENABLED", "GOAMD64"} {
		if !slices.Contains(m.Variables, name) {
			t.Errorf("the go command does not know %s of %v", name, m.Variables)
		}
	}
	for _, name := range []string{"GONOSUMCHECK", "HTTPS_PROXY", "NETRC", "GODEBUG", "const"} {
		if slices.Contains(m.Variables, name) {
			t.Errorf("the go command knows %s", name)
		}
	}
	for _, key := range []string{"netdns", "gctrace", "http2client", "cmdgonetlimit", "http2debug", "netedns0", "madvdontneed"} {
		if !slices.Contains(m.Debug, key) {
			t.Errorf("GODEBUG cannot have %s", key)
		}
	}
	for _, key := range []string{"gomodulesync", "x509ignoreCN", "x509sha1"} {
		if slices.Contains(m.Debug, key) {
			t.Errorf("GODEBUG can have %s", key)
		}
	}
	elsewhere := probe.ReadMachine(probe.EnvironmentOfFiles(map[string]string{"GOROOT": t.TempDir()}))
	if len(elsewhere.Variables) > 0 || len(elsewhere.Debug) > 0 {
		t.Errorf("a GOROOT without sources tells %v and %v", elsewhere.Variables, elsewhere.Debug)
	}
}
