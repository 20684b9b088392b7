package server

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/modreach/modreach/server/wire"
)

// pulled is what a client is given that asks what was found of a file.
type pulled struct {
	Kind     string          `json:"kind"`
	ResultID string          `json:"resultId,omitempty"`
	Items    json.RawMessage `json:"items,omitempty"` // of a full one
}

// pulledFile is one of all files.
type pulledFile struct {
	URI     string `json:"uri"`
	Version *int32 `json:"version"` // null for a file that is not open
	pulled
}

// pull gives what was found of one document.
func (s *session) pull(ctx context.Context, now *snapshot, p struct {
	documentParams
	PreviousResultID string `json:"previousResultId"`
},
) (pulled, error) {
	v, err := s.current(ctx, now, string(p.TextDocument.URI))
	if err != nil {
		return pulled{}, again(err)
	}
	return v.pulled(p.PreviousResultID), nil
}

// again has a client ask again. After any other error editors take it that there
// are no diagnostics, and those that are shown vanish.
func again(err error) error {
	data := json.RawMessage(`{"retriggerRequest":true}`)
	return &wire.Error{Code: wire.ServerCancelled, Message: err.Error(), Data: &data}
}

// result names what a client was given of a file before.
type result struct {
	URI   string `json:"uri"`
	Value string `json:"value"`
}

// pullAll gives what was found of every file, those too that are not open.
func (s *session) pullAll(_ context.Context, now *snapshot, p struct {
	PreviousResultIDs []result `json:"previousResultIds"`
},
) (any, error) {
	files := []pulledFile{}
	before := map[string]result{} // a client may write a URI in its own way
	for _, r := range p.PreviousResultIDs {
		before[key(r.URI)] = r
	}
	for _, k := range slices.Sorted(maps.Keys(now.views)) {
		v := now.views[k]
		f := pulledFile{URI: v.document.uri, pulled: v.pulled(before[k].Value)}
		if v.open {
			f.Version = &v.document.version
		}
		delete(before, k)
		files = append(files, f)
	}
	for _, k := range slices.Sorted(maps.Keys(before)) {
		files = append(files, pulledFile{URI: before[k].URI, pulled: (*view)(nil).pulled("")})
	}
	return map[string]any{"items": files}, nil
}

// pulled gives the diagnostics of a view, unless the client has them; none of
// nil.
func (v *view) pulled(known string) pulled {
	all := none
	if v != nil {
		all = v.items
	}
	if all.name == known {
		return pulled{Kind: "unchanged", ResultID: all.name}
	}
	return pulled{Kind: "full", ResultID: all.name, Items: all.list}
}
