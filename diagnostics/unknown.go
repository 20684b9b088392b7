package diagnostics

import (
	"slices"
	"strings"

	"github.com/modreach/modreach/route"
)

// misnomers are names that advice on the web gives to settings of the go command,
// each with the one that does what is hoped for.
var misnomers = []struct{ name, instead string }{
	{"GOMODPROXY", "GOPROXY"},
	{"GONOPROXIES", "GONOPROXY"},
	{"GONOSUMCHECK", "GONOSUMDB"},
	{"GONOSUMDBS", "GONOSUMDB"},
	{"GOPRIVATES", "GOPRIVATE"},
	{"GOPROXIES", "GOPROXY"},
	{"GOSUMCHECK", "GOSUMDB"},
	{"GOSUMDBS", "GOSUMDB"},
	{"GO_PRIVATE", "GOPRIVATE"},
	{"GO_PROXY", "GOPROXY"},
	{"GO_SUMDB", "GOSUMDB"},
}

// nameLetters are those that variables of the go command have, and the blank that
// is easily written behind one.
const nameLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ "

const (
	noSuch  = "the go command knows no such variable"
	lookFor = "What you look for is {setting}."
)

// unknown finds variables that have no effect: those that the go command does not
// know, and in the user's env file those that it reads from the process alone.
func (s ambience) unknown() []Finding {
	var found []Finding
	say := func(v route.Named, why, mend string) {
		f := s.ambient(EnvUnknown, Information, "{setting}", v.Name, "{place}", s.where(v.Var), "{why}", why, "{mend}", mend)
		f.Setting = v.Name
		found = append(found, f)
	}
	for _, v := range s.Env.UserFile() {
		instead := meantBy(v.Name)
		switch {
		case instead != "":
			say(v, s.say(noSuch), s.say(lookFor, "{setting}", instead))
		case route.OfProcess(v.Name):
			say(v, s.say("the go command reads it from the environment alone, and not from this file"), s.say("Set it in your shell, editor or CI, and remove that line."))
		case strings.Trim(v.Name, nameLetters) != "":
			// No variable is called so, and what somebody wrote there is theirs.
		case len(s.Machine.Variables) > 0 && !slices.Contains(s.Machine.Variables, v.Name):
			say(v, s.say(noSuch), s.say("Check the name, or remove that line."))
		}
	}
	for _, v := range s.Env.Stray() {
		say(v, s.say("go passes by a line of that file that does not begin with the name"), s.say("Write it as {setting}=VALUE, without a word or a blank before it.", "{setting}", v.Name))
	}
	for _, m := range misnomers {
		if v := s.Env.Get(m.name); v.Value != "" {
			say(route.Named{Name: m.name, Var: v}, s.say(noSuch), s.say(lookFor, "{setting}", m.instead))
		}
	}
	return found
}

// meantBy gives the setting that somebody had in mind; empty if unknown.
func meantBy(name string) string {
	for _, m := range misnomers {
		if m.name == name {
			return m.instead
		}
	}
	return ""
}

// debugKeys finds what GODEBUG has to no effect.
func (s ambience) debugKeys() []Finding {
	if len(s.Machine.Debug) == 0 {
		return nil
	}
	v := s.Env.Get("GODEBUG")
	var odd []string
	for setting := range strings.SplitSeq(v.Value, ",") {
		name, _, ok := strings.Cut(strings.TrimSpace(setting), "=")
		if ok && name != "" && !strings.HasPrefix(name, "cpu.") && !slices.Contains(s.Machine.Debug, name) && !slices.Contains(odd, name) {
			odd = append(odd, name)
		}
	}
	if len(odd) == 0 {
		return nil
	}
	f := s.ambient(EnvUnknown, Information, "{setting}", "GODEBUG", "{place}", s.where(v),
		"{why}", s.say("this Go has no setting named {names}", "{names}", s.few(odd, ", ")), "{mend}", s.say("Remove it; to see what go does, say go mod download -x."))
	f.Setting = "GODEBUG"
	return []Finding{f}
}
