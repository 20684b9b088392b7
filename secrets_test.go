package main

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/modreach/modreach/internal/fakenet"
)

// token is the secret of every scene: nothing else looks like it. In a header
// of basic authentication it may begin at any of three places of a group.
const token = "tok-9f8e7d6c5b4a"

// giveaway finds what gives the token away: itself, and what base64 makes of it
// after names of one, two or three letters more.
var giveaway = regexp.MustCompile(strings.Join([]string{
	regexp.QuoteMeta(token),
	middle(""), middle("x"), middle("xx"),
}, "|"))

// middle gives the part of the base64 text that the token alone decides.
func middle(before string) string {
	text := base64.StdEncoding.EncodeToString([]byte(before + token + "xxx"))
	return regexp.QuoteMeta(text[4 : len(text)-8])
}

// echo answers with all that it was shown to tell who asks, in every form that
// a careless or a curious host may print.
func echo(code int) fakenet.Fault {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		_, password, _ := r.BasicAuth()
		body := fmt.Sprintf("denied: %s, %s, %s, %s\n", r.Header.Get("Authorization"), password, r.Header.Get("X-Token"), r.URL.RawQuery)
		fakenet.Status(code, body)(w, r, nil)
	}
}

// challenge is echo for who shows anything, and 401 for the others.
func challenge(code int) fakenet.Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Header.Get("Authorization") == "" {
			fakenet.Login("me", token)(w, r, next)
			return
		}
		echo(code)(w, r, next)
	}
}

// echoInfo answers with a .info file of what it was shown.
func echoInfo(w http.ResponseWriter, r *http.Request, _ http.Handler) {
	_, password, _ := r.BasicAuth()
	fakenet.Status(http.StatusOK, `{"Version": "`+password+r.Header.Get("X-Token")+`"}`, "Content-Type", "application/json")(w, r, nil)
}

// echoMod answers with a go.mod file of what it was shown.
func echoMod(w http.ResponseWriter, r *http.Request, _ http.Handler) {
	_, password, _ := r.BasicAuth()
	fakenet.Status(http.StatusOK, "module example.com/"+password+r.Header.Get("X-Token")+"\n")(w, r, nil)
}

// echoRedirect redirects to an address that holds what it was shown.
func echoRedirect(base string) fakenet.Fault {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		_, password, _ := r.BasicAuth()
		http.Redirect(w, r, base+"/"+password+r.Header.Get("X-Token")+"/x", http.StatusFound)
	}
}

// echoLine answers with a status line of what it was shown.
func echoLine(w http.ResponseWriter, r *http.Request, _ http.Handler) {
	_, password, _ := r.BasicAuth()
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "HTTP/1.1 403 Not for %s%s\r\nContent-Length: 0\r\n\r\n", password, r.Header.Get("X-Token"))
}

// planted are the places where a user may have put the token.
func planted() map[string]func(*world) {
	asUser := func(user string) func(*world) {
		return func(w *world) { w.set("GOPROXY", strings.Replace(w.a.URL(), "://", "://"+user+"@", 1)) }
	}
	set := func(name, value string) func(*world) {
		return func(w *world) { w.set(name, value) }
	}
	basic := base64.StdEncoding.EncodeToString([]byte("me:" + token))
	return map[string]func(*world){
		"address":          asUser("me:" + token),
		"address-alone":    asUser(token),
		"address-query":    func(w *world) { w.set("GOPROXY", w.a.URL()+"?token="+token) },
		"address-broken":   set("GOPROXY", "https://me:"+token+"@host:port"),
		"address-insecure": set("GOPROXY", "http://me:"+token+"@127.0.0.1:1"),
		"netrc":            netrc("machine $HOST login me password " + token + "\n"),
		"goauth-basic":     goauth(grants("https://$HOST", "Authorization: Basic "+basic)),
		"goauth-bearer":    goauth(grants("https://$HOST", "Authorization: Bearer "+token)),
		"goauth-field":     goauth(grants("https://$HOST", "X-Token: "+token)),
		"goauth-argument":  goauth(grants("https://$HOST", "X-Token: "+token) + "\x00\t--token=" + token),
		"goauth-failing":   goauth("\necho " + token + "; echo " + token + " >&2; exit 1"),
		"goauth-malformed": goauth("\nexit 0\x00 "+token, ""),
		"goauth-not-there": goauth("no-such-command " + token),
		"git-credential": func(w *world) {
			gitHelper("echo username=me; echo password="+token, "")(w)
			goauth("git " + w.dir)(w)
		},
		"git-config-value": func(w *world) {
			w.set("GIT_CONFIG_COUNT", "1")
			w.set("GIT_CONFIG_KEY_0", "http.extraHeader")
			w.set("GIT_CONFIG_VALUE_0", "Authorization: Bearer "+token)
		},
		"sumdb-address": func(w *world) {
			db := w.net.SumDB(fakenet.HTTPS, w.a.Modules)
			db.On("*", echo(403))
			w.set("GOSUMDB", strings.Replace(db.GOSUMDB(), "://", "://me:"+token+"@", 1))
		},
		"http-proxy": func(w *world) {
			p := w.net.HTTPProxy()
			p.On("*", echoLine)
			w.set("HTTPS_PROXY", strings.Replace(p.URL(), "://", "://me:"+token+"@", 1))
			w.set("GOPROXY", "https://proxy.example")
		},
		"http-proxy-broken": func(w *world) {
			w.set("HTTPS_PROXY", "me:"+token+"@[::1")
			w.set("GOPROXY", "https://proxy.example")
		},
	}
}

// set sets a variable.
func (w *world) set(name, value string) { w.env = append(w.env, name+"="+value) }

// gitPlanted are places where only git looks, for the repository of hosted.
func gitPlanted() map[string]func(*world) {
	config := func(text string) func(*world) {
		return func(w *world) { w.atHome(".gitconfig", text, 0o600) }
	}
	return map[string]func(*world){
		"git-instead-of":   config("[url \"https://me:" + token + "@github.com/\"]\n\tinsteadOf = https://github.com/\n"),
		"git-extra-header": config("[http]\n\textraHeader = Authorization: Bearer " + token + "\n"),
		"git-helper":       gitHelper("echo username=me; echo password="+token, ""),
		"git-netrc":        netrc("machine github.com login me password " + token + "\n"),
	}
}

// faces are the ways in which the program can tell what it found, MODULE is
// what it is asked about. The first two tell the most.
var faces = [][]string{
	{"trace", "MODULE"},
	{"check", "-format", "json"},
	{"check"},
	{"check", "-v"},
	{"check", "-format", "sarif"},
	{"check", "-format", "github"},
	{"check", "-format", "gitlab"},
	{"check", "-format", "html"},
	{"doctor"},
	{"doctor", "-format", "json"},
	{"doctor", "-format", "html"},
}

// say runs the program on a world and gives all that it prints.
func (w *world) say(face []string, module string) string {
	w.t.Helper()
	self, err := os.Executable()
	if err != nil {
		w.t.Fatal(err)
	}
	args := slices.Clone(face)
	if i := slices.Index(args, "MODULE"); i >= 0 {
		args[i] = module
	}
	cmd := exec.CommandContext(w.t.Context(), self, args...)
	cmd.Dir = w.dir
	cmd.Env = append([]string{runAsCommand + "=1", "PATH=" + os.Getenv("PATH"), "GOMODCACHE=" + w.cache}, hermetic(w.home)...)
	cmd.Env = append(cmd.Env, w.env...)
	out, err := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != 0 && code != exitFindings {
		w.t.Fatalf("running modreach: %v\n%s", err, out)
	}
	return string(out)
}

// stayInside looks for the token in what the program prints.
func (w *world) stayInside(module string, faces ...[]string) {
	w.t.Helper()
	for _, face := range faces {
		for line := range strings.Lines(w.say(face, module)) {
			if giveaway.MatchString(line) {
				w.t.Errorf("%q gives the token away: %s", face, line)
			}
		}
	}
}

// TestSecretsStayInside plants the token in one place after the other, has
// hosts give it back in every form, and looks for it in all that is printed.
func TestSecretsStayInside(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the program some hundred times")
	}
	hosts := map[string]func(*world){
		"serves":          func(*world) {},
		"echoes-401":      func(w *world) { w.a.On("*", echo(401)) },
		"echoes-403":      func(w *world) { w.a.On("*", echo(403)) },
		"echoes-404":      func(w *world) { w.a.On("*", echo(404)) },
		"echoes-500":      func(w *world) { w.a.On("*", echo(500)) },
		"echoes-info":     func(w *world) { w.a.On("*.info", echoInfo) },
		"echoes-mod":      func(w *world) { w.a.On("*.mod", echoMod) },
		"echoes-redirect": func(w *world) { w.a.On("*", echoRedirect("https://"+w.net.Refused())) },
		"echoes-insecure": func(w *world) { w.a.On("*", echoRedirect("http://"+w.net.Refused())) },
		"echoes-line":     func(w *world) { w.a.On("*", echoLine) },
	}
	for place, plant := range planted() {
		for name, host := range hosts {
			if strings.HasPrefix(place, "http-proxy") && name != "serves" {
				continue // the host is never asked
			}
			t.Run(place+"-"+name, func(t *testing.T) {
				t.Parallel()
				s := scenario{https: true, set: func(w *world) {
					w.set("GOPROXY", w.a.URL())
					plant(w)
					host(w)
				}}
				shown := faces[:1]
				switch name {
				case "echoes-403", "serves":
					shown = faces
				case "echoes-line":
					s.trait = fakenet.HTTP1 // alone has a line to write into
				}
				s.world(t).stayInside("example.com/a", shown...)
			})
		}
	}
	for place, plant := range gitPlanted() {
		for name, fault := range map[string]fakenet.Fault{"serves": nil, "echoes-401": echo(401), "echoes-403": challenge(403), "echoes-500": challenge(500)} {
			t.Run(place+"-"+name, func(t *testing.T) {
				t.Parallel()
				w := direct(place, hosted, "", func(w *world) {
					plant(w)
					w.github().On("*", fault)
				}).world(t)
				w.stayInside("github.com/acme/x", append(faces[:2:2], []string{"doctor", "-format", "json"})...)
			})
		}
	}
}

// TestEchoesAreShown makes sure that the hosts of TestSecretsStayInside were
// shown the token and are quoted, so that there was something to hide.
func TestEchoesAreShown(t *testing.T) {
	for _, place := range []string{"address", "address-alone", "netrc", "goauth-basic", "goauth-bearer", "goauth-field", "git-credential"} {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			w := scenario{https: true, set: func(w *world) {
				w.set("GOPROXY", w.a.URL())
				planted()[place](w)
				w.a.On("*", echo(403))
			}}.world(t)
			out := w.say(faces[0], "example.com/a")
			if want := regexp.MustCompile(`server response: denied: .*xxxxx`); !want.MatchString(out) {
				t.Errorf("the host is not quoted:\n%s", out)
			}
		})
	}
}

// TestTokenIsFound makes sure that the token would be seen.
func TestTokenIsFound(t *testing.T) {
	for _, name := range []string{"", "m", "me", "him", "user"} {
		pair := base64.StdEncoding.EncodeToString([]byte(name + ":" + token))
		if !giveaway.MatchString("Basic " + pair) {
			t.Errorf("not found in %s", pair)
		}
	}
	if !giveaway.MatchString("https://me:" + token + "@host") {
		t.Error("not found in an address")
	}
}
