package fakenet

import "net/http"

// Request is one request as a site saw it.
type Request struct {
	Method string
	// Host is the site the client meant: the Host header.
	Host string
	// URI is the target as sent, still escaped: "/corp.example/%21a/@v/list";
	// at an HTTP proxy "host:port" or a whole URL.
	URI string
	// Key is what the patterns of [Site.On] were matched with.
	Key string
	// Proto is "HTTP/1.1" or "HTTP/2.0".
	Proto string
	// Conn is the number of the connection it came on, from 1.
	Conn int
	// UserAgent is that header; empty if there was none.
	UserAgent string
	// Authorized says that there was an Authorization header, ProxyAuthorized
	// a Proxy-Authorization one. What they said is not kept.
	Authorized, ProxyAuthorized bool
}

func newRequest(r *http.Request, key string) Request {
	_, conn := connOf(r)
	return Request{
		Method:          r.Method,
		Host:            r.Host,
		URI:             r.RequestURI,
		Key:             key,
		Proto:           r.Proto,
		Conn:            conn.number,
		UserAgent:       r.UserAgent(),
		Authorized:      r.Header.Get("Authorization") != "",
		ProxyAuthorized: r.Header.Get("Proxy-Authorization") != "",
	}
}
