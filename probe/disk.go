package probe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"

	"github.com/modreach/modreach/route"
)

// askCache looks for one artefact in the module cache, by the files that the
// go command itself needs to find there. Whatever else is there or missing,
// the extracted directory included, it can make again without the network.
func (p *Prober) askCache(_ context.Context, q Question, a Artefact) Answer {
	if p.opts.SkipCache || q.Query || a == List {
		return Answer{Outcome: Miss}
	}
	name, err := cachePath(q.Hop.Dir, q.Mod, a.String())
	if err != nil {
		return Answer{Outcome: Miss, Text: err.Error()}
	}
	switch a {
	case Info:
		return cachedInfo(name)
	case Mod:
		return cachedMod(name)
	case Zip:
		return cachedZip(name)
	case List:
	}
	return Answer{Outcome: Miss}
}

// cachePath is where the module cache keeps a file of a module version.
func cachePath(dir string, mod module.Version, suffix string) (string, error) {
	escPath, err := module.EscapePath(mod.Path)
	if err != nil {
		return "", err
	}
	escVersion, err := module.EscapeVersion(mod.Version)
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "cache", "download", filepath.FromSlash(escPath), "@v", escVersion+suffix), nil
}

func cachedInfo(name string) Answer {
	text, err := os.ReadFile(name)
	if err != nil {
		return absent(err)
	}
	var info struct{ Version string }
	if json.Unmarshal(text, &info) != nil || info.Version == "" {
		return Answer{Outcome: Miss} // the go command takes a spoiled one for none
	}
	return Answer{Outcome: OK, Version: info.Version}
}

func cachedMod(name string) Answer {
	text, err := os.ReadFile(name)
	if err != nil {
		return absent(err)
	}
	return Answer{Outcome: OK, Sum: goModSum(text), Declared: modfile.ModulePath(text), GoVersion: goVersion(text)}
}

// cachedZip takes the hash from the .ziphash file beside the zip. Where that is
// missing the go command computes it anew, and so do we.
func cachedZip(name string) Answer {
	if _, err := os.Stat(name); err != nil {
		return absent(err)
	}
	sum, err := os.ReadFile(name + "hash")
	if err == nil {
		return Answer{Outcome: OK, Sum: strings.TrimSpace(string(sum))}
	}
	h, err := dirhash.HashZip(name, dirhash.Hash1)
	if err != nil {
		return Answer{Outcome: Spoiled, Text: err.Error(), Fault: &Fault{Phase: Checksum, Cause: DiskCache, Err: err}}
	}
	return Answer{Outcome: OK, Sum: h}
}

// absent is the answer for a file of the cache that could not be read.
func absent(err error) Answer {
	if errors.Is(err, fs.ErrNotExist) {
		return Answer{Outcome: Miss}
	}
	// The go command goes on to the network, and fails when it writes.
	return Answer{Outcome: Failed, Text: err.Error(), Fault: &Fault{Cause: DiskCache, Err: err}}
}

// askDirectory looks whether the directory of a replace or of a go.work use is
// there, with a go.mod in it. A vendor directory was found before the route
// was planned.
func (p *Prober) askDirectory(_ context.Context, q Question, _ Artefact) Answer {
	if q.Hop.Kind == route.Vendor {
		return Answer{Outcome: OK, Text: q.Hop.Why}
	}
	name := filepath.Join(q.Hop.Dir, "go.mod")
	_, err := os.Stat(name)
	if err == nil {
		return Answer{Outcome: OK, Text: q.Hop.Why}
	}
	f := &Fault{Cause: NoGoMod, Err: err}
	if _, dirErr := os.Stat(q.Hop.Dir); dirErr != nil {
		f.Cause = NoDirectory
	}
	if at := (*fs.PathError)(nil); errors.As(err, &at) {
		err = at.Err
	}
	return Answer{Outcome: Failed, Fault: f, Text: fmt.Sprintf("reading %s: open %s: %v", path.Join(filepath.ToSlash(q.Mod.Path), "go.mod"), name, err)}
}
