package probe

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/modreach/modreach/route"
)

// Machine is what there is to know of this machine around the settings. The zero
// Machine knows nothing.
type Machine struct {
	// Netrc is nil where there is no netrc file, or go does not use it.
	Netrc *NetrcFile
	// Variables are the names that the go command knows, Debug the keys that
	// GODEBUG may have; nil where the Go installation does not tell.
	Variables, Debug []string
}

// ReadMachine reads it from the disk. It opens no socket and starts no process.
func ReadMachine(env route.Env) Machine {
	root := env.Get("GOROOT").Value
	return Machine{Netrc: readNetrcFile(env), Variables: knownVariables(root), Debug: debugKeys(root)}
}

// maxTable bounds a source file of the Go installation that is read for the
// names in it, in bytes: the largest has 40 kB.
const maxTable = 1 << 20

// knownVariables gives the names of a go installation's own list.
func knownVariables(root string) []string {
	text := source(root, "internal/cfg/cfg.go")
	_, list, _ := strings.Cut(text, "const KnownEnv = `")
	list, _, _ = strings.Cut(list, "`")
	return strings.Fields(list)
}

// named finds the names in the tables of GODEBUG keys.
var named = regexp.MustCompile(`\b[Nn]ame: +"([^"]+)"`)

// untold are the GODEBUG keys that are in no table: those meant for the
// developers of Go, and those of packages that look for themselves.
var untold = []string{
	"cmdgonetlimit", "execwait", "fuzzdebug", "gocacheverify", "gofsystrace", "gofsystracelog", "gofsystracestack",
	"goindex", "gotoolchainexec", "http2debug", "memprofilerate", "multipartfiles", "toolchaintrace",
}

// debugKeys gives the keys that a go installation knows; nil where it does not
// tell.
func debugKeys(root string) []string {
	var all []string
	for _, file := range []string{"internal/godebugs/table.go", "runtime/runtime1.go"} {
		text, _, _ := strings.Cut(source(root, file), "var Removed")
		found := named.FindAllStringSubmatch(text, -1)
		if len(found) == 0 {
			return nil // half of a list is worse than none
		}
		for _, m := range found {
			all = append(all, m[1])
		}
	}
	return slices.Concat(all, untold)
}

// source gives the text of a file of the standard library; empty where there is
// none.
func source(root, name string) string {
	if root == "" {
		return ""
	}
	text, err := readHead(filepath.Join(root, "src", filepath.FromSlash(name)), maxTable)
	if err != nil || len(text) == 0 {
		return ""
	}
	return string(text)
}
