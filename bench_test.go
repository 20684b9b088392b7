//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/dirhash"

	"github.com/modreach/modreach/internal/fakenet"
)

// The benchmarks run the program as its user does, on go.mod files of many
// lines, behind proxies that are slow, dead, or silent. Figures and commands
// stand in docs/benchmarks.md.

// bench is a go.mod of many requirements and the environment to check it in.
type bench struct {
	b       testing.TB
	net     *fakenet.Net
	program string
	dir     string
	cache   string
	lines   int
	env     []string
}

func newBench(b *testing.B, lines int) *bench {
	b.Helper()
	n := &bench{b: b, net: fakenet.New(b), dir: b.TempDir(), cache: fakenet.ModCache(b), lines: lines}
	n.program = filepath.Join(b.TempDir(), "modreach")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", n.program, ".").CombinedOutput(); err != nil {
		b.Fatalf("building: %v\n%s", err, out)
	}
	var mod strings.Builder
	mod.WriteString("module example.org/main\n\ngo 1.21\n\nrequire (\n")
	for i := range lines {
		fmt.Fprintf(&mod, "\t%s v1.0.0\n", benchModule(i))
	}
	mod.WriteString(")\n")
	if err := os.WriteFile(filepath.Join(n.dir, "go.mod"), []byte(mod.String()), 0o644); err != nil {
		b.Fatal(err)
	}
	home := b.TempDir()
	n.env = append(hermetic(home), "GOENV=off", "PATH="+os.Getenv("PATH"))
	n.env = append(n.env, n.net.Env()...)
	return n
}

func benchModule(i int) string { return fmt.Sprintf("example.com/group%d/module%d", i%17, i) }

// proxy starts a proxy that has every module.
func (n *bench) proxy(scheme fakenet.Scheme, options ...fakenet.Option) *fakenet.Proxy {
	p := n.net.Proxy(scheme, options...)
	n.fill(p.Modules)
	return p
}

func (n *bench) fill(m *fakenet.Modules) {
	for i := range n.lines {
		m.Add(benchModule(i), "v1.0.0", "")
	}
}

// outcome is one run of the program.
type outcome struct {
	took     time.Duration
	rss      int64 // peak, bytes
	counts   map[string]int
	findings map[string]int
}

// check runs the program once.
func (n *bench) check(proxies string) outcome {
	n.b.Helper()
	cmd := exec.CommandContext(n.b.Context(), n.program, "check", "-format", "json")
	cmd.Dir = n.dir
	cmd.Env = append(n.env, "GOMODCACHE="+n.cache, "GOPROXY="+proxies)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	start := time.Now()
	err := cmd.Run()
	o := outcome{took: time.Since(start), counts: map[string]int{}, findings: map[string]int{}}
	if exit := (*exec.ExitError)(nil); err != nil && (!errors.As(err, &exit) || exit.ExitCode() != exitFindings) {
		n.b.Fatalf("checking: %v\n%s", err, errs.String())
	}
	var all struct {
		Results  []struct{ Directive, Verdict string }
		Findings []struct{ Code string }
	}
	if err := json.Unmarshal(out.Bytes(), &all); err != nil {
		n.b.Fatal(err)
	}
	for _, r := range all.Results {
		if r.Directive == "require" {
			o.counts[r.Verdict]++
		}
	}
	for _, f := range all.Findings {
		o.findings[f.Code]++
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok && runtime.GOOS == "linux" {
		o.rss = usage.Maxrss << 10 // Linux counts in KiB, others as they please
	}
	return o
}

// want fails the benchmark unless every line has the verdict.
func (o outcome) want(b *testing.B, verdict string, lines int) {
	b.Helper()
	if o.counts[verdict] != lines {
		b.Fatalf("verdicts %v, want %d %s", o.counts, lines, verdict)
	}
}

// run measures the program, and reports its peak memory.
func (n *bench) run(b *testing.B, proxies, verdict string) outcome {
	var last outcome
	for b.Loop() {
		last = n.check(proxies)
		last.want(b, verdict, n.lines)
	}
	b.ReportMetric(float64(last.rss)/(1<<20), "MiB-peak")
	return last
}

// BenchmarkProxy50ms checks 300 lines behind a proxy that takes 50 ms for each
// answer, and has the go command download them once in the same run.
func BenchmarkProxy50ms(b *testing.B) {
	for name, proxy := range map[string]func(*bench) *fakenet.Proxy{
		"https-http2": func(n *bench) *fakenet.Proxy { return n.proxy(fakenet.HTTPS) },
		"http1":       func(n *bench) *fakenet.Proxy { return n.proxy(fakenet.HTTP) },
	} {
		b.Run(name, func(b *testing.B) {
			n := newBench(b, 300)
			p := proxy(n)
			p.On("*", fakenet.Delay(50*time.Millisecond))
			start := time.Now()
			env := append(n.env, "GOPROXY="+p.URL())
			if _, stderr, err := fakenet.Go(b.Context(), b, n.dir, env, "mod", "download"); err != nil {
				b.Fatalf("go mod download: %v\n%s", err, stderr)
			}
			byGo := time.Since(start)
			asked := len(p.Requests())
			connected, _ := p.Connections()
			n.run(b, p.URL(), "reachable")
			runs := float64(b.N)
			after, _ := p.Connections()
			b.ReportMetric(byGo.Seconds(), "go-s")
			b.ReportMetric(byGo.Seconds()/(b.Elapsed().Seconds()/runs), "times-faster")
			b.ReportMetric(float64(len(p.Requests())-asked)/runs/float64(n.lines), "requests/line")
			b.ReportMetric(float64(after-connected)/runs, "connections")
		})
	}
}

// BenchmarkDeadProxy checks 300 lines behind hosts that fail as a whole.
func BenchmarkDeadProxy(b *testing.B) {
	b.Run("refused", func(b *testing.B) {
		n := newBench(b, 300)
		n.run(b, "http://"+n.net.Refused(), "unreachable")
	})
	b.Run("silent", func(b *testing.B) {
		n := newBench(b, 300)
		p := n.net.Proxy(fakenet.HTTP, fakenet.Mute)
		n.run(b, p.URL(), "unreachable")
		accepted, _ := p.Connections()
		b.ReportMetric(float64(accepted)/float64(b.N), "connections")
	})
	b.Run("refused-before-bar", func(b *testing.B) {
		n := newBench(b, 300)
		p := n.proxy(fakenet.HTTPS)
		o := n.run(b, "http://"+n.net.Refused()+"|"+p.URL(), "reachable")
		if o.findings["fallback-used"] != n.lines {
			b.Fatalf("findings %v, want %d fallback-used", o.findings, n.lines)
		}
	})
}

// BenchmarkWarmCache checks 500 lines that are all in the module cache, with a
// proxy that would refuse.
func BenchmarkWarmCache(b *testing.B) {
	n := newBench(b, 500)
	m := fakenet.NewModules(b)
	n.fill(m)
	tree := filepath.Join(n.cache, "cache", "download")
	m.WriteTree(tree)
	for i := range n.lines {
		zip := filepath.Join(tree, filepath.FromSlash(benchModule(i)), "@v", "v1.0.0.zip")
		sum, err := dirhash.HashZip(zip, dirhash.Hash1)
		if err == nil {
			err = os.WriteFile(zip+"hash", []byte(sum), 0o644)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	p := n.net.Proxy(fakenet.HTTP)
	n.run(b, p.URL(), "cached")
	if accepted, _ := p.Connections(); accepted != 0 {
		b.Fatalf("%d connections were opened, want none", accepted)
	}
}

// BenchmarkLines shows how time and memory grow with the lines.
func BenchmarkLines(b *testing.B) {
	for _, lines := range []int{300, 1000, 3000} {
		b.Run(fmt.Sprint(lines), func(b *testing.B) {
			n := newBench(b, lines)
			n.run(b, n.proxy(fakenet.HTTPS).URL(), "reachable")
		})
	}
}
