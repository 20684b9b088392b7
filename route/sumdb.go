package route

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Database is a checksum database, as a GOSUMDB value names it.
type Database struct {
	// Off reports GOSUMDB=off; the other fields are then empty.
	Off bool
	// Name is the database's name, which its signatures carry and under which
	// proxies serve it: "sum.golang.org". It may have a path.
	Name string
	// Key is the verifier key, in the form NAME+HASH+KEY.
	Key string
	// URL is where the database answers. It is https://NAME unless Fixed.
	URL *url.URL
	// Fixed reports that the value names the URL: the go command then asks
	// that and no proxy. Otherwise it first asks the proxies of GOPROXY
	// whether they serve the database.
	Fixed bool
}

// golangSumKey is the key of the one database the go command knows by name.
const golangSumKey = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"

// ParseSumDB reads a GOSUMDB value. An error has the words of the go command,
// which it prints when it comes to look up a hash and not before.
func ParseSumDB(value string) (Database, error) {
	switch value {
	case "off":
		return Database{Off: true}, nil
	case "sum.golang.google.cn":
		// An alias the go command knows: the same database, reachable from
		// mainland China.
		value = "sum.golang.org https://sum.golang.google.cn"
	}
	fields := strings.Fields(value)
	switch {
	case len(fields) == 0:
		return Database{}, errors.New("missing GOSUMDB")
	case len(fields) > 2:
		return Database{}, errors.New("invalid GOSUMDB: too many fields")
	}
	key := fields[0]
	if key == "sum.golang.org" {
		key = golangSumKey
	}
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return Database{}, fmt.Errorf("invalid GOSUMDB: %w", err)
	}
	db := Database{Name: verifier.Name(), Key: key}
	if db.URL, err = databaseURL(db.Name); err != nil {
		return Database{}, err
	}
	if len(fields) == 2 {
		db.Fixed = true
		if db.URL, err = url.Parse(fields[1]); err == nil && db.URL.Scheme == "" {
			db.URL, err = url.Parse("https://" + strings.TrimPrefix(fields[1], "//"))
		}
		if err != nil {
			return Database{}, errors.New("invalid GOSUMDB URL: " + redactParseError(fields[1], err))
		}
	}
	return db, nil
}

// databaseURL derives the address from the name, which must be a host or a
// host and a path.
func databaseURL(name string) (*url.URL, error) {
	u, err := url.Parse("https://" + name)
	if err != nil {
		return nil, fmt.Errorf("invalid sumdb name (must be host[/path]): %s", name)
	}
	plain := url.URL{Scheme: "https", Host: u.Host, Path: u.Path}
	if strings.HasSuffix(name, "/") || u.Host == "" || *u != plain {
		return nil, fmt.Errorf("invalid sumdb name (must be host[/path]): %s %+v", name, *u)
	}
	return u, nil
}
