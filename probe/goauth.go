package probe

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"github.com/modreach/modreach/route"
)

// authKind is a kind of source that GOAUTH can name.
type authKind uint8

const (
	authNetrc authKind = iota
	authGit
	authCommand
)

// authSource is one entry of GOAUTH.
type authSource struct {
	kind authKind
	// dir is where git is asked.
	dir string
	// command is the command line as written, name its first word: the others
	// may be secrets.
	command, name string
}

// String names the source for people, without secrets.
func (s authSource) String() string {
	switch s.kind {
	case authGit:
		return "GOAUTH git " + s.dir
	case authCommand:
		return "GOAUTH command " + s.name
	case authNetrc:
	}
	return "netrc"
}

// badAuth is the go command's last word about a GOAUTH that it cannot use,
// without "go: ".
type badAuth string

func (e badAuth) Error() string { return string(e) }

// parseAuth reads GOAUTH. The sources come last one first: that is how the go
// command asks them, so that what an earlier one says counts more. An error is
// a [badAuth], and what the go command ends with at its first https request.
func parseAuth(value string) ([]authSource, error) {
	var sources []authSource
	entries := strings.Split(value, ";")
	for _, entry := range slices.Backward(entries) {
		command := strings.TrimSpace(entry)
		words := strings.Fields(command)
		if len(words) == 0 {
			return nil, badAuth(fmt.Sprintf("GOAUTH encountered an empty command (GOAUTH=%s)", route.RedactAuth(value)))
		}
		switch words[0] {
		case "off":
			if len(entries) != 1 {
				return nil, badAuth(fmt.Sprintf("GOAUTH=off cannot be combined with other authentication commands (GOAUTH=%s)", route.RedactAuth(value)))
			}
			return nil, nil
		case "netrc":
			sources = append(sources, authSource{kind: authNetrc})
		case "git":
			if err := checkAuthDir(words[1:]); err != nil {
				return nil, err
			}
			sources = append(sources, authSource{kind: authGit, dir: words[1]})
		default:
			sources = append(sources, authSource{kind: authCommand, command: command, name: words[0]})
		}
	}
	return sources, nil
}

// checkAuthDir checks what follows the word git.
func checkAuthDir(args []string) error {
	const wants = "GOAUTH=git dir method requires an absolute path to the git working directory"
	if len(args) != 1 {
		return badAuth(wants)
	}
	dir := args[0]
	if !filepath.IsAbs(dir) {
		return badAuth(wants + ", dir is not absolute")
	}
	info, err := os.Stat(dir)
	if err != nil {
		return badAuth(fmt.Sprintf("GOAUTH=git encountered an error; cannot stat %s: %v", dir, err))
	}
	if !info.IsDir() {
		return badAuth(wants + ", dir is not a directory")
	}
	return nil
}

// splitCommand splits a command line as the go command does: at white space,
// where quotes that begin a word hold it together, and nothing is unescaped.
func splitCommand(line string) ([]string, error) {
	const space = " \t\n\r"
	var words []string
	for line = strings.TrimLeft(line, space); line != ""; line = strings.TrimLeft(line, space) {
		if quote := line[0]; quote == '"' || quote == '\'' {
			word, rest, ok := strings.Cut(line[1:], string(quote))
			if !ok {
				return nil, fmt.Errorf("unterminated %c string", quote)
			}
			words, line = append(words, word), rest
			continue
		}
		end := strings.IndexAny(line, space)
		if end < 0 {
			end = len(line)
		}
		words, line = append(words, line[:end]), line[end:]
	}
	return words, nil
}

// grant is what a source gives for the URLs that begin with a prefix. Without
// header it takes back what was given before.
type grant struct {
	prefix string
	header http.Header
}

// parseGrants reads what a GOAUTH command prints: URLs, a blank line, header
// fields, a blank line, and so on (go help goauth). What is no such text to the
// end gives nothing at all.
func parseGrants(text string) ([]grant, error) {
	var grants []grant
	for text != "" {
		var urls, fields []string
		var ok bool
		if urls, text, ok = cutBlock(text); !ok {
			return nil, fmt.Errorf("invalid format: missing empty line after URLs")
		}
		for i, line := range urls {
			u, err := url.ParseRequestURI(line)
			if err != nil {
				return nil, fmt.Errorf("invalid format: no URL in line %d", i+1)
			}
			urls[i] = u.String()
		}
		if fields, text, ok = cutBlock(text); !ok {
			return nil, fmt.Errorf("invalid format: missing empty line after headers")
		}
		header := http.Header{}
		for _, line := range fields {
			name, value, ok := strings.Cut(line, ": ")
			value = strings.TrimSpace(value)
			if !ok || !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value) {
				return nil, fmt.Errorf("invalid format: invalid header line")
			}
			header.Add(name, value)
		}
		for _, u := range urls {
			grants = append(grants, grant{u, header})
		}
	}
	return grants, nil
}

// cutBlock cuts off the lines up to a blank one; ok is false if there is none.
func cutBlock(text string) (lines []string, rest string, ok bool) {
	for {
		line, after, found := strings.Cut(text, "\n")
		if !found {
			return nil, "", false
		}
		text = after
		if line == "" {
			return lines, text, true
		}
		lines = append(lines, line)
	}
}
