package probe

import (
	"net"
	"slices"
	"strings"
)

// Links gives the addresses of this machine as a text to be compared with a later
// one: it differs when a network, such as a VPN, has come or gone. Nothing is
// sent. It is empty where the system does not tell, and without a network.
func Links() string {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return ""
	}
	var all []string
	for _, a := range addrs {
		if ip, ok := a.(*net.IPNet); ok && !ip.IP.IsLoopback() {
			all = append(all, ip.String())
		}
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}
