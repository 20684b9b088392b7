package server

import (
	"net/url"
	"path"
	"path/filepath"
	"runtime"
	"strings"
)

// key is the one spelling of a URI under which its document is found. Clients
// differ from each other, and from themselves, in the case of a drive letter and
// in what they escape.
func key(uri string) string {
	if name, ok := pathOf(uri); ok {
		return fileURI(name)
	}
	return uri
}

// pathOf gives the absolute path of the file that a URI names; ok is false for
// what is not in the file system, which must not be looked for there.
func pathOf(uri string) (name string, ok bool) {
	u, err := url.Parse(uri)
	if err != nil || !strings.EqualFold(u.Scheme, "file") || !strings.HasPrefix(u.Path, "/") || strings.ContainsRune(u.Path, 0) {
		return "", false
	}
	return localPath(u.Host, u.Path, runtime.GOOS)
}

// localPath gives the path of a file on an operating system.
func localPath(host, slashed, goos string) (name string, ok bool) {
	if strings.EqualFold(host, "localhost") {
		host = ""
	}
	slashed = path.Clean(slashed)
	if goos != "windows" {
		return slashed, host == ""
	}
	switch {
	case host != "":
		return `\\` + host + strings.ReplaceAll(slashed, "/", `\`), true
	case len(slashed) < 3 || slashed[2] != ':':
		return "", false
	case len(slashed) == 3:
		slashed += "/"
	}
	return strings.ToUpper(slashed[1:2]) + strings.ReplaceAll(slashed[2:], "/", `\`), true
}

// fileURI gives the URI of a file by its absolute path.
func fileURI(name string) string {
	slashed := filepath.ToSlash(name)
	if rest, ok := strings.CutPrefix(slashed, "//"); ok {
		host, share, _ := strings.Cut(rest, "/")
		return (&url.URL{Scheme: "file", Host: host, Path: "/" + share}).String()
	}
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // before a drive letter
	}
	return (&url.URL{Scheme: "file", Path: slashed}).String()
}

// baseOf gives the name of the file that a URI stands for, wherever that is. It
// decides what a document is: clients do not agree on the language of a go.mod.
func baseOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return ""
	}
	if u.Opaque != "" {
		return path.Base(u.Opaque)
	}
	return path.Base(u.Path)
}
