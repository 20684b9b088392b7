package fakenet

import (
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// memoryConn is one end of a connection in memory. Unlike net.Pipe it has a
// buffer, so that, as on a socket, a write succeeds though nobody reads yet,
// and it can be reset. It has the errors of a TCP socket.
type memoryConn struct {
	in, out       *stream
	local, remote net.Addr

	mu     sync.Mutex // guards linger
	linger int        // as in SetLinger; -1 at first
}

// clientAddr is where all connections in memory come from.
var clientAddr = tcpAddr("198.18.0.0:49152")

// connPair returns the dialling and the listening end of a new connection.
func connPair(listener net.Addr) (near, far *memoryConn) {
	up, down := newStream(), newStream()
	near = &memoryConn{in: down, out: up, local: clientAddr, remote: listener, linger: -1}
	far = &memoryConn{in: up, out: down, local: listener, remote: clientAddr, linger: -1}
	return near, far
}

func (c *memoryConn) Read(p []byte) (int, error) {
	n, err := c.in.read(p)
	return n, c.wrap("read", err)
}

func (c *memoryConn) Write(p []byte) (int, error) {
	n, err := c.out.write(p)
	return n, c.wrap("write", err)
}

// wrap dresses err as package net would.
func (c *memoryConn) wrap(op string, err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	if errno, ok := err.(syscall.Errno); ok {
		err = os.NewSyscallError(op, errno)
	}
	return &net.OpError{Op: op, Net: "tcp", Source: c.local, Addr: c.remote, Err: err}
}

// Close ends both directions: the other end reads EOF after what was already
// written, or, after SetLinger(0), that the connection was reset.
func (c *memoryConn) Close() error {
	c.mu.Lock()
	linger := c.linger
	c.mu.Unlock()
	var end error = io.EOF
	if linger == 0 {
		end = syscall.ECONNRESET
	}
	c.in.abandon()
	c.out.finish(end, true)
	return nil
}

// CloseWrite ends the outgoing direction only.
func (c *memoryConn) CloseWrite() error {
	c.out.finish(io.EOF, false)
	return nil
}

// SetLinger with 0 seconds makes Close reset the connection, as on a
// [net.TCPConn]; other values are remembered and ignored.
func (c *memoryConn) SetLinger(sec int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.linger = sec
	return nil
}

func (c *memoryConn) LocalAddr() net.Addr  { return c.local }
func (c *memoryConn) RemoteAddr() net.Addr { return c.remote }

func (c *memoryConn) SetDeadline(t time.Time) error {
	c.in.setDeadline(&c.in.readBy, t)
	c.out.setDeadline(&c.out.writeBy, t)
	return nil
}

func (c *memoryConn) SetReadDeadline(t time.Time) error {
	c.in.setDeadline(&c.in.readBy, t)
	return nil
}

func (c *memoryConn) SetWriteDeadline(t time.Time) error {
	c.out.setDeadline(&c.out.writeBy, t)
	return nil
}

// streamLimit is how many bytes a stream holds before its writer waits: about
// what a loopback socket takes, so that writers block here as they do there.
const streamLimit = 64 << 10

// stream is one direction of a connection.
type stream struct {
	mu      sync.Mutex // guards what follows
	changed *sync.Cond
	data    []byte
	end     error // what the reader gets after data; nil while more may come
	shut    bool  // the writer closed its end
	deaf    bool  // the reader closed its end
	readBy  deadline
	writeBy deadline
}

func newStream() *stream {
	s := new(stream)
	s.changed = sync.NewCond(&s.mu)
	return s
}

func (s *stream) read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case s.deaf:
			return 0, net.ErrClosed
		case s.readBy.passed():
			return 0, os.ErrDeadlineExceeded
		case len(s.data) > 0:
			n := copy(p, s.data)
			s.data = s.data[n:]
			s.changed.Broadcast()
			return n, nil
		case s.end != nil:
			return 0, s.end
		}
		s.changed.Wait()
	}
}

func (s *stream) write(p []byte) (n int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch room := streamLimit - len(s.data); {
		case s.shut:
			return n, net.ErrClosed
		case s.end != nil || s.deaf:
			return n, syscall.EPIPE
		case s.writeBy.passed():
			return n, os.ErrDeadlineExceeded
		case room > 0:
			part := p[n:min(len(p), n+room)]
			s.data = append(s.data, part...)
			s.changed.Broadcast()
			if n += len(part); n == len(p) {
				return n, nil
			}
		}
		s.changed.Wait()
	}
}

// finish is the writer's last word: the reader gets end after the data. With
// closed, the writer's own later writes fail as on a closed connection.
func (s *stream) finish(end error, closed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.end == nil {
		s.end = end
	}
	s.shut = s.shut || closed
	s.writeBy.stop()
	s.changed.Broadcast()
}

// abandon is the reader's end: nothing will be read any more.
func (s *stream) abandon() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deaf = true
	s.data = nil
	s.readBy.stop()
	s.changed.Broadcast()
}

// deadline is a point in time that wakes whoever waits on a stream.
type deadline struct {
	at    time.Time // zero: never
	timer *time.Timer
}

func (d *deadline) passed() bool {
	return !d.at.IsZero() && !time.Now().Before(d.at)
}

func (d *deadline) stop() {
	if d.timer != nil {
		d.timer.Stop()
	}
}

func (s *stream) setDeadline(d *deadline, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d.stop()
	d.at = at
	if !at.IsZero() && !d.passed() {
		d.timer = time.AfterFunc(time.Until(at), func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.changed.Broadcast()
		})
	}
	s.changed.Broadcast()
}
