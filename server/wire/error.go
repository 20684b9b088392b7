package wire

import (
	"context"
	"errors"
	"fmt"

	"go.lsp.dev/jsonrpc2"
)

// Error is what a client is told of a request that failed. Its message is for
// people, and goes to whoever sits at the editor: it holds no secret.
type Error = jsonrpc2.Error

// Code says to a client which way a request failed.
type Code = jsonrpc2.Code

// The codes of JSON-RPC and LSP that are in use. The library knows but half of
// those of LSP.
const (
	ParseError           = jsonrpc2.ParseError           // the body is no JSON
	InvalidRequest       = jsonrpc2.InvalidRequest       // no request, or not at this time
	MethodNotFound       = jsonrpc2.MethodNotFound       // nobody handles it
	InvalidParams        = jsonrpc2.InvalidParams        // its parameters make no sense
	InternalError        = jsonrpc2.InternalError        // a defect of this program
	ServerNotInitialized = jsonrpc2.ServerNotInitialized // it came before initialize
	RequestCancelled     = Code(-32800)                  // the client called it off
	ContentModified      = Code(-32801)                  // the document moved on meanwhile
	ServerCancelled      = Code(-32802)                  // given up here; data tells whether to ask again
	RequestFailed        = Code(-32803)                  // an honest failure, such as no network
)

// Errorf makes an Error. Other errors that a handler returns reach the client as
// RequestFailed.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Causes of the end of a request's context, see [context.Cause].
var (
	// ErrCancelled is the cause when the client called the request off.
	ErrCancelled = errors.New("cancelled by the client")
	// ErrClosing is the cause when the session ends, by shutdown or otherwise.
	ErrClosing = errors.New("the session is ending")
)

// Ends of a session, in the errors of [Conn.Serve].
var (
	// ErrNoShutdown ends a session whose client left without shutdown.
	ErrNoShutdown = errors.New("the client left without shutdown")
	// ErrStalled ends a session whose client stopped to read its answers.
	ErrStalled = errors.New("the client does not read")
)

// toError gives the error with which a request is answered whose handler
// returned err. A typed nil is an error too: the handler meant something.
func toError(ctx context.Context, err error) *Error {
	if ctx.Err() != nil {
		return Errorf(RequestCancelled, "%v", context.Cause(ctx))
	}
	if coded, ok := errors.AsType[*Error](err); ok {
		if coded == nil {
			return Errorf(InternalError, "internal error")
		}
		return &Error{Code: coded.Code, Message: err.Error(), Data: coded.Data}
	}
	return Errorf(RequestFailed, "%v", err)
}
