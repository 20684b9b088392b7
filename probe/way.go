package probe

import (
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/http/httpproxy"
)

// way tells through which HTTP proxy a request goes, and which setting decides
// that; nil for none.
func (p *Prober) way(target *url.URL) (via *url.URL, why string) {
	upper, lower := "HTTPS_PROXY", "https_proxy"
	if target.Scheme == "http" {
		upper, lower = "HTTP_PROXY", "http_proxy"
	}
	name, setting := upper, p.opts.Env.Get(upper).Value
	if setting == "" {
		name, setting = lower, p.opts.Env.Get(lower).Value
	}
	if setting == "" {
		return nil, upper + " is not set"
	}
	via, err := p.proxy(target)
	switch {
	case err != nil:
		return nil, name + " cannot be used"
	case via != nil:
		return via, name
	}
	// Nothing but its own code knows how an entry is meant, so each is tried.
	passes := func(target *url.URL, noProxy string) bool {
		via, err := (&httpproxy.Config{HTTPProxy: setting, HTTPSProxy: setting, NoProxy: noProxy}).ProxyFunc()(target)
		return via == nil && err == nil
	}
	around := func(noProxy string) bool { return passes(target, noProxy) }
	if passes(&url.URL{Scheme: target.Scheme, Host: "anywhere.invalid"}, "") {
		return nil, name + " is no address, so it counts for nothing"
	}
	if around("") {
		return nil, "this machine itself is never asked through " + name
	}
	for _, name := range []string{"NO_PROXY", "no_proxy"} {
		for entry := range strings.SplitSeq(p.opts.Env.Get(name).Value, ",") {
			if around(entry) {
				return nil, fmt.Sprintf("%s has %s", name, strings.TrimSpace(entry))
			}
		}
	}
	return nil, name + " does not apply"
}
