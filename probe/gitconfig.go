package probe

import (
	"path/filepath"
	"strconv"
	"strings"

	"github.com/modreach/modreach/route"
)

// gitSetting is one setting of git: section, name of the subsection (empty for
// none), key, both keys in small letters.
type gitSetting struct{ section, name, key, value string }

// gitFiles are the files of git's settings that hold in every repository.
func gitFiles(env route.Env) []string {
	var all []string
	system := env.Get("GIT_CONFIG_SYSTEM").Value
	if env.Get("GIT_CONFIG_NOSYSTEM").Value == "" {
		if system == "" {
			system = "/etc/gitconfig"
		}
		all = append(all, system)
	}
	if named := env.Get("GIT_CONFIG_GLOBAL").Value; named != "" {
		return append(all, named)
	}
	config := env.Get("XDG_CONFIG_HOME").Value
	if config == "" {
		config = filepath.Join(home(env), ".config")
	}
	return append(all, filepath.Join(config, "git", "config"), filepath.Join(home(env), ".gitconfig"))
}

// gitVariables gives the settings that stand in the environment, as CI systems
// put them there.
func gitVariables(env route.Env) []gitSetting {
	// More than a person or a system would set is a mistake.
	const most = 1000
	count, _ := strconv.Atoi(env.Get("GIT_CONFIG_COUNT").Value) // git fails for a bad one
	var all []gitSetting
	for i := range min(count, most) {
		n := strconv.Itoa(i)
		section, rest, ok := strings.Cut(env.Get("GIT_CONFIG_KEY_"+n).Value, ".")
		if dot := strings.LastIndexByte(rest, '.'); ok {
			s := gitSetting{section: strings.ToLower(section), key: strings.ToLower(rest[dot+1:]), value: env.Get("GIT_CONFIG_VALUE_" + n).Value}
			if dot >= 0 {
				s.name = rest[:dot]
			}
			all = append(all, s)
		}
	}
	return all
}

// readGitConfig reads a file of git's settings and what it includes, be it under
// a condition: what holds in some repositories tells of a host as well. A file
// that cannot be read has none, and each of read is read once.
func readGitConfig(name, home string, read map[string]bool) []gitSetting {
	text, err := readHead(name, maxSettings)
	if err != nil || read[name] {
		return nil
	}
	read[name] = true
	var all []gitSetting
	for _, s := range parseGitConfig(string(text)) {
		all = append(all, s)
		if (s.section == "include" || s.section == "includeif") && s.key == "path" {
			path := filepath.FromSlash(s.value)
			if rest, ok := strings.CutPrefix(path, "~"+string(filepath.Separator)); ok {
				path = filepath.Join(home, rest)
			}
			all = append(all, readGitConfig(absoluteFrom(filepath.Dir(name), path), home, read)...)
		}
	}
	return all
}

// parseGitConfig reads the text of a file of git's settings, line by line; what
// is none is passed by.
func parseGitConfig(text string) []gitSetting {
	var all []gitSetting
	var in gitSetting
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\\\n", "")
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			if in, line = parseGitSection(line); line == "" {
				continue
			}
		}
		key, value, _ := strings.Cut(line, "=")
		if key = strings.ToLower(strings.TrimSpace(key)); key == "" || in.section == "" || strings.ContainsAny(key[:1], "#;") {
			continue
		}
		s := in
		s.key, s.value = key, gitValue(value)
		all = append(all, s)
	}
	return all
}

// parseGitSection reads the head of a section, [section "name"], and gives what
// follows on its line.
func parseGitSection(line string) (in gitSetting, rest string) {
	head, rest, ok := strings.Cut(line[1:], "]")
	if before, after, quoted := strings.Cut(line[1:], `"`); quoted && len(before) < len(head) {
		name, end, closed := strings.Cut(after, `"`)
		_, rest, ok = strings.Cut(end, "]")
		if ok = ok && closed; ok {
			in.name = strings.ReplaceAll(name, `\`, "")
		}
		head = before
	}
	if !ok {
		return gitSetting{}, ""
	}
	in.section = strings.ToLower(strings.TrimSpace(head))
	return in, strings.TrimSpace(rest)
}

// gitValue takes the quotes and the comment off a value.
func gitValue(raw string) string {
	var b strings.Builder
	quoted := false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\' && i+1 < len(raw):
			i++
			b.WriteByte(raw[i])
		case !quoted && (c == '#' || c == ';'):
			return strings.TrimSpace(b.String())
		default:
			b.WriteByte(c)
		}
	}
	return strings.TrimSpace(b.String())
}
