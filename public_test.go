package main

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/modfile"

	"github.com/modreach/modreach/internal/fakenet"
)

// publicModules are large modules whose go.mod files are checked against the
// go command, line by line, over the real network.
var publicModules = []string{
	"k8s.io/kubernetes@v1.34.1",
	"github.com/hashicorp/vault@v1.20.3",
	"github.com/traefik/traefik/v3@v3.5.3",
	"helm.sh/helm/v3@v3.19.0",
	"github.com/prometheus/prometheus@v0.306.0",
	"github.com/grafana/loki/v3@v3.5.3",
	"github.com/influxdata/telegraf@v1.35.4",
	"github.com/docker/compose/v2@v2.39.2",
	"github.com/cilium/cilium@v1.18.1",
	"github.com/gohugoio/hugo@v0.150.0",
}

// TestPublicModules checks each of them with an empty module cache, and asks
// "go mod download" about each of its lines. It downloads some gigabytes, so it
// runs only when asked for: make public.
func TestPublicModules(t *testing.T) {
	if os.Getenv("MODREACH_PUBLIC") == "" {
		t.Skip("set MODREACH_PUBLIC=1 to download some gigabytes over the real network")
	}
	program := build(t)
	for _, mod := range publicModules {
		t.Run(mod, func(t *testing.T) {
			dir := fetchGoMod(t, mod)
			start := time.Now()
			results := checkFresh(t, program, dir)
			took := time.Since(start)
			file := parseGoMod(t, dir)
			byGo := downloadEach(t, dir, results, file)
			counts := map[string]int{}
			for _, r := range results {
				if r.Directive != "require" {
					continue
				}
				counts[r.Verdict]++
				r.compare(t, file, byGo)
			}
			t.Logf("%d lines in %.1f s: %v", len(results), took.Seconds(), counts)
		})
	}
}

type publicResult struct {
	Module, Version, Verdict, Reason, Directive string
}

// compare wants the verdict of the go command: for a line that is replaced by
// a directory whether that is there, for every other what the download said.
func (r publicResult) compare(t *testing.T, file *modfile.File, byGo map[string]string) {
	t.Helper()
	path, version := effective(file, r)
	if version == "" {
		if r.Verdict != "unreachable" { // none of the directories was copied
			t.Errorf("%s => %s: verdict %s, want unreachable", r.Module, path, r.Verdict)
		}
		return
	}
	goSaid, asked := byGo[path+"@"+version]
	switch {
	case !asked:
		t.Errorf("%s@%s: go said nothing", path, version)
	case goSaid == "" && r.Verdict != "reachable" && r.Verdict != "cached":
		t.Errorf("%s@%s: verdict %s (%s), but go downloads it", path, version, r.Verdict, r.Reason)
	case goSaid != "" && r.Verdict != "unreachable":
		t.Errorf("%s@%s: verdict %s, but go says %s", path, version, r.Verdict, goSaid)
	}
}

// effective gives what is fetched for a line: the module itself, or what
// replaces it; an empty version for a directory.
func effective(file *modfile.File, r publicResult) (path, version string) {
	path, version = r.Module, r.Version
	for _, rep := range file.Replace {
		if rep.Old.Path == r.Module && (rep.Old.Version == "" || rep.Old.Version == r.Version) {
			path, version = rep.New.Path, rep.New.Version
			if rep.Old.Version != "" {
				break
			}
		}
	}
	return path, version
}

// fetchGoMod gives a folder with the go.mod and go.sum of a module.
func fetchGoMod(t *testing.T, mod string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "mod", "download", "-json", mod)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "GOMODCACHE="+fakenet.ModCache(t), "GOWORK=off")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("fetching %s: %v\n%s", mod, err, out)
	}
	var info struct{ Dir string }
	if err := json.Unmarshal(out, &info); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(info.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func parseGoMod(t *testing.T, dir string) *modfile.File {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// checkFresh checks a folder with an empty module cache.
func checkFresh(t *testing.T, program, dir string) []publicResult {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, "check", "-format", "json")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOMODCACHE="+fakenet.ModCache(t))
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); err != nil && (!errors.As(err, &exit) || exit.ExitCode() != exitFindings) {
		t.Fatalf("checking: %v", err)
	}
	var all struct{ Results []publicResult }
	if err := json.Unmarshal(out, &all); err != nil {
		t.Fatal(err)
	}
	return all.Results
}

// downloadEach has the go command download every line, in one run into an
// empty module cache, and gives its error for each; empty for none.
func downloadEach(t *testing.T, dir string, results []publicResult, file *modfile.File) map[string]string {
	t.Helper()
	args := []string{"mod", "download", "-json"}
	for _, r := range results {
		if path, version := effective(file, r); version != "" && r.Directive == "require" {
			args = append(args, path+"@"+version)
		}
	}
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOMODCACHE="+fakenet.ModCache(t), "GOWORK=off")
	out, _ := cmd.Output() // it fails if one of them does; which ones, the output tells
	said := map[string]string{}
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for dec.More() {
		var one struct{ Path, Version, Error string }
		if err := dec.Decode(&one); err != nil {
			t.Fatal(err)
		}
		said[one.Path+"@"+one.Version] = one.Error
	}
	return said
}
