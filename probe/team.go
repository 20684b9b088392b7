package probe

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/modreach/modreach/route"
)

// TeamFile is the name of the file in which a team keeps what is true for
// everybody who works on a module. It stands beside the go.mod, or in a folder
// above it up to the root of the repository.
const TeamFile = ".modreach.json"

// maxTeamFile bounds the file, in bytes: some patterns a person has written.
const maxTeamFile = 1 << 20

// team is what stands in a team file; what else is there is for others.
type team struct {
	PrivatePatterns []string `json:"privatePatterns"`
	PublicPatterns  []string `json:"publicPatterns"`
	Mirrors         []string `json:"mirrors"`
}

// teamHints reads the team files that count in a directory; root is that of the
// repository, empty outside of one. Nobody knows what a file says that cannot be
// read, so that any path may then be private.
func teamHints(dir, root string) route.Hints {
	var h route.Hints
	at := dir
	for {
		name := filepath.Join(at, TeamFile)
		shown := TeamFile
		if rel, err := filepath.Rel(dir, name); err == nil {
			shown = filepath.ToSlash(rel)
		}
		t, err := readTeam(name)
		if err != nil {
			h.Broken = fmt.Sprintf("%s cannot be read (%v), and may name it", shown, err)
		}
		h = h.With(route.Hints{
			Private: hintsOf(t.PrivatePatterns, shown), Public: hintsOf(t.PublicPatterns, shown), Mirrors: hintsOf(t.Mirrors, shown),
		})
		parent := filepath.Dir(at)
		if root == "" || at == root || parent == at {
			return h
		}
		at = parent
	}
}

// readTeam reads one file; a missing one says nothing.
func readTeam(name string) (t team, err error) {
	// A pipe or a terminal, which a link in the repository can lead to, would be
	// read for ever.
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return team{}, errors.New("not a regular file")
	}
	text, err := readHead(name, maxTeamFile+1)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return team{}, nil
	case err != nil:
		return team{}, unnamed(err)
	case len(text) > maxTeamFile:
		return team{}, errors.New("larger than 1 MiB")
	}
	err = json.Unmarshal(text, &t)
	at := int64(-1)
	if bad := (*json.SyntaxError)(nil); errors.As(err, &bad) {
		at = bad.Offset
	} else if bad := (*json.UnmarshalTypeError)(nil); errors.As(err, &bad) {
		at = bad.Offset
	}
	if at >= 0 && at <= int64(len(text)) {
		err = fmt.Errorf("line %d: %w", 1+strings.Count(string(text[:at]), "\n"), err)
	}
	return t, err
}

// unnamed takes the name of a file off an error, which is told beside it.
func unnamed(err error) error {
	if bad := (*fs.PathError)(nil); errors.As(err, &bad) {
		return bad.Err
	}
	return err
}

// hintsOf gives hints that stand in one place.
func hintsOf(all []string, where string) []route.Hint {
	hints := make([]route.Hint, len(all))
	for i, what := range all {
		hints[i] = route.Hint{What: what, Where: where}
	}
	return hints
}
