package fakenet

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What OpenSSH prints when it fails, one text for each failure. It ends its
// lines as a terminal in raw mode needs them.
const (
	SSHDenied     = "git@git.corp.example: Permission denied (publickey).\r\n"
	SSHUnknownKey = "Host key verification failed.\r\n"
	SSHRefused    = "ssh: connect to host git.corp.example port 22: Connection refused\r\n"
	SSHTimeout    = "ssh: connect to host git.corp.example port 22: Connection timed out\r\n"
	SSHNoHost     = "ssh: Could not resolve hostname git.corp.example: Name or service not known\r\n"
	SSHClosed     = "kex_exchange_identification: Connection closed by remote host\r\nConnection closed by 192.0.2.1 port 22\r\n"
	SSHChangedKey = "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r\n" +
		"@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\n" +
		"@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r\n" +
		"IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!\r\n" +
		"Host key verification failed.\r\n"
)

// SSH returns the variables that make git run an ssh which prints a text, as
// those here, and fails: no name is resolved and nothing is sent.
func SSH(t testing.TB, says string) []string {
	t.Helper()
	// A here-document in the script would lose the \r on some systems.
	words := filepath.Join(t.TempDir(), "words")
	if err := os.WriteFile(words, []byte(says), 0o600); err != nil {
		t.Fatalf("fakenet: writing the words of ssh: %v", err)
	}
	// 255 is how OpenSSH tells its own failures from the far command's.
	return sshScript(t, "cat '"+filepath.ToSlash(words)+"' >&2\nexit 255\n")
}

// SSHInto returns the variables that make git run an ssh which leads into a
// repository, whatever host and path it is asked for.
func SSHInto(r *Repo) []string {
	r.t.Helper()
	return sshScript(r.t, "exec git upload-pack '"+filepath.ToSlash(r.dir)+"'\n")
}

func sshScript(t testing.TB, lines string) []string {
	t.Helper()
	// git knows the options of a program called ssh, and need not try them.
	file := filepath.Join(t.TempDir(), "ssh")
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"+lines), 0o700); err != nil {
		t.Fatalf("fakenet: writing an ssh: %v", err)
	}
	return []string{"GIT_SSH_COMMAND=" + strings.ReplaceAll(filepath.ToSlash(file), " ", `\ `)}
}
