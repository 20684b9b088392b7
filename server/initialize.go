package server

import (
	"encoding/json"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"github.com/modreach/modreach/diagnostics"
)

// capabilities are what the server offers: what the library knows, and what is
// younger.
type capabilities struct {
	protocol.ServerCapabilities
	PositionEncoding encoding `json:"positionEncoding,omitempty"`
	// DiagnosticProvider is there for a client that pulls diagnostics.
	DiagnosticProvider *pullOptions `json:"diagnosticProvider,omitempty"`
	InlayHintProvider  bool         `json:"inlayHintProvider"`
}

type pullOptions struct {
	Identifier            string `json:"identifier"`
	InterFileDependencies bool   `json:"interFileDependencies"`
	WorkspaceDiagnostics  bool   `json:"workspaceDiagnostics"`
}

// initialized is the answer to initialize.
type initialized struct {
	Capabilities capabilities        `json:"capabilities"`
	ServerInfo   protocol.ServerInfo `json:"serverInfo"`
}

// initialize learns what the client can do and tells what the server can. It
// does not fail: each field that is not as the protocol has it counts as absent,
// and the rest is still read. Real clients depend on it.
func (s *session) initialize(raw json.RawMessage) (any, error) {
	params := fields(raw)
	var who protocol.ClientInfo
	lenient(params["clientInfo"], &who)
	var locale string
	lenient(params["locale"], &locale)
	// Not every editor tells its own, and not everybody wants what it tells.
	lenient(fields(params["initializationOptions"])["locale"], &locale)
	next := s.update(func(next *snapshot) {
		next.client = readClient(params["capabilities"])
		next.client.name, next.client.language = who.Name, diagnostics.ParseLanguage(locale)
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
	return initialized{offered(next.client), protocol.ServerInfo{Name: "modreach", Version: s.version}}, nil
}

// offered gives what the server offers to this client.
func offered(c client) capabilities {
	offer := capabilities{ServerCapabilities: protocol.ServerCapabilities{
		// What has changed costs less to read than the whole text, which a
		// client may send still.
		TextDocumentSync: protocol.TextDocumentSyncOptions{OpenClose: true, Change: protocol.TextDocumentSyncKindIncremental},
		CodeActionProvider: protocol.CodeActionOptions{
			CodeActionKinds: []protocol.CodeActionKind{protocol.QuickFix, sourceFixAll, sourceRecheck}, ResolveProvider: c.resolvesEdits(),
		},
		CodeLensProvider:       &protocol.CodeLensOptions{},
		DocumentLinkProvider:   &protocol.DocumentLinkOptions{},
		ExecuteCommandProvider: &protocol.ExecuteCommandOptions{},
		HoverProvider:          true,
		Workspace: &protocol.ServerCapabilitiesWorkspace{
			WorkspaceFolders: &protocol.ServerCapabilitiesWorkspaceFolders{Supported: true, ChangeNotifications: true},
		},
	}, InlayHintProvider: true}
	for _, name := range commands {
		offer.ExecuteCommandProvider.Commands = append(offer.ExecuteCommandProvider.Commands, string(name))
	}
	if len(c.General.PositionEncodings) > 0 { // older clients do not know the field
		offer.PositionEncoding = c.encoding()
	}
	if c.pulls() {
		offer.DiagnosticProvider = &pullOptions{Identifier: source, InterFileDependencies: true, WorkspaceDiagnostics: c.pullsAll()}
	}
	return offer
}

// readFolders gives the roots of the workspace: the folders, or else the one
// root of older clients.
func readFolders(params map[string]json.RawMessage) []protocol.WorkspaceFolder {
	var all []json.RawMessage
	lenient(params["workspaceFolders"], &all)
	var folders []protocol.WorkspaceFolder
	for _, raw := range all {
		var f protocol.WorkspaceFolder
		if lenient(raw, &f); f.URI != "" {
			folders = append(folders, f)
		}
	}
	if len(folders) > 0 {
		return folders
	}
	var root string
	if lenient(params["rootUri"], &root); root != "" {
		return []protocol.WorkspaceFolder{{URI: root}}
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
