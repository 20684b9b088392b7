package wire

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"
)

const (
	// outboxRoom is how many bytes may wait for the client before it is asked
	// for no more work: many times what any pipe holds, so that a client which
	// writes all it has before it reads gets through, and still little memory.
	outboxRoom = 1 << 20
	// stallMax is how long such a client may take to read another byte. Somebody
	// at a breakpoint of the editor's own debugger does not fill the outbox.
	stallMax = time.Minute
)

// outbox holds the frames that wait to be written, so that nobody who answers
// has to wait for a client that does not read. Make one with newOutbox.
type outbox struct {
	// ready has a token when there is something for drain to do.
	ready chan struct{}
	// failed is closed when err is set.
	failed chan struct{}

	mu     sync.Mutex // guards the rest
	frames [][]byte
	// size is that of frames and of what is being written.
	size int
	// moved is closed, and replaced, when something was written.
	moved chan struct{}
	// last is set when nothing more is to come.
	last bool
	err  error
}

func newOutbox() *outbox {
	return &outbox{ready: make(chan struct{}, 1), failed: make(chan struct{}), moved: make(chan struct{})}
}

// put takes a frame to be written. It does not wait.
func (o *outbox) put(frame []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return o.err
	}
	o.frames = append(o.frames, frame)
	o.size += len(frame)
	o.wake()
	return nil
}

// finish has drain return when everything is written.
func (o *outbox) finish() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last = true
	o.wake()
}

func (o *outbox) wake() {
	select {
	case o.ready <- struct{}{}:
	default:
	}
}

// fail gives up writing; only the first error counts.
func (o *outbox) fail(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil {
		o.err = err
		close(o.failed)
		o.wake()
	}
}

// failure gives the error writing failed with; nil if it did not.
func (o *outbox) failure() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}

// room waits until the client has read enough for more to be done for it. It
// gives up the client if that reads nothing for too long.
func (o *outbox) room(ctx context.Context) error {
	for {
		o.mu.Lock()
		full, moved, err := o.size >= outboxRoom, o.moved, o.err
		o.mu.Unlock()
		if err != nil || !full {
			return err
		}
		stalled := time.NewTimer(stallMax)
		select {
		case <-moved:
		case <-o.failed:
		case <-ctx.Done():
			stalled.Stop()
			return context.Cause(ctx)
		case <-stalled.C:
			o.fail(ErrStalled)
		}
		stalled.Stop()
	}
}

// drain writes frames in order, each by one write, until finish or a failure.
func (o *outbox) drain(out io.Writer) {
	for range o.ready {
		for {
			frame, more := o.next()
			if !more {
				return
			}
			if frame == nil {
				break
			}
			if _, err := out.Write(frame); err != nil {
				o.fail(fmt.Errorf("writing to the client: %w", err))
				return
			}
			o.wrote(len(frame))
		}
	}
}

// next gives the frame to be written now, if there is one, and whether there can
// be more.
func (o *outbox) next() (frame []byte, more bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return nil, false
	}
	if len(o.frames) == 0 {
		o.frames = nil // so that what a burst took is given back
		return nil, !o.last
	}
	frame, o.frames[0], o.frames = o.frames[0], nil, o.frames[1:]
	return frame, true
}

func (o *outbox) wrote(n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.size -= n
	close(o.moved)
	o.moved = make(chan struct{})
}
