package probe_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// script says what every hop of a route answers: for its name, one sign for
// each of .info, .mod and .zip.
//
//   - it has the artefact    ! it fails otherwise    ? nobody can tell
//   - it does not have it    * what it has is spoiled
//
// A hop without an entry must not be asked.
type script map[string]string

// hopName is what a script calls a hop: "cache", "direct", and for proxies the
// first label of the host.
func hopName(h route.Hop) string {
	if h.Kind == route.Proxy {
		name, _, _ := strings.Cut(h.URL.Host, ".")
		return name
	}
	return h.Kind.String()
}

// perform walks a route with the answers of a script, and gives the questions
// it took as well, as "a.mod".
func perform(t *testing.T, r route.Route, says script, touch func(ans *probe.Answer)) (probe.Report, []string) {
	t.Helper()
	known := answerBook{}
	var questions []string
	for range 100 { // more than any route here can take
		report, need := probe.Walk(r, known.look)
		if need == nil {
			return report, questions
		}
		if len(need.Artefacts) == 0 {
			t.Fatal("nothing is needed and yet the walk is not over")
		}
		for _, a := range need.Artefacts {
			id := asked{need.Hop, need.Mod, a}
			name := hopName(r.AllHops()[need.Hop])
			questions = append(questions, name+"."+strings.TrimPrefix(a.String(), "."))
			if _, twice := known[id]; twice {
				t.Fatalf("%s %v %v is asked twice, after %v", name, need.Mod, a, questions)
			}
			ans := says.answer(t, name, a)
			touch(&ans)
			known[id] = ans
			if ans.Outcome != probe.OK {
				break // as Prober.Ask does
			}
		}
	}
	t.Fatalf("the walk has no end: %v", questions)
	return probe.Report{}, nil
}

func (s script) answer(t *testing.T, name string, a probe.Artefact) probe.Answer {
	t.Helper()
	ans := probe.Answer{Artefact: a, Text: fmt.Sprintf("%s %s", name, a)}
	signs := s[name]
	if a == probe.List {
		signs = "..." + s[name+".list"]
	}
	if a == probe.Record {
		signs = "...." + s[name]
	}
	if int(a) >= len(signs) {
		t.Fatalf("%s is asked for %v", name, a)
	}
	switch sign := signs[a]; sign {
	case '+':
		ans.Outcome, ans.Text = probe.OK, ""
	case '-':
		ans.Outcome, ans.Fault = probe.Miss, &probe.Fault{Cause: probe.NotFound}
	case '!':
		ans.Outcome, ans.Fault = probe.Failed, &probe.Fault{Cause: probe.ServerError}
	case '*':
		ans.Outcome, ans.Fault = probe.Spoiled, &probe.Fault{Cause: probe.BadAnswer}
	case '?':
		ans.Outcome = probe.Unsure
	default:
		t.Fatalf("no such sign: %q", sign)
	}
	return ans
}

func untouched(*probe.Answer) {}

// goproxy gives the route of a GOPROXY list for a module that may be private.
func goproxy(t *testing.T, list string, private bool) route.Route {
	t.Helper()
	vars := []string{"GOPROXY=" + list, "GOMODCACHE=" + t.TempDir(), "GOSUMDB=off"}
	if private {
		vars = append(vars, "GOPRIVATE=corp.example")
	}
	r := route.Explicit(settings(vars...), route.Module{}, wanted)
	if r.Stop.Text != "" {
		t.Fatalf("GOPROXY=%s: %s", list, r.Stop.Text)
	}
	return r
}

const (
	a, b, c   = "https://a.test", "https://b.test", "https://c.test"
	offText   = "module lookup disabled by GOPROXY=off"
	nothing   = "---"
	fails     = "!!!"
	has       = "+++"
	infoFirst = "cache.info a.info "
)

// TestShownError has every artefact fail on the whole route. The go command
// shows the error of the highest rank: that of the module's own host, else the
// last hard one of a proxy, else the last miss.
func TestShownError(t *testing.T) {
	tests := []struct {
		list    string
		private bool
		says    script
		want    string
	}{
		{a, false, script{"a": nothing}, "a .info"},
		{a, false, script{"a": fails}, "a .info"},
		{a + "|direct", false, script{"a": fails, "direct": nothing}, "direct .info"},
		{a + "|direct", false, script{"a": fails, "direct": fails}, "direct .info"},
		{a + ",direct", false, script{"a": nothing, "direct": nothing}, "direct .info"},
		{a + ",direct", false, script{"a": fails}, "a .info"},
		{a + ",off", false, script{"a": nothing}, offText},
		{a + "|off", false, script{"a": fails}, "a .info"},
		{a + ",off", false, script{"a": fails}, "a .info"},
		{a + "|" + b, false, script{"a": fails, "b": nothing}, "a .info"},
		{a + "|" + b, false, script{"a": nothing, "b": fails}, "b .info"},
		{a + "|" + b, false, script{"a": fails, "b": fails}, "b .info"},
		{a + "," + b, false, script{"a": nothing, "b": nothing}, "b .info"},
		{a + "," + b, false, script{"a": nothing, "b": fails}, "b .info"},
		{a + "," + b, false, script{"a": fails, "b": nothing}, "a .info"},
		{a + "|" + b + "|" + c, false, script{"a": fails, "b": nothing, "c": nothing}, "a .info"},
		{a + "|" + b + "," + c, false, script{"a": nothing, "b": fails, "c": has}, "b .info"},
		{a + "|" + b + ",direct", false, script{"a": fails, "b": nothing, "direct": nothing}, "direct .info"},
		// The separator that counts stands right after the entry.
		{a + ",|" + b, false, script{"a": fails, "b": fails}, "a .info"},
		{a + "|," + b, false, script{"a": fails, "b": fails}, "b .info"},
		// Nothing comes after off and direct.
		{"off," + a, false, nil, offText},
		{"direct," + a, false, script{"direct": nothing}, "direct .info"},
		// A private module begins with its own host, and passes all proxies.
		{a + ",direct", true, script{"direct": nothing}, "direct .info"},
		{a + "|off", true, script{"direct": nothing}, "direct .info"},
		{"off", true, script{"direct": fails}, "direct .info"},
		{"direct", true, script{"direct": fails}, "direct .info"},
	}
	for _, test := range tests {
		says := script{"cache": nothing, "a.list": "-", "b.list": "-"}
		name := test.list
		for _, hop := range slices.Sorted(maps.Keys(test.says)) {
			says[hop] = test.says[hop]
			name += fmt.Sprintf(" %s %c", hop, says[hop][0])
		}
		t.Run(name, func(t *testing.T) {
			r, questions := perform(t, goproxy(t, test.list, test.private), says, untouched)
			if r.Ending != probe.Lost || r.Text != test.want || r.Artefact != probe.Info {
				t.Errorf("ending %d at %v with %q, want %q", r.Ending, r.Artefact, r.Text, test.want)
			}
			if r.Fault == nil {
				t.Error("no fault")
			}
			if r.Hop < 0 || r.Results[r.Hop].Answers[probe.Info].Text != r.Text {
				t.Errorf("hop %d is blamed for %q", r.Hop, r.Text)
			}
			for _, q := range questions {
				if strings.HasPrefix(q, "off") {
					t.Errorf("%s was asked", q)
				}
			}
		})
	}
}

// TestWalk follows the three artefacts over the hops.
func TestWalk(t *testing.T) {
	tests := []struct {
		name string
		list string
		says script
		want probe.Ending
		// at is the artefact where it ends, if it does not end well.
		at   probe.Artefact
		text string
		// questions in their order.
		questions string
		// by is what served anything.
		by string
	}{
		{
			"all cached", a,
			script{"cache": has},
			probe.Cached, 0, "",
			"cache.info cache.mod cache.zip", "cache",
		},
		{
			"all of one proxy", a,
			script{"cache": nothing, "a": has},
			probe.Reached, 0, "",
			"cache.info a.info cache.mod a.mod cache.zip a.zip", "a",
		},
		{
			"zip not cached", a,
			script{"cache": "++-", "a": "..+"},
			probe.Reached, 0, "",
			"cache.info cache.mod cache.zip a.zip", "cache a",
		},
		{
			"info not cached", a,
			script{"cache": "-++", "a": "+.."},
			probe.Reached, 0, "",
			"cache.info a.info cache.mod cache.zip", "cache a",
		},
		{
			"each artefact begins anew", a + "," + b,
			script{"cache": nothing, "a": "+-+", "b": ".+."},
			probe.Reached, 0, "",
			"cache.info a.info cache.mod a.mod b.mod cache.zip a.zip", "a b",
		},
		{
			"each artefact begins anew after a comma and a failure", a + "," + b,
			script{"cache": nothing, "a": "-!.", "b": "+.."},
			probe.Lost, probe.Mod, "a .mod",
			"cache.info a.info b.info cache.mod a.mod", "b",
		},
		{
			"dead host before a bar", a + "|" + b,
			script{"cache": nothing, "a": fails, "b": has},
			probe.Reached, 0, "",
			"cache.info a.info b.info cache.mod a.mod b.mod cache.zip a.zip b.zip", "b",
		},
		{
			"zip fails before a comma", a + "," + b,
			script{"cache": nothing, "a": "++!", "b": "+"},
			probe.Lost, probe.Zip, "a .zip",
			infoFirst + "cache.mod a.mod cache.zip a.zip b.info", "a b",
		},
		{
			"zip fails before a bar", a + "|" + b,
			script{"cache": nothing, "a": "++!", "b": "..+"},
			probe.Reached, 0, "",
			infoFirst + "cache.mod a.mod cache.zip a.zip b.zip", "a b",
		},
		{
			"zip spoiled before a bar", a + "|" + b,
			script{"cache": nothing, "a": "++*"},
			probe.Lost, probe.Zip, "a .zip",
			infoFirst + "cache.mod a.mod cache.zip a.zip", "a",
		},
		{
			"no place for the zip", a,
			script{"cache": "--*", "a": "++."},
			probe.Lost, probe.Zip, "cache .zip",
			infoFirst + "cache.mod a.mod cache.zip", "a",
		},
		{
			"nobody can tell of direct", a + ",direct",
			script{"cache": nothing, "a": nothing, "direct": "?"},
			probe.Open, probe.Info, "direct .info",
			"cache.info a.info direct.info", "",
		},
		{
			"nobody can tell of a proxy before a bar", a + "|" + b,
			script{"cache": nothing, "a": "+?."},
			probe.Open, probe.Mod, "a .mod",
			infoFirst + "cache.mod a.mod", "a",
		},
		{
			"off", "off",
			script{"cache": nothing},
			probe.Lost, probe.Info, offText,
			"cache.info", "",
		},
		{
			"off with all but the zip cached", "off",
			script{"cache": "++-"},
			probe.Lost, probe.Zip, offText,
			"cache.info cache.mod cache.zip", "cache",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, questions := perform(t, goproxy(t, test.list, false), test.says, untouched)
			if r.Ending != test.want || r.Text != test.text {
				t.Errorf("ending %d with %q, want %d with %q", r.Ending, r.Text, test.want, test.text)
			}
			if (r.Ending == probe.Lost || r.Ending == probe.Open) && r.Artefact != test.at {
				t.Errorf("it ends at %v, want %v", r.Artefact, test.at)
			}
			if (r.Fault != nil) != (r.Ending == probe.Lost) {
				t.Errorf("fault %+v of ending %d", r.Fault, r.Ending)
			}
			if diff := cmp.Diff(strings.Fields(test.questions), questions); diff != "" {
				t.Errorf("questions (-want +got):\n%s", diff)
			}
			var by []string
			for _, h := range r.ServedBy() {
				by = append(by, hopName(h))
			}
			if diff := cmp.Diff(strings.Fields(test.by), slices.Clip(append([]string{}, by...))); diff != "" {
				t.Errorf("served by (-want +got):\n%s", diff)
			}
		})
	}
}

// TestWholeHosts walks routes without a cache, where one visit to a hop brings
// all that is certain to be asked there.
func TestWholeHosts(t *testing.T) {
	r := goproxy(t, a+","+b, false)
	r.Hops = r.Hops[1:]
	report, need := probe.Walk(r, answerBook{}.look)
	if need == nil || need.Hop != 0 || !slices.Equal(need.Artefacts, allThree) {
		t.Errorf("need %+v, want all three artefacts of the first hop", need)
	}
	if report.Hop != -1 || len(report.Results) != 2 {
		t.Errorf("unfinished report %+v", report)
	}
	_, need = probe.Walk(r, answerBook{{0, wanted, probe.Info}: {Outcome: probe.Miss}}.look)
	if need == nil || need.Hop != 1 || !slices.Equal(need.Artefacts, []probe.Artefact{probe.Info}) {
		t.Errorf("need %+v, want .info alone of the second hop", need)
	}
}

func TestStops(t *testing.T) {
	tests := []struct {
		name string
		stop route.Stop
		want probe.Ending
		text string
	}{
		{"excluded", route.Stop{Kind: route.Excluded, Text: "dropping"}, probe.Spared, "dropping"},
		{"bad version", route.Stop{Kind: route.BadVersion, Text: "malformed"}, probe.Lost, "malformed"},
		{"bad go.sum", route.Stop{Kind: route.BadSum, Text: "malformed go.sum"}, probe.Lost, "malformed go.sum"},
		{"too old a toolchain", route.Stop{Kind: route.NeedsToolchain, Text: "go.mod requires"}, probe.Lost, "go.mod requires"},
		{"a toolchain that is there", route.Stop{Kind: route.Installed, Text: "the installed go1.26.1 is new enough"}, probe.Spared, "the installed go1.26.1 is new enough"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := goproxy(t, a, false)
			r.Stop = test.stop
			report, questions := perform(t, r, nil, untouched)
			if report.Ending != test.want || report.Text != test.text || len(questions) != 0 {
				t.Errorf("ending %d with %q after %v, want %d with %q", report.Ending, report.Text, questions, test.want, test.text)
			}
		})
	}
}

func TestSums(t *testing.T) {
	mismatch := func(subject, sum string) string {
		return "verifying corp.example/a@v1.0.0" + subject + ": checksum mismatch\n\tdownloaded: h1:served\n\tgo.sum:     " + sum
	}
	tests := []struct {
		name string
		sums route.Sums
		says script
		want probe.Ending
		text string
	}{
		{"both right", route.Sums{Mod: []string{"h1:served"}, Zip: []string{"h1:served"}}, script{"cache": has}, probe.Cached, ""},
		{"none", route.Sums{}, script{"cache": has}, probe.Cached, ""},
		{"mod wrong", route.Sums{Mod: []string{"h1:other"}}, script{"cache": has}, probe.Lost, mismatch("/go.mod", "h1:other")},
		{"mod wrong at a proxy before a bar", route.Sums{Mod: []string{"h1:other"}}, script{"cache": nothing, "a": has}, probe.Lost, mismatch("/go.mod", "h1:other")},
		{"zip wrong", route.Sums{Zip: []string{"h1:other"}}, script{"cache": has}, probe.Lost, mismatch("", "h1:other")},
		{"second line right", route.Sums{Mod: []string{"h1:other", "h1:served"}}, script{"cache": has}, probe.Lost, mismatch("/go.mod", "h1:other")},
		{"second line wrong", route.Sums{Mod: []string{"h1:served", "h1:other"}}, script{"cache": has}, probe.Cached, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := goproxy(t, a+"|"+b, false)
			r.Sums = test.sums
			report, _ := perform(t, r, test.says, func(ans *probe.Answer) {
				if ans.Artefact != probe.Info {
					ans.Sum = "h1:served"
				}
			})
			if report.Ending != test.want || report.Text != test.text {
				t.Errorf("ending %d with %q, want %d with %q", report.Ending, report.Text, test.want, test.text)
			}
			if report.Ending == probe.Lost && (report.Fault == nil || report.Fault.Cause != probe.SumMismatch || report.Hop < 0) {
				t.Errorf("fault %+v of hop %d", report.Fault, report.Hop)
			}
		})
	}
	t.Run("unknown hash", func(t *testing.T) {
		r := goproxy(t, a, false)
		r.Sums.Zip = []string{"h1:other"} // which the first bytes of a zip cannot tell
		if report, _ := perform(t, r, script{"cache": nothing, "a": has}, untouched); report.Ending != probe.Reached {
			t.Errorf("ending %d with %q", report.Ending, report.Text)
		}
	})
}

func TestSumDB(t *testing.T) {
	const right, wrong = "h1:right", "h1:wrong"
	full := route.Sums{Mod: []string{right}, Zip: []string{right}}
	tests := []struct {
		name string
		has  route.Sums // in go.sum
		says string     // the sign of the database
		// record is what it holds, served the hash of what the proxy serves.
		record route.Sums
		served string
		want   probe.Ending
		text   string
	}{
		{"agrees", route.Sums{}, "+", full, right, probe.Reached, ""},
		{"not asked", full, "", route.Sums{}, right, probe.Reached, ""},
		{"knows only the zip", route.Sums{}, "+", route.Sums{Zip: []string{right}}, right, probe.Lost, "verifying go.mod: checksum missing from sumdb response"},
		{"another go.mod", route.Sums{}, "+", route.Sums{Mod: []string{wrong}}, right, probe.Lost, "verifying go.mod: checksum mismatch"},
		{"another zip", route.Sums{Mod: []string{right}}, "+", route.Sums{Zip: []string{wrong}}, right, probe.Lost, "verifying module: checksum mismatch"},
		{"fails", route.Sums{}, "!", route.Sums{}, right, probe.Lost, "verifying go.mod: " + wanted.Path + "@" + wanted.Version + "/go.mod: sumdb record"},
		{"fails about the zip", route.Sums{Mod: []string{right}}, "!", route.Sums{}, right, probe.Lost, "verifying module: " + wanted.Path + "@" + wanted.Version + ": sumdb record"},
		{"is silent, as go would be", route.Sums{}, "!", route.Sums{}, right, probe.Lost, ""},
		{"cannot be asked", route.Sums{}, "?", route.Sums{}, right, probe.Open, "sumdb record"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := goproxy(t, a, false)
			r.Sums, r.SumDB = test.has, &route.Hop{Kind: route.SumDB, Why: "there is no go.sum"}
			report, _ := perform(t, r, script{"cache": nothing, "a": has, "sumdb": test.says}, func(ans *probe.Answer) {
				switch ans.Artefact {
				case probe.Mod, probe.Zip:
					ans.Sum = test.served
				case probe.Record:
					ans.Sums = test.record
					if test.want == probe.Lost && test.text == "" {
						ans.Text = ""
					}
				case probe.Info, probe.List:
				}
			})
			if report.Ending != test.want || report.FirstLine() != test.text {
				t.Errorf("ending %d with %q, want %d with %q", report.Ending, report.Text, test.want, test.text)
			}
			if blamed := report.Hop == len(r.Hops); blamed != (test.says == "!") && report.Ending == probe.Lost {
				t.Errorf("hop %d is blamed", report.Hop)
			}
		})
	}
}

func TestGoLine(t *testing.T) {
	tests := []struct {
		name, goLine string
		running      route.Running
		want         probe.Ending
		text         string
	}{
		{"older", "1.20", route.Running{Version: "1.26.0", Setting: "local"}, probe.Reached, ""},
		{"same", "1.26.0", route.Running{Version: "1.26.0", Setting: "local"}, probe.Reached, ""},
		{"none", "", route.Running{Version: "1.26.0", Setting: "local"}, probe.Reached, ""},
		{"newer", "1.27.0", route.Running{Version: "1.26.0", Setting: "local"}, probe.Lost, "requires go >= 1.27.0 (running go 1.26.0; GOTOOLCHAIN=local)"},
		{"newer, and go may switch", "1.27.0", route.Running{Version: "1.26.0", Switches: true}, probe.Open, "it wants go 1.27.0, to which the go command would switch first"},
		{"newer, and nothing is known of go", "1.27.0", route.Running{}, probe.Reached, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := goproxy(t, a, false)
			r.Running = test.running
			report, _ := perform(t, r, script{"cache": nothing, "a": has}, func(ans *probe.Answer) {
				if ans.Artefact == probe.Mod {
					ans.GoVersion = test.goLine
				}
			})
			if report.Ending != test.want || report.Text != test.text {
				t.Errorf("ending %d with %q, want %d with %q", report.Ending, report.Text, test.want, test.text)
			}
			if report.Ending == probe.Lost && (report.Fault == nil || report.Fault.Cause != probe.TooOld) {
				t.Errorf("fault %+v", report.Fault)
			}
		})
	}
}

// TestQuery walks for a version that has to be resolved first.
func TestQuery(t *testing.T) {
	r := goproxy(t, a, false)
	r.Mod.Version, r.Query = "main", true
	known := answerBook{}
	want := []probe.Need{
		{Hop: 0, Mod: r.Mod, Artefacts: []probe.Artefact{probe.Info}},
		{Hop: 1, Mod: r.Mod, Artefacts: []probe.Artefact{probe.Info}},
		{Hop: 0, Mod: wanted, Artefacts: []probe.Artefact{probe.Mod, probe.Zip}},
		{Hop: 1, Mod: wanted, Artefacts: []probe.Artefact{probe.Mod}},
		{Hop: 0, Mod: wanted, Artefacts: []probe.Artefact{probe.Zip}},
		{Hop: 1, Mod: wanted, Artefacts: []probe.Artefact{probe.Zip}},
	}
	for i := range want {
		_, need := probe.Walk(r, known.look)
		if diff := cmp.Diff(&want[i], need); diff != "" {
			t.Fatalf("need %d (-want +got):\n%s", i, diff)
		}
		ans := probe.Answer{Outcome: probe.OK, Version: wanted.Version}
		if need.Hop == 0 {
			ans.Outcome = probe.Miss
		}
		known[asked{need.Hop, need.Mod, need.Artefacts[0]}] = ans
	}
	report, need := probe.Walk(r, known.look)
	if need != nil || report.Ending != probe.Reached || report.Served != wanted {
		t.Errorf("ending %d, served %v, need %+v", report.Ending, report.Served, need)
	}
}

// TestVersions is about the list that tells a wrong version from a wrong path.
func TestVersions(t *testing.T) {
	tests := []struct {
		name, list string
		says       script
		query      bool
		questions  string
		known      bool
	}{
		{"missing version", a, script{"cache": nothing, "a": nothing, "a.list": "+"}, false, "cache.info a.info a.list", true},
		{"missing module", a, script{"cache": nothing, "a": nothing, "a.list": "-"}, false, "cache.info a.info a.list", false},
		{"list that fails", a, script{"cache": nothing, "a": nothing, "a.list": "!"}, false, "cache.info a.info a.list", false},
		{"the last proxy is asked", a + "," + b, script{"cache": nothing, "a": nothing, "b": nothing, "b.list": "+"}, false, "cache.info a.info b.info b.list", true},
		{"the last proxy before off", a + ",off", script{"cache": nothing, "a": nothing, "a.list": "+"}, false, "cache.info a.info a.list", true},
		{"not after a failure", a + "," + b, script{"cache": nothing, "a": nothing, "b": fails}, false, "cache.info a.info b.info", false},
		{"not for a query", a, script{"cache": nothing, "a": nothing}, true, "cache.info a.info", false},
		{"not for a zip that the last proxy lacks", a + "," + b, script{"cache": nothing, "a": nothing, "b": "++-"}, false, "cache.info a.info b.info cache.mod a.mod b.mod cache.zip a.zip b.zip", false},
		{"not for a missing zip", a, script{"cache": nothing, "a": "++-"}, false, "cache.info a.info cache.mod a.mod cache.zip a.zip", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := goproxy(t, test.list, false)
			r.Query = test.query
			report, questions := perform(t, r, test.says, func(ans *probe.Answer) {
				if ans.Artefact == probe.List && ans.Outcome == probe.OK {
					ans.Versions = []string{"v0.9.0"}
				}
			})
			if report.Ending != probe.Lost || report.Artefact == probe.List {
				t.Errorf("ending %d at %v", report.Ending, report.Artefact)
			}
			if diff := cmp.Diff(strings.Fields(test.questions), questions); diff != "" {
				t.Errorf("questions (-want +got):\n%s", diff)
			}
			if got := len(report.Known) > 0; got != test.known {
				t.Errorf("known versions %v", report.Known)
			}
		})
	}
}

func TestFellBack(t *testing.T) {
	tests := []struct {
		name, list string
		says       script
		hop        int // -1 for none
		text       string
	}{
		{"first hop serves", a + "|" + b, script{"cache": nothing, "a": has}, -1, ""},
		{"first hop lacks it", a + "," + b, script{"cache": nothing, "a": nothing, "b": has}, -1, ""},
		{"first hop fails", a + "|" + b, script{"cache": nothing, "a": fails, "b": has}, 1, "a .info"},
		{"first hop fails late", a + "|" + b, script{"cache": nothing, "a": "++!", "b": "..+"}, 1, "a .zip"},
		{"all fail", a + "|" + b, script{"cache": nothing, "a": fails, "b": fails}, -1, ""},
		{"cached", a + "|" + b, script{"cache": has}, -1, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			report, _ := perform(t, goproxy(t, test.list, false), test.says, untouched)
			hop, ans, ok := report.FellBack()
			if ok != (test.hop >= 0) || ok && hop != test.hop || ans.Text != test.text {
				t.Errorf("fell back %v, hop %d, %q, want hop %d, %q", ok, hop, ans.Text, test.hop, test.text)
			}
		})
	}
}

// TestSkippedHops has hops that go passes by, whatever they would say.
func TestSkippedHops(t *testing.T) {
	r := goproxy(t, a+","+b+",direct", true)
	report, questions := perform(t, r, script{"cache": nothing, "direct": "-"}, untouched)
	if report.Ending != probe.Lost || report.Text != "direct .info" {
		t.Errorf("ending %d with %q", report.Ending, report.Text)
	}
	if diff := cmp.Diff([]string{"cache.info", "direct.info", "direct.info"}, questions); diff != "" {
		t.Errorf("questions (-want +got):\n%s", diff)
	}
	t.Run("all of them", func(t *testing.T) {
		r := route.Route{Mod: wanted, Hops: []route.Hop{{Kind: route.Off, Skip: "GOPRIVATE"}}}
		report, _ := perform(t, r, nil, untouched)
		if report.Ending != probe.Lost || report.Hop != -1 || report.Text != offText || report.Fault == nil || report.Fault.Cause != probe.ProxyOff {
			t.Errorf("report %+v", report)
		}
	})
}

func TestFirstLine(t *testing.T) {
	r := probe.Report{Text: "reading it: 404 Not Found\n\tserver response: gone"}
	if got, want := r.FirstLine(), "reading it: 404 Not Found"; got != want {
		t.Errorf("first line %q, want %q", got, want)
	}
}
