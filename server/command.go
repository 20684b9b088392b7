package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/modreach/modreach/codeactions"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
	"github.com/modreach/modreach/server/wire"
)

// applyFix is the command for clients whose actions are commands alone.
const applyFix codeactions.Name = "modreach.applyFix"

// commands are those that the client may have executed here.
var commands = []codeactions.Name{
	codeactions.AddPrivate, codeactions.SetEnv, codeactions.Recheck, codeactions.ReplaceDir, codeactions.ShowRoute, applyFix,
}

// commandParams have a command executed.
type commandParams struct {
	Command   string            `json:"command"`
	Arguments []json.RawMessage `json:"arguments"`
}

// executeCommand does what the user has chosen. Clients say nothing of
// ContentModified, and ask again where they can; what somebody has chosen must not
// end in silence.
func (s *session) executeCommand(ctx context.Context, now *snapshot, p commandParams) (any, error) {
	result, err := s.execute(ctx, now, p)
	if fault, ok := errors.AsType[*wire.Error](err); ok && fault.Code == wire.ContentModified {
		err = wire.Errorf(wire.RequestFailed, "%s", fault.Message)
	}
	return result, err
}

func (s *session) execute(ctx context.Context, now *snapshot, p commandParams) (any, error) {
	var o order
	if len(p.Arguments) > 0 {
		if err := json.Unmarshal(p.Arguments[0], &o); err != nil {
			return nil, wire.Errorf(wire.InvalidParams, "%s: the argument is not an object as the actions have it", p.Command)
		}
	}
	switch codeactions.Name(p.Command) {
	case codeactions.AddPrivate:
		return s.addPrivate(ctx, now, o)
	case codeactions.SetEnv:
		return s.setEnv(ctx, now, o)
	case codeactions.Recheck:
		return nil, s.recheck(now, o)
	case codeactions.ReplaceDir:
		return nil, s.replace(ctx, now, o)
	case codeactions.ShowRoute:
		return s.showRoute(ctx, now, o)
	case applyFix:
		fix, edit, err := s.findEdit(ctx, now, o)
		if err != nil {
			return nil, err
		}
		return nil, s.apply(ctx, now, fix.Title, edit)
	case codeactions.SetWorkspace, codeactions.CopyCommand: // the editor's own
	}
	return nil, wire.Errorf(wire.InvalidParams, "there is no command %q", p.Command)
}

// addPrivate adds a pattern to settings in the user's env file. They are read
// anew for that: others write there too.
func (s *session) addPrivate(ctx context.Context, now *snapshot, o order) (any, error) {
	if !now.trusted {
		return nil, wire.Errorf(wire.RequestFailed, "the workspace is not trusted, so no go command is run")
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	env := s.userEnv(ctx, now)
	values, err := codeactions.ToWrite(env, o.Settings, o.Pattern)
	if err != nil {
		return nil, err
	}
	return s.writeEnv(ctx, env, values, o)
}

// setEnv sets values in the user's env file: those of a fix that is offered at
// this moment, whatever the client takes it for.
func (s *session) setEnv(ctx context.Context, now *snapshot, o order) (any, error) {
	if !now.trusted {
		return nil, wire.Errorf(wire.RequestFailed, "the workspace is not trusted, so no go command is run")
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	v, fix, err := s.find(ctx, now, o, func(fix codeactions.Fix) bool { return fix.Command.Name == codeactions.SetEnv })
	if err != nil {
		return nil, err
	}
	env := s.userEnv(ctx, now)
	for name := range fix.Command.Values {
		if env.Get(name).Value != v.env.Get(name).Value {
			return nil, wire.Errorf(wire.ContentModified, "%s has changed meanwhile", name)
		}
	}
	if err := codeactions.Writable(env, slices.Collect(maps.Keys(fix.Command.Values))); err != nil {
		return nil, err
	}
	return s.writeEnv(ctx, env, fix.Command.Values, o)
}

// userEnv reads the settings anew, which are the same in every folder as far as
// they are written here.
func (s *session) userEnv(ctx context.Context, now *snapshot) route.Env {
	return s.world.Environment(ctx, "", now.settings.env, false)
}

// writeEnv writes settings, and tells the user and the client what it wrote.
func (s *session) writeEnv(ctx context.Context, env route.Env, values map[string]string, o order) (any, error) {
	if err := s.world.WriteEnv(ctx, env, values); err != nil {
		return nil, err
	}
	s.desk.leave(chores{env: true, remedies: []remedy{o.remedy()}})
	shown := make(map[string]string, len(values))
	var told []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		shown[name] = route.Redact(values[name])
		told = append(told, name+"="+shown[name])
	}
	s.tell("go env -w " + strings.Join(told, " "))
	return struct {
		Env map[string]string `json:"env"`
	}{shown}, nil
}

// recheck forgets what was answered, and how the environment and the disk were.
func (s *session) recheck(now *snapshot, o order) error {
	if !now.trusted {
		return wire.Errorf(wire.RequestFailed, "the workspace is not trusted, so nobody is asked")
	}
	s.desk.leave(chores{env: true, disk: true})
	return nil
}

// replace has a module replaced with a directory: the one that is named, or one
// that is found on the disk and that the user chooses.
func (s *session) replace(ctx context.Context, now *snapshot, o order) error {
	v, err := s.current(ctx, now, o.URI)
	switch {
	case err != nil:
		return err
	case v == nil || v.path == "" || v.file.Kind != gomod.ModFile:
		return wire.Errorf(wire.InvalidParams, "%s is no go.mod on the disk", o.URI)
	case o.Module == "":
		return wire.Errorf(wire.InvalidParams, "no module is named")
	}
	dir := o.Dir
	if dir == "" {
		if dir, err = s.choose(ctx, now, v, o.Module); err != nil || dir == "" {
			return err
		}
	}
	if !filepath.IsAbs(dir) {
		return wire.Errorf(wire.InvalidParams, "%s is no absolute path", dir)
	}
	fix, ok := codeactions.Scene{Name: v.path, File: v.file}.ReplaceWith(o.Module, filepath.Clean(dir))
	if !ok {
		return wire.Errorf(wire.RequestFailed, "%s is replaced already, or the file ends within a block", o.Module)
	}
	edit, ok := s.edit(now, v, fix.Edits)
	if !ok {
		return wire.Errorf(wire.ContentModified, "the document has changed")
	}
	return s.apply(ctx, now, fix.Title, edit)
}

// choose has the user choose among the directories that have a module; empty if
// they choose none.
func (s *session) choose(ctx context.Context, now *snapshot, v *view, module string) (dir string, err error) {
	var actions []protocol.MessageActionItem
	for _, c := range probe.Checkouts(ctx, searched(now, v)) {
		if c.Module == module {
			actions = append(actions, protocol.MessageActionItem{Title: c.Dir})
		}
	}
	switch len(actions) {
	case 1:
		return actions[0].Title, nil
	case 0:
		return "", wire.Errorf(wire.RequestFailed,
			"there is no checkout of %s next to this module or in the workspace: clone it there, or write by hand: replace %s => ../DIRECTORY", module, module)
	}
	params := protocol.ShowMessageRequestParams{
		Type: protocol.MessageTypeInfo, Message: fmt.Sprintf(say(now.client.language, "Which directory is to replace %s?"), module), Actions: actions,
	}
	var chosen *protocol.MessageActionItem
	if err := s.conn.Call(ctx, protocol.MethodWindowShowMessageRequest, params, &chosen); err != nil || chosen == nil {
		return "", err
	}
	if !slices.Contains(actions, *chosen) {
		return "", wire.Errorf(wire.InvalidParams, "%s was not offered", chosen.Title)
	}
	return chosen.Title, nil
}

// tell shows a message to the user, who has asked for what it tells.
func (s *session) tell(text string) {
	s.notify(protocol.MethodWindowShowMessage, protocol.ShowMessageParams{Type: protocol.MessageTypeInfo, Message: text})
}
