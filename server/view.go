package server

import (
	"context"
	"slices"
	"time"

	"github.com/modreach/modreach/codeactions"
	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/route"
	"github.com/modreach/modreach/server/wire"
	"github.com/modreach/modreach/sheet"
)

// view is what is known of one go.mod or go.work file at one moment. It never
// changes.
type view struct {
	// document is the text that all the rest is about.
	document *document
	// open reports that the client has it open; else it is that of the disk.
	open bool
	// path is where the file is; empty for one that is in no file system.
	path string
	// file is the document, parsed. All spans point into it.
	file *gomod.File
	// env is the go environment there.
	env route.Env
	// sheet has the routes; nil for a go.work.
	sheet *sheet.Sheet
	// mirrors are those of the settings, tried what came of changes of the
	// environment.
	mirrors []string
	tried   []codeactions.Tried
	// scene has the verdicts, scene.Verdicts one for each of file.Requires in
	// their order, and the weather. Only its File is set for a go.work.
	scene diagnostics.Scene
	// findings are in the order of their places, with the severities of the
	// settings and without those that are off.
	findings []diagnostics.Finding
	// items are the findings as the client gets them.
	items items
	// waiting is how many lines an answer is awaited for.
	waiting int
}

// currentMax bounds how long a view is waited for: requests that wait hold up
// others.
const currentMax = 5 * time.Second

// current gives the view of a document as it was in a snapshot. It waits until
// that has been looked at, which takes milliseconds and no network. The error is
// ContentModified if the client has changed or closed it meanwhile; the view is
// nil for a document that is not looked at.
func (s *session) current(ctx context.Context, now *snapshot, uri string) (*view, error) {
	want := now.document(uri)
	late := time.NewTimer(currentMax)
	defer late.Stop()
	for {
		seen, moved := s.await()
		if seen.document(uri) != want {
			return nil, wire.Errorf(wire.ContentModified, "the document has changed")
		}
		v, ok := seen.view(uri)
		if want == nil || ok && v.document == want || !seen.looksAt(uri) {
			return v, nil
		}
		select {
		case <-moved:
		case <-late.C:
			return nil, wire.Errorf(wire.RequestFailed, "the document has not been looked at within %v", currentMax)
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// has reports whether a finding was there already, wherever it stood.
func (v *view) has(f diagnostics.Finding) bool {
	return v != nil && slices.ContainsFunc(v.findings, func(old diagnostics.Finding) bool {
		return old.Code == f.Code && old.Module == f.Module && old.Version == f.Version
	})
}
