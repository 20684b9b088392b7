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
	name, err := filePath(target)
	if err != nil {
		return Answer{Outcome: Failed, Text: err.Error(), Fault: &Fault{Phase: Request, Cause: BadAnswer, Err: err}}
	}
	body, err := readHead(name, artefactLimit(a))
	ans := Answer{Outcome: OK, At: time.Now()}
	if err == nil {
		read(&ans, body, q, a)
		return ans
	}
	f := &Fault{Phase: Request, Cause: BadAnswer, Err: err}
	ans.Outcome, ans.Fault = Failed, f
	inner := err
	if at := (*os.PathError)(nil); errors.As(err, &at) {
		inner = at.Err
	}
	ans.Text = fmt.Sprintf("reading %s: %v", route.Redacted(target), inner)
	switch {
	case readable(err):
		ans.Text = networkText("read", route.Redacted(target), err)
	case errors.Is(err, os.ErrNotExist):
		ans.Outcome, f.Cause = Miss, NotFound
	case errors.Is(err, os.ErrPermission):
		f.Cause = Forbidden
	}
	return ans
}

// readable reports whether the error came after the file was opened.
func readable(err error) bool {
	var at *os.PathError
	return errors.As(err, &at) && at.Op != "open"
}
