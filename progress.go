package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// progress is a bar on a terminal; elsewhere it shows nothing.
type progress struct {
	w     io.Writer
	start time.Time
	last  time.Time
	shown bool
}

const (
	// progressAfter spares quick runs the flicker of a bar.
	progressAfter = 300 * time.Millisecond
	// progressEvery is as often as an eye can follow.
	progressEvery = 50 * time.Millisecond
	// progressWidth leaves room for the numbers on a line of 80.
	progressWidth = 40
)

func newProgress(w io.Writer) *progress {
	if !isTerminal(w) {
		w = nil
	}
	return &progress{w: w, start: time.Now()}
}

func (p *progress) show(done, total int) {
	now := time.Now()
	if p.w == nil || now.Sub(p.start) < progressAfter || now.Sub(p.last) < progressEvery {
		return
	}
	p.last, p.shown = now, true
	full := progressWidth * done / max(total, 1)
	fmt.Fprintf(p.w, "\r\x1b[K[%s%s] %d/%d", strings.Repeat("=", full), strings.Repeat(" ", progressWidth-full), done, total)
}

// clear takes the bar away.
func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}
