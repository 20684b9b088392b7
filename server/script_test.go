package server_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/internal/lsptest"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
	"github.com/modreach/modreach/server"
)

// TestScripts plays what happens between an editor, its user, a disk and a
// network, on a clock of its own. testdata/lsp/README.md tells the commands.
func TestScripts(t *testing.T) {
	scripts, err := filepath.Glob("../testdata/lsp/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	// A resolver sets itself up at its first use. If that were in a bubble, no test
	// outside could use one any more.
	nobody := net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("nobody to ask")
	}}
	nobody.LookupHost(t.Context(), "setup.invalid")
	for _, name := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			synctest.Test(t, func(t *testing.T) { newStage(t, archive).play(string(archive.Comment)) })
		})
	}
}

// stage is where a script plays.
type stage struct {
	t     *testing.T
	dir   string
	texts map[string]string // of the archive
	shown map[string]string // what the editor shows, by name
	net   *fakenet.Net
	hosts map[string]*fakenet.Proxy
	env   []string
	// initialize are its params but for the folders.
	initialize map[string]any
	folders    []string
	*lsptest.Editor

	mu       sync.Mutex // guards the rest
	settings json.RawMessage
	// read counts how often the go environment was read, with and without a
	// process.
	process, files int
	watched        []string
	changed        func(names []string)
	links          string
	refreshed      map[string]int
	registered     []string
	// seen is how much of what was published, and asked, a command has seen.
	seenNotes    map[string]int
	seenStatuses int // those of modreach/status that a script has looked at
	seenAsked    map[string]int
}

func newStage(t *testing.T, archive *txtar.Archive) *stage {
	s := &stage{
		t: t, dir: t.TempDir(), net: fakenet.NewPipe(t),
		texts: map[string]string{}, shown: map[string]string{}, hosts: map[string]*fakenet.Proxy{},
		folders: []string{"."}, seenNotes: map[string]int{}, seenAsked: map[string]int{}, refreshed: map[string]int{},
	}
	for _, f := range archive.Files {
		s.texts[f.Name] = s.expand(string(f.Data))
		if !strings.HasPrefix(f.Name, "@") {
			s.write(f.Name, s.texts[f.Name])
		}
	}
	s.env = []string{"GOMODCACHE=" + filepath.Join(t.TempDir(), "cache"), "GOSUMDB=off", "GOPROXY=off", "HOME=" + t.TempDir()}
	return s
}

// play runs the commands of a script, one on each line.
func (s *stage) play(script string) {
	n := 0
	for line := range strings.Lines(script) {
		n++
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		command := commands[words[0]]
		if command == nil {
			command = requests[words[0]]
		}
		if command == nil {
			s.t.Fatalf("line %d: unknown command %s", n, words[0])
		}
		synctest.Wait()
		if err := command(s, words[1:]); err != nil {
			s.t.Fatalf("line %d: %s: %v", n, strings.TrimSpace(line), err)
		}
	}
	if s.Editor == nil {
		return
	}
	began := time.Now()
	s.Shutdown()
	if err := s.Exit(); err != nil {
		s.t.Error(err)
	}
	// On this clock nothing takes time but to wait for something.
	if took := time.Since(began); took > 0 {
		s.t.Errorf("the end took %v", took)
	}
}

// expand fills in what a script cannot know: $WORK, and the URL of each host.
func (s *stage) expand(text string) string {
	return os.Expand(text, func(name string) string {
		if name == "WORK" {
			return s.dir
		}
		if p := s.hosts[name]; p != nil {
			return p.URL()
		}
		return "$" + name
	})
}

func (s *stage) write(name, text string) {
	full := filepath.Join(s.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o666); err != nil {
		s.t.Fatal(err)
	}
}

// uri gives that of a file; what has a scheme is one already.
func (s *stage) uri(name string) string {
	if strings.Contains(name, ":") {
		return name
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(s.dir, filepath.FromSlash(name)))}).String()
}

// text gives what counts as the text of a file: what the editor shows, or the
// disk holds.
func (s *stage) text(name string) string {
	if text, ok := s.shown[name]; ok {
		return text
	}
	text, err := os.ReadFile(filepath.Join(s.dir, filepath.FromSlash(name)))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

// environment is what the server reads as the go environment.
func (s *stage) environment(_ context.Context, _ string, settings map[string]string, files bool) route.Env {
	s.mu.Lock()
	defer s.mu.Unlock()
	if files {
		s.files++
	} else {
		s.process++
	}
	path := filepath.Join(s.dir, "goenv")
	user, _ := os.ReadFile(path) // few have one
	return route.ParseEnv(route.Sources{
		Process: s.env, Workspace: settings, UserPath: path, UserFile: user, OS: runtime.GOOS,
	})
}

// watch is what the server sees of the disk by itself.
func (s *stage) watch(ctx context.Context, files <-chan []string, changed func(names []string)) error {
	s.mu.Lock()
	s.changed = changed
	s.mu.Unlock()
	for {
		select {
		case set := <-files:
			s.mu.Lock()
			s.watched = set
			s.mu.Unlock()
		case <-ctx.Done():
			return nil
		}
	}
}

// linked is what the server sees of the networks of its machine.
func (s *stage) linked() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.links
}

func (s *stage) start() error {
	s.Editor = lsptest.Pipe(s.t, func(in io.Reader, out io.Writer) error {
		return server.Serve(s.t.Context(), in, out, server.Options{
			Run: "RUN", Environment: s.environment, Machine: func(route.Env) probe.Machine { return probe.Machine{} },
			WriteEnv: s.writeEnv, Watch: s.watch, Links: s.linked,
			Probe: probe.Options{Dial: s.net.Dial, Resolver: s.net.Resolver(), Roots: s.net.CA().Pool()},
		})
	})
	s.On("workspace/configuration", func(json.RawMessage) (any, *lsptest.Error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return []any{s.settings}, nil
	})
	for _, method := range []string{"workspace/diagnostic/refresh", "workspace/codeLens/refresh", "window/workDoneProgress/create"} {
		s.On(method, func(json.RawMessage) (any, *lsptest.Error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.refreshed[method]++
			return nil, nil
		})
	}
	s.On("client/registerCapability", func(raw json.RawMessage) (any, *lsptest.Error) {
		var p struct{ Registrations []struct{ Method string } }
		if err := json.Unmarshal(raw, &p); err != nil {
			return nil, &lsptest.Error{Message: err.Error()}
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, r := range p.Registrations {
			s.registered = append(s.registered, r.Method)
		}
		return nil, nil
	})
	if s.initialize == nil {
		s.become("vscode-older")
	}
	s.initialize["workspaceFolders"] = s.folderList(s.folders)
	s.Initialize(s.initialize)
	return nil
}

// become makes the editor one of those there are.
func (s *stage) become(name string) {
	s.initialize = map[string]any{}
	if err := json.Unmarshal(lsptest.Payload(s.t, name), &s.initialize); err != nil {
		s.t.Fatal(err)
	}
	s.initialize["processId"] = nil // which is not on this machine
}

func (s *stage) folderList(names []string) []any {
	all := []any{}
	for _, name := range names {
		all = append(all, map[string]any{"uri": s.uri(name), "name": name})
	}
	return all
}

// marked gives the diagnostics that the markers in a text want, one line each:
// "3 error connect-refused", in the order of the lines.
func marked(text string) []string {
	want := []string{}
	n := 0
	for line := range strings.Lines(text) {
		n++
		_, marks, _ := strings.Cut(line, "// want ")
		for mark := range strings.SplitSeq(marks, ",") {
			if mark = strings.TrimSpace(mark); mark != "" {
				want = append(want, fmt.Sprintf("%d %s", n, mark))
			}
		}
	}
	return want
}

// lineOf gives the number that a line of such a list begins with.
func lineOf(s string) (n int) {
	_, _ = fmt.Sscan(s, &n) // there is one
	return n
}

var severities = []string{"", "error", "warning", "info", "hint"}

// told gives diagnostics in the same form.
func told(all []lsptest.Diagnostic) []string {
	got := []string{}
	for _, d := range all {
		got = append(got, fmt.Sprintf("%d %s %s", d.Range.Start.Line+1, severities[d.Severity], d.Code))
	}
	slices.SortStableFunc(got, func(a, b string) int {
		return cmp.Compare(lineOf(a), lineOf(b))
	})
	return got
}

// publications gives what was published of a file so far.
func (s *stage) publications(name string) []lsptest.Published {
	var all []lsptest.Published
	for _, n := range s.Notes("textDocument/publishDiagnostics") {
		var p lsptest.Published
		if err := json.Unmarshal(n.Params, &p); err != nil {
			s.t.Fatal(err)
		}
		if p.URI == s.uri(name) {
			all = append(all, p)
		}
	}
	return all
}

// pulledFiles are what a client is given that asks about all files.
type pulledFiles struct {
	Items []struct {
		URI, Kind, ResultID string
		Items               []lsptest.Diagnostic
	}
}

// pullAll asks about all files; known are those that the client has.
func (s *stage) pullAll(known []any) (r pulledFiles) {
	if known == nil {
		known = []any{}
	}
	s.Call("workspace/diagnostic", map[string]any{"previousResultIds": known}, &r)
	return r
}

// asked gives what a host was asked since the last time, each thing once.
func (s *stage) asked(host string) []string {
	all := s.hosts[host].Requests()
	keys := map[string]bool{}
	for _, r := range all[s.seenAsked[host]:] {
		keys[cmp.Or(r.Key, "/")] = true
	}
	s.seenAsked[host] = len(all)
	return slices.Sorted(maps.Keys(keys))
}

func differ(want, got any) error {
	if diff := gocmp.Diff(want, got); diff != "" {
		return fmt.Errorf("(-want +got):\n%s", diff)
	}
	return nil
}

// rest gives the words after the first n as one text.
func (s *stage) rest(words []string, n int) string { return s.expand(strings.Join(words[n:], " ")) }

// commands are what a line of a script can be.
var commands = map[string]func(s *stage, words []string) error{
	"host": func(s *stage, words []string) error {
		p := s.net.Proxy(fakenet.HTTP, fakenet.Host(words[0]+".example"))
		for _, mod := range words[1:] {
			path, version, _ := strings.Cut(mod, "@")
			p.Add(path, version, "")
		}
		s.hosts[words[0]] = p
		return nil
	},
	"add": func(s *stage, words []string) error {
		path, version, _ := strings.Cut(words[1], "@")
		s.hosts[words[0]].Add(path, version, "")
		return nil
	},
	"deprecate": func(s *stage, words []string) error {
		path, version, _ := strings.Cut(words[1], "@")
		s.hosts[words[0]].Add(path, version, "// Deprecated: use another.\nmodule "+path+"\n")
		return nil
	},
	"down": func(s *stage, words []string) error { s.hosts[words[0]].Down(); return nil },
	"up":   func(s *stage, words []string) error { s.hosts[words[0]].Up(); return nil },
	"network": func(s *stage, words []string) error {
		for name, p := range s.hosts {
			if words[0] == "gone" {
				s.net.DNS().Break(name+".example", fakenet.ServFail)
			} else {
				ip, _, _ := strings.Cut(p.Addr(), ":")
				s.net.DNS().Set(name+".example", ip)
			}
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.links = words[0]
		return nil
	},
	"hangs": func(s *stage, words []string) error { s.hosts[words[0]].On(words[1], fakenet.Hang); return nil },
	"heals": func(s *stage, words []string) error { s.hosts[words[0]].On("*", nil); return nil },
	"env": func(s *stage, words []string) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		set := s.rest(words, 0)
		name, _, _ := strings.Cut(set, "=")
		s.env = append(slices.DeleteFunc(s.env, func(old string) bool { return strings.HasPrefix(old, name+"=") }), set)
		return nil
	},
	"editor": func(s *stage, words []string) error {
		s.become(words[0])
		return nil
	},
	"bytes": func(s *stage, _ []string) error {
		s.initialize["capabilities"].(map[string]any)["general"] = map[string]any{"positionEncodings": []string{"utf-8"}}
		return nil
	},
	"options": func(s *stage, words []string) error {
		if s.initialize == nil {
			s.become("vscode-older")
		}
		s.initialize["initializationOptions"] = json.RawMessage(s.rest(words, 0))
		return nil
	},
	"folders": func(s *stage, words []string) error { s.folders = words; return nil },
	"start":   func(s *stage, _ []string) error { return s.start() },
	"settings": func(s *stage, words []string) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.settings = json.RawMessage(s.rest(words, 0))
		return nil
	},
	"configure": func(s *stage, words []string) error {
		s.Notify("workspace/didChangeConfiguration", map[string]any{"settings": json.RawMessage(s.rest(words, 0))})
		return nil
	},
	"execute": func(s *stage, words []string) error {
		s.Call("workspace/executeCommand", map[string]any{"command": words[0]}, nil)
		return nil
	},
	"trust": func(s *stage, words []string) error {
		s.Notify("modreach/trust", map[string]any{"trusted": words[0] == "yes"})
		return nil
	},
	"refolder": func(s *stage, words []string) error {
		s.Notify("workspace/didChangeWorkspaceFolders", map[string]any{"event": map[string]any{
			"removed": s.folderList(words[:1]), "added": s.folderList(words[1:]),
		}})
		return nil
	},
	"open": func(s *stage, words []string) error {
		text := s.texts[words[len(words)-1]]
		s.shown[words[0]] = text
		s.Open(s.uri(words[0]), text)
		return nil
	},
	"change": func(s *stage, words []string) error {
		text := s.texts[words[1]]
		s.shown[words[0]] = text
		s.Change(s.uri(words[0]), text)
		return nil
	},
	"type": func(s *stage, words []string) error { // FILE OLD NEW SECONDS: letter by letter
		every, err := time.ParseDuration(words[3])
		if err != nil {
			return err
		}
		for i := range len(words[2]) + 1 {
			text := strings.Replace(s.shown[words[0]], words[1], words[2][:i], 1)
			s.Change(s.uri(words[0]), text)
			if i == len(words[2]) {
				s.shown[words[0]] = text
			}
			pass(every)
		}
		return nil
	},
	"close": func(s *stage, words []string) error {
		delete(s.shown, words[0])
		s.Close(s.uri(words[0]))
		return nil
	},
	"write": func(s *stage, words []string) error {
		s.write(words[0], s.expand(s.texts[words[len(words)-1]]))
		return nil
	},
	"remove": func(s *stage, words []string) error {
		return os.Remove(filepath.Join(s.dir, filepath.FromSlash(words[0])))
	},
	"event": func(s *stage, words []string) error { // FILE made, written or removed
		kind := 1 + slices.Index([]string{"made", "written", "removed"}, words[1])
		s.Notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": s.uri(words[0]), "type": kind}}})
		return nil
	},
	"seen": func(s *stage, words []string) error { // a file that the server watches has changed
		full := filepath.Join(s.dir, filepath.FromSlash(words[0]))
		s.mu.Lock()
		defer s.mu.Unlock()
		if !slices.Contains(s.watched, full) {
			return fmt.Errorf("not watched; there are %v", s.watched)
		}
		s.changed([]string{full})
		return nil
	},
	"after": func(_ *stage, words []string) error {
		d, err := time.ParseDuration(words[0])
		if err == nil {
			pass(d)
		}
		return err
	},
	"wants": func(s *stage, words []string) error { // FILE: what its markers say
		p := s.Diagnostics(s.uri(words[0]))
		if p.URI != "" {
			for _, d := range p.Diagnostics {
				if d.Source != "modreach" {
					return fmt.Errorf("source %q", d.Source)
				}
			}
		}
		return differ(marked(s.text(words[0])), told(p.Diagnostics))
	},
	"nothing": func(s *stage, words []string) error { // FILE: nothing is shown of it
		return differ([]string{}, told(s.Diagnostics(s.uri(words[0])).Diagnostics))
	},
	"pulled": func(s *stage, words []string) error {
		var r struct {
			Kind  string
			Items []lsptest.Diagnostic
		}
		s.Call("textDocument/diagnostic", map[string]any{"textDocument": map[string]any{"uri": s.uri(words[0])}}, &r)
		return differ(marked(s.text(words[0])), told(r.Items))
	},
	"pulledall": func(s *stage, words []string) error {
		r := s.pullAll(nil)
		want, got := map[string][]string{}, map[string][]string{}
		for _, name := range words {
			want[s.uri(name)] = marked(s.text(name))
		}
		for _, item := range r.Items {
			got[item.URI] = told(item.Items)
		}
		return differ(want, got)
	},
	"repulled": func(s *stage, words []string) error { // FILE ...: what has not changed for a client that has all, and spells URIs as VS Code does
		known := []any{}
		for _, item := range s.pullAll(nil).Items {
			known = append(known, map[string]any{"uri": strings.ReplaceAll(item.URI, "@", "%40"), "value": item.ResultID})
		}
		got := map[string]string{}
		for _, item := range s.pullAll(known).Items {
			got[item.URI] = item.Kind
		}
		want := map[string]string{}
		for _, name := range words {
			want[s.uri(name)] = "unchanged"
		}
		return differ(want, got)
	},
	"published": func(s *stage, words []string) error { // FILE N VERSION: how often since the last time, and for which version
		all := s.publications(words[0])
		got := []string{fmt.Sprint(len(all) - s.seenNotes[words[0]])}
		if len(words) > 2 {
			version := "none"
			if v := all[len(all)-1].Version; v != nil {
				version = fmt.Sprint(*v)
			}
			got = append(got, version)
		}
		for _, p := range all[s.seenNotes[words[0]]:] {
			s.t.Logf("published %v", told(p.Diagnostics))
		}
		s.seenNotes[words[0]] = len(all)
		return differ(words[1:], got)
	},
	"tags": func(s *stage, words []string) error {
		var got []string
		for _, d := range s.Diagnostics(s.uri(words[0])).Diagnostics {
			got = append(got, fmt.Sprint(d.Tags))
		}
		return differ(words[1:], got)
	},
	"spans": func(s *stage, words []string) error {
		var got []string
		for _, d := range s.Diagnostics(s.uri(words[0])).Diagnostics {
			r := d.Range
			got = append(got, fmt.Sprintf("%d:%d-%d:%d", r.Start.Line, r.Start.Character, r.End.Line, r.End.Character))
		}
		return differ(words[1:], got)
	},
	"asked": func(s *stage, words []string) error { // HOST KEY...: all it was asked since the last time
		want := slices.Sorted(slices.Values(words[1:]))
		return differ(fmt.Sprint(want), fmt.Sprint(s.asked(words[0])))
	},
	"read": func(s *stage, words []string) error { // how often the environment was read by a process, and from files
		s.mu.Lock()
		defer s.mu.Unlock()
		return differ(words, []string{fmt.Sprint(s.process), fmt.Sprint(s.files)})
	},
	"called": func(s *stage, words []string) error { // METHOD N: how often since the last time
		s.mu.Lock()
		defer s.mu.Unlock()
		got := s.refreshed[words[0]]
		s.refreshed[words[0]] = 0
		return differ(words[1], fmt.Sprint(got))
	},
	"registered": func(s *stage, words []string) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		return differ(fmt.Sprint(words), fmt.Sprint(s.registered))
	},
	"progress": func(s *stage, words []string) error { // all that was told so far
		got := []string{}
		for _, n := range s.Notes("$/progress") {
			var p struct {
				Value struct{ Kind, Message string }
			}
			if err := json.Unmarshal(n.Params, &p); err != nil {
				return err
			}
			got = append(got, strings.TrimSuffix(p.Value.Kind+":"+p.Value.Message, ":"))
		}
		return differ(fmt.Sprint(words), fmt.Sprint(got))
	},
	"stands": func(s *stage, words []string) error { // FILE [N-STATE ...] [MODULE ...]: how it stands, and what has come back since the last time
		var counts map[string]any
		back := []string{}
		notes := s.Notes("modreach/status")
		for _, n := range notes[s.seenStatuses:] {
			var p map[string]any
			if err := json.Unmarshal(n.Params, &p); err != nil {
				return err
			}
			if p["uri"] != s.uri(words[0]) {
				continue
			}
			counts = p
			modules, _ := p["recovered"].([]any)
			for _, module := range modules {
				back = append(back, fmt.Sprint(module))
			}
		}
		s.seenStatuses = len(notes)
		got := []string{}
		for state, n := range counts {
			if n, ok := n.(float64); ok && n > 0 {
				got = append(got, fmt.Sprintf("%v-%s", n, state))
			}
		}
		slices.Sort(got)
		return differ(strings.Join(words[1:], " "), strings.Join(append(got, back...), " "))
	},
	"logged": func(s *stage, words []string) error { // @ANSWER: what the editor's log was told so far
		var b strings.Builder
		for _, n := range s.Notes("window/logMessage") {
			var p struct{ Message string }
			if err := json.Unmarshal(n.Params, &p); err != nil {
				return err
			}
			b.WriteString(p.Message + "\n")
		}
		return s.answered(words[0], b.String())
	},
	"shows": func(s *stage, words []string) error { // FILE LINE: the whole diagnostic there, as in the archive file @shows
		for _, d := range s.Diagnostics(s.uri(words[0])).Diagnostics {
			if fmt.Sprint(d.Range.Start.Line+1) != words[1] {
				continue
			}
			raw, err := json.MarshalIndent(d, "", "  ")
			if err != nil {
				return err
			}
			return s.answered("@"+words[2], string(raw)+"\n")
		}
		return fmt.Errorf("nothing there")
	},
}

// pass lets virtual time pass.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}
