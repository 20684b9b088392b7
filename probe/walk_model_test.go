package probe_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// situation is a route and what its hops say.
type situation struct {
	route route.Route
	says  [][probe.Artefacts]probe.Outcome // by hop
	known [][probe.Artefacts]bool          // what others found out before
}

// readSituation makes a situation of any bytes.
func readSituation(data []byte) situation {
	next := func() byte {
		if len(data) == 0 {
			return 0
		}
		first := data[0]
		data = data[1:]
		return first
	}
	s := situation{route: route.Route{Required: wanted, Mod: wanted}}
	kinds := []route.Kind{route.Cache, route.Proxy, route.Proxy, route.Proxy, route.Direct, route.Off, route.Directory, route.Vendor}
	for range next() % 7 {
		traits := next()
		hop := route.Hop{Kind: kinds[traits%8], Why: "a test", Falls: route.Falls(traits >> 3 & 1)}
		if traits>>4 == 15 {
			hop.Skip = "a test"
		}
		var says [probe.Artefacts]probe.Outcome
		var known [probe.Artefacts]bool
		for a := range says {
			sign := next()
			// Rather the outcomes after which the walk goes on.
			says[a] = []probe.Outcome{probe.OK, probe.OK, probe.Miss, probe.Miss, probe.Failed, probe.Failed, probe.Spoiled, probe.Unsure}[sign%8]
			known[a] = sign>>3 == 31
		}
		s.route.Hops = append(s.route.Hops, hop)
		s.says, s.known = append(s.says, says), append(s.known, known)
	}
	return s
}

// conclusion is how a walk ends, without words.
type conclusion struct {
	ending   probe.Ending
	hop      int
	artefact probe.Artefact
}

// model walks as cmd/go does, which knows all answers: TryProxies of
// cmd/go/internal/modfetch, once for each artefact. It gives the visits as well.
func (s situation) model() (end conclusion, visits []string) {
	cached := true
	for _, a := range allThree {
		best, rank, served := -1, 0, false
	hops:
		for i, hop := range s.route.Hops {
			if hop.Skip != "" {
				continue
			}
			outcome := s.says[i][a]
			if hop.Kind == route.Off {
				outcome = probe.Miss
			} else {
				visits = append(visits, fmt.Sprint(i, a))
			}
			switch outcome {
			case probe.Unsure:
				return conclusion{probe.Open, i, a}, visits
			case probe.Spoiled:
				return conclusion{probe.Lost, i, a}, visits
			case probe.OK:
				if hop.Kind == route.Directory || hop.Kind == route.Vendor {
					return conclusion{probe.Spared, i, a}, visits
				}
				cached = cached && hop.Kind == route.Cache
				served = true
				break hops
			}
			switch {
			case hop.Kind == route.Cache && outcome == probe.Miss:
			case hop.Kind == route.Direct:
				best, rank = i, 2
			case rank <= 1 && outcome == probe.Failed:
				best, rank = i, 1
			case rank == 0:
				best = i
			}
			if outcome == probe.Failed && hop.Falls == route.NotFound {
				break
			}
		}
		if !served {
			return conclusion{probe.Lost, best, a}, visits
		}
	}
	if cached {
		return conclusion{probe.Cached, -1, 0}, visits
	}
	return conclusion{probe.Reached, -1, 0}, visits
}

// check walks a situation and compares with the model: the end, and that each
// question not answered before is put once, in the order of the visits.
func (s situation) check() error {
	book := answerBook{}
	answer := func(hop int, a probe.Artefact) probe.Answer {
		return probe.Answer{Artefact: a, Outcome: s.says[hop][a], Text: "a test"}
	}
	known := map[string]bool{}
	for i := range s.known {
		for _, a := range allThree {
			if s.known[i][a] {
				book[asked{i, wanted, a}] = answer(i, a)
				known[fmt.Sprint(i, a)] = true
			}
		}
	}
	var questions []string
	var report probe.Report
	for turn := 0; ; turn++ {
		if turn > len(s.says)*probe.Artefacts {
			return fmt.Errorf("no end after %v", questions)
		}
		r, need := probe.Walk(s.route, book.look)
		if need == nil {
			report = r
			break
		}
		for _, a := range need.Artefacts {
			id := asked{need.Hop, need.Mod, a}
			if _, twice := book[id]; twice {
				return fmt.Errorf("hop %d is asked twice for %v", need.Hop, a)
			}
			book[id] = answer(need.Hop, a)
			if a != probe.List {
				questions = append(questions, fmt.Sprint(need.Hop, a))
			}
			if book[id].Outcome != probe.OK {
				break // as Prober.Ask does
			}
		}
	}
	want, visits := s.model()
	got := conclusion{report.Ending, report.Hop, report.Artefact}
	if got != want {
		return fmt.Errorf("it ends with %+v, want %+v", got, want)
	}
	visits = slices.DeleteFunc(visits, func(v string) bool { return known[v] })
	if !slices.Equal(questions, visits) {
		return fmt.Errorf("questions %v, want %v", questions, visits)
	}
	return nil
}

func (s situation) String() string {
	text := ""
	for i, hop := range s.route.Hops {
		text += fmt.Sprintf("%v %v skip=%q says %v known %v\n", hop.Kind, hop.Falls, hop.Skip, s.says[i], s.known[i])
	}
	return text
}

// TestWalkAgainstModel tries many situations, the same ones every time.
func TestWalkAgainstModel(t *testing.T) {
	source := rand.New(rand.NewPCG(1, 2))
	ends := map[probe.Ending]int{}
	for range 20_000 {
		data := make([]byte, 40)
		for i := range data {
			data[i] = byte(source.Uint32())
		}
		s := readSituation(data)
		if err := s.check(); err != nil {
			t.Fatalf("%v\n%v", err, s)
		}
		end, _ := s.model()
		ends[end.ending]++
	}
	for _, e := range []probe.Ending{probe.Reached, probe.Cached, probe.Lost, probe.Open, probe.Spared} {
		if ends[e] == 0 {
			t.Errorf("no situation ended with %d", e)
		}
	}
}

func FuzzWalk(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{3, 0, 2, 2, 2, 2, 1, 0, 2, 0, 0, 4, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		s := readSituation(data)
		if err := s.check(); err != nil {
			t.Fatalf("%v\n%v", err, s)
		}
	})
}
