package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/modreach/modreach/internal/fakenet"
)

// proxyMisroutings have a proxy that is at fault, and another way past it.
func proxyMisroutings() []misrouting {
	const goOn = "Let GOPROXY go on after any error of $A; 127.0.0.1:"
	var all []misrouting
	// past has proxy A at fault before a comma, and B with the module behind.
	past := func(name string, s scenario, fix string) {
		s.name = "comma-" + name
		all = append(all, misrouting{scenario: s, user: "GOPROXY=$A,$B", code: "no-fallback", line: 5, fix: fix})
	}
	on := func(pattern string, f fakenet.Fault) func(*world) { return func(w *world) { w.a.On(pattern, f) } }
	for _, status := range []int{400, 408, 429, 500, 502, 503, 504} {
		past(fmt.Sprint(status), scenario{set: on("*", fakenet.Status(status, "says no"))}, goOn)
	}
	for _, status := range []int{401, 403} { // it may mean that
		past(fmt.Sprint(status), scenario{set: on("*", fakenet.Status(status, "says no"))}, goOn)
	}
	past("down", scenario{set: func(w *world) { w.a.Down() }}, goOn)
	past("hangup", scenario{set: on("*", fakenet.Hangup)}, goOn)
	past("garbage", scenario{set: on("*", fakenet.Garbage)}, goOn)
	past("html", scenario{set: on("*", fakenet.HTML)}, "Take $A out of GOPROXY; 127.0.0.1:") // a bar does not help
	past("mod-500", scenario{set: on("*.mod", fakenet.Status(500, "broken"))}, goOn)
	past("zip-500", scenario{set: on("*.zip", fakenet.Status(500, "broken"))}, goOn)
	for name, trait := range map[string]fakenet.Trait{
		"expired": fakenet.Expired, "not-yet-valid": fakenet.NotYetValid, "wrong-name": fakenet.WrongName, "unknown-ca": fakenet.UnknownCA,
	} {
		past(name, scenario{https: true, trait: trait}, goOn)
	}
	add := func(name, user, code, fix string, set func(*world)) {
		all = append(all, misrouting{scenario: scenario{name: name, set: set}, user: user, code: code, line: 5, fix: fix})
	}
	add("no-such-host", "GOPROXY=https://no-such-host.invalid,$B", "no-fallback", "Let GOPROXY go on after any error of https://no-such-host.invalid; 127.0.0.1:", nil)
	add("second-of-three", "GOPROXY=http://127.0.0.1:1|$A,$B", "no-fallback", goOn, on("*", fakenet.Status(500, "")))
	mirror := func(list string) func(*world) {
		return func(w *world) { w.write(".modreach.json", `{"mirrors": ["`+w.fill(list)+`"]}`) }
	}
	both := func(sets ...func(*world)) func(*world) {
		return func(w *world) {
			for _, set := range sets {
				set(w)
			}
		}
	}
	add("mirror-for-a-dead-one", "GOPROXY=$A", "connect-refused", "Put the mirror $B in the place of $A in GOPROXY; 127.0.0.1:", both(mirror("$B"), func(w *world) { w.a.Down() }))
	add("mirror-for-a-broken-one", "GOPROXY=$A,direct", "server-error", "Put the mirror $B in the place of $A in GOPROXY; 127.0.0.1:", both(mirror("$B"), on("*", fakenet.Status(500, ""))))
	add("mirror-for-an-empty-one", "GOPROXY=$A", "module-not-found", "Put the mirror $B into GOPROXY; 127.0.0.1:", both(mirror("$B"), on("*", fakenet.Status(404, ""))))
	add("mirror-for-off", "GOPROXY=off", "proxy-off", "Put the mirror $B into GOPROXY; 127.0.0.1:", mirror("$B"))

	// behind has the host of the repository behind proxy A.
	behind := func(name, list, code, fix string, f fakenet.Fault) {
		s := direct(name, hosted, "", func(w *world) { hostOnly(w); w.a.On("*", f) })
		s.name, s.env = name, ""
		all = append(all, misrouting{scenario: s, user: "GOPROXY=" + list, code: code, line: 5, fix: fix})
	}
	const github = "Let GOPROXY go on after any error of $A; github.com answered in "
	behind("direct-after-500", "$A,direct", "server-error", github, fakenet.Status(500, ""))
	behind("direct-after-hangup", "$A,direct", "connect-reset", github, fakenet.Hangup)
	behind("no-direct-after-500", "$A", "server-error", "Let GOPROXY end with direct; github.com answered in ", fakenet.Status(500, ""))
	return all
}

// privateMisroutings have modules that no proxy has.
func privateMisroutings() []misrouting {
	var all []misrouting
	// hidden has the module at github.com or go.corp.example alone.
	hidden := func(name, mod, user, code, fix string, fault fakenet.Fault) *misrouting {
		s := direct(name, mod, "", func(w *world) {
			w.env = slices.DeleteFunc(w.env, func(v string) bool { return strings.HasPrefix(v, "GOPROXY=direct") })
			if mod == paged {
				w.corp().Page("go.corp.example/x", corp)
			} else {
				hostOnly(w)
			}
			if fault != nil {
				w.a.On("*", fault)
			}
		})
		s.name, s.env = name, ""
		if user == "" {
			user = "GOPROXY=$A"
		}
		all = append(all, misrouting{scenario: s, user: user, code: code, line: 5, fix: fix})
		return &all[len(all)-1]
	}
	const acme = "Add github.com/acme to GOPRIVATE (1 module here); github.com answered in "
	const team = "Add go.corp.example to GOPRIVATE (1 module here); go.corp.example answered in "
	hidden("private-404", hosted, "", "module-not-found", acme, nil)
	hidden("private-410", hosted, "", "module-not-found", acme, fakenet.Status(http.StatusGone, ""))
	hidden("private-403", hosted, "", "forbidden", acme, fakenet.Status(http.StatusForbidden, ""))
	hidden("private-401", hosted, "", "auth-needed", acme, fakenet.Status(http.StatusUnauthorized, ""))
	hidden("private-404-twice", hosted, "GOPROXY=$A,$B", "module-not-found", acme, nil)
	hidden("private-404-then-off", hosted, "GOPROXY=$A,off", "proxy-off", acme, nil)
	hidden("private-vanity-404", paged, "", "module-not-found", team, nil)
	hidden("private-vanity-403", paged, "", "forbidden", team, fakenet.Status(http.StatusForbidden, ""))
	hidden("private-vanity-500", paged, "", "server-error", team, fakenet.Status(http.StatusInternalServerError, ""))
	hidden("private-vanity-hangup", paged, "", "connect-reset", team, fakenet.Hangup)
	hidden("private-joins", hosted, "GOPROXY=$A\nGOPRIVATE=old.example", "module-not-found", acme, nil)
	hidden("private-joins-other-owner", hosted, "GOPROXY=$A\nGOPRIVATE=github.com/other", "module-not-found", acme, nil)
	hidden("private-gonoproxy-of-its-own", hosted, "GOPROXY=$A\nGONOPROXY=old.example", "module-not-found", "Add github.com/acme to GONOPROXY and GOPRIVATE (1 module here); github.com answered in ", nil)
	hidden("private-gonosumdb-covers", hosted, "GOPROXY=$A\nGONOSUMDB=github.com/acme", "module-not-found", acme, nil)
	hidden("private-shadowed", hosted, "", "module-not-found", "Add github.com/acme to GOPRIVATE in this workspace (1 module here); github.com answered in ", nil).env = "GOPRIVATE=old.example"
	// leaking has A public, for a module that looks private.
	leaking := func(name, mod, user, fix string, works bool, more func(*world)) {
		m := hidden("leak-"+name, mod, user, "route-leak", fix, nil)
		m.works, m.leaks = works, true
		set := m.set
		m.set = func(w *world) {
			set(w)
			w.write(".modreach.json", `{"mirrors": ["`+w.a.URL()+`"]}`)
			if more != nil {
				more(w)
			}
		}
	}
	leaking("reserved-name", paged, "", team, false, nil)
	leaking("reserved-name-then-direct", paged, "GOPROXY=$A,direct", team, true, nil)
	leaking("published-by-mistake", paged, "", team, true, func(w *world) { w.a.Add("go.corp.example/x", "v1.0.0", "") })
	leaking("beside-a-pattern", hosted, "GOPROXY=$A,direct GOPRIVATE=github.com/acme/other", acme, true, nil)
	leaking("team-pattern", hosted, "GOPROXY=$A,direct", acme, true, func(w *world) {
		w.write(".modreach.json", `{"mirrors": ["`+w.a.URL()+`"], "privatePatterns": ["github.com/acme"]}`)
	})
	leaking("netrc", paged, "GOPROXY=$A,direct", team, true, func(w *world) { w.atHome(".netrc", "machine go.corp.example login me password secret\n", 0o600) })
	leaking("rewritten", hosted, "GOPROXY=$A,direct", acme, true, func(w *world) { w.instead("https://github.com/acme/", "git@github.com:acme/") })
	return all
}

// databaseMisroutings have a checksum database that cannot be reached, or does
// not know a module that it need not know.
func databaseMisroutings() []misrouting {
	var all []misrouting
	add := func(name, code, fix string, set func(*world)) {
		all = append(all, misrouting{scenario: scenario{name: name, set: set}, user: "GOPROXY=$A", code: code, line: 5, fix: fix})
	}
	// database has one that the proxy serves too, asked at an address of its own.
	database := func(change func(w *world, db *fakenet.SumDB) (address string)) func(*world) {
		return func(w *world) {
			db := w.net.SumDB(fakenet.HTTPS, w.a.Modules)
			w.a.Mirror(db)
			w.user = append(w.user, "GOSUMDB="+db.Verifier()+" "+change(w, db))
		}
	}
	const again = "Ask the same checksum database through the proxies that serve it, or at sum.test (GOSUMDB); 127.0.0.1:"
	add("sumdb-refused", "sumdb-unreachable", again, database(func(w *world, _ *fakenet.SumDB) string { return "https://" + w.net.Refused() }))
	for _, status := range []int{403, 500, 503} {
		add(fmt.Sprint("sumdb-", status), "sumdb-unreachable", again, database(func(_ *world, db *fakenet.SumDB) string {
			db.On("*", fakenet.Status(status, ""))
			return db.URL()
		}))
	}
	add("sumdb-hangup", "sumdb-unreachable", again, database(func(_ *world, db *fakenet.SumDB) string {
		db.On("*", fakenet.Hangup)
		return db.URL()
	}))
	add("sumdb-html", "sumdb-unreachable", again, database(func(_ *world, db *fakenet.SumDB) string {
		db.On("*", fakenet.HTML)
		return db.URL()
	}))
	// unknown has a company's proxy, whose modules no database knows.
	unknown := func(name, path, fix string) {
		all = append(all, misrouting{
			scenario: scenario{name: name, gomod: requiring(path, "v1.0.0"), set: func(w *world) {
				db := w.net.SumDB(fakenet.HTTPS, w.b.Modules)
				db.On("lookup/*", fakenet.Status(http.StatusNotFound, "not found"))
				w.a.Add(path, "v1.0.0", "")
				w.user = append(w.user, "GOSUMDB="+db.GOSUMDB())
			}},
			user: "GOPROXY=$A", code: "sumdb-not-found", line: 5, fix: fix,
		})
	}
	unknown("sumdb-unknown", "git.corp.example/team/lib", "Add git.corp.example to GONOSUMDB (1 module here, not verified by sum.test then)")
	unknown("sumdb-unknown-owner", "github.com/acme/x", "Add github.com/acme to GONOSUMDB (1 module here, not verified by sum.test then)")
	return all
}
