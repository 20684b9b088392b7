package fakenet_test

import (
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/modreach/modreach/internal/fakenet"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// inBothModes runs f with a Net on loopback, and with one in memory inside a
// synctest bubble.
func inBothModes(t *testing.T, f func(t *testing.T, n *fakenet.Net)) {
	t.Run("loopback", func(t *testing.T) { f(t, fakenet.New(t)) })
	t.Run("pipe", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { f(t, fakenet.NewPipe(t)) })
	})
}

// patience is how long tests wait for what never comes: much longer than
// loopback takes for what does come.
const patience = 50 * time.Millisecond
