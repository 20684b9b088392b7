package probe

import (
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/modreach/modreach/route"
)

// netrc holds the logins of a netrc file by machine, as the go command reads
// it: a machine is matched with the beginning of "host:port/path", so that one
// without a port is not used for a host with one, and "default" does not count
// (cmd/go/internal/auth).
type netrc map[string]login

type login struct{ name, password string }

// parseNetrc reads the text of a netrc file. Of two entries for a machine the
// first counts, and one without login or password is none.
func parseNetrc(text string) netrc {
	entries := netrc{}
	var machine string
	var l login
	inMacro := false
	for line := range strings.SplitSeq(text, "\n") {
		if inMacro {
			inMacro = line != "" // a macro ends with an empty line
			continue
		}
		for pair := range slices.Chunk(strings.Fields(line), 2) {
			if len(pair) < 2 {
				break
			}
			switch key, value := pair[0], pair[1]; key {
			case "machine":
				machine, l = value, login{}
			case "login":
				l.name = value
			case "password":
				l.password = value
			case "macdef":
				inMacro = true
			}
			if machine == "" || l.name == "" || l.password == "" {
				continue
			}
			if _, ok := entries[machine]; !ok {
				entries[machine] = l
			}
			machine, l = "", login{}
		}
	}
	return entries
}

// netrcPath is where the go command looks for the file; empty for nowhere.
func netrcPath(env route.Env) string {
	if name := env.Get("NETRC").Value; name != "" {
		return name
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	if runtime.GOOS == "windows" {
		name := filepath.Join(home, "_netrc")
		if _, err := os.Stat(name); err == nil {
			return name
		}
	}
	return filepath.Join(home, ".netrc")
}

// credentials are what GOAUTH lets the go command send with a request.
type credentials struct {
	netrc netrc
	// others reports that GOAUTH names further sources, which are not asked.
	others bool
}

// readCredentials reads what GOAUTH allows to be read from a file.
func readCredentials(env route.Env) credentials {
	var c credentials
	sources := env.Get("GOAUTH").Value
	if sources == "" {
		sources = "netrc" // the go command's default, older ones know no other
	}
	for source := range strings.SplitSeq(sources, ";") {
		switch strings.TrimSpace(source) {
		case "off":
			return credentials{}
		case "netrc":
			if text, err := os.ReadFile(netrcPath(env)); err == nil {
				c.netrc = parseNetrc(string(text))
			}
		default:
			c.others = true
		}
	}
	return c
}

// add puts a login into the header of a request that the go command would send
// one with: over https, to the machine with the longest matching entry.
func (c credentials) add(req *http.Request) {
	if req.URL.Scheme != "https" || req.URL.User != nil {
		return
	}
	prefix := strings.TrimSuffix(req.URL.Host+req.URL.EscapedPath(), "/")
	for {
		if l, ok := c.netrc[prefix]; ok {
			req.SetBasicAuth(l.name, l.password)
			return
		}
		slash := strings.LastIndexByte(prefix, '/')
		if slash < 0 {
			return
		}
		prefix = prefix[:slash]
	}
}
