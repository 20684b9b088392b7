package wire

import (
	"context"
	"sync"
	"time"

	"go.lsp.dev/jsonrpc2"
)

const (
	// maxFlights bounds the requests that are in flight. An editor has a few
	// dozen at most; one that has a thousand does not wait for answers.
	maxFlights = 1024
	// maxLoad bounds the bytes of their parameters, of which an editor sends a
	// few hundred with each. What is alone in flight may be larger.
	maxLoad = 16 << 20
)

// flight is one request on its way from its arrival to its answer.
type flight struct {
	id     jsonrpc2.ID
	method string
	// size is that of the parameters.
	size  int
	began time.Time
	// ctx is the request's own, done when it is called off.
	ctx    context.Context
	cancel context.CancelCauseFunc
	reply  jsonrpc2.Replier
	// claimed is set by whoever answers; see flights.claim.
	claimed bool
}

// flights are the requests under way. Make them with newFlights.
type flights struct {
	mu sync.Mutex // guards the rest
	// byID has those that are not answered, load the size of their parameters.
	byID map[jsonrpc2.ID]*flight
	load int
	// running counts those whose goroutines have not ended.
	running int
	// closed is set when no more may be added.
	closed bool
	// idle is closed when nothing runs and nothing will.
	idle chan struct{}
}

func newFlights() *flights {
	return &flights{byID: map[jsonrpc2.ID]*flight{}, idle: make(chan struct{})}
}

// add takes a request up, or says why not. For each one that was added, end has
// to be called.
func (s *flights) add(f *flight) *Error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return Errorf(InvalidRequest, "%v", ErrClosing)
	case s.byID[f.id] != nil:
		return Errorf(InvalidRequest, "a request with this id is in flight")
	case len(s.byID) >= maxFlights:
		return Errorf(RequestFailed, "more than %d requests in flight", maxFlights)
	case len(s.byID) > 0 && s.load+f.size > maxLoad:
		return Errorf(RequestFailed, "more than %d bytes of requests in flight", maxLoad)
	}
	s.byID[f.id] = f
	s.load += f.size
	s.running++
	return nil
}

// claim reports whether a request is still to be answered, which from then on
// is up to the caller. Its id is free again, before the client can know of it.
func (s *flights) claim(f *flight) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.claimed {
		return false
	}
	f.claimed = true
	if s.byID[f.id] == f { // and was not refused
		delete(s.byID, f.id)
		s.load -= f.size
	}
	return true
}

// end is for the goroutine of a request, when it has answered.
func (s *flights) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running--; s.closed && s.running == 0 {
		close(s.idle)
	}
}

// cancel calls a request off; there may be none with this id any more.
func (s *flights) cancel(id jsonrpc2.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.byID[id]; f != nil {
		f.cancel(ErrCancelled)
	}
}

// close calls all requests off and takes no more.
func (s *flights) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.byID {
		f.cancel(ErrClosing)
	}
	if !s.closed && s.running == 0 {
		close(s.idle)
	}
	s.closed = true
}

// rest gives what is not answered.
func (s *flights) rest() []*flight {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []*flight
	for _, f := range s.byID {
		all = append(all, f)
	}
	return all
}
