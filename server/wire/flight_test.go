package wire

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.lsp.dev/jsonrpc2"
)

// TestLoad bounds the bytes that are in flight, but for a request that is alone.
func TestLoad(t *testing.T) {
	s := newFlights()
	id := int32(0)
	add := func(size int) (*flight, Code) {
		id++
		f := &flight{id: jsonrpc2.NewNumberID(id), size: size, cancel: func(error) {}}
		if fault := s.add(f); fault != nil {
			return f, fault.Code
		}
		return f, 0
	}
	alone, first := add(maxLoad + 1)
	_, beside := add(1)
	s.claim(alone)
	_, most := add(maxLoad - 1)
	_, last := add(1)
	_, over := add(1)
	got := []Code{first, beside, most, last, over}
	if diff := cmp.Diff([]Code{0, RequestFailed, 0, 0, RequestFailed}, got); diff != "" {
		t.Errorf("codes (-want +got):\n%s", diff)
	}
	s.close()
	if _, code := add(0); code != InvalidRequest {
		t.Errorf("code %d after the end", code)
	}
}
