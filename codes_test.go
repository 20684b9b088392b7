package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/diagnostics"
)

// shows names the scenarios that show a code, and the line of go.mod that it is
// told on. They differ by who is at fault, which the message has to fit.
var shows = []struct {
	code      diagnostics.Code
	line      int
	scenarios string
}{
	{diagnostics.DNSNotFound, 5, "alone-no-such-host direct-page-no-such-host direct-host-name-unknown direct-ssh-no-such-host"},
	{diagnostics.DNSFailed, 5, "alone-dns-failed"},
	{diagnostics.ConnectRefused, 5, "alone-refused direct-page-refused direct-ssh-refused"},
	{diagnostics.ConnectTimeout, 5, "alone-blackhole direct-ssh-timeout"},
	{diagnostics.ConnectReset, 5, "alone-hangup direct-page-hangup direct-ssh-closed"},
	{diagnostics.NoRoute, 5, "alone-unreachable"},
	{diagnostics.HTTPProxyFailed, 5, "alone-via-down direct-page-down direct-host-down"},
	{diagnostics.HTTPProxyAuth, 5, "alone-via-login direct-page-proxy-demands direct-host-proxy-demands"},
	{diagnostics.TLSUnknownAuthority, 5, "alone-unknown-ca direct-page-tls-unknown-ca direct-host-tls-unknown-ca"},
	{diagnostics.TLSName, 5, "alone-wrong-name direct-page-tls-wrong-name"},
	{diagnostics.TLSExpired, 5, "alone-expired direct-page-tls-expired"},
	{diagnostics.TLSNotYetValid, 5, "alone-not-yet-valid"},
	{diagnostics.TLSHandshake, 5, "alone-tls11 direct-page-tls-tls11"},
	{diagnostics.TLSIntercepted, 1, "alone-intercepted"},
	{diagnostics.TLSClientCert, 5, "alone-client-cert"},
	{diagnostics.NoAnswer, 5, "alone-silent direct-page-silent direct-host-silent"},
	{diagnostics.NotHTTP, 5, "alone-http-on-https direct-page-tls-misspoken"},
	{diagnostics.BadAnswer, 5, "alone-html alone-zip-is-none direct-page-204 direct-host-html direct-git-broken-config"},
	{diagnostics.CaptivePortal, 1, "alone-portal"},
	{diagnostics.AuthNeeded, 5, "alone-401 direct-page-401 direct-page-login-goauth-off"},
	{diagnostics.Forbidden, 5, "alone-403 direct-behind-403 direct-page-403"},
	{diagnostics.RateLimited, 5, "alone-429 direct-page-429 direct-host-429"},
	{diagnostics.ServerError, 5, "alone-500 direct-behind-500 direct-page-500 direct-host-500"},
	{diagnostics.ModuleNotFound, 5, "alone-module-missing direct-page-404 direct-host-404"},
	{diagnostics.VersionNotFound, 5, "version-missing-version direct-private-only-at-proxy"},
	{diagnostics.TooFresh, 5, "alone-listed-and-not-served alone-unknown-to-sumdb-yet"},
	{diagnostics.PathMismatch, 5, "aside-other-path aside-no-module-line"},
	{diagnostics.NoFallback, 5, "aside-beyond-500-comma"},
	{diagnostics.InvalidPath, 5, "version-no-dot version-trailing-dot-element"},
	{diagnostics.InvalidVersion, 5, "version-major-mismatch direct-branch-with-slash-behind-proxy"},
	{diagnostics.GoImportMissing, 5, "direct-page-login-form"},
	{diagnostics.GoImportMismatch, 5, "direct-page-wrong-prefix direct-page-dots-in-root"},
	{diagnostics.InsecureHost, 5, "alone-user-over-http direct-page-redirect-to-plain"},
	{diagnostics.ProxyOff, 5, "list-off setting-network-off"},
	{diagnostics.VCSMissing, 5, "direct-git-missing direct-page-hg-missing alone-ssh-missing"},
	{diagnostics.VCSAuth, 5, "direct-host-401 direct-host-403 direct-ssh-denied"},
	{diagnostics.VCSHostKey, 5, "direct-ssh-unknown-key direct-ssh-changed-key"},
	{diagnostics.VCSDisallowed, 5, "direct-govcs-off direct-git-disallowed"},
	{diagnostics.VCSNoRevision, 5, "direct-host-empty direct-incompatible-with-mod"},
	{diagnostics.SumDBUnreachable, 5, "sumdb-500 sumdb-refused alone-sumdb-silent"},
	{diagnostics.SumDBNotFound, 5, "sumdb-404 direct-sumdb-gonoproxy-only"},
	{diagnostics.SumMismatch, 5, "sum-mod-wrong sumdb-forged sum-warm-zip-wrong direct-sum-mod-wrong"},
	{diagnostics.ToolchainUnavailable, 3, "toolchain-lacks toolchain-path toolchain-403 toolchain-sumdb-off go-line-too-new"},
	{diagnostics.ToolMissing, 7, "alone-tool-missing"},
	{diagnostics.DiskCache, 1, "cache-relative"},
	{diagnostics.Offline, 1, "alone-cut-off"},
	{diagnostics.NetworkFiltered, 1, "alone-filtered alone-filtered-by-page"},
	{diagnostics.RouteLeak, 5, "guard-inner guard-team guard-scheme guard-database-sibling guard-after-login"},
	{diagnostics.SumDBLeak, 5, "guard-database-gonoproxy"},
	{diagnostics.ReplaceMissing, 6, "replace-dir-missing"},
	{diagnostics.ReplaceInvalid, 7, "replace-dir-with-version"},
	{diagnostics.ReplaceInvalid, 8, "replace-twice-differently"},
	{diagnostics.ReplaceNoGoMod, 6, "replace-dir-without-gomod"},
	{diagnostics.ReplacePathMismatch, 7, "aside-replaced-declares-a-third aside-replaced-declares-none"},
	{diagnostics.ReplaceUnused, 7, "settled-replace-unused settled-replace-unused-version"},
	{diagnostics.OverbroadPrivate, 1, "settled-overbroad"},
	{diagnostics.EnvProxy, 1, "list-ftp settled-proxy-dead settled-proxy-word settled-proxy-empty settled-proxy-login settled-proxy-plain"},
	{diagnostics.EnvInvalid, 1, "setting-bad-goflags setting-module-off"},
	{diagnostics.EnvInvalid, 5, "sumdb-malformed direct-govcs-no-colon"},
	{diagnostics.EnvPattern, 1, "settled-pattern-scheme settled-pattern-port settled-pattern-semicolon settled-pattern-blank settled-pattern-dots " +
		"settled-pattern-capital settled-pattern-glob settled-pattern-many settled-pattern-word settled-pattern-apex settled-pattern-in-file " +
		"settled-pattern-insecure settled-pattern-govcs"},
	{diagnostics.EnvShadowed, 1, "settled-shadowed"},
	{diagnostics.EnvUnknown, 1, "settled-unknown-process settled-unknown-file settled-unknown-in-file settled-unknown-line settled-unknown-debug"},
	{diagnostics.Netrc, 1, "settled-netrc-no-password settled-netrc-no-login settled-netrc-torn settled-netrc-port settled-netrc-ends settled-netrc-open " +
		"auth-netrc-without-port auth-netrc-unreadable auth-netrc-elsewhere"},
	{diagnostics.FallbackUsed, 5, "aside-beyond-500-bar"},
	{diagnostics.CachedOnly, 5, "cached-alone"},
	{diagnostics.Retracted, 5, "aside-retracts-itself"},
	{diagnostics.Deprecated, 5, "aside-deprecated"},
	{diagnostics.GoSumSyntax, 1, "sum-malformed-line"},
	{diagnostics.GoModSyntax, 6, "alone-gomod-nonsense"},
}

// TestCodes has this program tell each code of the catalogue about a server, a
// repository or a setting that really is so, and compares the messages with
// testdata/messages.golden. The words of the go command are left out: git's and
// the system's are not everywhere the same, and TestOracle compares them.
func TestCodes(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for silent hosts")
	}
	program := build(t)
	byName := map[string]scenario{
		// The oracle judges require lines, and these are not at fault.
		"alone-gomod-nonsense": {env: "GOPROXY=$A", gomod: requiring("example.com/a", "v1.0.0") + "nonsense\n"},
	}
	// The go command has no such flag.
	byName["cached-alone"] = scenario{env: "GOPROXY=off", flags: []string{"-no-cache"}, set: func(w *world) { w.warm("example.com/a@v1.0.0") }}
	for _, s := range scenarios() {
		byName[s.name] = s
	}
	shown := map[diagnostics.Code]bool{}
	var mu sync.Mutex // guards told
	told := map[string]string{}
	t.Run("all", func(t *testing.T) {
		for _, show := range shows {
			shown[show.code] = true
			for name := range strings.FieldsSeq(show.scenarios) {
				t.Run(string(show.code)+" "+name, func(t *testing.T) {
					t.Parallel()
					s, ok := byName[name]
					if !ok {
						t.Fatal("there is no such scenario")
					}
					message := s.world(t).message(program, show.code, show.line)
					mu.Lock()
					defer mu.Unlock()
					told[string(show.code)+" "+name] = message
				})
			}
		}
	})
	for _, made := range machineMade {
		shown[made.code] = true
	}
	for _, e := range diagnostics.Catalogue() {
		if !shown[e.Code] {
			t.Errorf("nothing shows the code %s", e.Code)
		}
	}
	if t.Failed() {
		return
	}
	var golden strings.Builder
	for _, show := range shows {
		for name := range strings.FieldsSeq(show.scenarios) {
			key := string(show.code) + " " + name
			if told[key] == "" {
				t.Skip("not all of them were run")
			}
			golden.WriteString(key + "\n    " + told[key] + "\n")
		}
	}
	file := filepath.Join("testdata", "messages.golden")
	if *update {
		if err := os.WriteFile(file, []byte(golden.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), golden.String()); diff != "" {
		t.Errorf("messages (-golden +told); -update writes them:\n%s", diff)
	}
}

// message gives that of the finding with a code, which has to be on a line.
func (w *world) message(program string, code diagnostics.Code, line int) string {
	w.t.Helper()
	findings := w.check(program).Findings
	for _, f := range findings {
		if f.Code == string(code) && f.Line == line {
			return w.steady(f.Message)
		}
	}
	w.t.Errorf("no %s on line %d in %+v", code, line, findings)
	return ""
}

// steady takes out of a message what is different each time.
func (w *world) steady(message string) string {
	message, quote, quoted := strings.Cut(message, " The go command says: ")
	if quoted && quote != "" {
		message += " The go command says: ..."
	}
	message = strings.NewReplacer(w.dir, "$DIR", w.home, "$HOME").Replace(message)
	return loopback.ReplaceAllString(message, "${1}PORT")
}

var loopback = regexp.MustCompile(`(127\.0\.0\.1:|proxy\.corp\.example:)[0-9]+`)

// TestCodesAreInOrder keeps the list as long as the catalogue and in its order.
func TestCodesAreInOrder(t *testing.T) {
	var got []diagnostics.Code
	for _, s := range shows {
		got = append(got, s.code)
	}
	got = slices.Compact(got)
	var want []diagnostics.Code
	for _, e := range diagnostics.Catalogue() {
		if slices.Contains(got, e.Code) {
			want = append(want, e.Code)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order (-catalogue +list):\n%s", diff)
	}
}

// machineMade are the codes of faults that no server can make, but only the
// machine: a place in which a child process starts this program.
var machineMade = []struct {
	place string
	code  diagnostics.Code
	// proxy is GOPROXY, says a part of the message.
	proxy, says string
}{
	{withMuteDNS, diagnostics.DNSTimeout, "https://proxy.invalid", "The proxy https://proxy.invalid cannot be reached: no name server answered when asked for proxy.invalid."},
	{withBrokenDNS, diagnostics.DNSFailed, "https://proxy.invalid", "The proxy https://proxy.invalid cannot be reached: the name server could not look up proxy.invalid."},
	{inSandbox, diagnostics.OSDenied, "http://127.0.0.1:1", "The proxy http://127.0.0.1:1 cannot be reached: this machine forbids the connection to 127.0.0.1:1."},
}

// The places: a name server that never answers, one that only knows errors, and
// a sandbox in which nothing may connect.
const (
	withMuteDNS   = "mute name server"
	withBrokenDNS = "broken name server"
	inSandbox     = "sandbox"
	// placeVar names the place to a child process, programVar the program.
	placeVar, programVar = "MODREACH_TEST_PLACE", "MODREACH_TEST_PROGRAM"
)

func TestCodesOfTheMachine(t *testing.T) {
	program := build(t)
	for _, made := range machineMade {
		t.Run(made.place, func(t *testing.T) {
			t.Parallel()
			w := scenario{env: "GOPROXY=" + made.proxy}.world(t)
			findings := w.checkBy(inside(t, made.place, program)).Findings
			if len(findings) != 1 || findings[0].Code != string(made.code) || findings[0].Line != 5 || !strings.HasPrefix(findings[0].Message, made.says) {
				t.Errorf("%+v\nwant %s on line 5: %s", findings, made.code, made.says)
			}
		})
	}
}
