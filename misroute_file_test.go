package main

import (
	"strings"

	"github.com/modreach/modreach/internal/fakenet"
)

// versionMisroutings ask for versions that are not there.
func versionMisroutings() []misrouting {
	var all []misrouting
	add := func(name, gomod string, line int, fix string, set func(*world)) *misrouting {
		all = append(all, misrouting{
			scenario: scenario{name: "version-" + name, gomod: gomod, set: set},
			user:     "GOPROXY=$A", code: "version-not-found", line: line, fix: fix,
		})
		return &all[len(all)-1]
	}
	to := func(version string) string { return "Change the version to " + version }
	add("above", requiring("example.com/a", "v1.9.9"), 5, to("v1.1.0"), nil)
	add("between", requiring("example.com/a", "v1.0.5"), 5, to("v1.0.0"), nil)
	add("below", requiring("example.com/a", "v0.1.0"), 5, to("v1.1.0"), nil)
	add("prerelease", requiring("example.com/a", "v1.1.0-rc.1"), 5, to("v1.0.0"), nil)
	add("pseudo", requiring("example.com/a", "v1.0.1-0.20200101000000-abcdef123456"), 5, to("v1.0.0"), nil)
	add("upper-case", requiring("example.com/Up/Case", "v1.0.0"), 5, to("v1.0.0-RC1"), nil)
	add("second-major", requiring("example.com/a/v2", "v2.3.0"), 5, to("v2.1.0"), func(w *world) { w.a.Add("example.com/a/v2", "v2.1.0", "") })
	add("incompatible", requiring("example.com/old", "v2.3.0+incompatible"), 5, to("v2.1.0+incompatible"), func(w *world) { w.a.Add("example.com/old", "v2.1.0+incompatible", "module example.com/old\n") })
	const block = "module example.org/main\n\ngo 1.21\n\nrequire (\n\texample.com/fork v1.0.0 // as it was\n\texample.com/a v1.9.9 // indirect; the newest\n)\n"
	add("in-a-block", block, 7, to("v1.1.0"), nil)
	add("windows", strings.ReplaceAll(block, "\n", "\r\n"), 7, to("v1.1.0"), nil)
	add("quoted", "module example.org/main\n\ngo 1.21\n\nrequire \"example.com/a\" \"v1.9.9\"\n", 5, to("v1.1.0"), nil)
	add("of-a-replacement", requiring("example.com/gone", "v1.0.0")+"\nreplace example.com/gone => example.com/fork v1.7.0\n", 5, "Change the version of the replacement to v1.0.0", nil)
	other := add("of-another-path", requiring("example.com/fork", "v1.1.0"), 5, "Change the path to example.com/a (imports have to follow); 127.0.0.1:", func(w *world) {
		w.a.Add("example.com/fork", "v1.1.0", "module example.com/a\n")
	})
	other.code = "path-mismatch"
	incompatible := add("of-another-major-path", requiring("example.com/old", "v2.0.0+incompatible"), 5, "Change the path to example.com/old/v2 (imports have to follow); 127.0.0.1:", func(w *world) {
		w.a.Add("example.com/old", "v2.0.0+incompatible", "module example.com/old/v2\n")
		w.a.Add("example.com/old/v2", "v2.0.0", "")
	})
	incompatible.code = "path-mismatch"
	retracted := add("retracted", requiring("example.com/a", "v1.1.0"), 5, "Change the version to v1.1.1; 127.0.0.1:", func(w *world) {
		w.a.Add("example.com/a", "v1.1.0", "module example.com/a\n\nretract v1.1.0 // oops\n")
		w.a.Add("example.com/a", "v1.1.1", "module example.com/a\n\nretract v1.1.0 // oops\n")
	})
	retracted.code, retracted.works = "retracted", true
	behindComma := add("at-the-second", requiring("example.com/a", "v1.9.9"), 5, to("v1.1.0"), func(w *world) { w.a.On("*", fakenet.Status(404, "")) })
	behindComma.user = "GOPROXY=$A,$B"
	return all
}

// replaceMisroutings have replace directives that lead nowhere, and modules that
// are nowhere but on this disk.
func replaceMisroutings() []misrouting {
	var all []misrouting
	add := func(name, rest, code, fix string, set func(*world)) *misrouting {
		gomod := "module example.org/main\n\ngo 1.21\n\n" + rest
		line := 5
		if last := strings.LastIndex(gomod, " => "); last >= 0 {
			line = 1 + strings.Count(gomod[:last], "\n") // it is to blame
		}
		all = append(all, misrouting{
			scenario: scenario{name: "replace-" + name, gomod: gomod, set: set},
			user:     "GOPROXY=$A", code: code, line: line, fix: fix,
		})
		return &all[len(all)-1]
	}
	const a = "require example.com/a v1.0.0\n\n"
	add("missing", a+"replace example.com/a => ./gone\n", "replace-missing", "Remove the replace of example.com/a with ./gone", nil)
	add("missing-in-block", a+"replace (\n\texample.com/a => ./gone // for now\n)\n", "replace-missing", "Remove the replace of example.com/a with ./gone", nil)
	add("no-gomod", a+"replace example.com/a => ./empty\n", "replace-no-gomod", "Remove the replace of example.com/a with ./empty", func(w *world) { w.write("empty/README", "") })
	add("directory-with-version", a+"replace example.com/a => ./dir v1.0.0\n", "replace-invalid", "Replace example.com/a with the checkout in ./dir", func(w *world) { w.write("dir/go.mod", "module example.com/a\n") })
	add("module-without-version", a+"replace example.com/a => example.com/fork\n", "replace-invalid", "Remove the replace of example.com/a with example.com/fork", nil)
	unused := add("unused", "require example.com/b v1.0.0\n\nreplace example.com/a => example.com/fork v1.0.0\n", "replace-unused", "Remove the replace of example.com/a with example.com/fork", func(w *world) {
		w.a.Add("example.com/b", "v1.0.0", "")
		w.write("go.sum", w.a.Sum("example.com/b", "v1.0.0"))
	})
	unused.works = true
	beside := func(w *world) { w.write("../lib/go.mod", "module example.com/a\n\ngo 1.20\n") }
	add("missing-and-a-checkout", a+"replace example.com/a => ../gone\n", "replace-missing", "Replace example.com/a with the checkout in ../lib", beside)
	add("no-gomod-and-a-checkout", a+"replace example.com/a v1.0.0 => ./empty\n", "replace-no-gomod", "Replace example.com/a with the checkout in ../lib", func(w *world) {
		beside(w)
		w.write("empty/README", "")
	})
	unpublished := func(w *world) {
		w.write("../new/go.mod", "module example.com/new\n\ngo 1.20\n")
		w.write("../new/p.go", "package p\n")
		w.write("p.go", "package p\n\nimport _ \"example.com/new\"\n")
	}
	add("unpublished", "require example.com/new v0.0.0\n", "module-not-found", "Replace example.com/new with the checkout in ../new", unpublished)
	add("unpublished-in-a-workspace", "require example.com/new v0.0.0\n", "module-not-found", "Use the checkout in ../new in go.work", func(w *world) {
		unpublished(w)
		w.write("go.work", "go 1.21\n\nuse .\n")
	}).args = []string{"build", "./..."} // "mod download" fetches what go.work has too
	add("of-the-workspace", a, "replace-missing", "Remove the replace of example.com/a with ./gone from go.work", func(w *world) {
		w.write("go.work", "go 1.21\n\nuse .\n\nreplace example.com/a => ./gone\n")
	})
	add("twice", a+"replace example.com/a => ./one\nreplace example.com/a => ./two\n", "replace-invalid", "Remove the replace of example.com/a with ./one", func(w *world) {
		w.write("one/go.mod", "module example.com/a\n")
		w.write("two/go.mod", "module example.com/a\n")
	})
	return all
}
