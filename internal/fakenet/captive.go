package fakenet

import (
	"net/http"
	"strings"
)

// Portal is how a captive portal answers what was meant for others.
type Portal int

// The ways portals answer.
const (
	PortalRedirect Portal = iota // 302 to its own login page
	PortalPage                   // 200 and the login page itself
	Portal511                    // 511 Network Authentication Required and a page
)

// Captive starts a captive portal: a site that answers every request with a
// login page, or the way to it, whatever host was meant. To capture a name,
// let the Net's [DNS] give it the address of the portal.
func (n *Net) Captive(kind Portal, scheme Scheme, options ...Option) *Site {
	n.t.Helper()
	var s *Site
	s = n.Site(scheme, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case kind == PortalRedirect && !strings.HasPrefix(r.URL.Path, "/login"):
			http.Redirect(w, r, s.URL()+"/login", http.StatusFound)
		case kind == Portal511:
			Status(http.StatusNetworkAuthenticationRequired, loginPage, "Content-Type", "text/html; charset=utf-8")(w, r, nil)
		default:
			HTML(w, r, nil)
		}
	}), options...)
	return s
}
