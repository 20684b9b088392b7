package probe

import (
	"path/filepath"
	"slices"

	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/route"
)

// unused gives the replace directives of m's file that nothing uses, as far as
// the disk tells: go.sum, the vendor directory, and for a directive to a
// directory also the go.mod files of what is required. Where one of these is not
// at hand, there may be something.
func (s *Shelf) unused(env route.Env, m route.Module, sums sumFiles) []gomod.Replace {
	if len(m.File.Replaces) == 0 || m.Work != nil || m.InPlace != nil || !sums.exist() {
		return nil
	}
	var vendored *gomod.VendorList
	if text, err := readWhole(filepath.Join(m.Dir, "vendor", "modules.txt"), maxListFile); err == nil {
		vendored = gomod.ParseVendor(text)
	}
	found := m.File.Unused(sums, vendored)
	if len(found) == 0 {
		return nil
	}
	further, known := s.further(env, m)
	return slices.DeleteFunc(found, func(r gomod.Replace) bool {
		// A directory has no hash in go.sum.
		return r.New.Version == "" && (!known || further[r.Old.Path])
	})
}

// further gives the paths that the go.mod files of the required modules require;
// known is false where they are not all in the module cache, or where there may
// be more further down.
func (s *Shelf) further(env route.Env, m route.Module) (paths map[string]bool, known bool) {
	cache, err := env.ModCache()
	if err != nil {
		return nil, false
	}
	paths = map[string]bool{}
	for _, r := range m.File.Requires {
		mod, dir := r.Mod, ""
		for _, d := range m.File.Replaces {
			if d.Old.Path == mod.Path && (d.Old.Version == "" || d.Old.Version == mod.Version) {
				mod, dir = d.New, ""
				if d.New.Version == "" {
					dir = filepath.FromSlash(d.New.Path)
				}
				break
			}
		}
		name := filepath.Join(dir, "go.mod")
		switch {
		case dir == "":
			if name, err = cachePath(cache, mod, ".mod"); err != nil {
				return nil, false
			}
		case !filepath.IsAbs(dir):
			name = filepath.Join(m.Dir, name)
		}
		f, err := s.file(name, gomod.Parse)
		if err != nil || len(f.Requires) > 0 && !f.Pruned() {
			return nil, false
		}
		for _, q := range f.Requires {
			paths[q.Mod.Path] = true
		}
	}
	return paths, true
}
