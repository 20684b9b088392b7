package fakenet_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/internal/fakenet"
)

// downloaded is what "go mod download -json" says of one module.
type downloaded struct {
	Version, Error, Sum, GoModSum string
}

// download has the real go command fetch modules from outside any module.
func download(t *testing.T, env []string, modules ...string) (downloaded, error) {
	t.Helper()
	args := append([]string{"mod", "download", "-json"}, modules...)
	stdout, stderr, err := fakenet.Go(t.Context(), t, t.TempDir(), env, args...)
	var d downloaded
	if jsonErr := json.Unmarshal([]byte(stdout), &d); jsonErr != nil {
		t.Fatalf("go said %q and %q: %v", stdout, stderr, jsonErr)
	}
	return d, err
}

// TestGoAccepts has the go command take whole modules over every way there is.
func TestGoAccepts(t *testing.T) {
	t.Parallel()
	const path, version = "corp.example/Upper/case", "v1.0.0-RC1"
	tests := []struct {
		name string
		env  func(t *testing.T, n *fakenet.Net) (env []string, set *fakenet.Modules)
	}{
		{"http", func(t *testing.T, n *fakenet.Net) ([]string, *fakenet.Modules) {
			p := n.Proxy(fakenet.HTTP)
			return []string{"GOPROXY=" + p.URL()}, p.Modules
		}},
		{"https", func(t *testing.T, n *fakenet.Net) ([]string, *fakenet.Modules) {
			p := n.Proxy(fakenet.HTTPS)
			return []string{"GOPROXY=" + p.URL()}, p.Modules
		}},
		{"https, HTTP/1", func(t *testing.T, n *fakenet.Net) ([]string, *fakenet.Modules) {
			p := n.Proxy(fakenet.HTTPS, fakenet.HTTP1)
			return []string{"GOPROXY=" + p.URL()}, p.Modules
		}},
		{"file", func(t *testing.T, n *fakenet.Net) ([]string, *fakenet.Modules) {
			set := fakenet.NewModules(t)
			set.Add(path, version, "")
			dir := t.TempDir()
			set.WriteTree(dir)
			return []string{"GOPROXY=file://" + filepath.ToSlash(dir)}, set
		}},
		{"https through an HTTP proxy", func(t *testing.T, n *fakenet.Net) ([]string, *fakenet.Modules) {
			p := n.Proxy(fakenet.HTTPS, fakenet.Host("proxy.corp.example"))
			h := n.HTTPProxy()
			h.Demand("user", "secret")
			via := strings.Replace(h.URL(), "//", "//user:secret@", 1)
			return []string{"GOPROXY=" + p.URL(), "HTTPS_PROXY=" + via}, p.Modules
		}},
		{"http through an HTTP proxy", func(t *testing.T, n *fakenet.Net) ([]string, *fakenet.Modules) {
			p := n.Proxy(fakenet.HTTP, fakenet.Host("proxy.corp.example"))
			return []string{"GOPROXY=" + p.URL(), "HTTP_PROXY=" + n.HTTPProxy().URL()}, p.Modules
		}},
		{"checksum database at its own address", func(t *testing.T, n *fakenet.Net) ([]string, *fakenet.Modules) {
			p := n.Proxy(fakenet.HTTPS)
			return []string{"GOPROXY=" + p.URL(), "GOSUMDB=" + n.SumDB(fakenet.HTTP, p.Modules).GOSUMDB()}, p.Modules
		}},
		{"checksum database through the proxy", func(t *testing.T, n *fakenet.Net) ([]string, *fakenet.Modules) {
			p := n.Proxy(fakenet.HTTPS)
			db := n.SumDB(fakenet.HTTPS, p.Modules)
			db.Down()
			p.Mirror(db)
			return []string{"GOPROXY=" + p.URL(), "GOSUMDB=" + db.Verifier()}, p.Modules
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := fakenet.New(t)
			env, set := tt.env(t, n)
			set.Add(path, version, "")
			got, err := download(t, append(n.Env(), env...), path+"@"+version)
			if err != nil || got.Error != "" {
				t.Fatalf("go failed: %v: %s", err, got.Error)
			}
			sum := path + " " + version + " " + got.Sum + "\n" + path + " " + version + "/go.mod " + got.GoModSum + "\n"
			if diff := cmp.Diff(set.Sum(path, version), sum); diff != "" {
				t.Errorf("sums (-ours +go's)\n%s", diff)
			}
		})
	}
}

// TestGoFails checks the words of the go command for faults only it can judge.
func TestGoFails(t *testing.T) {
	t.Parallel()
	const path, version, module = "corp.example/a", "v1.0.0", "corp.example/a@v1.0.0"
	tests := []struct {
		pattern string
		fault   fakenet.Fault
		want    string
	}{
		{"*.info", fakenet.WrongVersion, "proxy returned info for version v0.0.1-other instead of requested version"},
		{"*.info", fakenet.HTML, "invalid character '<' looking for beginning of value"},
		{"*.info", fakenet.Empty, "unexpected end of JSON input"},
		{"*", fakenet.RedirectLoop, "stopped after 10 redirects"},
		{"*", fakenet.RedirectToInsecure, "redirected from secure URL"},
		{"*.zip", fakenet.NotZip, "zip: not a valid zip file"},
		{"*.zip", fakenet.BadZip, "has unexpected file other.example/mod@v1.0.0/go.mod"},
		{"*.zip", fakenet.Status(403, "not for you"), "403 Forbidden\n\tserver response: not for you"},
		{"*.mod", fakenet.Seq(fakenet.Status(404, ""), fakenet.Status(451, "")), "451 Unavailable For Legal Reasons"},
	}
	n := fakenet.New(t)
	p := n.Proxy(fakenet.HTTPS)
	p.Add(path, version, "")
	for _, tt := range tests {
		p.On("*", nil)
		p.On(tt.pattern, tt.fault)
		got, err := download(t, append(n.Env(), "GOPROXY="+p.URL()), module)
		var exit *exec.ExitError
		if !errors.As(err, &exit) || !strings.Contains(got.Error, tt.want) {
			t.Errorf("%s: got error %v, %q, want %q", tt.pattern, err, got.Error, tt.want)
		}
	}
	if _, err := download(t, append(n.Env(), "GOPROXY="+p.URL()), "corp.example/unknown@v1.0.0"); err == nil {
		t.Error("go found a module that was not added")
	}
}

// TestGoDistrusts has the checksum database contradict the proxy.
func TestGoDistrusts(t *testing.T) {
	t.Parallel()
	n := fakenet.New(t)
	p := n.Proxy(fakenet.HTTP)
	p.Add("corp.example/a", "v1.0.0", "")
	p.Add("corp.example/b", "v1.0.0", "")
	db := n.SumDB(fakenet.HTTP, p.Modules)
	env := []string{"GOPROXY=" + p.URL(), "GOSUMDB=" + db.GOSUMDB()}

	db.Forge("corp.example/a", "v1.0.0", strings.ReplaceAll(p.Sum("corp.example/b", "v1.0.0"), "/b ", "/a "))
	if got, _ := download(t, env, "corp.example/a@v1.0.0"); !strings.Contains(got.Error, "checksum mismatch") {
		t.Errorf("forged sum: got %q", got.Error)
	}
	db.On("lookup/corp.example/b@*", fakenet.Status(410, "private"))
	if got, _ := download(t, env, "corp.example/b@v1.0.0"); !strings.Contains(got.Error, "410 Gone\n\tserver response: private") {
		t.Errorf("refused lookup: got %q", got.Error)
	}
}

// TestGoRemembers has a checksum database tell of another past than before.
func TestGoRemembers(t *testing.T) {
	t.Parallel()
	n := fakenet.New(t)
	p := n.Proxy(fakenet.HTTP)
	p.Add("corp.example/a", "v1.0.0", "")
	p.Add("corp.example/b", "v1.0.0", "")
	db := n.SumDB(fakenet.HTTP, p.Modules)
	env := []string{"GOPROXY=" + p.URL(), "GOSUMDB=" + db.GOSUMDB(), "GOPATH=" + t.TempDir(), "GOMODCACHE=" + fakenet.ModCache(t)}

	if got, err := download(t, env, "corp.example/a@v1.0.0"); err != nil {
		t.Errorf("at first: %v %s", err, got.Error)
	}
	db.Rewrite()
	_, stderr, err := fakenet.Go(t.Context(), t, t.TempDir(), env, "mod", "download", "corp.example/b@v1.0.0")
	if err == nil || !strings.Contains(stderr, "go.sum database server misbehavior detected!") {
		t.Errorf("after the rewrite: error %v, go said %q", err, stderr)
	}
}

// TestGoQueries checks list, @latest and aliases.
func TestGoQueries(t *testing.T) {
	t.Parallel()
	n := fakenet.New(t)
	p := n.Proxy(fakenet.HTTP)
	const pseudo = "v0.0.0-20200101000000-0123456789ab"
	for _, v := range []string{"v1.0.0", "v1.10.0", "v1.9.0", "v1.11.0-rc.1", pseudo} {
		p.Add("corp.example/a", v, "")
	}
	p.Add("corp.example/pseudo", pseudo, "")
	p.Add("corp.example/pre", "v0.1.0-rc.1", "")
	p.Add("corp.example/pre", "v0.1.0-rc.2", "")
	p.Add("corp.example/pre", pseudo, "")
	p.AddFiles("corp.example/old", "v2.0.0+incompatible", map[string]string{"old.go": "package old\n"})
	p.Alias("corp.example/a", "main", pseudo)
	for query, want := range map[string]string{
		"corp.example/a@latest":                "v1.10.0",
		"corp.example/a@main":                  pseudo,
		"corp.example/pseudo@latest":           pseudo,
		"corp.example/pre@latest":              "v0.1.0-rc.2",
		"corp.example/old@v2.0.0+incompatible": "v2.0.0+incompatible",
	} {
		got, err := download(t, []string{"GOPROXY=" + p.URL()}, query)
		if err != nil || got.Version != want {
			t.Errorf("%s: got %s, error %v %s, want %s", query, got.Version, err, got.Error, want)
		}
	}
}

// TestGoEnds has the caller give up a command that certainly waits.
func TestGoEnds(t *testing.T) {
	t.Parallel()
	n := fakenet.New(t)
	p := n.Proxy(fakenet.HTTP)
	ctx, cancel := context.WithCancel(t.Context())
	p.On("*", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		cancel()
		fakenet.Hang(w, r, next)
	})
	_, _, err := fakenet.Go(ctx, t, t.TempDir(), []string{"GOPROXY=" + p.URL()}, "mod", "download", "corp.example/a@v1.0.0")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

func TestGoInheritsNothing(t *testing.T) {
	t.Setenv("GOPRIVATE", "corp.example")
	t.Setenv("GOTOOLCHAIN", "auto")
	names := []string{"GOPRIVATE", "GOPROXY", "GOSUMDB", "GOTOOLCHAIN", "GOFLAGS"}
	stdout, stderr, err := fakenet.Go(t.Context(), t, t.TempDir(), []string{"GOFLAGS=-mod=mod"}, append([]string{"env"}, names...)...)
	if err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	want := []string{"", "off", "off", "local", "-mod=mod", ""}
	if diff := cmp.Diff(want, strings.Split(stdout, "\n")); diff != "" {
		t.Errorf("%v (-want +got)\n%s", names, diff)
	}
}
