package probe

import (
	"errors"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/modreach/modreach/route"
)

// NetrcFile is what the netrc file looks like to the go command, without what is
// secret in it.
type NetrcFile struct {
	// Path is where the go command looks for it.
	Path string
	// Unread is why it cannot be read, in the words of the system; empty for a
	// good one.
	Unread string
	// Mode is that of the file where others than its owner may read it; 0
	// otherwise, and on systems whose modes do not tell.
	Mode fs.FileMode
	// Machines are its entries, those included that do not count.
	Machines []NetrcMachine
	// Ends is the line of a lone "default", with which the go command stops
	// reading, where machines stand behind it; 0 for none.
	Ends int
}

// NetrcMachine is an entry of a [NetrcFile]. It counts where nothing is lacking.
type NetrcMachine struct {
	// Name is the host, with what else stands there.
	Name string
	// Line is where the entry begins, from 1.
	Line int
	// NoLogin and NoPassword tell what go does not find in it. Broken is the
	// line that ends with a word whose value stands on the next line, where the
	// go command does not look for it; 0 for none.
	NoLogin, NoPassword bool
	Broken              int
}

// readNetrcFile reads the file that GOAUTH has the go command use; nil where
// there is none, or it is not used.
func readNetrcFile(env route.Env) *NetrcFile {
	if !usesNetrc(env) {
		return nil
	}
	f := &NetrcFile{Path: netrcPath(env)}
	info, err := os.Stat(f.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && env.Get("NETRC").Value == "":
		return nil
	case err == nil && !info.Mode().IsRegular() && !info.IsDir():
		return nil // a pipe is read once, and that is for go to do
	}
	var text []byte
	if err == nil {
		text, err = os.ReadFile(f.Path)
	}
	if err != nil {
		f.Unread = unwrapPath(err)
		return f
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		f.Mode = info.Mode().Perm()
	}
	f.Machines, f.Ends = netrcMachines(string(text))
	return f
}

// usesNetrc reports whether the go command reads the netrc file for logins.
func usesNetrc(env route.Env) bool {
	sources, err := parseAuth(env.Get("GOAUTH").Value)
	if env.Get("GOAUTH").Value == "" {
		return true // it is the default; older go commands know nothing else
	}
	return err == nil && slices.ContainsFunc(sources, func(s authSource) bool { return s.kind == authNetrc })
}

// unwrapPath gives the words of an error without the path that it is about.
func unwrapPath(err error) string {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return at.Err.Error()
	}
	return err.Error()
}

// netrcMachines gives the entries that a text is meant to have, with what keeps
// the go command from using one. It reads the same pairs of words as
// [parseNetrc].
func netrcMachines(text string) (all []NetrcMachine, ends int) {
	number, inMacro, done := 0, false, 0
	var m *NetrcMachine
	for line := range strings.SplitSeq(text, "\n") {
		number++
		if inMacro {
			inMacro = line != ""
			continue
		}
		for pair := range slices.Chunk(strings.Fields(line), 2) {
			if done > 0 {
				if pair[0] == "machine" {
					return all, done
				}
				continue
			}
			if len(pair) < 2 {
				switch pair[0] {
				case "default":
					done = number
				case "login", "password":
					if m != nil {
						m.Broken = number
					}
				case "machine":
					all = append(all, NetrcMachine{Line: number, NoLogin: true, NoPassword: true, Broken: number})
					m = &all[len(all)-1]
				}
				continue
			}
			switch pair[0] {
			case "machine":
				all = append(all, NetrcMachine{Name: pair[1], Line: number, NoLogin: true, NoPassword: true})
				m = &all[len(all)-1]
			case "default": // what follows on its line is no key
				m = nil
			case "login":
				if m != nil {
					m.NoLogin = false
				}
			case "password":
				if m != nil {
					m.NoPassword = false
				}
			case "macdef":
				inMacro = true
			}
		}
	}
	return all, 0
}
