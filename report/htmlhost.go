package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/modreach/modreach/doctor"
)

// What a page shows of a host. Every text in it is [shown].
type (
	hostView struct {
		Name, URL, Roles, Via, Spoke string
		Looks                        []lookView
	}
	lookView struct {
		Family, Address string
		Outcome, Class  string
		Code, Help      string
		Message         []string
		Secured, Took   string
		Subject, Issuer string
		Expires         string
		Steps           []stepView
	}
	stepView struct {
		Name, Took string
		Bar        []segment
	}
)

// hostViewOf shows a host; its bars have one scale, so that the two address
// families can be compared.
func hostViewOf(h doctor.Host, made time.Time) *hostView {
	v := &hostView{Name: shown(h.Name), URL: shown(h.URL), Roles: shown(strings.Join(h.Roles, ", ")), Spoke: shown(h.Proto)}
	switch {
	case h.Via != "":
		v.Via = shown("through the HTTP proxy " + h.Via + " (" + h.Why + ")")
	case h.Why != "":
		v.Via = shown("without HTTP proxy: " + h.Why)
	}
	if h.HTTP > 0 {
		v.Spoke += fmt.Sprintf(", status %d", h.HTTP)
	}
	var longest time.Duration
	for _, l := range h.Looks {
		longest = max(longest, span(l))
	}
	for _, l := range h.Looks {
		v.Looks = append(v.Looks, lookViewOf(l, longest, made))
	}
	return v
}

// span is the time from the begin of a look to the end of its last step.
func span(l doctor.Look) time.Duration {
	var end time.Duration
	for _, s := range l.Steps {
		end = max(end, milli(s.Start+s.MS))
	}
	return end
}

func lookViewOf(l doctor.Look, longest time.Duration, made time.Time) lookView {
	v := lookView{
		Family: shown(l.Family), Address: shown(l.Address), Message: shownLines(l.Message), Secured: shown(l.TLS),
	}
	v.Outcome, v.Class = outcomeOf(l.Outcome)
	v.Code, v.Help = codeLink(l.Code)
	if took := span(l); took > 0 {
		v.Took = brief(took)
	}
	if c := l.Certificate; c != nil {
		v.Subject, v.Issuer, v.Expires = shown(c.Subject), shown(c.Issuer), expiry(c.Expires, made)
	}
	for _, s := range l.Steps {
		name := closed(s.Name, "request", "resolve", "connect", "handshake", "body")
		scale := scale{whole: longest, laid: milli(s.Start)}
		v.Steps = append(v.Steps, stepView{name, brief(milli(s.MS)), []segment{scale.next(name, milli(s.MS))}})
	}
	return v
}

// expiry tells when a certificate ends, as seen at a time.
func expiry(end, now time.Time) string {
	days := int(end.Sub(now).Hours() / 24)
	day := end.UTC().Format(time.DateOnly)
	if end.Before(now) {
		return "expired " + day
	}
	return "expires " + day + ", in " + count(days, "day")
}
