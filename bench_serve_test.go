//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/internal/lsptest"
)

const (
	// serveLines is what a large go.mod has, with indirect requirements.
	serveLines = 1000
	// missingEvery is one in how many lines has a module that no hop has, so
	// that there is something to say.
	missingEvery = 50
	// spawns and requests are how many times are taken for a percentile.
	spawns   = 40
	requests = 5000
)

// BenchmarkServe has the language server started, asked and edited as an editor
// does it, over standard input and output, and gopls in the same way if it is in
// the PATH. One run measures everything:
//
//	go test -run='^$' -bench=Serve -benchtime=1x .
func BenchmarkServe(b *testing.B) {
	b.Run("modreach", func(b *testing.B) {
		n := newServeBench(b)
		for b.Loop() {
			n.play(b, 100_000, n.program, "serve")
		}
	})
	b.Run("gopls", func(b *testing.B) {
		program, err := exec.LookPath("gopls")
		if err != nil {
			b.Skip("make bench installs it: ", err)
		}
		n := newServeBench(b)
		for b.Loop() {
			// It takes some hundred edits a second, so that these do.
			n.play(b, 2000, program)
		}
	})
}

// serveBench is a bench whose go.mod lies behind a proxy that has most of it.
type serveBench struct {
	*bench
	uri, text string
}

func newServeBench(b *testing.B) *serveBench {
	b.Helper()
	n := &serveBench{bench: newBench(b, serveLines)}
	p := n.net.Proxy(fakenet.HTTP)
	for i := range n.lines {
		if i%missingEvery != 0 {
			p.Add(benchModule(i), "v1.0.0", "")
		}
	}
	n.env = append(n.env, "GOPROXY="+p.URL(), "GOMODCACHE="+n.cache, "GOCACHE="+b.TempDir())
	file := filepath.Join(n.dir, "go.mod")
	text, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	n.uri, n.text = "file://"+filepath.ToSlash(file), string(text)
	return n
}

// play measures a server in sessions from start to end.
func (n *serveBench) play(b *testing.B, edits int, command ...string) {
	b.ReportMetric(0, "ns/op") // the whole says nothing
	starts := make([]time.Duration, spawns)
	for i := range starts {
		begin := time.Now()
		s := n.sit(b, command...)
		starts[i] = time.Since(begin)
		s.end()
	}
	b.ReportMetric(milliseconds(percentile(starts, 50)), "ms-initialize-p50")

	s := n.sit(b, command...)
	b.ReportMetric(s.memory(), "MiB-initialized")
	begin := time.Now()
	s.Open(n.uri, n.text)
	if s.judges {
		s.Until("all findings", func() bool { return len(s.Diagnostics(n.uri).Diagnostics) == n.lines/missingEvery })
	}
	s.ask("textDocument/hover", n.at(0))
	b.ReportMetric(time.Since(begin).Seconds(), "s-checked")
	b.ReportMetric(s.memory(), "MiB-checked")

	s.report("hover", func(line int) (string, any) { return "textDocument/hover", n.at(line) })
	s.report("action", func(line int) (string, any) { return "textDocument/codeAction", s.actionsAt(line) })

	begin = time.Now()
	for i := range edits {
		if i == edits/2 {
			b.ReportMetric(s.memory(), "MiB-half-edited")
		}
		s.edit(i % lastDigit)
	}
	s.edit(lastDigit)
	s.ask("textDocument/hover", n.at(1))
	b.ReportMetric(float64(edits+1)/time.Since(begin).Seconds(), "edits/s")
	if s.judges {
		s.Until("the findings of the last version", s.upToDate)
	}
	b.ReportMetric(s.memory(), "MiB-edited")
	s.end()
}

// at gives the parameters of a request about the path on a require line.
func (n *serveBench) at(line int) map[string]any {
	return map[string]any{"textDocument": map[string]any{"uri": n.uri}, "position": place(line, 8)}
}

// firstRequire is the line of the first requirement, from 0.
const firstRequire = 5

func place(line, character int) map[string]any {
	return map[string]any{"line": firstRequire + line, "character": character}
}

// sitting is one session with a server.
type sitting struct {
	*lsptest.Editor
	*serveBench
	b   *testing.B
	cmd *exec.Cmd
	// judges tells a server that has the findings wanted here from one that
	// is there to compare with.
	judges bool
	// increments is set if an edit is told by what it changes.
	increments bool
	version    int32
}

// sit starts a server and gives it when it has answered initialize.
func (n *serveBench) sit(b *testing.B, command ...string) *sitting {
	cmd := exec.CommandContext(b.Context(), command[0], command[1:]...)
	cmd.Dir, cmd.Env = n.dir, n.env
	s := &sitting{serveBench: n, b: b, cmd: cmd, judges: command[0] == n.program, version: 1}
	s.Editor = lsptest.Start(b, cmd)
	raw := s.Initialize(map[string]any{
		"processId": os.Getpid(), "rootUri": "file://" + filepath.ToSlash(n.dir),
		"capabilities": map[string]any{"textDocument": map[string]any{
			"publishDiagnostics": map[string]any{"versionSupport": true},
			"codeAction":         map[string]any{"codeActionLiteralSupport": map[string]any{}},
			"hover":              map[string]any{"contentFormat": []string{"markdown"}},
		}},
	})
	var result struct {
		Capabilities struct {
			TextDocumentSync struct{ Change int } `json:"textDocumentSync"`
		} `json:"capabilities"`
	}
	if err := json.Unmarshal(raw, &result); err != nil {
		b.Fatal(err)
	}
	s.increments = result.Capabilities.TextDocumentSync.Change == 2
	return s
}

func (s *sitting) end() {
	s.Shutdown()
	if err := s.Exit(); err != nil {
		s.b.Error(err)
	}
}

// ask makes a request and takes whatever answer there is.
func (s *sitting) ask(method string, params any) { s.Wait(s.Send(method, params)) }

// report takes the time of one request after the other.
func (s *sitting) report(name string, request func(line int) (method string, params any)) {
	took := make([]time.Duration, requests)
	for i := range took {
		method, params := request(i * 7 % s.lines)
		begin := time.Now()
		s.ask(method, params)
		took[i] = time.Since(begin)
	}
	s.b.ReportMetric(milliseconds(percentile(took, 50)), "ms-"+name+"-p50")
	s.b.ReportMetric(milliseconds(percentile(took, 99)), "ms-"+name+"-p99")
}

// actionsAt gives the parameters of a request for the fixes on a require line.
func (s *sitting) actionsAt(line int) map[string]any {
	return map[string]any{
		"textDocument": map[string]any{"uri": s.uri},
		"range":        map[string]any{"start": place(line, 8), "end": place(line, 8)},
		"context":      map[string]any{"diagnostics": []any{}},
	}
}

const (
	// editedLine is the requirement whose version is edited: its last digit.
	editedLine = serveLines / 2
	// lastDigit is what it is in the end, and never before.
	lastDigit = 9
)

// edit changes a digit.
func (s *sitting) edit(digit int) {
	s.version++
	line := "\t" + benchModule(editedLine) + " v1.0.0"
	var change string
	if s.increments {
		at := func(character int) string {
			return fmt.Sprintf(`{"line":%d,"character":%d}`, firstRequire+editedLine, character)
		}
		change = fmt.Sprintf(`"range":{"start":%s,"end":%s},"text":"%d"`, at(len(line)-1), at(len(line)), digit)
	} else {
		before, after, _ := strings.Cut(s.text, line+"\n")
		change = `"text":` + quoted(before+line[:len(line)-1]+strconv.Itoa(digit)+"\n"+after)
	}
	s.Frame(fmt.Sprintf(`{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":%s,"version":%d},"contentChanges":[{%s}]}}`,
		quoted(s.uri), s.version, change))
}

func quoted(text string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // no text fails
	return strings.TrimSpace(b.String())
}

// upToDate reports whether what was published last is about the last version of
// the text, which requires a version that does not exist.
func (s *sitting) upToDate() bool {
	p := s.Diagnostics(s.uri)
	return p.Version != nil && *p.Version == s.version && len(p.Diagnostics) >= s.lines/missingEvery &&
		slices.ContainsFunc(p.Diagnostics, func(d lsptest.Diagnostic) bool {
			return d.Range.Start.Line == firstRequire+editedLine && strings.Contains(d.Message, "v1.0."+strconv.Itoa(lastDigit))
		})
}

var residentSize = regexp.MustCompile(`(?m)^VmRSS:\s+(\d+) kB$`)

// memory gives the resident memory of the server in MiB; 0 where the system does
// not tell it by file.
func (s *sitting) memory() float64 {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(s.cmd.Process.Pid), "status"))
	if err != nil {
		return 0
	}
	found := residentSize.FindSubmatch(status)
	if found == nil {
		return 0
	}
	kB, err := strconv.Atoi(string(found[1]))
	if err != nil {
		s.b.Fatal(err)
	}
	return float64(kB) / 1024
}

// percentile gives the p-th; it sorts what it is given.
func percentile(took []time.Duration, p int) time.Duration {
	slices.Sort(took)
	return took[(len(took)-1)*p/100]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
