package fakenet

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/dns/dnsmessage"
)

// DNS is the name server of a Net. It knows the sites with a [Host]; all
// other names do not exist until they are set. It answers over UDP and TCP on
// loopback, and in pipe mode through [Net.Resolver] only.
type DNS struct {
	addr string

	mu      sync.Mutex // guards what follows
	names   map[string]nameAnswer
	queries []string
}

// NameFault is how a name fails to resolve.
type NameFault int

// The ways to fail.
const (
	NoSuchName NameFault = iota + 1 // NXDOMAIN, as any name that was never set
	ServFail                        // the server fails
	NoReply                         // the server is silent
)

// nameAnswer is what is known of a name.
type nameAnswer struct {
	ips   []netip.Addr
	fault NameFault // 0 if there are addresses
}

// DNS returns the name server of the Net.
func (n *Net) DNS() *DNS { return n.dns }

// Resolver returns a resolver that asks only the Net's name server. Its waits
// and retries are those of the system's resolv.conf, as with any Go resolver.
func (n *Net) Resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: n.dns.dial(n)}
}

// Set makes name resolve to the given IP addresses.
func (d *DNS) Set(name string, ips ...string) {
	a := nameAnswer{}
	for _, ip := range ips {
		a.ips = append(a.ips, netip.MustParseAddr(ip))
	}
	d.put(name, a)
}

// Break makes name fail to resolve.
func (d *DNS) Break(name string, fault NameFault) {
	d.put(name, nameAnswer{fault: fault})
}

func (d *DNS) put(name string, a nameAnswer) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.names[strings.ToLower(name)] = a
}

// Addr returns the "ip:port" of the server on loopback, for UDP and TCP; in
// pipe mode it is empty.
func (d *DNS) Addr() string { return d.addr }

// Queries returns what was asked so far, as "A proxy.corp.example".
func (d *DNS) Queries() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.queries)
}

// newDNS starts the name server of n.
func newDNS(n *Net) *DNS {
	n.t.Helper()
	d := &DNS{names: make(map[string]nameAnswer)}
	if _, ok := n.wire.(loopback); !ok {
		return d
	}
	l := n.listen("127.0.0.1:0")
	d.addr = l.Addr().String()
	udp, err := net.ListenPacket("udp", d.addr)
	if err != nil {
		n.t.Fatalf("fakenet: listening for UDP: %v", err)
	}
	n.onClose(func() { udp.Close(); l.Close() })
	n.running.Go(func() { d.serveUDP(udp) })
	n.running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			n.running.Go(func() { d.serveStream(n.ctx, c) })
		}
	})
	return d
}

// dial returns the Dial of a resolver that asks d, whatever server it meant.
func (d *DNS) dial(n *Net) func(ctx context.Context, network, _ string) (net.Conn, error) {
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		if d.addr != "" {
			return new(net.Dialer).DialContext(ctx, network, d.addr)
		}
		if err := n.ctx.Err(); err != nil {
			return nil, err
		}
		// Over a conn that is no net.PacketConn the resolver speaks DNS as over
		// TCP. The conn ends with the caller or the Net.
		near, far := connPair(tcpAddr("198.18.0.0:53"))
		n.running.Go(func() { d.serveStream(n.ctx, far) })
		return near, nil
	}
}

func (d *DNS) serveUDP(c net.PacketConn) {
	// 4096 is the most any resolver announces in practice.
	buf := make([]byte, 4096)
	for {
		size, from, err := c.ReadFrom(buf)
		if err != nil {
			return
		}
		if reply := d.reply(buf[:size]); reply != nil {
			c.WriteTo(reply, from)
		}
	}
}

// serveStream answers queries in TCP framing until the conn or ctx ends.
func (d *DNS) serveStream(ctx context.Context, c net.Conn) {
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	defer c.Close()
	for {
		var size uint16
		if err := binary.Read(c, binary.BigEndian, &size); err != nil {
			return
		}
		query := make([]byte, size)
		if _, err := io.ReadFull(c, query); err != nil {
			return
		}
		if reply := d.reply(query); reply != nil {
			framed := binary.BigEndian.AppendUint16(nil, uint16(len(reply)))
			if _, err := c.Write(append(framed, reply...)); err != nil {
				return
			}
		}
	}
}

// reply returns the answer to a query; nil if there shall be none.
func (d *DNS) reply(query []byte) []byte {
	var p dnsmessage.Parser
	header, err := p.Start(query)
	if err != nil {
		return nil
	}
	q, err := p.Question()
	if err != nil {
		return nil
	}
	a := d.look(q)
	msg := dnsmessage.Message{
		Header: dnsmessage.Header{
			ID: header.ID, Response: true, Authoritative: true,
			RecursionDesired: header.RecursionDesired, RecursionAvailable: true,
		},
		Questions: []dnsmessage.Question{q},
	}
	switch a.fault {
	case NoReply:
		return nil
	case ServFail:
		msg.RCode = dnsmessage.RCodeServerFailure
	case NoSuchName:
		msg.RCode = dnsmessage.RCodeNameError
	}
	for _, ip := range a.ips {
		var body dnsmessage.ResourceBody
		switch {
		case ip.Is4() && q.Type == dnsmessage.TypeA:
			body = &dnsmessage.AResource{A: ip.As4()}
		case ip.Is6() && q.Type == dnsmessage.TypeAAAA:
			body = &dnsmessage.AAAAResource{AAAA: ip.As16()}
		default:
			continue // no record of this type
		}
		msg.Answers = append(msg.Answers, dnsmessage.Resource{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET},
			Body:   body,
		})
	}
	reply, err := msg.Pack()
	if err != nil {
		return nil
	}
	return reply
}

// look logs a question and returns what is known.
func (d *DNS) look(q dnsmessage.Question) nameAnswer {
	name := strings.ToLower(strings.TrimSuffix(q.Name.String(), "."))
	d.mu.Lock()
	defer d.mu.Unlock()
	d.queries = append(d.queries, strings.TrimPrefix(q.Type.String(), "Type")+" "+name)
	a, ok := d.names[name]
	if !ok {
		a.fault = NoSuchName
	}
	return a
}
