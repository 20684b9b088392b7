package fakenet

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"time"
)

// Fault answers a request in place of the site. next is what the site would
// have done; a fault may still call it. The request's context ends when the
// client goes away or the Net closes.
//
// The functions here of this very type are faults themselves and are given to
// [Site.On] as they are; the others make one.
type Fault func(w http.ResponseWriter, r *http.Request, next http.Handler)

// Status returns a fault that answers with a status code and a plain text
// body. header has further fields in pairs, name and value; a Content-Type
// among them replaces that of plain text.
func Status(code int, body string, header ...string) Fault {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		if r.Method != http.MethodHead {
			w.Write([]byte(body))
		}
	}
}

// Hang reads the request and never answers.
func Hang(_ http.ResponseWriter, r *http.Request, _ http.Handler) {
	<-r.Context().Done()
}

// HangAfterHeaders answers 200, announces a body and never sends it.
func HangAfterHeaders(w http.ResponseWriter, r *http.Request, _ http.Handler) {
	w.Header().Set("Content-Length", "100")
	w.WriteHeader(http.StatusOK)
	http.NewResponseController(w).Flush()
	<-r.Context().Done()
}

// Hangup reads the request and closes the connection. The client sees io.EOF,
// over HTTP/2 io.ErrUnexpectedEOF; on a connection used before it repeats the
// request.
func Hangup(_ http.ResponseWriter, r *http.Request, _ http.Handler) {
	conn, accepted := connOf(r)
	closeWrite(conn)
	accepted.hangup()
}

// Reset reads the request and resets the connection. The client sees
// ECONNRESET, and on a connection used before repeats the request. Go's HTTP/2
// client may see io.ErrUnexpectedEOF instead: the system reports a reset
// once, and the client writes and reads at the same time.
func Reset(_ http.ResponseWriter, r *http.Request, _ http.Handler) {
	_, conn := connOf(r)
	conn.reset()
}

// Garbage answers with bytes that are not HTTP, and closes the connection.
func Garbage(w http.ResponseWriter, r *http.Request, next http.Handler) {
	conn, _ := connOf(r)
	// What answers when somebody pointed a URL at the wrong port. Read as
	// HTTP/2 it is the head of an absurdly long frame.
	fmt.Fprint(conn, "SSH-2.0-OpenSSH_9.9\r\n")
	Hangup(w, r, next)
}

// Truncate answers as the site should, but announces one byte more than it
// sends, and breaks off. The client sees io.ErrUnexpectedEOF while it reads
// the body, over HTTP/2 a stream error.
func Truncate(w http.ResponseWriter, r *http.Request, next http.Handler) {
	answer := record(r, next)
	maps.Copy(w.Header(), answer.Header())
	w.Header().Set("Content-Length", strconv.Itoa(answer.Body.Len()+1))
	w.WriteHeader(answer.Code)
	w.Write(answer.Body.Bytes())
	http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler) // how net/http wants a handler to break off
}

// Slow returns a fault that answers as the site should, but takes time for
// every byte of the body.
func Slow(perByte time.Duration) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		answer := record(r, next)
		maps.Copy(w.Header(), answer.Header())
		w.Header().Set("Content-Length", strconv.Itoa(answer.Body.Len()))
		w.WriteHeader(answer.Code)
		for _, b := range answer.Body.Bytes() {
			w.Write([]byte{b})
			http.NewResponseController(w).Flush()
			if !pause(r, perByte) {
				return
			}
		}
	}
}

// Delay returns a fault that waits, and then answers as the site should.
func Delay(d time.Duration) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if pause(r, d) {
			next.ServeHTTP(w, r)
		}
	}
}

// Seq returns a fault that answers the first request for a URL with the first
// of faults, the second with the second, and all after the last one with the
// last one. nil stands for the answer the site should give. It counts each
// URL on its own.
func Seq(faults ...Fault) Fault {
	var mu sync.Mutex
	asked := make(map[string]int)
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		mu.Lock()
		turn := min(asked[r.RequestURI], len(faults)-1)
		asked[r.RequestURI]++
		mu.Unlock()
		if turn < 0 || faults[turn] == nil {
			next.ServeHTTP(w, r)
			return
		}
		faults[turn](w, r, next)
	}
}

// RedirectTo returns a fault that redirects to the same path below base, a URL
// without a final slash.
func RedirectTo(base string) Fault {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		http.Redirect(w, r, base+r.RequestURI, http.StatusFound)
	}
}

// Redirect returns a fault that redirects hops times, each time to the same
// path with another query, and then answers as the site should. Go's clients
// follow 9 redirects, and fail at the tenth.
func Redirect(hops int) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		taken, _ := strconv.Atoi(r.URL.Query().Get("hop")) // 0 at first
		if taken >= hops {
			next.ServeHTTP(w, r)
			return
		}
		http.Redirect(w, r, fmt.Sprintf("%s?hop=%d", r.URL.EscapedPath(), taken+1), http.StatusFound)
	}
}

// RedirectLoop redirects to the URL it was asked for.
func RedirectLoop(w http.ResponseWriter, r *http.Request, _ http.Handler) {
	http.Redirect(w, r, r.RequestURI, http.StatusFound)
}

// RedirectToInsecure redirects to the same URL with scheme http.
func RedirectToInsecure(w http.ResponseWriter, r *http.Request, _ http.Handler) {
	http.Redirect(w, r, "http://"+r.Host+r.RequestURI, http.StatusFound)
}

// record runs next and returns what it answered.
func record(r *http.Request, next http.Handler) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	next.ServeHTTP(answer, r)
	return answer
}

// pause waits for d and reports whether the request still matters then.
func pause(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}
