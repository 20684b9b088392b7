package wire

import (
	"bytes"
	"encoding/json"

	"go.lsp.dev/jsonrpc2"
)

// maxDepth bounds how deep objects and arrays nest. The library's decoder has no
// bound and exhausts the stack, which no recover catches; what editors send is
// not 20 deep.
const maxDepth = 512

// decode makes a message of a body; a fault is for the client.
func decode(body []byte) (jsonrpc2.Message, *Error) {
	if fault := scan(body); fault != nil {
		return nil, fault
	}
	msg, err := jsonrpc2.DecodeMessage(body)
	switch {
	case err == nil:
		return msg, nil
	case json.Valid(body):
		return nil, Errorf(InvalidRequest, "this is JSON, but no message that can be answered")
	}
	return nil, Errorf(ParseError, "this is not JSON")
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
