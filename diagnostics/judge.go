// Package diagnostics turns what the hops answered into what the go command
// would conclude, and that into findings a person can act on. It is pure.
package diagnostics

import (
	"errors"
	"slices"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// State is the short form of a verdict.
type State uint8

const (
	// Unknown means no light probe could tell, or none has told yet.
	Unknown State = iota
	// Reachable means the go command can fetch it.
	Reachable
	// Cached means the go command has it already.
	Cached
	// Unreachable means the go command fails, or waits without end.
	Unreachable
	// Skipped means the go command has nothing to fetch.
	Skipped
)

// String gives the name used in JSON.
func (s State) String() string {
	return [...]string{"unknown", "reachable", "cached", "unreachable", "skipped"}[s]
}

// Verdict is what the go command would conclude about one requirement.
type Verdict struct {
	State State
	// Code is why it is unreachable, or what is odd about how it was reached;
	// empty if there is nothing to say.
	Code Code
	// Also are more findings on the line, which change nothing about the verdict.
	Also []Code
	// Reason is one sentence in plain words; empty for a verdict that needs none.
	Reason string
	// Shared reports that it is the verdict on the toolchain, without which
	// every line of the file fails.
	Shared bool
	// Report is what the verdict rests on.
	Report probe.Report
}

// Judge gives the verdict on a report.
func Judge(r probe.Report) Verdict {
	v := Verdict{Report: r}
	switch r.Ending {
	case probe.Reached:
		v.State, v.Reason = Reachable, "served by "+last(r.ServedBy()).String()
		if _, _, fell := r.FellBack(); fell {
			v.Code = FallbackUsed
		}
	case probe.Cached:
		v.State, v.Reason = Cached, "in the module cache"
	case probe.Spared:
		v.State, v.Reason = Skipped, r.Text
	case probe.Open:
		v.State, v.Code, v.Reason = Unknown, leakCode(r), r.Text
	case probe.Lost:
		v.State, v.Code, v.Reason = Unreachable, lostCode(r), r.FirstLine()
		if r.Mismatch != "" {
			v.Reason = oneLine(r.Mismatch) // its first line says nothing
		}
	}
	v.Also = asides(r)
	return v
}

// Pending is the verdict on a requirement whose report is not in yet.
func Pending(r route.Route, reason string) Verdict {
	return Verdict{State: Unknown, Reason: reason, Report: probe.Report{Route: r, Ending: probe.Open, Hop: -1, Text: reason, Served: r.Mod}}
}

func last(hops []route.Hop) route.Hop {
	if len(hops) == 0 {
		return route.Hop{Kind: route.Cache}
	}
	return hops[len(hops)-1]
}

// lostCode names why a route was lost.
func lostCode(r probe.Report) Code {
	switch r.Route.Stop.Kind {
	case route.BadPath:
		return InvalidPath
	case route.BadVersion:
		return InvalidVersion
	case route.BadList:
		return EnvProxy
	case route.BadReplace:
		return ReplaceInvalid
	case route.NoModCache:
		return DiskCache
	case route.NeedsToolchain:
		return ToolchainUnavailable
	case route.BadSetting:
		return EnvInvalid
	case route.BadSum:
		return GoSumSyntax
	case route.NoStop, route.Excluded, route.NoGo, route.Installed:
	}
	if r.Route.Toolchain != "" && (r.Fault == nil || r.Fault.Cause != probe.DiskCache) {
		return ToolchainUnavailable
	}
	if r.Fault == nil {
		return ProxyOff
	}
	if r.Hop == len(r.Route.Hops) {
		if _, young := age(r); young && r.Fault.Cause == probe.NotFound {
			return TooFresh
		}
		return sumCode(r.Fault)
	}
	if r.Beyond != nil {
		return NoFallback
	}
	if r.Fault.Cause == probe.OtherModule && r.Route.Replaced != "" {
		return ReplacePathMismatch
	}
	absent := r.Fault.Cause == probe.NotFound || r.Fault.Cause == probe.NoRevision
	if absent && len(r.Known) > 0 && !slices.Contains(r.Known, r.Route.Mod.Version) {
		return VersionNotFound
	}
	if absent && len(r.Known) > 0 && r.Hop >= 0 && r.Results[r.Hop].Hop.Kind == route.Proxy {
		return TooFresh // it lists the version
	}
	return CodeOf(r.Fault)
}

// sumCode gives the code of a fault of the checksum database, which wants other
// remedies than the same fault of a proxy.
func sumCode(f *probe.Fault) Code {
	switch f.Cause {
	case probe.NotFound:
		return SumDBNotFound
	case probe.BadSetting, probe.SumMismatch, probe.ProxyOff:
		return CodeOf(f)
	}
	return SumDBUnreachable
}

// CodeOf gives the code of a fault by itself; empty for nil.
func CodeOf(f *probe.Fault) Code {
	if f == nil {
		return ""
	}
	if bad := (*module.InvalidVersionError)(nil); errors.As(f.Err, &bad) {
		return InvalidVersion // no file could have its name
	}
	return codeOf[f.Cause]
}

var codeOf = [probe.Causes]Code{
	probe.NameNotFound:      DNSNotFound,
	probe.NameFailed:        DNSFailed,
	probe.NameTimeout:       DNSTimeout,
	probe.Refused:           ConnectRefused,
	probe.ConnectTimeout:    ConnectTimeout,
	probe.Reset:             ConnectReset,
	probe.NoRoute:           NoRoute,
	probe.OSDenied:          OSDenied,
	probe.HTTPProxyFailed:   HTTPProxyFailed,
	probe.HTTPProxyAuth:     HTTPProxyAuth,
	probe.UnknownAuthority:  TLSUnknownAuthority,
	probe.WrongName:         TLSName,
	probe.Expired:           TLSExpired,
	probe.NotYetValid:       TLSNotYetValid,
	probe.ClientCertificate: TLSClientCert,
	probe.HandshakeFailed:   TLSHandshake,
	probe.NoAnswer:          NoAnswer,
	probe.NotHTTP:           NotHTTP,
	probe.BadAnswer:         BadAnswer,
	probe.CaptivePortal:     CaptivePortal,
	probe.AuthNeeded:        AuthNeeded,
	probe.Forbidden:         Forbidden,
	probe.RateLimited:       RateLimited,
	probe.ServerError:       ServerError,
	probe.NotFound:          ModuleNotFound,
	probe.InsecureHost:      InsecureHost,
	probe.ProxyOff:          ProxyOff,
	probe.SumMismatch:       SumMismatch,
	probe.DiskCache:         DiskCache,
	probe.NoDirectory:       ReplaceMissing,
	probe.NoGoMod:           ReplaceNoGoMod,
	probe.TooOld:            ToolchainUnavailable,
	probe.BadSetting:        EnvInvalid,
	probe.OtherModule:       PathMismatch,
	probe.VCSMissing:        VCSMissing,
	probe.VCSAuth:           VCSAuth,
	probe.VCSHostKey:        VCSHostKey,
	probe.VCSDisallowed:     VCSDisallowed,
	probe.NoRevision:        VCSNoRevision,
	probe.NoGoImport:        GoImportMissing,
	probe.GoImportMismatch:  GoImportMismatch,
}

// Nearest gives the version closest to the one that a report is about, of those
// that were seen on the way and that no exclude directive drops; "" for none.
func Nearest(r probe.Report) string {
	known := slices.DeleteFunc(slices.Clone(r.Known), func(v string) bool { return slices.Contains(r.Route.Excluded, v) })
	return nearest(r.Route.Mod.Version, known)
}

// nearest gives the version of a sorted list that is closest to want: the
// highest below it within the same major version, else the lowest above it,
// else the highest of all. It gives "" for an empty list.
func nearest(want string, known []string) string {
	var below, above string
	for _, v := range known {
		if semver.Major(v) != semver.Major(want) {
			continue
		}
		if semver.Compare(v, want) <= 0 {
			below = v
		} else if above == "" {
			above = v
		}
	}
	switch {
	case below != "":
		return below
	case above != "" || len(known) == 0:
		return above
	}
	return known[len(known)-1]
}
