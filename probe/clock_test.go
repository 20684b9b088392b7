package probe

import (
	"context"
	"net/http/httptrace"
	"testing"
	"testing/synctest"
	"time"
)

// TestLateWroteRequest is about the writer of an HTTP/2 connection, which may
// only get to say that it sent the request when the answer is already read. No
// connection can be made to do so every time.
func TestLateWroteRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		patience := Patience{FirstByte: time.Second, Body: time.Hour}
		ctx, c := startClock(t.Context(), patience)
		defer c.stop()
		trace := httptrace.ContextClientTrace(ctx)
		trace.GetConn("")
		trace.GotConn(httptrace.GotConnInfo{})
		trace.GotFirstResponseByte()
		c.enter(Body, patience.Body)
		trace.WroteRequest(httptrace.WroteRequestInfo{})
		<-time.After(time.Minute)
		if got := c.moment(nil).phase; got != Body {
			t.Errorf("phase %v, want the body's", got)
		}
		if err := context.Cause(ctx); err != nil {
			t.Errorf("the exchange was ended: %v", err)
		}
	})
}
