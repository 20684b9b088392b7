package probe_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

func TestGoImport(t *testing.T) {
	const path = "go.corp.example/x/sub"
	tag := fakenet.MetaTag
	git := route.Repository{VCS: "git", URL: "https://git.corp.example/x.git", Root: "go.corp.example/x"}
	gitTag := tag("go.corp.example/x git https://git.corp.example/x.git")
	mod := route.Repository{VCS: "mod", URL: "https://mods.corp.example", Root: "go.corp.example/x"}
	modTag := tag("go.corp.example/x mod https://mods.corp.example")
	another := tag("go.corp.example/y git https://git.corp.example/y.git")
	tests := []struct {
		name, page string
		want       route.Repository
		err        string
	}{
		{"tag alone", gitTag, git, ""},
		{"page", "<!DOCTYPE html>\n<html><head>" + gitTag + "</head><body></body></html>", git, ""},
		{"capitals", `<HTML><HEAD><META NAME="go-import" CONTENT="go.corp.example/x git https://git.corp.example/x.git"></HEAD>`, git, ""},
		{"no quotes", "<meta name=go-import content='go.corp.example/x git https://git.corp.example/x.git'>", git, ""},
		{"blanks", tag(" go.corp.example/x\n\tgit  https://git.corp.example/x.git "), git, ""},
		{"entity", tag("go.corp.example/x git https://git.corp.example/x.git?a=1&b"), route.Repository{VCS: "git", URL: "https://git.corp.example/x.git?a=1&b", Root: "go.corp.example/x"}, ""},
		{"subdirectory", tag("go.corp.example/x git https://git.corp.example/x.git go/x"), route.Repository{VCS: "git", URL: "https://git.corp.example/x.git", Root: "go.corp.example/x", Subdir: "go/x"}, ""},
		{"two fields", tag("go.corp.example/x git"), route.Repository{}, "nothing"},
		{"five fields", tag("go.corp.example/x git https://git.corp.example/x.git a b"), route.Repository{}, "nothing"},
		{"another name", strings.ReplaceAll(gitTag, "go-import", "Go-Import"), route.Repository{}, "nothing"},
		{"after the head", "<head></head>" + gitTag, route.Repository{}, "nothing"},
		{"in the body", "<body>" + gitTag, route.Repository{}, "nothing"},
		{"after a head that never began", "</HEAD>" + gitTag, route.Repository{}, "nothing"},
		{"whole path", tag(path + " git https://git.corp.example/x.git"), route.Repository{VCS: "git", URL: "https://git.corp.example/x.git", Root: path}, ""},
		{"prefix with a slash", tag("go.corp.example/x/ git https://git.corp.example/x.git"), route.Repository{VCS: "git", URL: "https://git.corp.example/x.git", Root: "go.corp.example/x/"}, ""},
		{"half an element", tag("go.corp.example/x/su git https://git.corp.example/x.git"), route.Repository{}, "meta tag go.corp.example/x/su did not match import path go.corp.example/x/sub"},
		{"below the path", tag(path + "/y git https://git.corp.example/x.git"), route.Repository{}, "meta tag go.corp.example/x/sub/y did not match import path go.corp.example/x/sub"},
		{"capital in the prefix", tag("go.corp.example/X git https://git.corp.example/x.git"), route.Repository{}, "meta tag go.corp.example/X did not match import path go.corp.example/x/sub"},
		{"two others", another + tag("example.com hg https://h.example"), route.Repository{}, "meta tag go.corp.example/y did not match import path go.corp.example/x/sub, meta tag example.com did not match import path go.corp.example/x/sub"},
		{"beside another", another + gitTag + another, git, ""},
		{"twice", gitTag + gitTag, route.Repository{}, "several go-import tags are for the path"},
		{"two prefixes", gitTag + tag("go.corp.example git https://git.corp.example/all.git"), route.Repository{}, "several go-import tags are for the path"},
		{"proxy after git", gitTag + modTag, mod, ""},
		{"proxy before git", modTag + gitTag, mod, ""},
		{"proxy of a shorter prefix", tag("go.corp.example mod https://mods.corp.example") + gitTag, route.Repository{VCS: "mod", URL: "https://mods.corp.example", Root: "go.corp.example"}, ""},
		{"two proxies", modTag + gitTag + modTag, route.Repository{}, "several go-import tags are for the path"},
		{"proxy of another and two of git", tag("example.com mod https://h.example") + gitTag + gitTag, route.Repository{}, "several go-import tags are for the path"},
		{"empty", "", route.Repository{}, "nothing"},
		{"text", "not found", route.Repository{}, "nothing"},
		{"no XML before", "<a <b>" + gitTag, route.Repository{}, "XML syntax error on line 1: expected attribute name in element"},
		{"no XML after", gitTag + "<a <b>", git, ""},
		{"breaks off", gitTag + "<head", git, ""},
		{"breaks off before", "\n<meta name=", route.Repository{}, "XML syntax error on line 2: unexpected EOF"},
		{"UTF-8", `<?xml version="1.0" encoding="UTF-8"?>` + gitTag, git, ""},
		{"ASCII", `<?xml version="1.0" encoding="ascii"?>` + gitTag, git, ""},
		{"Latin-1", `<?xml version="1.0" encoding="ISO-8859-1"?>` + gitTag, route.Repository{}, `xml: opening charset "ISO-8859-1": can't decode XML document using charset "ISO-8859-1"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := probe.GoImport(test.page, path)
			text := ""
			if err != nil {
				text = err.Error()
				if text == "" {
					text = "nothing" // there is no tag to name
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" || text != test.err {
				t.Errorf("error %q, want %q; repository (-want +got):\n%s", text, test.err, diff)
			}
		})
	}
}

// FuzzGoImport looks for pages that break what is true of every repository
// found: that its root leads to the path, and that the page holds a tag.
func FuzzGoImport(f *testing.F) {
	f.Add("<html><head>"+fakenet.MetaTag("go.corp.example/x git https://git.corp.example/x.git")+"</head>", "go.corp.example/x")
	f.Add(fakenet.MetaTag("a.b/ mod https://c.d")+fakenet.MetaTag("a.b git https://c.d sub"), "a.b/c")
	f.Add(`<?xml version="1.0" encoding="x"?><meta name=go-import content="a b c">`, "a")
	f.Add("<meta name=go-import content='\x00 \xff &lt;'><body", "\x00")
	f.Fuzz(func(t *testing.T, page, path string) {
		r, err := probe.GoImport(page, path)
		switch {
		case err != nil && r != route.Repository{}:
			t.Errorf("%+v beside the error %v", r, err)
		case err != nil:
		case !strings.HasPrefix(path, r.Root) || r.Root == "" || r.VCS == "" || r.URL == "":
			t.Errorf("%+v is not for %q", r, path)
		case !strings.Contains(page, "go-import") && !strings.Contains(page, "&"):
			t.Errorf("%+v comes from nowhere", r)
		}
	})
}
