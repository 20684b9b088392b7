package probe

import (
	"bytes"
	"crypto/sha256"
	"io"
	"maps"
	"slices"
	"strings"
)

// refs are what a git repository offers: the commit of HEAD, and of each
// branch and tag by its full name, such as "refs/tags/v1.0.0".
type refs map[string]string

// parseRefs reads what git ls-remote prints. An annotated tag stands for the
// commit it marks.
func parseRefs(out []byte) refs {
	all := refs{}
	peeled := refs{}
	for line := range bytes.Lines(out) {
		f := strings.Fields(string(line))
		if len(f) != 2 {
			continue
		}
		hash, name := f[0], f[1]
		if name != "HEAD" && !strings.HasPrefix(name, "refs/heads/") && !strings.HasPrefix(name, "refs/tags/") {
			continue // the go command takes no commit from a pull request
		}
		if tag, ok := strings.CutSuffix(name, "^{}"); ok {
			peeled[tag] = hash
			continue
		}
		all[name] = hash
	}
	maps.Copy(all, peeled)
	return all
}

// minHash is how many hex digits the go command takes for the beginning of a
// commit's hash: as many as git prints (cmd/go/internal/modfetch/codehost).
const minHash = 7

// revision is a name for a commit, looked up in the refs of a repository.
type revision struct {
	// ref and hash are the ref it names and that one's commit. Of a hash that
	// no ref ends in, only the hash may be known, or nothing.
	ref, hash string
	// inner reports that it may be a commit inside the history.
	inner bool
	// ambiguous reports that it begins more than one hash.
	ambiguous bool
}

// find looks a revision up as the go command does: a tag, a branch, HEAD, or
// the beginning of a hash. It gives false for what cannot be in the repository.
func (r refs) find(rev string) (revision, bool) {
	for _, ref := range []string{"refs/tags/" + rev, "refs/heads/" + rev} {
		if hash := r[ref]; hash != "" {
			return revision{ref: ref, hash: hash}, true
		}
	}
	if hash := r["HEAD"]; rev == "HEAD" && hash != "" {
		return revision{ref: rev, hash: hash}, true
	}
	if len(rev) < minHash || len(rev) > r.hashLength() || strings.Trim(rev, "0123456789abcdef") != "" {
		return revision{}, false
	}
	found := revision{inner: true}
	for ref, hash := range r {
		if !strings.HasPrefix(hash, rev) {
			continue
		}
		if found.hash != "" && found.hash != hash {
			return revision{ambiguous: true}, true
		}
		if found.ref == "" || ref < found.ref { // always the same one of several
			found.ref = ref
		}
		found.hash, found.inner = hash, false
	}
	return found, true
}

// hashLength is how many digits a whole hash has here: 40, or 64 in a
// repository that uses SHA-256.
func (r refs) hashLength() int {
	for _, hash := range r {
		return len(hash)
	}
	return 40
}

// objectFormat is the name of the hash of the repository, as git takes it.
func (r refs) objectFormat() string {
	if r.hashLength() == 64 {
		return "sha256"
	}
	return "sha1"
}

// state tells two sets of refs apart.
func (r refs) state() [sha256.Size]byte {
	sum := sha256.New()
	for _, ref := range slices.Sorted(maps.Keys(r)) {
		_, _ = io.WriteString(sum, r[ref]+" "+ref+"\n") // a hash never fails to write
	}
	return [sha256.Size]byte(sum.Sum(nil))
}

// tagsOf gives the tags that mark a commit, without "refs/tags/", in order.
func (r refs) tagsOf(hash string) []string {
	var tags []string
	for ref, h := range r {
		if tag, ok := strings.CutPrefix(ref, "refs/tags/"); ok && h == hash {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	return tags
}
