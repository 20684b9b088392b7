package probe

import (
	"crypto/tls"
	"net"
	"sync/atomic"
	"time"
)

// watched is a connection that knows when it was last heard of. A machine that
// slept or changed its network still holds connections that nobody answers any
// more, and silence on one of them says nothing of the host.
type watched struct {
	net.Conn
	heard atomic.Int64 // by the wall clock, which also counts sleep, in ns
}

func watch(c net.Conn) *watched {
	w := &watched{Conn: c}
	w.heard.Store(time.Now().UnixNano())
	return w
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	if n > 0 {
		w.heard.Store(time.Now().UnixNano())
	}
	return n, err
}

// suspectAfter is how long a connection may rest without being suspected. It is
// longer than the pauses within one check, so that a host that goes silent
// meanwhile costs one patience and not two.
const suspectAfter = 5 * time.Second

// suspect reports whether the connection has rested long enough to have died.
func (w *watched) suspect() bool {
	return time.Now().UnixNano()-w.heard.Load() > int64(suspectAfter)
}

// underneath finds the watched connection below any layers of TLS; nil if there
// is none.
func underneath(c net.Conn) *watched {
	for {
		secure, ok := c.(*tls.Conn)
		if !ok {
			w, _ := c.(*watched)
			return w
		}
		c = secure.NetConn()
	}
}
