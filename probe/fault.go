package probe

import "time"

// Cause is why a step failed. The list is closed: every cause has a producer
// among the tests and a code in the catalogue.
type Cause uint8

const (
	NoCause Cause = iota

	// Resolve
	NameNotFound // the name server says there is no such host
	NameFailed   // the name server fails
	NameTimeout  // the name server does not answer

	// Connect
	Refused        // nobody listens
	ConnectTimeout // no answer to the connection request
	Reset          // the connection was closed or reset before an answer
	NoRoute        // this machine knows no way to the address
	OSDenied       // this machine does not let us connect
	HTTPProxyFailed
	HTTPProxyAuth

	// Handshake
	UnknownAuthority
	WrongName
	Expired
	NotYetValid
	HandshakeFailed
	ClientCertificate

	// Request and body
	NoAnswer // accepted, then silence
	NotHTTP  // the answer is not HTTP, or HTTP and HTTPS are mixed up
	BadAnswer
	CaptivePortal
	AuthNeeded
	Forbidden
	RateLimited
	ServerError
	NotFound
	InsecureHost

	// Elsewhere
	ProxyOff
	SumMismatch
	DiskCache
	NoDirectory
	NoGoMod
	NetworkOff
)

// Fault is a step that failed.
type Fault struct {
	Phase Phase
	Cause Cause
	// Host is the host and port that failed ("proxy.corp.example:443"); for
	// HTTPProxyFailed and HTTPProxyAuth that of the HTTP proxy. Empty where
	// no host is involved.
	Host string
	// Status is the HTTP status code; 0 if there was none.
	Status int
	// Body is the printable part of a text answer, at most 8 lines.
	Body string
	// RetryAfter is what the host asked for; 0 if it did not.
	RetryAfter time.Duration
	// Err is what the network said; nil where the cause is no error value.
	Err error
}
