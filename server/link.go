package server

import (
	"context"
	"net/url"
	"strings"

	"go.lsp.dev/protocol"
	"golang.org/x/mod/module"
)

// documentLinks lead from private modules to their hosts. The others gopls links
// to the public documentation, which it leaves for those that GOPRIVATE covers.
func (s *session) documentLinks(ctx context.Context, now *snapshot, p documentParams) ([]protocol.DocumentLink, error) {
	links := []protocol.DocumentLink{}
	v, err := s.current(ctx, now, string(p.TextDocument.URI))
	if err != nil || v == nil {
		return links, err
	}
	private := v.env.Get("GOPRIVATE").Value
	for _, r := range v.file.Requires {
		if page := pageOf(r.Mod.Path); page != "" && module.MatchPrefixPatterns(private, r.Mod.Path) {
			links = append(links, protocol.DocumentLink{
				Range:  v.document.ruler().span(r.Path, now.client.encoding()),
				Target: protocol.DocumentURI(page), Tooltip: say(now.client.language, "Open ") + page,
			})
		}
	}
	return links, nil
}

// pageOf gives the address where a module most likely has a page: its path, and
// on hosts that have nothing but repositories at the second level below them,
// the directory in that. It is empty for what is no path.
func pageOf(path string) string {
	if module.CheckPath(path) != nil {
		return ""
	}
	if prefix, _, ok := module.SplitPathVersion(path); ok {
		path = prefix
	}
	page := url.URL{Scheme: "https"}
	page.Host, page.Path, _ = strings.Cut(path, "/")
	page.Path = "/" + page.Path
	if page.Host == "github.com" {
		if parts := strings.SplitN(page.Path, "/", 4); len(parts) == 4 {
			page.Path = "/" + parts[1] + "/" + parts[2] + "/tree/HEAD/" + parts[3]
		}
	}
	return page.String()
}
