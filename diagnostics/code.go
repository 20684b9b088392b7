package diagnostics

// Code names a kind of finding. Codes are stable; each has a page of
// documentation.
type Code string

// The codes, in the order of the phases they belong to.
const (
	DNSNotFound          Code = "dns-not-found"
	DNSFailed            Code = "dns-failed"
	DNSTimeout           Code = "dns-timeout"
	ConnectRefused       Code = "connect-refused"
	ConnectTimeout       Code = "connect-timeout"
	ConnectReset         Code = "connect-reset"
	NoRoute              Code = "no-route"
	OSDenied             Code = "os-denied"
	HTTPProxyFailed      Code = "http-proxy-failed"
	HTTPProxyAuth        Code = "http-proxy-auth"
	TLSUnknownAuthority  Code = "tls-unknown-authority"
	TLSName              Code = "tls-name"
	TLSExpired           Code = "tls-expired"
	TLSNotYetValid       Code = "tls-not-yet-valid"
	TLSHandshake         Code = "tls-handshake"
	TLSIntercepted       Code = "tls-intercepted"
	TLSClientCert        Code = "tls-client-cert"
	NoAnswer             Code = "no-answer"
	NotHTTP              Code = "not-http"
	BadAnswer            Code = "bad-answer"
	CaptivePortal        Code = "captive-portal"
	AuthNeeded           Code = "auth-needed"
	Forbidden            Code = "forbidden"
	RateLimited          Code = "rate-limited"
	ServerError          Code = "server-error"
	ModuleNotFound       Code = "module-not-found"
	VersionNotFound      Code = "version-not-found"
	TooFresh             Code = "too-fresh"
	PathMismatch         Code = "path-mismatch"
	NoFallback           Code = "no-fallback"
	InvalidPath          Code = "invalid-path"
	InvalidVersion       Code = "invalid-version"
	GoImportMissing      Code = "go-import-missing"
	GoImportMismatch     Code = "go-import-mismatch"
	InsecureHost         Code = "insecure-host"
	ProxyOff             Code = "proxy-off"
	VCSMissing           Code = "vcs-missing"
	VCSAuth              Code = "vcs-auth"
	VCSHostKey           Code = "vcs-hostkey"
	VCSDisallowed        Code = "vcs-disallowed"
	VCSNoRevision        Code = "vcs-no-revision"
	SumDBUnreachable     Code = "sumdb-unreachable"
	SumDBNotFound        Code = "sumdb-not-found"
	SumMismatch          Code = "sum-mismatch"
	ToolchainUnavailable Code = "toolchain-unavailable"
	ToolMissing          Code = "tool-missing"
	DiskCache            Code = "disk-cache"
	Offline              Code = "offline"
	NetworkFiltered      Code = "network-filtered"
	RouteLeak            Code = "route-leak"
	SumDBLeak            Code = "sumdb-leak"
	ReplaceMissing       Code = "replace-missing"
	ReplaceInvalid       Code = "replace-invalid"
	ReplaceNoGoMod       Code = "replace-no-gomod"
	ReplacePathMismatch  Code = "replace-path-mismatch"
	ReplaceUnused        Code = "replace-unused"
	OverbroadPrivate     Code = "overbroad-private"
	EnvProxy             Code = "env-proxy"
	EnvInvalid           Code = "env-invalid"
	EnvPattern           Code = "env-pattern"
	EnvShadowed          Code = "env-shadowed"
	EnvUnknown           Code = "env-unknown"
	Netrc                Code = "netrc"
	FallbackUsed         Code = "fallback-used"
	CachedOnly           Code = "cached-only"
	Retracted            Code = "retracted"
	Deprecated           Code = "deprecated"
	GoSumSyntax          Code = "gosum-syntax"
	GoModSyntax          Code = "gomod-syntax"
)

// Severity is how much a finding matters.
type Severity uint8

const (
	// Error means the go command fails.
	Error Severity = iota + 1
	// Warning means something is wrong that does not fail yet.
	Warning
	// Information is worth knowing.
	Information
	// Hint can be done better.
	Hint
)

// String gives the name used in JSON and on the command line.
func (s Severity) String() string {
	return [...]string{"", "error", "warning", "info", "hint"}[s]
}

// ParseSeverity reads a severity by its name; ok is false for any other word.
func ParseSeverity(name string) (s Severity, ok bool) {
	for s := Error; s <= Hint; s++ {
		if s.String() == name {
			return s, true
		}
	}
	return 0, false
}

// Help is the address of the code's page.
func (c Code) Help() string {
	return "https://github.com/modreach/modreach/blob/main/docs/codes/" + string(c) + ".md"
}
