package diagnostics

// directRemedies are what to do where the module's own host is at fault, and
// not a proxy, for codes whose usual remedy speaks of proxies.
var directRemedies = map[Code]string{
	DNSNotFound:         "Check the module path, or connect the VPN that knows the host.",
	ConnectRefused:      "Start it, or correct the module path or git's url.insteadOf.",
	ConnectTimeout:      "A firewall drops the packets or the host is down; connect the VPN that leads there.",
	ConnectReset:        "Something on the way cuts it, often a firewall; try another network.",
	TLSUnknownAuthority: "If it is your company's, install its root certificate in the system; else name the file in SSL_CERT_FILE for go and in http.sslCAInfo for git.",
	TLSHandshake:        "Either it knows nothing newer than TLS 1.1, or a firewall on the way drops the connection; try another network.",
	TLSClientCert:       "Fetch the module through a proxy, or have git use ssh for it with url.insteadOf.",
	NoAnswer:            "Check the network or the VPN; go never gives up waiting.",
	NotHTTP:             "Check that the host serves https, or git at the address that url.insteadOf gives.",
	BadAnswer:           "Try the same by hand with git ls-remote.",
	Forbidden:           "Ask its owners for access.",
	RateLimited:         "Wait a little, or have a proxy fetch the module.",
	ModuleNotFound:      "Check the path. A host also says so of a repository that your login may not see: check it with git ls-remote.",
	InsecureHost:        "Ask its owners for https; GOINSECURE makes an exception for a host you trust.",
}
