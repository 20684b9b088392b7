package server

import (
	"context"
	"sync"
	"sync/atomic"

	"go.uber.org/zap"

	"github.com/modreach/modreach/server/wire"
)

// session is one client's. Its state is in the snapshot; nothing else of it
// changes after Serve has made it.
type session struct {
	conn    *wire.Conn
	log     *zap.Logger
	run     string
	version string
	alive   func(pid int) bool
	// world is what Options say of it.
	world Options
	// desk finds things out, refresher lets the client know.
	desk      *desk
	refresher refresher

	// ctx is done from shutdown on, and so has to be what start started. The
	// wire lives on, to answer.
	ctx        context.Context
	cancel     context.CancelCauseFunc
	background sync.WaitGroup

	nearby nearby
	// writing is held while the user's env file is read and written.
	writing sync.Mutex

	mu    sync.Mutex // guards who writes state, and starting against the end
	state atomic.Pointer[snapshot]
	// moved is closed, and replaced, when state is.
	moved chan struct{}
}

func newSession(conn *wire.Conn, o Options) *session {
	s := &session{conn: conn, log: o.Log, run: o.Run, version: o.Version, alive: o.Alive, moved: make(chan struct{}), world: o, refresher: newRefresher()}
	s.desk = newDesk(s)
	s.state.Store(&snapshot{settings: defaultSettings(), options: defaultSettings(), trusted: true, configured: true})
	return s
}

// snapshot gives the state of this moment.
func (s *session) snapshot() *snapshot { return s.state.Load() }

// update replaces the snapshot by one that f has changed, and gives it. What the
// snapshot points to is shared with older ones, so that f replaces maps and
// slices and never writes to them; nor does it call update or start. It may be
// called by any goroutine.
func (s *session) update(f func(next *snapshot)) *snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := *s.state.Load()
	f(&next)
	s.state.Store(&next)
	close(s.moved)
	s.moved = make(chan struct{})
	return &next
}

// await gives the state of this moment, and a channel that is closed when there
// is another.
func (s *session) await() (now *snapshot, moved <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.Load(), s.moved
}
