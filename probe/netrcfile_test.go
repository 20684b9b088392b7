package probe

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/route"
)

func TestNetrcMachines(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       []NetrcMachine
		ends       int
	}{
		{name: "good", text: "machine a.example login u password p\n", want: []NetrcMachine{{Name: "a.example", Line: 1}}},
		{name: "good on three lines", text: "\nmachine a.example\nlogin u\npassword p\n", want: []NetrcMachine{{Name: "a.example", Line: 2}}},
		{name: "without login", text: "machine a.example password p\n", want: []NetrcMachine{{Name: "a.example", Line: 1, NoLogin: true}}},
		{name: "without password", text: "machine a.example login u\nmachine b.example login v password q", want: []NetrcMachine{{Name: "a.example", Line: 1, NoPassword: true}, {Name: "b.example", Line: 2}}},
		{name: "without anything", text: "machine a.example", want: []NetrcMachine{{Name: "a.example", Line: 1, NoLogin: true, NoPassword: true}}},
		{name: "torn after login", text: "machine a.example login\nu password p\n", want: []NetrcMachine{{Name: "a.example", Line: 1, NoLogin: true, NoPassword: true, Broken: 1}}},
		{name: "torn after machine", text: "machine\na.example login u password p\n", want: []NetrcMachine{{Line: 1, NoLogin: true, NoPassword: true, Broken: 1}}},
		{name: "an odd word more", text: "machine a.example # mine\nlogin u password p\n", want: []NetrcMachine{{Name: "a.example", Line: 1}}},
		{name: "lone default", text: "default\nlogin v password q\nmachine a.example login u password p\n", ends: 1},
		{name: "lone default at the end", text: "machine a.example login u password p\ndefault\nlogin v password q\n", want: []NetrcMachine{{Name: "a.example", Line: 1}}},
		{name: "default with its login", text: "default login v password q\nmachine a.example login u password p\n", want: []NetrcMachine{{Name: "a.example", Line: 2}}},
		{name: "macro", text: "macdef init\nmachine x.example\n\nmachine a.example login u password p\n", want: []NetrcMachine{{Name: "a.example", Line: 4}}},
		{name: "nothing", text: ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ends := netrcMachines(tt.text)
			if diff := cmp.Diff(tt.want, got); diff != "" || ends != tt.ends {
				t.Errorf("ends on line %d, want %d; machines (-want +got):\n%s", ends, tt.ends, diff)
			}
		})
	}
}

// FuzzNetrcMachines wants those entries without a flaw that the go command uses.
func FuzzNetrcMachines(f *testing.F) {
	for _, text := range []string{
		"machine a login u password p", "machine\nb login\nu password p", "default\nmachine a login u password p",
		"login u machine a password p\nmachine c", "macdef x\nmachine a\n\npassword p machine a login u", "machine a machine b login u password p login v",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var want, got []string
		for _, e := range parseNetrc(text) {
			want = append(want, e.machine)
		}
		all, _ := netrcMachines(text)
		for _, m := range all {
			if !m.NoLogin && !m.NoPassword && m.Name != "" {
				got = append(got, m.Name)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-used +good):\n%s", text, diff)
		}
	})
}

// TestReadNetrcFile wants the file that the go command uses, if it uses one.
func TestReadNetrcFile(t *testing.T) {
	const text = "machine a.example login u password p\n"
	tests := []struct {
		name, goauth string
		// make prepares the file.
		make func(t *testing.T, name string) error
		want *NetrcFile // without its path
	}{
		{name: "none"},
		{name: "kept to oneself", make: written(text, 0o600), want: &NetrcFile{Machines: []NetrcMachine{{Name: "a.example", Line: 1}}}},
		{name: "open to others", make: written(text, 0o644), want: &NetrcFile{Machines: []NetrcMachine{{Name: "a.example", Line: 1}}, Mode: 0o644}},
		{name: "not used", goauth: "off", make: written(text, 0o644)},
		{name: "one of several", goauth: "git /; netrc", make: written(text, 0o600), want: &NetrcFile{Machines: []NetrcMachine{{Name: "a.example", Line: 1}}}},
		{name: "named and not there", make: func(*testing.T, string) error { return nil }, want: &NetrcFile{Unread: "no such file or directory"}},
		{name: "of the system", make: func(_ *testing.T, name string) error { return os.Symlink(os.DevNull, name) }},
		{name: "a folder", make: func(_ *testing.T, name string) error { return os.Mkdir(name, 0o700) }, want: &NetrcFile{Unread: "is a directory"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if runtime.GOOS == "windows" {
				t.Skip("its modes and words are others")
			}
			name := filepath.Join(t.TempDir(), "netrc")
			if tt.make != nil {
				if err := tt.make(t, name); err != nil {
					t.Fatal(err)
				}
				t.Setenv("NETRC", name)
			} else {
				t.Setenv("HOME", t.TempDir())
			}
			process := []string{"GOAUTH=" + tt.goauth}
			if tt.make != nil {
				process = append(process, "NETRC="+name)
			}
			got := readNetrcFile(route.ParseEnv(route.Sources{Process: process, OS: runtime.GOOS}))
			if got != nil {
				got.Path = ""
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// written writes a file.
func written(text string, mode fs.FileMode) func(*testing.T, string) error {
	return func(t *testing.T, name string) error {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			return err
		}
		return os.Chmod(name, mode)
	}
}
