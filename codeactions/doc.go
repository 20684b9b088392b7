// Package codeactions finds what would mend a finding: an edit of a file, or a
// command for whoever may touch more than files. It is pure; what it needs to
// know of the disk is handed to it as data.
//
//	for _, fix := range scene.Fixes(finding) { ... }
//
// A fix is found by the code of the finding and what was answered about its
// line, never by its message. Edits are as small as can be. A command says what
// is to be done, and does nothing until a person has chosen it.
package codeactions
