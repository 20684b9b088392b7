//go:build unix

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/internal/fakenet"
)

// askedVSCode is the variable that has VS Code played; it names the package of
// the extension to install.
const askedVSCode = "MODREACH_E2E_VSCODE"

// shop is the file that VS Code opens. Of its modules the first is private and in
// a repository of its own; the second is refused by the bad proxy, and had from
// the next one, which a comma keeps go from; the third has no such version; the
// fourth is fine; the fifth is refused by both; and the last is checked out next
// to the module.
const shop = `module example.org/shop

go 1.21

require (
	corp.example/billing v1.2.0
	example.com/guarded v1.0.0
	example.com/mail v1.9.9
	example.com/ok v1.0.0
	example.com/payroll v1.0.0
	example.com/tools v1.0.0
)
`

// found is what VS Code has to show of it, as LINE:CODE, errors first: at first, and with the
// fixes that change the settings of the workspace or the file.
var found = []string{
	"E2E_AT_FIRST=6:module-not-found 7:no-fallback 8:version-not-found 10:forbidden 11:module-not-found",
	"E2E_LEAK=7:no-fallback 8:version-not-found 10:forbidden 11:module-not-found 6:route-leak",
	"E2E_PRIVATE=7:no-fallback 8:version-not-found 10:forbidden 11:module-not-found",
	"E2E_REPLACED=7:no-fallback 8:version-not-found 10:forbidden",
	"E2E_PASSED=8:version-not-found 10:forbidden 7:fallback-used",
	"E2E_IGNORED=8:version-not-found 7:fallback-used",
	"E2E_MENDED=7:fallback-used",
}

// mended is the file when VS Code has applied a fix to each line that needs one.
const mended = `module example.org/shop

go 1.21

require (
	corp.example/billing v1.2.0
	example.com/guarded v1.0.0
	example.com/mail v1.8.1
	example.com/ok v1.0.0
	example.com/payroll v1.0.0 // modreach:ignore forbidden
	example.com/tools v1.0.0
)

replace example.com/tools => ../tools
`

// TestVSCode has a real VS Code, in a browser without a screen, install the
// extension and use it.
func TestVSCode(t *testing.T) {
	if os.Getenv(askedVSCode) == "" {
		t.Skip("make e2e-vscode runs it: it wants VS Code, Chromium and the packages")
	}
	t.Run("alone", func(t *testing.T) {
		s, _ := vscode(t, "alone")
		if diff := cmp.Diff(mended, s.read(filepath.Join(s.dir, "go.mod"))); diff != "" {
			t.Errorf("the file (-want +got):\n%s", diff)
		}
		settings := fmt.Sprintf("{\n    \"modreach.env\": {\n        \"GOPRIVATE\": \"corp.example\",\n        \"GOPROXY\": \"%s|%s\"\n    }\n}", s.proxy.URL(), s.next.URL())
		if diff := cmp.Diff(settings, s.read(filepath.Join(s.dir, ".vscode", "settings.json"))); diff != "" {
			t.Errorf("the settings of the workspace (-want +got):\n%s", diff)
		}
	})
	t.Run("beside", func(t *testing.T) {
		s, _ := vscode(t, "beside")
		var settings map[string]any
		if err := json.Unmarshal([]byte(s.read(filepath.Join(s.dir, ".vscode", "settings.json"))), &settings); err != nil {
			t.Fatal(err)
		}
		want := map[string]any{
			"go.toolsEnvVars": map[string]any{"GOPRIVATE": "team.example,corp.example"},
			"modreach.env":    map[string]any{"GOPRIVATE": "mine.example,corp.example"},
		}
		if diff := cmp.Diff(want, settings); diff != "" {
			t.Errorf("the settings of the workspace (-want +got):\n%s", diff)
		}
	})
	t.Run("slow", func(t *testing.T) { vscode(t, "slow") })
	t.Run("leak", func(t *testing.T) {
		s, _ := vscode(t, "leak")
		for _, p := range []*fakenet.Proxy{s.proxy, s.next} {
			for _, r := range p.Requests() {
				if strings.Contains(r.Key, "corp.example") {
					t.Errorf("%s was told of %s", p.URL(), r.Key)
				}
			}
		}
	})
	t.Run("restricted", func(t *testing.T) {
		s, _ := vscode(t, "restricted")
		for _, p := range []*fakenet.Proxy{s.proxy, s.next} {
			if n, _ := p.Connections(); n > 0 {
				t.Errorf("%d connections to %s before there was trust", n, p.URL())
			}
		}
	})
	t.Run("trusted", func(t *testing.T) { vscode(t, "trusted") })
	t.Run("missing", func(t *testing.T) { vscode(t, "missing") })
	t.Run("chinese", func(t *testing.T) { vscode(t, "chinese") })
	t.Run("bare", func(t *testing.T) { vscode(t, "bare") })
}

// activationMax bounds how long the extension may hold up the others while it
// comes up, in milliseconds: a person does not notice it.
const activationMax = 150

// BenchmarkVSCode measures how long the extension takes to come up, on top of
// what VS Code takes by itself.
func BenchmarkVSCode(b *testing.B) {
	if os.Getenv(askedVSCode) == "" {
		b.Skip("make bench-vscode runs it: it wants VS Code, Chromium and the packages")
	}
	var all []int
	for b.Loop() {
		_, said := vscode(b, "activation")
		_, told, _ := strings.Cut(said, "\nactivation ")
		var ms int
		if _, err := fmt.Sscanf(told, "%d ms", &ms); err != nil {
			b.Fatalf("the play does not tell the time: %v", err)
		}
		all = append(all, ms)
	}
	slices.Sort(all)
	median := all[len(all)/2]
	b.ReportMetric(float64(median), "ms/activation")
	b.ReportMetric(0, "ns/op") // that is the play
	if median > activationMax {
		b.Errorf("%v ms, more than %d", all, activationMax)
	}
}

// vscode plays one of the plays of extension/e2e, and gives what it said.
func vscode(t testing.TB, play string) (s *shopStage, said string) {
	t.Helper()
	s = newShop(t)
	bare := filepath.Join(s.home, "bare")
	s.write(filepath.Join(bare, "notes.txt"), "Nothing of Go.\n", 0o644)
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	s.env = append(append(s.env, found...),
		"E2E_PACKAGES="+os.Getenv(askedVSCode), "E2E_FOLDER="+s.dir, "E2E_BARE="+bare,
		"E2E_PICTURES="+filepath.Join(root, "dist", "e2e", "pictures"), "CHROMIUM="+os.Getenv("CHROMIUM"),
	)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, find(t, "node"), filepath.Join("dist", "e2e", "play.mjs"), play)
	cmd.Dir, cmd.Env, cmd.WaitDelay = root, s.env, time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	t.Logf("%s\n%s", play, &out)
	if err != nil {
		s.tell()
		t.Fatal(errors.Join(err, ctx.Err()))
	}
	return s, out.String()
}

// shopStage is a stage with a second proxy behind the bad one.
type shopStage struct {
	*stage
	next *fakenet.Proxy
}

func newShop(t testing.TB) *shopStage {
	t.Helper()
	s := &shopStage{stage: newStage(t, map[string]string{"gopls": "'" + find(t, "gopls") + "' \"$@\""})}
	s.next = s.net.Proxy(fakenet.HTTP)
	s.next.Add("example.com/guarded", "v1.0.0", "")
	for _, p := range []*fakenet.Proxy{s.proxy, s.next} {
		p.On("example.com/payroll@*", fakenet.Status(http.StatusForbidden, "ask for it"))
	}
	s.proxy.On("example.com/guarded@*", fakenet.Status(http.StatusForbidden, "not from here"))
	s.env = append(s.env, "GOPROXY="+s.proxy.URL()+","+s.next.URL())
	s.write(filepath.Join(s.dir, "go.mod"), shop, 0o644)
	return s
}
