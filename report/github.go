package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/modreach/modreach/diagnostics"
)

// GitHub writes one workflow command for each finding, which GitHub Actions
// turns into an annotation of the line. It writes nothing where there is
// nothing to say. The form of the commands is that of
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
func GitHub(w io.Writer, c Check) error {
	var out bytes.Buffer
	for _, f := range c.Files {
		for _, d := range f.ordered() {
			p := bytePlace(f.File, d.Span)
			fmt.Fprintf(&out, "::%s file=%s,line=%d,endLine=%d,", annotation(d.Severity), property(f.Path), p.line, p.endLine)
			if p.line == p.endLine { // GitHub has no columns across lines
				fmt.Fprintf(&out, "col=%d,endColumn=%d,", p.column, p.endColumn)
			}
			fmt.Fprintf(&out, "title=%s::%s\n", property("modreach: "+string(d.Code)), data(message(d)+"\n\n"+d.Code.Help()))
		}
	}
	_, err := w.Write(out.Bytes())
	return err
}

// annotation is the name of the command for a severity; GitHub has three.
func annotation(s diagnostics.Severity) string {
	switch s {
	case diagnostics.Error, diagnostics.Warning:
		return s.String()
	case diagnostics.Information, diagnostics.Hint:
	}
	return "notice"
}

// The runner takes these back where it reads a command.
var (
	dataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// data escapes the message of a command. The log of a run is shown with colours
// and in browsers, so nothing but newlines of the text gets there unwritten.
func data(s string) string { return dataEscapes.Replace(escape(s, "\n")) }

// property escapes the value of a property of a command.
func property(s string) string { return propertyEscapes.Replace(printable(s)) }
