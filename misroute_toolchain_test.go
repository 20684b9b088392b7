package main

import "github.com/modreach/modreach/internal/fakenet"

// toolchainMisroutings keep the go command from the toolchain that go.mod asks
// for, which proxy A has. They are told of on its go line.
func toolchainMisroutings() []misrouting {
	add := func(name, fix string, set func(*world)) misrouting {
		return misrouting{
			scenario: scenario{
				name: "toolchain-" + name, gomod: "module example.org/main\n\ngo 1.99.0\n\nrequire example.com/a v1.0.0\n",
				set: func(w *world) {
					addToolchain(w.a, "go1.99.0")
					db := w.net.SumDB(fakenet.HTTPS, w.a.Modules)
					w.env = append(w.env, "GOTOOLCHAIN=", "GONOSUMDB=example.com", "GOSUMDB="+db.GOSUMDB(), "GOPROXY="+w.a.URL())
					set(w)
				},
			},
			code: "toolchain-unavailable", line: 3, fix: fix,
		}
	}
	const fix = "Let go fetch go1.99.0 with GOTOOLCHAIN=auto"
	return []misrouting{
		add("local-by-user", fix, func(w *world) { w.user = append(w.user, "GOTOOLCHAIN=local") }),
		add("path-by-user", fix, func(w *world) { w.user = append(w.user, "GOTOOLCHAIN=path") }),
		add("local-by-process", fix, func(w *world) { w.env = append(w.env, "GOTOOLCHAIN=local") }),
	}
}
