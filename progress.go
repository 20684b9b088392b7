package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// progress is a bar on a terminal; elsewhere it shows nothing.
type progress struct {
	w     io.Writer // nil where there is no terminal
	start time.Time
	last  time.Time
	shown bool
}

const (
	// progressAfter spares quick runs the flicker of a bar.
	progressAfter = 300 * time.Millisecond
	// progressEvery is as often as an eye can follow.
	progressEvery = 100 * time.Millisecond
	// progressWidth is the length of the bar where there is room for it, and
	// minProgressWidth one that still tells something.
	progressWidth, minProgressWidth = 40, 10
)

func newProgress(w io.Writer) *progress {
	if !isTerminal(w) {
		w = nil
	}
	return &progress{w: w, start: time.Now()}
}

// ticks says when to show the progress again although nothing happened: that
// time passes is worth knowing. Without a terminal it never does.
func (p *progress) ticks() (tick <-chan time.Time, stop func()) {
	if p.w == nil {
		return nil, func() {}
	}
	ticker := time.NewTicker(progressEvery)
	return ticker.C, ticker.Stop
}

func (p *progress) show(done, total int) {
	now := time.Now()
	if p.w == nil || now.Sub(p.start) < progressAfter || now.Sub(p.last) < progressEvery {
		return
	}
	p.last, p.shown = now, true
	fmt.Fprint(p.w, "\r\x1b[K"+progressLine(done, total, now.Sub(p.start), columns(p.w)))
}

// progressLine is what to show of done/total on a line of so many columns. It
// leaves the last column free: some terminals begin a new line behind it.
func progressLine(done, total int, passed time.Duration, width int) string {
	line := fmt.Sprintf("%d/%d  %d s", done, total, passed/time.Second)
	bar := min(progressWidth, width-len("[] ")-len(line)-1)
	switch {
	case bar >= minProgressWidth:
		full := bar * done / max(total, 1)
		return "[" + strings.Repeat("=", full) + strings.Repeat(" ", bar-full) + "] " + line
	case len(line) < width:
		return line
	}
	return ""
}

// clear takes the bar away.
func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}
