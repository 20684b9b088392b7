package probe

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/modreach/modreach/route"
)

// goImport is one go-import tag: the modules whose paths begin with Prefix are
// kept in a repository.
type goImport struct{ prefix, vcs, repo, subdir string }

// readGoImports gives the go-import tags in the head of a page. It reads the
// page as the go command does: as XML of the most tolerant kind, passing over
// tags that have neither three nor four fields. Where tags of a proxy stand
// beside others with the same prefix, the others do not count, and all those of
// proxies come first. An error tells why the page could not be read to the end
// of its head; the go command minds it only if there was no tag before.
func readGoImports(page io.Reader) ([]goImport, error) {
	var proxies, others []goImport
	served := map[string]bool{} // the prefixes of proxies
	tags := xml.NewDecoder(page)
	tags.Strict = false
	tags.CharsetReader = plainCharset
	var err error
	for {
		var token xml.Token
		if token, err = tags.RawToken(); err != nil || endsHead(token) {
			break
		}
		tag, ok := goImportOf(token)
		switch {
		case !ok:
		case tag.vcs == route.ModVCS:
			proxies, served[tag.prefix] = append(proxies, tag), true
		default:
			others = append(others, tag)
		}
	}
	all := proxies
	for _, tag := range others {
		if !served[tag.prefix] {
			all = append(all, tag)
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return all, err
}

// plainCharset lets pages be in UTF-8 and in what is part of it. Its words are
// the go command's.
func plainCharset(charset string, page io.Reader) (io.Reader, error) {
	switch strings.ToLower(charset) {
	case "utf-8", "ascii":
		return page, nil
	}
	return nil, fmt.Errorf("can't decode XML document using charset %q", charset)
}

// endsHead reports whether no tag counts any more.
func endsHead(token xml.Token) bool {
	switch t := token.(type) {
	case xml.StartElement:
		return strings.EqualFold(t.Name.Local, "body")
	case xml.EndElement:
		return strings.EqualFold(t.Name.Local, "head")
	}
	return false
}

// goImportOf reads one tag; ok is false for any other.
func goImportOf(token xml.Token) (tag goImport, ok bool) {
	e, isStart := token.(xml.StartElement)
	if !isStart || !strings.EqualFold(e.Name.Local, "meta") || attribute(e, "name") != "go-import" {
		return goImport{}, false
	}
	switch f := strings.Fields(attribute(e, "content")); len(f) {
	case 3:
		return goImport{f[0], f[1], f[2], ""}, true
	case 4:
		return goImport{f[0], f[1], f[2], f[3]}, true
	}
	return goImport{}, false
}

// attribute gives the value of the first attribute with a name; empty for none.
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if strings.EqualFold(a.Name.Local, name) {
			return a.Value
		}
	}
	return ""
}

// covers reports whether the tag is for a module path.
func (tag goImport) covers(modulePath string) bool {
	rest, ok := strings.CutPrefix(modulePath, tag.prefix)
	return ok && (rest == "" || rest[0] == '/' || strings.HasSuffix(tag.prefix, "/"))
}

// repository is what the tag tells.
func (tag goImport) repository() route.Repository {
	return route.Repository{VCS: tag.vcs, URL: tag.repo, Root: tag.prefix, Subdir: tag.subdir}
}

// errManyTags is the error of a page on which several tags are for one path.
var errManyTags = errors.New("several go-import tags are for the path")

// unmatched has the tags of a page that has none for a path. Its words are the
// go command's.
type unmatched struct {
	modulePath string
	tags       []goImport
}

func (e *unmatched) Error() string {
	var each []string
	for _, tag := range e.tags {
		each = append(each, fmt.Sprintf("meta tag %s did not match import path %s", tag.prefix, e.modulePath))
	}
	return strings.Join(each, ", ")
}

// pickGoImport gives the one tag that is for a module path; the error is
// errManyTags or an *unmatched. Beside the tag of a proxy those of other kinds
// do not count.
func pickGoImport(tags []goImport, modulePath string) (goImport, error) {
	var found []goImport
	for _, tag := range tags {
		if tag.covers(modulePath) {
			found = append(found, tag)
		}
	}
	switch {
	case len(found) == 0:
		return goImport{}, &unmatched{modulePath, tags}
	case len(found) == 1, found[0].vcs == route.ModVCS && found[1].vcs != route.ModVCS:
		return found[0], nil
	}
	return goImport{}, errManyTags
}
