package doctor

import (
	"fmt"
	"strings"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/probe"
)

// scarce is how much room on a disk is worth a word, in bytes: the largest
// module that the go command accepts has a zip of 500 MiB, and as much again
// when it is unpacked.
const scarce = 1 << 30

// DiskChecks are those of the two caches of the go command.
func DiskChecks(modules, builds probe.Folder) []Check {
	checks := []Check{folderCheck("disk.modcache", "GOMODCACHE", modules)}
	if len(modules.Locks) > 0 {
		checks = append(checks, Check{
			ID: "disk.locks", Status: Warn, Title: "locks of git", Code: string(diagnostics.DiskCache),
			Detail: fmt.Sprintf("A git that was killed has left %s, by which no other can work there.", modules.Locks[0]),
			Remedy: "Remove it when no go command is running; or all repositories that go keeps: go clean -modcache.",
		})
		if more := len(modules.Locks) - 1; more > 0 {
			checks[1].Detail = strings.TrimSuffix(checks[1].Detail, ".") + fmt.Sprintf("; and there are %d more.", more)
		}
	}
	if modules.Owner != "" {
		checks = append(checks, Check{
			ID: "disk.owner", Status: Warn, Title: "owner", Code: string(diagnostics.DiskCache),
			Detail: fmt.Sprintf("%s belongs to %s, so go may not be able to add to it.", modules.Foreign, modules.Owner),
			Remedy: "Give it back: sudo chown -R \"$(id -un)\" \"$(go env GOMODCACHE)\"; and run go without sudo.",
		})
	}
	return append(checks, folderCheck("disk.gocache", "GOCACHE", builds))
}

func folderCheck(id, name string, f probe.Folder) Check {
	c := Check{ID: id, Status: OK, Title: name, Detail: f.Dir}
	if f.Dir != "" {
		c.Detail += ": "
	}
	switch {
	case f.Err != nil:
		c.Status, c.Code = Fail, string(diagnostics.DiskCache)
		c.Detail += "cannot be written: " + f.Err.Error() + "."
		c.Remedy = fmt.Sprintf("Check its owner and its permissions, or name another directory: go env -w %s=DIR.", name)
		return c
	case f.Missing:
		c.Detail += "is not there yet, and go can make it"
	default:
		c.Detail += "can be written"
	}
	if f.Free >= 0 {
		c.Detail += ", " + bytes(f.Free) + " free"
	}
	c.Detail += "."
	if f.Free >= 0 && f.Free < scarce {
		c.Status = Warn
		c.Remedy = "Make room: one large module takes up to 1 GiB. go clean -modcache removes what can be fetched again."
	}
	return c
}

// bytes tells a size in the unit that fits.
func bytes(n int64) string {
	for _, unit := range []struct {
		size int64
		name string
	}{{1 << 30, "GiB"}, {1 << 20, "MiB"}} {
		if n >= unit.size {
			return fmt.Sprintf("%d %s", n/unit.size, unit.name)
		}
	}
	return "less than 1 MiB"
}

// ToolChecks are those of the programs. direct reports that some module is
// fetched from its own host at first, for which git is needed.
func ToolChecks(t probe.Tools, direct bool) []Check {
	checks := []Check{
		toolCheck("tools.go", "go", t.Go, Fail, "Install Go, or put its bin directory into PATH: what is told here was worked out from its files."),
		toolCheck("tools.git", "git", t.Git, map[bool]Status{true: Fail, false: Warn}[direct], "Install git: go needs it for what no proxy has."),
	}
	if t.SSH.Path == "" {
		checks = append(checks, Check{ID: "tools.ssh", Status: Skipped, Title: "ssh", Detail: "not installed; only repositories reached by ssh need it."})
	} else {
		checks = append(checks, Check{ID: "tools.ssh", Status: OK, Title: "ssh", Detail: t.SSH.Path + "."})
	}
	agent := Check{ID: "tools.ssh-agent", Status: OK, Title: "ssh agent", Detail: "listens at " + t.AgentSocket + "."}
	switch {
	case t.AgentSocket == "":
		agent.Status, agent.Detail = Skipped, "SSH_AUTH_SOCK is not set; a key without a passphrase works without an agent."
	case t.Agent != nil:
		agent.Status = Warn
		agent.Detail = fmt.Sprintf("SSH_AUTH_SOCK names %s, where nobody listens: %v.", t.AgentSocket, t.Agent)
		agent.Remedy = "Start an agent and add the key: eval $(ssh-agent); ssh-add. An editor that runs longer than the agent has to be started anew."
	}
	checks = append(checks, agent)
	if t.Git.Path == "" {
		return checks
	}
	return append(checks, gitChecks(t)...)
}

func toolCheck(id, name string, t probe.Tool, missing Status, remedy string) Check {
	c := Check{ID: id, Status: OK, Title: name, Detail: strings.TrimSpace(t.Version+" "+t.Path) + "."}
	if t.Err != nil {
		c.Status, c.Remedy = missing, remedy
		c.Detail = fmt.Sprintf("does not run: %v.", t.Err)
		if t.Path == "" {
			c.Detail = "not found in PATH."
		}
	}
	return c
}

// gitChecks tell of the settings of git that decide where it goes and who it
// says it is.
func gitChecks(t probe.Tools) []Check {
	helpers := Check{ID: "tools.git-credentials", Status: OK, Title: "git credentials"}
	var names, missing []string
	for _, h := range t.Helpers {
		names = append(names, h.Name)
		if h.Missing {
			missing = append(missing, h.Name)
		}
	}
	switch {
	case len(names) == 0:
		helpers.Status, helpers.Detail = Skipped, "no credential helper; git shows a login from ~/.netrc or by ssh."
	case len(missing) > 0:
		helpers.Status = Warn
		helpers.Detail = "credential.helper names " + strings.Join(missing, ", ") + ", which is not installed."
		helpers.Remedy = "Install it, or remove it from git's settings: without it git has no login to show."
	default:
		helpers.Detail = "asked of " + strings.Join(names, ", ") + "."
	}
	checks := []Check{helpers}
	if len(t.Rewrites) > 0 {
		var all []string
		for _, r := range t.Rewrites {
			all = append(all, r.From+" is asked at "+r.To)
		}
		checks = append(checks, Check{ID: "tools.git-rewrites", Status: OK, Title: "git insteadOf", Detail: strings.Join(all, "; ") + "."})
	}
	if len(t.GitProxies) > 0 {
		checks = append(checks, Check{
			ID: "tools.git-proxy", Status: OK, Title: "git http.proxy",
			Detail: strings.Join(t.GitProxies, ", ") + "; it is for git alone, go takes HTTPS_PROXY.",
		})
	}
	return checks
}
