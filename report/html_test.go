package report_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/report"
	"github.com/modreach/modreach/route"
)

// htmlPages are pages of all sorts, by name.
func htmlPages(t *testing.T) map[string]string {
	t.Helper()
	pages := map[string]string{}
	for name, c := range map[string]report.Check{
		"empty":   {},
		"whole":   app(t),
		"hostile": hostile(t),
		"markup":  markup(t),
		"leaking": leaking(t),
		"many":    many(map[diagnostics.State]int{diagnostics.Reachable: 60, diagnostics.Unknown: 14}, 3, "because"),
	} {
		pages[name] = written(t, report.HTML, c)
	}
	return pages
}

// markup is a check whose every text is markup for some place of a page, is
// written from right to left, or does not end.
func markup(t *testing.T) report.Check {
	t.Helper()
	c := hostile(t)
	poison := `</style></title><script>alert(1)</script><img src=x onerror=alert(1)>" onclick="alert(1)' style='x:y ` +
		"javascript:alert(1) {{.}} <!-- ]]> \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 " + strings.Repeat("endless", 300)
	f := gomod.Parse([]byte("module example.com/m\n\nrequire (\n\texample.com/" + strings.Repeat("endless/", 80) + "x v1.0.0\n\texample.com/y v1.0.0 // indirect\n)\n"))
	proxy := route.Hop{Kind: route.Proxy, URL: mustURL(t, "javascript:alert(1)"), Why: poison, Skip: ""}
	bad := failing(poison, probe.Fault{Phase: probe.Request, Cause: probe.NotHTTP, Host: "proxy.example:443", Detail: poison}, step(probe.Resolve, 4))
	c.Version = poison
	c.Environment = []report.Setting{{Name: poison, Value: poison, Origin: poison}}
	c.Files = []report.File{found(poison+"/go.mod", f,
		judge(t, over(f.Requires[0], proxy), nothing, bad), judge(t, over(f.Requires[1], proxy), nothing, bad))}
	return c
}

// TestHTMLHostile keeps a page of hostile texts for a browser to open.
func TestHTMLHostile(t *testing.T) {
	golden(t, "hostile.html", written(t, report.HTML, markup(t)))
}

// TestHTMLIsSound looks at each page as a browser takes it.
func TestHTMLIsSound(t *testing.T) {
	for name, page := range htmlPages(t) {
		t.Run(name, func(t *testing.T) {
			for _, fault := range pageSound(t, page) {
				t.Error(fault)
			}
		})
	}
}

// TestHTMLFaultsAreSeen makes sure that each fault would be told.
func TestHTMLFaultsAreSeen(t *testing.T) {
	page := written(t, report.HTML, app(t))
	tests := []struct{ name, old, new, want string }{
		{"not closed", "</h1>", "", "h1"},
		{"closed twice", "</h1>", "</h1></h1>", "h1"},
		{"two headlines", "<h2 id=\"findings\">Findings</h2>", "<h1 id=\"findings\">Findings</h1>", "2 h1"},
		{"level left out", "<h2 id=\"findings\">Findings</h2>", "<h5 id=\"findings\">Findings</h5>", "h5 after h2"},
		{"id twice", `id="ways"`, `id="findings"`, "findings twice"},
		{"dangling label", `id="ways"`, `id="other"`, "ways is not there"},
		{"script", "<main", "<script></script><main", "script"},
		{"picture", "<main", `<img src="https://cdn.example/x.png"><main`, "img"},
		{"handler", "<main", `<main onload="x()"`, "onload"},
		{"style", "<main", `<main style="x:y"`, "style"},
		{"address", "<main", `<a href="https://evil.example/">x</a><main`, "evil.example"},
		{"address of a script", "<main", `<a href="javascript:x()">x</a><main`, "javascript"},
		{"picture without a word", `aria-hidden="true"`, "", "svg"},
		{"import", "<style>", "<style>@import 'https://cdn.example/x.css';", "style sheet"},
		{"policy", "default-src &#39;none&#39;", "default-src *", "policy"},
		{"no language", ` lang="en"`, "", "language"},
		{"table without a caption", "<caption>", "<caption hidden>", "caption"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			broken := strings.Replace(page, test.old, test.new, 1)
			if broken == page {
				t.Fatal("the page does not have it")
			}
			faults := strings.Join(pageSound(t, broken), "\n")
			if !strings.Contains(faults, test.want) {
				t.Errorf("the fault is not seen; others are:\n%s", faults)
			}
		})
	}
}

// void are the elements without an end, plain the attributes that may stand on
// any element.
var void = []string{"meta", "input", "img", "link", "br", "hr", "base"}

// known are the elements of a page.
var known = strings.Fields(`html head meta title style body header main footer section article div p h1 h2 h3 h4
	ul ol li b code a span table caption thead tbody tr th td details summary figure figcaption blockquote
	fieldset legend label input i svg path rect circle dl dt dd time`)

// pageSound says what is wrong with a page.
func pageSound(t *testing.T, page string) []string {
	t.Helper()
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	var open []string
	level, headlines, policy, sheet := 0, 0, "", ""
	ids, wanted := map[string]bool{}, []string{}
	tokens := html.NewTokenizer(strings.NewReader(page))
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			break
		}
		token := tokens.Token()
		switch kind {
		case html.TextToken:
			if len(open) > 0 && open[len(open)-1] == "style" {
				sheet = token.Data
			}
		case html.CommentToken:
			fault("a comment: %s", token.Data)
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				fault("</%s> ends %v", token.Data, open)
				return faults
			}
			open = open[:len(open)-1]
		case html.StartTagToken, html.SelfClosingTagToken:
			if !slices.Contains(known, token.Data) {
				fault("an element of the kind %s", token.Data)
			}
			if kind == html.StartTagToken && !slices.Contains(void, token.Data) {
				open = append(open, token.Data)
			}
			if n, ok := strings.CutPrefix(token.Data, "h"); ok && len(n) == 1 {
				next, err := strconv.Atoi(n)
				if err != nil {
					t.Fatal(err)
				}
				if next > level+1 {
					fault("h%d after h%d", next, level)
				}
				if level = next; level == 1 {
					headlines++
				}
			}
			attributes := map[string]string{}
			for _, a := range token.Attr {
				attributes[a.Key] = a.Val
				switch {
				case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "src", a.Key == "srcdoc", a.Key == "hidden":
					fault("%s has %s", token.Data, a.Key)
				case a.Key == "id" && ids[a.Val]:
					fault("the id %s twice", a.Val)
				case a.Key == "id":
					ids[a.Val] = true
				case a.Key == "href" && strings.HasPrefix(a.Val, "#"):
					wanted = append(wanted, a.Val[1:])
				case a.Key == "href" && !strings.HasPrefix(a.Val, "https://github.com/modreach/modreach/"):
					fault("a link to %s", a.Val)
				case a.Key == "aria-labelledby":
					wanted = append(wanted, a.Val)
				}
			}
			switch token.Data {
			case "svg":
				if attributes["aria-hidden"] != "true" {
					fault("svg that a screen reader meets")
				}
			case "html":
				if attributes["lang"] == "" {
					fault("no language")
				}
			case "meta":
				if attributes["http-equiv"] == "Content-Security-Policy" {
					policy = attributes["content"]
				}
			case "table":
				if tokens.Next(); tokens.Next() != html.StartTagToken || tokens.Token().String() != "<caption>" {
					fault("a table without a caption")
				}
				open = append(open, "caption")
			}
		}
	}
	if len(open) > 0 {
		fault("%v not closed", open)
	}
	if headlines != 1 {
		fault("%d h1", headlines)
	}
	for _, id := range wanted {
		if !ids[id] {
			fault("the id %s is not there", id)
		}
	}
	sum := sha256.Sum256([]byte(sheet))
	want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
	if policy != want {
		fault("the policy is %q, want %q", policy, want)
	}
	if strings.Contains(sheet, "url(") || strings.Contains(sheet, "@import") {
		fault("the style sheet loads something")
	}
	return faults
}

// TestHTMLQuotes makes sure that what is hostile is shown as it is, and not lost.
func TestHTMLQuotes(t *testing.T) {
	root, err := html.Parse(strings.NewReader(written(t, report.HTML, markup(t))))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			text.WriteString(n.Data)
		}
	}
	for _, want := range []string{"<script>alert(1)</script>", `" onclick="alert(1)' style='x:y`, "{{.}} <!-- ]]> \u05e9\u05dc\u05d5\u05dd"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the page does not show %q", want)
		}
	}
}

func TestHTMLHeadline(t *testing.T) {
	of := func(states map[diagnostics.State]int) report.Check { return many(states, 1, "because") }
	broken := of(map[diagnostics.State]int{diagnostics.Reachable: 2})
	broken.Files[0].Findings = []diagnostics.Finding{{Code: diagnostics.ToolMissing, Severity: diagnostics.Error}}
	tests := []struct {
		name, want string
		check      report.Check
	}{
		{"nothing", "No requirements", report.Check{}},
		{"one", "The requirement can be fetched", of(map[diagnostics.State]int{diagnostics.Cached: 1})},
		{"all", "All 3 requirements can be fetched", of(map[diagnostics.State]int{diagnostics.Reachable: 2, diagnostics.Skipped: 1})},
		{"unknown", "1 of 3 requirements could not be judged", of(map[diagnostics.State]int{diagnostics.Reachable: 2, diagnostics.Unknown: 1})},
		{"unreachable", "2 of 5 requirements cannot be fetched", of(map[diagnostics.State]int{diagnostics.Unreachable: 2, diagnostics.Unknown: 3})},
		{"the only one", "The requirement cannot be fetched", of(map[diagnostics.State]int{diagnostics.Unreachable: 1})},
		{"an error elsewhere", "1 error", broken},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if page := written(t, report.HTML, test.check); !strings.Contains(page, "<h1>"+test.want+"</h1>") {
				_, page, _ = strings.Cut(page, "<h1>")
				page, _, _ = strings.Cut(page, "</h1>")
				t.Errorf("the headline is %q, want %q", page, test.want)
			}
		})
	}
}

// declared finds the colours of the style sheet.
var declared = regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{6});`)

// TestHTMLContrast makes sure that everybody can read what stands on what, by
// the measure of WCAG 2.2 at level AA: 4.5 for text, 3 for bars.
func TestHTMLContrast(t *testing.T) {
	sheet, err := os.ReadFile(filepath.Join("html", "style.css"))
	if err != nil {
		t.Fatal(err)
	}
	bright, dark, _ := strings.Cut(string(sheet), "prefers-color-scheme: dark")
	texts := [][2]string{
		{"ink", "page"}, {"ink", "card"}, {"soft", "page"}, {"soft", "card"}, {"link", "card"}, {"link", "page"}, {"ink", "dim-wash"},
	}
	for _, tone := range []string{"bad", "warn", "good", "note", "dim"} {
		texts = append(texts, [2]string{tone, tone + "-wash"}, [2]string{tone, "card"})
	}
	for name, part := range map[string]string{"light": bright, "dark": dark} {
		tones := map[string]float64{}
		for _, m := range declared.FindAllStringSubmatch(part, -1) {
			tones[m[1]] = luminance(t, m[2])
		}
		check := func(on [2]string, least float64) {
			a, okA := tones[on[0]]
			b, okB := tones[on[1]]
			if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); !okA || !okB || ratio < least {
				t.Errorf("%s: the contrast of %s on %s is %.2f, less than %.1f", name, on[0], on[1], ratio, least)
			}
		}
		for _, on := range texts {
			check(on, 4.5)
		}
		for _, p := range []probe.Phase{probe.Resolve, probe.Connect, probe.Handshake, probe.Request, probe.Body, probe.VCS, probe.Checksum} {
			check([2]string{p.String(), "card"}, 3)
			if !strings.Contains(string(sheet), "\n."+p.String()+" { fill: var(--"+p.String()+")") {
				t.Errorf("no bar has the colour of %s", p)
			}
		}
	}
}

// luminance is that of a colour of six hexadecimal digits.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	linear := func(c uint64) float64 {
		x := float64(c&0xff) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(n>>16) + 0.7152*linear(n>>8) + 0.0722*linear(n)
}
