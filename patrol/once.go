package patrol

import (
	"context"

	"github.com/modreach/modreach/route"
)

// once is the name of the only document of a patrol that goes out once.
const once = "once"

// Out has a patrol that was started, and wants nothing yet, ask for some routes.
// back waits for the answers, or for the end of ctx, and gives their statuses.
func (p *Patrol) Out(routes []route.Route) (back func(ctx context.Context) []Status) {
	p.Want(once, 0, routes)
	return func(ctx context.Context) []Status {
		for p.Pending() > 0 && ctx.Err() == nil {
			select {
			case <-p.changed:
			case <-ctx.Done():
			}
		}
		all, _ := p.Snapshot(once)
		return all
	}
}
