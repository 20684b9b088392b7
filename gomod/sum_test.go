package gomod_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/gomod"
)

func TestParseSum(t *testing.T) {
	const text = "example.com/a v1.0.0 h1:emlw\n" +
		"example.com/a v1.0.0/go.mod h1:bW9k\r\n" +
		"\n" +
		"example.com/a v1.0.0 h1:b3RoZXI=\n" +
		"example.com/a v1.0.0 h1:emlw\n" +
		"example.com/a v1.0.0 h2:emlw\n" +
		"<<<<<<< HEAD\n" +
		"example.com/b v1.0.0/go.mod h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=\n" +
		"  example.com/c\tv1.0.0 h1:Yw==  extra\r\n" +
		"example.com/c v1.1.0 h1:Yw=="
	sums, problems := gomod.ParseSum([]byte(text))
	want := gomod.SumFile{
		mod("example.com/a", "v1.0.0"):        {"h1:emlw", "h1:b3RoZXI="},
		mod("example.com/a", "v1.0.0/go.mod"): {"h1:bW9k"},
		mod("example.com/c", "v1.1.0"):        {"h1:Yw=="},
	}
	if diff := cmp.Diff(want, sums); diff != "" {
		t.Errorf("hashes (-want +got):\n%s", diff)
	}
	var found []string
	for _, p := range problems {
		found = append(found, text[p.Span.Start:p.Span.End]+": "+p.Message)
	}
	if diff := cmp.Diff([]string{
		"<<<<<<< HEAD: wrong number of fields 2",
		"  example.com/c\tv1.0.0 h1:Yw==  extra: wrong number of fields 4",
	}, found); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestSumFile(t *testing.T) {
	sums, _ := gomod.ParseSum([]byte("example.com/a v1.0.0 h1:emlw\nexample.com/a v1.0.0/go.mod h1:bW9k\nexample.com/b v1.0.0/go.mod h1:Yg==\n"))
	for _, tt := range []struct {
		name     string
		sums     gomod.SumFile
		path     string
		zip, mod []string
	}{
		{"both", sums, "example.com/a", []string{"h1:emlw"}, []string{"h1:bW9k"}},
		{"go.mod alone", sums, "example.com/b", nil, []string{"h1:Yg=="}},
		{"neither", sums, "example.com/c", nil, nil},
		{"zero file", nil, "example.com/a", nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := mod(tt.path, "v1.0.0")
			if diff := cmp.Diff(tt.zip, tt.sums.Zip(m)); diff != "" {
				t.Errorf("Zip (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.mod, tt.sums.Mod(m)); diff != "" {
				t.Errorf("Mod (-want +got):\n%s", diff)
			}
		})
	}
}
