package wire_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/modreach/modreach/internal/lsptest"
	"github.com/modreach/modreach/server/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// scene is a session between a fake editor and handlers that do what its tests
// need.
type scene struct {
	*lsptest.Editor
	conn *wire.Conn
	// entered has a token for each wait that has begun.
	entered chan struct{}
	// release lets go those that wait in "stubborn".
	release chan struct{}

	mu    sync.Mutex // guards notes
	notes []string
}

// play runs f in a bubble with a session of its own. At the end no goroutine
// may be left.
func play(t *testing.T, f func(t *testing.T, s *scene)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f(t, newScene(t, func(out io.Writer) io.Writer { return out }, zap.NewNop()))
	})
}

// newScene has the server write to what through makes of its output.
func newScene(t *testing.T, through func(io.Writer) io.Writer, log *zap.Logger) *scene {
	s := &scene{entered: make(chan struct{}, 2000), release: make(chan struct{})}
	made := make(chan struct{})
	s.Editor = lsptest.Pipe(t, func(in io.Reader, out io.Writer) error {
		s.conn = wire.New(in, through(out), log)
		close(made)
		return s.conn.Serve(t.Context(), s.handlers())
	})
	<-made
	return s
}

func (s *scene) handlers() wire.Handlers {
	later := func(work wire.Work) wire.Request {
		return func(json.RawMessage) wire.Work { return work }
	}
	return wire.Handlers{
		Initialize: func(params json.RawMessage) (any, error) {
			if string(params) == `"panic"` {
				panic("initialize")
			}
			return json.RawMessage(`{"capabilities":{}}`), nil
		},
		Notifications: map[string]wire.Notification{
			"note": func(params json.RawMessage) error {
				s.mu.Lock()
				defer s.mu.Unlock()
				s.notes = append(s.notes, string(params))
				return nil
			},
			"note/panic": func(json.RawMessage) error { panic("note") },
			"note/fail":  func(json.RawMessage) error { return errors.New("no") },
		},
		Requests: map[string]wire.Request{
			"echo": func(params json.RawMessage) wire.Work {
				return func(context.Context) (any, error) { return params, nil }
			},
			"large": func(params json.RawMessage) wire.Work {
				return func(context.Context) (any, error) {
					size, err := strconv.Atoi(string(params))
					return strings.Repeat("x", size), err
				}
			},
			"nothing": later(func(context.Context) (any, error) { return nil, nil }),
			"wait": later(func(ctx context.Context) (any, error) {
				s.entered <- struct{}{}
				<-ctx.Done()
				return "done in spite of it", nil
			}),
			"stubborn": later(func(context.Context) (any, error) {
				s.entered <- struct{}{}
				<-s.release
				return "at last", nil
			}),
			"plain":   later(func(context.Context) (any, error) { return nil, errors.New("no network") }),
			"coded":   later(func(context.Context) (any, error) { return nil, again() }),
			"wrapped": later(func(context.Context) (any, error) { return nil, errors.Join(errors.New("first"), again()) }),
			"nil":     later(func(context.Context) (any, error) { var none *wire.Error; return nil, none }),
			"panic":   later(func(context.Context) (any, error) { panic("work") }),
			"crash":   later(func(context.Context) (any, error) { return make([]int, 0)[cap(s.release)], nil }),
			"early":   func(json.RawMessage) wire.Work { panic("early") },
			"strange": later(func(context.Context) (any, error) { return func() {}, nil }),
			"call": func(params json.RawMessage) wire.Work {
				return func(ctx context.Context) (any, error) {
					answer := "kept"
					err := s.conn.Call(ctx, "ask", params, &answer)
					return answer, err
				}
			},
		},
	}
}

// again is an error with data.
func again() *wire.Error {
	data := json.RawMessage(`{"retriggerRequest":true}`)
	return &wire.Error{Code: wire.ServerCancelled, Message: "again", Data: &data}
}

// noted gives the notes that were taken, when the server has read all that was
// sent.
func (s *scene) noted() []string {
	s.Call("nothing", nil, nil)
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.notes...)
}

func expect[T any](t testing.TB, what string, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// told is a reply in short.
type told struct {
	Result, Message, Data string
	Code                  wire.Code
}

func tell(r lsptest.Reply) told {
	if r.Error != nil {
		return told{Code: wire.Code(r.Error.Code), Message: r.Error.Message, Data: string(r.Error.Data)}
	}
	return told{Result: string(r.Result)}
}

func TestAnswers(t *testing.T) {
	tests := []struct {
		name, method, params string
		want                 told
	}{
		{"a result", "echo", `{"a":"<&>"}`, told{Result: `{"a":"\u003c\u0026\u003e"}`}},
		{"no result", "nothing", ``, told{Result: `null`}},
		{"null for parameters", "echo", `null`, told{Result: `null`}},
		{"a number for parameters", "echo", `7`, told{Result: `7`}},
		{"an unknown method", "textDocument/none", `{}`, told{Code: wire.MethodNotFound, Message: `there is no method "textDocument/none"`}},
		{"an unknown method without parameters", "none", ``, told{Code: wire.MethodNotFound, Message: `there is no method "none"`}},
		{"an unknown method of the protocol", "$/none", `{}`, told{Code: wire.MethodNotFound, Message: `there is no method "$/none"`}},
		{"a notification as a request", "note", `{}`, told{Code: wire.MethodNotFound, Message: `there is no method "note"`}},
		{"initialize again", "initialize", `{}`, told{Code: wire.InvalidRequest, Message: "a session is initialized once"}},
		{"an error", "plain", ``, told{Code: wire.RequestFailed, Message: "no network"}},
		{"an error with a code", "coded", ``, told{Code: wire.ServerCancelled, Message: "again", Data: `{"retriggerRequest":true}`}},
		{"an error with a code in another", "wrapped", ``, told{Code: wire.ServerCancelled, Message: "first\nagain", Data: `{"retriggerRequest":true}`}},
		{"an error that is nil", "nil", ``, told{Code: wire.InternalError, Message: "internal error"}},
		{"a panic", "panic", ``, told{Code: wire.InternalError, Message: "internal error in panic"}},
		{"a runtime error", "crash", ``, told{Code: wire.InternalError, Message: "internal error in crash"}},
		{"a panic on the read loop", "early", ``, told{Code: wire.InternalError, Message: "internal error in early"}},
		{"a result that cannot be encoded", "strange", ``, told{Code: wire.InternalError, Message: "internal error in strange"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			play(t, func(t *testing.T, s *scene) {
				s.Initialize(nil)
				var params any
				if test.params != "" {
					params = json.RawMessage(test.params)
				}
				expect(t, "reply", test.want, tell(s.Wait(s.Send(test.method, params))))
				s.Call("nothing", nil, nil) // the session lives
				s.Shutdown()
				expect(t, "end", nil, s.Exit())
			})
		})
	}
}

func TestLife(t *testing.T) {
	t.Run("before initialize", func(t *testing.T) {
		play(t, func(t *testing.T, s *scene) {
			s.Notify("note", "lost")
			expect(t, "echo", wire.ServerNotInitialized, tell(s.Wait(s.Send("echo", 1))).Code)
			expect(t, "shutdown", wire.ServerNotInitialized, tell(s.Wait(s.Send("shutdown", nil))).Code)
			expect(t, "none", wire.ServerNotInitialized, tell(s.Wait(s.Send("none", nil))).Code)
			s.Initialize(nil)
			s.Notify("note", "taken")
			expect(t, "notes", []string{`"taken"`}, s.noted())
			if err := s.Exit(); !errors.Is(err, wire.ErrNoShutdown) {
				t.Errorf("end %v", err)
			}
		})
	})
	t.Run("initialize fails", func(t *testing.T) {
		play(t, func(t *testing.T, s *scene) {
			expect(t, "initialize", wire.InternalError, tell(s.Wait(s.Send("initialize", "panic"))).Code)
			expect(t, "echo", wire.ServerNotInitialized, tell(s.Wait(s.Send("echo", 1))).Code)
			s.Initialize(nil)
			s.Call("echo", 1, nil)
		})
	})
	t.Run("after shutdown", func(t *testing.T) {
		play(t, func(t *testing.T, s *scene) {
			s.Initialize(nil)
			s.Shutdown()
			s.Notify("note", "lost")
			expect(t, "echo", wire.InvalidRequest, tell(s.Wait(s.Send("echo", 1))).Code)
			expect(t, "shutdown", wire.InvalidRequest, tell(s.Wait(s.Send("shutdown", nil))).Code)
			expect(t, "initialize", wire.InvalidRequest, tell(s.Wait(s.Send("initialize", nil))).Code)
			expect(t, "notes", 0, len(s.notes))
			expect(t, "end", nil, s.Exit())
		})
	})
	for _, params := range []string{`{}`, `null`, `[]`, `"x"`} {
		t.Run("shutdown and exit with "+params, func(t *testing.T) {
			play(t, func(t *testing.T, s *scene) {
				s.Initialize(nil)
				s.Call("shutdown", json.RawMessage(params), nil)
				s.Notify("exit", json.RawMessage(params))
				expect(t, "end", nil, s.End())
			})
		})
	}
	t.Run("the client hangs up after shutdown", func(t *testing.T) {
		play(t, func(t *testing.T, s *scene) {
			s.Initialize(nil)
			s.Shutdown()
			s.Hang()
			expect(t, "end", nil, s.End())
		})
	})
	t.Run("the client hangs up", func(t *testing.T) {
		play(t, func(t *testing.T, s *scene) {
			s.Initialize(nil)
			id := s.Send("wait", nil)
			<-s.entered
			s.Hang()
			if err := s.End(); !errors.Is(err, wire.ErrNoShutdown) {
				t.Errorf("end %v", err)
			}
			reply, _ := s.Reply(id)
			expect(t, "reply", told{Code: wire.RequestCancelled, Message: "the session is ending"}, tell(reply))
		})
	})
	t.Run("exit before anything", func(t *testing.T) {
		play(t, func(t *testing.T, s *scene) {
			if err := s.Exit(); !errors.Is(err, wire.ErrNoShutdown) {
				t.Errorf("end %v", err)
			}
		})
	})
	t.Run("what comes after exit is not read", func(t *testing.T) {
		play(t, func(t *testing.T, s *scene) {
			s.Initialize(nil)
			s.Shutdown()
			s.Write("Content-Length: 17\r\n\r\n" + `{"method":"exit"}` + "garbage")
			expect(t, "end", nil, s.End())
			expect(t, "refusals", 0, len(s.Refusals()))
		})
	})
	t.Run("the context ends", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			stop := errors.New("told to stop")
			ctx, cancel := context.WithCancelCause(t.Context())
			e := lsptest.Pipe(t, func(in io.Reader, out io.Writer) error {
				return wire.New(in, out, zap.NewNop()).Serve(ctx, wire.Handlers{})
			})
			cancel(stop)
			if err := e.End(); !errors.Is(err, stop) {
				t.Errorf("end %v", err)
			}
		})
	})
	t.Run("something else fails", func(t *testing.T) {
		play(t, func(t *testing.T, s *scene) {
			s.Initialize(nil)
			broken := errors.New("broken")
			s.conn.Fail(broken)
			s.conn.Fail(errors.New("too late"))
			if err := s.End(); !errors.Is(err, broken) {
				t.Errorf("end %v", err)
			}
		})
	})
}

func TestShutdown(t *testing.T) {
	t.Run("with requests in flight", func(t *testing.T) {
		play(t, func(t *testing.T, s *scene) {
			s.Initialize(nil)
			var ids []string
			for range 100 { // most of them wait for their turn
				ids = append(ids, s.Send("wait", nil))
			}
			<-s.entered
			began := time.Now()
			s.Shutdown()
			expect(t, "time", 0, time.Since(began))
			for _, id := range ids {
				expect(t, "reply", wire.RequestCancelled, tell(s.Wait(id)).Code)
			}
			expect(t, "end", nil, s.Exit())
		})
	})
	t.Run("with a handler that does not heed it", func(t *testing.T) {
		play(t, func(t *testing.T, s *scene) {
			s.Initialize(nil)
			id := s.Send("stubborn", nil)
			<-s.entered
			began := time.Now()
			s.Shutdown()
			expect(t, "time of shutdown", 2*time.Second, time.Since(began))
			expect(t, "reply", wire.RequestCancelled, tell(s.Wait(id)).Code)
			expect(t, "end", nil, s.Exit())
			expect(t, "time", 3*time.Second, time.Since(began))
			close(s.release)
		})
	})
	t.Run("with a handler that heeds it late", func(t *testing.T) {
		play(t, func(t *testing.T, s *scene) {
			s.Initialize(nil)
			id := s.Send("stubborn", nil)
			<-s.entered
			s.Shutdown()
			expect(t, "reply", wire.RequestCancelled, tell(s.Wait(id)).Code)
			close(s.release) // a second answer would fail the test
			synctest.Wait()
			expect(t, "end", nil, s.Exit())
		})
	})
	t.Run("exit meanwhile", func(t *testing.T) {
		play(t, func(t *testing.T, s *scene) {
			s.Initialize(nil)
			s.Send("stubborn", nil)
			<-s.entered
			began := time.Now()
			s.Send("shutdown", nil)
			expect(t, "end", nil, s.Exit())
			expect(t, "time", time.Second, time.Since(began))
			close(s.release)
		})
	})
	t.Run("a hook", func(t *testing.T) {
		for name, hook := range map[string]func(context.Context){
			"heeds its context": func(ctx context.Context) { <-ctx.Done() },
			"panics":            func(context.Context) { panic("hook") },
		} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					e := lsptest.Pipe(t, func(in io.Reader, out io.Writer) error {
						return wire.New(in, out, zap.NewNop()).Serve(t.Context(), wire.Handlers{
							Initialize: func(json.RawMessage) (any, error) { return nil, nil },
							Shutdown:   hook,
						})
					})
					e.Initialize(nil)
					e.Shutdown()
					expect(t, "end", nil, e.Exit())
				})
			})
		}
	})
}

func TestCancel(t *testing.T) {
	cancelled := told{Code: wire.RequestCancelled, Message: "cancelled by the client"}
	for _, id := range []string{`7`, `"seven"`, `0`, `-1`} {
		t.Run("id "+id, func(t *testing.T) {
			play(t, func(t *testing.T, s *scene) {
				s.Initialize(nil)
				s.SendAs(id, "wait", nil)
				<-s.entered
				s.Cancel(id)
				expect(t, "reply", cancelled, tell(s.Wait(id)))
				s.SendAs(id, "echo", 1) // the id is free again
				expect(t, "reply", told{Result: "1"}, tell(s.Wait(id)))
			})
		})
	}
	t.Run("before its turn", func(t *testing.T) {
		play(t, func(t *testing.T, s *scene) {
			s.Initialize(nil)
			for range 16 {
				s.Send("wait", nil)
			}
			id := s.Send("wait", nil)
			synctest.Wait()
			expect(t, "running", 16, len(s.entered))
			s.Cancel(id)
			expect(t, "reply", cancelled, tell(s.Wait(id)))
		})
	})
	t.Run("what is not there", func(t *testing.T) {
		play(t, func(t *testing.T, s *scene) {
			s.Initialize(nil)
			id := s.Send("wait", nil)
			<-s.entered
			for _, params := range []string{`{"id":99}`, `{"id":"1"}`, `{"id":"` + id + `"}`, `{"id":1.5}`, `{"id":null}`, `{}`, `[]`, `null`, `7`} {
				s.Notify("$/cancelRequest", json.RawMessage(params))
			}
			s.Notify("$/cancelRequest", nil)
			s.Call("nothing", nil, nil)
			if reply, ok := s.Reply(id); ok {
				t.Errorf("reply %+v", tell(reply))
			}
		})
	})
}

// TestOrder has notifications handled in the order in which they came, and a
// request after all that came before it.
func TestOrder(t *testing.T) {
	play(t, func(t *testing.T, s *scene) {
		s.Initialize(nil)
		s.Send("wait", nil) // holds up nobody
		var want []string
		for i := range 1000 {
			s.Notify("note", i)
			raw, _ := json.Marshal(i)
			want = append(want, string(raw))
			if i%100 == 0 {
				s.Notify("note/panic", nil)
				s.Notify("note/fail", nil)
				s.Notify("note/none", nil)
				s.Notify("$/none", nil)
			}
		}
		expect(t, "notes", want, s.noted())
	})
}

// TestFlights bounds what is in flight and what runs.
func TestFlights(t *testing.T) {
	play(t, func(t *testing.T, s *scene) {
		s.Initialize(nil)
		var ids []string
		for range 1024 {
			ids = append(ids, s.Send("wait", nil))
		}
		synctest.Wait()
		expect(t, "running", 16, len(s.entered))
		refused := s.Wait(s.Send("echo", 1))
		expect(t, "one more", told{Code: wire.RequestFailed, Message: "more than 1024 requests in flight"}, tell(refused))
		s.Cancel(ids[500])
		s.Wait(ids[500])
		synctest.Wait()
		s.SendAs(ids[0], "echo", 1)
		expect(t, "an id in flight", told{Code: wire.InvalidRequest, Message: "a request with this id is in flight"}, tell(s.Wait(ids[0])))
		again := s.Send("echo", 1)
		for _, id := range ids[1:] {
			s.Cancel(id)
		}
		expect(t, "in the place of another", told{Result: "1"}, tell(s.Wait(again)))
	})
}

// TestBadBodies answers what is no message, and reads on.
func TestBadBodies(t *testing.T) {
	play(t, func(t *testing.T, s *scene) {
		s.Initialize(nil)
		s.Frame("garbage")
		s.Frame(`[{"jsonrpc":"2.0","id":1,"method":"echo"}]`)
		s.Frame(`{"jsonrpc":"2.0","id":2147483648,"method":"echo"}`)
		s.Frame("")
		s.Frame(`{"jsonrpc":"2.0","id":null,"method":"echo"}`) // counts as a notification
		s.Frame(`{"jsonrpc":"2.0","id":77,"result":1}`)        // an answer to nothing
		s.Call("echo", 1, nil)
		var codes []wire.Code
		for _, r := range s.Refusals() {
			codes = append(codes, wire.Code(r.Code))
		}
		expect(t, "codes", []wire.Code{wire.ParseError, wire.InvalidRequest, wire.InvalidRequest, wire.ParseError}, codes)
		s.Write("Content-Length: 2147483648\r\n\r\n")
		err := s.End()
		expect(t, "end", "malformed frame: Content-Length 2147483648 is more than 67108864", err.Error())
		expect(t, "the last word", err.Error(), s.Refusals()[len(codes)].Message)
	})
}

func TestCall(t *testing.T) {
	t.Run("answers", func(t *testing.T) {
		tests := []struct {
			name string
			says lsptest.Answer
			want told
		}{
			{"a result", func(p json.RawMessage) (any, *lsptest.Error) { return "got " + string(p), nil }, told{Result: `"got {\"a\":1}"`}},
			{"null", nil, told{Result: `"kept"`}},
			{"an error", func(json.RawMessage) (any, *lsptest.Error) {
				return nil, &lsptest.Error{Code: -32601, Message: "what?"}
			}, told{Code: wire.MethodNotFound, Message: "calling ask: what?"}},
			{"another type", func(json.RawMessage) (any, *lsptest.Error) { return 7, nil }, told{Code: wire.RequestFailed, Message: "reading the answer to ask: json: cannot unmarshal number into Go value of type string"}},
		}
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				play(t, func(t *testing.T, s *scene) {
					s.Initialize(nil)
					s.On("ask", test.says)
					expect(t, "reply", test.want, tell(s.Wait(s.Send("call", map[string]int{"a": 1}))))
				})
			})
		}
	})
	// never keeps the client from answering until the test has ended.
	never := func(t *testing.T) lsptest.Answer {
		asked := make(chan struct{})
		t.Cleanup(func() { close(asked) })
		return func(json.RawMessage) (any, *lsptest.Error) { <-asked; return nil, nil }
	}
	t.Run("no answer", func(t *testing.T) {
		play(t, func(t *testing.T, s *scene) {
			s.Initialize(nil)
			began := time.Now()
			var failed atomic.Value
			go func() { failed.Store(s.conn.Call(t.Context(), "ask", nil, nil).Error()) }()
			s.On("ask", func(json.RawMessage) (any, *lsptest.Error) {
				<-time.After(2 * time.Minute) // on the clock of the bubble
				return "too late", nil
			})
			s.Until("cancelling", func() bool { return len(s.Notes("$/cancelRequest")) > 0 })
			synctest.Wait()
			expect(t, "cancelled", `{"id":1}`, string(s.Notes("$/cancelRequest")[0].Params))
			expect[any](t, "error", "calling ask: context deadline exceeded", failed.Load())
			expect(t, "time", 2*time.Minute, time.Since(began))
			s.Call("nothing", nil, nil)
		})
	})
	t.Run("the request that needs it is cancelled", func(t *testing.T) {
		play(t, func(t *testing.T, s *scene) {
			s.Initialize(nil)
			release := make(chan struct{})
			s.On("ask", func(json.RawMessage) (any, *lsptest.Error) { <-release; return nil, nil })
			id := s.Send("call", nil)
			synctest.Wait()
			s.Cancel(id)
			synctest.Wait()
			close(release)
			expect(t, "reply", wire.RequestCancelled, tell(s.Wait(id)).Code)
		})
	})
	t.Run("the session ends", func(t *testing.T) {
		play(t, func(t *testing.T, s *scene) {
			s.Initialize(nil)
			s.On("ask", never(t))
			failed := make(chan error, 1)
			go func() { failed <- s.conn.Call(t.Context(), "ask", nil, nil) }()
			synctest.Wait()
			began := time.Now()
			s.Hang()
			if err := <-failed; !errors.Is(err, context.Canceled) {
				t.Errorf("error %v", err)
			}
			expect(t, "time", 0, time.Since(began))
		})
	})
	t.Run("answered again and again", func(t *testing.T) {
		play(t, func(t *testing.T, s *scene) {
			s.Initialize(nil)
			s.On("ask", func(json.RawMessage) (any, *lsptest.Error) {
				for range 3 {
					s.Frame(`{"jsonrpc":"2.0","id":1,"result":"first"}`)
				}
				return "second", nil
			})
			expect(t, "reply", told{Result: `"first"`}, tell(s.Wait(s.Send("call", nil))))
			s.Call("nothing", nil, nil)
		})
	})
	t.Run("what cannot be encoded", func(t *testing.T) {
		play(t, func(t *testing.T, s *scene) {
			s.Initialize(nil)
			if err := s.conn.Notify("tell", func() {}); err == nil {
				t.Error("Notify without an error")
			}
			if err := s.conn.Call(t.Context(), "ask", func() {}, nil); err == nil {
				t.Error("Call without an error")
			}
			if err := s.conn.Notify("tell", nil); err != nil {
				t.Errorf("Notify: %v", err)
			}
			s.Until("the notification", func() bool { return len(s.Notes("tell")) > 0 })
			expect(t, "parameters", `{}`, string(s.Notes("tell")[0].Params))
		})
	})
}
