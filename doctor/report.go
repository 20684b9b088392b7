// Package doctor turns what is known of a machine into a checklist: the settings
// of the go command, the caches and disks, the programs, the hosts on the way of
// a module, and what else could serve it. It is pure: facts in, checks out.
//
//	var b doctor.Builder
//	b.Stage("hosts", took, doctor.Hosts(hosts, now))
//	report := b.Report()
//
// A Report is also its own JSON form, which docs/doctor.md documents, so that
// one machine can read what another has written.
package doctor

import "time"

// Schema is the version of the JSON form. Fields are only ever added to it.
const Schema = 1

// Report is the outcome of an examination. No list of one that a [Builder] made
// is nil.
type Report struct {
	Schema int  `json:"schema"`
	Tool   Tool `json:"tool"`
	// Made is when the examination began.
	Made time.Time `json:"made"`
	// Go is the version of the go command, "go1.26.0"; empty where there is none.
	Go string `json:"go"`
	// OS is the system and the kind of machine, "linux/amd64".
	OS string `json:"os"`
	// Module is the path of the main module; empty where there is none.
	Module string `json:"module"`
	// Offline reports that no network was used.
	Offline bool `json:"offline"`
	// Settings are those that bear on fetching, by name.
	Settings []Setting `json:"settings"`
	// Stages come in the order in which they were done.
	Stages []Stage `json:"stages"`
	// Modules has one for each require line; none where offline.
	Modules []Module `json:"modules"`
	// Alternatives are the proxies measured side by side, in the order in which
	// the go command asks them, and after them the mirrors.
	Alternatives []Alternative `json:"alternatives"`
	Summary      Summary       `json:"summary"`
}

// Tool is the program that wrote a report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Setting is one variable that is set. Its value holds no secret.
type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	// Origin is where it was set: process, user, goroot, workspace or default.
	Origin string `json:"origin"`
}

// Stage is a part of the examination.
type Stage struct {
	// Name is one of "settings", "disk", "tools", "hosts", "modules" and
	// "alternatives".
	Name string `json:"name"`
	// Title names it for people.
	Title string `json:"title"`
	// MS is how long it took, in milliseconds.
	MS     float64 `json:"ms"`
	Checks []Check `json:"checks"`
}

// Status is what a check came to.
type Status string

// The statuses.
const (
	// OK means all is well.
	OK Status = "ok"
	// Warn means it can be done better, or may fail one day.
	Warn Status = "warn"
	// Fail means the go command fails because of it, or will as soon as it has to
	// fetch something.
	Fail Status = "fail"
	// Skipped means it was not looked at, or does not apply.
	Skipped Status = "skipped"
)

// Check is one line of the checklist.
type Check struct {
	// ID names the same check in every report: "disk.modcache",
	// "host.proxy.corp.example:443".
	ID     string `json:"id"`
	Status Status `json:"status"`
	// Title is short, Detail is a sentence or more; Detail may be empty.
	Title  string `json:"title"`
	Detail string `json:"detail"`
	// Remedy is what to do about it; empty where nothing has to be done.
	Remedy string `json:"remedy"`
	// Code is that of the finding behind it; empty if there is none.
	Code string `json:"code"`
	// Host is what was seen of a host; nil for all other checks.
	Host *Host `json:"host,omitempty"`
}

// Summary counts the checks by status.
type Summary struct {
	OK      int     `json:"ok"`
	Warn    int     `json:"warn"`
	Fail    int     `json:"fail"`
	Skipped int     `json:"skipped"`
	Seconds float64 `json:"seconds"`
}
