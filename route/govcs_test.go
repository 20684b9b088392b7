package route_test

import (
	"testing"

	"github.com/modreach/modreach/route"
)

func TestVCSAllowed(t *testing.T) {
	const root = "corp.example/x"
	disallowed := func(vcs, who, root string) string {
		return "GOVCS disallows using " + vcs + " for " + who + " " + root + "; see 'go help vcs'"
	}
	tests := []struct {
		name, govcs, private, vcs, root string
		want                            string
	}{
		{"default git", "", "", "git", root, ""},
		{"default hg", "", "", "hg", root, ""},
		{"default svn of strangers", "", "", "svn", root, disallowed("svn", "public", root)},
		{"default fossil of strangers", "", "", "fossil", root, disallowed("fossil", "public", root)},
		{"default bzr of our own", "", "corp.example", "bzr", root, ""},
		{"off", "*:off", "", "git", root, disallowed("git", "public", root)},
		{"off for our own", "*:off", "corp.example/x", "git", root, disallowed("git", "private", root)},
		{"all", "*:all", "", "svn", root, ""},
		{"mod is none", "*:off", "", "mod", root, ""},
		{"mod under a list nobody can read", "bogus", "", "mod", root, ""},
		{"public", "public:hg", "", "git", root, disallowed("git", "public", root)},
		{"public does not bind our own", "public:off", "corp.example", "git", root, ""},
		{"private", "private:hg|svn", "corp.example", "git", root, disallowed("git", "private", root)},
		{"private does not bind strangers", "private:off", "", "git", root, ""},
		{"pattern", "corp.example:svn,public:git", "", "svn", root, ""},
		{"pattern of another", "other.example:off", "", "git", root, ""},
		{"pattern is of the root", "corp.example/x/sub:off", "", "git", root, ""},
		{"bad pattern matches nothing", "corp.example/[:off", "", "git", root, ""},
		{"first rule wins", "corp.example:git,corp.example/x:off", "", "git", root, ""},
		{"blanks", " corp.example : hg | git , *:off ", "", "git", root, ""},
		{"only blanks", "  ", "", "git", root, ""},
		{"unknown system", "*:cvs", "", "git", root, disallowed("git", "public", root)},
		{"empty entry", "*:git,", "", "git", root, "empty entry in GOVCS"},
		{"no colon", "bogus", "", "git", root, `malformed entry in GOVCS (missing colon): "bogus"`},
		{"no pattern", " :git", "", "git", root, `empty pattern in GOVCS: ":git"`},
		{"no list", "*: ", "", "git", root, `empty VCS list in GOVCS: "*:"`},
		{"relative", "./x:git", "", "git", root, `relative pattern not allowed in GOVCS: "./x"`},
		{"parent", "..:git", "", "git", root, `relative pattern not allowed in GOVCS: ".."`},
		{"hidden is not relative", ".x:git", "", "git", root, ""},
		{"twice", "*:git,*:hg", "", "git", root, `unreachable pattern in GOVCS: "*:hg" after "*:git"`},
		{"twice before an empty name", "*:git,*:hg|", "", "git", root, `unreachable pattern in GOVCS: "*:hg|" after "*:git"`},
		{"empty name", "*:git||hg", "", "git", root, `empty VCS name in GOVCS: "*:git||hg"`},
		{"an error far behind", "*:git,bogus", "", "git", root, `malformed entry in GOVCS (missing colon): "bogus"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			env := route.ParseEnv(route.Sources{Process: []string{"GOVCS=" + test.govcs, "GOPRIVATE=" + test.private}, OS: "linux"})
			got, err := env.VCSAllowed(test.vcs, test.root)
			if err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
