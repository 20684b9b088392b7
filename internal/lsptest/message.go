package lsptest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
)

// message is a request, a notification or a reply.
type message struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *Error          `json:"error,omitempty"`
}

// header is the only one that a server needs to write.
var header = regexp.MustCompile(`^Content-Length: ([0-9]+)\r\n$`)

// readMessage reads one message. Unlike a server it takes nothing but the form
// in the specification. The error is io.EOF at the end between two messages.
func readMessage(in *bufio.Reader) (message, error) {
	line, err := in.ReadString('\n')
	if err != nil {
		if line != "" {
			err = io.ErrUnexpectedEOF
		}
		return message{}, err
	}
	found := header.FindStringSubmatch(line)
	if found == nil {
		return message{}, fmt.Errorf("the header %q", line)
	}
	if line, err = in.ReadString('\n'); err != nil || line != "\r\n" {
		return message{}, fmt.Errorf("after the header: %q, %w", line, err)
	}
	length, err := strconv.Atoi(found[1])
	if err != nil {
		return message{}, err
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(in, body); err != nil {
		return message{}, fmt.Errorf("a body of %d bytes: %w", length, err)
	}
	var m message
	if err := json.Unmarshal(body, &m); err != nil {
		return m, fmt.Errorf("the body %q: %w", body, err)
	}
	if m.Version != "2.0" {
		return m, fmt.Errorf("no version in %s", body)
	}
	return m, nil
}

// read takes what the server says until that ends.
func (e *Editor) read(from io.Reader) {
	in := bufio.NewReader(from)
	for {
		m, err := readMessage(in)
		if err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrClosedPipe) {
				e.t.Errorf("reading from the server: %v", err)
			}
			break
		}
		e.take(m)
	}
	e.mu.Lock()
	e.over = true
	e.arrived.Broadcast()
	e.mu.Unlock()
}

func (e *Editor) take(m message) {
	switch {
	case m.Method == "":
		e.reply(m)
	case m.ID == nil:
		e.mu.Lock()
		e.notes = append(e.notes, Note{m.Method, m.Params})
		e.mu.Unlock()
	default:
		e.answer(m)
	}
	e.mu.Lock()
	e.count++
	e.arrived.Broadcast()
	e.mu.Unlock()
}

func (e *Editor) reply(m message) {
	e.mu.Lock()
	defer e.mu.Unlock()
	id := string(m.ID)
	if (m.Result == nil) == (m.Error == nil) {
		e.t.Errorf("a reply to %s with result %s and error %v", id, m.Result, m.Error)
		return
	}
	if id == "null" && m.Error != nil {
		e.refusals = append(e.refusals, *m.Error)
		return
	}
	if e.asked[id] == 0 {
		e.t.Errorf("a reply to %s, which was not asked or is answered: %s%v", id, m.Result, m.Error)
		return
	}
	e.asked[id]--
	e.replies[id] = Reply{m.Result, m.Error}
}

// answer answers a request of the server.
func (e *Editor) answer(m message) {
	e.mu.Lock()
	f := e.answers[m.Method]
	e.mu.Unlock()
	reply := message{ID: m.ID, Result: json.RawMessage("null")}
	if f != nil {
		result, fault := f(m.Params)
		if reply.Error = fault; fault != nil {
			reply.Result = nil
		} else if reply.Result = e.encode(result); result == nil {
			reply.Result = json.RawMessage("null")
		}
	}
	e.send(reply)
}
