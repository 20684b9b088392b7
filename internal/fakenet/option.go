package fakenet

// Scheme is the URL scheme of a site.
type Scheme string

// The schemes a site can have. What it really speaks is the same, unless an
// option says otherwise.
const (
	HTTP  Scheme = "http"
	HTTPS Scheme = "https"
)

// Option changes how a site is made; nil changes nothing. The options are
// [Host] and the [Trait]s.
type Option interface {
	apply(*Site)
}

// Host is the name of a site, known to the Net's [DNS] and in the site's
// certificate. Without it, a site's URL has an IP address.
type Host string

func (h Host) apply(s *Site) { s.name = string(h) }

// Trait is one way in which a whole site is odd, whatever it is asked.
type Trait int

// The traits a site can have; it has at most one of those about TLS.
//
// A client without a certificate learns of [ClientCert] only after its side of
// the handshake is done, as TLS 1.3 has it: by the alert "certificate
// required", but with Go's HTTP/2 client sometimes only by "client conn could
// not be established". Add [HTTP1] where the error must be the first.
const (
	NoTrait     Trait = iota
	Expired           // its certificate is no longer valid
	NotYetValid       // its certificate is not valid yet
	WrongName         // its certificate is for another name and address
	UnknownCA         // its certificate is signed by an authority nobody trusts
	NoIPSAN           // its certificate has no IP address
	ClientCert        // it demands a certificate of the client
	TLS11             // it speaks no newer TLS than 1.1
	HTTP1             // it speaks no HTTP/2
	Misspoken         // it speaks plain HTTP if its scheme is HTTPS, and TLS if it is HTTP
	Mute              // it accepts connections and never reads or writes
	WellKnown         // its URL has no port: [Net.Dial], and so an [HTTPProxy], knows it
)

func (t Trait) apply(s *Site) {
	switch t {
	case HTTP1:
		s.http1 = true
	case Misspoken:
		s.misspoken = true
	case Mute:
		s.mute = true
	case WellKnown:
		s.wellKnown = true
	default:
		s.tls = t
	}
}
