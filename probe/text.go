package probe

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
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

// errorDetail is the part of a plain text error body that the go command
// quotes: up to the first blank line, 8 lines and 4 KiB, and nothing at all if
// it could not be shown on a terminal (cmd/go/internal/web).
func errorDetail(h http.Header, body []byte) string {
	const maxLines, maxBytes = 8, 4096
	kind, params, _ := mime.ParseMediaType(h.Get("Content-Type"))
	if kind != "text/plain" || !utf8.Valid(body) {
		return ""
	}
	switch strings.ToLower(params["charset"]) {
	case "us-ascii", "utf-8", "":
	default:
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

// retryAfter reads a Retry-After header, in either of its forms.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := h.Get("Retry-After")
	if s, err := strconv.Atoi(v); err == nil && s > 0 {
		return time.Duration(s) * time.Second
	}
	if t, err := http.ParseTime(v); err == nil && t.After(now) {
		return t.Sub(now)
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

// readHead reads at most limit bytes of a file.
func readHead(name string, limit int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit))
}
