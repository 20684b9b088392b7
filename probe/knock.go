package probe

import (
	"context"
	"errors"
	"net/url"

	"github.com/modreach/modreach/route"
)

// Knock asks the host of a proxy hop for its front page, to learn whether it
// answers anything at all. It gives nil if it does, whatever it says, and if it
// must not be asked. It shows no credentials.
func (p *Prober) Knock(ctx context.Context, hop route.Hop, patience Patience) *Fault {
	if p.grounded().Outcome != Unasked {
		return nil
	}
	door := &url.URL{Scheme: hop.URL.Scheme, Host: hop.URL.Host, Path: "/"}
	if hop.Kind == route.SumDB {
		base, err := p.database(ctx, patience).locate()
		if remote, ok := errors.AsType[*remoteError](err); ok {
			if f := remote.ans.Fault; f != nil && f.HostLevel() {
				return p.secrets.hideInFault(f)
			}
			return nil // it answered, or was not asked
		}
		if err != nil || base.Scheme == "file" {
			return nil
		}
		door.Scheme, door.Host = base.Scheme, base.Host
	}
	x := p.get(ctx, errand{url: door, limit: maxErrorBody, errors: maxErrorBody, patience: patience})
	if x.status != 0 || ctx.Err() != nil {
		return nil
	}
	return p.secrets.hideInFault(broken(x, door).Fault)
}
