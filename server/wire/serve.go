package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"go.uber.org/zap"
)

const (
	// shutdownMax bounds how long shutdown waits for what is under way; clients
	// kill a server that takes longer than a few seconds.
	shutdownMax = 2 * time.Second
	// drainMax bounds the end of a session: the last answers, and handlers that
	// have to notice. Nobody waits for it but the operating system.
	drainMax = time.Second
	// closeMax is what reading gets to notice that its input was closed. Input
	// from a terminal or a file never does, and ends with the process.
	closeMax = 100 * time.Millisecond
)

// Serve runs the session until the client sends exit, its output ends, ctx is
// done, Fail is called, or nothing can be written to it any more. It gives nil
// after a shutdown that was followed by exit or the end of the client's output,
// and otherwise the reason. When it returns everything that was called off has
// returned too, but for handlers that do not heed their context and a read that
// cannot be interrupted.
func (c *Conn) Serve(ctx context.Context, h Handlers) error {
	c.handlers = h
	c.ctx, c.cancel = context.WithCancelCause(ctx)
	c.rpc.Go(c.ctx, c.dispatch)
	written := make(chan struct{})
	go func() {
		defer close(written)
		c.out.drain(c.writer)
	}()

	err := c.wait()
	c.cancel(ErrClosing)
	c.flights.close()
	c.mu.Lock()
	c.over = true
	c.mu.Unlock()
	returned := make(chan struct{})
	go func() {
		defer close(returned)
		c.working.Wait()
	}()
	drained := time.NewTimer(drainMax)
	defer drained.Stop()
	c.await(returned, drained, "handlers")
	c.out.finish()
	c.await(written, drained, "output")
	c.close()
	closed := time.NewTimer(closeMax)
	defer closed.Stop()
	c.await(c.rpc.Done(), closed, "input")
	return err
}

// wait waits for the end of the session and gives its reason.
func (c *Conn) wait() error {
	select {
	case <-c.rpc.Done():
		err := c.rpc.Err()
		switch {
		case !errors.Is(err, io.EOF):
			return err
		case phase(c.phase.Load()) == closing:
			return nil
		}
		return ErrNoShutdown
	case <-c.out.failed:
		return c.out.failure()
	case err := <-c.failed:
		return err
	case <-c.ctx.Done():
		return context.Cause(c.ctx)
	}
}

// await waits until something has ended, or the timer says that it will not.
func (c *Conn) await(ended <-chan struct{}, timer *time.Timer, what string) {
	select {
	case <-ended:
	case <-timer.C:
		timer.Reset(0) // for whoever waits after this
		c.log.Warn("left behind at the end", zap.String("what", what))
	}
}

// close closes the two streams, which may be one.
func (c *Conn) close() {
	_ = c.stream.Close()
	for _, end := range []any{c.reader, c.writer} {
		if closer, ok := end.(io.Closer); ok {
			// All that mattered was read and written.
			_ = closer.Close()
		}
	}
}

// start has a goroutine do something for a request, unless the session is over.
func (c *Conn) start(do func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.over {
		c.working.Go(do)
	}
}

// startShutdown has a goroutine call everything off and answer shutdown when it
// has ended, or has had its time.
func (c *Conn) startShutdown(f *flight) {
	c.start(func() {
		ctx, cancel := context.WithTimeout(c.ctx, shutdownMax)
		defer cancel()
		c.flights.close()
		if c.handlers.Shutdown != nil {
			_, err := c.guard(f.method, func() (any, error) { c.handlers.Shutdown(ctx); return nil, nil })
			if err != nil {
				c.log.Warn("shutdown is not complete", zap.Error(err))
			}
		}
		select {
		case <-c.flights.idle:
		case <-ctx.Done():
			for _, late := range c.flights.rest() {
				c.answer(late, nil, ErrClosing)
			}
		}
		c.answer(f, nil, nil)
	})
}

// within gives a context that ends with ctx, with the session, and after a while.
func (c *Conn) within(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeoutCause(ctx, d, fmt.Errorf("no answer within %v", d))
	stop := context.AfterFunc(c.ctx, cancel)
	return ctx, func() { stop(); cancel() }
}
