package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/modreach/modreach/internal/fakenet"
)

// authScenarios put proxy A behind a login, which GOPROXY, netrc or a source in
// GOAUTH may know.
func authScenarios() []scenario {
	all := netrcScenarios()
	all = append(all, addressScenarios()...)
	all = append(all, badAuthScenarios()...)
	all = append(all, commandScenarios()...)
	all = append(all, gitLoginScenarios()...)
	all = append(all, pageLoginScenarios()...)
	for i := range all {
		all[i].name = "auth-" + all[i].name
	}
	return all
}

// rightLogin is what a locked proxy wants to see, wrongLogin what it does not.
const (
	rightLogin = "Basic dXNlcjpzZWNyZXQ=" // user:secret
	wrongLogin = "Basic dXNlcjp3cm9uZw==" // user:wrong
)

// lock has a proxy answer with a status whoever does not show the right value
// of a header field.
func lock(p *fakenet.Proxy, status int, field, value string) {
	p.On("*", func(rw http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Header.Get(field) != value {
			fakenet.Status(status, "log in first")(rw, r, next)
			return
		}
		next.ServeHTTP(rw, r)
	})
}

// locked locks proxy A, and then does more.
func locked(status int, more ...func(*world)) func(*world) {
	return func(w *world) {
		lock(w.a, status, "Authorization", rightLogin)
		for _, f := range more {
			f(w)
		}
	}
}

// hosts puts the host of proxy A into a text for $HOST, without port for $BARE.
func (w *world) hosts(text string) string {
	host := w.a.Host()
	bare, _, _ := strings.Cut(host, ":")
	return strings.NewReplacer("$HOST", host, "$BARE", bare).Replace(text)
}

// atHome writes a file into the home directory and gives its name.
func (w *world) atHome(name, text string, mode os.FileMode) string {
	w.t.Helper()
	name = filepath.Join(w.home, name)
	if err := os.WriteFile(name, []byte(w.hosts(text)), mode); err != nil {
		w.t.Fatal(err)
	}
	return name
}

// netrc writes that file.
func netrc(text string) func(*world) {
	return func(w *world) { w.atHome(".netrc", text, 0o600) }
}

// goauth sets that variable to the values given, joined by semicolons. One that
// begins with a line break is the text of a shell script, which is written to
// disk and named instead; the value may go on with its arguments after a NUL.
func goauth(entries ...string) func(*world) {
	return func(w *world) {
		values := make([]string, len(entries))
		for i, entry := range entries {
			values[i] = w.hosts(entry)
			if script, ok := strings.CutPrefix(entry, "\n"); ok {
				script, args, _ := strings.Cut(script, "\x00")
				name := "helper" + string(rune('a'+i))
				values[i] = w.atHome(name, "#!/bin/sh\n"+script+"\n", 0o700) + args
			}
		}
		w.env = append(w.env, "GOAUTH="+strings.Join(values, ";"))
	}
}

// grants is a script that gives a header for a URL.
func grants(url, header string) string {
	return "\nprintf '%s\\n\\n%s\\n\\n' '" + url + "' '" + header + "'"
}

func netrcScenarios() []scenario {
	https := func(name, text string) scenario {
		return scenario{name: "netrc-" + name, https: true, env: "GOPROXY=$A", set: locked(401, netrc(text))}
	}
	const right = " login user password secret\n"
	all := []scenario{
		https("right", "machine $HOST"+right),
		https("without-port", "machine $BARE"+right),
		https("with-path", "machine $HOST/example.com"+right),
		https("with-scheme", "machine https://$HOST"+right),
		https("with-slash", "machine $HOST/"+right),
		https("longest-counts", "machine $HOST login user password wrong\nmachine $HOST/example.com"+right),
		https("half-an-element", "machine $HOST/exam"+right),
		https("first-counts", "machine $HOST login user password wrong\nmachine $HOST"+right),
		https("default", "default login user password secret\n"),
		https("after-default", "default login v password w\nmachine $HOST"+right),
		https("after-default-line", "default\nlogin v password w\nmachine $HOST"+right),
		https("other-order", "machine $HOST password secret login user\n"),
		https("after-macro", "macdef init\nmachine x login y password z\n\nmachine $HOST"+right),
		https("in-macro", "macdef init\nmachine $HOST"+right),
	}
	unreadable := https("unreadable", "")
	unreadable.env += "\nNETRC=$DIR"
	elsewhere := https("elsewhere", "machine $HOST"+right)
	elsewhere.env += "\nNETRC=$DIR/none"
	off := https("off", "machine $HOST"+right)
	off.env += "\nGOAUTH=off"
	return append(all, unreadable, elsewhere, off,
		scenario{name: "none", https: true, env: "GOPROXY=$A,$B", set: locked(401)},
		scenario{name: "none-bar", https: true, env: "GOPROXY=$A|$B", set: locked(401)},
		scenario{name: "none-hidden-as-404", https: true, env: "GOPROXY=$A", set: locked(404)},
		scenario{name: "netrc-404", https: true, env: "GOPROXY=$A", set: locked(404, netrc("machine $HOST"+right))},
		scenario{name: "netrc-wrong", https: true, env: "GOPROXY=$A", set: locked(403, netrc("machine $HOST login user password wrong\n"))},
		scenario{name: "netrc-not-over-http", env: "GOPROXY=$A", set: locked(401, netrc("machine $HOST"+right))},
	)
}

// addressScenarios have a login in the address of the proxy, and redirects.
func addressScenarios() []scenario {
	as := func(user string) func(*world) {
		return func(w *world) {
			w.env = append(w.env, "GOPROXY="+strings.Replace(w.a.URL(), "://", "://"+user+"@", 1))
		}
	}
	// elsewhere has proxy A redirect to one that it locks. Only a name tells
	// hosts apart when a redirect is followed, a port does not.
	elsewhere := func(field, value string, options ...fakenet.Option) func(*world) {
		return func(w *world) {
			other := w.net.Proxy(fakenet.HTTPS, options...)
			other.Add("example.com/a", "v1.0.0", "")
			lock(other, 401, field, value)
			w.a.On("*", fakenet.RedirectTo(other.URL()))
		}
	}
	all := []scenario{
		{name: "address-right", set: locked(401, as("user:secret"))},
		{name: "address-wrong", set: locked(403, as("user:wrong"), netrc("machine $HOST login user password secret\n"))},
		{name: "address-name-alone", set: locked(401, as("secret:"))},
		{name: "address-goauth-off", env: "GOAUTH=off", set: locked(401, as("user:secret"))},
		{name: "address-in-netrc", set: locked(401, as("user:wrong"), netrc("machine user:wrong@$HOST login user password secret\n"))},
		{name: "redirect-netrc-other-host", env: "GOPROXY=$A", set: func(w *world) {
			netrc("machine $HOST login user password secret\n")(w)
			elsewhere("Authorization", rightLogin, fakenet.Host("localhost"))(w)
		}},
		{name: "redirect-netrc-other-port", env: "GOPROXY=$A", set: func(w *world) {
			netrc("machine $HOST login user password secret\n")(w)
			elsewhere("Authorization", rightLogin)(w)
		}},
		{name: "redirect-field-other-host", env: "GOPROXY=$A", set: func(w *world) {
			goauth(grants("https://$HOST", "X-Token: secret"))(w)
			elsewhere("X-Token", "secret", fakenet.Host("localhost"))(w)
		}},
	}
	for i := range all {
		all[i].https = true
	}
	return all
}

// badAuthScenarios have a GOAUTH that ends the go command at its first https
// request.
func badAuthScenarios() []scenario {
	var all []scenario
	for name, entries := range map[string][]string{
		"off-first": {"off", "netrc"}, "off-last": {"netrc", "off"}, "off-twice": {"off", "off"},
		"empty-last": {"netrc", ""}, "empty-first": {"", "netrc"}, "blank": {"  "}, "off-then-empty": {"off", ""},
		"git": {"git"}, "git-two": {"git /tmp /tmp"}, "git-relative": {"git ./here"},
		"git-missing": {"git /no/such/directory"}, "git-file": {"git /dev/null"},
		"two-faults": {"git", "netrc", "git relative", "netrc"},
	} {
		all = append(all, scenario{name: "bad-" + name, https: true, env: "GOPROXY=$A", set: goauth(entries...)})
	}
	return append(all,
		scenario{name: "bad-bar", https: true, env: "GOPROXY=$A|$B", set: goauth("netrc", "")},
		scenario{name: "bad-over-http", env: "GOPROXY=$A", set: goauth("netrc", "")},
		scenario{name: "bad-cached", https: true, env: "GOPROXY=off", set: func(w *world) {
			w.warm("example.com/a@v1.0.0")
			goauth("netrc", "")(w)
		}},
		scenario{name: "bad-sumdb", env: "GOPROXY=$A|$B", set: func(w *world) {
			goauth("netrc", "")(w)
			w.env = append(w.env, "GOSUMDB="+w.net.SumDB(fakenet.HTTPS, w.a.Modules).GOSUMDB())
		}},
		scenario{name: "off-with-words", https: true, env: "GOPROXY=$A", set: locked(401, netrc("machine $HOST login user password secret\n"), goauth("off now"))},
		scenario{name: "netrc-with-words", https: true, env: "GOPROXY=$A", set: locked(401, netrc("machine $HOST login user password secret\n"), goauth("netrc now"))},
	)
}

func commandScenarios() []scenario {
	const (
		right   = "Authorization: " + rightLogin
		wrong   = "Authorization: " + wrongLogin
		onceAt  = "\ntest -n \"$1\" || exit 0"
		entries = "machine $HOST login user password secret\n"
	)
	gives := grants("https://$HOST", right)
	rightNetrc, wrongNetrc := netrc(entries), netrc(strings.Replace(entries, "secret", "wrong", 1))
	var all []scenario
	for name, set := range map[string]func(*world){
		"at-once":         locked(401, goauth(gives)),
		"when-refused":    locked(401, goauth(onceAt+gives)),
		"hidden-as-404":   locked(404, goauth(onceAt+gives)),
		"refused-by-500":  locked(500, goauth(onceAt+gives)),
		"not-there":       locked(401, goauth("/no/such/command")),
		"not-there-first": locked(401, rightNetrc, goauth("/no/such/command", "netrc")),
		"fails":           locked(401, goauth(gives+"\nexit 1")),
		"prints-nothing":  locked(401, goauth("\nexit 0")),
		"breaks-off":      locked(401, goauth("\nprintf 'https://%s\\n\\n"+right+"\\n' '$HOST'")),
		"no-header":       locked(401, goauth("\nprintf 'https://%s\\n\\nnonsense\\n\\n' '$HOST'")),
		"no-url":          locked(401, goauth("\nprintf 'nonsense\\n\\n"+right+"\\n\\n'")),
		"crlf":            locked(401, goauth("\nprintf 'https://%s\\r\\n\\r\\n"+right+"\\r\\n\\r\\n' '$HOST'")),
		"other-host":      locked(401, goauth(grants("https://other.test", right))),
		"insecure-url":    locked(401, goauth(grants("http://$HOST", right))),
		"deeper":          locked(401, goauth(grants("https://$HOST/example.com/a/", right))),
		"too-deep":        locked(401, goauth(grants("https://$HOST/example.com/a/b", right))),
		"two-urls":        locked(401, goauth("\nprintf 'https://other.test\\nhttps://%s\\n\\n"+right+"\\n\\n' '$HOST'")),
		"two-blocks":      locked(401, goauth(grants("https://$HOST", wrong)+gives)),
		"reads-status":    locked(401, goauth(onceAt+"\ngrep -q '^HTTP/[0-9.]* 401 ' || exit 0"+gives)),
		"reads-header":    locked(401, goauth(onceAt+"\ngrep -q '^Content-Type: text/plain' || exit 0"+gives)),
		"reads-url":       locked(401, goauth(onceAt+"\ncase \"$1\" in https://$HOST/example.com/a/@v/*) ;; *) exit 0 ;; esac"+gives)),
		"quoted":          locked(401, goauth("\ntest \"$1\" = 'two words' || exit 0"+gives+"\x00 'two words'")),
		"quote-open":      locked(401, goauth(gives+"\x00 'two words")),
		"first-counts":    locked(401, goauth(gives, grants("https://$HOST", wrong))),
		"first-is-wrong":  locked(401, goauth(grants("https://$HOST", wrong), gives)),
		"after-netrc":     locked(401, wrongNetrc, goauth("netrc", gives)),
		"before-netrc":    locked(401, wrongNetrc, goauth(gives, "netrc")),
		"takes-back":      locked(401, rightNetrc, goauth(grants("https://$HOST", wrong)+"\ntest -z \"$1\" || printf 'https://%s\\n\\n\\n' '$HOST'", "netrc")),
		"wins-address": func(w *world) {
			locked(401, goauth(grants(strings.Replace(w.a.URL(), "://", "://user:wrong@", 1), right)))(w)
			w.env = append(w.env, "GOPROXY="+strings.Replace(w.a.URL(), "://", "://user:wrong@", 1))
		},
		"field": func(w *world) {
			lock(w.a, 401, "X-Token", "secret")
			goauth(grants("https://$HOST", "x-token: secret"))(w)
		},
		"field-and-address": func(w *world) {
			lock(w.a, 401, "Authorization", rightLogin)
			address := strings.Replace(w.a.URL(), "://", "://user:secret@", 1)
			goauth(grants(address, "X-Token: secret"))(w)
			w.env = append(w.env, "GOPROXY="+address)
		},
	} {
		s := scenario{name: "command-" + name, https: true, env: "GOPROXY=$A", set: set}
		if strings.HasSuffix(name, "address") {
			s.env = ""
		}
		all = append(all, s)
	}
	return append(all,
		scenario{name: "command-over-http", env: "GOPROXY=$A", set: locked(401, goauth(gives))},
		scenario{name: "command-wrong-then-next", https: true, env: "GOPROXY=$A,$B", set: locked(404, goauth(grants("https://$HOST", wrong)))},
		scenario{name: "command-wrong-no-next", https: true, env: "GOPROXY=$A,$B", set: locked(401, goauth(grants("https://$HOST", wrong)))},
	)
}

// gitHelper gives git a credential helper of its own: a shell script that is
// asked for a login. more is further text of the section.
func gitHelper(script, more string) func(*world) {
	return func(w *world) {
		w.atHome(".gitconfig", "[credential]\n\thelper = \"!f() { test \\\"$1\\\" = get || exit 0; "+script+"; }; f\"\n"+more, 0o600)
	}
}

// gitLoginScenarios ask git for credentials, which has a helper of its own.
func gitLoginScenarios() []scenario {
	const right, wrong = "echo username=user; echo password=secret", "echo username=user; echo password=wrong"
	in := func(w *world) { goauth("git " + w.dir)(w) }
	var all []scenario
	for name, set := range map[string]func(*world){
		"right":         locked(401, gitHelper(right, ""), in),
		"hidden-as-404": locked(404, gitHelper(right, ""), in),
		"wrong":         locked(403, gitHelper(wrong, ""), in),
		"fails":         locked(401, gitHelper("exit 1", ""), in),
		"other-host":    locked(401, gitHelper("echo host=other.test; "+right, ""), in),
		"with-path":     locked(401, gitHelper("echo path=example.com; "+right, ""), in),
		"other-path":    locked(401, gitHelper("echo path=other; "+right, ""), in),
		"uses-path":     locked(401, gitHelper(right, "\tuseHttpPath = true\n"), in),
		"no-helper":     locked(401, in),
		"before-netrc":  locked(401, gitHelper(right, ""), netrc("machine $HOST login user password wrong\n"), func(w *world) { goauth("git "+w.dir, "netrc")(w) }),
		"after-netrc":   locked(401, gitHelper(right, ""), netrc("machine $HOST login user password wrong\n"), func(w *world) { goauth("netrc", "git "+w.dir)(w) }),
		"and-address": func(w *world) {
			locked(401, gitHelper(right, ""), in)(w)
			w.env = append(w.env, "GOPROXY="+strings.Replace(w.a.URL(), "://", "://user:wrong@", 1))
		},
	} {
		s := scenario{name: "git-" + name, https: true, env: "GOPROXY=$A", set: set}
		if strings.HasSuffix(name, "address") {
			s.env = ""
		}
		all = append(all, s)
	}
	return all
}

// pageLoginScenarios lock the page that a module path leads to, and leave its
// repository open.
func pageLoginScenarios() []scenario {
	page := func(name string, status int, set func(*world), env ...string) scenario {
		return direct(name, paged, "", func(w *world) {
			f := w.corp()
			f.Page("go.corp.example/x", corp)
			f.On("x", func(rw http.ResponseWriter, r *http.Request, next http.Handler) {
				if r.Header.Get("Authorization") != rightLogin {
					fakenet.Status(status, "log in first")(rw, r, next)
					return
				}
				next.ServeHTTP(rw, r)
			})
			set(w)
		}, env...)
	}
	gives := grants("https://go.corp.example", "Authorization: "+rightLogin)
	return []scenario{
		page("command", 401, goauth(gives)),
		page("command-hidden-as-404", 404, goauth("\ntest -n \"$1\" || exit 0"+gives)),
		page("command-reads-url", 401, goauth("\ntest \"$1\" = 'https://go.corp.example/x?go-get=1' || exit 0"+gives)),
		page("command-deeper", 401, goauth(grants("https://go.corp.example/x", "Authorization: "+rightLogin))),
		page("command-fails", 401, goauth("\nexit 1")),
		page("command-insecure", 401, goauth(gives), "GOINSECURE=go.corp.example"),
		page("git", 401, func(w *world) {
			gitHelper("echo username=user; echo password=secret", "")(w)
			goauth("git " + w.dir)(w)
		}),
		page("bad", 401, goauth("netrc", "")),
		page("bad-insecure", 401, goauth("netrc", ""), "GOINSECURE=go.corp.example"),
		page("bad-after-proxy", 401, goauth("netrc", ""), "GOPROXY=$A|direct"),
		page("bad-never-asked", 401, goauth("netrc", ""), "GOPROXY=$A", "GOPRIVATE=other.example"),
	}
}
