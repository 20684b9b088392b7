package patrol_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/modreach/modreach/patrol"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// at wants one module from each host, over routes that do not share a hop.
func at(hosts ...string) []route.Route {
	var all []route.Route
	for _, h := range hosts {
		all = append(all, line("m@v1.0.0", h))
	}
	return all
}

func TestWeather(t *testing.T) {
	offline := patrol.Weather{Sky: patrol.Offline, Hosts: []string{"a.example", "b.example"}}
	for _, test := range []struct {
		name  string
		hosts map[string]manner
		wants []string
		want  patrol.Weather
	}{
		{"all is well", nil, []string{"a.example", "b.example"}, patrol.Weather{}},
		{
			"two hosts cannot be resolved",
			map[string]manner{"a.example": unresolved, "b.example": unresolved},
			[]string{"b.example", "a.example"},
			offline,
		},
		{
			"one host cannot be resolved",
			map[string]manner{"a.example": unresolved},
			[]string{"a.example"},
			patrol.Weather{},
		},
		{
			"two ports of one host",
			map[string]manner{"a.example": unresolved, "a.example:8443": unresolved},
			[]string{"a.example", "a.example:8443"},
			patrol.Weather{},
		},
		{
			"two hosts cannot be resolved, but a third answers",
			map[string]manner{"a.example": unresolved, "b.example": unresolved, "c.example": lacks},
			[]string{"a.example", "b.example", "c.example"},
			patrol.Weather{},
		},
		{
			"two hosts refuse: the network is there",
			map[string]manner{"a.example": refuses, "b.example": refuses},
			[]string{"a.example", "b.example"},
			patrol.Weather{},
		},
		{
			"a login page answers",
			map[string]manner{"a.example": logsIn, "b.example": unresolved},
			[]string{"a.example", "b.example"},
			patrol.Weather{Sky: patrol.Captive, Hosts: []string{"a.example"}},
		},
		{
			"one unknown authority speaks for two hosts",
			map[string]manner{"a.example": signedBy("Corp"), "b.example": signedBy("Corp"), "c.example": serves(0)},
			[]string{"a.example", "b.example", "c.example"},
			patrol.Weather{Sky: patrol.Intercepted, Hosts: []string{"a.example", "b.example"}, Issuer: "CN=Corp"},
		},
		{
			"two unknown authorities speak for a host each",
			map[string]manner{"a.example": signedBy("One"), "b.example": signedBy("Two")},
			[]string{"a.example", "b.example"},
			patrol.Weather{},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			play(t, patrol.Options{Fresh: patrol.EditorFreshness}, test.hosts, func(s *scene) {
				s.Want("go.mod", 0, at(test.wants...))
				s.settled()
				_, got := s.Snapshot("go.mod")
				expect(t, "weather", test.want, got)

				// It lasts as long as what it is told by.
				s.wait(10 * time.Minute)
				_, got = s.Snapshot("go.mod")
				expect(t, "weather later", test.want, got)

				for h := range test.hosts {
					s.set(h, serves(0))
				}
				s.wait(6 * time.Minute)
				_, got = s.Snapshot("go.mod")
				expect(t, "weather when all is well again", patrol.Weather{}, got)
			})
		})
	}
}

// TestPortalPassed has a host answer for itself after a login page was seen.
func TestPortalPassed(t *testing.T) {
	play(t, patrol.Options{}, map[string]manner{"a.example": logsIn, "b.example": serves(time.Second)}, func(s *scene) {
		s.Want("go.mod", 0, at("a.example", "b.example"))
		s.wait(0)
		_, got := s.Snapshot("go.mod")
		expect(t, "weather", patrol.Weather{Sky: patrol.Captive, Hosts: []string{"a.example"}}, got)
		s.settled()
		_, got = s.Snapshot("go.mod")
		expect(t, "weather after an answer", patrol.Weather{}, got)
	})
}

// TestOneHostBehindTwoGates is a checksum database that is asked by way of a
// proxy: when that is dead, one host is.
func TestOneHostBehindTwoGates(t *testing.T) {
	viaA := func(_ string, patience probe.Patience) reply { return unresolved("a.example:443", patience) }
	hosts := map[string]manner{"a.example": unresolved, "sum.example": viaA, "c.example": serves(0)}
	play(t, patrol.Options{Fresh: patrol.EditorFreshness}, hosts, func(s *scene) {
		l := line("m@v1.0.0", "a.example|c.example")
		l.SumDB = &route.Hop{Kind: route.SumDB, URL: &url.URL{Scheme: "https", Host: "sum.example"}}
		s.Want("go.mod", 0, []route.Route{l})
		s.wait(5 * time.Minute)
		if s.count("knock", "a.example") < 2 || s.count("knock", "sum.example") < 2 {
			t.Errorf("the dead host was not looked at on both ways: %q", s.diary())
		}
		_, got := s.Snapshot("go.mod")
		expect(t, "weather", patrol.Weather{}, got)
	})
}

// TestOfflineAfterSuccess takes half a minute without any success.
func TestOfflineAfterSuccess(t *testing.T) {
	hosts := map[string]manner{"a.example": unresolved, "b.example": unresolved, "c.example": serves(0)}
	play(t, patrol.Options{Fresh: patrol.EditorFreshness}, hosts, func(s *scene) {
		s.Want("go.mod", 0, at("a.example", "b.example", "c.example"))
		s.settled()
		s.wait(28 * time.Second)
		_, got := s.Snapshot("go.mod")
		expect(t, "weather soon after a success", patrol.Clear, got.Sky)
		s.wait(2 * time.Second)
		_, got = s.Snapshot("go.mod")
		expect(t, "weather half a minute after", patrol.Offline, got.Sky)
	})
}

// TestWeatherClears has the first success bring all hosts back at once, not
// each when its own time has come.
func TestWeatherClears(t *testing.T) {
	names := []string{"a.example", "b.example", "c.example", "d.example"}
	for _, test := range []struct {
		name string
		bad  manner
		sky  patrol.Sky
	}{
		{"offline", unresolved, patrol.Offline},
		{"intercepted", signedBy("Corp"), patrol.Intercepted},
	} {
		t.Run(test.name, func(t *testing.T) {
			hosts := map[string]manner{}
			for _, n := range names {
				hosts[n] = test.bad
			}
			play(t, patrol.Options{Fresh: patrol.EditorFreshness}, hosts, func(s *scene) {
				s.Want("go.mod", 0, at(names...))
				s.wait(time.Hour)
				_, w := s.Snapshot("go.mod")
				expect(t, "weather", patrol.Weather{Sky: test.sky, Hosts: names, Issuer: w.Issuer}, w)
				s.diary()
				for _, n := range names {
					s.set(n, serves(0))
				}
				// Until the first of them is looked at.
				for s.count("ask", "") == 0 {
					s.wait(time.Second)
				}
				expect(t, "status", []string{"4 reached"}, s.status("go.mod"))
				_, w = s.Snapshot("go.mod")
				expect(t, "weather after it", patrol.Weather{}, w)
			})
		})
	}
}

// TestNewHostClearsOffline has a host that was never seen before, such as one
// behind a VPN, bring the others back.
func TestNewHostClearsOffline(t *testing.T) {
	play(t, patrol.Options{Fresh: patrol.EditorFreshness}, map[string]manner{"a.example": unresolved, "b.example": unresolved}, func(s *scene) {
		s.Want("go.mod", 0, at("a.example", "b.example"))
		s.wait(time.Hour)
		s.set("a.example", serves(0))
		s.set("b.example", serves(0))
		s.Want("other", 0, at("c.example"))
		s.wait(0)
		expect(t, "status", []string{"2 reached"}, s.status("go.mod"))
	})
}

// TestLoneFailureDoesNotPersist leaves a host alone that stays dead under a
// clear sky, however often others answer.
func TestLoneFailureDoesNotPersist(t *testing.T) {
	hosts := map[string]manner{"a.example": signedBy("Corp"), "b.example": signedBy("Corp"), "c.example": serves(0)}
	play(t, patrol.Options{Fresh: patrol.Freshness{Found: time.Minute}}, hosts, func(s *scene) {
		s.Want("go.mod", 0, at("a.example", "b.example", "c.example"))
		s.wait(30 * time.Minute)
		if n := s.count("ask", "a.example"); n > 13 {
			t.Errorf("a.example was asked %d times in half an hour, want the backoff's 12 or so", n)
		}
		if n := s.count("ask", "c.example"); n < 30 {
			t.Errorf("c.example was asked %d times, want once a minute", n)
		}
	})
}

func TestSkyWords(t *testing.T) {
	var words []string
	for s := patrol.Clear; s <= patrol.Filtered; s++ {
		words = append(words, s.String())
	}
	expect(t, "words", []string{"clear", "offline", "captive", "intercepted", "filtered"}, words)
}
