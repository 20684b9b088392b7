package probe

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Cause is why a step failed. The list is closed: every cause has a test in
// which a server really behaves that way, and a code in the catalogue.
type Cause uint8

const (
	// NoCause is the zero value.
	NoCause Cause = iota

	// NameNotFound means the name server knows no such host.
	NameNotFound
	// NameFailed means the name server answered with an error.
	NameFailed
	// NameTimeout means the name server did not answer.
	NameTimeout

	// Refused means nobody listens at the address.
	Refused
	// ConnectTimeout means the connection request was not answered.
	ConnectTimeout
	// Reset means the connection ended before the answer did.
	Reset
	// NoRoute means this machine knows no way to the address.
	NoRoute
	// OSDenied means this machine forbids the connection.
	OSDenied
	// HTTPProxyFailed means the HTTP proxy of the environment could not be
	// reached or would not connect.
	HTTPProxyFailed
	// HTTPProxyAuth means that proxy wants a login.
	HTTPProxyAuth

	// UnknownAuthority means no trusted authority signed the certificate.
	UnknownAuthority
	// WrongName means the certificate is for another host.
	WrongName
	// Expired means the certificate is no longer valid.
	Expired
	// NotYetValid means the certificate is not valid yet, or the clock is slow.
	NotYetValid
	// ClientCertificate means the server wants a certificate from us.
	ClientCertificate
	// HandshakeFailed is any other end of the TLS handshake.
	HandshakeFailed

	// NoAnswer means the connection was accepted and then nothing came.
	NoAnswer
	// NotHTTP means the answer was not HTTP, or TLS and plain text were mixed up.
	NotHTTP
	// BadAnswer means the answer makes no sense to the go command.
	BadAnswer
	// CaptivePortal means a login page answered in place of the host.
	CaptivePortal
	// AuthNeeded means the host wants a login.
	AuthNeeded
	// Forbidden means the host refuses.
	Forbidden
	// RateLimited means the host wants to be asked less often.
	RateLimited
	// ServerError means the host failed.
	ServerError
	// NotFound means the host does not have it.
	NotFound
	// InsecureHost means the go command refuses to go on without encryption.
	InsecureHost

	// ProxyOff means the settings forbid to fetch: GOPROXY=off or its like.
	ProxyOff
	// SumMismatch means the file is not the one go.sum knows.
	SumMismatch
	// DiskCache means the module cache could not be read.
	DiskCache
	// NoDirectory means the directory of a replace does not exist.
	NoDirectory
	// NoGoMod means that directory has no go.mod.
	NoGoMod
	// TooOld means the module wants a newer go command.
	TooOld
	// BadSetting means a setting of the go command cannot be used: GOSUMDB,
	// GOAUTH, GOVCS.
	BadSetting
	// NoGoImport means the host's page for a module path has no go-import tag.
	NoGoImport
	// GoImportMismatch means the page's tags are of no use for the path.
	GoImportMismatch

	// VCSMissing means the program for the repository is not installed.
	VCSMissing
	// VCSAuth means the host of the repository does not let us in, for lack of a
	// login or with the one it got.
	VCSAuth
	// VCSHostKey means ssh does not know, or no longer knows, the host's key.
	VCSHostKey
	// NoRevision means the repository has no such tag, branch or commit, or no
	// module there.
	NoRevision
	// VCSDisallowed means GOVCS, or git's own rules on protocols, forbid it.
	VCSDisallowed
	// OtherModule means a module that replaces another one declares a path that
	// is neither's.
	OtherModule

	// Causes is how many there are.
	Causes = int(OtherModule) + 1
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
	// Detail is the printable part of a plain text answer, as the go command
	// quotes it; empty if there was none.
	Detail string
	// Page is the title of the web page that came where none belongs; empty if
	// none came, or it has no title of its own.
	Page string
	// Tried tells, where the host wants another login, what became of the
	// credentials there are: "netrc has no entry for proxy.corp.example"; empty
	// for other faults.
	Tried string
	// RetryAfter is what the host asked for; 0 if it did not.
	RetryAfter time.Duration
	// Err is what the network said; nil where a status or a file was the cause.
	Err error
}

// StatusLine gives the HTTP status with its words, such as "502 Bad Gateway";
// empty if there was none.
func (f *Fault) StatusLine() string {
	if f.Status == 0 {
		return ""
	}
	return strings.TrimSpace(strconv.Itoa(f.Status) + " " + http.StatusText(f.Status))
}

// Overdue reports whether the step was given up after waiting for it in vain.
func (f *Fault) Overdue() bool {
	late := (*overdue)(nil)
	return errors.As(f.Err, &late)
}

// HostLevel reports whether the fault says something of the host rather than
// of what it was asked for, so that other questions would end the same way. A
// host that answers at all, with whatever status, is not at fault.
func (f *Fault) HostLevel() bool {
	switch f.Phase {
	case Resolve, Connect, Handshake:
		return true
	case Request:
		return f.Cause == NoAnswer || f.Cause == Reset || f.Cause == NotHTTP
	case NoPhase, Body, VCS, Checksum:
	}
	return false
}

// statusCause says what an HTTP status other than 200 means to the go command,
// which takes 404 and 410 for "does not exist" and everything else for an error.
func statusCause(status int) Cause {
	switch status {
	case http.StatusNotFound, http.StatusGone:
		return NotFound
	case http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusProxyAuthRequired:
		return AuthNeeded
	case http.StatusForbidden, http.StatusUnavailableForLegalReasons:
		return Forbidden
	case http.StatusTooManyRequests:
		return RateLimited
	case http.StatusNetworkAuthenticationRequired:
		return CaptivePortal
	}
	if status >= 500 {
		return ServerError
	}
	return BadAnswer
}
