package fakenet

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// CA is a certificate authority. Its certificates are valid around the time
// the Net was made, so those of a Net in a synctest bubble are valid in 2000.
type CA struct {
	t    testing.TB
	now  time.Time
	pool *x509.CertPool
	file func() string

	cert     *x509.Certificate
	key      *ecdsa.PrivateKey // of cert and of every leaf
	rogue    *x509.Certificate // signs for UnknownCA
	rogueKey *ecdsa.PrivateKey
}

// keys are the two keys of everything, made once because that is slow: the
// first signs and serves, the second is the one of an authority nobody
// trusts. Who else holds a key plays no part in what a client checks.
var keys = sync.OnceValues(func() (pair [2]*ecdsa.PrivateKey, err error) {
	for i := range pair {
		if pair[i], err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
			return pair, err
		}
	}
	return pair, nil
})

const (
	// caLife is how long before and after the Net's birth its authority is
	// valid: longer than any clock a test turns.
	caLife = 10 * 365 * 24 * time.Hour
	// leafLife is the same for the certificates. Twice that earlier or later,
	// they are expired or not yet valid, and still inside the authority's life.
	leafLife = caLife / 3
)

func newCA(t testing.TB) *CA {
	t.Helper()
	pair, err := keys()
	if err != nil {
		t.Fatalf("fakenet: making keys: %v", err)
	}
	ca := &CA{t: t, now: time.Now(), pool: x509.NewCertPool(), key: pair[0], rogueKey: pair[1]}
	ca.cert = ca.root("fakenet CA", ca.key)
	ca.rogue = ca.root("fakenet rogue CA", ca.rogueKey)
	ca.pool.AddCert(ca.cert)
	ca.file = sync.OnceValue(func() string {
		file := filepath.Join(t.TempDir(), "ca.pem")
		data := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.cert.Raw})
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatalf("fakenet: writing the CA file: %v", err)
		}
		return file
	})
	return ca
}

// Pool returns a pool with the authority in it.
func (ca *CA) Pool() *x509.CertPool { return ca.pool }

// File returns the path of a PEM file with the authority's certificate, for
// SSL_CERT_FILE.
func (ca *CA) File() string { return ca.file() }

// ClientConfig returns a new TLS configuration that trusts only the authority.
func (ca *CA) ClientConfig() *tls.Config {
	return &tls.Config{RootCAs: ca.pool}
}

// ClientCertificate returns a certificate that a [ClientCert] site accepts.
func (ca *CA) ClientCertificate() tls.Certificate {
	return ca.leaf(leaf{names: []string{"client.test"}})
}

// serverConfig returns the TLS configuration of a site at host and ip that
// has the given trait; NoTrait is a faultless one.
func (ca *CA) serverConfig(trait Trait, host string, ip net.IP) *tls.Config {
	l := leaf{ips: []net.IP{ip}}
	if net.ParseIP(host) == nil {
		l.names = []string{host}
	}
	config := new(tls.Config)
	switch trait {
	case Expired:
		l.shift = -2 * leafLife
	case NotYetValid:
		l.shift = 2 * leafLife
	case WrongName:
		l.names, l.ips = []string{"other.test"}, []net.IP{net.IPv4(192, 0, 2, 1)}
	case UnknownCA:
		l.rogue = true
	case NoIPSAN:
		l.ips = nil
		l.names = append(l.names, "noip.test")
	case ClientCert:
		config.ClientAuth = tls.RequireAndVerifyClientCert
		config.ClientCAs = ca.pool
	case TLS11:
		config.MinVersion, config.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	}
	config.Certificates = []tls.Certificate{ca.leaf(l)}
	return config
}

// leaf is what is special about one certificate.
type leaf struct {
	names []string
	ips   []net.IP
	shift time.Duration // moves the time it is valid
	rogue bool          // signed by the authority nobody trusts
}

func (ca *CA) leaf(l leaf) tls.Certificate {
	ca.t.Helper()
	issuer, issuerKey := ca.cert, ca.key
	if l.rogue {
		issuer, issuerKey = ca.rogue, ca.rogueKey
	}
	middle := ca.now.Add(l.shift)
	cert := ca.sign(&x509.Certificate{
		SerialNumber: serial(),
		Subject:      pkix.Name{CommonName: "fakenet leaf"},
		NotBefore:    middle.Add(-leafLife),
		NotAfter:     middle.Add(leafLife),
		DNSNames:     l.names,
		IPAddresses:  l.ips,
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}, issuer, ca.key, issuerKey)
	return tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: ca.key, Leaf: cert}
}

func (ca *CA) root(name string, key *ecdsa.PrivateKey) *x509.Certificate {
	template := &x509.Certificate{
		SerialNumber:          serial(),
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             ca.now.Add(-caLife),
		NotAfter:              ca.now.Add(caLife),
		KeyUsage:              x509.KeyUsageCertSign,
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	return ca.sign(template, template, key, key)
}

// sign makes the certificate of template for the holder's key.
func (ca *CA) sign(template, issuer *x509.Certificate, holder, signer *ecdsa.PrivateKey) *x509.Certificate {
	ca.t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, issuer, &holder.PublicKey, signer)
	if err != nil {
		ca.t.Fatalf("fakenet: signing %s: %v", template.Subject, err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		ca.t.Fatalf("fakenet: reading back %s: %v", template.Subject, err)
	}
	return cert
}

// serial returns a random serial number of 64 bits, wide enough to be unique
// in any store that insists on it.
func serial() *big.Int {
	var b [8]byte
	rand.Read(b[:]) // never fails
	return new(big.Int).SetBytes(b[:])
}
