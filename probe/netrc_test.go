package probe

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseNetrc(t *testing.T) {
	a, b := netrcEntry{"a.example", "u", "p"}, netrcEntry{"b.example", "v", "q"}
	for _, tt := range []struct {
		name, text string
		want       []netrcEntry
	}{
		{"one line", "machine a.example login u password p", []netrcEntry{a}},
		{"three lines", "machine a.example\nlogin u\npassword p\n", []netrcEntry{a}},
		{"two for one machine", "machine a.example login u password p\nmachine a.example login v password q\n", []netrcEntry{a, {"a.example", "v", "q"}}},
		{"port and path", "machine a.example:8443/go login u password p", []netrcEntry{{"a.example:8443/go", "u", "p"}}},
		{"without password", "machine a.example login u\nmachine b.example login v password q", []netrcEntry{b}},
		{"default is ignored", "machine a.example login u password p\ndefault login v password q\nmachine b.example login v password q", []netrcEntry{a, b}},
		{"default on its own line ends the file", "machine a.example login u password p\ndefault\nlogin v password q\nmachine b.example login v password q", []netrcEntry{a}},
		{"macro is skipped", "macdef init\nmachine x.example login v password q\n\nmachine a.example login u password p", []netrcEntry{a}},
		{"windows line ends", "machine a.example login u password p\r\n", []netrcEntry{a}},
		{"empty", "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, parseNetrc(tt.text), cmp.AllowUnexported(netrcEntry{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
