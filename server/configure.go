package server

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"
)

// configurationMax bounds how long the settings are waited for. Until they have
// come nobody is asked anything: they may forbid it.
const configurationMax = 10 * time.Second

// initialized begins what needs the client's help: it is asked for its settings,
// and to watch files.
func (s *session) initialized(protocol.InitializedParams) error {
	now := s.snapshot()
	s.start(func(ctx context.Context) {
		if now.client.Workspace.Configuration {
			s.pullSettings(ctx)
		}
		s.register(ctx)
	})
	return nil
}

// register asks for the notifications that a client sends only if it is asked to.
func (s *session) register(ctx context.Context) {
	now := s.snapshot()
	var all []protocol.Registration
	if now.client.Workspace.DidChangeWatchedFiles.DynamicRegistration {
		all = append(all, protocol.Registration{
			ID: "watch", Method: protocol.MethodWorkspaceDidChangeWatchedFiles, RegisterOptions: watchers(),
		})
	}
	if now.client.Workspace.DidChangeConfiguration.DynamicRegistration {
		all = append(all, protocol.Registration{
			ID: "configure", Method: protocol.MethodWorkspaceDidChangeConfiguration, RegisterOptions: map[string]any{"section": section},
		})
	}
	if len(all) == 0 {
		return
	}
	if err := s.conn.Call(ctx, protocol.MethodClientRegisterCapability, protocol.RegistrationParams{Registrations: all}, nil); err != nil {
		s.log.Warn("the client does not register", zap.Error(err))
	}
}

// pullSettings asks the client for the settings. Whatever it says, or if it says
// nothing, work begins. An answer that others have overtaken does not count.
func (s *session) pullSettings(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, configurationMax)
	defer cancel()
	turn := s.update(func(next *snapshot) { next.turn++ }).turn
	var given []json.RawMessage
	params := protocol.ConfigurationParams{Items: []protocol.ConfigurationItem{{Section: section}}}
	err := s.conn.Call(ctx, protocol.MethodWorkspaceConfiguration, params, &given)
	if err != nil {
		s.log.Info("the client has no settings", zap.Error(err))
	}
	if len(given) == 0 {
		given = []json.RawMessage{nil}
	}
	s.configure(given[0], turn)
}

// configure makes the settings those that are given, over those of the options,
// if nothing is newer than they are.
func (s *session) configure(raw json.RawMessage, turn int) {
	s.update(func(next *snapshot) {
		if turn == next.turn {
			next.settings, next.configured = next.options.with(raw), true
		}
	})
	s.desk.leave(chores{})
}

// didChangeConfiguration takes the settings, or if none are sent, asks for them.
func (s *session) didChangeConfiguration(p struct {
	Settings json.RawMessage `json:"settings"`
},
) error {
	if len(fields(p.Settings)) > 0 {
		s.configure(p.Settings, s.update(func(next *snapshot) { next.turn++ }).turn)
	} else if s.snapshot().client.Workspace.Configuration {
		s.start(s.pullSettings)
	}
	return nil
}

// didChangeWorkspaceFolders adds folders and removes some.
func (s *session) didChangeWorkspaceFolders(p protocol.DidChangeWorkspaceFoldersParams) error {
	s.update(func(next *snapshot) {
		next.folders = slices.DeleteFunc(slices.Clone(next.folders), func(f protocol.WorkspaceFolder) bool {
			return slices.ContainsFunc(append(p.Event.Removed, p.Event.Added...), func(other protocol.WorkspaceFolder) bool {
				return key(other.URI) == key(f.URI)
			})
		})
		next.folders = append(next.folders, p.Event.Added...)
	})
	s.desk.leave(chores{})
	return nil
}

// trust takes what the user thinks of the workspace: the client's own
// notification modreach/trust.
func (s *session) trust(p struct {
	Trusted bool `json:"trusted"`
},
) error {
	s.update(func(next *snapshot) { next.trusted = p.Trusted })
	s.desk.leave(chores{})
	return nil
}
