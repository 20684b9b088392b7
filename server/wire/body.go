package wire

import (
	"bytes"
	"encoding/json"
	"errors"

	"go.lsp.dev/jsonrpc2"
)

// maxDepth bounds how deep objects and arrays nest; what editors send is not 20
// deep. The standard library's own bound is 10,000, and the decoder of the LSP
// library, which sees the parameters too, has none and exhausts the stack.
const maxDepth = 512

// envelope is what all messages have in common.
type envelope struct {
	Version *string         `json:"jsonrpc"`
	ID      *jsonrpc2.ID    `json:"id"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
	Result  json.RawMessage `json:"result"`
	Error   *Error          `json:"error"`
}

// decode makes a message of a body; a fault is for the client. The library's way
// to do so takes 32 KiB for each message, however small.
func decode(body []byte) (jsonrpc2.Message, *Error) {
	if fault := scan(body); fault != nil {
		return nil, fault
	}
	var e envelope
	err := json.Unmarshal(body, &e)
	if _, ok := errors.AsType[*json.SyntaxError](err); ok {
		return nil, Errorf(ParseError, "this is not JSON")
	}
	var msg jsonrpc2.Message
	switch {
	case err != nil || e.Version != nil && *e.Version != jsonrpc2.Version || e.Method == "" && e.ID == nil:
		return nil, Errorf(InvalidRequest, "this is JSON, but no message that can be answered")
	case e.ID == nil:
		msg, err = jsonrpc2.NewNotification(e.Method, e.Params)
	case e.Method != "":
		msg, err = jsonrpc2.NewCall(*e.ID, e.Method, e.Params)
	case e.Error != nil:
		msg, err = jsonrpc2.NewResponse(*e.ID, e.Result, e.Error)
	default:
		msg, err = jsonrpc2.NewResponse(*e.ID, e.Result, nil)
	}
	if err != nil {
		return nil, Errorf(ParseError, "this is not JSON")
	}
	return msg, nil
}

// scan refuses what must not reach a decoder or what it would take for less
// than it is: deep nesting, a batch, a second message behind the first. That it
// is JSON at all is for the decoder to say.
func scan(body []byte) *Error {
	body = bytes.TrimLeft(body, " \t\r\n")
	if len(body) > 0 && body[0] == '[' {
		return Errorf(InvalidRequest, "batches are not part of the protocol")
	}
	depth := 0
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '"':
			for i++; i < len(body) && body[i] != '"'; i++ {
				if body[i] == '\\' {
					i++
				}
			}
		case '{', '[':
			if depth++; depth > maxDepth {
				return Errorf(ParseError, "nested more than %d deep", maxDepth)
			}
		case '}', ']':
			if depth--; depth <= 0 && len(bytes.TrimLeft(body[i+1:], " \t\r\n")) > 0 {
				return Errorf(ParseError, "there is more than one value")
			}
		}
	}
	return nil
}

// encode gives the JSON of a value, by the standard library and without the
// escapes that HTML wants. Nil is an empty object, which clients take where
// there are no parameters; null they do not all take.
func encode(v any) (json.RawMessage, error) {
	if v == nil {
		return json.RawMessage("{}"), nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
