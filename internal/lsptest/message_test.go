package lsptest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// TestReadMessage is strict, where a server has to be lenient.
func TestReadMessage(t *testing.T) {
	const body = `{"jsonrpc":"2.0","method":"x"}`
	framed := fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body)
	tests := []struct {
		name, text string
		fails      bool
	}{
		{"as it should be", framed, false},
		{"the name in lower case", strings.ToLower(framed[:20]) + framed[20:], true},
		{"newlines alone", strings.ReplaceAll(framed, "\r\n", "\n"), true},
		{"another header", "Content-Type: x\r\n" + framed, true},
		{"a blank line before", "\r\n" + framed, true},
		{"cut in the header", framed[:10], true},
		{"cut in the body", framed[:len(framed)-1], true},
		{"no JSON", "Content-Length: 1\r\n\r\n{", true},
		{"no version", "Content-Length: 14\r\n\r\n" + `{"method":"x"}`, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m, err := readMessage(bufio.NewReader(strings.NewReader(test.text)))
			if (err != nil) != test.fails || errors.Is(err, io.EOF) {
				t.Errorf("message %+v, error %v", m, err)
			}
		})
	}
	if _, err := readMessage(bufio.NewReader(strings.NewReader(""))); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: error %v", err)
	}
}

// TestPayloads are those of a client that says who it is and what it can do.
func TestPayloads(t *testing.T) {
	for _, name := range Payloads() {
		var params struct {
			ClientInfo   struct{ Name string }
			Capabilities map[string]json.RawMessage
		}
		// Some fields have other types on purpose, but not these.
		if err := json.Unmarshal(Payload(t, name), &params); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if params.ClientInfo.Name == "" || len(params.Capabilities) == 0 {
			t.Errorf("%s: no client, or nothing it can do", name)
		}
	}
}
