package trial_test

import (
	"context"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/modreach/modreach/codeactions"
	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
	"github.com/modreach/modreach/trial"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stage has proxies by name: A fails, B and M have the module, N does not.
type stage struct {
	proxies map[string]*fakenet.Proxy
	module  route.Module
	scene   codeactions.Scene
	finding diagnostics.Finding
}

// newStage has a module asked of GOPROXY, a list with names of proxies.
func newStage(t *testing.T, list string, mirrors ...string) *stage {
	t.Helper()
	n := fakenet.New(t)
	s := &stage{proxies: map[string]*fakenet.Proxy{}}
	for _, name := range []string{"A", "B", "M", "N"} {
		p := n.Proxy(fakenet.HTTP)
		if name != "N" {
			p.Add("vanity.org/a", "v1.0.0", "")
		}
		s.proxies[name] = p
	}
	s.proxies["A"].On("*", fakenet.Status(http.StatusInternalServerError, "broken"))
	env := route.ParseEnv(route.Sources{
		OS: "linux", Home: t.TempDir(), UserPath: filepath.Join(t.TempDir(), "env"), UserFile: []byte("GOPROXY=" + s.addresses(list) + "\n"),
		Process: []string{"GOSUMDB=off", "GOMODCACHE=" + t.TempDir(), "HTTPS_PROXY=http://127.0.0.1:1", "HTTP_PROXY=http://127.0.0.1:1"}, GoEnv: map[string]string{"GOVERSION": "go1.26.8"},
	})
	file := gomod.Parse([]byte("module example.org/main\n\ngo 1.21\n\nrequire vanity.org/a v1.0.0\n"))
	s.module = route.Module{Dir: t.TempDir(), File: file}
	s.scene = codeactions.Scene{File: file, Env: env}
	for _, name := range mirrors {
		s.scene.Mirrors = append(s.scene.Mirrors, s.addresses(name))
	}
	plan := codeactions.Trial{Requirement: file.Requires[0]}
	now := trial.Run(t.Context(), probe.Options{Env: env}, s.module, []codeactions.Trial{plan})
	s.scene.Verdicts = []diagnostics.Verdict{now[0].Verdict}
	findings := diagnostics.Find(diagnostics.Scene{File: file, Verdicts: s.scene.Verdicts})
	if len(findings) != 1 {
		t.Fatalf("findings %+v", findings)
	}
	s.finding = findings[0]
	return s
}

// addresses puts the addresses of the proxies into a list.
func (s *stage) addresses(list string) string {
	for name, p := range s.proxies {
		list = strings.ReplaceAll(list, name, p.URL())
	}
	return list
}

var lasted = regexp.MustCompile(`[0-9]+ ms`)

// steady takes out of a title what is different each time.
func (s *stage) steady(title string) string {
	for name, p := range s.proxies {
		title = strings.NewReplacer(p.URL(), name, p.Addr(), name).Replace(title)
	}
	return lasted.ReplaceAllString(title, "N ms")
}

// TestRun has a module that a proxy fails to give looked for by other ways, and
// wants those offered, and no others, that bring it.
func TestRun(t *testing.T) {
	tests := []struct {
		name, list string
		mirrors    []string
		want       []string
	}{
		{"past a comma", "A,B", nil, []string{
			"- Let GOPROXY go on after any error of A; B answered in N ms (what follows is then asked for private modules, too)",
			"- Take A out of GOPROXY; B answered in N ms",
		}},
		{"past a comma to nothing", "A,N", nil, nil},
		{"a mirror", "A", []string{"N", "M"}, []string{
			"* Put the mirror M in the place of A in GOPROXY; M answered in N ms",
		}},
		{"another proxy and a mirror", "A,B", []string{"M"}, []string{
			"- Let GOPROXY go on after any error of A; B answered in N ms (what follows is then asked for private modules, too)",
			"- Take A out of GOPROXY; B answered in N ms",
			"* Put the mirror M in the place of A in GOPROXY; M answered in N ms",
		}},
		{"a mirror that is asked already", "N", []string{"N"}, nil},
		{"a mirror that has what the proxies lack", "N,off", []string{"M"}, []string{
			"- Put the mirror M into GOPROXY; M answered in N ms",
		}},
		{"a mirror against the will of somebody", "off", []string{"M"}, []string{
			"- Put the mirror M into GOPROXY; M answered in N ms",
		}},
		{"no mirror", "A", []string{"direct", "M,M", "ftp://M"}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newStage(t, test.list, test.mirrors...)
			s.scene.Tried = trial.Run(t.Context(), probe.Options{Env: s.scene.Env}, s.module, s.scene.Trials(s.finding))
			var got []string
			for _, fix := range s.scene.Fixes(s.finding) {
				if fix.Command.Name != codeactions.SetEnv {
					continue
				}
				mark := "- "
				if fix.Preferred {
					mark = "* "
				}
				got = append(got, mark+s.steady(fix.Text()))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestRunInterrupted wants what nobody waits for to be unknown.
func TestRunInterrupted(t *testing.T) {
	s := newStage(t, "A,B")
	ctx, cancel := context.WithCancel(t.Context())
	s.proxies["B"].On("*", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		cancel()
		fakenet.Hang(w, r, next)
	})
	for _, tried := range trial.Run(ctx, probe.Options{Env: s.scene.Env}, s.module, s.scene.Trials(s.finding)) {
		if tried.Verdict.State != diagnostics.Unknown {
			t.Errorf("verdict %v", tried.Verdict.State)
		}
	}
	if ctx.Err() == nil {
		t.Error("nobody was asked")
	}
}
