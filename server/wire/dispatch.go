package wire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.uber.org/zap"
)

// maxMethod bounds the name of a method, in logs and answers too. It is above
// all there are, so that what it cuts is unknown anyway.
const maxMethod = 100

// dispatch is the read loop's handler of a message. It returns nil always: the
// library ends a connection, and then the process, for an error.
func (c *Conn) dispatch(_ context.Context, reply jsonrpc2.Replier, msg jsonrpc2.Request) error {
	// What the library gives is part of the whole body, which would be kept as
	// long as the method is.
	method := strings.Clone(msg.Method()[:min(len(msg.Method()), maxMethod)])
	if call, ok := msg.(*jsonrpc2.Call); ok {
		f := &flight{id: call.ID(), method: method, size: len(call.Params()), began: time.Now(), reply: reply}
		c.request(f, call.Params())
	} else {
		c.notification(method, msg.Params())
	}
	return nil
}

func (c *Conn) notification(method string, params json.RawMessage) {
	var err error
	switch {
	case method == "exit":
		_ = c.stream.Close() // it has no error to give
	case method == "$/cancelRequest":
		err = c.cancelled(params)
	case phase(c.phase.Load()) != running:
		c.log.Debug("dropped a notification", zap.String("method", method))
	default:
		handle := c.handlers.Notifications[method]
		if handle == nil {
			c.log.Debug("ignored a notification", zap.String("method", method))
			return
		}
		_, err = c.guard(method, func() (any, error) { return nil, handle(params) })
	}
	if err != nil {
		c.log.Warn("a notification came to nothing", zap.String("method", method), zap.Error(err))
	}
}

func (c *Conn) cancelled(params json.RawMessage) error {
	var p struct {
		ID *jsonrpc2.ID `json:"id"`
	}
	if err := json.Unmarshal(params, &p); err != nil {
		return fmt.Errorf("reading an id: %w", err)
	}
	if p.ID != nil {
		c.flights.cancel(*p.ID)
	}
	return nil
}

func (c *Conn) request(f *flight, params json.RawMessage) {
	f.ctx, f.cancel = context.WithCancelCause(c.ctx)
	if fault := c.refusal(f.method); fault != nil {
		c.answer(f, nil, fault)
		return
	}
	switch f.method {
	case "initialize":
		result, err := c.guard(f.method, func() (any, error) { return c.handlers.Initialize(params) })
		if err == nil {
			c.phase.Store(int32(running))
		}
		c.answer(f, result, err)
	case "shutdown":
		c.phase.Store(int32(closing))
		c.startShutdown(f)
	default:
		if fault := c.flights.add(f); fault != nil {
			c.answer(f, nil, fault)
			return
		}
		var work Work
		_, err := c.guard(f.method, func() (any, error) {
			work = c.handlers.Requests[f.method](params)
			return nil, nil
		})
		c.start(func() {
			c.work(f, func(ctx context.Context) (any, error) {
				if err != nil {
					return nil, err
				}
				return work(ctx)
			})
		})
	}
}

// refusal tells why a request cannot be served at this time, if it cannot.
func (c *Conn) refusal(method string) *Error {
	switch phase(c.phase.Load()) {
	case fresh:
		if method != "initialize" {
			return Errorf(ServerNotInitialized, "%s came before initialize", method)
		}
		return nil
	case closing:
		return Errorf(InvalidRequest, "%s came after shutdown", method)
	case running:
	}
	switch {
	case method == "initialize":
		return Errorf(InvalidRequest, "a session is initialized once")
	case method == "shutdown" || c.handlers.Requests[method] != nil:
		return nil
	}
	return Errorf(MethodNotFound, "there is no method %q", method)
}

// guard calls a handler and makes an error of a panic.
func (c *Conn) guard(method string, handle func() (any, error)) (result any, err error) {
	defer func() {
		if v := recover(); v != nil {
			c.log.Error("a handler panicked", zap.String("method", method),
				zap.String("panic", fmt.Sprintf("%.500v", v)), zap.ByteString("stack", debug.Stack()))
			result, err = nil, Errorf(InternalError, "internal error in %s", method)
		}
	}()
	return handle()
}

// work does what a request wants as soon as it is its turn, and answers it.
func (c *Conn) work(f *flight, work Work) {
	defer c.flights.end()
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-f.ctx.Done():
		c.answer(f, nil, context.Cause(f.ctx))
		return
	}
	result, err := c.guard(f.method, func() (any, error) { return work(f.ctx) })
	// While the slot is held: if the client does not read, what is done for it
	// and waits here is bounded. At the end of the session nothing waits.
	_ = c.out.room(c.ctx)
	c.answer(f, result, err)
}

// answer sends the one answer to a request, unless it was sent.
func (c *Conn) answer(f *flight, result any, err error) {
	if !c.flights.claim(f) {
		return
	}
	var raw json.RawMessage
	if f.ctx.Err() == nil && err == nil {
		if raw, err = json.Marshal(result); err != nil {
			c.log.Error("a result cannot be encoded", zap.String("method", f.method), zap.Error(err))
			err = Errorf(InternalError, "internal error in %s", f.method)
		}
	}
	var fault *Error
	if f.ctx.Err() != nil || err != nil {
		fault = toError(f.ctx, err)
		err = fault // in this order: a nil *Error makes no nil error
	}
	f.cancel(nil)
	// The request's own context may be done, and the answer is still due.
	err = f.reply(context.WithoutCancel(c.ctx), raw, err)
	took := time.Since(f.began)
	fields := []zap.Field{zap.String("method", f.method), zap.String("id", fmt.Sprint(f.id)), zap.Duration("took", took)}
	if fault != nil {
		fields = append(fields, zap.Int32("code", int32(fault.Code)))
	}
	switch {
	case err == nil:
		c.log.Debug("answered", fields...)
		if c.handlers.Answered != nil {
			c.handlers.Answered(f.method, took, fault)
		}
	case !errors.Is(err, c.out.failure()):
		c.log.Error("an answer was lost", append(fields, zap.Error(err))...)
	}
}
