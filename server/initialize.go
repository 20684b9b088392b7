package server

import (
	"encoding/json"

	"go.uber.org/zap"

	"github.com/modreach/modreach/codeactions"
)

// capabilities are what the server offers.
type capabilities struct {
	PositionEncoding string           `json:"positionEncoding,omitempty"`
	TextDocumentSync textDocumentSync `json:"textDocumentSync"`
	// Diagnostics is there for a client that pulls them.
	Diagnostics *pullOptions     `json:"diagnosticProvider,omitempty"`
	Workspace   workspaceOptions `json:"workspace"`

	CodeActionProvider     codeActionOptions `json:"codeActionProvider"`
	CodeLensProvider       struct{}          `json:"codeLensProvider"`
	DocumentLinkProvider   struct{}          `json:"documentLinkProvider"`
	ExecuteCommandProvider commandOptions    `json:"executeCommandProvider"`
	HoverProvider          bool              `json:"hoverProvider"`
	InlayHintProvider      bool              `json:"inlayHintProvider"`
}

type pullOptions struct {
	Identifier            string `json:"identifier"`
	InterFileDependencies bool   `json:"interFileDependencies"`
	WorkspaceDiagnostics  bool   `json:"workspaceDiagnostics"`
}

type workspaceOptions struct {
	WorkspaceFolders struct {
		Supported           bool `json:"supported"`
		ChangeNotifications bool `json:"changeNotifications"`
	} `json:"workspaceFolders"`
}

type codeActionOptions struct {
	CodeActionKinds []string `json:"codeActionKinds"`
	ResolveProvider bool     `json:"resolveProvider"`
}

type commandOptions struct {
	Commands []codeactions.Name `json:"commands"`
}

type textDocumentSync struct {
	OpenClose bool `json:"openClose"`
	Change    int  `json:"change"`
}

// syncIncremental asks for what has changed, which costs less to read than the
// whole text; a client may still send that.
const syncIncremental = 2

// initialized is the answer to initialize.
type initialized struct {
	Capabilities capabilities `json:"capabilities"`
	ServerInfo   struct {
		Name    string `json:"name"`
		Version string `json:"version,omitempty"`
	} `json:"serverInfo"`
}

// initialize learns what the client can do and tells what the server can. It
// does not fail: each field that is not as the protocol has it counts as absent,
// and the rest is still read. Real clients depend on it.
func (s *session) initialize(raw json.RawMessage) (any, error) {
	params := fields(raw)
	var who struct{ Name, Version string }
	lenient(params["clientInfo"], &who)
	next := s.update(func(next *snapshot) {
		next.client = readClient(params["capabilities"])
		next.client.name = who.Name
		next.folders = readFolders(params)
		next.options, next.trusted = readOptions(params["initializationOptions"])
		next.settings, next.configured = next.options, !next.client.Workspace.Configuration
	})
	s.log.Info("initialize", zap.String("client", who.Name), zap.String("clientVersion", who.Version),
		zap.Int("folders", len(next.folders)), zap.Bool("trusted", next.trusted))
	var pid int
	if lenient(params["processId"], &pid); pid > 0 {
		s.watchClient(pid)
	}

	var answer initialized
	answer.ServerInfo.Name, answer.ServerInfo.Version = "modreach", s.version
	answer.Capabilities = offered(next.client)
	return answer, nil
}

// offered gives what the server offers to this client.
func offered(c client) capabilities {
	offer := capabilities{
		TextDocumentSync:       textDocumentSync{OpenClose: true, Change: syncIncremental},
		CodeActionProvider:     codeActionOptions{[]string{quickFix, sourceRecheck}, true},
		ExecuteCommandProvider: commandOptions{commands},
		HoverProvider:          true,
		InlayHintProvider:      true,
	}
	if len(c.General.PositionEncodings) > 0 { // older clients do not know the field
		offer.PositionEncoding = string(c.encoding())
	}
	if c.pulls() {
		offer.Diagnostics = &pullOptions{Identifier: source, InterFileDependencies: true, WorkspaceDiagnostics: c.pullsAll()}
	}
	offer.Workspace.WorkspaceFolders.Supported = true
	offer.Workspace.WorkspaceFolders.ChangeNotifications = true
	return offer
}

// readFolders gives the roots of the workspace: the folders, or else the one
// root of older clients.
func readFolders(params map[string]json.RawMessage) []folder {
	var all []json.RawMessage
	lenient(params["workspaceFolders"], &all)
	var folders []folder
	for _, raw := range all {
		var f folder
		if lenient(raw, &f); f.URI != "" {
			folders = append(folders, f)
		}
	}
	if len(folders) > 0 {
		return folders
	}
	var root string
	if lenient(params["rootUri"], &root); root != "" {
		return []folder{{URI: root}}
	}
	return nil
}

// readOptions reads initializationOptions: the settings, by themselves or under
// their section, and next to them whether the workspace is trusted. Clients
// that do not know trust have it.
func readOptions(raw json.RawMessage) (settings, bool) {
	trusted := true
	lenient(fields(raw)["trusted"], &trusted)
	return defaultSettings().with(raw), trusted
}

// fields gives the fields of an object; none for what is no object.
func fields(raw json.RawMessage) map[string]json.RawMessage {
	var all map[string]json.RawMessage
	lenient(raw, &all)
	return all
}

// lenient reads a value as far as it is of the right type, and leaves the rest
// as it was. A decoder stops for nothing but malformed text, and the wire has
// let none through; it reports a field of another type, and goes on.
func lenient(raw json.RawMessage, v any) {
	if len(raw) > 0 {
		_ = json.Unmarshal(raw, v) // see above
	}
}
