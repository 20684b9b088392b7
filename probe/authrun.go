package probe

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// authPatience is how long a source of credentials may take: one that asks the
// service of a company or a cloud for a token takes some seconds, one that
// waits for a person longer than any editor.
const authPatience = 30 * time.Second

var errAuthSilent = errors.New("the source does not come back")

// unheard is why nobody knows what a source has to say.
type unheard struct {
	why string
	// slow reports that it took all its time not to say it.
	slow bool
}

func (e *unheard) Error() string { return e.why }

// lack is why a source has no login, in words that follow its name. The go
// command keeps that to itself.
type lack string

func (e lack) Error() string { return string(e) }

// failed is the lack of a program that reports an error.
const failed = lack("failed")

// askGit asks what git knows of a URL.
func (l *logins) askGit(ctx context.Context, s authSource, target *url.URL) ([]grant, error) {
	prefix, name, password, err := l.fill(ctx, s.dir, target.String())
	if asker := cmp.Or(l.env.Get("GIT_ASKPASS").Value, l.env.Get("SSH_ASKPASS").Value); errors.Is(err, failed) && asker != "" {
		return nil, &unheard{"may get a login from " + filepath.Base(asker) + ", which is not run here", false}
	}
	if err != nil {
		return nil, err
	}
	if prefix == "" || !strings.HasPrefix(target.String(), prefix) {
		return nil, lack("has a login for another address")
	}
	return []grant{{prefix, basic(name, password)}}, nil
}

// fill asks git, in a directory, for the login that it has for a URL. It can ask
// no person here, and is not told whether the login served, because that would
// change what the user has stored.
func (l *logins) fill(ctx context.Context, dir, target string) (prefix, name, password string, err error) {
	out, err := l.run(ctx, command{
		name: "git", args: []string{"credential", "fill"}, dir: dir,
		env:   append(slices.Clip(l.env.Environ()), unattended...),
		stdin: []byte("url=" + target + "\n"),
	})
	if err != nil {
		return "", "", "", err
	}
	prefix, name, password = parseGitLogin(string(out.stderr) + string(out.stdout))
	return prefix, name, password, nil
}

// parseGitLogin reads what git credential fill prints, as the go command does:
// whatever is not told is empty.
func parseGitLogin(text string) (prefix, name, password string) {
	at := &url.URL{}
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if !ok {
			continue
		}
		switch key {
		case "protocol":
			at.Scheme = value
		case "host":
			at.Host = value
		case "path":
			at.Path = value
		case "username":
			name = value
		case "password":
			password = value
		case "url":
			if u, err := url.ParseRequestURI(value); err == nil {
				at = u
			}
		}
	}
	return at.String(), name, password
}

// askCommand runs a command of the user's, which is shown the answer that
// refused the URL, if there was one.
func (l *logins) askCommand(ctx context.Context, s authSource, target *url.URL, refused exchange) ([]grant, error) {
	words, err := splitCommand(s.command)
	if err != nil {
		return nil, lack("cannot be run")
	}
	c := command{name: words[0], args: words[1:], env: l.env.Environ()}
	if target != nil {
		c.args = append(c.args, target.String())
		c.stdin = refused.head()
	}
	out, err := l.run(ctx, c)
	if err != nil {
		return nil, err
	}
	grants, err := parseGrants(string(out.stdout))
	if err != nil {
		return nil, lack("printed what go cannot read")
	}
	return grants, nil
}

// head is the status line and the header of an answer, as GOAUTH commands get
// them.
func (x exchange) head() []byte {
	text := fmt.Appendf(nil, "%s %s\n", x.version, x.line)
	for _, name := range slices.Sorted(maps.Keys(x.header)) {
		text = fmt.Appendf(text, "%s: %s\n", name, strings.Join(x.header[name], ", "))
	}
	return append(text, '\n')
}

// run runs a command for as long as it may take.
func (l *logins) run(ctx context.Context, c command) (outcome, error) {
	if filepath.Base(c.name) == c.name {
		program, err := lookPath(c.name, l.env)
		if err != nil {
			return outcome{err: err}, lack("cannot be run")
		}
		c.name = program
	}
	ctx, cancel := context.WithTimeoutCause(ctx, l.patience, errAuthSilent)
	defer cancel()
	out := run(ctx, c)
	exit := (*exec.ExitError)(nil)
	switch {
	case out.err == nil:
		return out, nil
	case errors.Is(out.err, errAuthSilent):
		return out, &unheard{fmt.Sprintf("does not come back within %v (go would wait)", l.patience), true}
	case errors.Is(out.err, errFlood):
		return out, &unheard{"prints without end", true}
	case errors.As(out.err, &exit):
		return out, failed
	}
	return out, lack("cannot be run")
}
