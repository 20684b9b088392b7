package gomod_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/gomod"
)

func TestUnused(t *testing.T) {
	const (
		head     = "module example.org/m\n\ngo 1.21\n\nrequire example.com/a v1.1.0\n\n"
		hashOf   = " h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
		toFork   = head + "replace example.com/b => example.com/fork v1.0.0\n"
		toFolder = head + "replace example.com/b => ./b\n"
	)
	for _, tt := range []struct {
		name, file, sum, vendor string
		want                    []string
	}{
		{name: "required", file: head + "replace example.com/a => ./a\n"},
		{name: "required at that version", file: head + "replace example.com/a v1.1.0 => ./a\n"},
		{name: "required at another version", file: head + "replace example.com/a v1.0.0 => ./a\n", want: []string{"example.com/a"}},
		{name: "not required", file: toFork, want: []string{"example.com/b"}},
		{name: "not required, to a folder", file: toFolder, want: []string{"example.com/b"}},
		{name: "go.sum knows it", file: toFolder, sum: "example.com/b v1.0.0/go.mod" + hashOf},
		{name: "go.sum knows another version", file: head + "replace example.com/a v1.0.0 => ./a\n", sum: "example.com/a v1.1.0" + hashOf, want: []string{"example.com/a"}},
		{name: "go.sum knows the version", file: head + "replace example.com/a v1.0.0 => ./a\n", sum: "example.com/a v1.0.0/go.mod" + hashOf},
		{name: "go.sum knows the replacement", file: toFork, sum: "example.com/fork v1.0.0/go.mod" + hashOf},
		{name: "go.sum knows another replacement", file: toFork, sum: "example.com/fork v1.1.0/go.mod" + hashOf, want: []string{"example.com/b"}},
		{name: "vendored", file: toFork, vendor: "# example.com/b v1.0.0 => example.com/fork v1.0.0\n## explicit\nexample.com/b\n"},
		{name: "vendored for its directive alone", file: toFork, vendor: "# example.com/b => example.com/fork v1.0.0\n", want: []string{"example.com/b"}},
		{name: "before pruning", file: "module example.org/m\n\ngo 1.16\n\nreplace example.com/b => ./b\n"},
		{name: "without go line", file: "module example.org/m\n\nreplace example.com/b => ./b\n"},
		{name: "of itself", file: "module example.org/m\n\ngo 1.21\n\nreplace example.org/m => ./b\n"},
		{name: "a version held for the day it is needed", file: head + "replace example.com/b => example.com/b v1.0.0\n"},
		{name: "a branch", file: "module example.org/m\n\ngo 1.21\n\nrequire example.com/a main\n\nreplace example.com/a v1.0.0 => ./b\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sum, _ := gomod.ParseSum([]byte(tt.sum))
			var vendored *gomod.VendorList
			if tt.vendor != "" {
				vendored = gomod.ParseVendor([]byte(tt.vendor))
			}
			var got []string
			for _, r := range gomod.Parse([]byte(tt.file)).Unused([]gomod.SumFile{sum}, vendored) {
				got = append(got, r.Old.Path)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
