package doctor

import (
	"fmt"
	"net/url"
	"slices"

	"github.com/modreach/modreach/route"
)

// SumDBDoor gives the host of the checksum database, which is asked at an address
// unless err tells why none is known; ok is false where there is no host to look
// at, or it is among the doors already.
func SumDBDoor(db route.Database, at *url.URL, err error, doors []Door) (d Door, ok bool) {
	if err != nil || at.Scheme == "file" || slices.ContainsFunc(doors, func(d Door) bool { return sameHost(d.Hop.URL, at) }) {
		return Door{}, false
	}
	return Door{Hop: route.Hop{Kind: route.SumDB, URL: at}, Roles: []string{"checksum database " + db.Name}}, true
}

// SumDBCheck tells of a checksum database that has no host of its own to look at.
func SumDBCheck(db route.Database, at *url.URL, err error) Check {
	c := Check{ID: "host.sumdb", Status: OK, Title: "checksum database", Code: ""}
	if err != nil {
		c.Status = Skipped
		c.Detail = fmt.Sprintf("not looked at: where to ask %s cannot be told.", db.Name)
		if why := err.Error(); why != "" { // a proxy that says nothing leaves no words either
			c.Detail += " " + why + "."
		}
		return c
	}
	c.Detail = fmt.Sprintf("%s is served by %s.", db.Name, at.Host)
	return c
}
