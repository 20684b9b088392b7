// Package wire speaks the base protocol of LSP: frames, JSON-RPC, the life of a
// session, cancellation. It knows nothing of documents or modules.
//
//	conn := wire.New(in, out, log)
//	err := conn.Serve(ctx, wire.Handlers{
//		Initialize:    func(params json.RawMessage) (any, error) { ... },
//		Notifications: map[string]wire.Notification{"textDocument/didOpen": didOpen, ...},
//		Requests:      map[string]wire.Request{"textDocument/hover": hover, ...},
//	})
//
// How a message travels:
//
//	in -> frame -> stream -> dispatch   one goroutine, in order
//	        $/cancelRequest             cancels a request in flight
//	        initialize, notifications   run here, so they must not wait
//	        a request                   is bound here to what it works on, then
//	                                    runs in a goroutine of its own
//	        shutdown                    calls requests off and answers
//	        exit, end of input          end the session
//	reply -> outbox -> out              one goroutine; nobody waits for the client
//
// Whatever the client sends, each of its requests is answered exactly once, and
// no frame, handler or lack of reading brings the session down: a bad body is
// answered and read past, a panic is answered as an internal error, and a client
// that does not read its answers is not read either, until it is given up. Only a
// header that makes no sense ends the session, because nothing after it can be
// found.
//
// The library go.lsp.dev/jsonrpc2 keeps calls and answers apart; its stream and
// its handlers are replaced, because they lose connections, memory and replies.
package wire
