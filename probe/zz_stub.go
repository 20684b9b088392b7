package probe

import (
	"context"

	"github.com/modreach/modreach/route"
)

// discover knows only the hosts of the static table as yet.
func (p *Prober) discover(_ context.Context, path string, _ Patience) (route.Repository, Answer) {
	repo, refusal := route.StaticRepository(path)
	if refusal != "" || repo.VCS == "" {
		return repo, Answer{Outcome: Unsure, Text: NotChecked + ": direct"}
	}
	return repo, Answer{Outcome: OK}
}
