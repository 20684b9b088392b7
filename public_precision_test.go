package main

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/internal/fakenet"
)

// morePublicModules are others than publicModules: of many hosts that are but
// names in front of a forge, and of forges that are seldom thought of.
var morePublicModules = []string{
	"k8s.io/client-go@v0.34.1",
	"sigs.k8s.io/controller-runtime@v0.22.1",
	"go.etcd.io/etcd/server/v3@v3.6.4",
	"cloud.google.com/go/storage@v1.56.1",
	"google.golang.org/grpc@v1.75.0",
	"github.com/aws/aws-sdk-go-v2/config@v1.31.6",
	"github.com/caddyserver/caddy/v2@v2.10.2",
	"github.com/containerd/containerd/v2@v2.1.4",
	"golang.org/x/tools/gopls@v0.20.0",
	"go.uber.org/fx@v1.24.0",
}

// misrouted are the codes that say that a module goes the wrong way.
var misrouted = []diagnostics.Code{
	diagnostics.ReplacePathMismatch, diagnostics.ReplaceUnused, diagnostics.OverbroadPrivate,
	diagnostics.EnvPattern, diagnostics.EnvShadowed, diagnostics.EnvUnknown, diagnostics.Netrc,
	diagnostics.NoFallback, diagnostics.EnvProxy, diagnostics.EnvInvalid, diagnostics.FallbackUsed,
	diagnostics.RouteLeak, diagnostics.SumDBLeak,
}

// TestPublicPrecision wants that nothing in the go.mod files of public modules is
// taken for misrouted in the settings that Go comes with. It asks the real
// network, so it runs only when asked for: make public.
func TestPublicPrecision(t *testing.T) {
	if os.Getenv("MODREACH_PUBLIC") == "" {
		t.Skip("set MODREACH_PUBLIC=1 to ask hosts on the real network")
	}
	program := build(t)
	for _, mod := range slices.Concat(publicModules, morePublicModules) {
		t.Run(mod, func(t *testing.T) {
			dir := t.TempDir()
			text, err := os.ReadFile(goModOf(t, mod))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "go.mod"), text, 0o644); err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), program, "check", "-format", "json")
			cmd.Dir = dir
			// The settings that Go comes with, whatever this machine has.
			cmd.Env = append(os.Environ(), "GOMODCACHE="+fakenet.ModCache(t), "GOENV=off", "GOPROXY=", "GOPRIVATE=", "GONOPROXY=", "GONOSUMDB=", "GOFLAGS=")
			out, err := cmd.Output()
			if exit := (*exec.ExitError)(nil); err != nil && (!errors.As(err, &exit) || exit.ExitCode() != exitFindings) {
				t.Fatalf("checking: %v", err)
			}
			var all struct {
				Results  []struct{ Verdict string }
				Findings []struct {
					Code            diagnostics.Code
					Module, Message string
				}
			}
			if err := json.Unmarshal(out, &all); err != nil {
				t.Fatal(err)
			}
			verdicts, others := map[string]int{}, map[diagnostics.Code]int{}
			for _, r := range all.Results {
				verdicts[r.Verdict]++
			}
			for _, f := range all.Findings {
				if slices.Contains(misrouted, f.Code) {
					t.Errorf("%s of %s: %s", f.Code, f.Module, f.Message)
				}
				others[f.Code]++
			}
			t.Logf("%v, found %v", verdicts, others)
		})
	}
}

// goModOf gives the go.mod of a module version in a module cache.
func goModOf(t *testing.T, mod string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-m", "-json", mod)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "GOMODCACHE="+fakenet.ModCache(t), "GOWORK=off", "GOFLAGS=")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("fetching %s: %v\n%s", mod, err, out)
	}
	var module struct{ GoMod string }
	if err := json.Unmarshal(out, &module); err != nil {
		t.Fatal(err)
	}
	return module.GoMod
}
