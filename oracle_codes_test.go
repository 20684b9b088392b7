package main

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/modreach/modreach/internal/fakenet"
)

// codeScenarios have proxy A alone, so that each fault is told by its own code.
func codeScenarios() []scenario {
	on := func(f fakenet.Fault) func(*world) {
		return func(w *world) { w.a.On("*", f) }
	}
	at := func(scheme string, address func(*fakenet.Net) string) func(*world) {
		return func(w *world) { w.env = append(w.env, "GOPROXY="+scheme+"://"+address(w.net)) }
	}
	// named has a proxy with a name of its own behind the HTTP proxy that via
	// changes.
	named := func(via func(*fakenet.HTTPProxy)) func(*world) {
		return func(w *world) {
			p := w.net.HTTPProxy()
			via(p)
			w.env = append(w.env, p.Env()...)
			w.env = append(w.env, "GOPROXY="+w.net.Proxy(fakenet.HTTPS, fakenet.Host("proxy.corp.example")).URL())
		}
	}
	all := []scenario{
		{name: "refused", set: at("http", (*fakenet.Net).Refused)},
		{name: "blackhole", set: at("http", (*fakenet.Net).Blackhole)},
		{name: "unreachable", set: at("http", (*fakenet.Net).Unreachable)},
		{name: "hangup", env: "GOPROXY=$A", set: on(fakenet.Hangup), said: "EOF"},
		{name: "silent", env: "GOPROXY=$A", set: on(fakenet.Hang)},
		{name: "no-such-host", env: "GOPROXY=https://no-such-host.invalid", said: "no such host"},
		{name: "via-down", set: named(func(p *fakenet.HTTPProxy) { p.Down() }), said: "proxyconnect"},
		{name: "via-login", set: named(func(p *fakenet.HTTPProxy) { p.Demand("user", "secret") }), said: "Proxy Authentication Required"},
		{name: "user-over-http", set: func(w *world) {
			w.env = append(w.env, "GOPROXY="+strings.Replace(w.a.URL(), "http://", "http://user:secret@", 1))
		}, said: "refusing to pass credentials"},
		{name: "html", env: "GOPROXY=$A", set: on(fakenet.HTML), said: "invalid character '<'"},
		{name: "zip-is-none", env: "GOPROXY=$A", set: func(w *world) { w.a.On("*.zip", fakenet.NotZip) }, said: "not a valid zip file"},
		{name: "portal", set: func(w *world) {
			w.env = append(w.env, "GOPROXY="+w.net.Captive(fakenet.Portal511, fakenet.HTTP).URL())
		}, said: "511 Network Authentication Required"},
		{name: "cut-off", set: func(w *world) {
			w.env = append(w.env, "GOPROXY=http://"+w.net.Unreachable()+"|http://"+w.net.Blackhole())
		}},
		{name: "intercepted", said: "unknown authority", set: func(w *world) {
			w.env = append(w.env, w.net.HTTPProxy().Env()...)
			var list []string
			for _, name := range []fakenet.Host{"one.corp.example", "two.corp.example"} {
				list = append(list, w.net.Proxy(fakenet.HTTPS, name, fakenet.UnknownCA).URL())
			}
			w.env = append(w.env, "GOPROXY="+strings.Join(list, "|"))
		}},
		{name: "filtered", said: "Forbidden", set: func(w *world) {
			p := w.net.HTTPProxy()
			p.On("*", fakenet.Status(http.StatusForbidden, "not from here"))
			w.env = append(w.env, p.Env()...)
			w.env = append(w.env, "GOPROXY=https://mods.alpha.example|https://mods.beta.example")
		}},
		{name: "filtered-by-page", said: "invalid character '<'", set: func(w *world) {
			w.env = append(w.env, w.net.HTTPProxy().Env()...)
			var list []string
			for _, name := range []fakenet.Host{"mods.alpha.example", "mods.beta.example"} {
				p := w.net.Proxy(fakenet.HTTPS, name)
				p.On("*", fakenet.Status(http.StatusOK, "<!DOCTYPE html><title>Web filter &mdash; blocked</title>", "Content-Type", "text/html"))
				list = append(list, p.URL())
			}
			w.env = append(w.env, "GOPROXY="+strings.Join(list, "|"))
		}},
		{name: "sumdb-silent", env: "GOPROXY=$A", set: func(w *world) {
			db := w.net.SumDB(fakenet.HTTPS, w.a.Modules)
			db.On("*", fakenet.Hang)
			w.env = append(w.env, "GOSUMDB="+db.GOSUMDB())
		}},
		{name: "module-missing", env: "GOPROXY=$A", gomod: requiring("example.com/none", "v1.0.0"), mod: "example.com/none@v1.0.0", said: "404 Not Found"},
		{name: "listed-and-not-served", env: "GOPROXY=$A", set: func(w *world) { w.a.On("*v1.0.0.info", fakenet.Status(http.StatusNotFound, "")) }, said: "404 Not Found"},
		{name: "unknown-to-sumdb-yet", env: "GOPROXY=$A", set: fresh(5 * time.Minute), said: "404 Not Found"},
		{name: "tool-missing", env: "GOPROXY=$A", gomod: requiring("example.com/a", "v1.0.0") + "\ntool example.org/tools/cmd/x\n", said: "ok"},
		direct("dns-failed", hosted, "Temporary failure in name resolution", func(w *world) {
			w.instead("ssh://git@git.corp.example/", "https://github.com/")
			w.env = append(w.env, fakenet.SSH(w.t, "ssh: Could not resolve hostname git.corp.example: Temporary failure in name resolution\r\n")...)
		}),
		direct("ssh-missing", hosted, "cannot run ", func(w *world) {
			w.instead("ssh://git@git.corp.example/", "https://github.com/")
			w.withoutSSH()
		}),
	}
	for name, status := range map[string]int{
		"401": http.StatusUnauthorized, "403": http.StatusForbidden, "429": http.StatusTooManyRequests, "500": http.StatusInternalServerError,
	} {
		all = append(all, scenario{name: name, https: true, env: "GOPROXY=$A", set: on(fakenet.Status(status, "says no")), said: name})
	}
	for name, trait := range map[string]fakenet.Trait{
		"expired": fakenet.Expired, "not-yet-valid": fakenet.NotYetValid, "wrong-name": fakenet.WrongName,
		"unknown-ca": fakenet.UnknownCA, "tls11": fakenet.TLS11, "client-cert": fakenet.ClientCert, "http-on-https": fakenet.Misspoken,
	} {
		all = append(all, scenario{name: name, https: true, env: "GOPROXY=$A", trait: trait})
	}
	for i := range all {
		all[i].name = "alone-" + strings.TrimPrefix(all[i].name, "direct-")
	}
	return all
}

// withoutSSH leaves both commands a PATH with nothing but go and git in it.
func (w *world) withoutSSH() {
	w.t.Helper()
	git, err := exec.LookPath("git")
	if err != nil {
		w.t.Fatal(err)
	}
	w.withoutGit()
	dir := w.t.TempDir()
	if err := os.Symlink(git, filepath.Join(dir, "git")); err != nil {
		w.t.Fatal(err)
	}
	for i, v := range w.env {
		if strings.HasPrefix(v, "PATH=") {
			w.env[i] = v + string(filepath.ListSeparator) + dir
		}
	}
	w.env = slices.DeleteFunc(w.env, func(v string) bool { return strings.HasPrefix(v, "GIT_SSH_COMMAND=") })
}
