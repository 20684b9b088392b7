package probe

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/modreach/modreach/route"
)

// netrcEntry is the login for one machine of a netrc file.
type netrcEntry struct{ machine, name, password string }

// parseNetrc reads the text of a netrc file as the go command does: "default"
// does not count, nor an entry without login or password (cmd/go/internal/auth).
// It gives the entries in the order of the file, where the first one for a
// machine counts.
func parseNetrc(text string) []netrcEntry {
	var entries []netrcEntry
	var e netrcEntry
	inMacro := false
	for line := range strings.SplitSeq(text, "\n") {
		if inMacro {
			inMacro = line != "" // a macro ends with an empty line
			continue
		}
		for pair := range slices.Chunk(strings.Fields(line), 2) {
			if len(pair) < 2 {
				if pair[0] == "default" {
					return entries // on a line of its own it ends the file
				}
				break
			}
			switch key, value := pair[0], pair[1]; key {
			case "machine":
				e = netrcEntry{machine: value}
			case "login":
				e.name = value
			case "password":
				e.password = value
			case "macdef":
				inMacro = true
			}
			if e.machine != "" && e.name != "" && e.password != "" {
				entries = append(entries, e)
				e = netrcEntry{}
			}
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
