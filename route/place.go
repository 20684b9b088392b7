package route

import (
	"net/netip"
	"slices"
	"strings"
)

// This file knows places by their names alone: where everybody's modules are,
// where nobody's can be, and which names belong together.

// forgeHosts are hosts where anybody may have modules, public and private ones:
// the owner tells them apart.
var forgeHosts = []string{
	"atomgit.com", "bitbucket.org", "chiselapp.com", "codeberg.org", "dev.azure.com", "framagit.org", "git.sr.ht",
	"gitcode.com", "gitea.com", "gitee.com", "github.com", "gitlab.com", "gitlab.freedesktop.org", "gitlab.gnome.org", "hub.jazz.net",
	"invent.kde.org", "launchpad.net", "notabug.org", "pagure.io", "salsa.debian.org", "ssh.dev.azure.com",
}

// commonHosts are hosts that have public modules only.
var commonHosts = []string{
	"cloud.google.com", "git.apache.org", "git.kernel.org", "git.openstack.org", "git.savannah.gnu.org", "git.zx2c4.com", "go.etcd.io",
	"go.opentelemetry.io", "go.uber.org", "golang.org", "golang.zx2c4.com",
	"google.golang.org", "gopkg.in", "k8s.io", "opendev.org", "rsc.io", "sigs.k8s.io",
}

// innerNames are the last labels of names that no public name server knows:
// they are reserved, or so common inside companies that they were never given
// out.
var innerNames = []string{
	"corp", "example", "home", "internal", "intra", "intranet", "invalid", "lan", "local", "localdomain", "localhost",
	"private", "test",
}

// Forge reports whether a host has modules of anybody, public and private ones.
func Forge(host string) bool { return slices.Contains(forgeHosts, host) }

// Common reports whether a host has public modules only.
func Common(host string) bool {
	return slices.Contains(commonHosts, host) || strings.HasSuffix(host, ".googlesource.com")
}

// Inner reports whether no public name server can know a host: its name is a
// single label, or ends with one that is reserved.
func Inner(host string) bool {
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	return len(labels) == 1 || slices.Contains(innerNames, labels[len(labels)-1]) || strings.HasSuffix(host, ".home.arpa")
}

// Host gives the first element of a module path.
func Host(modulePath string) string {
	host, _, _ := strings.Cut(modulePath, "/")
	return host
}

// carrier are the addresses that providers share out among their customers; no
// other network leads there (RFC 6598).
var carrier = netip.MustParsePrefix("100.64.0.0/10")

// bench are the addresses for measuring networks (RFC 2544).
var bench = netip.MustParsePrefix("198.18.0.0/15")

// BenchAddress reports whether an address tells nothing of where a host is: no
// network leads there, but there are resolvers that give such addresses for every
// name, and then lead the way themselves.
func BenchAddress(a netip.Addr) bool { return bench.Contains(a.Unmap()) || a.IsUnspecified() }

// PrivateAddress reports whether an address can be reached only from a network
// that it is in.
func PrivateAddress(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || carrier.Contains(a)
}

// tail gives the part of a host that somebody has registered, as far as the
// name tells: two labels, or three where the second last stands for a kind of
// owner, as in corp.co.uk. Empty for what is no name.
func tail(host string) string {
	host = strings.TrimSuffix(host, ".")
	last := strings.LastIndexByte(host, '.')
	if last < 0 || last+1 < len(host) && host[last+1] <= '9' {
		return "" // a single label, or an address
	}
	second := strings.LastIndexByte(host[:last], '.')
	if second >= 0 && len(host)-last == len(".uk") && slices.Contains(ownerKinds, host[second+1:last]) {
		second = strings.LastIndexByte(host[:second], '.')
	}
	return host[second+1:]
}

// Unrelated reports whether two hosts belong to different owners, as far as their
// names tell. An address, and a name of a single label, tells nothing.
func Unrelated(a, b string) bool {
	tailA, tailB := tail(a), tail(b)
	return tailA != "" && tailB != "" && tailA != tailB
}

// ownerKinds are the second last labels of names in countries that sort their
// owners.
var ownerKinds = []string{"ac", "co", "com", "edu", "gov", "net", "or", "org"}
