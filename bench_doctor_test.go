//go:build unix

package main

import (
	"bytes"
	"errors"
	"os/exec"
	"testing"

	"github.com/modreach/modreach/doctor"
	"github.com/modreach/modreach/internal/fakenet"
)

// examine runs doctor once, and gives what it came to.
func (n *bench) examine(b *testing.B, env []string, args ...string) doctor.Report {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), n.program, append([]string{"doctor", "-format", "json"}, args...)...)
	cmd.Dir = n.dir
	cmd.Env = append(n.env, append(env, "GOMODCACHE="+n.cache)...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && (!errors.As(err, &exit) || exit.ExitCode() != exitFindings) {
		b.Fatalf("examining: %s", errs.String())
	}
	r, err := doctor.Read(out.Bytes())
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// BenchmarkDoctor examines a machine without network, one whose two proxies and
// checksum database answer, and one on which every host is silent.
func BenchmarkDoctor(b *testing.B) {
	const lines = 300
	silent := func(n *bench) string { return "https://" + n.net.Silent() }
	for _, c := range []struct {
		name string
		env  func(n *bench) []string
		args []string
		// want is how many lines are reachable.
		want int
	}{
		{"offline", func(n *bench) []string { return []string{"GOPROXY=" + silent(n)} }, []string{"-offline"}, 0},
		{"healthy", func(n *bench) []string {
			a, other := n.proxy(fakenet.HTTPS), n.proxy(fakenet.HTTPS)
			db := n.net.SumDB(fakenet.HTTPS, a.Modules)
			return []string{"GOPROXY=" + a.URL() + "," + other.URL(), "GOSUMDB=" + db.GOSUMDB()}
		}, nil, lines},
		{"silent in the handshake", func(n *bench) []string {
			return []string{"GOPROXY=" + silent(n) + "|" + silent(n) + "|" + silent(n), "GOSUMDB=" + n.net.SumDB(fakenet.HTTPS).Verifier() + " " + silent(n)}
		}, nil, 0},
		{"silent behind a request", func(n *bench) []string {
			mute := func() string { return n.net.Proxy(fakenet.HTTP, fakenet.Mute).URL() }
			return []string{"GOPROXY=" + mute() + "|" + mute() + "|" + mute(), "GOSUMDB=" + n.net.SumDB(fakenet.HTTPS).Verifier() + " " + silent(n)}
		}, nil, 0},
		{"dropped", func(n *bench) []string {
			hole := func() string { return "https://" + n.net.Blackhole() }
			return []string{"GOPROXY=" + hole() + "|" + hole(), "GOSUMDB=" + n.net.SumDB(fakenet.HTTPS).Verifier() + " " + hole()}
		}, nil, 0},
	} {
		b.Run(c.name, func(b *testing.B) {
			n := newBench(b, lines)
			env := c.env(n)
			for b.Loop() {
				r := n.examine(b, env, c.args...)
				reachable := 0
				for _, m := range r.Modules {
					if m.Verdict == "reachable" {
						reachable++
					}
				}
				if reachable != c.want {
					b.Fatalf("%d lines reachable, want %d: %+v", reachable, c.want, r.Stages[len(r.Stages)-1])
				}
			}
		})
	}
}
