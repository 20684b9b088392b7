package codeactions

import (
	"slices"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/route"
)

// The one database with a second address that the go command knows by itself.
const (
	golangSumDB = "sum.golang.org"
	golangAlias = "sum.golang.google.cn"
)

// verified are the other ways to the same checksum database, whose key stays
// what it is. There is none that verifies less.
func (s Scene) verified(t trouble) []Trial {
	hop, asked := t.hop()
	if !asked || hop.Kind != route.SumDB || t.Code != diagnostics.SumDBUnreachable {
		return nil
	}
	db, err := s.Env.SumDB()
	if err != nil || db.Off {
		return nil
	}
	key := db.Key
	if db.Name == golangSumDB {
		key = golangSumDB // the go command knows the rest
	}
	var all []Trial
	add := func(value, title, host string, preferred bool) {
		if value == s.Env.Get("GOSUMDB").Value {
			return
		}
		all = append(all, Trial{
			Requirement: t.requirement, Values: map[string]string{"GOSUMDB": value},
			title: s.say(title, "{host}", host), preferred: preferred,
		})
	}
	if db.Fixed {
		add(key, "Ask the same checksum database through the proxies that serve it, or at {host} (GOSUMDB)", db.Name, true)
	}
	if db.Name == golangSumDB {
		add(golangAlias, "Ask the same checksum database at {host} (GOSUMDB)", golangAlias, true)
	}
	own := append(s.proxies(), s.Mirrors...)
	for i, address := range slices.Concat(own, s.TeamMirrors) {
		entries, err := route.ParseProxies(address)
		if err != nil || len(entries) != 1 || entries[0].Kind != route.Proxy || entries[0].URL.User != nil || entries[0].URL.Scheme == "file" {
			continue
		}
		u := entries[0].URL.JoinPath("sumdb", db.Name)
		add(key+" "+u.String(), "Ask the same checksum database at the proxy {host} (GOSUMDB)", entries[0].URL.Host, i < len(own))
	}
	return all
}

// proxies are the entries of GOPROXY that are proxies, as written.
func (s Scene) proxies() []string {
	entries, err := s.Env.Proxies()
	if err != nil {
		return nil
	}
	var all []string
	for _, e := range entries {
		if e.Kind == route.Proxy {
			all = append(all, e.Raw)
		}
	}
	return all
}
