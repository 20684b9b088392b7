package doctor

// Module is one require line with the chain of hops on its way.
type Module struct {
	Path    string `json:"path"`
	Version string `json:"version"`
	Line    int    `json:"line"`
	// Verdict is "reachable", "cached", "unreachable", "unknown" or "skipped",
	// Reason one sentence about it; it may be empty.
	Verdict string `json:"verdict"`
	Reason  string `json:"reason"`
	// Code is why it is unreachable, or what is odd; empty for none.
	Code string `json:"code"`
	Hops []Hop  `json:"hops"`
}

// Hop is one stop on the way of a module.
type Hop struct {
	// Kind is "directory", "vendor", "cache", "proxy", "direct", "off" or
	// "sumdb"; Name is the hop for people, without secrets.
	Kind string `json:"kind"`
	Name string `json:"name"`
	// Why is the setting that put it there.
	Why string `json:"why"`
	// Outcome is "ok", "not-found", "fault" or "skipped", Code and Message what
	// went wrong; empty where nothing did.
	Outcome string `json:"outcome"`
	Code    string `json:"code"`
	Message string `json:"message"`
	// MS is the time spent there, in milliseconds.
	MS float64 `json:"ms"`
}

// Alternative is one proxy, measured.
type Alternative struct {
	// URL is its address, without secrets.
	URL string `json:"url"`
	// Role tells where it stands: "entry 1 of GOPROXY", "mirror".
	Role string `json:"role"`
	// Module is what it was asked about.
	Module string `json:"module"`
	// Has reports that it has the module, SumDB that it serves the checksum
	// database.
	Has   bool `json:"has"`
	SumDB bool `json:"sumdb"`
	// P50 is the median time of an answer, in milliseconds; 0 if none came.
	P50 float64 `json:"p50"`
	// Samples is how many answers that is the median of.
	Samples int `json:"samples"`
	// Message says what went wrong; empty if nothing did.
	Message string `json:"message"`
}
