package gomod

import (
	"errors"

	"golang.org/x/mod/modfile"
)

// complaint gives modfile's words about a piece of a file that was found bad,
// without file name and position. The piece is a whole file to modfile.
func complaint(kind Kind, source string) string {
	var err error
	if kind == WorkFile {
		_, err = modfile.ParseWork("", []byte(source), nil)
	} else {
		_, err = modfile.Parse("", []byte(source), nil)
	}
	var list modfile.ErrorList
	if !errors.As(err, &list) || len(list) == 0 {
		return "syntax error"
	}
	first := list[0]
	first.Filename, first.Pos = "", modfile.Position{}
	return first.Error()
}
