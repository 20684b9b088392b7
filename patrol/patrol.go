// Package patrol decides what is asked when, so that nothing is asked twice and
// no host more than it can bear.
//
// A document tells its whole wanted set at each version; debouncing,
// deduplication and cancellation all follow from who still wants a thing. Each
// wanted route is walked as far as the answers in hand allow, and what the walk
// needs next is asked once for everybody. One goroutine, the loop, owns all of
// this; workers only ask and bring answers back.
package patrol

import (
	"context"
	"time"

	"go.uber.org/zap"

	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// Checker asks hops; *probe.Prober is the real one.
type Checker interface {
	// Ask puts a question to its hop; see [probe.Prober.Ask].
	Ask(ctx context.Context, q probe.Question) []probe.Answer
	// Knock learns whether the host of a hop answers anything; nil if it does.
	Knock(ctx context.Context, hop route.Hop, patience probe.Patience) *probe.Fault
}

// Options tune a Patrol. The zero value is right for one pass over a file.
type Options struct {
	// Settle is how long a new want waits before it is asked, so that what
	// stands in a file only while somebody types is never asked.
	Settle time.Duration
	// Fresh bounds the age of answers; the zero value keeps them for good.
	Fresh Freshness
	// HTTP1 and HTTP2 bound the questions in flight at one host; 0 means the
	// defaults.
	HTTP1, HTTP2 int
}

// Freshness is how long an answer counts before it is asked again. A zero
// duration means for good.
type Freshness struct {
	// Found is for what was served, Missing for what was not there, Failing
	// for errors of a host that answers. A dead host has a gate of its own.
	Found, Missing, Failing time.Duration
}

// EditorFreshness suits a file that stays open for hours: a published version
// does not go away, a missing one is often about to be pushed, and a server
// error rarely lasts.
var EditorFreshness = Freshness{Found: 10 * time.Minute, Missing: 2 * time.Minute, Failing: time.Minute}

const (
	// defaultHTTP1 is the bound for one connection per question.
	defaultHTTP1 = probe.MaxConnections
	// defaultHTTP2 is what common servers let one connection carry at once
	// (net/http 250, nginx 128, Envoy 100): beyond it a second one is opened.
	defaultHTTP2 = 250
	// localWidth bounds the questions to this machine's disk.
	localWidth = 32
)

// Status is what is known of one wanted route.
type Status struct {
	Report probe.Report
	// Settled reports that Report is final until it goes stale.
	Settled bool
	// Slow reports that a host that answers others has not answered this
	// within the short deadline and is being given the long one.
	Slow bool
}

// Patrol is the scheduler. Make one with New, Start it, Stop it.
type Patrol struct {
	checker Checker
	opts    Options
	log     *zap.Logger

	calls   chan func()
	results chan result
	changed chan struct{}
	cancel  context.CancelFunc
	stopped chan struct{}

	// The rest belongs to the loop.
	ctx   context.Context
	docs  map[string][]*line
	jobs  map[key]*job
	books map[key]*book
	gates map[string]*gate
	// walkAt is when the next line is due; zero if none is.
	walkAt time.Time
	// pending counts the lines that never settled.
	pending int
	seq     int
	dirty   bool
}

// New returns a Patrol that asks through c. Of log only the debug level is used.
func New(c Checker, o Options, log *zap.Logger) *Patrol {
	if o.HTTP1 == 0 {
		o.HTTP1 = defaultHTTP1
	}
	if o.HTTP2 == 0 {
		o.HTTP2 = defaultHTTP2
	}
	return &Patrol{
		checker: c, opts: o, log: log,
		calls:   make(chan func()),
		results: make(chan result),
		changed: make(chan struct{}, 1),
		stopped: make(chan struct{}),
		docs:    map[string][]*line{},
		jobs:    map[key]*job{},
		books:   map[key]*book{},
		gates:   map[string]*gate{},
	}
}

// Changed carries a token after something settled, was settled anew, or became
// slow. Tokens do not pile up: one stands for all that happened before it is
// taken.
func (p *Patrol) Changed() <-chan struct{} { return p.changed }

// Want replaces the whole wanted set of a document. Routes that were wanted
// before keep their answers and whatever is under way for them. Documents of a
// lower urgency number are served first. An empty set forgets the document.
func (p *Patrol) Want(doc string, urgency int, routes []route.Route) {
	p.call(func() { p.want(doc, urgency, routes) })
}

// Recheck forgets every answer the document's routes rest on, opens the gates
// they wait at, and asks again.
func (p *Patrol) Recheck(doc string) {
	p.call(func() { p.recheck(doc) })
}

// Snapshot gives the status of each route of a document, in the order they
// were wanted, and the weather.
func (p *Patrol) Snapshot(doc string) ([]Status, Weather) {
	var all []Status
	var w Weather
	p.call(func() {
		for _, l := range p.docs[doc] {
			all = append(all, l.status)
		}
		w = p.weather(time.Now())
	})
	return all, w
}

// Pending gives how many routes of all documents never settled yet.
func (p *Patrol) Pending() int {
	n := 0
	p.call(func() { n = p.pending })
	return n
}

// call runs f on the loop and waits for it; after Stop it does nothing.
func (p *Patrol) call(f func()) {
	done := make(chan struct{})
	select {
	case p.calls <- func() { f(); close(done) }:
		<-done
	case <-p.stopped:
	}
}
