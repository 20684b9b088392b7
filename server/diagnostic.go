package server

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"github.com/modreach/modreach/diagnostics"
)

// diagnosticData goes to the client and comes back, so it has but strings, and
// nothing in it is to be trusted.
type diagnosticData struct {
	Code    string `json:"code"`
	Module  string `json:"module,omitempty"`
	Version string `json:"version,omitempty"`
	Hop     string `json:"hop,omitempty"`
	// Run is that of the log.
	Run string `json:"run,omitempty"`
}

// source is who has found it, of all who speak about a go.mod.
const source = "modreach"

// struck are the codes of what is there, and should not be used.
var struck = []diagnostics.Code{diagnostics.Deprecated, diagnostics.Retracted}

// diagnostic makes one of a finding, with as much as the client understands.
func (s *session) diagnostic(v *view, f diagnostics.Finding, c *client) protocol.Diagnostic {
	can := c.TextDocument.PublishDiagnostics
	d := protocol.Diagnostic{
		Range:    v.document.ruler().span(f.Span, c.encoding()),
		Severity: protocol.DiagnosticSeverity(f.Severity), Code: string(f.Code), Source: source, Message: f.Message(),
	}
	if can.CodeDescriptionSupport {
		d.CodeDescription = &protocol.CodeDescription{Href: protocol.URI(f.Code.Help())}
	}
	if can.DataSupport {
		d.Data = diagnosticData{Code: string(f.Code), Module: f.Module, Version: f.Version, Hop: f.Hop, Run: s.run}
	}
	if slices.Contains(struck, f.Code) && slices.Contains(can.TagSupport.ValueSet, protocol.DiagnosticTagDeprecated) {
		d.Tags = []protocol.DiagnosticTag{protocol.DiagnosticTagDeprecated}
	}
	if can.RelatedInformation {
		here := protocol.Location{URI: protocol.DocumentURI(v.document.uri), Range: d.Range}
		for _, told := range slices.Concat(f.Related, v.fixes().Notes(f)) {
			d.RelatedInformation = append(d.RelatedInformation, protocol.DiagnosticRelatedInformation{Location: here, Message: told})
		}
	}
	return d
}

// items are the diagnostics of a view in JSON, with a name that is the same for
// the same ones.
type items struct {
	list json.RawMessage
	name string
}

// none are those of a file without findings.
var none = items{json.RawMessage("[]"), "none"}

func (s *session) items(v *view, c *client) items {
	all := make([]protocol.Diagnostic, 0, len(v.findings))
	for _, f := range v.findings {
		all = append(all, s.diagnostic(v, f, c))
	}
	return encodeItems(all)
}

func encodeItems(all []protocol.Diagnostic) items {
	list, err := json.Marshal(all)
	if err != nil || len(all) == 0 { // there is nothing in it that cannot be encoded
		return none
	}
	sum := sha256.Sum256(list)
	return items{list, hex.EncodeToString(sum[:8])}
}

// publication tells a client what was found of a file. The library's drops the
// version 0, and a list without an item.
type publication struct {
	URI string `json:"uri"`
	// Version is that of the text, 0 included; absent for a file on the disk.
	Version     *int32          `json:"version,omitempty"`
	Diagnostics json.RawMessage `json:"diagnostics"`
}

// show lets the client know what has changed: it is told, or, if it pulls, told
// to ask.
func (d *desk) show(old, views map[string]*view) {
	if d.now.client.pulls() {
		for k, v := range views {
			// After an edit the client asks by itself.
			if o := old[k]; o == nil && !v.open && v.items.name != none.name || o != nil && o.document == v.document && o.items.name != v.items.name {
				d.s.refresh(diagnosticRefresh)
				break
			}
		}
		if len(old) > len(views) {
			d.s.refresh(diagnosticRefresh)
		}
	} else {
		d.publish(views)
	}
	d.s.refresh(lensRefresh)
}

// shown is what the client was told of a file.
type shown struct {
	name    string // of the items
	opening int    // of the document
}

// publish tells the client what it does not know yet. Of a document that is opened
// it is told again: some editors forget with the buffer what they were told, and
// some do not keep what was told before there was one.
func (d *desk) publish(views map[string]*view) {
	now := d.s.snapshot()
	current := map[string]bool{}
	for _, v := range views {
		current[v.document.uri] = true
	}
	for uri, told := range d.shown {
		if current[uri] {
			continue
		}
		delete(d.shown, uri)
		if told.name != none.name {
			d.s.notify(protocol.MethodTextDocumentPublishDiagnostics, publication{URI: uri, Diagnostics: none.list})
		}
	}
	for _, k := range slices.Sorted(maps.Keys(views)) {
		v := views[k]
		uri := v.document.uri
		told, ok := d.shown[uri]
		if !ok {
			told.name = none.name
		}
		known := told.name == v.items.name && (!v.open || told.name == none.name || told.opening == v.document.opening)
		moved := v.open && now.documents[k] != v.document || !v.open && now.documents[k] != nil
		if known || moved { // another view is to come
			continue
		}
		p := publication{URI: uri, Diagnostics: v.items.list}
		if v.open {
			p.Version = &v.document.version
		}
		d.shown[uri] = shown{v.items.name, v.document.opening}
		d.s.notify(protocol.MethodTextDocumentPublishDiagnostics, p)
	}
}

// notify tells the client something. If that is not possible the session is
// about to end, which is seen elsewhere.
func (s *session) notify(method string, params any) {
	if err := s.conn.Notify(method, params); err != nil {
		s.log.Debug("a notification was lost", zap.String("method", method), zap.Error(err))
	}
}
