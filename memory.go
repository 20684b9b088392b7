package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// ease is up to where the heap of the server may grow before memory is
// collected more often than usual, in bytes: a thousand lines need half of it,
// and with what the runtime takes besides it stays below 45 MB.
const ease = 33 << 20

// heapLimit is the memory limit for a heap with so many bytes in use. A limit
// close to what is in use would have the collector run without end, so a large
// heap gets half as much again, which costs half of the edits a second.
func heapLimit(live uint64) int64 {
	return max(ease, int64(live)+int64(live)/2+ease/4) // no heap has 2^62 bytes
}

// restrain keeps small what the server holds of the memory of the machine: it
// lies idle most of the time, and each edit leaves a whole text behind. After
// each collection the limit is set anew. It leaves alone what the user has set.
func restrain() {
	if os.Getenv("GOMEMLIMIT") != "" || os.Getenv("GOGC") != "" {
		return
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	var tend func(int)
	tend = func(int) {
		metrics.Read(live)
		debug.SetMemoryLimit(heapLimit(live[0].Value.Uint64()))
		// What nobody holds goes with the next collection. It must not be so
		// small that it shares its place with others.
		runtime.AddCleanup(new([4]uint64), tend, 0)
	}
	tend(0)
}
