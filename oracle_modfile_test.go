package main

import "path/filepath"

// modfileScenarios have GOFLAGS name another file than go.mod, with a go.sum of
// its own beside it.
func modfileScenarios() []scenario {
	const a = "example.com/a v1.0.0"
	wrong := a + " h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" + a + "/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
	main := requiring("example.com/a", "v1.0.0")
	with := func(name, said, flags string, files map[string]string, args ...string) scenario {
		return scenario{
			name: "modfile-" + name, said: said, args: args,
			env: "GOPROXY=$A\nGOSUMDB=off\nGOFLAGS=" + flags,
			set: func(w *world) {
				for file, text := range files {
					w.write(file, text)
				}
			},
		}
	}
	return []scenario{
		with("its-sums", "checksum mismatch", "-modfile=x.mod", map[string]string{"x.mod": main, "x.sum": wrong}),
		with("not-those-of-go.mod", "ok", "-modfile=x.mod", map[string]string{"x.mod": main, "go.sum": wrong}),
		with("absolute", "checksum mismatch", "-modfile=$DIR/x.mod", map[string]string{"x.mod": main, "x.sum": wrong}),
		with("elsewhere", "checksum mismatch", "-modfile="+filepath.Join("sub", "x.mod"), map[string]string{"sub/x.mod": main, "sub/x.sum": wrong}),
		with("its-replace", "(replaced by ./none)", "-modfile=x.mod", map[string]string{
			"x.mod": main + "\nreplace example.com/a => ./none\n",
		}, "mod", "download"),
		with("not-that-of-go.mod", "ok", "-modfile=x.mod", map[string]string{
			"x.mod": main, "go.mod": main + "\nreplace example.com/a => ./none\n",
		}, "mod", "download"),
	}
}
