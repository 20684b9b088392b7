package probe

import (
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/modreach/modreach/route"
)

// This file reads what the programs on this machine were told about the hosts of
// private modules. It reads their files and starts none of them.

// maxSettings bounds a file with settings of git or ssh, in bytes; those of a
// person have some hundred lines.
const maxSettings = 1 << 20

// machineHints tell of all modules on this machine.
func machineHints(env route.Env) route.Hints {
	var h route.Hints
	if text, err := readHead(netrcPath(env), maxSettings); err == nil {
		for _, e := range parseNetrc(string(text)) {
			h.Traces = append(h.Traces, route.Hint{What: e.machine, Where: "a netrc entry"})
			h.Logins = append(h.Logins, strings.ToLower(e.machine))
		}
	}
	all := gitVariables(env)
	read := map[string]bool{}
	for _, name := range gitFiles(env) {
		all = append(all, readGitConfig(name, home(env), read)...)
	}
	h.Traces = append(append(h.Traces, gitTraces(all)...), sshTraces(filepath.Join(home(env), ".ssh", "config"))...)
	return h
}

// repositoryHints tell of the modules in one repository, whose git directory is
// gitDir.
func repositoryHints(env route.Env, gitDir string) route.Hints {
	settings := readGitConfig(filepath.Join(gitDir, "config"), home(env), map[string]bool{})
	h := route.Hints{Traces: gitTraces(settings)}
	for _, s := range settings {
		if s.section == "remote" && s.key == "url" {
			if host := route.Host(placeAt(s.value)); host != "" {
				h.Remotes = append(h.Remotes, host)
			}
		}
	}
	return h
}

// repository finds the root of the repository that a directory is in, and the
// directory of its git, which has the settings; empty outside of one.
func repository(dir string) (root, gitDir string) {
	for {
		at := filepath.Join(dir, ".git")
		if info, err := os.Stat(at); err == nil {
			if info.IsDir() {
				return dir, at
			}
			return dir, linkedGit(at)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", ""
		}
		dir = parent
	}
}

// linkedGit follows the file that stands for the directory of git in a work tree
// or a submodule.
func linkedGit(file string) string {
	text, _ := readHead(file, maxSettings) // what cannot be read leads nowhere
	dir, ok := strings.CutPrefix(strings.TrimSpace(string(text)), "gitdir: ")
	if !ok {
		return ""
	}
	dir = absoluteFrom(filepath.Dir(file), dir)
	if text, err := readHead(filepath.Join(dir, "commondir"), maxSettings); err == nil {
		dir = absoluteFrom(dir, strings.TrimSpace(string(text)))
	}
	return dir
}

func absoluteFrom(dir, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}

// home is the home directory that git and ssh go by; empty for none.
func home(env route.Env) string {
	if dir := env.Get("HOME").Value; dir != "" {
		return dir
	}
	dir, _ := os.UserHomeDir() // without one there are no files in it
	return dir
}

// gitTraces tell for which hosts and owners git has its own ways.
func gitTraces(settings []gitSetting) []route.Hint {
	var all []route.Hint
	for _, s := range settings {
		address, where := s.name, "a credential setting of git"
		switch {
		case s.section == "url" && s.key == "insteadof":
			address, where = s.value, "git's url.insteadOf"
		case s.section == "credential" && s.name != "":
		case s.section == "http" && s.key == "extraheader" && s.name != "":
			where = "git's http.extraHeader"
		default:
			continue
		}
		if at := placeAt(address); at != "" {
			all = append(all, route.Hint{What: at, Where: where})
		}
	}
	return all
}

// placeAt gives the beginning of the module paths that an address of git is for:
// its host, and what follows. Empty for no address of a host.
func placeAt(address string) string {
	host, path := "", ""
	if u, err := url.Parse(address); err == nil && strings.Contains(address, "://") {
		host, path = u.Hostname(), u.Path
	} else if before, after, ok := strings.Cut(address, ":"); ok && !strings.Contains(before, "/") {
		_, name, found := strings.Cut(before, "@")
		if host, path = name, after; !found {
			host = before
		}
	}
	if !strings.Contains(host, ".") || strings.ContainsAny(host+path, `?[\, `) {
		return ""
	}
	at := strings.ToLower(host)
	if path = strings.Trim(strings.TrimSuffix(path, ".git"), "/"); path != "" {
		at += "/" + path
	}
	return at
}

// sshTraces tell for which hosts ssh has an entry of its own.
func sshTraces(name string) []route.Hint {
	text, err := readHead(name, maxSettings)
	if err != nil {
		return nil
	}
	var all []route.Hint
	for line := range strings.Lines(string(text)) {
		words := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \t\r\n=\"", r) })
		if len(words) < 2 || !strings.EqualFold(words[0], "Host") {
			continue
		}
		for _, host := range words[1:] {
			if strings.Contains(host, ".") && !strings.ContainsAny(host, `!?[\/`) && !slices.Contains([]string{"*.*", "*."}, host) {
				all = append(all, route.Hint{What: strings.ToLower(host), Where: "an ssh Host entry"})
			}
		}
	}
	return all
}
