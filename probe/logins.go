package probe

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/modreach/modreach/route"
)

// logins are the credentials that the sources in GOAUTH give, which the go
// command sends over https. It is safe for concurrent use.
type logins struct {
	env     route.Env
	sources []authSource
	// broken is what the go command ends with at its first https request;
	// empty if GOAUTH can be used.
	broken  string
	secrets *secrets
	// netrc reads the netrc file, once.
	netrc func() ([]netrcEntry, error)
	// patience is how long a source may take.
	patience time.Duration
	// slots has room for as many turns as may be under way at once.
	slots chan struct{}
	turns sync.WaitGroup

	mu sync.Mutex // guards what follows
	// known are the logins by the beginning of the URLs they are for, without
	// scheme and final slash.
	known map[string]login
	// failed tells of a source what became of its last turn, if that failed.
	failed map[authSource]string
	// begun is closed when the sources had their first turn; nil as long as
	// that was not called for.
	begun chan struct{}
	end   context.CancelFunc // ends the first turn; nil as long as that is
	// first and again are the turns that a command did not come back from.
	first, again stuck
}

// login is what is sent with a request to tell who asks; the zero value is
// nothing.
type login struct {
	header http.Header
	// source names where it is from, without secrets.
	source string
}

// stuck is a turn that a command did not come back from.
type stuck struct {
	why   string
	until time.Time
}

// stuckFor is how long a command that did not come back is left alone: each
// wait for it costs as much as the first.
const stuckFor = 5 * time.Minute

// newLogins reads the setting; no source is asked yet.
func newLogins(env route.Env, s *secrets) *logins {
	l := &logins{
		env: env, secrets: s, patience: authPatience,
		// The go command fetches so many files at once.
		slots: make(chan struct{}, runtime.GOMAXPROCS(0)),
		known: map[string]login{}, failed: map[authSource]string{},
	}
	l.netrc = sync.OnceValues(l.readNetrc)
	setting := env.Get("GOAUTH").Value
	if setting == "" {
		setting = "netrc" // the go command's default; older ones know no other
	}
	var err error
	if l.sources, err = parseAuth(setting); err != nil {
		l.broken = err.Error()
	}
	return l
}

func (l *logins) readNetrc() ([]netrcEntry, error) {
	text, err := readWhole(netrcPath(l.env), maxSettings)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, lack("cannot be read")
	}
	return parseNetrc(string(text)), nil
}

// begin gives the sources their first turn, which the go command does before
// its first https request. It returns when they had it, or when ctx is done;
// why tells that a command does not come back, for which go would wait.
func (l *logins) begin(ctx context.Context) (why string) {
	if len(l.sources) == 0 {
		return ""
	}
	l.mu.Lock()
	if time.Now().Before(l.first.until) {
		defer l.mu.Unlock()
		return l.first.why
	}
	begun := l.begun
	if begun == nil {
		begun = make(chan struct{})
		l.begun, l.first = begun, stuck{}
		// What it finds is for all, so that nobody's leaving ends it.
		ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
		l.end = cancel
		l.turns.Go(func() {
			defer close(begun)
			defer cancel()
			silent := l.turn(ctx, nil, exchange{})
			l.mu.Lock()
			defer l.mu.Unlock()
			if silent != nil {
				l.first = stuck{silent.why, time.Now().Add(stuckFor)}
				l.begun = nil // and then again
			}
		})
	}
	l.mu.Unlock()
	select {
	case <-begun:
	case <-ctx.Done():
		return ""
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.first.why
}

// renew gives the sources another turn, after the host answered 4xx at a URL.
// The go command does so each time; why is as in begin.
func (l *logins) renew(ctx context.Context, target *url.URL, refused exchange) (why string) {
	if len(l.sources) == 0 {
		return ""
	}
	select {
	case l.slots <- struct{}{}:
	case <-ctx.Done():
		return ""
	}
	defer func() { <-l.slots }()
	l.mu.Lock()
	again := l.again
	l.mu.Unlock()
	if time.Now().Before(again.until) {
		return again.why
	}
	silent := l.turn(ctx, target, refused)
	if silent == nil {
		return ""
	}
	if silent.slow {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.again = stuck{silent.why, time.Now().Add(stuckFor)}
	}
	return silent.why
}

// turn asks all sources, without a URL at first, and stores what they give.
func (l *logins) turn(ctx context.Context, target *url.URL, refused exchange) *unheard {
	for _, s := range l.sources {
		grants, err := l.ask(ctx, s, target, refused)
		if ctx.Err() != nil {
			return nil
		}
		if silent := (*unheard)(nil); errors.As(err, &silent) {
			return &unheard{s.String() + " " + silent.why, silent.slow}
		}
		l.mu.Lock()
		delete(l.failed, s)
		if err != nil {
			l.failed[s] = err.Error()
		}
		for _, g := range grants {
			l.storeLocked(g, s)
		}
		l.mu.Unlock()
	}
	return nil
}

// ask asks one source. The go command keeps errors to itself.
func (l *logins) ask(ctx context.Context, s authSource, target *url.URL, refused exchange) ([]grant, error) {
	switch s.kind {
	case authNetrc:
		entries, err := l.netrc()
		grants := make([]grant, 0, len(entries))
		for _, e := range slices.Backward(entries) { // the first one counts
			grants = append(grants, grant{e.machine, basic(e.name, e.password)})
		}
		return grants, err
	case authGit:
		if target == nil {
			return nil, nil // it can only be asked for one URL
		}
		return l.askGit(ctx, s, target)
	case authCommand:
	}
	return l.askCommand(ctx, s, target, refused)
}

// basic is the header of a login by name and password.
func basic(name, password string) http.Header {
	r := http.Request{Header: http.Header{}}
	r.SetBasicAuth(name, password)
	return r.Header
}

func (l *logins) storeLocked(g grant, s authSource) {
	prefix := strings.TrimSuffix(strings.TrimPrefix(g.prefix, "https://"), "/")
	if len(g.header) == 0 {
		delete(l.known, prefix)
		return
	}
	l.secrets.addHeader(g.header)
	source := s.String()
	if s.kind == authNetrc {
		source = "netrc machine " + route.Redact(prefix)
	}
	l.known[prefix] = login{g.header, source}
}

// of gives the login for a URL: that with the longest beginning of it, in whole
// elements.
func (l *logins) of(target *url.URL) login {
	if target.Scheme != "https" {
		return login{}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	prefix := strings.TrimSuffix(strings.TrimPrefix(target.String(), "https://"), "/")
	for {
		if found, ok := l.known[prefix]; ok {
			return found
		}
		slash := strings.LastIndexByte(prefix, '/')
		if slash < 0 {
			return login{}
		}
		prefix = prefix[:slash]
	}
}

// add puts the login into the header of a request.
func (l login) add(req *http.Request) {
	if l.header != nil {
		maps.Copy(req.Header, l.header.Clone())
	}
}

// tried tells for a host that refuses to serve a URL what came of the
// credentials, in half a sentence.
func (l *logins) tried(target *url.URL, sent login) string {
	switch {
	case target.Scheme != "https":
		return "go shows credentials over https only"
	case sent.source != "":
		return "the login of " + sent.source + " was refused"
	case target.User != nil:
		return "the login in its address was refused"
	case len(l.sources) == 0:
		return "GOAUTH is off"
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []string
	for _, s := range slices.Backward(l.sources) {
		lack := "gave no login"
		switch {
		case l.failed[s] != "":
			lack = l.failed[s]
		case s.kind == authNetrc:
			lack = "has no entry for " + target.Host
		}
		all = append(all, s.String()+" "+lack)
	}
	return strings.Join(all, ", ")
}

// close ends the first turn, if that is under way.
func (l *logins) close() {
	l.mu.Lock()
	if l.end != nil {
		l.end()
	}
	l.mu.Unlock()
	l.turns.Wait()
}
