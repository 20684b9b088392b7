package probe

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"path/filepath"
	"strings"

	"github.com/modreach/modreach/route"
)

// lockedKey names a key of ssh that it can use only with a passphrase; empty if
// there is none where keys usually are. ssh asks for it at a terminal, which
// there is none of here, and then says no more than that it was denied.
func lockedKey(env route.Env) string {
	home := env.Get("HOME").Value
	if home == "" {
		home = env.Get("USERPROFILE").Value // Windows
	}
	if home == "" {
		return ""
	}
	keys, _ := filepath.Glob(filepath.Join(home, ".ssh", "id_*")) // a home that makes it a bad pattern has none
	for _, key := range keys {
		if strings.HasSuffix(key, ".pub") {
			continue
		}
		head, err := readHead(key, keyHead)
		if err == nil && locked(head) {
			return "~/.ssh/" + filepath.Base(key)
		}
	}
	return ""
}

// keyHead is how much is read of a key, in bytes: what tells of a passphrase
// comes first, and of the secret itself there is no need.
const keyHead = 128

// locked reports whether a file that begins like this is a private key with a
// passphrase: of the older forms, in words, or of OpenSSH's own, which names the
// cipher after its magic word.
func locked(head []byte) bool {
	first, rest, _ := bytes.Cut(head, []byte("\n"))
	if !bytes.Contains(first, []byte("PRIVATE KEY-----")) {
		return false
	}
	if !bytes.Contains(first, []byte(" OPENSSH ")) {
		return bytes.Contains(head, []byte("ENCRYPTED"))
	}
	const digits = 32 // for 24 bytes: the magic word, a length, "none"
	const magic = "openssh-key-v1\x00"
	if len(rest) < digits {
		return false
	}
	text, err := base64.StdEncoding.DecodeString(string(rest[:digits]))
	if err != nil || !bytes.HasPrefix(text, []byte(magic)) {
		return false
	}
	text = text[len(magic):]
	return binary.BigEndian.Uint32(text) != uint32(len("none")) || string(text[4:8]) != "none"
}
