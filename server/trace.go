package server

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"go.lsp.dev/protocol"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/server/wire"
)

// traceAnswer tells the client's log, if the settings want it, that a request was
// answered, and how long that took.
func (s *session) traceAnswer(method string, took time.Duration, fault *wire.Error) {
	switch s.snapshot().settings.trace {
	case "messages", "verbose":
	default:
		return
	}
	text := fmt.Sprintf("%s answered in %v", method, took.Round(time.Microsecond))
	if fault != nil {
		text += fmt.Sprintf(" with error %d: %s", fault.Code, fault.Message)
	}
	s.logToClient(text)
}

// trace tells the client's log, if the settings want to know that much, each
// verdict that is another than before.
func (d *desk) trace(old, views map[string]*view) {
	if d.now.settings.trace != "verbose" {
		return
	}
	for _, k := range slices.Sorted(maps.Keys(views)) {
		v := views[k]
		before := map[module.Version]diagnostics.Verdict{}
		if o := old[k]; o != nil {
			for i, verdict := range o.scene.Verdicts {
				before[o.file.Requires[i].Mod] = verdict
			}
		}
		for i, verdict := range v.scene.Verdicts {
			r := v.file.Requires[i]
			if b, ok := before[r.Mod]; ok && b.State == verdict.State && b.Reason == verdict.Reason {
				continue
			}
			line, column := v.file.Position(r.Line.Start)
			d.s.logToClient(fmt.Sprintf("%s:%d:%d: %s is %s: %s", v.path, line, column, r.Mod, verdict.State, verdict.Reason))
		}
	}
}

func (s *session) logToClient(text string) {
	s.notify(protocol.MethodWindowLogMessage, protocol.LogMessageParams{Type: protocol.MessageTypeLog, Message: text})
}
