package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/modreach/modreach/internal/fakenet"
)

// fakeToolchain is what the fake proxies serve as golang.org/toolchain: a go
// command that is content with everything.
const fakeToolchain = "#!/bin/sh\nexit 0\n"

func toolchainMod(name string) (path, version string) {
	return "golang.org/toolchain", fmt.Sprintf("v0.0.1-%s.%s-%s", name, runtime.GOOS, runtime.GOARCH)
}

func addToolchain(p *fakenet.Proxy, names ...string) {
	for _, name := range names {
		path, version := toolchainMod(name)
		p.AddFiles(path, version, map[string]string{
			"bin/go": fakeToolchain, "bin/gofmt": fakeToolchain, "pkg/tool/x": "", "lib/x": "",
		})
	}
}

// toolchainScenarios have the go command become another version, or fail to.
func toolchainScenarios() []scenario {
	// with gives proxy A some toolchains, and a checksum database that knows
	// them.
	with := func(edit func(w *world, db *fakenet.SumDB), names ...string) func(*world) {
		return func(w *world) {
			addToolchain(w.a, names...)
			db := w.net.SumDB(fakenet.HTTPS, w.a.Modules, w.b.Modules)
			w.env = append(w.env, "GOSUMDB="+db.GOSUMDB(), "GONOSUMDB=example.com")
			if edit != nil {
				edit(w, db)
			}
		}
	}
	has := with(nil, "go1.99.0")
	lacks := with(nil)
	file := func(lines string) string {
		return "module example.org/main\n\n" + lines + "\nrequire example.com/a v1.0.0\n"
	}
	newer := file("go 1.99.0\n")
	const proxy, auto = "GOPROXY=$A", "\nGOTOOLCHAIN=auto"
	all := []scenario{
		{name: "has", env: proxy + auto, gomod: newer, set: has},
		{name: "lacks", env: proxy + auto, gomod: newer, set: lacks},
		{name: "new-enough", env: proxy + auto, gomod: file("go 1.21\n"), set: lacks},
		{name: "language-version", env: proxy + auto, gomod: file("go 1.99\n"), set: has},
		{name: "language-version-lacks", env: proxy + auto, gomod: file("go 1.99\n"), set: lacks},
		{name: "candidate", env: proxy + auto, gomod: file("go 1.99rc1\n"), set: with(nil, "go1.99rc1")},
		{name: "candidate-lacks", env: proxy + auto, gomod: file("go 1.99rc1\n"), set: has},
		{name: "toolchain-line", env: proxy + auto, gomod: file("go 1.21\n\ntoolchain go1.99.0\n"), set: has},
		{name: "toolchain-line-lacks", env: proxy + auto, gomod: file("go 1.21\n\ntoolchain go1.99.0\n"), set: lacks},
		{name: "toolchain-line-language-version", env: proxy + auto, gomod: file("go 1.21\n\ntoolchain go1.99\n"), set: has},
		{name: "toolchain-line-suffix", env: proxy + auto, gomod: file("go 1.21\n\ntoolchain go1.99.0-corp\n"), set: with(nil, "go1.99.0-corp")},
		{name: "toolchain-line-suffix-lacks", env: proxy + auto, gomod: file("go 1.21\n\ntoolchain go1.99.0-corp\n"), set: has},
		{name: "toolchain-line-older", env: proxy + auto, gomod: file("go 1.99.0\n\ntoolchain go1.98.0\n"), set: has},
		{name: "toolchain-default", env: proxy + auto, gomod: file("go 1.21\n\ntoolchain default\n"), set: lacks},
		{name: "toolchain-default-go-newer", env: proxy + auto, gomod: file("go 1.99.0\n\ntoolchain default\n"), set: has},
		{name: "toolchain-line-invalid", env: proxy + auto, gomod: file("go 1.21\n\ntoolchain go1.x\n"), set: has},
		{name: "local", env: proxy + "\nGOTOOLCHAIN=local", gomod: newer, set: has},
		{name: "local-ignores-toolchain-line", env: proxy + "\nGOTOOLCHAIN=local", gomod: file("go 1.21\n\ntoolchain go1.99.0\n"), set: lacks},
		{name: "local-auto", env: proxy + "\nGOTOOLCHAIN=local+auto", gomod: newer, set: has},
		{name: "local-path", env: proxy + "\nGOTOOLCHAIN=local+path", gomod: newer, set: has},
		{name: "path", env: proxy + "\nGOTOOLCHAIN=path", gomod: newer, set: has},
		{name: "path-not-needed", env: proxy + "\nGOTOOLCHAIN=path", gomod: file("go 1.21\n"), set: has},
		{name: "named", env: proxy + "\nGOTOOLCHAIN=go1.99.0", gomod: file("go 1.21\n"), set: has},
		{name: "named-lacks", env: proxy + "\nGOTOOLCHAIN=go1.99.0", gomod: file("go 1.21\n"), set: lacks},
		{name: "named-language-version", env: proxy + "\nGOTOOLCHAIN=go1.99", gomod: file("go 1.21\n"), set: has},
		{name: "named-installed", env: proxy + "\nGOTOOLCHAIN=" + runtime.Version(), gomod: file("go 1.21\n"), set: lacks},
		{name: "named-installed-suffix", env: proxy + "\nGOTOOLCHAIN=" + runtime.Version() + "-corp", gomod: file("go 1.21\n"), set: lacks},
		{name: "named-older", env: proxy + "\nGOTOOLCHAIN=go1.20.1", gomod: file("go 1.99.0\n"), set: with(nil, "go1.20.1")},
		{name: "named-older-lacks", env: proxy + "\nGOTOOLCHAIN=go1.22.1", gomod: file("go 1.21\n"), set: lacks},
		{name: "named-auto-raised", env: proxy + "\nGOTOOLCHAIN=go1.98.0+auto", gomod: newer, set: has},
		{name: "named-auto-not-raised", env: proxy + "\nGOTOOLCHAIN=go1.99.0+auto", gomod: file("go 1.98\n"), set: has},
		{name: "named-path", env: proxy + "\nGOTOOLCHAIN=go1.99.0+path", gomod: file("go 1.21\n"), set: has},
		{name: "named-go2", env: proxy + "\nGOTOOLCHAIN=go2.0", gomod: file("go 1.21\n"), set: has},
		{name: "named-nonsense-auto", env: proxy + "\nGOTOOLCHAIN=nonsense+auto", gomod: newer, set: has},
		{name: "named-nonsense-mode", env: proxy + "\nGOTOOLCHAIN=go1.99.0+nonsense", gomod: newer, set: has},

		{name: "second-comma", env: "GOPROXY=$B,$A" + auto, gomod: newer, set: has},
		{name: "500-comma", env: "GOPROXY=$B,$A" + auto, gomod: newer, set: with(func(w *world, _ *fakenet.SumDB) { w.b.On("golang.org/*", fakenet.Status(500, "broken")) }, "go1.99.0")},
		{name: "500-bar", env: "GOPROXY=$B|$A" + auto, gomod: newer, set: with(func(w *world, _ *fakenet.SumDB) { w.b.On("golang.org/*", fakenet.Status(500, "broken")) }, "go1.99.0")},
		{name: "403", env: proxy + auto, gomod: newer, set: with(func(w *world, _ *fakenet.SumDB) { w.a.On("golang.org/*", fakenet.Status(403, "no toolchains here")) }, "go1.99.0")},
		{name: "hangup", env: proxy + auto, gomod: newer, set: with(func(w *world, _ *fakenet.SumDB) { w.a.On("golang.org/*", fakenet.Hangup) }, "go1.99.0")},
		{name: "no-zip", env: proxy + auto, gomod: newer, set: with(func(w *world, _ *fakenet.SumDB) { w.a.On("golang.org/*", fakenet.NotZip) }, "go1.99.0")},
		{name: "no-info-and-no-mod", env: proxy + auto, gomod: newer, set: with(func(w *world, _ *fakenet.SumDB) {
			w.a.On("golang.org/*.info", fakenet.Status(404, ""))
			w.a.On("golang.org/*.mod", fakenet.Status(500, ""))
		}, "go1.99.0")},
		{name: "proxy-off", env: "GOPROXY=off" + auto, gomod: newer, set: has},
		{name: "refused", env: "GOPROXY=http://127.0.0.1:1" + auto, gomod: newer, set: has},
		{name: "module-missing-too", env: proxy + auto, gomod: "module example.org/main\n\ngo 1.99.0\n\nrequire example.com/none v1.0.0\n", mod: "example.com/none@v1.0.0", set: lacks},

		{name: "sumdb-off", env: proxy + auto + "\nGOSUMDB=off", gomod: newer, set: has},
		{name: "sumdb-not-for-any", env: proxy + auto + "\nGONOSUMDB=*", gomod: newer, set: with(func(_ *world, db *fakenet.SumDB) { db.On("*lookup/golang.org*", fakenet.Status(500, "broken")) }, "go1.99.0")},
		{name: "sumdb-404", env: proxy + auto, gomod: newer, set: with(func(_ *world, db *fakenet.SumDB) { db.On("*lookup/golang.org*", fakenet.Status(404, "not found")) }, "go1.99.0")},
		{name: "sumdb-500", env: proxy + auto, gomod: newer, set: with(func(_ *world, db *fakenet.SumDB) { db.On("*", fakenet.Status(500, "broken")) }, "go1.99.0")},
		{name: "sumdb-malformed", env: proxy + auto + "\nGOSUMDB=nonsense", gomod: newer, set: has},
		{name: "tree-alone-needs-no-sumdb", env: "GOPROXY=file://$DIR/tree" + auto + "\nGOSUMDB=off", gomod: newer, set: func(w *world) {
			addToolchain(w.a, "go1.99.0")
			w.a.WriteTree(filepath.Join(w.dir, "tree"))
		}},
		{name: "tree-in-list-needs-sumdb", env: "GOPROXY=file://$DIR/tree,off" + auto + "\nGOSUMDB=off", gomod: newer, set: func(w *world) {
			addToolchain(w.a, "go1.99.0")
			w.a.WriteTree(filepath.Join(w.dir, "tree"))
		}},

		{name: "work", env: proxy + auto, gomod: file("go 1.21\n"), set: with(func(w *world, _ *fakenet.SumDB) { w.write("go.work", "go 1.99.0\n\nuse .\n") }, "go1.99.0")},
		{name: "work-lacks", env: proxy + auto, gomod: file("go 1.21\n"), set: with(func(w *world, _ *fakenet.SumDB) { w.write("go.work", "go 1.99.0\n\nuse .\n") })},
		{name: "work-local", env: proxy, gomod: file("go 1.21\n"), set: with(func(w *world, _ *fakenet.SumDB) { w.write("go.work", "go 1.99.0\n\nuse .\n") })},
	}
	for mode, set := range map[string]func(*world){
		"extracted": func(*world) {},
		"no-zip":    func(w *world) { w.forget(runtime.GOARCH + ".zip") },
		"no-hash":   func(w *world) { w.forget(runtime.GOARCH + ".ziphash") },
	} {
		for name, env := range map[string]string{"": "", "-sumdb-off": "\nGOSUMDB=off"} {
			all = append(all, scenario{name: "cached-" + mode + name, env: "GOPROXY=off" + auto + env, gomod: newer, set: with(func(w *world, db *fakenet.SumDB) {
				w.warm("example.com/a@v1.0.0")
				addToolchain(w.b, "go1.99.0")
				path, version := toolchainMod("go1.99.0")
				w.warm(path+"@"+version, "GOSUMDB="+db.GOSUMDB())
				set(w)
			})})
		}
	}
	for mode, found := range map[string]os.FileMode{"path": 0o755, "auto": 0o755, "not-executable": 0o644} {
		setting := strings.Replace(mode, "not-executable", "path", 1)
		all = append(all, scenario{name: "in-path-" + mode, env: proxy + "\nGOTOOLCHAIN=" + setting, gomod: newer, set: with(func(w *world, _ *fakenet.SumDB) {
			w.write("tools/go1.99.0", fakeToolchain)
			dir := filepath.Join(w.dir, "tools")
			if err := os.Chmod(filepath.Join(dir, "go1.99.0"), found); err != nil {
				w.t.Fatal(err)
			}
			w.env = append(w.env, "PATH="+dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
		})})
	}
	for i := range all {
		all[i].name = "toolchain-" + all[i].name
	}
	return all
}
