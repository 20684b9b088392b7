package diagnostics

import "slices"

// Entry is what the catalogue says of one code.
type Entry struct {
	Code     Code
	Severity Severity
	// What tells what happened, Remedy what to do about it. Both are sentences
	// with placeholders in braces, which Find fills in.
	What, Remedy string
}

// Catalogue gives the entries of all codes, in their order.
func Catalogue() []Entry { return slices.Clone(catalogue) }

// Describe gives the entry of a code; ok is false for an unknown one.
func Describe(c Code) (e Entry, ok bool) {
	i := slices.IndexFunc(catalogue, func(e Entry) bool { return e.Code == c })
	if i < 0 {
		return Entry{}, false
	}
	return catalogue[i], true
}

// The placeholders are {module} and {version} (what is fetched), {hop} ("the proxy"
// with its redacted URL, or "the host"; {Hop} begins a sentence), {host} (host and
// port that failed), {status},
// {nearest}, {dir}, {hosts}, {tool} (the program of a version control system),
// {package} (that of a tool line), {beyond} (the hop after a comma), {declared},
// {advice}, {evidence} (why a path looks private), and some that may be empty: {tried} (what became of the credentials),
// {via} (the address of the HTTP proxy), {fails} (how it does), {pass} (that | would lead past the hop),
// {age} and {rationale}.
var catalogue = []Entry{
	{
		DNSNotFound, Error,
		"{Hop} cannot be reached: there is no host named {host}.",
		"Check the name in GOPROXY, or connect the VPN that knows it.",
	},
	{
		DNSFailed, Error,
		"{Hop} cannot be reached: the name server could not look up {host}.",
		"The name server of this machine fails; check the network or the VPN.",
	},
	{
		DNSTimeout, Error,
		"{Hop} cannot be reached: no name server answered when asked for {host}.",
		"Check the network connection or the VPN.",
	},
	{
		ConnectRefused, Error,
		"{Hop} cannot be reached: {host} refuses the connection, nothing listens there.",
		"Start it, or correct its address in GOPROXY.{pass}",
	},
	{
		ConnectTimeout, Error,
		"{Hop} cannot be reached: {host} does not answer the connection request (go would wait 30 s for each file).",
		"A firewall drops the packets or the host is down; connect the VPN or use another proxy.{pass}",
	},
	{
		ConnectReset, Error,
		"{Hop} broke the connection before it answered ({host}).",
		"Something on the way cuts it, often a firewall; try another network or another proxy.",
	},
	{
		NoRoute, Error,
		"{Hop} cannot be reached: this machine has no route to {host}.",
		"Connect to the network or the VPN that leads there.",
	},
	{
		OSDenied, Error,
		"{Hop} cannot be reached: this machine forbids the connection to {host}.",
		"A local firewall or sandbox denies it; allow this program and go to connect.",
	},
	{
		HTTPProxyFailed, Error,
		"{Hop} cannot be reached: the HTTP proxy{via} does not connect to it.",
		"Correct HTTPS_PROXY (HTTP_PROXY for an http address), or add the host to NO_PROXY.",
	},
	{
		HTTPProxyAuth, Error,
		"{Hop} cannot be reached: the HTTP proxy{via} wants a login.",
		"Put user:password@ before its host in HTTPS_PROXY (HTTP_PROXY for an http address).",
	},
	{
		TLSUnknownAuthority, Error,
		"{Hop} cannot be trusted: an unknown authority signed the certificate of {host}.",
		"If it is your company's, install its root certificate in the system or name the file in SSL_CERT_FILE.",
	},
	{
		TLSName, Error,
		"{Hop} cannot be trusted: the certificate of {host} is for another name.",
		"Use the name the certificate is for, or have the certificate corrected.",
	},
	{
		TLSExpired, Error,
		"{Hop} cannot be trusted: the certificate of {host} has expired.",
		"Have it renewed; if others can connect, check the clock of this machine.",
	},
	{
		TLSNotYetValid, Error,
		"{Hop} cannot be trusted: the certificate of {host} is not valid yet.",
		"Check the clock of this machine.",
	},
	{
		TLSHandshake, Error,
		"{Hop} cannot be reached: {host} does not complete the TLS handshake.",
		"Either it knows nothing newer than TLS 1.1, or a firewall on the way drops the connection; try another network or another proxy.",
	},
	{
		TLSIntercepted, Error,
		"The connections to {hosts} are opened on the way: one unknown authority signed all their certificates.",
		"If that is your company's, install its root certificate in the system or name the file in SSL_CERT_FILE.",
	},
	{
		TLSClientCert, Error,
		"{Hop} wants a client certificate, which the go command cannot show.",
		"Use an address that asks for a password instead, or a local forwarder that holds the certificate.",
	},
	{
		NoAnswer, Error,
		"{Hop} accepts connections and then says nothing ({host}); go would wait without end.",
		"Use another proxy until it is mended; | after it does not help, because go never gives up waiting.",
	},
	{
		NotHTTP, Error,
		"{Hop} does not speak the protocol its address says ({host}).",
		"Check the scheme (http or https) and the port in GOPROXY.",
	},
	{
		BadAnswer, Error,
		"{Hop} gave an answer that is not a module proxy's.",
		"Check the address in GOPROXY: a web page, a login form or another service may stand there.",
	},
	{
		CaptivePortal, Error,
		"A login page of the network answers in place of {hop}.",
		"Open a browser and log in to the network.",
	},
	{
		AuthNeeded, Error,
		"{Hop} wants a login for {module}{tried}.",
		"Put the credentials into your netrc file, or into the address in GOPROXY (https only).",
	},
	{
		Forbidden, Error,
		"{Hop} forbids access to {module} {version}{tried}.",
		"Ask its owners; if the module should not come from there, add it to GONOPROXY.{pass}",
	},
	{
		RateLimited, Error,
		"{Hop} was asked too often and turns us away.",
		"Wait a little, or use another proxy.",
	},
	{
		ServerError, Error,
		"{Hop} fails with status {status}.",
		"Tell its owners.{pass}",
	},
	{
		ModuleNotFound, Error,
		"{module} {version} was not found; the last one asked was {hop}.",
		"Check the path. If the module is private, add it to GOPRIVATE so that go asks its own host.",
	},
	{
		VersionNotFound, Error,
		"{module} has no version {version}; the nearest one is {nearest}.",
		"Change the version, or push the tag if it is yours.",
	},
	{
		TooFresh, Error,
		"{module} {version} is there{age}, but {hop} does not know it yet.",
		"Wait and try again: what was asked for too early may be remembered as missing for half an hour. Or fetch it from its repository: GOPROXY=direct, and GONOSUMDB if it is private.",
	},
	{
		PathMismatch, Error,
		"The go.mod of {module} {version} declares {declared}, and builds fail with it.",
		"Require it by the path that it declares, or replace that module with it: go mod edit -replace.",
	},
	{
		NoFallback, Error,
		"{Hop} {fails}, and the comma after it keeps go from {beyond}, which has {module} {version}.",
		"Write | in place of that comma in GOPROXY: go then goes on after any error, and not only where a version is not there.",
	},
	{
		InvalidPath, Error,
		"{module} is no module path.",
		"Correct it: a path begins with a host name in lower case that has a dot, and has no odd characters.",
	},
	{
		InvalidVersion, Error,
		"{version} is no version that {module} can have.",
		"Correct the version, or the /vN at the end of the path: both must name the same major version.",
	},
	{
		GoImportMissing, Error,
		"The page of {host} for {module} does not tell where the module is kept.",
		"Check the path. If it is right, the page may be a login form for browsers; give go a login in your netrc file, or ask the owners for a go-import tag.",
	},
	{
		GoImportMismatch, Error,
		"The page of {host} for {module} has no go-import tag that go can use for this path.",
		"Compare the path with the tag, letter by letter; if the path is right, the owners of the page have to mend it.",
	},
	{
		InsecureHost, Error,
		"{Hop} would be asked without encryption, which go refuses here.",
		"Use an https address in GOPROXY.",
	},
	{
		ProxyOff, Error,
		"The settings forbid to fetch {module} {version}, and the module cache does not have it.",
		"GOPROXY is off, or cmdgonetlimit is 0 in GODEBUG: change that, or copy the module into the cache.",
	},
	{
		VCSMissing, Error,
		"{module} is fetched with {tool}, which is not installed here.",
		"Install it here, or have a proxy in GOPROXY fetch the module.",
	},
	{
		VCSAuth, Error,
		"The repository of {module} at {host} does not let git in.",
		"Give git a login: a credential helper, a line in ~/.netrc, or an ssh key with url.insteadOf. GOAUTH and NETRC are not for git, and go never asks for a login.",
	},
	{
		VCSHostKey, Error,
		"ssh does not trust the key that {host} shows.",
		"Compare the key with the one its owners publish. If it is the same, accept it once by hand with ssh; if it has changed, remove the old one before: ssh-keygen -R.",
	},
	{
		VCSDisallowed, Error,
		"{module} may not be fetched from its repository: a rule forbids that kind of repository or of connection.",
		"Change the rule in GOVCS or in git's protocol settings, or have a proxy fetch the module.",
	},
	{
		VCSNoRevision, Error,
		"The repository of {module} has no {version} that go accepts.",
		"Push the tag or the commit; the tag of a module in a subdirectory begins with its name. Or require a version that is there: its tag, its go.mod and the /vN of the path have to agree.",
	},
	{
		SumDBUnreachable, Error,
		"The hash of {module} {version} cannot be checked: {hop} {fails}.",
		"If the checksum database is blocked here, set GOSUMDB to an address of it that is not; list a private module in GOPRIVATE, or in GONOSUMDB if that is set.",
	},
	{
		SumDBNotFound, Error,
		"{Hop} does not know {module} {version}, so go refuses it.",
		"If the module is private, add it to GOPRIVATE, or to GONOSUMDB if that is set; if it was published just now, try again in some minutes.",
	},
	{
		SumMismatch, Error,
		"{module} {version} from {hop} is not what go.sum or the checksum database knows under this version.",
		"Do not use it before you know why: the tag was moved, or somebody tampers with it. go.sum is right until proven otherwise.",
	},
	{
		ToolchainUnavailable, Error,
		"The installed go command is too old for this module, and may not fetch a newer one.",
		"Install the version that the go line asks for, or allow go to fetch it: go env -w GOTOOLCHAIN=auto.",
	},
	{
		ToolMissing, Error,
		"No module that this go.mod requires provides the tool {package}.",
		"Require the module: go get -tool {package}; or remove the line: go mod edit -droptool={package}.",
	},
	{
		DiskCache, Error,
		"The module cache cannot be used.",
		"Check GOMODCACHE, its owner and its permissions.",
	},
	{
		Offline, Error,
		"This machine seems to be offline: {hosts} cannot be reached.",
		"Connect to a network; what is in the module cache still builds.",
	},
	{
		NetworkFiltered, Error,
		"This network seems to let nobody through to {hosts}.",
		"Ask who runs it to let these hosts pass, or have GOPROXY name a proxy that is allowed here; another network or a VPN shows whether it is the network.",
	},
	{
		RouteLeak, Warning,
		"{module} looks private, because {evidence}; go would tell {hop}, which is public, its path and version, though not its code.",
		"Add it to GOPRIVATE, so that nobody but its own host is asked; this check has not asked.",
	},
	{
		SumDBLeak, Warning,
		"{module} looks private, because {evidence}; GONOPROXY keeps it from proxies, but go would tell {hop}, which is public, its path and version.",
		"Add it to GONOSUMDB as well, or to GOPRIVATE, which stands for both; this check has not asked.",
	},
	{
		ReplaceMissing, Error,
		"{module} is replaced by {dir}, where there is no directory.",
		"Check out the module there, correct the path, or remove the replace.",
	},
	{
		ReplaceInvalid, Error,
		"The replace directive for {module} cannot be used.",
		"Correct it: replace MODULE => DIRECTORY, or MODULE => OTHER VERSION; one directive for each module and version.",
	},
	{
		ReplaceNoGoMod, Error,
		"{module} is replaced by {dir}, which has no go.mod.",
		"Name the directory of a module, or remove the replace.",
	},
	{
		ReplacePathMismatch, Error,
		"{module} is replaced by {new}, whose go.mod declares {declared}.",
		"Replace it with a module that declares its own path or that of the module it stands for; or with a directory, where go does not mind.",
	},
	{
		ReplaceUnused, Hint,
		"Nothing here uses this directive: {why}.",
		"Remove it: go mod edit -dropreplace={old}. If a module further down needs it, keep it.",
	},
	{
		OverbroadPrivate, Warning,
		"{setting}, set in {place}, has {pattern}, which covers public modules too: {modules}. {cost}.",
		"{mend}",
	},
	{
		EnvProxy, Error,
		"GOPROXY cannot be used.",
		"Correct it with go env -w GOPROXY=..., or where your environment sets it.",
	},
	{
		EnvInvalid, Error,
		"A setting of the go environment cannot be used, and go fails with it.",
		"Correct it where your environment sets it, or in the file that go env -w writes.",
	},
	{
		EnvPattern, Warning,
		"{setting}, set in {place}, does not cover what it seems to: {why}.",
		"{mend}",
	},
	{
		EnvShadowed, Warning,
		"{setting}={hidden} in {file} has no effect: {place} has {setting}={value}, which goes first.",
		"{mend}",
	},
	{
		EnvUnknown, Information,
		"{setting}, set in {place}, has no effect: {why}.",
		"{mend}",
	},
	{
		Netrc, Warning,
		"{why}.",
		"{mend}",
	},
	{
		FallbackUsed, Information,
		"{module} {version} is only reachable because go passes by {hop}, which {fails}.",
		"Mend or remove that entry of GOPROXY: it costs time for every file.",
	},
	{
		CachedOnly, Information,
		"{module} {version} builds here, because the module cache has it; a fresh machine or CI fails.",
		"Mend the error on this line before the cache is cleaned, or before somebody else needs it.",
	},
	{
		Retracted, Hint,
		"The author has retracted {module} {version}{rationale}.",
		"Take a version that is not retracted: go get {module}@latest.",
	},
	{
		Deprecated, Hint,
		"The author calls {module} deprecated: {advice}.",
		"Follow that advice; what there is still works.",
	},
	{
		GoSumSyntax, Error,
		"The go command cannot read the go.sum file of this module, and fetches nothing.",
		"Correct the line that go names; a merge may have left its marks there.",
	},
	{
		GoModSyntax, Error,
		"The go command cannot read this line, and fails with the whole file.",
		"Correct or remove the line.",
	},
}
