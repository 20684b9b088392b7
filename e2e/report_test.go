//go:build unix

package e2e

import (
	"bytes"
	"fmt"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// looks are the ways in which a page has to look right.
var looks = []look{{360, "light"}, {360, "dark"}, {1400, "light"}, {1400, "dark"}}

// TestReports has a real browser open the pages that are written for people.
func TestReports(t *testing.T) {
	if os.Getenv(asked) == "" {
		t.Skip("make e2e runs it: it wants Chromium")
	}
	b := newBrowser(t)
	pages := map[string]string{
		"check":   goldenReport(t, "check.html"),
		"hostile": goldenReport(t, "hostile.html"),
		"real":    realReport(t, "check"),
		"machine": realReport(t, "doctor"),
		"doctor":  goldenReport(t, "doctor.html"),
		"harmful": goldenReport(t, "doctor-hostile.html"),
	}
	pictures := filepath.Join("..", "dist", "e2e", "pictures")
	if err := os.MkdirAll(pictures, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Run("picture", func(t *testing.T) {
		b.t = t
		l := look{960, "light"}
		b.open(pages["check"], l)
		if err := os.WriteFile(filepath.Join(pictures, "report.png"), b.picture(l, 1020), 0o644); err != nil {
			t.Fatal(err)
		}
	})
	for kind, page := range pages {
		for _, l := range looks {
			name := fmt.Sprintf("%s-%d-%s", kind, l.width, l.scheme)
			t.Run(name, func(t *testing.T) {
				b.t = t
				b.open(page, l)
				b.quiet(page)
				shot := b.picture(l, 0)
				if err := os.WriteFile(filepath.Join(pictures, name+".png"), shot, 0o644); err != nil {
					t.Fatal(err)
				}
				seen(t, shot, l)
				legible(b)
				spoken(b)
				printed(b, l)
				fits(b, l)
				folds(b, l)
			})
		}
	}
}

// goldenReport is one that the tests of package report want, with the style that
// those leave out.
func goldenReport(t *testing.T, name string) string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "testdata", "report", name))
	if err != nil {
		t.Fatal(err)
	}
	style, err := os.ReadFile(filepath.Join("..", "report", "html", "style.css"))
	if err != nil {
		t.Fatal(err)
	}
	page = bytes.Replace(page, []byte("html/style.css"), style, 1)
	name = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(name, page, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// realReport is one that a command of the program has written.
func realReport(t *testing.T, command string) string {
	t.Helper()
	s := newStage(t, nil)
	program := filepath.Join(s.home, "modreach")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "..").CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	page := filepath.Join(s.home, "report.html")
	cmd := exec.CommandContext(t.Context(), program, command, "-format", "html", "-o", page)
	cmd.Dir, cmd.Env = s.dir, s.env
	if out, err := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != 1 {
		t.Fatalf("modreach %s: %v\n%s", command, err, out)
	}
	return page
}

// fits makes sure that nobody has to scroll to the side, with everything folded
// and with everything unfolded.
func fits(b *browser, l look) {
	b.t.Helper()
	for _, open := range []string{"false", "true"} {
		eval[int](b, `document.querySelectorAll("details").forEach(d => d.open = `+open+`), 0`)
		if width := eval[int](b, "document.documentElement.scrollWidth"); width > l.width {
			wide := eval[string](b, `[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 100)).join("\n")`)
			b.t.Errorf("with details open %s the page is %d wide:\n%s", open, width, wide)
		}
		// What is wider than its place, but cut off or drawn over its neighbour.
		cut := eval[string](b, `[...document.querySelectorAll("p, li, td, th, summary, h1, h2, h3, h4, code, span")].filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0).map(e => e.outerHTML.slice(0, 100)).join("\n")`)
		if cut != "" {
			b.t.Errorf("text runs out of its place:\n%s", cut)
		}
	}
}

// folds makes sure that the filter and the links into what is folded work
// without a script.
func folds(b *browser, l look) {
	b.t.Helper()
	const visible = `[...document.querySelectorAll(".way")].filter(e => e.offsetHeight > 0).map(e => e.classList[2])`
	all := eval[[]string](b, visible)
	for _, state := range eval[[]string](b, `[...document.querySelectorAll("input[type=radio]")].map(e => e.id)`) {
		eval[bool](b, `document.getElementById("`+state+`").click(), true`)
		state = strings.TrimPrefix(state, "show-")
		shown := eval[[]string](b, visible)
		if state == "all" && len(shown) != len(all) || len(shown) == 0 {
			b.t.Errorf("%d of %d requirements are shown for %q", len(shown), len(all), state)
		}
		for _, got := range shown {
			if state != "all" && got != state {
				b.t.Errorf("asked for what is %s, what is %s is shown", state, got)
			}
		}
	}
	eval[bool](b, `document.getElementById("show-all")?.click(), true`)
	eval[int](b, `document.querySelectorAll("details").forEach(d => d.open = false), 0`)
	link := eval[string](b, `document.querySelector(".finding a[href^='#']")?.getAttribute("href") ?? ""`)
	if link == "" {
		return
	}
	eval[bool](b, `document.querySelector(".finding a[href^='#']").click(), true`)
	if !eval[bool](b, `document.querySelector("`+link+`").closest("details").open`) {
		b.t.Errorf("the link to %s does not unfold it", link)
	}
}

// seen makes sure that a picture shows something, in the right brightness.
func seen(t *testing.T, shot []byte, l look) {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	size := img.Bounds().Size()
	if size.X != l.width || size.Y < 400 {
		t.Errorf("the picture has %v", size)
	}
	colors := map[color.Color]bool{}
	light, all := 0, 0
	for y := 0; y < size.Y; y += 3 {
		for x := 0; x < size.X; x += 3 {
			c := img.At(x, y)
			colors[c] = true
			all++
			if gray, _ := color.GrayModel.Convert(c).(color.Gray); gray.Y > 127 {
				light++
			}
		}
	}
	if len(colors) < 20 {
		t.Errorf("the picture has %d colours", len(colors))
	}
	if bright := light*2 > all; bright != (l.scheme == "light") {
		t.Errorf("%d of %d dots are bright in the %s look", light, all, l.scheme)
	}
}

// legible makes sure that each text can be read on what is behind it, by the
// measure of WCAG 2.2 at level AA.
func legible(b *browser) {
	b.t.Helper()
	faint := eval[string](b, `(() => {
		const rgba = (c) => c.match(/[\d.]+/g).map(Number);
		const light = (c) => c.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
			.reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
		const behind = (e) => {
			for (; e; e = e.parentElement) {
				const c = rgba(getComputedStyle(e).backgroundColor);
				if (c.length < 4 || c[3] === 1) return c;
			}
			return [255, 255, 255];
		};
		return [...document.querySelectorAll("body *")]
			.filter(e => [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim()))
			.map(e => {
				const [x, y] = [light(rgba(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
				return [(x + 0.05) / (y + 0.05), e];
			})
			.filter(([ratio]) => ratio < 4.5)
			.map(([ratio, e]) => ratio.toFixed(2) + " " + e.outerHTML.slice(0, 100)).join("\n");
	})()`)
	if faint != "" {
		b.t.Errorf("hard to read:\n%s", faint)
	}
}

// spoken makes sure that who hears the page meets tables as tables, with names,
// and links that say where they lead.
func spoken(b *browser) {
	b.t.Helper()
	type value struct {
		Value any `json:"value"`
	}
	var tree struct {
		Nodes []struct {
			Ignored    bool `json:"ignored"`
			Role, Name value
		} `json:"nodes"`
	}
	b.call("Accessibility.getFullAXTree", nil, &tree)
	count := map[any]int{}
	for _, n := range tree.Nodes {
		if n.Ignored {
			continue
		}
		count[n.Role.Value]++
		switch n.Role.Value {
		case "link", "heading", "table", "region", "RootWebArea", "radio":
			if n.Name.Value == "" || n.Name.Value == nil {
				b.t.Errorf("a %v without a name", n.Role.Value)
			}
		}
	}
	tables := eval[int](b, `document.querySelectorAll("table").length`)
	rows := eval[int](b, `document.querySelectorAll("tr").length`)
	cells := eval[int](b, `document.querySelectorAll("td").length`)
	if count["table"] != tables || count["row"] != rows || count["cell"] != cells {
		b.t.Errorf("%d tables, %d rows and %d cells are heard of %d, %d and %d",
			count["table"], count["row"], count["cell"], tables, rows, cells)
	}
	if count["banner"] != 1 || count["main"] != 1 || count["contentinfo"] != 1 {
		b.t.Errorf("the landmarks are %d, %d and %d", count["banner"], count["main"], count["contentinfo"])
	}
}

// printed makes sure that nothing is folded on paper.
func printed(b *browser, l look) {
	b.t.Helper()
	b.view(l, "print")
	folded := eval[int](b, `[...document.querySelectorAll("details")].filter(d => !d.lastElementChild.checkVisibility({contentVisibilityAuto: true}) || d.lastElementChild.offsetHeight === 0).length`)
	b.view(l, "screen")
	if folded > 0 {
		b.t.Errorf("%d parts are folded on paper", folded)
	}
	if eval[int](b, `[...document.querySelectorAll("details:not([open])")].filter(d => d.lastElementChild.checkVisibility()).length`) > 0 {
		b.t.Error("nothing is folded on the screen")
	}
}
