package server

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"
)

// processInterval is how often the client's process is looked for. The end of
// standard input tells first nearly always; this is for the client whose pipe
// somebody else still holds.
const processInterval = 5 * time.Second

var errClientGone = errors.New("the process of the client has ended")

// watchClient ends the session when the client's process has ended. One that
// cannot be seen now is not watched: client and server may be in different
// containers, or on different machines.
func (s *session) watchClient(pid int) {
	if !s.alive(pid) {
		s.log.Info("the process of the client cannot be seen", zap.Int("pid", pid))
		return
	}
	s.start(func(ctx context.Context) {
		tick := time.NewTicker(processInterval)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				if !s.alive(pid) {
					s.conn.Fail(errClientGone)
					return
				}
			case <-ctx.Done():
				return
			}
		}
	})
}
