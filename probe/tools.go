package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/modreach/modreach/route"
)

// Tools are the programs by which the go command fetches, as far as they are
// there and without running anything of theirs that has an effect.
type Tools struct {
	Go, Git, SSH Tool
	// Agent is what became of a connection to the ssh agent that SSH_AUTH_SOCK
	// names: nil if it listens. It means nothing without AgentSocket.
	Agent       error
	AgentSocket string
	// Helpers are git's credential helpers, each once.
	Helpers []Helper
	// Rewrites are what git asks in place of the beginning of an address, by
	// url.insteadOf.
	Rewrites []Rewrite
	// GitProxies are the HTTP proxies that git is told of by its own settings,
	// which the go command does not know; without secrets.
	GitProxies []string
}

// Tool is one program.
type Tool struct {
	// Path is where it is; empty where there is none.
	Path string
	// Version is what it says of itself; empty where it says nothing.
	Version string
	// Err is why it does not run; nil if it does.
	Err error
}

// Helper is a credential helper of git's.
type Helper struct {
	// Name is as in the settings; only the first word of a command line.
	Name string
	// Missing reports that there is no such program.
	Missing bool
}

// Rewrite is one url.insteadOf, with secrets hidden in both.
type Rewrite struct{ From, To string }

const (
	// versionTimeout bounds a program that tells its version, or git that reads
	// its own settings: some ten milliseconds on any machine that works.
	versionTimeout = 5 * time.Second
	// agentTimeout bounds a connection on this machine.
	agentTimeout = time.Second
)

// Tools looks at the programs, at all of them at once. It uses no network.
func (p *Prober) Tools(ctx context.Context) Tools {
	ctx, cancel := context.WithTimeout(ctx, versionTimeout)
	defer cancel()
	env := p.opts.Env
	t := Tools{
		Go:          Tool{Version: env.Get("GOVERSION").Value},
		AgentSocket: env.Get("SSH_AUTH_SOCK").Value,
	}
	t.Go.Path, t.Go.Err = lookPath("go", env)
	t.Git.Path, t.Git.Err = lookPath("git", env)
	t.SSH.Path, t.SSH.Err = lookPath("ssh", env)
	var asked sync.WaitGroup
	if t.AgentSocket != "" {
		asked.Go(func() { t.Agent = reachAgent(ctx, t.AgentSocket) })
	}
	if t.Git.Err == nil {
		var programs string
		asked.Go(func() { t.Git.Version, t.Git.Err = p.gitSays(ctx, "version") })
		asked.Go(func() { programs, _ = p.gitSays(ctx, "--exec-path") })
		var settings string
		asked.Go(func() {
			// It fails where there is no such setting.
			settings, _ = p.gitSays(ctx, "config", "-z", "--get-regexp", `^(credential\..*helper|credential\.helper|url\..*\.insteadof|http\.(.*\.)?proxy)$`)
		})
		asked.Wait()
		t.Git.Version = strings.TrimPrefix(t.Git.Version, "git version ")
		t.readGitSettings(settings, func(name string) bool {
			return InPath(env)(name) != "" || programs != "" && exists(filepath.Join(programs, name))
		})
	}
	asked.Wait()
	return t
}

// gitSays runs git and gives what it prints.
func (p *Prober) gitSays(ctx context.Context, args ...string) (string, error) {
	dir, err := p.git.scratch("empty")
	if err != nil {
		return "", err
	}
	out := p.git.work(ctx, versionTimeout, dir, nil, args...)
	return strings.TrimSpace(string(out.stdout)), out.err
}

// reachAgent tells why nobody listens at a socket; nil if somebody does.
func reachAgent(ctx context.Context, socket string) error {
	ctx, cancel := context.WithTimeout(ctx, agentTimeout)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "unix", socket)
	if err != nil {
		if op := (*net.OpError)(nil); errors.As(err, &op) {
			return op.Err // the address is known
		}
		return err
	}
	return conn.Close()
}

// readGitSettings reads what "git config -z" prints: the name of a setting, a
// line break, the value, NUL. installed reports whether there is a program.
func (t *Tools) readGitSettings(text string, installed func(name string) bool) {
	for setting := range strings.SplitSeq(text, "\x00") {
		name, value, _ := strings.Cut(setting, "\n")
		switch {
		case strings.HasSuffix(name, "helper"):
			t.addHelper(value, installed)
		case strings.HasSuffix(name, ".insteadof"):
			to := strings.TrimSuffix(strings.TrimPrefix(name, "url."), ".insteadof")
			t.Rewrites = append(t.Rewrites, Rewrite{From: route.Redact(value), To: route.Redact(to)})
		case strings.HasSuffix(name, "proxy") && value != "":
			if shown := route.Redact(value); !slices.Contains(t.GitProxies, shown) {
				t.GitProxies = append(t.GitProxies, shown)
			}
		}
	}
}

// addHelper takes in one value of credential.helper: the name of a program that
// begins with git-credential-, a path, or after "!" any command. An empty one
// takes back those before it.
func (t *Tools) addHelper(value string, installed func(name string) bool) {
	words := strings.Fields(value)
	if len(words) == 0 {
		t.Helpers = nil
		return
	}
	h := Helper{Name: words[0]}
	switch {
	case strings.HasPrefix(h.Name, "!"):
		h.Name = "a command" // which may hold a secret
	case filepath.IsAbs(h.Name):
		h.Missing = !exists(h.Name)
	default:
		h.Missing = !installed("git-credential-" + h.Name)
	}
	if !slices.Contains(t.Helpers, h) {
		t.Helpers = append(t.Helpers, h)
	}
}

// SumDBHost tells where the checksum database is asked: at an address of its
// own, or below the first proxy that serves it. The error says why that cannot
// be told, or why there is none.
func (p *Prober) SumDBHost(ctx context.Context, patience Patience) (*url.URL, error) {
	if p.grounded().Outcome != Unasked {
		return nil, errors.New(p.grounded().Text)
	}
	db := p.database(ctx, patience)
	found := make(chan struct{})
	p.lookups.Go(func() {
		defer close(found)
		_, _ = db.locate() // which is asked for again
	})
	// Each silent proxy takes as long as a look may.
	select {
	case <-found:
		return db.locate()
	case <-ctx.Done():
		return nil, fmt.Errorf("asking the proxies: %w", ctx.Err())
	}
}
