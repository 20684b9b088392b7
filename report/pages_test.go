package report_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/diagnostics"
)

// headings are those every page of a code has, in this order.
var headings = []string{"## What the go command does", "## How to fix it", "## See it yourself"}

// address finds the host of a URL in a page.
var address = regexp.MustCompile(`[a-z]+://(?:[^\s/@]*@)?\[?([^\s/:\]"'` + "`" + `<,|]+)`)

// pageFaults says what is wrong with the page of a code.
func pageFaults(code, page string) []string {
	var faults []string
	all := strings.Split(strings.TrimSuffix(page, "\n"), "\n")
	if all[0] != "# "+code {
		faults = append(faults, "the first line is not # "+code)
	}
	var got []string
	for i, line := range all {
		if strings.HasPrefix(line, "## ") {
			got = append(got, line)
			if i+2 >= len(all) || all[i+1] != "" || strings.HasPrefix(all[i+2], "## ") {
				faults = append(faults, "nothing under "+line)
			}
		}
		if len(line) > 80 {
			faults = append(faults, "a line of more than 80 characters: "+line)
		}
	}
	if !slices.Equal(got, headings) {
		faults = append(faults, "the headings are "+strings.Join(got, ", "))
	}
	if n := len(all); n < 20 || n > 45 {
		faults = append(faults, "the page is not of 20 to 45 lines")
	}
	for _, m := range address.FindAllStringSubmatch(page, -1) {
		if !ours(m[1]) {
			faults = append(faults, "the host "+m[1]+" is none for examples")
		}
	}
	return faults
}

// ours reports whether a page may name a host: one reserved for examples
// (RFC 2606, RFC 5737), loopback, or one of the two that everybody knows.
func ours(host string) bool {
	switch host {
	case "127.0.0.1", "localhost", "github.com", "sum.golang.org", "host", "...", "example.com", "user:password@host":
		return true
	}
	top := host[strings.LastIndexByte(host, '.')+1:]
	return slices.Contains([]string{"example", "test", "invalid"}, top)
}

func TestEveryCodeHasAPage(t *testing.T) {
	dir := filepath.Join("..", "docs", "codes")
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, f := range files {
		got = append(got, filepath.Base(f))
	}
	for _, e := range diagnostics.Catalogue() {
		name := string(e.Code) + ".md"
		want = append(want, name)
		page, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Errorf("%s: no page", e.Code)
			continue
		}
		for _, fault := range pageFaults(string(e.Code), string(page)) {
			t.Errorf("%s: %s", name, fault)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pages without a code, or codes without a page (-codes +pages):\n%s", diff)
	}
}

func TestPageFaults(t *testing.T) {
	good := "# code\n\nMeaning.\n\n" + headings[0] + "\n\na\n\n" + headings[1] + "\n\nb\n\n" + headings[2] +
		"\n\n    curl https://proxy.corp.example/x\n" + strings.Repeat("    more\n", 8)
	if faults := pageFaults("code", good); len(faults) > 0 {
		t.Fatalf("a good page has faults: %q", faults)
	}
	tests := []struct{ name, old, new string }{
		{"title", "# code", "# cod"},
		{"heading missing", headings[1], "## How to mend it"},
		{"headings in another order", headings[0], headings[2]},
		{"section empty", "\n\nb\n", "\n"},
		{"too short", "    more\n", ""},
		{"too long", "Meaning.", strings.Repeat("\n", 40)},
		{"wide", "Meaning.", strings.Repeat("wide ", 20)},
		{"real host", "proxy.corp.example", "proxy.corp.com"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if len(pageFaults("code", strings.ReplaceAll(good, test.old, test.new))) == 0 {
				t.Error("the fault is not seen")
			}
		})
	}
}
