package report

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"io"
	"strings"
	"time"
)

// sources are the templates, one file for each kind of page and one for what
// all of them share.
//
//go:embed html/*.html
var sources embed.FS

// style is the look of every page.
//
//go:embed html/style.css
var style string

// pages are the parsed templates. What they are filled with is escaped for the
// place where it stands.
var pages = template.Must(template.ParseFS(sources, "html/*.html"))

// page is what every page has.
type page struct {
	// Headline is the page in one sentence.
	Headline string
	// Tool is the program with its version.
	Tool string
	// Facts stand below the headline.
	Facts []string
	Style template.CSS
	// Policy forbids a browser to load or run anything, and allows one style
	// sheet by its hash: whatever came through would be a dead text.
	Policy string
}

// newPage begins a page on what was seen at a time; zero if it is not told.
func newPage(headline, version string, at time.Time) page {
	sum := sha256.Sum256([]byte(style))
	p := page{
		Headline: headline,
		Tool:     shown(strings.TrimSpace("modreach " + version)),
		Style:    template.CSS(style),
		Policy: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
			"'; base-uri 'none'; form-action 'none'",
	}
	if !at.IsZero() {
		p.Facts = append(p.Facts, at.UTC().Format("2006-01-02 15:04 UTC"))
	}
	return p
}

// writePage fills the template of that name.
func writePage(w io.Writer, name string, view any) error {
	var out bytes.Buffer
	if err := pages.ExecuteTemplate(&out, name, view); err != nil {
		return err
	}
	_, err := w.Write(out.Bytes())
	return err
}

// shown makes of a text what a page shows of it: without secrets, and without
// characters that hide or turn around what stands beside them.
func shown(text string) string { return printable(scrub(text)) }

// shownLines is shown for a text of several lines; empty for none.
func shownLines(text string) []string {
	var all []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, shown(line))
		}
	}
	return all
}
