package server

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.lsp.dev/protocol"
)

func TestSettings(t *testing.T) {
	whole := settings{
		watch: "open", env: map[string]string{"GOPROXY": "off", "EMPTY": ""}, network: "cached",
		timeout: 10 * time.Second, recheckInterval: time.Hour,
		mirrors: []string{"https://a.example"}, privatePatterns: []string{"corp.example/*"},
		severity: map[string]string{"retracted": "off"}, codeLens: true, inlayHints: true, trace: "verbose",
	}
	const text = `{"enable":false,"watch":"open","env":{"GOPROXY":"off","EMPTY":""},"network":"cached",
		"timeout":"10s","recheckInterval":"1h","mirrors":["https://a.example"],"privatePatterns":["corp.example/*"],
		"severity":{"retracted":"off"},"codeLens":true,"inlayHints":true,"trace":"verbose"}`
	but := func(f func(*settings)) settings {
		s := defaultSettings()
		f(&s)
		return s
	}
	tests := []struct {
		name, raw string
		want      settings
	}{
		{"nothing", ``, defaultSettings()},
		{"null", `null`, defaultSettings()},
		{"an empty object", `{}`, defaultSettings()},
		{"an empty array, which is an empty table of Lua", `[]`, defaultSettings()},
		{"everything", text, whole},
		{"under the section", `{"modreach":` + text + `,"gopls":{"env":{}}}`, whole},
		{"a section that is null", `{"modreach":null,"codeLens":true}`, defaultSettings()},
		{
			"fields of other types", `{"enable":"no","watch":7,"env":[],"network":null,"timeout":5,"mirrors":"a","severity":"off","codeLens":1,"inlayHints":true}`,
			but(func(s *settings) { s.inlayHints = true }),
		},
		{
			"words nobody knows", `{"watch":"all","network":"","trace":"loud","codeLens":true}`,
			but(func(s *settings) { s.codeLens = true }),
		},
		{"times that are none", `{"timeout":"soon","recheckInterval":"-1h"}`, defaultSettings()},
		{
			"odd members", `{"mirrors":["https://a.example",7,"",null],"env":{"A":"a","B":7,"C":null}}`,
			but(func(s *settings) {
				s.mirrors, s.env = []string{"https://a.example"}, map[string]string{"A": "a"}
			}),
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := defaultSettings().with(json.RawMessage(test.raw))
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(settings{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("what is absent stays", func(t *testing.T) {
		got := whole.with(json.RawMessage(`{"trace":"off"}`))
		want := whole
		want.trace = "off"
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(settings{})); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("an empty text replaces a time", func(t *testing.T) {
		got := whole.with(json.RawMessage(`{"timeout":"","recheckInterval":""}`))
		if got.timeout != 0 || got.recheckInterval != 0 {
			t.Errorf("timeout %v, recheckInterval %v", got.timeout, got.recheckInterval)
		}
	})
	t.Run("an empty list replaces one", func(t *testing.T) {
		got := whole.with(json.RawMessage(`{"mirrors":[],"env":{}}`))
		if len(got.mirrors) != 0 || len(got.env) != 0 {
			t.Errorf("mirrors %v, env %v", got.mirrors, got.env)
		}
	})
}

func TestReadOptions(t *testing.T) {
	tests := []struct {
		name, raw     string
		trusted, lens bool
	}{
		{"absent", ``, true, false},
		{"null", `null`, true, false},
		{"trusted", `{"trusted":true,"codeLens":true}`, true, true},
		{"not trusted", `{"trusted":false,"modreach":{"codeLens":true}}`, false, true},
		{"no word on trust", `{"modreach":{"codeLens":true}}`, true, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, trusted := readOptions(json.RawMessage(test.raw))
			if trusted != test.trusted || got.codeLens != test.lens {
				t.Errorf("trusted %v, code lens %v", trusted, got.codeLens)
			}
		})
	}
}

func TestReadFolders(t *testing.T) {
	tests := []struct {
		name, params string
		want         []protocol.WorkspaceFolder
	}{
		{"nothing", `{}`, nil},
		{"nulls", `{"rootUri":null,"rootPath":null,"workspaceFolders":null}`, nil},
		{"one", `{"rootUri":"file:///other","workspaceFolders":[{"uri":"file:///w","name":"w"}]}`, []protocol.WorkspaceFolder{{URI: "file:///w", Name: "w"}}},
		{
			"two, and one that is none", `{"workspaceFolders":[{"uri":"file:///a"},7,{"uri":"file:///b","name":"b"},{"name":"c"}]}`,
			[]protocol.WorkspaceFolder{{URI: "file:///a"}, {URI: "file:///b", Name: "b"}},
		},
		{"an old client", `{"rootUri":"file:///w"}`, []protocol.WorkspaceFolder{{URI: "file:///w"}}},
		{"no folder is open", `{"rootUri":"file:///w","workspaceFolders":[]}`, []protocol.WorkspaceFolder{{URI: "file:///w"}}},
		{"other types", `{"rootUri":7,"workspaceFolders":"x"}`, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, readFolders(fields(json.RawMessage(test.params)))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
