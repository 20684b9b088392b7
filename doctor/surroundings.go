package doctor

import (
	"cmp"
	"fmt"

	"github.com/modreach/modreach/diagnostics"
)

// SurroundingChecks are those of what the settings do not do although they seem
// to. All of it is worth a look by somebody who asks, be it only worth knowing to
// somebody who writes.
func SurroundingChecks(findings []diagnostics.Finding) []Check {
	var checks []Check
	told := map[string]int{}
	for _, f := range findings {
		id := "settings." + string(f.Code)
		if f.Setting != "" {
			id += "." + f.Setting
		}
		if told[id]++; told[id] > 1 {
			id += fmt.Sprintf(".%d", told[id])
		}
		status := Warn
		if f.Severity == diagnostics.Error {
			status = Fail
		}
		checks = append(checks, Check{
			ID: id, Status: status, Title: cmp.Or(f.Setting, string(f.Code)), Detail: f.What, Remedy: f.Remedy, Code: string(f.Code),
		})
	}
	return checks
}
