package fakenet

import (
	"encoding/base64"
	"io"
	"maps"
	"net/http"
	"sync"
)

// HTTPProxy is a site that passes HTTP requests on, for HTTP_PROXY and
// HTTPS_PROXY: CONNECT and requests for a whole URL. It reaches the hosts of
// its own Net by their names and addresses, and nothing else.
//
// The keys its rules are matched with are "host:port" for CONNECT and the
// whole URL for the rest. Status(407, ...) and the like refuse a CONNECT.
type HTTPProxy struct {
	*Site
	onward *http.Transport

	credMu      sync.Mutex // guards credentials
	credentials string     // the wanted Proxy-Authorization; empty for none
}

// HTTPProxy starts a proxy that works.
func (n *Net) HTTPProxy(options ...Option) *HTTPProxy {
	n.t.Helper()
	p := &HTTPProxy{onward: &http.Transport{DialContext: n.Dial, DisableKeepAlives: true}}
	p.Site = n.Site(HTTP, http.HandlerFunc(p.answer), append(options, HTTP1)...)
	p.keyBy(func(r *http.Request) string {
		if r.Method == http.MethodConnect {
			return r.Host
		}
		return r.URL.String()
	})
	return p
}

// Env returns the variables that send a child process through the proxy, as
// "NAME=value": in upper case for Go, in lower case for curl, and so for git.
// What is on loopback is still asked directly, as Go has it; else git would
// see its failures as those of the proxy.
func (p *HTTPProxy) Env() []string {
	return []string{
		"HTTPS_PROXY=" + p.URL(), "https_proxy=" + p.URL(),
		"HTTP_PROXY=" + p.URL(), "http_proxy=" + p.URL(),
		"NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1",
	}
}

// Demand makes the proxy serve only who sends this name and password by
// Basic authentication, and answer 407 to the rest.
func (p *HTTPProxy) Demand(user, password string) {
	p.credMu.Lock()
	defer p.credMu.Unlock()
	p.credentials = "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

func (p *HTTPProxy) answer(w http.ResponseWriter, r *http.Request) {
	p.credMu.Lock()
	wanted := p.credentials
	p.credMu.Unlock()
	switch {
	case wanted != "" && r.Header.Get("Proxy-Authorization") != wanted:
		w.Header().Set("Proxy-Authenticate", `Basic realm="fakenet"`)
		http.Error(w, "who are you?", http.StatusProxyAuthRequired)
	case r.Method == http.MethodConnect:
		p.tunnel(w, r)
	case !r.URL.IsAbs():
		http.Error(w, "this is a proxy: ask for a whole URL", http.StatusBadRequest)
	default:
		p.forward(w, r)
	}
}

// tunnel connects the client with the host it names.
func (p *HTTPProxy) tunnel(w http.ResponseWriter, r *http.Request) {
	far, err := p.net.Dial(r.Context(), "tcp", r.Host)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer far.Close()
	near, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer near.Close()
	if _, err := io.WriteString(near, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	var up sync.WaitGroup
	defer up.Wait()
	up.Go(func() {
		io.Copy(far, buffered)
		closeWrite(far)
	})
	io.Copy(near, far)
	// Nothing more will come back, so nobody waits for what would still go up.
	near.Close()
}

// forward fetches the URL for the client.
func (p *HTTPProxy) forward(w http.ResponseWriter, r *http.Request) {
	out := r.Clone(r.Context())
	out.RequestURI = ""
	out.Header.Del("Proxy-Authorization")
	out.Header.Del("Proxy-Connection")
	answer, err := p.onward.RoundTrip(out)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	maps.Copy(w.Header(), answer.Header)
	w.WriteHeader(answer.StatusCode)
	io.Copy(w, answer.Body)
}
