package wire

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
)

const (
	// maxHeader bounds the header of a frame, and the blank lines before it.
	// Clients send some 30 bytes.
	maxHeader = 8 << 10
	// maxBody bounds the body. The largest go.mod that anybody keeps has less
	// than 1 MiB; what is much longer is a mistake or an attack.
	maxBody = 64 << 20
	// bodyStep is what a body gets at first, whatever length its header claims;
	// then it grows with what has really come.
	bodyStep = 1 << 20
)

// errFrame is in the errors of a header from which no frame can be told. There
// is no way to find the next one.
var errFrame = errors.New("malformed frame")

// readFrame reads one frame and gives its body, which is the caller's to keep.
// It gives io.EOF only if the input ends between two frames. The reader's
// buffer has to hold maxHeader.
func readFrame(in *bufio.Reader) ([]byte, error) {
	length, err := readHeader(in)
	if err != nil {
		return nil, err
	}
	body := make([]byte, 0, min(length, bodyStep))
	for len(body) < length {
		// Append would round up, and take more than twice what came.
		if len(body) == cap(body) {
			body = slices.Grow(body, min(len(body), length-len(body)))
		}
		n, err := io.ReadFull(in, body[len(body):min(cap(body), length)])
		body = body[:len(body)+n]
		if err != nil {
			return nil, fmt.Errorf("reading a body of %d bytes: %w", length, cutShort(err))
		}
	}
	return body, nil
}

// readHeader reads up to the blank line after a header, and gives the length of
// the body.
func readHeader(in *bufio.Reader) (int, error) {
	length, begun := -1, false
	for left := maxHeader; ; {
		line, err := in.ReadSlice('\n')
		left -= len(line)
		switch {
		case left < 0 || errors.Is(err, bufio.ErrBufferFull):
			return 0, fmt.Errorf("%w: more than %d bytes of header", errFrame, maxHeader)
		case errors.Is(err, io.EOF) && !begun && len(bytes.TrimSpace(line)) == 0:
			return 0, io.EOF
		case err != nil:
			return 0, fmt.Errorf("reading a header: %w", cutShort(err))
		}
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			if !begun {
				continue // left over by a client that counts a newline too few
			}
			break
		}
		begun = true
		name, value, found := bytes.Cut(line, []byte(":"))
		if !found {
			return 0, fmt.Errorf("%w: a header line without a colon", errFrame)
		}
		if !bytes.EqualFold(bytes.TrimSpace(name), []byte("Content-Length")) {
			continue // Content-Type knows one value only
		}
		n, err := strconv.ParseUint(string(bytes.TrimSpace(value)), 10, 64)
		if err != nil {
			return 0, fmt.Errorf("%w: Content-Length is not a number", errFrame)
		}
		if n > maxBody {
			return 0, fmt.Errorf("%w: Content-Length %d is more than %d", errFrame, n, maxBody)
		}
		length = int(n)
	}
	if length < 0 {
		return 0, fmt.Errorf("%w: a header without Content-Length", errFrame)
	}
	return length, nil
}

// cutShort tells the end of input within a frame from that between two.
func cutShort(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// frame puts a header before a body, in one piece for one write.
func frame(body []byte) []byte {
	framed := make([]byte, 0, len("Content-Length: 12345678\r\n\r\n")+len(body))
	framed = append(framed, "Content-Length: "...)
	framed = strconv.AppendInt(framed, int64(len(body)), 10)
	framed = append(framed, "\r\n\r\n"...)
	return append(framed, body...)
}
