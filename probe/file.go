package probe

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	"github.com/modreach/modreach/route"
)

// askFile reads an artefact of a file:// proxy. A missing file is a 404 to the
// go command, a forbidden one a 403.
func askFile(q Question, target *url.URL, a Artefact) Answer {
	ans, body := readFileURL(target, artefactLimit(a))
	if ans.Outcome == OK {
		read(&ans, body, q, a)
	}
	return ans
}

// readFileURL reads at most limit bytes of what a file URL names.
func readFileURL(target *url.URL, limit int64) (Answer, []byte) {
	name, err := filePath(target)
	if err != nil {
		return Answer{Outcome: Failed, Text: err.Error(), Fault: &Fault{Phase: Request, Cause: BadAnswer, Err: err}}, nil
	}
	body, err := readHead(name, limit)
	ans := Answer{Outcome: OK, At: time.Now(), Asked: byHand("cat", name)}
	if err == nil {
		return ans, body
	}
	f := &Fault{Phase: Request, Cause: BadAnswer, Err: err}
	ans.Outcome, ans.Fault = Failed, f
	switch at, opening := errors.AsType[*os.PathError](err); {
	case !opening || at.Op != "open":
		ans.Text = networkText("read", route.Redacted(target), err)
	case errors.Is(err, os.ErrNotExist):
		ans.Outcome, f.Cause = Miss, NotFound
		ans.Text = fmt.Sprintf("reading %s: %v", route.Redacted(target), at.Err)
	case errors.Is(err, os.ErrPermission):
		f.Cause = Forbidden
		ans.Text = fmt.Sprintf("reading %s: %v", route.Redacted(target), at.Err)
	default:
		ans.Text = err.Error()
	}
	return ans, nil
}
