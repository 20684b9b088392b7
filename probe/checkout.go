package probe

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"
)

// Checkout is a module in a directory of this machine.
type Checkout struct {
	// Module is the path that its go.mod declares.
	Module string
	// Dir is absolute.
	Dir string
}

const (
	// checkoutDirs bounds how many directories one search looks into: on a
	// local disk that takes some ten milliseconds.
	checkoutDirs = 1000
	// checkoutDepth is how far below its start a search goes: a module, and one
	// in a directory of a repository.
	checkoutDepth = 2
	// checkoutHead bounds what is read of a go.mod to find its module line,
	// which long comments may stand before.
	checkoutHead = 64 << 10
)

// Checkouts finds the modules in some directories and the two levels below
// them, ordered by directory, each once. It passes by what is hidden, links,
// and the directories where the go command looks for no modules of the user's.
// The home directory, and the top of a disk, are no places to search: much else
// is there that is nobody's business, and on some systems the user would be
// asked for permission.
func Checkouts(ctx context.Context, dirs []string) []Checkout {
	s := checkoutSearch{ctx: ctx, seen: map[string]bool{}}
	home, _ := os.UserHomeDir() // without one there is none to avoid
	for _, dir := range dirs {
		if dir = filepath.Clean(dir); filepath.IsAbs(dir) && dir != home && filepath.Dir(dir) != dir {
			s.look(dir, checkoutDepth)
		}
	}
	slices.SortFunc(s.found, func(a, b Checkout) int { return cmp.Compare(a.Dir, b.Dir) })
	return s.found
}

type checkoutSearch struct {
	ctx   context.Context
	seen  map[string]bool
	found []Checkout
}

// look searches one directory and depth levels below it.
func (s *checkoutSearch) look(dir string, depth int) {
	if len(s.seen) >= checkoutDirs || s.ctx.Err() != nil {
		return
	}
	if !s.seen[dir] {
		s.seen[dir] = true
		if path := declared(filepath.Join(dir, "go.mod")); path != "" {
			s.found = append(s.found, Checkout{path, dir})
		}
	}
	if depth == 0 {
		return
	}
	entries, _ := os.ReadDir(dir) // one that cannot be read has none for us
	for _, e := range entries {
		if e.IsDir() && !passedBy(e.Name()) {
			s.look(filepath.Join(dir, e.Name()), depth-1)
		}
	}
}

// declared gives the module path that a go.mod file declares; empty for none.
func declared(name string) string {
	head, _ := readHead(name, checkoutHead) // what cannot be read declares nothing
	return modfile.ModulePath(head)
}
