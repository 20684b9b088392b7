package probe

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"syscall"
	"time"
)

// classify makes a fault of an error that ended an exchange with host. It is
// the only place where errors of the network are told apart, and it looks at
// types and values, never at words.
func classify(err error, at moment, host string) *Fault {
	f := &Fault{Host: host, Err: err}
	f.Phase, f.Cause = cause(err, at)
	if f.Phase == NoPhase {
		f.Phase = Request
	}
	if connect, ok := errors.AsType[*refusedConnect](err); ok {
		f.Status = connect.status
	}
	if at.via != nil && (f.Cause == HTTPProxyFailed || f.Cause == HTTPProxyAuth) {
		f.Host = hostPort(at.via)
	}
	return f
}

func cause(err error, at moment) (Phase, Cause) {
	var (
		late    *overdue
		dns     *net.DNSError
		connect *refusedConnect
		refused *unusableProxy
		scheme  *insecureRedirect
	)
	switch {
	case errors.As(err, &refused):
		return Connect, HTTPProxyFailed
	case errors.As(err, &connect):
		if connect.status == http.StatusProxyAuthRequired {
			return Connect, HTTPProxyAuth
		}
		return Connect, HTTPProxyFailed
	case at.via != nil && at.dialling && (at.phase != Handshake || ofProxy(err)):
		return Connect, HTTPProxyFailed
	case errors.As(err, &scheme):
		return Request, InsecureHost
	case errors.Is(err, errManyRedirects):
		return Request, BadAnswer
	case errors.As(err, &late):
		if late.phase == Handshake {
			return Handshake, HandshakeFailed // here the go command gives up as well
		}
		return late.phase, NoAnswer
	case errors.As(err, &dns):
		return Resolve, resolveCause(dns)
	}
	if c := tlsCause(err, at.wanted); c != NoCause {
		return Handshake, c
	}
	c := socketCause(err, at.phase)
	if at.wanted && at.phase != Body && (c == Reset || c == NoCause) {
		// Over TLS 1.3 the client is done before the server sees that there is
		// no certificate, and may learn of the end before it learns of the reason.
		return Handshake, ClientCertificate
	}
	if c == NoCause {
		c = otherCause(at)
	}
	return at.phase, c
}

// ofProxy reports whether the error came from the way to an HTTP proxy, before
// that was asked for anything.
func ofProxy(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "proxyconnect"
}

// otherCause is for what no type or value tells.
func otherCause(at moment) Cause {
	switch at.phase {
	case Resolve:
		return NameFailed
	case Connect:
		return NoRoute // a route that swallows, an address that cannot be used
	case Handshake:
		return HandshakeFailed
	case Body:
		return BadAnswer // a bad chunk, a bad compression
	case Request:
		if at.answered {
			return BadAnswer // a redirect that nobody can follow
		}
	case NoPhase, VCS, Checksum:
	}
	return NotHTTP
}

func resolveCause(err *net.DNSError) Cause {
	switch {
	case err.IsNotFound:
		return NameNotFound
	case err.IsTimeout:
		return NameTimeout
	}
	return NameFailed
}

func tlsCause(err error, wanted bool) Cause {
	var (
		unknown x509.UnknownAuthorityError
		roots   x509.SystemRootsError
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
		record  tls.RecordHeaderError
		verify  *tls.CertificateVerificationError
		op      *net.OpError
	)
	switch {
	case errors.As(err, &unknown), errors.As(err, &roots):
		return UnknownAuthority
	case errors.As(err, &name):
		return WrongName
	case errors.As(err, &invalid):
		return invalidCause(invalid)
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, &record):
		return NotHTTP
	case errors.As(err, &op) && op.Op == "remote error": // an alert, of no exported type
		if wanted {
			return ClientCertificate
		}
		return HandshakeFailed
	case errors.As(err, &verify):
		return UnknownAuthority
	}
	return NoCause
}

func invalidCause(err x509.CertificateInvalidError) Cause {
	switch {
	case err.Reason != x509.Expired:
		return UnknownAuthority
	case err.Cert != nil && time.Now().Before(err.Cert.NotBefore):
		return NotYetValid
	}
	return Expired
}

func socketCause(err error, phase Phase) Cause {
	is := func(codes ...syscall.Errno) bool {
		return slices.ContainsFunc(codes, func(code syscall.Errno) bool { return errors.Is(err, code) })
	}
	switch {
	case is(syscall.ECONNREFUSED, wsaRefused):
		return Refused
	case is(syscall.ENETUNREACH, syscall.EHOSTUNREACH, wsaNetUnreachable, wsaHostUnreachable):
		return NoRoute
	case is(syscall.EACCES, syscall.EPERM, wsaAccess):
		return OSDenied
	case is(syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE, wsaReset, wsaAborted),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &streamError{}):
		return Reset
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		switch phase {
		case Connect, Resolve:
			return ConnectTimeout
		case Handshake:
			return HandshakeFailed
		case NoPhase, Request, Body, VCS, Checksum:
		}
		return NoAnswer
	}
	return NoCause
}

// What Windows calls these errors (winsock2.h). Package syscall has other,
// invented numbers there under the names of Unix.
const (
	wsaAccess          syscall.Errno = 10013
	wsaNetUnreachable  syscall.Errno = 10051
	wsaAborted         syscall.Errno = 10053
	wsaReset           syscall.Errno = 10054
	wsaRefused         syscall.Errno = 10061
	wsaHostUnreachable syscall.Errno = 10065
)

// streamError is how net/http lets others see that an HTTP/2 stream was reset:
// its own error of that type converts itself to any struct with these fields.
type streamError struct {
	StreamID uint32
	Code     uint32
	Cause    error
}

func (e streamError) Error() string { return fmt.Sprintf("HTTP/2 stream reset, code %d", e.Code) }
