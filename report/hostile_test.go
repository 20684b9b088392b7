package report_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/modreach/modreach/report"
)

// TestTerminal makes sure that nothing written by others is obeyed by a
// terminal or starts a line of its own.
func TestTerminal(t *testing.T) {
	for _, form := range forms {
		t.Run(form.name, func(t *testing.T) {
			out := written(t, form.write, hostile(t))
			if form.name == "color.txt" {
				out = regexp.MustCompile("\x1b\\[[0-9]+m").ReplaceAllString(out, "") // our own marks
				if !strings.Contains(out, `\x1b[31mred`) {
					t.Error("the planted escape sequence is not shown; was it planted?")
				}
			}
			if !utf8.ValidString(out) {
				t.Error("output is not UTF-8")
			}
			for _, r := range out {
				if r != '\n' && !unicode.IsPrint(r) {
					t.Errorf("output has the character %U", r)
				}
			}
			for _, line := range lines(out) {
				if strings.HasPrefix(line, "go.mod:1:1:") || strings.HasPrefix(line, "::error::forged") {
					t.Errorf("a planted line came through: %s", line)
				}
			}
		})
	}
}

// TestOneLineEach makes sure that a finding takes one line whatever it quotes.
func TestOneLineEach(t *testing.T) {
	c := hostile(t)
	findings := 0
	for _, f := range c.Files {
		findings += len(f.Findings)
	}
	if findings != 3 {
		t.Fatalf("the fixture has %d findings", findings)
	}
	plain := written(t, text(report.TextOptions{}), c)
	shown, _, _ := strings.Cut(plain, "\n\n")
	if got := len(lines(shown)); got != findings {
		t.Errorf("%d lines for %d findings:\n%s", got, findings, shown)
	}
	commands := lines(written(t, report.GitHub, c))
	if len(commands) != findings {
		t.Errorf("%d commands for %d findings:\n%q", len(commands), findings, commands)
	}
	// The grammar of a command: nothing in a property ends it or the command.
	whole := regexp.MustCompile(`^::(error|warning|notice) (\w+=[^,:]*,)*title=modreach%3A [a-z-]+::[^:]`)
	for _, command := range commands {
		if !whole.MatchString(command) {
			t.Errorf("not a whole command: %s", command)
		}
	}
}

// TestGitHubGivesBack takes the commands apart as the runner does.
func TestGitHubGivesBack(t *testing.T) {
	c := hostile(t)
	file, _, _ := strings.Cut(strings.TrimPrefix(lines(written(t, report.GitHub, c))[0], "::error file="), ",")
	back := strings.NewReplacer("%25", "%", "%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",").Replace(file)
	if want := `odd dir/a:1,b%\x1b[2J\n/go.mod`; back != want {
		t.Errorf("the runner reads the file %q, want %q", back, want)
	}
}

// TestSARIFMessage makes sure that a message is plain text to a SARIF reader.
func TestSARIFMessage(t *testing.T) {
	var log struct {
		Runs []struct {
			Results []struct{ Message struct{ Text string } }
		}
	}
	out := written(t, report.SARIF, hostile(t))
	if err := json.Unmarshal([]byte(out), &log); err != nil {
		t.Fatal(err)
	}
	all := ""
	for _, r := range log.Runs[0].Results {
		all += r.Message.Text
	}
	if !strings.Contains(all, "{{0}}") {
		t.Error("the planted placeholder {0} is not there escaped")
	}
	if strings.Contains(all, "](") {
		t.Error("a planted link came through")
	}
}

// TestNoSecret makes sure that a password appears in no form, even where the
// floors below left it in what they handed up.
func TestNoSecret(t *testing.T) {
	c := leaking(t)
	given := fmt.Sprintf("%+v", c)
	for _, secret := range secrets {
		if !strings.Contains(given, secret) {
			t.Errorf("%s is not in what is to be written: the test proves nothing", secret)
		}
	}
	for _, form := range forms {
		t.Run(form.name, func(t *testing.T) {
			out := written(t, form.write, c)
			for _, secret := range secrets {
				if i := strings.Index(out, secret); i >= 0 {
					t.Errorf("%s came through: ...%s...", secret, out[max(0, i-60):min(len(out), i+20)])
				}
			}
			if !strings.Contains(out, "proxy.example") {
				t.Error("the hosts are gone too")
			}
		})
	}
}
