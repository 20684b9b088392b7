package wire

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.lsp.dev/jsonrpc2"
	"go.uber.org/zap"
)

// TestAnswersOnce lets one answer to each call through.
func TestAnswersOnce(t *testing.T) {
	answer := string(frame([]byte(`{"jsonrpc":"2.0","id":1,"result":7}`)))
	last := string(frame([]byte(`{"jsonrpc":"2.0","method":"exit"}`)))
	s := newStream(strings.NewReader(answer+answer+answer+last), newOutbox(), zap.NewNop())
	call, err := jsonrpc2.NewCall(jsonrpc2.NewNumberID(1), "ask", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Write(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	var got []string
	for range 2 {
		msg, _, err := s.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		switch msg := msg.(type) {
		case *jsonrpc2.Response:
			got = append(got, string(msg.Result()))
		case jsonrpc2.Request:
			got = append(got, msg.Method())
		}
	}
	if diff := cmp.Diff([]string{"7", "exit"}, got); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
}
