package gomod_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/modreach/modreach/gomod"
)

// manyRequires is a go.mod file with n lines of require, each put through
// shape, which gets a path and a version.
func manyRequires(n int, shape string) []byte {
	var b strings.Builder
	b.WriteString("module example.com/x\n\ngo 1.26.0\n\nrequire (\n")
	for i := range n {
		fmt.Fprintf(&b, "\t"+shape+"\n", fmt.Sprintf("git.example.test/group/project-%04d", i), fmt.Sprintf("v1.%d.0", i))
	}
	b.WriteString(")\n")
	return []byte(b.String())
}

func BenchmarkParse(b *testing.B) {
	for _, shape := range []struct{ name, line string }{
		{"good", "%s %s // indirect"},
		{"half-typed", "%s // %s"},
		{"unreadable", "%s \"%s"},
		{"parentheses", ") // %s %s"},
		{"openers", "require ( // %s %s"},
		{"unknown-openers", "x ( // %s %s\ngo 1.26.0"},
	} {
		for _, n := range []int{50, 500, 3000} {
			b.Run(fmt.Sprintf("%s/%d", shape.name, n), func(b *testing.B) {
				text := manyRequires(n, shape.line)
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				for b.Loop() {
					gomod.Parse(text)
				}
			})
		}
	}
}

func BenchmarkParseSum(b *testing.B) {
	for _, n := range []int{500, 3000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var text []byte
			for i := range n {
				text = fmt.Appendf(text, "git.example.test/group/project-%04d v1.%d.0/go.mod h1:bW9kYmxvY2t0aGF0aXN0aGlydHl0d29ieXRlcw==\n", i/2, i)
			}
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				gomod.ParseSum(text)
			}
		})
	}
}
