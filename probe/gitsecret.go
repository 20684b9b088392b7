package probe

import (
	"context"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
)

// gitSecrets is which of the secrets that git shows to hosts are known: a host
// may give them back in what git quotes of it. The zero value knows none. It is
// safe for concurrent use.
type gitSecrets struct {
	mu sync.Mutex // guards what follows
	// settings reports that those of the user's configuration are known.
	settings bool
	// logins has the addresses whose logins are known.
	logins map[string]bool
}

// remoteAddress finds the addresses in what git says.
var remoteAddress = regexp.MustCompile(`https?://[^\s'"]+`)

// addressesMax bounds the addresses whose logins are looked up at a time, each of
// which starts a process: git names the one it went to, and where that led.
const addressesMax = 4

// ownWords gives what git says itself, and reports whether it also quotes the host,
// which may write what it likes, addresses that git never went to included.
func ownWords(text string) (own string, quotes bool) {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimLeft(line, " \t"), "remote:") { // go indents it
			quotes = true
			continue
		}
		b.WriteString(line)
	}
	return b.String(), quotes
}

// read takes in what git may have shown to hosts before it said text.
func (g *gitSecrets) read(ctx context.Context, p *Prober, patience Patience, text string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	dir, err := p.git.scratch("empty")
	if err != nil {
		return
	}
	if !g.settings {
		entries, _ := p.logins.netrc() // of one that cannot be read nothing is shown
		for _, e := range entries {
			p.secrets.addLogin(e.name, e.password)
		}
		out := p.git.run(ctx, patience, dir, "config", "--list", "-z")
		for setting := range strings.SplitSeq(string(out.stdout), "\x00") {
			p.secrets.addSetting(setting)
		}
		g.settings = ctx.Err() == nil
	}
	own, quotes := ownWords(text)
	if !quotes {
		return
	}
	for _, address := range remoteAddress.FindAllString(own, addressesMax) {
		if g.logins[address] || ctx.Err() != nil {
			continue
		}
		_, name, password, err := p.logins.fill(ctx, filepath.Dir(dir), address)
		if err == nil {
			p.secrets.addLogin(name, password)
		}
		if g.logins == nil {
			g.logins = map[string]bool{}
		}
		g.logins[address] = ctx.Err() == nil
	}
}

// addSetting takes in a setting of git, "name\nvalue", if it holds a secret.
func (s *secrets) addSetting(setting string) {
	name, value, _ := strings.Cut(setting, "\n")
	section, rest, _ := strings.Cut(name, ".")
	dot := strings.LastIndexByte(rest, '.')
	switch key := rest[dot+1:]; {
	case section == "http" && key == "extraheader":
		field, shown, _ := strings.Cut(value, ":")
		s.addHeader(http.Header{field: {strings.TrimSpace(shown)}})
	case section == "http" && key == "proxy":
		s.addAddress(value)
	case section == "url" && dot > 0: // insteadOf, pushInsteadOf
		s.addAddress(rest[:dot])
	}
}
