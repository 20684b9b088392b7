package server

// snapshot is what is known of the client at one moment. It never changes, nor
// does anything it points to; the zero value is that of no client.
type snapshot struct {
	// client is what the client can do.
	client client
	// settings are the user's.
	settings settings
	// trusted allows sockets and processes, as far as the settings do.
	trusted bool
	// folders are the roots of the workspace; none for a lone file.
	folders []folder
	// documents are the open ones, by key.
	documents map[string]*document
}

// document gives the open document with this URI; nil if it is not open.
func (s *snapshot) document(uri string) *document { return s.documents[key(uri)] }

// folder is a root of the workspace.
type folder struct {
	URI  string `json:"uri"` // as the client writes it
	Name string `json:"name"`
}
