package probe

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/modreach/modreach/route"
)

// isPlain reports whether a body says of itself that it is text.
func isPlain(h http.Header) bool {
	kind, params, _ := mime.ParseMediaType(h.Get("Content-Type"))
	charset := strings.ToLower(params["charset"])
	return kind == "text/plain" && (charset == "" || charset == "utf-8" || charset == "us-ascii")
}

// errorDetail is the part of a plain text error body that the go command
// quotes: up to the first blank line, 8 lines and 648 bytes, and nothing at all
// if it could not be shown on a terminal (cmd/go/internal/web).
func errorDetail(x exchange) string {
	const maxLines, maxBytes = 8, 8 * 81
	body := x.body
	if x.cut {
		body = wholeRunes(body)
	}
	if !isPlain(x.header) || !utf8.Valid(body) {
		return ""
	}
	if bytes.ContainsFunc(body, func(r rune) bool { return !unicode.IsGraphic(r) && !unicode.IsSpace(r) }) {
		return ""
	}
	var lines []string
	size := 0
	for line := range strings.SplitSeq(string(body), "\n") {
		switch {
		case strings.TrimSpace(line) == "":
			return strings.Join(lines, "\n\t")
		case len(lines) == maxLines:
			return strings.Join(append(lines, "[Truncated: too many lines.]"), "\n\t")
		case size+len(line) > maxBytes:
			return strings.Join(append(lines, "[Truncated: too long.]"), "\n\t")
		}
		lines = append(lines, line)
		size += len(line) + len("\n\t")
	}
	return strings.Join(lines, "\n\t")
}

// wholeRunes drops a character at the end that was cut in two.
func wholeRunes(s []byte) []byte {
	for n := 1; n < utf8.UTFMax && n <= len(s); n++ {
		if last := s[len(s)-n:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				return s[:len(s)-n]
			}
			break
		}
	}
	return s
}

// maxRetryAfter bounds what a host may ask for: whoever says more means "not
// today", and the number may be one that no duration can hold.
const maxRetryAfter = 24 * time.Hour

// retryAfter reads a Retry-After header, in either of its forms.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := h.Get("Retry-After")
	if s, err := strconv.ParseUint(v, 10, 64); err == nil {
		return time.Duration(min(s, uint64(maxRetryAfter/time.Second))) * time.Second
	}
	if t, err := http.ParseTime(v); err == nil && t.After(now) {
		return min(t.Sub(now), maxRetryAfter)
	}
	return 0
}

// goModSum is the h1: hash of a go.mod file as go.sum has it
// (golang.org/x/mod/sumdb/dirhash.Hash1 over this one file).
func goModSum(text []byte) string {
	file := sha256.Sum256(text)
	all := sha256.Sum256(fmt.Appendf(nil, "%x  go.mod\n", file))
	return "h1:" + base64.StdEncoding.EncodeToString(all[:])
}

var goLine = regexp.MustCompile(`(?m)^go[ \t]+([0-9][^\s/]*)`)

// goVersion is the version on the go line of a go.mod file; empty if none.
func goVersion(text []byte) string {
	if m := goLine.FindSubmatch(text); m != nil {
		return string(m[1])
	}
	return ""
}

// filePath turns a file URL into a path of this machine.
func filePath(u *url.URL) (string, error) {
	if u.Path == "" {
		return "", fmt.Errorf("file URL %s without a path", route.Redacted(u))
	}
	name := filepath.FromSlash(u.Path)
	// file:///C:/dir names the path C:\dir.
	if vol := strings.TrimPrefix(name, string(filepath.Separator)); filepath.VolumeName(vol) != "" {
		name = vol
	}
	return name, nil
}

// maxListFile bounds a go.sum or a modules.txt, in bytes: the largest that are known
// have some million.
const maxListFile = 64 << 20

// readWhole reads a file of limit bytes at most.
func readWhole(name string, limit int64) ([]byte, error) {
	text, err := readHead(name, limit+1)
	if err == nil && int64(len(text)) > limit {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("larger than %d MiB", limit>>20)}
	}
	return text, err
}

// unending are the kinds of files that may be read for ever, or by one reader
// only. A link in a repository can lead to one.
const unending = fs.ModeNamedPipe | fs.ModeSocket | fs.ModeDevice | fs.ModeCharDevice

// readHead reads at most limit bytes of a file. Pipes and devices are refused, but
// for the null device, which is empty.
func readHead(name string, limit int64) ([]byte, error) {
	if info, err := os.Stat(name); err == nil && info.Mode()&unending != 0 {
		if null, err := os.Stat(os.DevNull); err == nil && os.SameFile(info, null) {
			return nil, nil
		}
		return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("not a regular file")}
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit))
}
