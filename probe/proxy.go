package probe

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/modreach/modreach/route"
)

// The go command reads .info and list without a limit and .mod up to 16 MiB
// (golang.org/x/mod/zip.MaxGoMod). In bytes; ours are what no honest proxy
// comes near.
const (
	maxInfo = 1 << 20
	maxMod  = 16 << 20
	maxList = 8 << 20
	// firstBytes is how much of a zip is read: enough for its signature, and
	// for a whole answer of a tiny module, whose connection can then be used
	// again.
	firstBytes = 4 << 10
)

// artefactLimit is how many bytes of an artefact are read.
func artefactLimit(a Artefact) int64 {
	return [...]int64{Info: maxInfo, Mod: maxMod, Zip: firstBytes, List: maxList, Record: maxRecord}[a]
}

// askProxy asks an http, https or file proxy for one artefact.
func (p *Prober) askProxy(ctx context.Context, q Question, a Artefact) Answer {
	target, err := artefactURL(q.Hop.URL, q.Mod, a)
	if err != nil {
		return Answer{Outcome: Failed, Text: err.Error(), Fault: &Fault{Phase: Request, Cause: BadAnswer, Err: err}}
	}
	if target.Scheme == "file" {
		return askFile(q, target, a)
	}
	x, ans := p.send(ctx, errand{
		url: target, limit: artefactLimit(a), errors: min(artefactLimit(a), maxErrorBody), patience: q.Patience, guard: q.Hop.Guard, path: q.Mod.Path,
	})
	if led, ok := errors.AsType[*publicRedirect](x.err); ok {
		return ledOn(q.Hop, led, ans)
	}
	if ans.Outcome != OK {
		return ans
	}
	if x.cut && (a == Info || a == Mod) {
		ans.Outcome = Unsure
		ans.Text = fmt.Sprintf("%s is larger than the %d MiB that are read of it", route.Redacted(target), artefactLimit(a)>>20)
		return ans
	}
	read(&ans, x.body, q, a)
	if f := ans.Fault; f != nil && f.Cause == BadAnswer && strayed(x, target) {
		f.Cause = CaptivePortal
	}
	return ans
}

// networkOff is what the go command prints under GODEBUG=cmdgonetlimit=0.
const networkOff = "network disabled by cmdgonetlimit=0"

// grounded is the answer to a question that takes the network, where that may
// not be used; Unasked where it may.
func (p *Prober) grounded() Answer {
	switch {
	case p.opts.Env.NetworkOff():
		return Answer{Outcome: Failed, Text: networkOff, Fault: &Fault{Cause: ProxyOff}}
	case p.opts.Offline:
		return unsure("not asked: the network is switched off")
	}
	return Answer{}
}

// fetch gets what is at an http or https address, as the go command does, and
// judges all but the body.
func (p *Prober) fetch(ctx context.Context, target *url.URL, limit int64, patience Patience) (exchange, Answer) {
	return p.send(ctx, errand{url: target, limit: limit, errors: min(limit, maxErrorBody), patience: patience})
}

// send is fetch for an errand of any kind.
func (p *Prober) send(ctx context.Context, e errand) (exchange, Answer) {
	grounded := p.grounded()
	if grounded.Outcome != Failed && e.url.Scheme != "http" && e.url.Scheme != "https" {
		text := "unsupported scheme: " + route.Redacted(e.url)
		return exchange{}, Answer{Outcome: Failed, Text: text, Fault: &Fault{Phase: Request, Cause: BadSetting}}
	}
	if grounded.Outcome != Unasked {
		return exchange{}, grounded
	}
	if e.url.Scheme == "http" && e.url.User != nil {
		text := "refusing to pass credentials to insecure URL: " + route.Redacted(e.url)
		return exchange{}, Answer{Outcome: Failed, Text: text, Fault: &Fault{Phase: Request, Cause: InsecureHost, Host: hostPort(e.url)}}
	}
	if e.url.Scheme == "https" {
		if broken := p.logins.broken; broken != "" {
			// It ends the go command, whatever else the route has.
			return exchange{}, Answer{Outcome: Spoiled, Text: broken, Fault: &Fault{Phase: Request, Cause: BadSetting}}
		}
		if why := p.logins.begin(ctx); why != "" {
			return exchange{}, Answer{Outcome: Unsure, Text: why}
		}
	}
	e.who = p.logins.of(e.url)
	x := p.get(ctx, e)
	// Over https the go command asks a second time after every 4xx, with
	// credentials if it has any, and believes the second answer.
	if e.url.Scheme == "https" && x.status >= 400 && x.status < 500 {
		if why := p.logins.renew(ctx, e.url, x); why != "" {
			return x, Answer{Outcome: Unsure, Text: why, Steps: x.steps, Proto: x.proto, At: time.Now()}
		}
		first := x.steps
		e.who = p.logins.of(e.url)
		x = p.get(ctx, e)
		x.steps = append(first, x.steps...)
	}
	ans := judge(x, e.url)
	ans.Asked = byHand("curl -L", route.Redacted(e.url))
	ans.Steps, ans.Proto, ans.At, ans.Login = x.steps, x.proto, time.Now(), e.who.source
	if ans.Login == "" && e.url.User != nil {
		ans.Login = "user in the address"
	}
	if f := ans.Fault; f != nil && (f.Cause == AuthNeeded || f.Cause == Forbidden && ans.Login != "") {
		f.Tried = p.logins.tried(e.url, e.who)
	}
	return x, ans
}

// strayed reports whether a redirect led from the host that was asked to a web
// page of another one: the login page of a network, most likely.
func strayed(x exchange, target *url.URL) bool {
	kind, _, _ := mime.ParseMediaType(x.header.Get("Content-Type"))
	return kind == "text/html" && !strings.EqualFold(x.url.Hostname(), target.Hostname())
}

// artefactURL is where a proxy keeps an artefact, or a checksum database its
// record. The escaped capitals of a path go over the wire as %21, as the go
// command sends them.
func artefactURL(base *url.URL, mod module.Version, a Artefact) (*url.URL, error) {
	escPath, err := module.EscapePath(mod.Path)
	if err != nil {
		return nil, err
	}
	file := "@v/list"
	if a != List {
		escVersion, err := module.EscapeVersion(mod.Version)
		if err != nil {
			return nil, err // it names a branch, in a go.mod
		}
		if a == Record { // what a checksum database has instead
			return base.JoinPath("lookup", escPath+"@"+escVersion), nil
		}
		file = "@v/" + escVersion + a.String()
	}
	target := *base
	target.Path = path.Join(strings.TrimSuffix(base.Path, "/")+"/"+escPath, file)
	target.RawPath = path.Join(strings.TrimSuffix(base.EscapedPath(), "/")+"/"+escapePath(escPath), escapePath(file))
	target.Fragment, target.RawFragment = "", ""
	return &target, nil
}

// escapePath escapes a path as the go command does: "+" stays, "!" does not.
func escapePath(s string) string {
	return strings.ReplaceAll(url.PathEscape(s), "%2F", "/")
}

// judge says what the go command makes of an exchange, before it looks into
// the body.
func judge(x exchange, target *url.URL) Answer {
	if x.status == 0 || x.err != nil && neededBody(x) {
		return broken(x, target)
	}
	if x.status == http.StatusOK {
		return Answer{Outcome: OK}
	}
	f := &Fault{Phase: Request, Cause: statusCause(x.status), Host: hostPort(target), Status: x.status}
	if x.status == http.StatusProxyAuthRequired && x.at.via != nil {
		f.Phase, f.Cause, f.Host = Connect, HTTPProxyAuth, hostPort(x.at.via)
	}
	f.Detail, f.Page = errorDetail(x), pageTitle(x.body, x.status)
	f.RetryAfter = retryAfter(x.header, time.Now())
	ans := Answer{Outcome: Failed, Fault: f, Text: statusText(target, x.line, f.Detail)}
	if f.Cause == NotFound {
		ans.Outcome = Miss
	}
	return ans
}

// neededBody reports whether the go command would fail or wait because of a
// body that broke off. Of an error it reads the body only to quote it, and
// then takes what it gets.
func neededBody(x exchange) bool {
	late := (*overdue)(nil)
	return x.status == http.StatusOK || isPlain(x.header) && errors.As(x.err, &late)
}

// broken is the answer for an exchange that ended with an error.
func broken(x exchange, target *url.URL) Answer {
	host, shown, err := target, route.Redacted(target), x.err
	// A *url.Error carries the URL of the redirect it happened at.
	if at, ok := errors.AsType[*url.Error](err); ok {
		err = at.Err
		if u, parseErr := url.Parse(at.URL); parseErr == nil {
			shown = route.Redacted(u)
			if u.Host != "" {
				host = u
			}
		}
	}
	op := "Get"
	if x.status != 0 {
		op, host, shown = "read", target, route.Redacted(target)
	}
	return Answer{
		Outcome: Failed,
		Fault:   classify(err, x.at, hostPort(host)),
		Text:    networkText(op, shown, err),
	}
}

// networkText is what the go command prints for an error of the network while
// it did op, "Get" or "read".
func networkText(op, shown string, err error) string {
	if late := (*overdue)(nil); errors.As(err, &late) && late.phase != Handshake {
		return "" // it would wait without end and print nothing
	}
	return (&url.Error{Op: op, URL: shown, Err: err}).Error()
}

// statusText is what the go command prints for a status other than 200.
func statusText(target *url.URL, line, detail string) string {
	text := fmt.Sprintf("reading %s: %s", route.Redacted(target), line)
	switch {
	case detail == "":
		return text
	case strings.Contains(detail, "\n"):
		return text + "\n\tserver response:\n\t" + detail
	}
	return text + "\n\tserver response: " + detail
}

// read looks into the body of a served artefact as the go command would.
func read(ans *Answer, body []byte, q Question, a Artefact) {
	switch a {
	case Info:
		readInfo(ans, body, q)
	case Mod:
		readMod(ans, body)
	case Zip:
		if text := badZip(body, q.Mod); text != "" {
			ans.Outcome, ans.Text = Spoiled, text
			ans.Fault = &Fault{Phase: Body, Cause: BadAnswer, Host: hostPort(q.Hop.URL)}
		}
	case List:
		ans.Versions = versions(body)
	case Record:
	}
}

// readInfo checks a .info file as cmd/go's proxyRepo.Stat does.
func readInfo(ans *Answer, body []byte, q Question) {
	fail := func(text string) {
		ans.Outcome, ans.Text = Failed, text
		ans.Fault = &Fault{Phase: Body, Cause: BadAnswer, Host: hostPort(q.Hop.URL)}
		if bytes.HasPrefix(bytes.ToLower(bytes.TrimSpace(body)), []byte("<")) {
			ans.Fault.Detail, ans.Fault.Page = "a web page", pageTitle(body, http.StatusOK)
		}
	}
	info, err := parseInfo(body)
	if err != nil {
		fail(fmt.Sprintf("invalid response from proxy %q: %v", route.Redacted(q.Hop.URL), err))
		return
	}
	if !q.Query && info.Version != q.Mod.Version {
		fail(fmt.Sprintf("proxy returned info for version %s instead of requested version", info.Version))
		return
	}
	ans.Version, ans.Time = info.Version, info.Time
}

// versionInfo is what the go command wants of a .info file.
type versionInfo struct {
	Version string
	Time    time.Time
}

func parseInfo(text []byte) (versionInfo, error) {
	// An error of json names types and fields. These have the names of the go
	// command's own, and Origin is here for its errors alone.
	type Origin struct {
		VCS, URL, Subdir, Hash, TagPrefix, TagSum, Ref, RepoSum string
	}
	type RevInfo struct {
		Version string
		Time    time.Time
		Origin  *Origin
	}
	var info RevInfo
	err := json.Unmarshal(text, &info)
	return versionInfo{info.Version, info.Time}, err
}

// badZip gives the go command's words about a zip that begins with head, as far
// as the first bytes can tell: a zip begins with the header of its first file,
// whose name begins with the module and version; empty if nothing is wrong.
func badZip(head []byte, mod module.Version) string {
	// The layout of a local file header: signature, 22 bytes of no interest,
	// length of the name, length of the extra field, name
	// (PKWARE APPNOTE.TXT, section 4.3.7).
	const lengthAt, nameAt = 26, 30
	if bytes.HasPrefix(head, []byte("PK\x05\x06")) {
		return "" // no file at all
	}
	if !bytes.HasPrefix(head, []byte("PK\x03\x04")) || len(head) < nameAt {
		return "zip: not a valid zip file"
	}
	length := int(binary.LittleEndian.Uint16(head[lengthAt:]))
	name := head[nameAt:min(nameAt+length, len(head))]
	prefix := mod.Path + "@" + mod.Version
	if len(name) == length && !bytes.HasPrefix(name, []byte(prefix+"/")) {
		return fmt.Sprintf("zip for %s has unexpected file %s", prefix, name)
	}
	return ""
}

// versions reads a list as cmd/go's proxyRepo.Versions does: one version a
// line, what is none is passed over.
func versions(body []byte) []string {
	var list []string
	for line := range strings.Lines(string(body)) {
		f := strings.Fields(line)
		if len(f) > 0 && semver.IsValid(f[0]) && !module.IsPseudoVersion(f[0]) {
			list = append(list, f[0])
		}
	}
	semver.Sort(list)
	return list
}

// hostPort names the host of a URL with its port, which the scheme may imply.
func hostPort(u *url.URL) string {
	if u.Port() != "" || u.Host == "" {
		return u.Host
	}
	return u.Host + map[string]string{"https": ":443", "http": ":80"}[u.Scheme]
}

// HostOf names the host and port a proxy hop leads to, as Fault.Host does.
func HostOf(hop route.Hop) string { return hostPort(hop.URL) }

// Behind is the answer to a question that was not put because the host is known
// to be at fault.
func Behind(q Question, a Artefact, f *Fault) Answer {
	if q.Hop.Kind == route.Direct {
		return behindHost(q, a, f)
	}
	target, err := artefactURL(q.Hop.URL, q.Mod, a)
	if err != nil {
		target = q.Hop.URL
	}
	ans := Answer{Artefact: a, Outcome: Failed, Fault: f}
	if f.Err == nil {
		ans.Text = statusText(target, f.StatusLine(), f.Detail)
	} else {
		ans.Text = networkText("Get", route.Redacted(target), f.Err)
	}
	return ans
}
