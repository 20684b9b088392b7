package probe

import (
	"context"
	"strings"

	"github.com/fsnotify/fsnotify"

	"github.com/modreach/modreach/route"
)

// Discover is discover.
func (p *Prober) Discover(ctx context.Context, modulePath string, patience Patience) (route.Repository, Answer) {
	return p.discover(ctx, modulePath, patience)
}

// GoImport gives the repository that a page tells for a module path.
func GoImport(page, modulePath string) (route.Repository, error) {
	tags, err := readGoImports(strings.NewReader(page))
	if err != nil && len(tags) == 0 {
		return route.Repository{}, err
	}
	tag, err := pickGoImport(tags, modulePath)
	return tag.repository(), err
}

// Forget makes what is known of repositories too old to be passed on.
func (p *Prober) Forget() {
	p.remotes.flights, p.pages.flights, p.commits.flights = nil, nil, nil
}

// ArmTwice has the folders of files watched before and after something is done,
// with nobody who reads the events, and gives what the second time tells.
func ArmTwice(files []string, between func()) ([]string, error) {
	system, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	defer system.Close()
	w := &lookout{system: system, files: files}
	w.arm()
	between()
	return w.arm(), nil
}
