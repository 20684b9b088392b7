package doctor

import "time"

// Host is what was seen of one host.
type Host struct {
	// Name is the host with its port.
	Name string `json:"name"`
	// URL is what was asked for: its front page. It holds no secret.
	URL string `json:"url"`
	// Roles tell what the go command needs it for: "entry 1 of GOPROXY".
	Roles []string `json:"roles"`
	// Via is the HTTP proxy on the way, without secrets; empty for none. Why
	// tells which setting put it there, or kept it away.
	Via string `json:"via"`
	Why string `json:"why"`
	// Proto is the version of HTTP that it speaks, "HTTP/2.0"; empty if it spoke
	// none. HTTP is the status of its answer; 0 if there was none.
	Proto string `json:"proto"`
	HTTP  int    `json:"http"`
	// Looks has one for each address family, or a single one through an HTTP
	// proxy.
	Looks []Look `json:"looks"`
}

// Look is one attempt to reach a host.
type Look struct {
	// Family is "IPv4" or "IPv6"; empty where an HTTP proxy looks up the name.
	Family string `json:"family"`
	// Address is the IP address and port; empty where none was reached.
	Address string `json:"address"`
	// Outcome is "ok", "fault", or "none" where the host has no address of the
	// family, or this machine has no way to any.
	Outcome string `json:"outcome"`
	// Code and Message say what went wrong; empty for the others.
	Code    string `json:"code"`
	Message string `json:"message"`
	// Steps is the waterfall.
	Steps []Step `json:"steps"`
	// TLS is the version, "TLS 1.3"; empty for none.
	TLS string `json:"tls"`
	// Certificate is what the host showed; nil where it showed none.
	Certificate *Certificate `json:"certificate,omitempty"`
}

// Step is one phase of a look, in milliseconds. Start counts from the begin of
// the look.
type Step struct {
	// Name is "resolve", "connect", "handshake", "request" (to the first byte)
	// or "body".
	Name  string  `json:"name"`
	Start float64 `json:"start"`
	MS    float64 `json:"ms"`
}

// Certificate is the one that a host showed for itself.
type Certificate struct {
	Subject string    `json:"subject"`
	Issuer  string    `json:"issuer"`
	Expires time.Time `json:"expires"`
}
