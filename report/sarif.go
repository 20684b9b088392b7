package report

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/modreach/modreach/diagnostics"
)

// SARIF writes the findings as a SARIF 2.1.0 log of one run, with the entries of
// the catalogue that came up as its rules. Columns are UTF-16 code units, which is what most
// readers of SARIF take them for.
func SARIF(w io.Writer, c Check) error {
	used := entries(c)
	run := sarifRun{
		Tool: sarifTool{Driver: sarifDriver{
			Name: "modreach", Version: c.Version,
			InformationURI: "https://github.com/modreach/modreach",
			Rules:          rules(used),
		}},
		Invocations: []sarifInvocation{{ExecutionSuccessful: true}},
		ColumnKind:  "utf16CodeUnits",
		Results:     []sarifResult{},
	}
	seen := map[string]int{}
	for _, f := range c.Files {
		for _, d := range f.ordered() {
			r := sarifResultOf(f, d)
			r.RuleIndex = slices.IndexFunc(used, func(e diagnostics.Entry) bool { return e.Code == d.Code })
			r.PartialFingerprints = map[string]string{"modreach/v1": fingerprint(f, d, seen)}
			run.Results = append(run.Results, r)
		}
	}
	return writeJSON(w, sarifLog{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0",
		Runs:    []sarifRun{run},
	})
}

// entries gives those of the catalogue that the findings are of.
func entries(c Check) []diagnostics.Entry {
	came := map[diagnostics.Code]bool{}
	for _, f := range c.Files {
		for _, d := range f.Findings {
			came[d.Code] = true
		}
	}
	return slices.DeleteFunc(diagnostics.Catalogue(), func(e diagnostics.Entry) bool { return !came[e.Code] })
}

// rules describes codes.
func rules(used []diagnostics.Entry) []sarifRule {
	list := []sarifRule{}
	for _, e := range used {
		what, remedy := generic(e.What), generic(e.Remedy)
		list = append(list, sarifRule{
			ID:                   string(e.Code),
			ShortDescription:     sarifText{what},
			FullDescription:      sarifText{what + " " + remedy},
			Help:                 sarifText{remedy},
			HelpURI:              e.Code.Help(),
			DefaultConfiguration: sarifConfiguration{Level: level(e.Severity)},
		})
	}
	return list
}

// placeholder finds what a sentence of the catalogue leaves open.
var placeholder = regexp.MustCompile(`\{[A-Za-z]+\}`)

// optional takes out what a sentence of the catalogue may do without.
var optional = strings.NewReplacer("{tried}", "", "{pass}", "", "{via}", "", "{fails}", "fails")

// generic says a sentence of the catalogue of no case in particular, with what
// it leaves open in capitals, as manual pages do.
func generic(sentence string) string {
	return placeholder.ReplaceAllStringFunc(optional.Replace(sentence), func(p string) string {
		return strings.ToUpper(strings.Trim(p, "{}"))
	})
}

func sarifResultOf(f File, d diagnostics.Finding) sarifResult {
	p := utf16Place(f.File, d.Span)
	return sarifResult{
		RuleID:  string(d.Code),
		Level:   level(d.Severity),
		Message: sarifText{sarifEscapes.Replace(escape(message(d), "\n"))},
		Locations: []sarifLocation{{PhysicalLocation: sarifPhysical{
			ArtifactLocation: artifact(f.Path),
			Region:           sarifRegion{p.line, p.column, p.endLine, p.endColumn},
		}}},
		Properties: sarifProperties{Module: d.Module, Version: d.Version},
	}
}

// level maps a severity to SARIF's three levels.
func level(s diagnostics.Severity) string {
	switch s {
	case diagnostics.Error, diagnostics.Warning:
		return s.String()
	case diagnostics.Information, diagnostics.Hint:
	}
	return "note"
}

// sarifEscapes keeps a message the plain text it is: braces would be
// placeholders (SARIF 2.1.0, section 3.11.5), and a bracketed text before a
// parenthesis a link (section 3.11.6), which a server's words must not be.
var sarifEscapes = strings.NewReplacer("{", "{{", "}", "}}", "](", "] (")

// artifact names a file by a URI, relative to where the check ran if its path is.
func artifact(name string) sarifArtifact {
	if len(name) > 2 && name[1:3] == ":/" {
		name = "/" + name // C:/dir
	}
	if path.IsAbs(name) {
		return sarifArtifact{URI: (&url.URL{Scheme: "file", Path: name}).String()}
	}
	return sarifArtifact{URI: (&url.URL{Path: name}).String(), URIBaseID: "%SRCROOT%"}
}

// fingerprint identifies a finding across runs, so that it is taken for the
// same one after lines have moved or the version was changed. seen counts how
// often each came up before in this run.
func fingerprint(f File, d diagnostics.Finding, seen map[string]int) string {
	key := string(d.Code) + "\x00" + f.Path + "\x00" + d.Module
	if d.Module == "" {
		key += "\x00" + string(f.File.Text[d.Span.Start:d.Span.End])
	}
	if d.Setting != "" {
		key += "\x00" + d.Setting
	}
	seen[key]++
	return fmt.Sprintf("%x", sha256.Sum256(fmt.Appendf([]byte(key), "\x00%d", seen[key])))
}
