package server

import (
	"context"
	"errors"
	"io"
	"time"

	"go.uber.org/zap"

	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
	"github.com/modreach/modreach/server/wire"
)

// ErrNoShutdown is in the error of Serve when the client left without shutdown.
var ErrNoShutdown = wire.ErrNoShutdown

// Options are what a server has to be given. The zero value serves.
type Options struct {
	// Version is that of the program, as the client shows it; it may be empty.
	Version string
	// Log gets what happens, without what documents and messages say; nil for
	// nothing. Make it with NewLog.
	Log *zap.Logger
	// Run names this run in the log and in what is published; empty for no name.
	// Make it with NewRun.
	Run string
	// Alive reports whether a process exists. It is asked about the client's,
	// whose end ends the session; nil for never.
	Alive func(pid int) bool
	// Environment reads the go environment in a folder, with settings laid over
	// that of the process; with files it does so without starting a process. Nil
	// is for what package probe does.
	Environment func(ctx context.Context, dir string, settings map[string]string, files bool) route.Env
	// Machine reads what there is to know of the machine around the environment;
	// nil is for what package probe does.
	Machine func(env route.Env) probe.Machine
	// WriteEnv writes settings into the user's env file, once the user has chosen
	// that; nil is for what package probe does.
	WriteEnv func(ctx context.Context, env route.Env, values map[string]string) error
	// Probe is the network. Its Env and Offline are those of the session.
	Probe probe.Options
	// Watch tells of files that change, as [probe.Watch] does; nil for never.
	Watch func(ctx context.Context, files <-chan []string, changed func(names []string)) error
	// Links tells the networks of this machine apart, as [probe.Links] does; nil
	// for no difference.
	Links func() string
}

// environment is what package probe does.
func environment(ctx context.Context, dir string, settings map[string]string, files bool) route.Env {
	if files {
		return probe.EnvironmentOfFiles(settings)
	}
	return probe.Environment(ctx, dir, settings)
}

// Serve runs a session with the client that writes to in and reads from out, and
// closes both if they can be closed. It gives nil after an orderly shutdown, and
// otherwise says what ended the session: an error that is ErrNoShutdown, one of
// reading or writing, or the cause of the end of ctx. It returns within seconds
// of that, whatever is under way.
func Serve(ctx context.Context, in io.Reader, out io.Writer, o Options) error {
	if o.Log == nil {
		o.Log = zap.NewNop()
	}
	if o.Alive == nil {
		o.Alive = func(int) bool { return false }
	}
	if o.Environment == nil {
		o.Environment = environment
	}
	if o.Machine == nil {
		o.Machine = probe.ReadMachine
	}
	if o.Links == nil {
		o.Links = func() string { return "" }
	}
	if o.WriteEnv == nil {
		o.WriteEnv = probe.WriteEnv
	}
	s := newSession(wire.New(in, out, o.Log), o)
	s.ctx, s.cancel = context.WithCancelCause(ctx)
	o.Log.Info("session begins", zap.String("version", o.Version))
	s.start(s.desk.work)
	s.start(s.tellToRefresh)
	err := s.conn.Serve(ctx, s.handlers())
	s.end()
	if err != nil {
		o.Log.Info("session ends", zap.Error(err))
	} else {
		o.Log.Info("session ends")
	}
	return err
}

// endMax bounds how long what runs in the background has to notice that the
// session is over; all of it watches its context.
const endMax = time.Second

var errOver = errors.New("the session is over")

// start runs f in a goroutine of the session, until f returns; it has to do so
// when ctx is done. After the end of the session it does nothing, and gives
// false.
func (s *session) start(f func(ctx context.Context)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() != nil {
		return false
	}
	s.background.Go(func() { f(s.ctx) })
	return true
}

// end stops what runs in the background. It may be called twice.
func (s *session) end() {
	s.mu.Lock()
	s.cancel(errOver)
	s.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.background.Wait()
	}()
	late := time.NewTimer(endMax)
	defer late.Stop()
	select {
	case <-ended:
	case <-late.C:
		s.log.Warn("left behind at the end", zap.String("what", "background"))
	}
}
