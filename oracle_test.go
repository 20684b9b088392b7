package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/modreach/modreach/internal/fakenet"
)

// runAsCommand makes the test binary behave as the program itself.
const runAsCommand = "MODREACH_TEST_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(runAsCommand) != "" {
		main()
	}
	if wanted := os.Getenv(fixVar); wanted != "" {
		if err := fixFirst(context.Background(), wanted, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(exitFailed)
		}
		os.Exit(exitClean)
	}
	if place := os.Getenv(placeVar); place != "" {
		os.Exit(enter(place))
	}
	// The scenarios wait for second looks more than they compute.
	flag.Parse()
	if err := flag.Set("test.parallel", "12"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// world is what one scenario happens in: two proxies that both have the
// modules, a folder with a go.mod, and the environment of both commands.
type world struct {
	t    *testing.T
	net  *fakenet.Net
	a, b *fakenet.Proxy
	dir  string
	// cache is the module cache that both commands start from, home the home
	// directory they share.
	cache, home string
	// user are lines of the user's env file.
	user []string
	// env is added to the hermetic environment; $A and $B in it stand for the
	// addresses of the proxies.
	env []string
	// mod is the module version to ask the go command for.
	mod string
	// flags are more arguments of this program's check.
	flags []string
}

// scenario is one way in which fetching a module can go right or wrong.
type scenario struct {
	name string
	// env is GOPROXY and other variables, one per line.
	env string
	// gomod is the go.mod; empty for one that requires example.com/a v1.0.0.
	gomod string
	// mod is what the go command is asked for; empty for example.com/a@v1.0.0.
	mod string
	// https makes both proxies speak TLS.
	https bool
	// trait makes proxy A odd as a whole.
	trait fakenet.Trait
	// set prepares the world; nil for nothing to do.
	set func(*world)
	// args are those of the go command in place of "mod download mod"; for
	// lines that a directive touches, which "mod download m@v" ignores.
	args []string
	// flags are more arguments of this program's check.
	flags []string
	// unknown tells why no light probe can know; the verdict may then be
	// unknown. Empty for a scenario that has to be decided.
	unknown string
	// said makes sure that the scenario is what its name tells: a part of what
	// the go command must say, or "ok" where it must succeed. Empty where the
	// name promises neither.
	said string
}

// patience bounds one run of the go command, which waits without end for a
// silent host: what has not ended by then counts as failed.
const patience = 20 * time.Second

// build makes the program as a user would have it.
func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "modreach")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	return program
}

// TestOracle runs every scenario through the real go command and through this
// program, in the same environment, and wants the same verdict.
func TestOracle(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command some hundred times")
	}
	program, gocache := build(t), t.TempDir()
	seen := map[string]bool{}
	all := scenarios()
	for _, s := range all {
		if seen[s.name] {
			t.Errorf("two scenarios are called %q", s.name)
		}
		seen[s.name] = true
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			w := s.world(t)
			// An empty build cache would cost the go command a thousand
			// system calls each time.
			w.env = append(w.env, "GOCACHE="+gocache)
			goOK, goSaid := w.askGo(s)
			s.expects(t, goOK, goSaid)
			verdict, reason := w.askModreach(program)
			want := "unreachable"
			if goOK {
				want = "reachable"
			}
			got := verdict
			if verdict == "cached" || verdict == "skipped" {
				got = "reachable"
			}
			if got != want && (verdict != "unknown" || s.unknown == "") {
				t.Errorf("verdict %s (%s), want %s\ngo said: %s", verdict, reason, want, goSaid)
			}
			if goOK || verdict != "unreachable" || goSaid == "" {
				return
			}
			// The sentence quoted has to be one the go command printed.
			if !s.quotes(reason, goSaid) {
				t.Errorf("quoted %q\ngo said: %s", reason, goSaid)
			}
		})
	}
	if n := len(all); n < 150 {
		t.Errorf("%d scenarios, want 150 at least", n)
	}
}

// expects fails a scenario that is not what its name tells.
func (s scenario) expects(t *testing.T, goOK bool, goSaid string) {
	if s.said != "" && (goOK != (s.said == "ok") || !goOK && !strings.Contains(goSaid, s.said)) {
		t.Fatalf("the go command was to say %q\nit said: %s", s.said, goSaid)
	}
}

func (s scenario) world(t *testing.T) *world {
	n := fakenet.New(t)
	scheme := fakenet.HTTP
	if s.https {
		scheme = fakenet.HTTPS
	}
	w := &world{
		t: t, net: n, a: n.Proxy(scheme, s.trait), b: n.Proxy(scheme),
		dir: filepath.Join(t.TempDir(), "main"), home: t.TempDir(), cache: fakenet.ModCache(t), mod: s.mod, flags: s.flags,
	}
	for _, p := range []*fakenet.Proxy{w.a, w.b} {
		p.Add("example.com/a", "v1.0.0", "")
		p.Add("example.com/a", "v1.1.0", "")
		p.Add("example.com/Up/Case", "v1.0.0-RC1", "")
		p.Add("example.com/fork", "v1.0.0", "")
	}
	gomod := s.gomod
	if gomod == "" {
		gomod = "module example.org/main\n\ngo 1.21\n\nrequire example.com/a v1.0.0\n"
	}
	if w.mod == "" {
		w.mod = "example.com/a@v1.0.0"
	}
	w.write("go.mod", gomod)
	w.env = append(n.Env(), "GOENV="+filepath.Join(w.home, "env"))
	if s.set != nil {
		s.set(w)
	}
	for line := range strings.Lines(s.env) {
		w.env = append(w.env, w.fill(strings.TrimSpace(line)))
	}
	return w
}

// fill puts the addresses of the world into a text.
func (w *world) fill(text string) string {
	return strings.NewReplacer("$A", w.a.URL(), "$B", w.b.URL(), "$DIR", filepath.ToSlash(w.dir)).Replace(text)
}

func (w *world) write(name, text string) {
	w.t.Helper()
	file := filepath.Join(w.dir, filepath.FromSlash(name))
	err := os.MkdirAll(filepath.Dir(file), 0o755)
	if err == nil {
		err = os.WriteFile(file, []byte(text), 0o644)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// warm fills the module cache from proxy B with everything go downloads for a
// module version.
func (w *world) warm(mod string, settings ...string) {
	w.t.Helper()
	env := append(w.net.Env(), "GOPROXY="+w.b.URL(), "GOMODCACHE="+w.cache)
	env = append(env, settings...)
	if _, stderr, err := fakenet.Go(w.t.Context(), w.t, w.t.TempDir(), env, "mod", "download", mod); err != nil {
		w.t.Fatalf("warming the cache: %v\n%s", err, stderr)
	}
}

// forget removes a file of the module cache, named by its end.
func (w *world) forget(suffix string) {
	w.t.Helper()
	err := filepath.WalkDir(w.cache, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, suffix) {
			return err
		}
		return os.Remove(path)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// askGo asks the go command, on a copy of the folder with what lies beside it and of the module cache,
// because it writes to both.
func (w *world) askGo(s scenario) (ok bool, said string) {
	w.t.Helper()
	around := w.t.TempDir()
	dir := filepath.Join(around, filepath.Base(w.dir))
	cache := fakenet.ModCache(w.t)
	for from, to := range map[string]string{filepath.Dir(w.dir): around, w.cache: cache} {
		if err := os.CopyFS(to, os.DirFS(from)); err != nil {
			w.t.Fatal(err)
		}
	}
	args := s.args
	if args == nil {
		args = []string{"mod", "download", w.mod}
	}
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	env := append(hermetic(w.home), "GOMODCACHE="+cache)
	_, stderr, err := fakenet.Go(ctx, w.t, dir, append(env, w.env...), args...)
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) && ctx.Err() == nil {
		w.t.Fatalf("running go: %v", err)
	}
	if ctx.Err() != nil {
		stderr = ""
	}
	return err == nil, strings.NewReplacer(around, filepath.Dir(w.dir), cache, w.cache).Replace(stderr)
}

// hermetic is the environment both commands share. Hosts that are not of this
// machine are asked through an HTTP proxy that is not there; only names that are
// reserved for nobody may be looked up.
func hermetic(home string) []string {
	return []string{
		"HOME=" + home, "GOPATH=" + filepath.Join(home, "gopath"),
		"GOSUMDB=off", "GOPROXY=off", "GOTOOLCHAIN=local", "GOFLAGS=",
		"HTTP_PROXY=http://127.0.0.1:1", "HTTPS_PROXY=http://127.0.0.1:1", "NO_PROXY=.invalid",
	}
}

// checked is what this program says of a folder, as far as tests look at it.
type checked struct {
	Results  []struct{ Verdict, Reason string }
	Findings []struct {
		Code, Message string
		Line          int
	}
}

// check asks this program about the go.mod of the world.
func (w *world) check(program string) checked {
	w.t.Helper()
	return w.checkBy(exec.CommandContext(w.t.Context(), program, append(slices.Clip(checkArgs), w.flags...)...))
}

// checkArgs are the arguments that world.checkBy reads the answer to.
var checkArgs = []string{"check", "-format", "json"}

// checkBy is check by a command that starts this program with checkArgs.
func (w *world) checkBy(cmd *exec.Cmd) checked {
	w.t.Helper()
	cmd.Dir = w.dir
	cmd.Env = append(cmd.Env, "PATH="+os.Getenv("PATH"), "GOMODCACHE="+w.cache)
	cmd.Env = append(cmd.Env, hermetic(w.home)...)
	cmd.Env = append(cmd.Env, w.env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState.ExitCode() != exitFindings {
		w.t.Fatalf("running modreach: %v\n%s", err, errs.String())
	}
	var c checked
	if err := json.Unmarshal(out.Bytes(), &c); err != nil || len(c.Results) == 0 {
		w.t.Fatalf("reading modreach's answer: %v\n%s%s", err, out.String(), errs.String())
	}
	return c
}

// askModreach asks this program about the first require line.
func (w *world) askModreach(program string) (verdict, reason string) {
	w.t.Helper()
	first := w.check(program).Results[0]
	return first.Verdict, first.Reason
}

// quotes reports whether the first line of reason is one the go command said,
// leaving out what differs between two runs, or between two commands.
func (s scenario) quotes(reason, said string) bool {
	line, _, _ := strings.Cut(reason, "\n")
	normal := func(text string) string {
		text = strings.Join(strings.Fields(text), " ")
		text = clientPort.ReplaceAllString(text, "PORT->")
		text = clock.ReplaceAllString(text, "current time NOW")
		text = query.ReplaceAllString(text, "?HIDDEN")
		text = elapsed.ReplaceAllString(text, "after N ms")
		// The kernel decides how the end of a connection is seen.
		text = connectionEnd.ReplaceAllString(text, "CLOSED")
		// Git may write to a helper that there is not before it sees that.
		text = strings.ReplaceAll(text, "signal: broken pipe", "exit status 128")
		if s.args != nil {
			// A build begins with another artefact.
			text = artefact.ReplaceAllString(text, ".ARTEFACT")
		}
		return text
	}
	return line != "" && strings.Contains(normal(said), normal(line))
}

var (
	clock         = regexp.MustCompile(`current time \S+`)
	query         = regexp.MustCompile(`\?[a-z=0-9]+`)
	elapsed       = regexp.MustCompile(`after [0-9]+ ms`)
	clientPort    = regexp.MustCompile(`:[0-9]+->`)
	connectionEnd = regexp.MustCompile(`(read tcp \S+ read: connection reset by peer|unexpected EOF|\bEOF)`)
	artefact      = regexp.MustCompile(`\.(info|mod|zip)\b`)
)

// everyOther gives a fault to the first, third, fifth ... request.
func everyOther(fault fakenet.Fault) fakenet.Fault {
	var n atomic.Int64
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if n.Add(1)%2 == 1 {
			fault(w, r, next)
			return
		}
		next.ServeHTTP(w, r)
	}
}

// faultsOf gives the ways a proxy can fail at one artefact, by name.
func faultsOf() map[string]fakenet.Fault {
	all := map[string]fakenet.Fault{
		"hangup": fakenet.Hangup, "reset": fakenet.Reset, "garbage": fakenet.Garbage,
		"truncate": fakenet.Truncate, "html": fakenet.HTML, "empty": fakenet.Empty,
		"redirect-3": fakenet.Redirect(3), "redirect-11": fakenet.Redirect(11), "redirect-loop": fakenet.RedirectLoop,
		"404-then-ok": everyOther(fakenet.Status(404, "not found")),
		"429-then-ok": everyOther(fakenet.Status(429, "slow down")),
	}
	for _, code := range []int{201, 203, 204, 206, 300, 304, 400, 401, 402, 403, 404, 405, 407, 408, 409, 410, 418, 429, 451, 500, 501, 502, 503, 504, 511} {
		all[fmt.Sprint(code)] = fakenet.Status(code, "says no")
	}
	return all
}
