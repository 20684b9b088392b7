package probe

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"syscall"
	"time"
)

// classify makes a fault of an error that ended an exchange with host. It is
// the only place where errors of the network are told apart, and it looks at
// types and values, never at words.
func classify(err error, phase Phase, host string) *Fault {
	f := &Fault{Phase: phase, Host: host, Err: err}
	f.Phase, f.Cause = cause(err, phase)
	if via, ok := viaProxy(err); ok {
		f.Host = via
		f.Phase = Connect
	}
	return f
}

func cause(err error, phase Phase) (Phase, Cause) {
	var (
		late    *overdue
		dns     *net.DNSError
		connect *refusedConnect
		scheme  *insecureRedirect
		op      *net.OpError
	)
	switch {
	case errors.As(err, &connect):
		if connect.status == http.StatusProxyAuthRequired {
			return Connect, HTTPProxyAuth
		}
		return Connect, HTTPProxyFailed
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return Connect, HTTPProxyFailed
	case errors.As(err, &scheme):
		return Request, InsecureHost
	case errors.Is(err, errManyRedirects):
		return Request, BadAnswer
	case errors.As(err, &late):
		if late.phase == Handshake {
			return Handshake, HandshakeFailed // the go command gives up here too
		}
		return late.phase, NoAnswer
	case errors.As(err, &dns):
		return Resolve, resolveCause(dns)
	}
	if c := tlsCause(err); c != NoCause {
		return Handshake, c
	}
	if c := socketCause(err, phase); c != NoCause {
		return phase, c
	}
	if phase == Handshake {
		return phase, HandshakeFailed
	}
	return phase, NotHTTP
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

func tlsCause(err error) Cause {
	var (
		unknown x509.UnknownAuthorityError
		roots   x509.SystemRootsError
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
		record  tls.RecordHeaderError
		alert   tls.AlertError
		verify  *tls.CertificateVerificationError
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
	case errors.As(err, &alert):
		if wantsCertificate(alert) {
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

// wantsCertificate reports whether a server's alert is about a certificate the
// client did not show: bad_certificate (42) is what TLS 1.2 servers send, and
// certificate_required (116) what TLS 1.3 servers do (RFC 8446, section 6.2).
func wantsCertificate(alert tls.AlertError) bool { return alert == 42 || alert == 116 }

func socketCause(err error, phase Phase) Cause {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return Refused
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return NoRoute
	case errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EPERM):
		return OSDenied
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
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

// viaProxy gives the HTTP proxy that an error is about.
func viaProxy(err error) (host string, ok bool) {
	if connect, ok := errors.AsType[*refusedConnect](err); ok {
		return connect.proxy, true
	}
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "proxyconnect" {
		return "", false
	}
	var inner *net.OpError
	if errors.As(op.Err, &inner) && inner.Addr != nil {
		return inner.Addr.String(), true
	}
	if dns, ok := errors.AsType[*net.DNSError](op.Err); ok {
		return dns.Name, true
	}
	return "", true
}
