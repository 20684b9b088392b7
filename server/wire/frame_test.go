package wire

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func reader(text string) *bufio.Reader {
	return bufio.NewReaderSize(strings.NewReader(text), maxHeader)
}

func TestReadFrame(t *testing.T) {
	const two = "Content-Length: 2\r\n\r\n{}"
	tests := []struct {
		name, text, body string
		err              error
	}{
		{"plain", two, "{}", nil},
		{"more behind", two + two, "{}", nil},
		{"name in lower case", "content-length: 2\r\n\r\n{}", "{}", nil},
		{"no blank after the colon", "Content-Length:2\r\n\r\n{}", "{}", nil},
		{"blank before the colon", "Content-Length : 2\r\n\r\n{}", "{}", nil},
		{"newlines alone", "Content-Length: 2\n\n{}", "{}", nil},
		{"a type before", "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n" + two, "{}", nil},
		{"a type behind", "Content-Length: 2\r\nContent-Type: x\r\n\r\n{}", "{}", nil},
		{"blank lines before", "\r\n\n \r\n" + two, "{}", nil},
		{"an empty body", "Content-Length: 0\r\n\r\n", "", nil},
		{"leading zeros", "Content-Length: 0002\r\n\r\n{}", "{}", nil},

		{"nothing", "", "", io.EOF},
		{"nothing but blank lines", "\r\n\r\n", "", io.EOF},
		{"cut in the name", "Content-Le", "", io.ErrUnexpectedEOF},
		{"cut after the header", "Content-Length: 2\r\n", "", io.ErrUnexpectedEOF},
		{"cut before the body", "Content-Length: 2\r\n\r\n", "", io.ErrUnexpectedEOF},
		{"cut in the body", "Content-Length: 2\r\n\r\n{", "", io.ErrUnexpectedEOF},

		{"no length", "Content-Type: x\r\n\r\n{}", "", errFrame},
		{"no number", "Content-Length: two\r\n\r\n{}", "", errFrame},
		{"no value", "Content-Length:\r\n\r\n{}", "", errFrame},
		{"a sign", "Content-Length: +2\r\n\r\n{}", "", errFrame},
		{"less than nothing", "Content-Length: -2\r\n\r\n{}", "", errFrame},
		{"a fraction", "Content-Length: 2.0\r\n\r\n{}", "", errFrame},
		{"no colon", "Content-Length 2\r\n\r\n{}", "", errFrame},
		{"a body alone", `{"jsonrpc":"2.0","method":"exit"}` + "\r\n\r\n", "", errFrame},
		{"2 GiB", "Content-Length: 2147483648\r\n\r\n{}", "", errFrame},
		{"one more than the most", "Content-Length: 67108865\r\n\r\n{}", "", errFrame},
		{"more than a machine counts", "Content-Length: 99999999999999999999\r\n\r\n{}", "", errFrame},
		{"6 MB of brackets", strings.Repeat("[", 6_000_000), "", errFrame},
		{"a long header", strings.Repeat("X: y\r\n", maxHeader/6) + two, "", errFrame},
		{"too many blank lines", strings.Repeat("\n", maxHeader+1) + two, "", errFrame},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for name, in := range map[string]io.Reader{
				"at once":      strings.NewReader(test.text),
				"byte by byte": iotest.OneByteReader(strings.NewReader(test.text)),
			} {
				body, err := readFrame(bufio.NewReaderSize(in, maxHeader))
				if diff := cmp.Diff(test.err, err, cmpopts.EquateErrors()); diff != "" {
					t.Errorf("%s: error (-want +got):\n%s", name, diff)
				}
				if diff := cmp.Diff(test.body, string(body)); diff != "" {
					t.Errorf("%s: body (-want +got):\n%s", name, diff)
				}
			}
		})
	}
}

// TestReadFrameOneByOne cuts the input after each byte.
func TestReadFrameOneByOne(t *testing.T) {
	first := "\r\nContent-Length: 17\r\n\r\n" + `{"method":"exit"}`
	whole := first + "Content-Length: 2\r\n\r\n{}"
	between := map[int]bool{0: true, 1: true, 2: true, len(first): true, len(whole): true}
	for cut := range len(whole) + 1 {
		in := reader(whole[:cut])
		var err error
		for err == nil {
			_, err = readFrame(in)
		}
		want := io.ErrUnexpectedEOF
		if between[cut] {
			want = io.EOF
		}
		if diff := cmp.Diff(want, err, cmpopts.EquateErrors()); diff != "" {
			t.Errorf("cut after %d bytes (-want +got):\n%s", cut, diff)
		}
	}
}

// TestBodyTakesWhatCame does not believe a length before the bytes are there.
func TestBodyTakesWhatCame(t *testing.T) {
	in := reader("Content-Length: 67108864\r\n\r\n" + strings.Repeat(" ", bodyStep+1))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := readFrame(in)
	runtime.ReadMemStats(&after)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("error %v", err)
	}
	if got := after.TotalAlloc - before.TotalAlloc; got > 8*bodyStep {
		t.Errorf("%d bytes were taken for a body that did not come", got)
	}
}

func TestLargeBody(t *testing.T) {
	want := strings.Repeat("x", 5*bodyStep+1)
	got, err := readFrame(reader(string(frame([]byte(want)))))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%d bytes, other than the %d that were sent", len(got), len(want))
	}
	if cap(got) > 2*len(want) {
		t.Errorf("room for %d bytes", cap(got))
	}
}

func TestDecode(t *testing.T) {
	nest := func(n int) string {
		return `{"method":"x","params":` + strings.Repeat("[", n) + strings.Repeat("]", n) + "}"
	}
	tests := []struct {
		name, body string
		code       Code // 0 for a message
	}{
		{"a request", `{"jsonrpc":"2.0","id":1,"method":"x"}`, 0},
		{"a request by a string", `{"jsonrpc":"2.0","id":"a","method":"x","params":{}}`, 0},
		{"a notification", `{"jsonrpc":"2.0","method":"x","params":[]}`, 0},
		{"an answer", `{"jsonrpc":"2.0","id":1,"result":null}`, 0},
		{"an error", `{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}`, 0},
		{"without a version", `{"method":"x"}`, 0},
		{"blanks around", " \r\n{\"method\":\"x\"}\t\n", 0},
		{"brackets and quotes in strings", `{"method":"]}[{","params":["\"]}","\\"]}`, 0},
		{"as deep as may be", nest(maxDepth - 1), 0},

		{"nothing", ``, ParseError},
		{"blanks", `  `, ParseError},
		{"no JSON", `garbage`, ParseError},
		{"cut", `{"method":"x"`, ParseError},
		{"a byte order mark", "\ufeff" + `{"method":"x"}`, ParseError},
		{"two messages", `{"method":"x"}{"method":"y"}`, ParseError},
		{"something behind", `{"method":"x"}x`, ParseError},
		{"more ends than beginnings", `}}`, ParseError},
		{"too deep", nest(maxDepth), ParseError},
		{"6 MB of brackets", `{"x":` + strings.Repeat("[", 6_000_000), ParseError},
		{"an endless string", `{"method":"x`, ParseError},
		{"a backslash at the end", `{"method":"x\`, ParseError},
		{"a batch", `[{"method":"x"}]`, InvalidRequest},
		{"an empty batch", ` []`, InvalidRequest},
		{"6 MB of batches", strings.Repeat("[", 6_000_000), InvalidRequest},
		{"an empty object", `{}`, InvalidRequest},
		{"a string", `"x"`, InvalidRequest},
		{"null", `null`, InvalidRequest},
		{"another version", `{"jsonrpc":"1.0","method":"x"}`, InvalidRequest},
		{"an id beyond 32 bits", `{"id":2147483648,"method":"x"}`, InvalidRequest},
		{"an id that is true", `{"id":true,"method":"x"}`, InvalidRequest},
		{"a method that is a number", `{"id":1,"method":1}`, InvalidRequest},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			msg, fault := decode([]byte(test.body))
			if fault == nil {
				fault = &Error{}
			}
			if diff := cmp.Diff(test.code, fault.Code); diff != "" {
				t.Errorf("code (-want +got):\n%s", diff)
			}
			if (msg == nil) != (test.code != 0) {
				t.Errorf("message %v", msg)
			}
		})
	}
}

// FuzzStream reads whatever there is, frame by frame: nothing but valid JSON
// becomes a message, and what was read is read again when it is framed anew.
func FuzzStream(f *testing.F) {
	for _, seed := range []string{
		"Content-Length: 2\r\n\r\n{}",
		"\r\ncontent-length:17\n\n" + `{"method":"exit"}` + "Content-Length: 0\r\n\r\n",
		string(frame([]byte(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"a":["\"]",{}]}}`))),
		string(frame([]byte(`{"id":"x","result":{"b":1e3}}`))),
		string(frame([]byte(`[[[[`))),
		string(frame([]byte(`{"method":"x"}{"method":"y"}`))),
		"Content-Length: 2147483648\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		in := bufio.NewReaderSize(bytes.NewReader(input), maxHeader)
		for {
			body, err := readFrame(in)
			if err != nil {
				return
			}
			again, err := readFrame(bufio.NewReaderSize(bytes.NewReader(frame(body)), maxHeader))
			if err != nil || !bytes.Equal(body, again) {
				t.Fatalf("framed anew, %q is %q, error %v", body, again, err)
			}
			msg, fault := decode(body)
			if (msg == nil) == (fault == nil) {
				t.Fatalf("%q is message %v and fault %v", body, msg, fault)
			}
			if msg != nil && !json.Valid(body) {
				t.Fatalf("%q is no JSON, but message %v", body, msg)
			}
		}
	})
}
