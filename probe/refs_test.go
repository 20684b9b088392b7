package probe

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	hashA = "aaaaaaaa00000000000000000000000000000001"
	hashB = "bbbbbbbb00000000000000000000000000000002"
	hashC = "aaaaaaaa00000000000000000000000000000003"
)

func TestParseRefs(t *testing.T) {
	lines := strings.Join([]string{
		hashA + "\tHEAD", hashA + "\trefs/heads/main", hashB + "\trefs/tags/v1.0.0", hashC + "\trefs/tags/v1.0.0^{}",
		hashB + "\trefs/pull/1/head", hashB + "\trefs/notes/x", "warning: something odd", "", hashB, hashB + "\trefs/heads/feature/x\r",
	}, "\n")
	want := refs{"HEAD": hashA, "refs/heads/main": hashA, "refs/tags/v1.0.0": hashC, "refs/heads/feature/x": hashB}
	if diff := cmp.Diff(want, parseRefs([]byte(lines))); diff != "" {
		t.Errorf("refs (-want +got):\n%s", diff)
	}
}

func FuzzParseRefs(f *testing.F) {
	f.Add([]byte(hashA + "\trefs/tags/v1.0.0\n" + hashB + "\trefs/tags/v1.0.0^{}\n"))
	f.Add([]byte("x HEAD\n\x00\t\n^{} refs/heads/"))
	f.Fuzz(func(t *testing.T, out []byte) {
		all := parseRefs(out)
		for ref, hash := range all {
			if ref != "HEAD" && !strings.HasPrefix(ref, "refs/heads/") && !strings.HasPrefix(ref, "refs/tags/") || hash == "" {
				t.Errorf("%q is %q", ref, hash)
			}
			if strings.HasSuffix(ref, "^{}") && !strings.HasSuffix(ref, "^{}^{}") && strings.Count(string(out), "^{}^{}") == 0 {
				t.Errorf("%q is no name of a ref", ref)
			}
		}
		if again := parseRefs(append(out, out...)); len(out) > 0 && out[len(out)-1] == '\n' && !maps.Equal(all, again) {
			t.Errorf("the same lines again make a difference: %v, %v", all, again)
		}
	})
}

func TestFind(t *testing.T) {
	all := refs{
		"HEAD": hashA, "refs/heads/main": hashA, "refs/tags/v1.0.0": hashB, "refs/heads/both": hashA, "refs/tags/both": hashB,
		"refs/heads/other": hashC, "refs/heads/bbbbbbb": hashA,
	}
	for _, test := range []struct {
		rev  string
		want revision
		ok   bool
	}{
		{"v1.0.0", revision{ref: "refs/tags/v1.0.0", hash: hashB}, true},
		{"main", revision{ref: "refs/heads/main", hash: hashA}, true},
		{"both", revision{ref: "refs/tags/both", hash: hashB}, true},
		{"HEAD", revision{ref: "HEAD", hash: hashA}, true},
		{"head", revision{}, false},
		{"v1.0", revision{}, false},
		{"", revision{}, false},
		{"bbbbbbb", revision{ref: "refs/heads/bbbbbbb", hash: hashA}, true}, // a name counts before a hash
		{"bbbbbbbb", revision{ref: "refs/tags/both", hash: hashB}, true},
		{hashB, revision{ref: "refs/tags/both", hash: hashB}, true},
		{"aaaaaaa", revision{ambiguous: true}, true},
		{hashA[:39] + "1", revision{ref: "HEAD", hash: hashA}, true},
		{"aaaaaa", revision{}, false}, // too short
		{"ccccccc", revision{inner: true}, true},
		{"CCCCCCC", revision{}, false},
		{"ccccccg", revision{}, false},
		{strings.Repeat("c", 40), revision{inner: true}, true},
		{strings.Repeat("c", 41), revision{}, false},
	} {
		got, ok := all.find(test.rev)
		if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(revision{})); diff != "" || ok != test.ok {
			t.Errorf("find(%q) is %v (-want +got):\n%s", test.rev, ok, diff)
		}
	}
	long := refs{"HEAD": strings.Repeat("d", 64)}
	if _, ok := long.find(strings.Repeat("e", 64)); !ok || long.objectFormat() != "sha256" || all.objectFormat() != "sha1" {
		t.Error("a hash of 64 digits is not taken for one")
	}
	if got, ok := (refs{}).find(hashA); !ok || !got.inner {
		t.Errorf("in no refs a hash is %v, %v", got, ok)
	}
}

func TestRefsState(t *testing.T) {
	one := refs{"HEAD": hashA, "refs/heads/main": hashA}
	for name, other := range map[string]refs{
		"moved": {"HEAD": hashA, "refs/heads/main": hashB}, "fewer": {"HEAD": hashA}, "renamed": {"HEAD": hashA, "refs/heads/trunk": hashA}, "none": {},
	} {
		if other.state() == one.state() {
			t.Errorf("%s: the same state", name)
		}
	}
	if one.state() != maps.Clone(one).state() || (refs{}).state() == (past{}).state {
		t.Error("a state is not told by the refs")
	}
}

func TestFilters(t *testing.T) {
	for _, test := range []struct {
		name, trace string
		want        bool
	}{
		{"version 2", "12:00:00.1 pkt-line.c:80             packet:          git< fetch=shallow wait-for-done filter\n", true},
		{"version 2 without", "packet: git< fetch=shallow wait-for-done\n", false},
		{"version 2, another command", "packet: git< ls-refs=filter\n", false},
		{"version 0", `packet: git< ` + hashA + ` HEAD\0multi_ack thin-pack filter object-format=sha1 agent=git/2.39.5` + "\n", true},
		{"version 0 without", `packet: git< ` + hashA + ` HEAD\0multi_ack filters agent=git/filter` + "\n", false},
		{"a branch of that name", "packet: git< " + hashA + " refs/heads/filter\n", false},
		{"what was sent", "packet: git> fetch=filter\n", false},
		{"nothing", "", false},
	} {
		if got := filters([]byte(test.trace)); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}
