package route

import (
	"net/netip"
	"strings"
)

// ProxyFlaw is an entry of GOPROXY that the go command accepts and that does
// not do what its author can have meant.
type ProxyFlaw struct {
	// Entry is the entry as written, without the blanks around it; empty where
	// nothing stands between two separators. It may hold a password: print it
	// with [Redact].
	Entry string
	// Why is what is odd, half a sentence about "it".
	Why string
	// Breaks reports that modules cannot be fetched because of it; else it is
	// only of no use, or not safe.
	Breaks bool
}

// ProxyFlaws finds them in a GOPROXY list, at most one at a place, in their
// order. A list that cannot be used at all, of which [ParseProxies] tells, has
// none. mended is the list without those that can be mended by themselves;
// empty where it would be the same.
func ProxyFlaws(list string) (flaws []ProxyFlaw, mended string) {
	if _, err := ParseProxies(list); err != nil {
		return nil, ""
	}
	var b strings.Builder
	add := func(entry string, falls Falls) {
		b.WriteString(entry)
		b.WriteByte(",|"[falls])
	}
	end := "" // the keyword that ended the list
	same := true
	for rest := list; rest != ""; {
		var e Entry
		e, rest = cutEntry(rest)
		flaw, instead := proxyFlaw(e.Raw)
		switch {
		case end != "":
			// All that is left is one flaw.
			dead := strings.TrimSpace(e.Raw + "," + rest)
			if dead = strings.Trim(dead, ",| "); dead != "" {
				flaws = append(flaws, ProxyFlaw{Entry: dead, Why: "go never comes to what stands behind " + end})
			}
			same, rest = false, ""
			continue
		case e.Raw == "off" || e.Raw == "direct":
			end = e.Raw
		case flaw.Why != "":
			flaws = append(flaws, flaw)
		}
		if same = same && instead == e.Raw && instead != ""; instead == "" {
			continue
		}
		add(instead, e.Falls)
	}
	if same {
		return flaws, ""
	}
	return flaws, strings.TrimRight(b.String(), ",|")
}

// proxyFlaw looks at one entry before the end of a list. instead is what to write
// in its place, the entry itself where nobody can tell; empty for nothing.
func proxyFlaw(raw string) (f ProxyFlaw, instead string) {
	f.Entry = raw
	word := strings.Trim(raw, "/.")
	if raw == "" {
		f.Why = "nothing stands there, and the separator behind it does not count"
		return f, ""
	}
	if raw == "off" || raw == "direct" {
		return ProxyFlaw{}, raw
	}
	if keyword := strings.ToLower(word); keyword == "direct" || keyword == "off" {
		f.Why, f.Breaks = "it is taken for a host of that name", true
		return f, keyword
	}
	if strings.ContainsAny(raw, ";"+blanks) {
		f.Why, f.Breaks = "it is one address, because only , and | separate", true
		words := strings.FieldsFunc(raw, func(r rune) bool { return strings.ContainsRune(";"+blanks, r) })
		return f, strings.Join(words, ",")
	}
	u, err := parseProxy(raw)
	switch {
	case err != nil || u.Scheme != "http":
		return ProxyFlaw{}, raw
	case u.User != nil:
		f.Why, f.Breaks = "go refuses to send a login over plain http", true
	case !inside(u.Hostname()):
		f.Why = "plain http shows everybody on the way which modules you use, and lets them change what the checksum database does not cover"
	default:
		return ProxyFlaw{}, raw
	}
	return f, raw
}

// inside reports whether a host is this machine or one of a private network,
// where plain http is for those to judge who run it.
func inside(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return PrivateAddress(addr)
	}
	return Inner(host)
}
