package server

import "go.lsp.dev/protocol"

// snapshot is what is known of the client at one moment. It never changes, nor
// does anything it points to; the zero value is that of no client.
type snapshot struct {
	// client is what the client can do.
	client client
	// settings are the user's, options those of them that came with initialize.
	settings, options settings
	// turn counts how often the client has sent settings or was asked for some.
	turn int
	// configured reports that the client has told its settings, as far as it
	// tells any.
	configured bool
	// trusted allows sockets and processes, as far as the settings do.
	trusted bool
	// folders are the roots of the workspace; none for a lone file.
	folders []protocol.WorkspaceFolder
	// documents are the open ones, by key.
	documents map[string]*document
	// openings counts how often a document was opened.
	openings int
	// views are what was found of go.mod and go.work files, open and not, by
	// key.
	views map[string]*view
}

// document gives the open document with this URI; nil if it is not open.
func (s *snapshot) document(uri string) *document { return s.documents[key(uri)] }

// view gives what was found of the file with this URI. Its document may be an
// older one than the client has open; see [session.current]. ok is false for a
// file that is not looked at, and for one that is still to be.
func (s *snapshot) view(uri string) (v *view, ok bool) {
	v, ok = s.views[key(uri)]
	return v, ok
}

// looksAt reports whether an open document with this URI is looked at.
func (s *snapshot) looksAt(uri string) bool {
	base := baseOf(uri)
	return s.settings.enable && (base == goMod || base == goWork)
}
