package route

import (
	"path/filepath"
	"slices"
	"strings"
)

// UserEnvPath gives the path of the file that "go env -w" writes, for a process
// environment in os.Environ form. ok is false where there is none: GOENV=off,
// no configuration directory, or a relative one. home stands in for a home
// directory that the environment does not name; empty for none.
func UserEnvPath(process []string, goos, home string) (path string, ok bool) {
	vars := environment(process, goos)
	if file := vars["GOENV"]; file != "" {
		return file, file != "off"
	}
	if vars[homeVar(goos)] != "" {
		home = vars[homeVar(goos)]
	}
	var dir string
	switch goos {
	case "windows":
		dir = vars["APPDATA"]
	case "darwin", "ios":
		dir = below(home, "Library/Application Support")
	case "plan9":
		dir = below(home, "lib")
	default:
		dir = vars["XDG_CONFIG_HOME"]
		if dir == "" {
			dir = below(home, ".config")
		} else if !strings.HasPrefix(dir, "/") {
			return "", false
		}
	}
	if dir == "" {
		return "", false
	}
	return filepath.Join(dir, "go", "env"), true
}

// below joins a directory and a path in it, or gives nothing below nothing.
func below(dir, path string) string {
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, path)
}

// homeVar is the variable that names the home directory.
func homeVar(goos string) string {
	switch goos {
	case "windows":
		return "USERPROFILE"
	case "plan9":
		return "home"
	}
	return "HOME"
}

// assignment is one line of an env file.
type assignment struct {
	value string
	line  int
}

// readEnvFile reads NAME=value lines. A name starts with a capital letter in
// the first column; every other line is ignored. A value runs to the end of
// the line as it stands: quotes, comments and a carriage return are part of
// it. Of two lines for one name the later counts.
func readEnvFile(data []byte) map[string]assignment {
	vars := make(map[string]assignment)
	number := 0
	for line := range strings.SplitSeq(string(data), "\n") {
		number++
		name, value, ok := strings.Cut(line, "=")
		if !ok || name == "" || name[0] < 'A' || 'Z' < name[0] {
			continue
		}
		vars[name] = assignment{value, number}
	}
	return vars
}

// strayLines finds lines that were to set a variable in an env file, and that are
// ignored: those with blanks or "export" before its name.
func strayLines(data []byte) []Named {
	var all []Named
	number := 0
	for line := range strings.SplitSeq(string(data), "\n") {
		number++
		name, value, ok := strings.Cut(line, "=")
		written := strings.TrimSpace(name)
		for _, word := range []string{"export ", "set ", "$env:"} {
			written = strings.TrimSpace(strings.TrimPrefix(written, word))
		}
		if ok && strings.TrimLeft(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == name && slices.Contains(settings, written) {
			all = append(all, Named{written, Var{Value: value, Origin: User, Line: number}})
		}
	}
	return all
}

// Overlay lays the editor's settings over a process environment, both to hand
// to a child process and to [UserEnvPath]. A name set in the workspace hides
// the process's, even with an empty value. The result is a new slice.
func Overlay(process []string, workspace map[string]string, goos string) []string {
	hidden := make(map[string]bool, len(workspace))
	for name := range workspace {
		hidden[envName(name, goos)] = true
	}
	var merged []string
	for _, entry := range process {
		if name, _, _ := cutEnv(entry); !hidden[envName(name, goos)] {
			merged = append(merged, entry)
		}
	}
	for _, name := range sortedKeys(workspace) {
		merged = append(merged, name+"="+workspace[name])
	}
	return merged
}

// environment indexes an os.Environ list; the first of two entries counts, as
// it does for os.Getenv.
func environment(environ []string, goos string) map[string]string {
	vars := make(map[string]string, len(environ))
	for _, entry := range environ {
		name, value, ok := cutEnv(entry)
		name = envName(name, goos)
		if _, dup := vars[name]; ok && !dup {
			vars[name] = value
		}
	}
	return vars
}

// cutEnv splits NAME=value. On Windows a name may begin with "=", as in
// "=C:=C:\dir".
func cutEnv(entry string) (name, value string, ok bool) {
	if entry == "" {
		return "", "", false
	}
	i := strings.IndexByte(entry[1:], '=') + 1
	if i == 0 {
		return "", "", false
	}
	return entry[:i], entry[i+1:], true
}

// envName folds a variable's name where the system does not mind its case.
func envName(name, goos string) string {
	if goos == "windows" {
		return strings.ToUpper(name)
	}
	return name
}
