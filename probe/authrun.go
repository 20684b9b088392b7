package probe

import (
	"context"
	"net/url"
)

// endless is a command that does not come back.
type endless struct{}

func (*endless) Error() string { return "is not run yet" }

func (l *logins) askGit(ctx context.Context, s authSource, target *url.URL) ([]grant, error) {
	return nil, &endless{}
}

func (l *logins) askCommand(ctx context.Context, s authSource, target *url.URL, refused exchange) ([]grant, error) {
	if target == nil {
		return nil, nil
	}
	return nil, &endless{}
}
