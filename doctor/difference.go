package doctor

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
)

// Difference is one thing that is not the same on two machines. Empty texts stand
// for what is not there.
type Difference struct {
	// Topic is "setting", "go", "host", "module" or "check".
	Topic string `json:"topic"`
	Name  string `json:"name"`
	Here  string `json:"here"`
	There string `json:"there"`
	// Matters reports that it can decide whether a module is fetched, and from
	// where.
	Matters bool `json:"matters"`
}

// Read reads the JSON form of a report.
func Read(text []byte) (Report, error) {
	var r Report
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("reading a report: %w", err)
	}
	if r.Schema < 1 || r.Tool.Name != "modreach" || r.Stages == nil {
		return r, fmt.Errorf("this is no report of modreach doctor -format json")
	}
	if r.Schema > Schema {
		return r, fmt.Errorf("the report has schema %d, and this program knows %d: take a newer one", r.Schema, Schema)
	}
	return r, nil
}

// deciding are the settings that decide where modules come from, those that
// decide most first.
var deciding = []string{
	"GOPROXY", "GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOSUMDB", "HTTPS_PROXY", "https_proxy",
	"HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy", "GOAUTH", "NETRC", "GOINSECURE", "GOVCS",
	"GOTOOLCHAIN", "GOFLAGS", "GO111MODULE", "GOWORK", "GODEBUG", "SSL_CERT_FILE", "SSL_CERT_DIR",
}

// Compare gives what differs between the machine here and another, what matters
// first: the settings, the go command, then hosts that answer on one machine
// alone, and modules that only one can fetch.
func Compare(here, there Report) []Difference {
	all := append(settingDifferences(here, there), goDifference(here, there)...)
	all = append(all, hostDifferences(here, there)...)
	all = append(all, moduleDifferences(here, there)...)
	all = append(all, checkDifferences(here, there)...)
	slices.SortStableFunc(all, func(a, b Difference) int {
		return cmp.Compare(weight(a), weight(b))
	})
	return all
}

// weight orders differences: less comes first.
func weight(d Difference) int {
	if d.Matters {
		return 0
	}
	return 1
}

func settingDifferences(here, there Report) []Difference {
	values := func(r Report) map[string]string {
		m := map[string]string{}
		for _, s := range r.Settings {
			if s.Name != "GOVERSION" { // the version of go is told by itself
				m[s.Name] = s.Value
			}
		}
		return m
	}
	return differences("setting", values(here), values(there), deciding)
}

// differences compares values by name: first those of the names that matter, in
// their order, then the others by name.
func differences(topic string, here, there map[string]string, matter []string) []Difference {
	var names []string
	for name := range here {
		names = append(names, name)
	}
	for name := range there {
		if _, both := here[name]; !both {
			names = append(names, name)
		}
	}
	place := func(name string) int {
		if i := slices.Index(matter, name); i >= 0 {
			return i
		}
		return len(matter)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a, b))
	})
	var all []Difference
	for _, name := range names {
		if here[name] != there[name] {
			all = append(all, Difference{topic, name, here[name], there[name], place(name) < len(matter)})
		}
	}
	return all
}

func goDifference(here, there Report) []Difference {
	var all []Difference
	if here.Go != there.Go {
		all = append(all, Difference{"go", "version", here.Go, there.Go, true})
	}
	if here.OS != there.OS {
		all = append(all, Difference{"go", "system", here.OS, there.OS, false})
	}
	if here.Module != there.Module {
		all = append(all, Difference{"go", "main module", here.Module, there.Module, false})
	}
	return all
}

// hostDifferences compare hosts that both machines have looked at.
func hostDifferences(here, there Report) []Difference {
	theirs := checks(there)
	var all []Difference
	for _, s := range here.Stages {
		for _, c := range s.Checks {
			o, both := theirs[c.ID]
			if c.Host == nil || !both || o.Host == nil {
				continue
			}
			// From here to there: a host that answers on both is of no interest.
			if a, b := reach(c), reach(o); a != b {
				all = append(all, Difference{"host", c.Host.Name, a, b, true})
			}
			if a, b := issuer(c), issuer(o); a != b && a != "" && b != "" {
				all = append(all, Difference{"host", c.Host.Name + " certificate by", a, b, true})
			}
			if a, b := c.Host.Via, o.Host.Via; a != b {
				all = append(all, Difference{"host", c.Host.Name + " through", cmp.Or(a, "no HTTP proxy"), cmp.Or(b, "no HTTP proxy"), true})
			}
		}
	}
	return all
}

func checks(r Report) map[string]Check {
	m := map[string]Check{}
	for _, s := range r.Stages {
		for _, c := range s.Checks {
			m[c.ID] = c
		}
	}
	return m
}

// reach tells whether the host of a check answers, and if not, why.
func reach(c Check) string {
	if slices.ContainsFunc(c.Host.Looks, func(l Look) bool { return l.Outcome == "ok" }) {
		return "answers"
	}
	return cmp.Or(c.Code, "no answer")
}

// issuer is who signed the certificate of a host.
func issuer(c Check) string {
	for _, l := range c.Host.Looks {
		if l.Certificate != nil {
			return l.Certificate.Issuer
		}
	}
	return ""
}

// moduleDifferences compare the modules that both machines require.
func moduleDifferences(here, there Report) []Difference {
	theirs := map[string]string{}
	for _, m := range there.Modules {
		theirs[m.Path+" "+m.Version] = m.Verdict
	}
	var all []Difference
	for _, m := range here.Modules {
		name := m.Path + " " + m.Version
		if other, both := theirs[name]; both && other != m.Verdict {
			matters := m.Verdict == "unreachable" || other == "unreachable"
			all = append(all, Difference{"module", name, m.Verdict, other, matters})
		}
	}
	return all
}

// checkDifferences compare what is left by its status.
func checkDifferences(here, there Report) []Difference {
	theirs := checks(there)
	var all []Difference
	for _, s := range here.Stages {
		for _, c := range s.Checks {
			o, both := theirs[c.ID]
			if c.Host == nil && both && c.Status != o.Status {
				all = append(all, Difference{"check", c.Title, string(c.Status) + ": " + c.Detail, string(o.Status) + ": " + o.Detail, c.Status == Fail || o.Status == Fail})
			}
		}
	}
	return all
}
