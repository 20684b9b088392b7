package route

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Flags are the settings in GOFLAGS that bear on where modules come from.
type Flags struct {
	// Mod is the value of -mod: "mod", "readonly", "vendor"; empty if not set.
	Mod string
	// ModFile is the value of -modfile; empty if not set.
	ModFile string
	// ModCacheRW reports -modcacherw.
	ModCacheRW bool
}

// ParseFlags reads a GOFLAGS value. Of a repeated flag the last counts; flags
// of no interest here are ignored, known to the go command or not. An error has
// the words of the go command, with which every command fails.
func ParseFlags(value string) (Flags, error) {
	words, err := splitQuoted(value)
	if err != nil {
		return Flags{}, fmt.Errorf("parsing $GOFLAGS: %w", err)
	}
	var f Flags
	for _, word := range words {
		name, arg, hasArg := strings.Cut(word, "=")
		short := strings.TrimPrefix(strings.TrimPrefix(name, "-"), "-")
		if !strings.HasPrefix(word, "-") || short == "" || strings.HasPrefix(short, "-") {
			return Flags{}, fmt.Errorf("parsing $GOFLAGS: non-flag %q", word)
		}
		switch short {
		case "mod":
			f.Mod = arg
		case "modfile":
			if !hasArg {
				return Flags{}, errors.New("flag needs an argument: -modfile (from $GOFLAGS)")
			}
			f.ModFile = arg
		case "modcacherw", "x":
			set := true
			if hasArg {
				if set, err = strconv.ParseBool(arg); err != nil {
					return Flags{}, fmt.Errorf("invalid boolean value %q for flag -%s (from $GOFLAGS): parse error", arg, short)
				}
			}
			if short == "modcacherw" {
				f.ModCacheRW = set
			}
		}
	}
	if f.ModFile != "" && !strings.HasSuffix(f.ModFile, ".mod") {
		return Flags{}, fmt.Errorf("-modfile=%s: file does not have .mod extension", f.ModFile)
	}
	return f, nil
}

// splitQuoted splits at blanks. A field that starts with a quote runs to the
// next such quote, whatever stands between; there is no escaping.
func splitQuoted(s string) ([]string, error) {
	const blanks = " \t\n\r"
	var fields []string
	for {
		s = strings.TrimLeft(s, blanks)
		if s == "" {
			return fields, nil
		}
		if quote := s[:1]; quote == `"` || quote == `'` {
			field, rest, ok := strings.Cut(s[1:], quote)
			if !ok {
				return nil, fmt.Errorf("unterminated %s string", quote)
			}
			fields, s = append(fields, field), rest
			continue
		}
		end := strings.IndexAny(s, blanks)
		if end < 0 {
			end = len(s)
		}
		fields, s = append(fields, s[:end]), s[end:]
	}
}
