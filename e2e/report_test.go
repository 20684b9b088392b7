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
		"check":   filepath.Join("..", "testdata", "report", "check.html"),
		"hostile": filepath.Join("..", "testdata", "report", "hostile.html"),
		"real":    realReport(t, "check"),
		"machine": realReport(t, "doctor"),
		"doctor":  filepath.Join("..", "testdata", "report", "doctor.html"),
		"harmful": filepath.Join("..", "testdata", "report", "doctor-hostile.html"),
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
				fits(b, l)
				folds(b, l)
			})
		}
	}
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
