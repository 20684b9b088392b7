package probe

import (
	"context"
	"net/url"
	"regexp"
	"strings"
)

// rewritten gives the address that git goes to for a remote: insteadOf may
// have led it elsewhere.
func (g *git) rewritten(ctx context.Context, remote string, patience Patience) string {
	dir, err := g.scratch("empty")
	if err != nil {
		return remote
	}
	// Nobody is asked, so that this may be done beside as many as there are.
	out := g.work(ctx, gitDeadline(patience), dir, nil, "ls-remote", "--get-url", "--end-of-options", remote)
	if out.err != nil {
		return remote
	}
	return strings.TrimSpace(string(out.stdout))
}

// gitVia names the HTTP proxy that git goes through to an address, with its
// port; empty if that cannot be told.
func (p *Prober) gitVia(ctx context.Context, address string, patience Patience) string {
	if dir, err := p.git.scratch("empty"); err == nil {
		out := p.git.work(ctx, gitDeadline(patience), dir, nil, "config", "--get-urlmatch", "http.proxy", address)
		if out.err == nil {
			return remoteHost(strings.TrimSpace(string(out.stdout)))
		}
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	via, err := p.proxy(u)
	if err != nil || via == nil {
		return ""
	}
	return hostPort(via)
}

// remoteHost names the host of a git address with its port; empty for a path.
func remoteHost(remote string) string {
	if u, err := url.Parse(remote); err == nil && strings.Contains(remote, "://") {
		if u.Port() == "" && strings.HasSuffix(u.Scheme, "ssh") {
			return u.Host + ":22"
		}
		return hostPort(u)
	}
	host, _, ok := strings.Cut(remote, ":")
	if !ok || strings.Contains(host, "/") {
		return ""
	}
	_, name, found := strings.Cut(host, "@")
	if !found {
		name = host
	}
	return name + ":22"
}

// userinfo finds what stands before the "@" of a URL in a text.
var userinfo = regexp.MustCompile(`([a-z][a-z0-9+.-]*://)([^/@\s'"]+)@`)

// hideUsers hides the logins in the URLs of a text. The user "git" is everybody's.
func hideUsers(text string) string {
	return userinfo.ReplaceAllStringFunc(text, func(s string) string {
		m := userinfo.FindStringSubmatch(s)
		if m[2] == "git" {
			return s
		}
		if name, _, ok := strings.Cut(m[2], ":"); ok {
			return m[1] + name + ":xxxxx@"
		}
		return m[1] + "xxxxx@"
	})
}
