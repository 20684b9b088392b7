package server

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"
)

// progressAfter is how long a check goes on in silence: whoever waits for less
// does not look for a reason.
const progressAfter = time.Second

// progress tells the client how far a check has come, if that takes long. Make
// one with the timer.
type progress struct {
	// late fires when a check takes long.
	late *time.Timer
	// armed reports that late is to fire, or has.
	armed bool
	last  count
	// counts brings what is to be told; nil while nothing is. It is closed at the
	// end.
	counts chan count
}

// count is how many lines have an answer.
type count struct{ done, total int }

// follow takes how far the first check of each page has come.
func (p *progress) follow(pages map[string]*page) {
	p.last = count{}
	for _, page := range pages {
		if !page.asks || page.checked || page.view == nil {
			continue
		}
		p.last.total += len(page.statuses)
		p.last.done += len(page.statuses) - page.view.waiting
		page.checked = page.view.waiting == 0
	}
	if p.last.done == p.last.total {
		p.end()
		return
	}
	if !p.armed {
		p.armed = true
		p.late.Reset(progressAfter)
	}
	p.tell()
}

// tell has the count told, if any is.
func (p *progress) tell() {
	if p.counts == nil {
		return
	}
	select {
	case <-p.counts: // nobody has come to tell it
	default:
	}
	p.counts <- p.last
}

// end has the end told.
func (p *progress) end() {
	p.late.Stop()
	p.armed = false
	if p.counts != nil {
		close(p.counts)
		p.counts = nil
	}
}

// begin has the check told of from now on.
func (p *progress) begin(s *session) {
	if !s.snapshot().client.Window.WorkDoneProgress || p.counts != nil {
		return
	}
	counts := make(chan count, 1)
	p.counts = counts
	p.tell()
	s.start(func(ctx context.Context) { s.tellProgress(ctx, counts) })
}

// working is the value of a progress notification. Unlike in the library, 0
// percent are some.
type working struct {
	Kind       protocol.WorkDoneProgressKind `json:"kind"`
	Title      string                        `json:"title,omitempty"`
	Message    string                        `json:"message,omitempty"`
	Percentage *int                          `json:"percentage,omitempty"`
}

// tellProgress tells counts until there are no more.
func (s *session) tellProgress(ctx context.Context, counts <-chan count) {
	token := section + "-" + rand.Text()
	if err := s.conn.Call(ctx, protocol.MethodWorkDoneProgressCreate, map[string]any{"token": token}, nil); err != nil {
		s.log.Debug("no progress is shown", zap.Error(err))
		return
	}
	tell := func(w working) {
		s.notify(protocol.MethodProgress, map[string]any{"token": token, "value": w})
	}
	begun := false
	for {
		select {
		case c, more := <-counts:
			if !more {
				if begun {
					tell(working{Kind: protocol.WorkDoneProgressKindEnd})
				}
				return
			}
			percent := 100 * c.done / c.total
			w := working{Kind: protocol.WorkDoneProgressKindReport, Message: fmt.Sprintf("%d/%d", c.done, c.total), Percentage: &percent}
			if !begun {
				begun, w.Kind, w.Title = true, protocol.WorkDoneProgressKindBegin, say(s.snapshot().client.language, "Checking modules")
			}
			tell(w)
		case <-ctx.Done():
			if begun {
				tell(working{Kind: protocol.WorkDoneProgressKindEnd})
			}
			return
		}
	}
}
