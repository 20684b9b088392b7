package wire_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/modreach/modreach/internal/lsptest"
	"github.com/modreach/modreach/server/wire"
)

// inBubble runs a test on a clock of its own.
func inBubble(t *testing.T, name string, f func(t *testing.T)) {
	t.Run(name, func(t *testing.T) { synctest.Test(t, f) })
}

// valve lets nothing through until it is opened.
type valve struct {
	io.Writer
	open chan struct{}
}

func (v valve) Write(p []byte) (int, error) {
	<-v.open
	return v.Writer.Write(p)
}

// TestUnreadOutput has a client that writes, and reads nothing or late.
func TestUnreadOutput(t *testing.T) {
	const size = 100_000
	floods := []struct {
		name, method string
		params       any
		// count is that of requests, whose answers do not fit into the outbox;
		// over is what may be beyond it.
		count, over int
	}{
		{"large answers", "large", size, 80, 16 * (size + 100)},
		// These are refused on the read loop.
		{"many answers", strings.Repeat("\x01", 100), nil, 10_000, 1000},
	}
	for _, flood := range floods {
		stuck := func(t *testing.T) (s *scene, sending *sync.WaitGroup, open func()) {
			v := valve{open: make(chan struct{})}
			s = newScene(t, func(out io.Writer) io.Writer { v.Writer = out; return v }, zap.NewNop())
			s.Send("initialize", nil)
			sending = &sync.WaitGroup{}
			sending.Go(func() {
				for range flood.count {
					s.Send(flood.method, flood.params)
				}
			})
			synctest.Wait()
			if waiting := s.conn.Waiting(); waiting < wire.OutboxRoom || waiting > wire.OutboxRoom+flood.over {
				t.Errorf("%d bytes wait for the client", waiting)
			}
			return s, sending, func() { close(v.open) }
		}
		inBubble(t, flood.name+" are read late", func(t *testing.T) {
			s, sending, open := stuck(t)
			<-time.After(59 * time.Second)
			open()
			sending.Wait()
			for id := range flood.count {
				s.Wait(strconv.Itoa(id + 2))
			}
			s.Shutdown()
			expect(t, "end", nil, s.Exit())
		})
		inBubble(t, flood.name+" are never read", func(t *testing.T) {
			began := time.Now()
			s, sending, open := stuck(t)
			if err := s.End(); !errors.Is(err, wire.ErrStalled) {
				t.Errorf("end %v", err)
			}
			expect(t, "time", time.Minute+time.Second, time.Since(began))
			sending.Wait() // the server has closed its input
			open()
		})
	}
	inBubble(t, "few answers are read very late", func(t *testing.T) {
		v := valve{open: make(chan struct{})}
		s := newScene(t, func(out io.Writer) io.Writer { v.Writer = out; return v }, zap.NewNop())
		s.Send("initialize", nil)
		s.Send("shutdown", nil)
		<-time.After(time.Hour) // stopped in a debugger, for all we know
		close(v.open)
		expect(t, "end", nil, s.Exit())
	})
}

// brokenPipe is a writer whose other end has gone.
type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestBrokenOutput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t, func(io.Writer) io.Writer { return brokenPipe{} }, zap.NewNop())
		began := time.Now()
		s.Send("initialize", nil)
		err := s.End()
		if !errors.Is(err, io.ErrClosedPipe) || errors.Is(err, wire.ErrNoShutdown) {
			t.Errorf("end %v", err)
		}
		expect(t, "time", 0, time.Since(began))
	})
}

// TestEndOfInput ends the input after each byte of a session.
func TestEndOfInput(t *testing.T) {
	var whole strings.Builder
	for _, body := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}`,
		`{"jsonrpc":"2.0","method":"note","params":["ä"]}`,
		`{"jsonrpc":"2.0","id":"a","method":"wait"}`,
		`{"jsonrpc":"2.0","id":2,"method":"shutdown"}`,
	} {
		fmt.Fprintf(&whole, "Content-Length: %d\r\n\r\n%s", len(body), body)
	}
	text := whole.String()
	for cut := range len(text) {
		synctest.Test(t, func(t *testing.T) {
			in := strings.NewReader(text[:cut])
			s := &scene{entered: make(chan struct{}, 1)}
			var out bytes.Buffer
			s.conn = wire.New(in, &out, zap.NewNop())
			err := s.conn.Serve(t.Context(), s.handlers())
			if !errors.Is(err, wire.ErrNoShutdown) && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("cut after %d bytes: end %v", cut, err)
			}
		})
	}
}

// TestRandom sends all kinds of messages in no order. The editor sees to it that
// each request gets one answer and no more.
func TestRandom(t *testing.T) {
	const secret = "s3cr3t"
	const count = 10_000
	var log bytes.Buffer
	var counts struct{ notes, requests, refusals int }
	synctest.Test(t, func(t *testing.T) {
		core := zapcore.NewCore(zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), zapcore.Lock(zapcore.AddSync(&log)), zap.DebugLevel)
		s := newScene(t, func(out io.Writer) io.Writer { return out }, zap.New(core))
		s.Initialize(nil)
		s.On("ask", func(json.RawMessage) (any, *lsptest.Error) { return secret, nil })
		r := rand.New(rand.NewPCG(4, 2))
		methods := []string{
			"echo", "nothing", "plain", "coded", "wrapped", "nil", "panic", "crash", "early", "strange",
			"call", "wait", "none", "initialize",
		}
		garbage := []string{secret, `[]`, `{}`, `{"id":true,"method":"` + secret + `"}`, strings.Repeat("[", 1000), ``, `{"a":` + strings.Repeat("[", 1000)}
		var ids, waiting []string
		for range count {
			switch n := r.IntN(100); {
			case n < 60:
				method := methods[r.IntN(len(methods))]
				id := s.Send(method, map[string]any{"text": secret})
				ids = append(ids, id)
				if method == "wait" {
					waiting = append(waiting, id)
				}
			case n < 75:
				s.Notify("note", counts.notes)
				counts.notes++
			case n < 80:
				s.Notify([]string{"note/panic", "note/fail", "note/none"}[r.IntN(3)], secret)
			case n < 85:
				s.Frame(garbage[r.IntN(len(garbage))])
				counts.refusals++
			case n < 90:
				s.Cancel(strconv.Itoa(r.IntN(count)))
			default: // so that those that wait do not hold up the others
				for _, id := range waiting {
					s.Cancel(id)
				}
				waiting = nil
			}
		}
		for _, id := range waiting {
			s.Cancel(id)
		}
		for _, id := range ids {
			s.Wait(id)
		}
		counts.requests = len(ids)
		expect(t, "notes", counts.notes, len(s.noted()))
		for i, note := range s.notes {
			if note != strconv.Itoa(i) {
				t.Fatalf("note %d is %s", i, note)
			}
		}
		expect(t, "refusals", counts.refusals, len(s.Refusals()))
		s.Shutdown()
		expect(t, "end", nil, s.Exit())
	})
	if strings.Contains(log.String(), secret) {
		t.Error("the log tells what messages say")
	}
	if !strings.Contains(log.String(), `"method":"wrapped"`) || counts.requests < count/2 {
		t.Errorf("%+v in a log of %d bytes", counts, log.Len())
	}
}

// TestSameEnd closes an input and an output that are one.
func TestSameEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		closed := &once{closed: make(chan struct{})}
		served := make(chan error)
		go func() { served <- wire.New(closed, closed, zap.NewNop()).Serve(ctx, wire.Handlers{}) }()
		synctest.Wait()
		cancel()
		if err := <-served; !errors.Is(err, context.Canceled) {
			t.Errorf("end %v", err)
		}
	})
}

// once is an end that says nothing until it is closed.
type once struct {
	closing sync.Once
	closed  chan struct{}
}

func (o *once) Read([]byte) (int, error)    { <-o.closed; return 0, io.EOF }
func (o *once) Write(p []byte) (int, error) { return len(p), nil }

func (o *once) Close() error {
	o.closing.Do(func() { close(o.closed) })
	return nil
}
