package wire

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"go.lsp.dev/jsonrpc2"
	"go.uber.org/zap"
)

// stream turns frames into messages and back, for jsonrpc2.Conn.
type stream struct {
	in  *bufio.Reader
	out *outbox
	log *zap.Logger
	// ended is set when nothing more is to be read.
	ended atomic.Bool

	mu sync.Mutex // guards awaited
	// awaited are the calls to the client that it has not answered.
	awaited map[jsonrpc2.ID]struct{}
}

func newStream(in io.Reader, out *outbox, log *zap.Logger) *stream {
	return &stream{
		in: bufio.NewReaderSize(in, maxHeader), out: out, log: log,
		awaited: map[jsonrpc2.ID]struct{}{},
	}
}

// Read gives the next message. What the client sends that is none is answered
// here, without the id that was not to be had. An error ends the session.
func (s *stream) Read(ctx context.Context) (jsonrpc2.Message, int64, error) {
	for {
		if s.ended.Load() {
			return nil, 0, io.EOF
		}
		// Who does not read gets nothing more to read.
		if err := s.out.room(ctx); err != nil {
			return nil, 0, err
		}
		body, err := readFrame(s.in)
		if errors.Is(err, errFrame) {
			s.refuse(Errorf(ParseError, "%v", err))
		}
		if err != nil {
			return nil, 0, err
		}
		msg, fault := decode(body)
		if fault != nil {
			s.refuse(fault)
			continue
		}
		if answer, ok := msg.(*jsonrpc2.Response); ok && !s.forget(answer.ID()) {
			// The library would wait for ever to hand over the third answer
			// to one call.
			s.log.Debug("an answer to nothing")
			continue
		}
		return msg, int64(len(body)), nil
	}
}

// refuse answers what has no id.
func (s *stream) refuse(fault *Error) {
	s.log.Warn("refused a message", zap.Int32("code", int32(fault.Code)), zap.String("why", fault.Message))
	body, err := json.Marshal(struct {
		Version string `json:"jsonrpc"`
		ID      *int   `json:"id"`
		Error   *Error `json:"error"`
	}{"2.0", nil, fault})
	if err == nil {
		err = s.out.put(frame(body))
	}
	if err != nil {
		s.log.Debug("lost an answer", zap.Error(err))
	}
}

// Write sends a message. It does not wait for the client, nor for ctx: an answer
// has to be sent when its request was called off, too.
func (s *stream) Write(_ context.Context, msg jsonrpc2.Message) (int64, error) {
	// Each of the three kinds of message has the method; their interface does
	// not tell.
	marshaler, ok := msg.(json.Marshaler)
	if !ok {
		return 0, fmt.Errorf("no way to encode a %T", msg)
	}
	body, err := marshaler.MarshalJSON()
	if err != nil {
		return 0, fmt.Errorf("encoding a message: %w", err)
	}
	if call, ok := msg.(*jsonrpc2.Call); ok {
		s.mu.Lock()
		s.awaited[call.ID()] = struct{}{}
		s.mu.Unlock()
	}
	return int64(len(body)), s.out.put(frame(body))
}

// forget reports whether a call was awaited, which it is no longer.
func (s *stream) forget(id jsonrpc2.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.awaited[id]
	delete(s.awaited, id)
	return ok
}

// Close ends reading; what was written before still goes out.
func (s *stream) Close() error {
	s.ended.Store(true)
	return nil
}
