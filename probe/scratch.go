package probe

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// scratchSpace is a temporary directory for the repositories that git needs
// here. The zero value has none yet. It is safe for concurrent use.
type scratchSpace struct {
	mu   sync.Mutex // guards what follows
	dir  string     // empty until it is needed
	made int        // names given out
}

const (
	// scratchName is how the directories begin; the number of the process and
	// something random follow.
	scratchName = "modreach-git-"
	// abandoned is after which time the directory of a process that is not there
	// any more is removed. A process in another container, which shares the
	// directory and cannot be seen, has ended its work long before.
	abandoned = 24 * time.Hour
)

// close removes the scratch space.
func (s *scratchSpace) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dir != "" {
		// What cannot be removed is for the next process to clean up.
		_ = os.RemoveAll(s.dir)
		s.dir = ""
	}
}

// scratch gives a path in the scratch space that nobody has used.
func (s *scratchSpace) scratch(name string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dir == "" {
		parent := os.TempDir()
		removeAbandoned(parent, time.Now())
		dir, err := os.MkdirTemp(parent, fmt.Sprintf("%s%d-", scratchName, os.Getpid()))
		if err != nil {
			return "", err
		}
		s.dir = dir
	}
	s.made++
	return filepath.Join(s.dir, fmt.Sprintf("%s%d", name, s.made)), nil
}

// removeAbandoned removes the scratch spaces of processes that were killed
// before they could do so.
func removeAbandoned(parent string, now time.Time) {
	dirs, _ := filepath.Glob(filepath.Join(parent, scratchName+"*")) // the pattern is good
	for _, dir := range dirs {
		owner, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), scratchName), "-")
		pid, err := strconv.Atoi(owner)
		info, gone := os.Lstat(dir)
		if err != nil || gone != nil || !info.IsDir() || now.Sub(info.ModTime()) < abandoned || Alive(pid) {
			continue
		}
		_ = os.RemoveAll(dir) // another user's stays
	}
}
