package probe

import (
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// gitFault is what git's words tell of a failure.
type gitFault struct {
	phase  Phase
	cause  Cause
	status int
	host   string
	// tool is the program that is missing.
	tool string
}

// gitPhrases are how git, libcurl and OpenSSH tell what went wrong, in English
// and in lower case; there is nothing else to go by. The first that is found
// counts, so what names the cause stands before what only says that there is
// one.
var gitPhrases = []struct {
	phrase string
	phase  Phase
	cause  Cause
}{
	{"could not resolve proxy", Connect, HTTPProxyFailed},
	{"received http code 407 from proxy", Connect, HTTPProxyAuth},
	{"from proxy after connect", Connect, HTTPProxyFailed},
	{"proxy connect aborted", Connect, HTTPProxyFailed},
	{"connect tunnel failed, response 407", Connect, HTTPProxyAuth},
	{"connect tunnel failed", Connect, HTTPProxyFailed},
	{"temporary failure in name resolution", Resolve, NameFailed},
	{"could not resolve host", Resolve, NameNotFound}, // and hostname, as ssh says
	{"name or service not known", Resolve, NameNotFound},
	{"connection refused", Connect, Refused},
	{"couldn't connect to server", Connect, Refused},
	{"no route to host", Connect, NoRoute},
	{"network is unreachable", Connect, NoRoute},
	{"connection timed out", Connect, ConnectTimeout},
	{"operation timed out", Connect, ConnectTimeout},
	{"connection timeout", Connect, ConnectTimeout},
	{"host key verification failed", VCS, VCSHostKey},
	{"remote host identification has changed", VCS, VCSHostKey},
	{"permission denied (", VCS, VCSAuth},
	{"could not read username", VCS, VCSAuth},
	{"could not read password", VCS, VCSAuth},
	{"authentication failed", VCS, VCSAuth},
	{"access denied", VCS, VCSAuth},
	{"invalid credentials", VCS, VCSAuth},
	{"terminal prompts disabled", VCS, VCSAuth},
	{"too many authentication failures", VCS, VCSAuth},
	{"certificate has expired", Handshake, Expired},
	{"certificate is not yet valid", Handshake, NotYetValid},
	{"does not match target host name", Handshake, WrongName},
	{"no alternative certificate subject name", Handshake, WrongName},
	{"certificate verification failed", Handshake, UnknownAuthority},
	{"ssl certificate problem", Handshake, UnknownAuthority},
	{"certificate verify failed", Handshake, UnknownAuthority},
	{"peer's certificate issuer is not recognized", Handshake, UnknownAuthority},
	{"gnutls_handshake() failed", Handshake, HandshakeFailed},
	{"ssl_connect", Handshake, HandshakeFailed},
	{"wrong version number", Handshake, NotHTTP},
	{"' not allowed", VCS, VCSDisallowed},
	{"is disallowed", VCS, VCSDisallowed},
	{"repository not found", VCS, NotFound},
	{"' not found", VCS, NotFound},
	{"does not appear to be a git repository", VCS, NotFound},
	{"does not exist", VCS, NotFound},
	{"the project you were looking for could not be found", VCS, NotFound},
	{"not valid: is this a git repository", VCS, BadAnswer},
	{"unable to find remote helper", VCS, VCSMissing},
	{"cannot run ", VCS, VCSMissing},
	{"connection reset by peer", Request, Reset},
	{"connection closed by", Request, Reset},
	{"empty reply from server", Request, Reset},
	{"remote end hung up", Request, Reset},
	{"early eof", Request, Reset},
}

var (
	returnedError = regexp.MustCompile(`returned error: ([0-9]{3})`)
	namedHost     = regexp.MustCompile(`[Cc]ould not resolve host(?:name)?:? ([^\s:]+)`)
	missingTool   = regexp.MustCompile(`cannot run ([^\s:]+)`)
	missingHelper = regexp.MustCompile(`unable to find remote helper for '([^']+)'`)
)

// gitCause tells the cause of a failure from what git printed.
func gitCause(said string) gitFault {
	if m := returnedError.FindStringSubmatch(said); m != nil {
		f := gitFault{phase: VCS}
		f.status, _ = strconv.Atoi(m[1]) // three digits
		f.cause = statusCause(f.status)
		if f.cause == AuthNeeded || f.cause == Forbidden {
			f.cause = VCSAuth // with git's logins, not with go's
		}
		return f
	}
	lower := strings.ToLower(said)
	for _, p := range gitPhrases {
		if !strings.Contains(lower, p.phrase) {
			continue
		}
		f := gitFault{phase: p.phase, cause: p.cause}
		if m := namedHost.FindStringSubmatch(said); m != nil && p.phase == Resolve {
			f.host = m[1]
		}
		if m := missingTool.FindStringSubmatch(said); m != nil {
			f.tool = path.Base(filepath.ToSlash(m[1]))
		} else if m := missingHelper.FindStringSubmatch(said); m != nil {
			f.tool = "git-remote-" + m[1]
		}
		return f
	}
	return gitFault{phase: VCS, cause: BadAnswer}
}
