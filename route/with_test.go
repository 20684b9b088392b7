package route_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/route"
)

// TestWith wants the settings that follow from a changed one changed as well, and
// the old ones as they were.
func TestWith(t *testing.T) {
	tests := []struct {
		name    string
		process []string
		values  map[string]string
		want    map[string]string
	}{
		{"a list", []string{"GOPROXY=off"}, map[string]string{"GOPROXY": "direct"}, map[string]string{"GOPROXY": "direct"}},
		{
			"what follows",
			[]string{"GOPRIVATE=a.example"},
			map[string]string{"GOPRIVATE": "a.example,b.example"},
			map[string]string{"GONOPROXY": "a.example,b.example", "GONOSUMDB": "a.example,b.example"},
		},
		{
			"what does not follow",
			[]string{"GONOSUMDB=c.example"},
			map[string]string{"GOPRIVATE": "b.example"},
			map[string]string{"GONOPROXY": "b.example", "GONOSUMDB": "c.example"},
		},
		{
			"what follows again",
			[]string{"GOPRIVATE=a.example", "GONOPROXY=c.example"},
			map[string]string{"GONOPROXY": ""},
			map[string]string{"GONOPROXY": "a.example", "GOPRIVATE": "a.example"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			env := route.ParseEnv(route.Sources{Process: test.process, OS: "linux"})
			before := env.All()
			changed := env.With(test.values)
			got := map[string]string{}
			for name := range test.want {
				got[name] = changed.Get(name).Value
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, env.All()); diff != "" {
				t.Errorf("the old settings changed:\n%s", diff)
			}
		})
	}
}
