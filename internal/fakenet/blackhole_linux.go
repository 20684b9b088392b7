package fakenet

import (
	"errors"
	"net"
	"syscall"
)

// fullListener returns the address of a listener that can take no more
// connections. With a backlog of 0, Linux queues a single connection and from
// then on ignores requests for others: it neither answers nor refuses them.
func (n *Net) fullListener() string {
	n.t.Helper()
	l := n.listen(n.wire.fresh(0))
	n.onClose(func() { l.Close() })
	socket, err := l.(*net.TCPListener).SyscallConn()
	if err != nil {
		n.t.Fatalf("fakenet: reaching the socket of a listener: %v", err)
	}
	var failed error
	control := func(f func(fd int) error) {
		n.t.Helper()
		if err := errors.Join(socket.Control(func(fd uintptr) { failed = f(int(fd)) }), failed); err != nil {
			n.t.Fatalf("fakenet: filling the queue of a listener: %v", err)
		}
	}
	// listen(2) on a socket that listens already changes its backlog.
	control(func(fd int) error { return syscall.Listen(fd, 0) })
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		n.t.Fatalf("fakenet: filling the queue of a listener: %v", err)
	}
	n.onClose(func() { c.Close() })
	// The dialler may know of its connection before the listener does, and
	// then another could slip in.
	control(waitReadable)
	return l.Addr().String()
}

// waitReadable waits until fd has something to read or to accept.
func waitReadable(fd int) error {
	epoll, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return err
	}
	defer syscall.Close(epoll)
	event := syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)}
	if err := syscall.EpollCtl(epoll, syscall.EPOLL_CTL_ADD, fd, &event); err != nil {
		return err
	}
	for {
		_, err := syscall.EpollWait(epoll, make([]syscall.EpollEvent, 1), -1)
		if err != syscall.EINTR { // the runtime's own signals interrupt it
			return err
		}
	}
}
