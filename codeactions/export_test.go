package codeactions

// What the tests see besides.
var (
	Narrowest    = narrowest
	LooksPrivate = looksPrivate
	Relative     = relative
	Chinese      = chinese
)
