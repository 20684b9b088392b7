package patrol_test

import (
	"testing"
	"time"

	"github.com/modreach/modreach/patrol"
	"github.com/modreach/modreach/probe"
)

// dropped is a host whose packets a firewall drops.
func dropped(host string, patience probe.Patience) reply {
	return reply{after: patience.Connect, fault: &probe.Fault{Phase: probe.Connect, Cause: probe.ConnectTimeout, Host: host}}
}

// cutOff is a host to which connections are cut in the handshake.
func cutOff(host string, _ probe.Patience) reply {
	return reply{fault: &probe.Fault{Phase: probe.Handshake, Cause: probe.Reset, Host: host}}
}

// notFrom is a host to which the HTTP proxy does not connect.
func notFrom(status int) manner {
	return func(string, probe.Patience) reply {
		return reply{fault: &probe.Fault{Phase: probe.Connect, Cause: probe.HTTPProxyFailed, Host: "web.corp.example:3128", Status: status}}
	}
}

// papered is a host for which a web page answers.
func papered(title string) manner {
	return func(host string, _ probe.Patience) reply {
		return reply{fault: &probe.Fault{Phase: probe.Body, Cause: probe.BadAnswer, Host: host, Page: title}, proto: 1}
	}
}

// TestFiltered wants a filter to be told by what it does to hosts of different
// owners, and no fault of theirs to be taken for one.
func TestFiltered(t *testing.T) {
	hosts := []string{"git.alpha.example", "mods.beta.example"}
	seen := func(w patrol.Way) patrol.Weather {
		return patrol.Weather{Sky: patrol.Filtered, Hosts: hosts, Way: w}
	}
	both := func(m manner, more ...string) map[string]manner {
		all := map[string]manner{hosts[0]: m, hosts[1]: m}
		for _, h := range more {
			all[h] = serves(0)
		}
		return all
	}
	for _, test := range []struct {
		name  string
		hosts map[string]manner
		want  patrol.Weather
	}{
		{"dropped, while another answers", both(dropped, "c.example"), seen(patrol.Way{Cause: probe.ConnectTimeout})},
		{"dropped, and nobody answers", both(dropped), patrol.Weather{Sky: patrol.Offline, Hosts: hosts}},
		{"cut in the handshake", both(cutOff), seen(patrol.Way{Cause: probe.Reset})},
		{"refused by the HTTP proxy", both(notFrom(403)), seen(patrol.Way{Cause: probe.HTTPProxyFailed, Status: 403})},
		{"not reached by the HTTP proxy", both(notFrom(502)), patrol.Weather{}},
		{"the same page", both(papered("Web filter")), seen(patrol.Way{Cause: probe.BadAnswer, Page: "Web filter"})},
		{"a page without a title of its own", both(papered("")), patrol.Weather{}},
		{"two pages", map[string]manner{hosts[0]: papered("One"), hosts[1]: papered("Two")}, patrol.Weather{}},
		{"two ways", map[string]manner{hosts[0]: cutOff, hosts[1]: notFrom(403)}, patrol.Weather{}},
		{"hosts of one owner", map[string]manner{"git.alpha.example": cutOff, "mods.alpha.example": cutOff, "c.example": serves(0)}, patrol.Weather{}},
		{"addresses, of which nobody knows the owner", map[string]manner{"192.0.2.1": cutOff, "198.51.100.1": cutOff}, patrol.Weather{}},
		{"one host", map[string]manner{hosts[0]: cutOff, hosts[1]: serves(0)}, patrol.Weather{}},
		{"a module that is not there", both(lacks), patrol.Weather{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			play(t, patrol.Options{}, test.hosts, func(s *scene) {
				var all []string
				for h := range test.hosts {
					if h != "c.example" {
						all = append(all, h)
					}
				}
				s.Want("go.mod", 0, at(all...))
				s.wait(8 * time.Second) // the second look is under way
				if test.hosts["c.example"] != nil {
					s.Want("other", 0, at("c.example"))
				}
				s.settled()
				_, got := s.Snapshot("go.mod")
				expect(t, "weather", test.want, got)
				for h := range test.hosts {
					s.set(h, serves(0))
				}
				s.wait(6 * time.Minute)
				s.Want("go.mod", 1, at(all...))
				s.settled()
				_, got = s.Snapshot("go.mod")
				expect(t, "weather when all is well again", patrol.Weather{}, got)
			})
		})
	}
}
