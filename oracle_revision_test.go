package main

import (
	"strings"

	"github.com/modreach/modreach/internal/fakenet"
)

// x is the path of most modules here, and at its short name for messages.
const x = "github.com/acme/x"

// made has github.com/acme/x be a repository that make fills.
func made(make func(w *world, r *fakenet.Repo)) func(*world) {
	return func(w *world) {
		r := fakenet.NewRepo(w.t)
		w.net.Forge("github.com").Git("acme/x", r)
		make(w, r)
	}
}

// holding is made with one commit of files and its tags.
func holding(files map[string]string, tags ...string) func(*world) {
	return made(func(_ *world, r *fakenet.Repo) {
		r.Commit(files)
		r.Tag(tags...)
	})
}

// goMod gives files with a go.mod at each name and a package beside it.
func goMod(nameAndPath ...string) map[string]string {
	files := map[string]string{"p.go": "package p\n"}
	for i := 0; i+1 < len(nameAndPath); i += 2 {
		name := nameAndPath[i]
		files[name] = "module " + nameAndPath[i+1] + "\n\ngo 1.20\n"
		files[strings.TrimSuffix(name, "go.mod")+"p.go"] = "package p\n"
	}
	return files
}

// tagScenarios are about releases: how a version becomes a tag, and what has
// to be at that tag.
func tagScenarios() []scenario {
	both := goMod("go.mod", x, "sub/go.mod", x+"/sub")
	bare := goMod()
	gopkg := func(files map[string]string, tags ...string) func(*world) {
		return func(w *world) {
			r := fakenet.NewRepo(w.t)
			r.Commit(files)
			r.Tag(tags...)
			f := w.net.Forge("gopkg.in")
			f.Page("gopkg.in/acme.v2", "gopkg.in/acme.v2 git https://gopkg.in/acme.v2")
			f.Git("acme.v2", r)
		}
	}
	return []scenario{
		direct("tag-missing", x+"@v1.9.9", "unknown revision v1.9.9", holding(both, "v1.0.0")),
		direct("tag-of-subdirectory-missing", x+"/sub@v1.0.0", "unknown revision sub/v1.0.0", holding(both, "v1.0.0")),
		direct("tag-of-subdirectory-only", x+"@v1.0.0", "unknown revision v1.0.0", holding(both, "sub/v1.0.0")),
		direct("tag-of-subdirectory-without-mod", x+"/sub@v1.0.0", "missing github.com/acme/x/sub/go.mod at revision sub/v1.0.0", holding(goMod("go.mod", x), "sub/v1.0.0")),
		direct("tag-of-deep-subdirectory", x+"/a/b@v0.1.0", "ok", holding(goMod("a/b/go.mod", x+"/a/b"), "a/b/v0.1.0")),
		direct("tag-annotated", x+"@v1.0.0", "ok", made(func(_ *world, r *fakenet.Repo) { r.Commit(both); r.Annotate("v1.0.0") })),
		direct("tag-pre-release", x+"@v1.0.0-rc.1", "ok", holding(both, "v1.0.0-rc.1")),
		direct("tag-capitals", x+"@v1.0.0-RC1", "unknown revision v1.0.0-RC1", holding(both, "v1.0.0-rc1")),
		direct("tag-with-metadata-only", x+"@v1.0.0", "unknown revision v1.0.0", holding(both, "v1.0.0+meta")),
		direct("tag-behind", x+"@v1.0.0", "ok", made(func(_ *world, r *fakenet.Repo) {
			r.Commit(both)
			r.Tag("v1.0.0")
			r.Commit(map[string]string{"go.mod": "", "p.go": ""})
			r.Tag("v1.1.0")
		})),
		direct("tag-off-branches", x+"@v1.0.0", "ok", made(func(_ *world, r *fakenet.Repo) {
			r.Commit(both)
			r.CommitOn("gone", both)
			r.TagAt("v1.0.0", "gone")
			r.Git("update-ref", "-d", "refs/heads/gone")
		})),
		direct("tag-is-a-branch", x+"@v1.0.0", "(v1.0.0 is not a tag)", made(func(_ *world, r *fakenet.Repo) {
			r.Commit(both)
			r.Branch("v1.0.0", "main")
		})),
		direct("tag-and-branch", x+"@v1.0.0", "ok", made(func(_ *world, r *fakenet.Repo) {
			r.Commit(both)
			r.Tag("v1.0.0")
			r.CommitOn("v1.0.0", map[string]string{"p.go": "package p\n"})
		})),
		direct("tag-of-a-file", x+"@v1.0.0", `unexpected response from git log: ""`, made(func(_ *world, r *fakenet.Repo) {
			r.Commit(both)
			r.Git("update-ref", "refs/tags/v1.0.0", r.Git("rev-parse", "main:p.go"))
		})),
		direct("tag-hidden", x+"@v1.0.0", "unknown revision v1.0.0", made(func(_ *world, r *fakenet.Repo) {
			r.Commit(both)
			r.Tag("v1.0.0")
			r.Git("config", "uploadpack.hideRefs", "refs/tags/v1.0.0")
		})),
		direct("mod-none", x+"@v1.0.0", "ok", holding(bare, "v1.0.0")),
		direct("mod-other-path", x+"@v1.0.0", "ok", holding(goMod("go.mod", "example.org/other"), "v1.0.0")),
		direct("mod-post-v1", x+"@v1.0.0", `go.mod has post-v1 module path "github.com/acme/x/v2" at revision v1.0.0`, holding(goMod("go.mod", x+"/v2"), "v1.0.0")),
		direct("mod-malformed-path", x+"@v1.0.0", `go.mod has malformed module path "github.com/acme/x/v1" at revision v1.0.0`, holding(goMod("go.mod", x+"/v1"), "v1.0.0")),
		direct("mod-without-module-line", x+"@v1.0.0", "go.mod is missing module path at revision v1.0.0", holding(map[string]string{"go.mod": "go 1.20\n", "p.go": "package p\n"}, "v1.0.0")),
		direct("mod-unreadable-later", x+"@v1.0.0", "ok", holding(map[string]string{"go.mod": "module github.com/acme/x\nnonsense (\n", "p.go": "package p\n"}, "v1.0.0")),
		direct("mod-too-new", x+"@v1.0.0", "requires go >= 1.999", holding(map[string]string{"go.mod": "module github.com/acme/x\n\ngo 1.999\n"}, "v1.0.0")),
		direct("mod-of-gopkg", x+"@v2.0.0+incompatible", "so module path must match major version", holding(goMod("go.mod", "gopkg.in/acme.v2"), "v2.0.0")),
		direct("v2-in-root", x+"/v2@v2.0.0", "ok", holding(goMod("go.mod", x+"/v2"), "v2.0.0")),
		direct("v2-in-directory", x+"/v2@v2.0.0", "ok", holding(goMod("go.mod", x, "v2/go.mod", x+"/v2"), "v2.0.0")),
		direct("v2-in-directory-alone", x+"/v2@v2.0.0", "ok", holding(goMod("v2/go.mod", x+"/v2"), "v2.0.0")),
		direct("v2-in-both", x+"/v2@v2.0.0", "both have .../v2 module paths at revision v2.0.0", holding(goMod("go.mod", x+"/v2", "v2/go.mod", x+"/v2"), "v2.0.0")),
		direct("v2-in-neither", x+"/v2@v2.0.0", "missing github.com/acme/x/go.mod and .../v2/go.mod at revision v2.0.0", holding(bare, "v2.0.0")),
		direct("v2-of-v1-mod", x+"/v2@v2.0.0", `go.mod has non-.../v2 module path "github.com/acme/x" (and .../v2/go.mod does not exist) at revision v2.0.0`, holding(goMod("go.mod", x), "v2.0.0")),
		direct("v2-directory-of-v1-mod", x+"/v2@v2.0.0", `github.com/acme/x/v2/go.mod has non-.../v2 module path "github.com/acme/x" at revision v2.0.0`, holding(goMod("go.mod", x, "v2/go.mod", x), "v2.0.0")),
		direct("v2-tag-missing", x+"/v2@v2.0.0", "unknown revision v2.0.0", holding(goMod("go.mod", x+"/v2"), "v1.0.0")),
		direct("v2-of-subdirectory", x+"/sub/v2@v2.0.0", "ok", holding(goMod("sub/go.mod", x+"/sub/v2"), "sub/v2.0.0")),
		direct("v2-below-subdirectory", x+"/sub/v2@v2.0.0", "ok", holding(goMod("sub/go.mod", x+"/sub", "sub/v2/go.mod", x+"/sub/v2"), "sub/v2.0.0")),
		direct("v2-of-subdirectory-tag-below", x+"/sub/v2@v2.0.0", "unknown revision sub/v2.0.0", holding(goMod("sub/v2/go.mod", x+"/sub/v2"), "sub/v2/v2.0.0")),
		direct("incompatible", x+"@v2.0.0+incompatible", "ok", holding(bare, "v2.0.0")),
		direct("incompatible-with-mod", x+"@v2.0.0+incompatible", `so module path must match major version ("github.com/acme/x/v2")`, holding(goMod("go.mod", x), "v2.0.0")),
		direct("incompatible-with-v2-mod", x+"@v2.0.0+incompatible", `go.mod has post-v2 module path "github.com/acme/x/v2" at revision v2.0.0`, holding(goMod("go.mod", x+"/v2"), "v2.0.0")),
		direct("incompatible-beside-v2-directory", x+"@v2.0.0+incompatible", "ok", holding(goMod("v2/go.mod", x+"/v2"), "v2.0.0")),
		direct("incompatible-v1", x+"@v1.0.0+incompatible", "+incompatible suffix not allowed: major version v1 is compatible", holding(bare, "v1.0.0")),
		direct("incompatible-of-subdirectory", x+"/sub@v2.0.0+incompatible", "so module path must match major version", holding(goMod("sub/go.mod", x+"/sub"), "sub/v2.0.0")),
		direct("gopkg", "gopkg.in/acme.v2@v2.0.0", "ok", gopkg(bare, "v2.0.0")),
		direct("gopkg-with-mod", "gopkg.in/acme.v2@v2.0.0", "ok", gopkg(goMod("go.mod", "gopkg.in/acme.v2"), "v2.0.0")),
		direct("gopkg-of-other-major", "gopkg.in/acme.v2@v2.0.0", `go.mod has non-....v2 module path "gopkg.in/acme.v1" at revision v2.0.0`, gopkg(goMod("go.mod", "gopkg.in/acme.v1"), "v2.0.0")),
		direct("gopkg-tag-missing", "gopkg.in/acme.v2@v2.0.0", "unknown revision v2.0.0", gopkg(bare, "v2.0.1")),
		direct("repository-empty", x+"@v1.0.0", "unknown revision v1.0.0", made(func(*world, *fakenet.Repo) {})),
		direct("repository-without-head", x+"@v1.0.0", "ok", made(func(_ *world, r *fakenet.Repo) {
			r.Commit(both)
			r.Tag("v1.0.0")
			r.Git("symbolic-ref", "HEAD", "refs/heads/gone")
		})),
	}
}

// past is a repository with a history: main has four commits, the second of
// them v1.0.0; branch dev leaves there, and its commit is v1.5.0 and also
// sub/v0.3.0.
type past struct {
	repo                            *fakenet.Repo
	first, release, inner, tip, dev fakenet.Commit
}

func newPast(w *world) *past {
	p := &past{repo: fakenet.NewRepo(w.t)}
	change := func(text string) map[string]string {
		return map[string]string{"p.go": "package p\n\n// " + text + "\n"}
	}
	p.first = p.repo.Commit(sources(x))
	p.release = p.repo.Commit(change("release"))
	p.repo.Annotate("v1.0.0")
	p.repo.Branch("dev", "main")
	p.inner = p.repo.Commit(change("inner"))
	p.tip = p.repo.Commit(change("tip"))
	p.dev = p.repo.CommitOn("dev", change("dev"))
	p.repo.TagAt("v1.5.0", "dev")
	p.repo.TagAt("sub/v0.3.0", "dev")
	w.net.Forge("github.com").Git("acme/x", p.repo)
	return p
}

// of returns a scenario of a revision that is known only when the past is made.
func of(name, path, said string, version func(p *past) string) scenario {
	return direct(name, path+"@v0.0.0", said, func(w *world) { w.require(path, version(newPast(w))) })
}

// pseudoScenarios are about pseudo-versions and what the go command checks of
// them.
func pseudoScenarios() []scenario {
	replaced := func(from, to string) func(string) string {
		return func(version string) string { return strings.Replace(version, from, to, 1) }
	}
	unfiltered := direct("pseudo-without-filters", x+"@v0.0.0", "ok", func(w *world) {
		p := newPast(w)
		p.repo.Git("config", "uploadpack.allowFilter", "false")
		w.require(x, p.inner.Pseudo("v1", "v1.0.0"))
	})
	unfiltered.unknown = unfilteredWhy
	return []scenario{
		of("pseudo-tip", x, "ok", func(p *past) string { return p.tip.Pseudo("v1", "v1.0.0") }),
		of("pseudo-inner", x, "ok", func(p *past) string { return p.inner.Pseudo("v1", "v1.0.0") }),
		of("pseudo-first", x, "ok", func(p *past) string { return p.first.Pseudo("", "") }),
		of("pseudo-without-base-though-tagged", x, "ok", func(p *past) string { return p.tip.Pseudo("", "") }),
		of("pseudo-without-base-inner", x, "ok", func(p *past) string { return p.inner.Pseudo("", "") }),
		of("pseudo-v1-without-base", x, "major version without preceding tag must be v0, not v1", func(p *past) string { return p.tip.Pseudo("v1", "") }),
		of("pseudo-of-subdirectory", x+"/sub", "ok", func(p *past) string { return p.tip.Pseudo("", "") }),
		of("pseudo-of-subdirectory-other-base", x+"/sub", "preceding tag (v1.0.0) not found", func(p *past) string { return p.tip.Pseudo("v1", "v1.0.0") }),
		of("pseudo-of-subdirectory-missing", x+"/none", "missing github.com/acme/x/none/go.mod at revision", func(p *past) string { return p.tip.Pseudo("", "") }),
		of("pseudo-of-subdirectory-release-of-root", x+"/sub", "tag (v1.0.0) found on revision", func(p *past) string { return p.release.Pseudo("v1", "v1.0.0") }),
		of("pseudo-base-missing", x, "preceding tag (v1.4.0) not found", func(p *past) string { return p.tip.Pseudo("v1", "v1.4.0") }),
		of("pseudo-base-elsewhere", x, "is not a descendent of preceding tag (v1.5.0)", func(p *past) string { return p.tip.Pseudo("v1", "v1.5.0") }),
		of("pseudo-base-later", x, "is not a descendent of preceding tag (v1.0.0)", func(p *past) string { return p.first.Pseudo("v1", "v1.0.0") }),
		of("pseudo-of-release", x, "tag (v1.0.0) found on revision", func(p *past) string { return p.release.Pseudo("v1", "v1.0.0") }),
		of("pseudo-of-release-without-base", x, "ok", func(p *past) string { return p.release.Pseudo("", "") }),
		of("pseudo-pre-release-base-missing", x, "preceding tag (v1.0.0-rc.1) not found", func(p *past) string { return p.tip.Pseudo("v1", "v1.0.0-rc.1") }),
		of("pseudo-time-wrong", x, "does not match version-control timestamp (expected 20200101030000)", func(p *past) string {
			return replaced("20200101030000", "20200101030001")(p.tip.Pseudo("", ""))
		}),
		of("pseudo-time-impossible", x, `malformed time "20209901030000"`, func(p *past) string {
			return replaced("20200101030000", "20209901030000")(p.tip.Pseudo("", ""))
		}),
		of("pseudo-hash-short", x, "revision is shorter than canonical (expected ", func(p *past) string { v := p.tip.Pseudo("", ""); return v[:len(v)-1] }),
		of("pseudo-hash-long", x, "revision is longer than canonical (expected ", func(p *past) string { return p.tip.Pseudo("", "") + p.tip.Hash[12:14] }),
		of("pseudo-hash-whole", x, "revision is longer than canonical (expected ", func(p *past) string { return p.tip.Pseudo("", "") + p.tip.Hash[12:] }),
		of("pseudo-hash-unknown", x, "unknown revision 0123456789ab", func(*past) string { return "v0.0.0-20200101030000-0123456789ab" }),
		of("pseudo-hash-no-hash", x, "unknown revision abcdefghijkl", func(*past) string { return "v0.0.0-20200101030000-abcdefghijkl" }),
		of("pseudo-hash-is-a-branch", x, "does not match short name of revision (expected ", func(p *past) string {
			p.repo.Branch("branchbranch", "main")
			return "v0.0.0-20200101030000-branchbranch"
		}),
		of("pseudo-unreachable", x, "unknown revision", func(p *past) string {
			p.repo.Git("update-ref", "refs/heads/main", p.release.Hash)
			return p.tip.Pseudo("v1", "v1.0.0")
		}),
		of("pseudo-of-pull-request", x, "unknown revision", func(p *past) string {
			p.repo.Git("update-ref", "refs/pull/1/head", p.tip.Hash)
			p.repo.Git("update-ref", "refs/heads/main", p.release.Hash)
			return p.tip.Pseudo("v1", "v1.0.0")
		}),
		of("pseudo-v2-of-v1-mod", x+"/v2", `go.mod has non-.../v2 module path "github.com/acme/x"`, func(p *past) string { return p.tip.Pseudo("v2", "") }),
		of("pseudo-incompatible-with-mod", x, "so module path must match major version", func(p *past) string { return p.tip.Pseudo("v2", "") + "+incompatible" }),
		of("pseudo-missing-mod-before-base", x+"/none", "missing github.com/acme/x/none/go.mod", func(p *past) string { return p.tip.Pseudo("v1", "v1.9.0") }),
		direct("pseudo-page", "go.corp.example/x@v0.0.0", "ok", func(w *world) {
			p := newPast(w)
			f := w.net.Forge("go.corp.example")
			f.Page("go.corp.example/x", corp)
			f.Git("x.git", p.repo)
			w.require("go.corp.example/x", p.inner.Pseudo("v1", "v1.0.0"))
		}),
		unfiltered,
		direct("pseudo-host-down", x+"@v0.0.0", "unable to access", func(w *world) {
			p := newPast(w)
			w.net.Forge("github.com").Down()
			w.require(x, p.tip.Pseudo("", ""))
		}),
	}
}

// revisionScenarios have a go.mod name what is no version.
func revisionScenarios() []scenario {
	return []scenario{
		of("revision-hash", x, "ok", func(p *past) string { return p.tip.Hash }),
		of("revision-hash-short", x, "ok", func(p *past) string { return p.tip.Hash[:7] }),
		of("revision-hash-too-short", x, "unknown revision", func(p *past) string { return p.tip.Hash[:6] }),
		of("revision-hash-inner", x, "ok", func(p *past) string { return p.inner.Hash }),
		of("revision-hash-of-release", x, "ok", func(p *past) string { return p.release.Hash }),
		of("revision-hash-unknown", x, "unknown revision", func(*past) string { return strings.Repeat("0123456789", 4) }),
		of("revision-branch", x, "ok", func(*past) string { return "dev" }),
		of("revision-branch-unknown", x, "unknown revision nothing", func(*past) string { return "nothing" }),
		of("revision-head", x, "ok", func(*past) string { return "HEAD" }),
		of("revision-of-subdirectory", x+"/sub", "ok", func(*past) string { return "main" }),
		of("revision-of-subdirectory-missing", x+"/none", "missing github.com/acme/x/none/go.mod", func(*past) string { return "main" }),
		of("revision-tag-of-another-name", x, "ok", func(p *past) string { p.repo.TagAt("release-1", "v1.0.0"); return "release-1" }),
		of("revision-ambiguous", x, "ambiguous revision", func(p *past) string {
			// The hashes of these two begin alike.
			tree := p.repo.Git("mktree")
			p.repo.Branch("one", p.repo.Git("commit-tree", "-m", "11602", tree))
			p.repo.Branch("two", p.repo.Git("commit-tree", "-m", "22013", tree))
			return p.repo.Git("rev-parse", "one")[:7]
		}),
	}
}
