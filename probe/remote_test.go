package probe

import "testing"

func TestRemoteHost(t *testing.T) {
	for remote, want := range map[string]string{
		"https://git.corp.example/x":       "git.corp.example:443",
		"http://git.corp.example/x":        "git.corp.example:80",
		"https://user:pw@git.corp.example": "git.corp.example:443",
		"https://git.corp.example:8443/x":  "git.corp.example:8443",
		"https://[::1]:8443/x":             "[::1]:8443",
		"ssh://git@git.corp.example/x":     "git.corp.example:22",
		"git+ssh://git.corp.example/x":     "git.corp.example:22",
		"ssh://git.corp.example:2222/x":    "git.corp.example:2222",
		"git@git.corp.example:x.git":       "git.corp.example:22",
		"git.corp.example:x.git":           "git.corp.example:22",
		"/srv/git/x.git":                   "",
		"./a:b":                            "",
		"":                                 "",
	} {
		if got := remoteHost(remote); got != want {
			t.Errorf("remoteHost(%q) is %q, want %q", remote, got, want)
		}
	}
}

func TestHideUsers(t *testing.T) {
	for text, want := range map[string]string{
		"https://git.corp.example/x":                         "https://git.corp.example/x",
		"fatal: https://user:pw@git.corp.example/x broke":    "fatal: https://user:xxxxx@git.corp.example/x broke",
		"https://token@git.corp.example/x":                   "https://xxxxx@git.corp.example/x",
		"'ssh://git@git.corp.example/x'":                     "'ssh://git@git.corp.example/x'",
		"git+ssh://me@a.example/x and https://b:c@d.example": "git+ssh://xxxxx@a.example/x and https://b:xxxxx@d.example",
		"git@git.corp.example:x":                             "git@git.corp.example:x",
		"https://git.corp.example/@scope/x":                  "https://git.corp.example/@scope/x",
	} {
		if got := hideUsers(text); got != want {
			t.Errorf("hideUsers(%q) is %q, want %q", text, got, want)
		}
	}
}

// TestGitWords has what git, libcurl and OpenSSH print of faults that no server
// here can be made to have.
func TestGitWords(t *testing.T) {
	for _, test := range []struct {
		said string
		want gitFault
	}{
		{"fatal: unable to access 'https://a.example/x/': Could not resolve proxy: via.example", gitFault{phase: Connect, cause: HTTPProxyFailed}},
		{"fatal: unable to access 'https://a.example/x/': Could not resolve host: b.example", gitFault{phase: Resolve, cause: NameNotFound, host: "b.example"}},
		{"ssh: Could not resolve hostname b.example: Temporary failure in name resolution", gitFault{phase: Resolve, cause: NameFailed, host: "b.example"}},
		{"fatal: unable to access 'https://a.example/x/': The requested URL returned error: 429", gitFault{phase: VCS, cause: RateLimited, status: 429}},
		{"remote: not for you\nfatal: unable to access 'https://a.example/x/': The requested URL returned error: 403", gitFault{phase: VCS, cause: VCSAuth, status: 403}},
		{"error: RPC failed; HTTP 502 curl 22 The requested URL returned error: 502", gitFault{phase: VCS, cause: ServerError, status: 502}},
		{"ssh: connect to host a.example port 22: No route to host", gitFault{phase: Connect, cause: NoRoute}},
		{"ssh: connect to host a.example port 22: Network is unreachable", gitFault{phase: Connect, cause: NoRoute}},
		{"fatal: unable to access 'https://a.example/x/': Failed to connect to a.example port 443 after 130 ms: Connection timed out", gitFault{phase: Connect, cause: ConnectTimeout}},
		{"fatal: unable to access 'https://a.example/x/': server certificate verification failed. CAfile: none CRLfile: none", gitFault{phase: Handshake, cause: UnknownAuthority}},
		{"fatal: unable to access 'https://a.example/x/': SSL certificate problem: certificate has expired", gitFault{phase: Handshake, cause: Expired}},
		{"fatal: unable to access 'https://a.example/x/': SSL: no alternative certificate subject name matches target host name 'a.example'", gitFault{phase: Handshake, cause: WrongName}},
		{"fatal: unable to access 'https://a.example/x/': OpenSSL SSL_connect: Connection reset by peer in connection to a.example:443", gitFault{phase: Handshake, cause: HandshakeFailed}},
		{"error: cannot run ssh: No such file or directory\nfatal: unable to fork", gitFault{phase: VCS, cause: VCSMissing, tool: "ssh"}},
		{"git: 'remote-https' is not a git command\nfatal: unable to find remote helper for 'https'", gitFault{phase: VCS, cause: VCSMissing, tool: "git-remote-https"}},
		{"remote: The project you were looking for could not be found or you don't have permission to view it.", gitFault{phase: VCS, cause: NotFound}},
		{"ERROR: Repository not found.\nfatal: Could not read from remote repository.", gitFault{phase: VCS, cause: NotFound}},
		{"git@a.example: Permission denied (publickey,password).\nfatal: Could not read from remote repository.", gitFault{phase: VCS, cause: VCSAuth}},
		{"", gitFault{phase: VCS, cause: BadAnswer}},
		{"fatal: something new", gitFault{phase: VCS, cause: BadAnswer}},
	} {
		if got := gitCause(test.said); got != test.want {
			t.Errorf("gitCause(%q) is %+v, want %+v", test.said, got, test.want)
		}
	}
}
