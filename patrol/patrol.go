// Package patrol decides what is asked when, so that nothing is asked twice and
// no host more than it can bear.
//
//	p := patrol.New(prober, patrol.Options{}, log)
//	p.Start(ctx)
//	defer p.Stop()
//	p.Want("go.mod", 0, routes) // again at each edit, with the whole set
//	for range p.Changed() {
//		statuses, weather := p.Snapshot("go.mod")
//	}
//
// A document tells its whole wanted set at each version; debouncing,
// deduplication and cancellation all follow from who still wants a thing. Each
// wanted route is a line. A line is walked as far as the answers in hand allow;
// what the walk needs next is a job, and all lines that need the same wait for
// the same job.
//
// Each host has a gate. The first question to pass it is a look: while its
// outcome is open nothing else passes, and if a second look, the knock, finds
// the host at fault too, the gate shuts and every line that leads there has its
// answer. What is known of a host at fault is kept at its gate alone, so that
// opening the gate forgets it everywhere.
//
// One goroutine, the loop, owns all of this; workers only ask and bring answers
// back.
package patrol

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// Checker asks hops; *probe.Prober is the real one. Its methods are called from
// many goroutines at once and have to return soon after ctx is done.
type Checker interface {
	// Ask puts a question to its hop; see [probe.Prober.Ask]. Unless ctx is
	// done it gives one answer at least, and only the last may be other than OK.
	Ask(ctx context.Context, q probe.Question) []probe.Answer
	// Knock learns whether the host of a hop answers anything; nil if it does.
	Knock(ctx context.Context, hop route.Hop, patience probe.Patience) *probe.Fault
}

// Options tune a Patrol. The zero value is right for one pass over a file.
type Options struct {
	// Settle is how long a new want waits before anything is asked for it, so
	// that what stands in a file only while somebody types is never asked.
	// What is known already counts at once.
	Settle time.Duration
	// Fresh bounds the age of answers; the zero value keeps them for good.
	Fresh Freshness
	// HTTP1 and HTTP2 bound the questions in flight at one host, by the HTTP
	// it speaks; 0 means the defaults. Questions that get the long deadline
	// are counted apart, so that slow modules do not hold up the others.
	HTTP1, HTTP2 int
}

const (
	// defaultHTTP1 is the bound for one connection per question.
	defaultHTTP1 = probe.MaxConnections
	// defaultHTTP2 is what common servers let one connection carry at once
	// (net/http 250, nginx 128, Envoy 100): beyond it a second one is opened.
	defaultHTTP2 = 250
)

// Status is what is known of one wanted route.
type Status struct {
	// Report is the last one that was settled; empty before.
	Report probe.Report
	// Settled reports that there is a Report. It stays while a stale Report is
	// being renewed.
	Settled bool
	// Waits reports that an answer is awaited, be it to renew a Report.
	Waits bool
	// Slow reports that a host that answers others has not answered this
	// within the short deadline and is being given the long one.
	Slow bool
}

// Patrol is the scheduler. Make one with New, Start it, Stop it. The other
// methods may be called by many goroutines at once between Start and Stop; after
// Stop they do nothing.
type Patrol struct {
	checker Checker
	opts    Options
	log     *zap.Logger

	calls   chan func(now time.Time)
	results chan result
	changed chan struct{}
	cancel  context.CancelFunc
	stopped chan struct{}

	// The rest belongs to the loop.
	ctx     context.Context
	workers sync.WaitGroup
	docs    map[string][]*line
	jobs    map[key]*job
	books   map[key]*book
	gates   map[string]*gate
	// agenda has the lines that have to be walked at some time.
	agenda queue[*line]
	// stirred are the gates where something may be able to pass.
	stirred []*gate
	// pending counts the lines that never settled, seq all that ever were.
	pending, seq int
	// crowded is how many books and gates there may be before those that
	// nobody needs are thrown away.
	crowded int
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
		calls:   make(chan func(time.Time)),
		results: make(chan result),
		changed: make(chan struct{}, 1),
		stopped: make(chan struct{}),
		docs:    map[string][]*line{},
		jobs:    map[key]*job{},
		books:   map[key]*book{},
		gates:   map[string]*gate{},
		crowded: spare,
	}
}

// Changed carries a token after a set was wanted, and after something settled,
// was settled anew, or became slow. Tokens do not pile up: one stands for all
// that happened before it is taken. The channel is never closed.
func (p *Patrol) Changed() <-chan struct{} { return p.changed }

// Want replaces the whole wanted set of a document. Routes that were wanted
// before keep their status and whatever is under way for them. Documents of a
// lower urgency number are served first. An empty set forgets the document.
func (p *Patrol) Want(doc string, urgency int, routes []route.Route) {
	p.call(func(now time.Time) { p.want(doc, urgency, routes, now) })
}

// Recheck forgets every answer the documents' routes rest on, opens the gates
// they wait at, and asks again. The statuses stay until the new answers are
// there. A host that wants to be left alone for a while is left alone.
func (p *Patrol) Recheck(docs ...string) {
	p.call(func(now time.Time) {
		var lines []*line
		for _, doc := range docs {
			lines = append(lines, p.docs[doc]...)
		}
		p.recheck(lines, func(route.Hop) bool { return true }, now)
	})
}

// RecheckDirectories does so for what was found in directories, of all documents.
func (p *Patrol) RecheckDirectories() {
	p.call(func(now time.Time) {
		lines := slices.Concat(slices.Collect(maps.Values(p.docs))...)
		p.recheck(lines, func(h route.Hop) bool { return h.Kind == route.Directory }, now)
	})
}

// Snapshot gives the status of each route of a document, in the order they
// were wanted, and the weather; nothing for a document that wants nothing.
func (p *Patrol) Snapshot(doc string) ([]Status, Weather) {
	var all []Status
	var w Weather
	p.call(func(now time.Time) {
		for _, l := range p.docs[doc] {
			s := l.status
			s.Waits = l.waits != nil
			s.Slow = l.waits != nil && l.waits.slow()
			all = append(all, s)
		}
		w = p.weather(now)
	})
	return all, w
}

// Pending gives how many routes of all documents never settled yet.
func (p *Patrol) Pending() int {
	n := 0
	p.call(func(time.Time) { n = p.pending })
	return n
}

// call runs f on the loop and waits for it; after Stop it does nothing.
func (p *Patrol) call(f func(now time.Time)) {
	done := make(chan struct{})
	select {
	case p.calls <- func(now time.Time) { f(now); close(done) }:
		<-done
	case <-p.stopped:
	}
}
