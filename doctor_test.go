package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/modreach/modreach/doctor"
	"github.com/modreach/modreach/internal/fakenet"
)

// examined runs doctor on a world.
func (w *world) examined() doctor.Report {
	w.t.Helper()
	r, err := doctor.Read([]byte(w.say([]string{"doctor", "-format", "json"}, "")))
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// checksOf gives the checks of a stage by their IDs.
func checksOf(r doctor.Report, name string) map[string]doctor.Check {
	all := map[string]doctor.Check{}
	for _, s := range r.Stages {
		for _, c := range s.Checks {
			if s.Name == name {
				all[c.ID] = c
			}
		}
	}
	return all
}

// TestDoctorKeepsPrivate wants that no public host learns from an examination of
// a module that looks private: neither as one that is required, nor as one that
// hosts are measured with.
func TestDoctorKeepsPrivate(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the program some dozen times")
	}
	for _, g := range guardedWorlds() {
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			w := g.world(t)
			before := len(w.a.Requests())
			r := w.examined()
			path, _, _ := strings.Cut(w.mod, "@")
			told := 0
			for _, request := range w.a.Requests()[before:] {
				if strings.Contains(squash(request.URI), "/"+squash(path)) {
					told++
				}
			}
			if (told > 0) != g.asked {
				t.Errorf("the public host was told %d times, want any: %v", told, g.asked)
			}
			if c, ok := checksOf(r, "modules")["modules."+g.code]; g.code != "" && (!ok || c.Status != doctor.Warn && c.Status != doctor.Fail) {
				t.Errorf("%s is not told in %+v", g.code, checksOf(r, "modules"))
			}
			for _, a := range r.Alternatives {
				if a.Module == path {
					t.Errorf("%s was measured with %s", a.URL, path)
				}
			}
		})
	}
}

// TestDoctorHosts examines machines whose hosts are well or not.
func TestDoctorHosts(t *testing.T) {
	tests := []struct {
		name  string
		trait fakenet.Trait
		set   func(*world)
		// status and code are those of the first proxy.
		status doctor.Status
		code   string
		issuer string
	}{
		{"well", fakenet.NoTrait, nil, doctor.OK, "", "CN=fakenet CA"},
		{"expired", fakenet.Expired, nil, doctor.Fail, "tls-expired", "CN=fakenet CA"},
		{"intercepted", fakenet.UnknownCA, nil, doctor.Fail, "tls-unknown-authority", "CN=fakenet rogue CA"},
		{"down", fakenet.NoTrait, func(w *world) { w.a.Down() }, doctor.Fail, "connect-refused", ""},
		{"down, with another after a bar", fakenet.NoTrait, func(w *world) { w.a.Down() }, doctor.Warn, "connect-refused", ""},
		{"silent, with another after a bar", fakenet.NoTrait, func(w *world) { w.a.On("*", fakenet.Hang) }, doctor.Fail, "no-answer", ""},
		{"wants a login", fakenet.NoTrait, func(w *world) { w.a.On("*", fakenet.Status(401, "who?")) }, doctor.OK, "", "CN=fakenet CA"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := scenario{https: true, trait: test.trait, env: "GOPROXY=$A", set: test.set}
			if strings.Contains(test.name, "after a bar") {
				s.env = "GOPROXY=$A|$B"
			}
			r := s.world(t).examined()
			var proxy *doctor.Check
			for _, c := range checksOf(r, "hosts") {
				if c.Host != nil && len(c.Host.Roles) > 0 && c.Host.Roles[0] == "entry 1 of GOPROXY" {
					proxy = &c
				}
			}
			if proxy == nil {
				t.Fatalf("the proxy is not looked at: %+v", r.Stages)
			}
			text, err := json.Marshal(proxy)
			if err != nil {
				t.Fatal(err)
			}
			if proxy.Status != test.status || proxy.Code != test.code {
				t.Errorf("want %s %q: %s", test.status, test.code, text)
			}
			if strings.Contains(string(text), " .") {
				t.Errorf("a sentence without words: %s", text)
			}
			issuer := ""
			if c := proxy.Host.Looks[0].Certificate; c != nil {
				issuer = c.Issuer
			}
			if issuer != test.issuer {
				t.Errorf("signed by %q, want %q", issuer, test.issuer)
			}
		})
	}
}

// TestDoctorSettings wants a check for each setting that does not do what it seems
// to, with or without a go.mod, and no two of one name.
func TestDoctorSettings(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the program")
	}
	w := scenario{env: "GOPROXY=off\nGOPRIVATE=https://a.example\nGONOSUMDB=off\nGONOSUMCHECK=1"}.world(t)
	w.netrc("machine a.example login u\nmachine b.example login u\n", 0o644)
	for _, file := range []string{"go.mod", "none"} {
		if file == "none" {
			w.dir = w.home
		}
		seen := map[string]bool{}
		for _, s := range w.examined().Stages {
			for _, c := range s.Checks {
				if seen[c.ID] {
					t.Errorf("%s: there are two %s", file, c.ID)
				}
				seen[c.ID] = c.Status == doctor.Warn && c.Remedy != ""
			}
		}
		for _, id := range []string{"env-pattern.GOPRIVATE", "env-pattern.GONOSUMDB", "env-unknown.GONOSUMCHECK", "netrc", "netrc.2", "netrc.3"} {
			if !seen["settings."+id] {
				t.Errorf("%s: no settings.%s in %v", file, id, seen)
			}
		}
	}
}
