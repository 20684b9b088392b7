package probe

import (
	"context"
	"net/url"
	"slices"
	"sync"
	"time"

	"golang.org/x/mod/module"
)

// Measured is what a proxy can do, as far as a few requests show.
type Measured struct {
	// Has reports that it knows the module that it was asked about.
	Has bool
	// SumDB reports that it serves the checksum database of the settings.
	SumDB bool
	// Times are those of its answers, sorted; empty if none came.
	Times []time.Duration
	// Fault is why an answer did not come; nil if all did.
	Fault *Fault
}

// samples is how many answers a median is taken of: so few that no proxy minds,
// enough that the first one, which pays for the connection, does not count.
const samples = 5

// maxShort bounds the list of versions that is read each time, in bytes: some
// thousand of them.
const maxShort = 64 << 10

// Median is that of the times; 0 where there are none.
func (m Measured) Median() time.Duration {
	if len(m.Times) == 0 {
		return 0
	}
	return m.Times[len(m.Times)/2]
}

// Measure asks proxies about one module, all at once, some times each. The module
// must be public: whoever asks has to see to that. It returns when ctx is done
// with what there is then; the results come in the order of the bases.
func (p *Prober) Measure(ctx context.Context, bases []*url.URL, modulePath string, patience Patience) []Measured {
	all := make([]Measured, len(bases))
	var asked sync.WaitGroup
	for i, base := range bases {
		asked.Go(func() { all[i] = p.measure(ctx, base, modulePath, patience) })
	}
	asked.Wait()
	return all
}

func (p *Prober) measure(ctx context.Context, base *url.URL, modulePath string, patience Patience) (m Measured) {
	list, err := artefactURL(base, module.Version{Path: modulePath}, List)
	if err != nil {
		return m
	}
	for range samples {
		_, ans := p.fetch(ctx, list, maxShort, patience)
		if ctx.Err() != nil {
			break
		}
		if m.Fault = p.secrets.hideInFault(ans.Fault); ans.Outcome != OK {
			break
		}
		m.Has = true
		var took time.Duration
		for _, s := range ans.Steps {
			took += s.Took
		}
		m.Times = append(m.Times, took)
	}
	slices.Sort(m.Times)
	setting, err := p.opts.Env.SumDB()
	if err != nil || setting.Off || m.Fault != nil && m.Fault.HostLevel() {
		return m
	}
	_, ans := p.fetch(ctx, base.JoinPath("sumdb", setting.Name, "supported"), maxErrorBody, patience)
	m.SumDB = ans.Outcome == OK
	return m
}
