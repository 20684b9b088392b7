package server

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/route"
)

// section is where the settings are in a client's configuration.
const section = "modreach"

// settings are the user's. Their values may hold secrets, those of env above
// all, and are not logged.
type settings struct {
	// enable switches the checks on.
	enable bool
	// watch tells which go.mod files are checked: those of the "workspace", or
	// the "open" ones.
	watch string
	// env goes before the environment of the process.
	env map[string]string
	// network is "on", "cached" (ask nobody, judge by what is here) or "off".
	network string
	// timeout bounds one question to a host; 0 for the default.
	timeout time.Duration
	// recheckInterval is when answers count as old; 0 for the default.
	recheckInterval time.Duration
	// mirrors are the proxies that a dead one may be replaced by, and that
	// everybody may ask.
	mirrors []string
	// privatePatterns are like GOPRIVATE: what they cover is kept from public
	// hosts, but go is not told.
	privatePatterns []string
	// severity replaces that of a code; "off" hides it.
	severity map[string]string
	// codeLens and inlayHints switch these on.
	codeLens, inlayHints bool
	// trace is what is told to the client's own log: nothing for "off", what was
	// answered for "messages", and each verdict too for "verbose".
	trace string
}

func defaultSettings() settings {
	return settings{enable: true, watch: "workspace", network: "on", trace: "off"}
}

// with gives the settings with those that raw holds, by themselves or under the
// section. What is of another type or has no such value stays as it is: half of
// a word is not there yet while somebody types it into a settings file.
func (s settings) with(raw json.RawMessage) settings {
	given := fields(raw)
	if inner, ok := given[section]; ok {
		given = fields(inner)
	}
	lenient(given["enable"], &s.enable)
	oneOf(given["watch"], &s.watch, "workspace", "open")
	s.env = texts(given["env"], s.env)
	oneOf(given["network"], &s.network, "on", "cached", "off")
	duration(given["timeout"], &s.timeout)
	duration(given["recheckInterval"], &s.recheckInterval)
	s.mirrors = list(given["mirrors"], s.mirrors)
	s.privatePatterns = list(given["privatePatterns"], s.privatePatterns)
	s.severity = texts(given["severity"], s.severity)
	lenient(given["codeLens"], &s.codeLens)
	lenient(given["inlayHints"], &s.inlayHints)
	oneOf(given["trace"], &s.trace, "off", "messages", "verbose")
	return s
}

// hints gives what the user says of private modules and public hosts.
func (s settings) hints() route.Hints {
	var h route.Hints
	for _, pattern := range s.privatePatterns {
		h.Private = append(h.Private, route.Hint{What: pattern, Where: "the setting modreach.privatePatterns"})
	}
	for _, mirror := range s.mirrors {
		h.Mirrors = append(h.Mirrors, route.Hint{What: mirror, Where: "the setting modreach.mirrors"})
	}
	return h
}

// leveled gives findings their severity, without those that are off.
func (s settings) leveled(all []diagnostics.Finding) []diagnostics.Finding {
	for i, f := range all {
		if level, ok := diagnostics.ParseSeverity(s.severity[string(f.Code)]); ok {
			all[i].Severity = level
		}
	}
	return slices.DeleteFunc(all, func(f diagnostics.Finding) bool { return s.severity[string(f.Code)] == "off" })
}

// oneOf reads one of a few words.
func oneOf(raw json.RawMessage, word *string, words ...string) {
	var given string
	lenient(raw, &given)
	for _, w := range words {
		if w == given {
			*word = w
		}
	}
}

// duration reads one as Go writes it, such as "10s"; the empty text is the
// default, which is how editors say that there is none.
func duration(raw json.RawMessage, d *time.Duration) {
	given := "?"
	lenient(raw, &given)
	if given == "" {
		*d = 0
	} else if v, err := time.ParseDuration(given); err == nil && v >= 0 {
		*d = v
	}
}

// list reads an array of strings; old if there is no array.
func list(raw json.RawMessage, old []string) []string {
	var given []json.RawMessage
	lenient(raw, &given)
	if given == nil {
		return old
	}
	words := []string{}
	for _, r := range given {
		var w string
		if lenient(r, &w); w != "" {
			words = append(words, w)
		}
	}
	return words
}

// texts reads an object of strings; old if there is no object.
func texts(raw json.RawMessage, old map[string]string) map[string]string {
	given := fields(raw)
	if given == nil {
		return old
	}
	all := map[string]string{}
	for name, r := range given {
		var text string
		if json.Unmarshal(r, &text) == nil && string(r) != "null" {
			all[name] = text
		}
	}
	return all
}
