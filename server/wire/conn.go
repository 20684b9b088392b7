package wire

import (
	"context"
	"encoding/json"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.uber.org/zap"
)

// maxRunning bounds the handlers that run at once; more only take turns on the
// processors, and what they build takes memory.
const maxRunning = 16

// Handlers are what a server does with the messages of its client. A handler may
// keep its params. What it panics with is logged, and the session goes on.
type Handlers struct {
	// Initialize answers the first request. It runs on the read loop.
	Initialize func(params json.RawMessage) (result any, err error)
	// Notifications run on the read loop, in the order in which they came, so
	// they must not wait for anything. Those that are not listed are ignored.
	Notifications map[string]Notification
	// Requests are answered concurrently. To those that are not listed the
	// client gets MethodNotFound.
	Requests map[string]Request
	// Shutdown ends what the server does of its own accord. It is called once,
	// off the read loop, when the client asks for it, and has to return when
	// ctx is done. It may be nil.
	Shutdown func(ctx context.Context)
	// Answered is told of each answer that was sent, how long it took, and of
	// the error that it was, if any. It must not wait. It may be nil.
	Answered func(method string, took time.Duration, fault *Error)
}

// Notification handles a notification. Its error is logged, as there is nobody
// to answer.
type Notification func(params json.RawMessage) error

// Request binds a request to what it works on: it runs on the read loop, takes
// the state of that moment, and gives the work to be done for it.
type Request func(params json.RawMessage) Work

// Work gives the result of a request, to be encoded by encoding/json. It runs in
// a goroutine of its own until it is done or ctx is; an answer that comes after
// that is not sent. An error that is no *Error becomes RequestFailed.
type Work func(ctx context.Context) (result any, err error)

// phase is how far the life of a session has come.
type phase int32

const (
	fresh   phase = iota // initialize is to come
	running              // initialize was answered
	closing              // shutdown has come
)

// Conn is one session with a client. Make one with New, and Serve it once. Its
// other methods may be called by many goroutines at once, from the moment that
// Initialize is called.
type Conn struct {
	reader   io.Reader
	writer   io.Writer
	log      *zap.Logger
	out      *outbox
	stream   *stream
	rpc      jsonrpc2.Conn
	handlers Handlers

	// ctx is done when the session ends.
	ctx    context.Context
	cancel context.CancelCauseFunc
	// failed has the error that Fail was called with.
	failed chan error

	// phase is set by the read loop alone.
	phase   atomic.Int32
	flights *flights
	// slots has a token for each handler that runs.
	slots chan struct{}
	// working counts the goroutines that answer requests.
	working sync.WaitGroup

	mu sync.Mutex // guards over
	// over is set when no more goroutines may be started.
	over bool
}

// New prepares a session over two streams, which are a client's output and
// input. They are closed at its end, if they can be. What is logged holds
// methods, ids, sizes and times, but nothing of what the messages say.
func New(in io.Reader, out io.Writer, log *zap.Logger) *Conn {
	box := newOutbox()
	s := newStream(in, box, log)
	return &Conn{
		reader: in, writer: out, log: log,
		out: box, stream: s, rpc: jsonrpc2.NewConn(s),
		failed:  make(chan error, 1),
		flights: newFlights(),
		slots:   make(chan struct{}, maxRunning),
	}
}

// Fail ends the session because of something that went wrong elsewhere, such as
// the end of the client's process. Serve returns err.
func (c *Conn) Fail(err error) {
	select {
	case c.failed <- err:
	default:
	}
}
