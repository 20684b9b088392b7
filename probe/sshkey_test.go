package probe

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/modreach/modreach/route"
)

// TestLocked has keys that ssh-keygen makes, and files that are no keys.
func TestLocked(t *testing.T) {
	keygen, err := exec.LookPath("ssh-keygen")
	if err != nil {
		t.Skip("there is no ssh-keygen here")
	}
	for _, test := range []struct {
		name string
		args []string
		want bool
	}{
		{"with a passphrase", []string{"-t", "ed25519", "-N", "secret"}, true},
		{"without", []string{"-t", "ed25519", "-N", ""}, false},
		{"in the older form, with a passphrase", []string{"-t", "ecdsa", "-m", "PEM", "-N", "secret"}, true},
		{"in the older form, without", []string{"-t", "ecdsa", "-m", "PEM", "-N", ""}, false},
		{"as PKCS #8, with a passphrase", []string{"-t", "ecdsa", "-m", "PKCS8", "-N", "secret"}, true},
		{"as PKCS #8, without", []string{"-t", "ecdsa", "-m", "PKCS8", "-N", ""}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			home := t.TempDir()
			if err := os.Mkdir(filepath.Join(home, ".ssh"), 0o700); err != nil {
				t.Fatal(err)
			}
			args := append(test.args, "-q", "-C", "gopher", "-f", filepath.Join(home, ".ssh", "id_test"))
			if out, err := exec.CommandContext(t.Context(), keygen, args...).CombinedOutput(); err != nil {
				t.Fatalf("making a key: %v\n%s", err, out)
			}
			want := ""
			if test.want {
				want = "~/.ssh/id_test"
			}
			if got := lockedKey(route.ParseEnv(route.Sources{Process: []string{"HOME=" + home}, OS: "linux"})); got != want {
				t.Errorf("the locked key is %q, want %q", got, want)
			}
		})
	}
	for _, text := range []string{"", "ENCRYPTED", "-----BEGIN OPENSSH PRIVATE KEY-----\n", "-----BEGIN OPENSSH PRIVATE KEY-----\n" + string(bytes.Repeat([]byte("!"), 64))} {
		if locked([]byte(text)) {
			t.Errorf("%q is taken for a locked key", text)
		}
	}
}
