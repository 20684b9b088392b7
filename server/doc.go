// Package server is the language server: it holds what an editor shows and wants,
// and speaks LSP about it.
//
//	err := server.Serve(ctx, os.Stdin, os.Stdout, server.Options{Version: "v1.0.0", Log: log, Alive: probe.Alive, Watch: probe.Watch, Links: probe.Links})
//
// What is known of the editor (its capabilities, the settings, the folders and
// documents) is one immutable snapshot. Notifications and answers of the client
// replace it by another; each request works on the one that was there when it
// arrived, for as long as it likes and without a lock.
//
//	notification -> handler on the read loop -> session.update -> next snapshot
//	request      -> snapshot of that moment  -> handler in its own goroutine
//
// What is found comes from the desk, the one goroutine that has pages planned,
// asked and judged. It puts a view of each file into the snapshot, and publishes
// what is new in it:
//
//	chore -> desk.look -> sheet -> patrol -> desk.judge -> view -> diagnostics
//
// A handler gets what is known of a document from session.current. What bears on
// all files (an environment that changed, a wish to ask again) it leaves to the
// desk as a chore.
//
// The table in method.go names the handler of each method. A feature is a file
// with its handlers, their lines in that table, and what it offers in the
// capabilities of initialize.go. What a feature does of its own accord runs in a
// goroutine that session.start starts and Serve waits for.
//
// Types of the protocol are those of go.lsp.dev/protocol, but where that loses
// something: what such a type of ours is for stands with it. A URI is a string
// there and here, so that a client gets its own spelling back.
//
// Package server/wire below carries the messages, and guards against whatever a
// client may send.
package server
