package report_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/modreach/modreach/doctor"
	"github.com/modreach/modreach/report"
)

// examined gives what the page of an examination is.
func examined(t *testing.T, r doctor.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.DoctorHTML(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// phase is one of a look, in milliseconds.
func phase(name string, start, ms float64) doctor.Step {
	return doctor.Step{Name: name, Start: start, MS: ms}
}

// examination is one of a machine behind a company's network: a proxy that
// answers by IPv4 alone, a checksum database behind an HTTP proxy, and a forge
// that is down.
func examination() doctor.Report {
	made := time.Date(2026, time.March, 14, 9, 26, 53, 0, time.UTC)
	return doctor.Report{
		Schema: 1, Tool: doctor.Tool{Name: "modreach", Version: "v0.1.0"}, Made: made,
		Go: "go1.26.8", OS: "linux/amd64", Module: "corp.example/app",
		Settings: []doctor.Setting{
			{Name: "GOPROXY", Value: "https://me:xxxxx@proxy.corp.example|direct", Origin: "user"},
			{Name: "GOPRIVATE", Value: "git.corp.example,corp.example/internal/*", Origin: "process"},
			{Name: "GOSUMDB", Value: "sum.golang.org", Origin: "goroot"},
		},
		Stages: []doctor.Stage{
			{Name: "settings", Title: "Settings and patterns", MS: 11.2, Checks: []doctor.Check{
				{ID: "settings.goproxy", Status: doctor.OK, Title: "GOPROXY", Detail: "A proxy, and then the modules' own hosts."},
				{
					ID: "settings.goprivate", Status: doctor.Warn, Title: "GOPRIVATE has a pattern too many", Code: "env-proxy",
					Detail: "The first pattern covers what the second one names.", Remedy: "go env -w GOPRIVATE=git.corp.example",
				},
			}},
			{Name: "disk", Title: "Caches and disk", MS: 2.4, Checks: []doctor.Check{
				{ID: "disk.modcache", Status: doctor.OK, Title: "GOMODCACHE can be written", Detail: "~/go/pkg/mod, 41 GiB free"},
			}},
			{Name: "tools", Title: "Programs", MS: 38, Checks: []doctor.Check{
				{ID: "tools.git", Status: doctor.OK, Title: "git 2.52.0"},
				{ID: "tools.ssh", Status: doctor.Skipped, Title: "ssh agent", Detail: "Nothing asks for it."},
			}},
			{Name: "hosts", Title: "Hosts", MS: 10021, Checks: []doctor.Check{
				{ID: "host.proxy.corp.example:443", Status: doctor.Warn, Title: "proxy.corp.example answers by IPv4 alone", Remedy: "Mend its IPv6 address, or remove it.", Host: &doctor.Host{
					Name: "proxy.corp.example:443", URL: "https://proxy.corp.example/", Roles: []string{"entry 1 of GOPROXY"},
					Why: "NO_PROXY has corp.example", Proto: "HTTP/2.0", HTTP: 200,
					Looks: []doctor.Look{
						{
							Family: "IPv4", Address: "192.0.2.7:443", Outcome: "ok", TLS: "TLS 1.3",
							Steps:       []doctor.Step{phase("resolve", 0, 4.1), phase("connect", 4.1, 12.8), phase("handshake", 16.9, 31.4), phase("request", 48.3, 22.7)},
							Certificate: &doctor.Certificate{Subject: "proxy.corp.example", Issuer: "Corp Root CA 3", Expires: made.AddDate(0, 0, 19)},
						},
						{
							Family: "IPv6", Address: "[2001:db8::7]:443", Outcome: "fault", Code: "connect-refused",
							Message: "dial tcp [2001:db8::7]:443: connect: connection refused", Steps: []doctor.Step{phase("resolve", 0, 3.8), phase("connect", 3.8, 0.9)},
						},
					},
				}},
				{ID: "host.sum.golang.org:443", Status: doctor.OK, Title: "sum.golang.org answers", Host: &doctor.Host{
					Name: "sum.golang.org:443", URL: "https://sum.golang.org/", Roles: []string{"checksum database"},
					Via: "http://web.corp.example:3128", Why: "HTTPS_PROXY", Proto: "HTTP/1.1", HTTP: 404,
					Looks: []doctor.Look{{Outcome: "ok", TLS: "TLS 1.3", Steps: []doctor.Step{phase("resolve", 0, 1.2), phase("connect", 1.2, 44), phase("handshake", 45.2, 97), phase("request", 142.2, 61.3)}}},
				}},
				{
					ID: "host.git.corp.example:443", Status: doctor.Fail, Title: "git.corp.example does not answer", Code: "connect-timeout",
					Remedy: "A firewall drops the packets or the host is down; connect the VPN.", Host: &doctor.Host{
						Name: "git.corp.example:443", URL: "https://git.corp.example/", Roles: []string{"forge of git.corp.example/team/lib"},
						Looks: []doctor.Look{
							{Family: "IPv4", Address: "192.0.2.9:443", Outcome: "fault", Code: "connect-timeout", Message: "dial tcp 192.0.2.9:443: i/o timeout", Steps: []doctor.Step{phase("resolve", 0, 2.2), phase("connect", 2.2, 10000)}},
							{Family: "IPv6", Outcome: "none"},
						},
					},
				},
			}},
			{Name: "alternatives", Title: "Proxies side by side", MS: 305, Checks: []doctor.Check{
				{ID: "alternatives.mirror.example", Status: doctor.OK, Title: "https://mirror.example could stand in"},
			}},
		},
		Modules: []doctor.Module{
			{Path: "example.com/a", Version: "v1.2.3", Line: 6, Verdict: "reachable", Reason: "served by proxy https://me:xxxxx@proxy.corp.example", Hops: []doctor.Hop{
				{Kind: "cache", Name: "module cache", Why: "GOMODCACHE", Outcome: "not-found"},
				{Kind: "proxy", Name: "proxy https://me:xxxxx@proxy.corp.example", Why: "GOPROXY entry 1 of 2", Outcome: "ok", MS: 71},
				{Kind: "direct", Name: "direct", Why: "GOPROXY entry 2 of 2, after a bar", Outcome: "skipped"},
			}},
			{Path: "git.corp.example/team/lib", Version: "v1.4.0", Line: 7, Verdict: "unreachable", Code: "connect-timeout", Hops: []doctor.Hop{
				{Kind: "cache", Name: "module cache", Why: "GOMODCACHE", Outcome: "not-found"},
				{
					Kind: "direct", Name: "direct host git.corp.example", Why: "GONOPROXY matches git.corp.example", Outcome: "fault",
					Code: "connect-timeout", Message: "dial tcp 192.0.2.9:443: i/o timeout", MS: 10002,
				},
			}},
		},
		Alternatives: []doctor.Alternative{
			{URL: "https://me:xxxxx@proxy.corp.example", Role: "entry 1 of GOPROXY", Module: "example.com/a v1.2.3", Has: true, P50: 22.7, Samples: 5},
			{URL: "https://mirror.example", Role: "mirror", Module: "example.com/a v1.2.3", Has: true, SumDB: true, P50: 41.2, Samples: 5},
			{URL: "https://old.example", Role: "mirror", Module: "example.com/a v1.2.3", Message: "410 Gone"},
		},
		Summary: doctor.Summary{OK: 5, Warn: 2, Fail: 1, Skipped: 1, Seconds: 10.4},
	}
}

// poisoned is an examination whose every text is hostile.
func poisoned() doctor.Report {
	const poison = "</style><script>alert(1)</script>\" onclick='x' " + sequence + marks + newline + "https://me:hunter2@proxy.example/?key=qu3ry "
	long := poison + strings.Repeat("endless", 200)
	host := &doctor.Host{
		Name: long, URL: long, Roles: []string{long, poison}, Via: long, Why: long, Proto: poison, HTTP: -1,
		Looks: []doctor.Look{{
			Family: poison, Address: long, Outcome: poison, Code: poison, Message: long, TLS: poison,
			Steps: []doctor.Step{phase(poison, -5, -3), phase("connect", 1e300, 1e300)}, Certificate: &doctor.Certificate{Subject: long, Issuer: long},
		}},
	}
	check := doctor.Check{ID: poison, Status: poison, Title: long, Detail: long, Remedy: long, Code: poison, Host: host}
	return doctor.Report{
		Tool: doctor.Tool{Name: poison, Version: poison}, Go: poison, OS: poison, Module: long,
		Settings: []doctor.Setting{{Name: long, Value: long, Origin: poison}},
		Stages:   []doctor.Stage{{Name: poison, Title: long, MS: -1, Checks: []doctor.Check{check}}},
		Modules: []doctor.Module{{
			Path: long, Version: poison, Verdict: poison, Reason: long, Code: poison,
			Hops: []doctor.Hop{{Kind: poison, Name: long, Why: long, Outcome: poison, Code: poison, Message: long, MS: 1e18}},
		}},
		Alternatives: []doctor.Alternative{{URL: long, Role: long, Module: long, P50: 1, Samples: 1, Message: long}},
		Summary:      doctor.Summary{Fail: 1},
	}
}

func TestDoctorHTML(t *testing.T) {
	golden(t, "doctor.html", examined(t, examination()))
	golden(t, "doctor-hostile.html", examined(t, poisoned()))
	if err := report.DoctorHTML(full{}, examination()); err == nil {
		t.Error("the error of the writer is lost")
	}
}

func TestDoctorHTMLHeadline(t *testing.T) {
	tests := []struct {
		name, want string
		summary    doctor.Summary
	}{
		{"nothing", "Nothing was examined", doctor.Summary{Skipped: 3}},
		{"well", "All is well", doctor.Summary{OK: 3, Skipped: 1}},
		{"warning", "Nothing fails, 1 warning", doctor.Summary{OK: 3, Warn: 1}},
		{"warnings", "Nothing fails, 2 warnings", doctor.Summary{OK: 3, Warn: 2}},
		{"failure", "1 check fails", doctor.Summary{OK: 3, Warn: 2, Fail: 1}},
		{"failures", "2 checks fail", doctor.Summary{Fail: 2}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			page := examined(t, doctor.Report{Summary: test.summary})
			if !strings.Contains(page, "<h1>"+test.want+"</h1>") {
				t.Errorf("the headline is not %q", test.want)
			}
		})
	}
}

func TestDoctorHTMLIsSound(t *testing.T) {
	for name, r := range map[string]doctor.Report{"empty": {}, "whole": examination(), "poisoned": poisoned()} {
		t.Run(name, func(t *testing.T) {
			page := examined(t, r)
			for _, fault := range pageSound(t, page) {
				t.Error(fault)
			}
			for _, secret := range secrets {
				if strings.Contains(page, secret) {
					t.Errorf("%s came through", secret)
				}
			}
			if strings.ContainsAny(page, "\x1b\u202e\u2066\u2028\u009b") {
				t.Error("a control character came through")
			}
		})
	}
}
