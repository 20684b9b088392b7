package doctor

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/route"
)

// SettingChecks has one check for each setting that decides where modules come
// from: its value, where that is set, and what it does. required are the module
// paths of the require lines, all the settings without their secrets.
func SettingChecks(env route.Env, all []Setting, required []string) []Check {
	s := settings{env: env, shown: all, required: required}
	checks := []Check{s.usable()}
	for _, e := range effects {
		if c, ok := s.check(e); ok {
			checks = append(checks, c)
		}
	}
	return checks
}

type settings struct {
	env      route.Env
	shown    []Setting
	required []string
}

// anyModule stands for a module of which nothing is known: what ends its route
// ends them all.
var anyModule = module.Version{Path: "example.com/m", Version: "v1.0.0"}

// usable tells whether the go command can work with the settings at all.
func (s settings) usable() Check {
	c := Check{ID: "settings.usable", Status: OK, Title: "go command", Detail: "can use its settings."}
	switch stop := route.Explicit(s.env, route.Module{}, anyModule).Stop; stop.Kind {
	case route.BadSetting, route.BadList, route.NoModCache:
		code := map[route.StopKind]diagnostics.Code{
			route.BadSetting: diagnostics.EnvInvalid, route.BadList: diagnostics.EnvProxy, route.NoModCache: diagnostics.DiskCache,
		}[stop.Kind]
		e, _ := diagnostics.Describe(code)
		c.Status, c.Code, c.Remedy = Fail, string(code), e.Remedy
		c.Detail = "fails with its settings: " + stop.Text
	case route.NoGo:
		c.Status, c.Detail = Skipped, stop.Text+"."
	default:
	}
	return c
}

// effect is a setting with what it does.
type effect struct {
	name string
	// always shows it even where nobody has set it.
	always bool
	// tells what the value does; nil for nothing to tell.
	tells func(s settings, value string) string
}

// effects are the settings to show, those that decide most first.
var effects = []effect{
	{"GOPROXY", true, settings.proxies},
	{"GOPRIVATE", true, settings.covers},
	{"GONOPROXY", false, settings.covers},
	{"GONOSUMDB", false, settings.covers},
	{"GOSUMDB", true, settings.database},
	{"GOINSECURE", false, settings.covers},
	{"GOVCS", false, nil},
	{"GOAUTH", false, settings.logins},
	{"NETRC", false, nil},
	{"GOTOOLCHAIN", false, settings.toolchain},
	{"GOFLAGS", false, nil},
	{"GO111MODULE", false, nil},
	{"GOWORK", false, nil},
	{"GODEBUG", false, nil},
	{"HTTPS_PROXY", false, nil},
	{"https_proxy", false, nil},
	{"HTTP_PROXY", false, nil},
	{"http_proxy", false, nil},
	{"NO_PROXY", false, nil},
	{"no_proxy", false, nil},
	{"SSL_CERT_FILE", false, nil},
	{"SSL_CERT_DIR", false, nil},
}

func (s settings) check(e effect) (Check, bool) {
	v := s.env.Get(e.name)
	if v.From != "" || !e.always && (v.Value == "" || v.Origin == route.Default || v.Origin == route.GOROOT) {
		return Check{}, false // another one tells of it
	}
	shown := "not set"
	if i := slices.IndexFunc(s.shown, func(x Setting) bool { return x.Name == e.name }); i >= 0 {
		shown = fmt.Sprintf("%s (%s)", s.shown[i].Value, cmp.Or(s.env.Where(v), "built in"))
	}
	c := Check{ID: "settings." + e.name, Status: OK, Title: e.name, Detail: shown}
	if e.tells != nil {
		if what := e.tells(s, v.Value); what != "" {
			c.Detail += ": " + what
		}
	}
	c.Detail += "."
	return c, true
}

// proxies tells in which order the go command asks.
func (s settings) proxies(string) string {
	entries, err := s.env.Proxies()
	if err != nil {
		return ""
	}
	var b strings.Builder
	for i, e := range entries {
		switch {
		case i == 0:
			b.WriteString("asks ")
		case entries[i-1].Falls == route.AnyError:
			b.WriteString(", after any error ")
		default:
			b.WriteString(", if that does not know it ")
		}
		switch e.Kind {
		case route.Direct:
			b.WriteString("the module's own host")
		case route.Off:
			if i == 0 {
				return "fetches nothing"
			}
			b.WriteString("nobody")
		default:
			b.WriteString(cmp.Or(e.URL.Host, "a directory"))
		}
	}
	return b.String()
}

// covers counts the requirements that a list of patterns covers.
func (s settings) covers(value string) string {
	if value == "" || len(s.required) == 0 {
		return ""
	}
	n := 0
	for _, path := range s.required {
		if _, ok := route.Match(value, path); ok {
			n++
		}
	}
	return fmt.Sprintf("covers %d of %s", n, count(len(s.required), "requirement"))
}

func (s settings) database(value string) string {
	db, err := s.env.SumDB()
	switch {
	case err != nil:
		return err.Error()
	case db.Off:
		return "what is fetched is checked against go.sum alone"
	case db.Fixed:
		return "asked at " + db.URL.Host
	}
	return "asked through the first proxy that serves it, else at its own host"
}

func (s settings) logins(value string) string {
	if value == "off" {
		return "no proxy is shown a login"
	}
	return ""
}

func (s settings) toolchain(value string) string {
	if value == "local" {
		return "a module that needs a newer go fails"
	}
	return ""
}

// FindingChecks turns findings into checks, those on one cause into one.
// prefix begins their IDs.
func FindingChecks(prefix string, findings []diagnostics.Finding) []Check {
	var checks []Check
	subjects := map[string][]string{}
	for _, f := range findings {
		status := map[diagnostics.Severity]Status{diagnostics.Error: Fail, diagnostics.Warning: Warn}[f.Severity]
		if status == "" {
			continue // worth knowing, and not amiss
		}
		id := prefix + string(f.Code)
		if f.Module == "" {
			checks = append(checks, Check{ID: id, Status: status, Title: string(f.Code), Detail: f.What, Remedy: f.Remedy, Code: string(f.Code)})
			continue
		}
		if subjects[id] == nil {
			checks = append(checks, Check{ID: id, Status: status, Detail: f.What, Remedy: f.Remedy, Code: string(f.Code)})
		}
		subjects[id] = append(subjects[id], f.Module)
	}
	for i := range checks {
		c := &checks[i]
		if all := subjects[c.ID]; len(all) > 0 && c.Title == "" {
			c.Title = strings.Join(all[:min(len(all), maxNamed)], ", ")
			if rest := len(all) - maxNamed; rest > 0 {
				c.Title += fmt.Sprintf(" and %d more", rest)
			}
		}
	}
	return checks
}

// maxNamed is how many modules one check names.
const maxNamed = 3
