package route

import (
	"errors"
	"fmt"
	"go/version"
	"path/filepath"
	"strconv"
	"strings"
)

// Proxies gives the entries of GOPROXY; an error is a *[ListError].
func (e Env) Proxies() ([]Entry, error) { return ParseProxies(e.Get("GOPROXY").Value) }

// SumDB gives the checksum database of GOSUMDB.
func (e Env) SumDB() (Database, error) { return ParseSumDB(e.Get("GOSUMDB").Value) }

// Flags gives what GOFLAGS says about modules.
func (e Env) Flags() (Flags, error) { return ParseFlags(e.Get("GOFLAGS").Value) }

// NoProxy reports whether the go command fetches a module from its own host
// rather than through proxies. why names the setting and the pattern:
// "GOPRIVATE matches git.corp.example".
func (e Env) NoProxy(modulePath string) (why string, ok bool) {
	return e.matches("GONOPROXY", modulePath)
}

// NoSumDB reports whether the go command leaves a module out of checksum
// lookups; why is as for [Env.NoProxy].
func (e Env) NoSumDB(modulePath string) (why string, ok bool) {
	return e.matches("GONOSUMDB", modulePath)
}

// Insecure reports whether GOINSECURE covers a module: its own host may then
// answer over plain http or with a certificate that nobody checks. why is as
// for [Env.NoProxy].
func (e Env) Insecure(modulePath string) (why string, ok bool) {
	return e.matches("GOINSECURE", modulePath)
}

func (e Env) matches(name, modulePath string) (why string, ok bool) {
	v := e.Get(name)
	pattern, ok := Match(v.Value, modulePath)
	if !ok {
		return "", false
	}
	if v.From != "" {
		name = v.From
	}
	return name + " matches " + pattern, true
}

// ModCache gives the absolute directory of the module cache. An error has the
// words of the go command, without its full stop.
func (e Env) ModCache() (string, error) {
	dir := e.Get("GOMODCACHE").Value
	if dir == "" {
		return "", errors.New("module cache not found: neither GOMODCACHE nor GOPATH is set")
	}
	if !filepath.IsAbs(dir) {
		return "", fmt.Errorf("GOMODCACHE entry is relative; must be absolute path: %q", dir)
	}
	return dir, nil
}

// GoVersion gives the version of the installed go command without its "go",
// such as "1.26.1"; empty where it is unknown or not a released one.
func (e Env) GoVersion() string {
	name, _, _ := strings.Cut(e.Get("GOVERSION").Value, " ")
	if !version.IsValid(name) {
		return ""
	}
	name, _, _ = strings.Cut(name, "-")
	return strings.TrimPrefix(name, "go")
}

// NetworkOff reports GODEBUG=cmdgonetlimit=0, with which the go command sends
// nothing at all. It is read from the process alone.
func (e Env) NetworkOff() bool {
	limit := ""
	for setting := range strings.SplitSeq(e.Get("GODEBUG").Value, ",") {
		if name, value, ok := strings.Cut(setting, "="); ok && name == "cmdgonetlimit" {
			limit, _, _ = strings.Cut(value, "#") // the last one counts
		}
	}
	n, err := strconv.Atoi(limit)
	return err == nil && n == 0
}

// broken finds a setting with which every go command fails before it looks at
// any module, and gives its words.
func (e Env) broken() Stop {
	bad := func(format string, args ...any) Stop {
		return Stop{Kind: BadSetting, Text: fmt.Sprintf(format, args...)}
	}
	if e.refused != "" {
		return bad("%s", e.refused)
	}
	switch value := e.Get("GO111MODULE").Value; value {
	case "", "on", "auto":
	case "off":
		return bad("modules disabled by GO111MODULE=off; see 'go help modules'")
	default:
		return bad("unknown environment setting GO111MODULE=%s", value)
	}
	for _, dir := range filepath.SplitList(e.Get("GOPATH").Value) {
		switch {
		case strings.HasPrefix(dir, "~"):
			return bad("GOPATH entry cannot start with shell metacharacter '~': %q", dir)
		case dir != "" && !filepath.IsAbs(dir):
			return bad("GOPATH entry is relative; must be absolute path: %q.", dir)
		}
	}
	if _, err := e.Flags(); err != nil {
		return bad("%v", err)
	}
	if work := e.Get("GOWORK").Value; work != "" && work != "off" && work != "auto" && !filepath.IsAbs(work) {
		return bad("invalid GOWORK: not an absolute path")
	}
	return Stop{}
}
