package doctor_test

import (
	"testing"

	"github.com/modreach/modreach/doctor"
)

// TestHide hides whose machine it is, and nothing that a colleague has to know.
func TestHide(t *testing.T) {
	alice := doctor.Hide{Home: "/home/alice", User: "alice"}
	tests := []struct {
		name string
		hide doctor.Hide
		text string
		want string
	}{
		{"home", alice, "/home/alice/go/pkg/mod: can be written", "~/go/pkg/mod: can be written"},
		{"home alone", alice, "HOME is /home/alice.", "HOME is ~."},
		{"home in an address", alice, "file:///home/alice/proxy,direct", "file://~/proxy,direct"},
		{"two of them", alice, "/home/alice:/home/alice/x", "~:~/x"},
		{"another's home", alice, "/home/alice2/go", "/home/alice2/go"},
		{"name in a path", alice, `open /scratch/alice/go: "/srv/alice"`, `open /scratch/USER/go: "/srv/USER"`},
		{"in a path of Windows", doctor.Hide{Home: `C:\Users\alice`, User: "alice"}, `C:\Users\alice\go and D:\alice\x`, `~\go and D:\USER\x`},
		{"name in a module path", alice, "github.com/alice/x and https://github.com/alice/x", "github.com/alice/x and https://github.com/alice/x"},
		{"a service", doctor.Hide{Home: "/"}, "/var/lib", "/var/lib"},
		{"nothing known", doctor.Hide{}, "/home/alice", "/home/alice"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := doctor.Begin(envOf(), "", "", true, now)
			b.Settings([]doctor.Setting{{Name: "X", Value: test.text}})
			b.Stage("disk", 0, []doctor.Check{{Detail: test.text, Host: &doctor.Host{Looks: []doctor.Look{{Message: test.text}}}}})
			r := b.Report(0, test.hide)
			c := r.Stages[0].Checks[0]
			for _, got := range []string{r.Settings[0].Value, c.Detail, c.Host.Looks[0].Message} {
				if got != test.want {
					t.Errorf("got %q, want %q", got, test.want)
				}
			}
		})
	}
}
