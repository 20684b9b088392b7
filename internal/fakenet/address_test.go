package fakenet_test

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/modreach/modreach/internal/fakenet"
)

// TestAddresses checks that both modes fail with the same errors.
func TestAddresses(t *testing.T) {
	dead, cancel := context.WithCancel(t.Context())
	cancel()
	tests := []struct {
		name  string
		addr  func(*fakenet.Net) string
		ctx   context.Context // nil for the test's own
		want  error
		words string // with ADDR for the address
	}{
		{"refused", (*fakenet.Net).Refused, nil, syscall.ECONNREFUSED, "dial tcp ADDR: connect: connection refused"},
		{"unreachable", (*fakenet.Net).Unreachable, nil, syscall.ENETUNREACH, "dial tcp ADDR: connect: network is unreachable"},
		{"cancelled", (*fakenet.Net).Silent, dead, context.Canceled, "dial tcp ADDR: operation was canceled"},
	}
	inBothModes(t, func(t *testing.T, n *fakenet.Net) {
		for _, tt := range tests {
			ctx := tt.ctx
			if ctx == nil {
				ctx = t.Context()
			}
			addr := tt.addr(n)
			_, err := n.Dial(ctx, "tcp", addr)
			var op *net.OpError
			if !errors.Is(err, tt.want) || !errors.As(err, &op) || op.Op != "dial" {
				t.Errorf("%s: got %#v, want a failed dial with %v", tt.name, err, tt.want)
				continue
			}
			if got := strings.Replace(err.Error(), addr, "ADDR", 1); got != tt.words {
				t.Errorf("%s: got %q, want %q", tt.name, got, tt.words)
			}
		}
	})
}

// TestBlackhole dials often: if the queue were not full, one would succeed.
func TestBlackhole(t *testing.T) {
	inBothModes(t, func(t *testing.T, n *fakenet.Net) {
		addr := n.Blackhole()
		for range 10 {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			_, err := n.Dial(ctx, "tcp", addr)
			cancel()
			var timeout net.Error
			if !errors.As(err, &timeout) || !timeout.Timeout() {
				t.Fatalf("got %v, want a timeout", err)
			}
			if want := "dial tcp " + addr + ": i/o timeout"; err.Error() != want {
				t.Fatalf("got %q, want %q", err, want)
			}
		}
	})
}

func TestSilent(t *testing.T) {
	inBothModes(t, func(t *testing.T, n *fakenet.Net) {
		c, err := n.Dial(t.Context(), "tcp", n.Silent())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := c.Write([]byte("hello?")); err != nil {
			t.Error(err)
		}
		c.SetReadDeadline(time.Now().Add(patience))
		if _, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("got %v, want %v", err, os.ErrDeadlineExceeded)
		}
	})
}
