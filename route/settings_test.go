package route_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/route"
)

func TestParseFlags(t *testing.T) {
	tests := []struct {
		name, value string
		want        route.Flags
		err         string
	}{
		{"empty", "", route.Flags{}, ""},
		{"mod", "-mod=vendor", route.Flags{Mod: "vendor"}, ""},
		{"two dashes", "--mod=mod", route.Flags{Mod: "mod"}, ""},
		{"last wins", "-mod=vendor -mod=mod", route.Flags{Mod: "mod"}, ""},
		{"modfile in quotes", "\t'-modfile=my go.mod' -v", route.Flags{ModFile: "my go.mod"}, ""},
		{"double quotes", `"-ldflags=-X 'a=b'" -modcacherw`, route.Flags{ModCacheRW: true}, ""},
		{"modcacherw off", "-modcacherw=false", route.Flags{}, ""},
		{"unknown", "-nosuch=1 -insecure", route.Flags{}, ""},
		{"quote inside a field", `-modfile=a"b.mod`, route.Flags{ModFile: `a"b.mod`}, ""},
		{"last modcacherw", "-modcacherw -modcacherw=0", route.Flags{}, ""},
		{"modcacherw perhaps", "--modcacherw=perhaps", route.Flags{}, `invalid boolean value "perhaps" for flag -modcacherw (from $GOFLAGS): parse error`},
		{"modfile bare", "-modfile", route.Flags{}, "flag needs an argument: -modfile (from $GOFLAGS)"},
		{"modfile of another kind", "-modfile=x.txt", route.Flags{}, "-modfile=x.txt: file does not have .mod extension"},
		{"open quote", "'-mod=mod", route.Flags{}, "parsing $GOFLAGS: unterminated ' string"},
		{"word", "nonflag", route.Flags{}, `parsing $GOFLAGS: non-flag "nonflag"`},
		{"dash", "-", route.Flags{}, `parsing $GOFLAGS: non-flag "-"`},
		{"three dashes", "---mod=mod", route.Flags{}, `parsing $GOFLAGS: non-flag "---mod=mod"`},
		{"no name", "-=x", route.Flags{}, `parsing $GOFLAGS: non-flag "-=x"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := route.ParseFlags(tt.value)
			text := ""
			if err != nil {
				text = err.Error()
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || text != tt.err {
				t.Errorf("ParseFlags(%q): error %q, want %q; flags (-want +got):\n%s", tt.value, text, tt.err, diff)
			}
		})
	}
}

func TestNetworkOff(t *testing.T) {
	tests := []struct {
		name, godebug string
		want          bool
	}{
		{"unset", "", false},
		{"off", "cmdgonetlimit=0", true},
		{"among others", "http2client=0,cmdgonetlimit=0", true},
		{"limited", "cmdgonetlimit=4", false},
		{"last wins", "cmdgonetlimit=0,cmdgonetlimit=1", false},
		{"negative", "cmdgonetlimit=-1", false},
		{"no number", "cmdgonetlimit=", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			env := route.ParseEnv(route.Sources{Process: []string{"GODEBUG=" + tt.godebug}, OS: "linux"})
			if got := env.NetworkOff(); got != tt.want {
				t.Errorf("NetworkOff with GODEBUG=%s = %v", tt.godebug, got)
			}
		})
	}
}

func TestGoVersion(t *testing.T) {
	tests := []struct{ name, version, want string }{
		{"release", "go1.26.1", "1.26.1"},
		{"candidate", "go1.27rc1", "1.27rc1"},
		{"experiment", "go1.26.1 X:nocoverageredesign", "1.26.1"},
		{"vendor's build", "go1.26.1-corp", "1.26.1"},
		{"development", "devel go1.27-abcdef Thu", ""},
		{"none", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			env := route.ParseEnv(route.Sources{GoEnv: map[string]string{"GOVERSION": tt.version}})
			if got := env.GoVersion(); got != tt.want {
				t.Errorf("GoVersion of %q = %q, want %q", tt.version, got, tt.want)
			}
		})
	}
}

func TestRedact(t *testing.T) {
	tests := []struct{ name, value, want string }{
		{"plain", "https://a.test/x,direct", "https://a.test/x,direct"},
		{"password", "https://me:pw@a.test|direct", "https://me:xxxxx@a.test|direct"},
		{"token", "https://tok@a.test, off", "https://xxxxx@a.test, off"},
		{"no scheme", "me:pw@a.test/x", "me:xxxxx@a.test/x"},
		{"slash in the password", "https://me:p/w@a.test", "https://me:xxxxx@a.test"},
		{"at in the password", "https://me:p@w@a.test", "https://me:xxxxx@a.test"},
		{"at in the path", "https://a.test/x@v1", "https://a.test/x@v1"},
		{"query", "https://a.test?token=tok", "https://a.test?xxxxx"},
		{"database", "sum.test+1+k https://me:pw@a.test", "sum.test+1+k https://me:xxxxx@a.test"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := route.Redact(tt.value); got != tt.want {
				t.Errorf("Redact(%q) = %q, want %q", tt.value, got, tt.want)
			}
		})
	}
}

func TestVendorInForce(t *testing.T) {
	tests := []struct {
		name                       string
		flags, goVersion           string
		hasVendor, forWork, inWork bool
		want                       bool
	}{
		{"go 1.14", "", "1.14", true, false, false, true},
		{"newer", "", "1.26.0", true, false, false, true},
		{"older", "", "1.13", true, false, false, false},
		{"no go line", "", "", true, false, false, false},
		{"no directory", "", "1.26.0", false, false, false, false},
		{"-mod=mod", "-mod=mod", "1.26.0", true, false, false, false},
		{"-mod=readonly", "-mod=readonly", "1.26.0", true, false, false, false},
		{"-mod=vendor", "-mod=vendor", "1.13", true, false, false, true},
		{"-mod=vendor, no directory", "-mod=vendor", "1.26.0", false, false, false, false},
		{"workspace", "", "1.26.0", true, true, true, true},
		{"module's in a workspace", "", "1.26.0", true, false, true, false},
		{"workspace's in a module", "", "1.26.0", true, true, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			env := route.ParseEnv(route.Sources{Process: []string{"GOFLAGS=" + tt.flags}, OS: "linux"})
			if got := route.VendorInForce(env, tt.goVersion, tt.hasVendor, tt.forWork, tt.inWork); got != tt.want {
				t.Errorf("VendorInForce = %v, want %v", got, tt.want)
			}
		})
	}
}
