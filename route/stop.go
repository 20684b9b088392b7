package route

// Stop ends a route before its first hop. The zero Stop is none.
type Stop struct {
	Kind StopKind
	// Text is what the go command prints, without "go: " and the module.
	Text string
}

// StopKind is why a route ends before its first hop.
type StopKind uint8

const (
	// NoStop is the zero value: the hops are walked.
	NoStop StopKind = iota
	// Excluded is a requirement that an exclude directive drops.
	Excluded
	// BadPath is a module path the go command refuses.
	BadPath
	// BadVersion is a version the go command refuses for this path.
	BadVersion
	// BadList is a GOPROXY list the go command cannot use at all.
	BadList
	// BadReplace is a replace directive that can never work.
	BadReplace
	// NeedsToolchain is a go line newer than any toolchain that GOTOOLCHAIN
	// lets the go command become without fetching it.
	NeedsToolchain
	// NoModCache is a missing or relative GOMODCACHE.
	NoModCache
	// BadSetting is another setting with which every go command fails before
	// it looks at a module: GO111MODULE, GOFLAGS, GOPATH, GOTOOLCHAIN, GOWORK.
	BadSetting
	// BadSum is a go.sum that the go command cannot read.
	BadSum
	// NoGo is a machine without a go command, or where none was to be asked: no
	// one knows what its own go.env says.
	NoGo
	// Installed is a toolchain that is on this machine; Text says where.
	Installed
)

// String gives the name used in logs and tests.
func (k StopKind) String() string {
	return [...]string{
		"none", "excluded", "bad path", "bad version", "bad list", "bad replace",
		"needs toolchain", "no module cache", "bad setting", "bad go.sum", "no go command", "installed",
	}[k]
}
