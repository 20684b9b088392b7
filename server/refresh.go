package server

import (
	"context"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"
)

// refresh is what a client can be told to ask for again.
type refreshing int

const (
	// diagnosticRefresh is for the diagnostics of a client that pulls.
	diagnosticRefresh refreshing = iota
	// lensRefresh is for what is shown between the lines, switchRefresh for the
	// same when it is switched on or off.
	lensRefresh
	switchRefresh

	refreshings = int(switchRefresh) + 1
)

// refresher tells a client to ask again, once for all that has changed since it
// was told before.
type refresher [refreshings]chan struct{}

func newRefresher() refresher {
	var r refresher
	for i := range r {
		r[i] = make(chan struct{}, 1)
	}
	return r
}

// refresh has the client told to ask again. It does not wait.
func (s *session) refresh(what refreshing) {
	select {
	case s.refresher[what] <- struct{}{}:
	default:
	}
}

// tellToRefresh calls the client whenever it is to ask again, until ctx is done.
func (s *session) tellToRefresh(ctx context.Context) {
	for {
		var methods []string
		select {
		case <-s.refresher[diagnosticRefresh]:
			methods = []string{"workspace/diagnostic/refresh"}
		case <-s.refresher[lensRefresh]:
			now := s.snapshot().settings
			methods = s.betweenLines(now.codeLens, now.inlayHints)
		case <-s.refresher[switchRefresh]:
			methods = s.betweenLines(true, true)
		case <-ctx.Done():
			return
		}
		for _, method := range methods {
			if err := s.conn.Call(ctx, method, nil, nil); err != nil {
				s.log.Debug("the client does not ask again", zap.String("method", method), zap.Error(err))
			}
		}
	}
}

// betweenLines gives the methods by which this client is told to ask again for what
// is shown between the lines.
func (s *session) betweenLines(lenses, hints bool) (methods []string) {
	can := &s.snapshot().client.Workspace
	if lenses && can.CodeLens.RefreshSupport {
		methods = append(methods, protocol.MethodCodeLensRefresh)
	}
	if hints && can.InlayHint.RefreshSupport {
		methods = append(methods, "workspace/inlayHint/refresh")
	}
	return methods
}
