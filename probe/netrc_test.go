package probe

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseNetrc(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       netrc
	}{
		{"one line", "machine a.example login u password p", netrc{"a.example": {"u", "p"}}},
		{"three lines", "machine a.example\nlogin u\npassword p\n", netrc{"a.example": {"u", "p"}}},
		{"first of two counts", "machine a.example login u password p\nmachine a.example login v password q\n", netrc{"a.example": {"u", "p"}}},
		{"port and path", "machine a.example:8443/go login u password p", netrc{"a.example:8443/go": {"u", "p"}}},
		{"without password", "machine a.example login u\nmachine b.example login v password q", netrc{"b.example": {"v", "q"}}},
		{"default is ignored", "machine a.example login u password p\ndefault login v password q", netrc{"a.example": {"u", "p"}}},
		{"macro is skipped", "macdef init\nmachine x.example login v password q\n\nmachine a.example login u password p", netrc{"a.example": {"u", "p"}}},
		{"windows line ends", "machine a.example login u password p\r\n", netrc{"a.example": {"u", "p"}}},
		{"empty", "", netrc{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, parseNetrc(tt.text), cmp.AllowUnexported(login{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
