package server

import (
	"context"
	"encoding/json"
	"errors"

	"go.lsp.dev/protocol"

	"github.com/modreach/modreach/server/wire"
)

// handlers is the table of all that a client may send. What it does not list is
// answered, or ignored, by package wire, which also serves shutdown, exit and
// $/cancelRequest. What stands in quotes is younger than the library, or our own.
func (s *session) handlers() wire.Handlers {
	return wire.Handlers{
		Initialize: s.initialize,
		Notifications: map[string]wire.Notification{
			protocol.MethodInitialized:                        notification(s.initialized),
			"modreach/trust":                                  notification(s.trust),
			protocol.MethodTextDocumentDidOpen:                notification(s.didOpen),
			protocol.MethodTextDocumentDidChange:              notification(s.didChange),
			protocol.MethodTextDocumentDidClose:               notification(s.didClose),
			protocol.MethodWorkspaceDidChangeConfiguration:    notification(s.didChangeConfiguration),
			protocol.MethodWorkspaceDidChangeWatchedFiles:     notification(s.didChangeWatchedFiles),
			protocol.MethodWorkspaceDidChangeWorkspaceFolders: notification(s.didChangeWorkspaceFolders),
		},
		Requests: map[string]wire.Request{
			"codeAction/resolve":                    request(s, s.resolveAction),
			protocol.MethodTextDocumentCodeAction:   request(s, s.codeActions),
			protocol.MethodTextDocumentCodeLens:     request(s, s.codeLenses),
			"textDocument/diagnostic":               request(s, s.pull),
			protocol.MethodTextDocumentDocumentLink: request(s, s.documentLinks),
			protocol.MethodTextDocumentHover:        request(s, s.hoverAt),
			"textDocument/inlayHint":                request(s, s.inlayHints),
			"workspace/diagnostic":                  request(s, s.pullAll),
			protocol.MethodWorkspaceExecuteCommand:  request(s, s.executeCommand),
		},
		Shutdown: func(context.Context) { s.end() },
		Answered: s.traceAnswer,
	}
}

// notification makes one of the wire's handlers of one with typed parameters. It
// runs on the read loop.
func notification[P any](handle func(params P) error) wire.Notification {
	return func(raw json.RawMessage) error {
		params, err := decode[P](raw)
		if err != nil {
			return err
		}
		return handle(params)
	}
}

// request makes one of the wire's handlers of one with typed parameters, that
// works on the snapshot of the moment when the request came.
func request[P, R any](s *session, handle func(ctx context.Context, now *snapshot, params P) (R, error)) wire.Request {
	return func(raw json.RawMessage) wire.Work {
		now := s.snapshot()
		return func(ctx context.Context) (any, error) {
			params, err := decode[P](raw)
			if err != nil {
				return nil, err
			}
			return handle(ctx, now, params)
		}
	}
}

// decode reads parameters; absent ones are the zero value. The error is
// InvalidParams, and does not tell their content.
func decode[P any](raw json.RawMessage) (P, error) {
	var params P
	if len(raw) == 0 {
		return params, nil
	}
	err := json.Unmarshal(raw, &params)
	if err == nil {
		return params, nil
	}
	mistyped, ok := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case !ok:
		err = wire.Errorf(wire.InvalidParams, "not as the protocol has them")
	case mistyped.Field == "":
		err = wire.Errorf(wire.InvalidParams, "wrong type of the parameters: %s", mistyped.Value)
	default:
		err = wire.Errorf(wire.InvalidParams, "wrong type of %s: %s", mistyped.Field, mistyped.Value)
	}
	return params, err
}
