package fakenet

import (
	"bytes"
	"net/http"

	"golang.org/x/mod/module"
)

// HTML answers 200 with a web page, as a login page in the way does.
func HTML(w http.ResponseWriter, r *http.Request, next http.Handler) {
	Status(http.StatusOK, loginPage, "Content-Type", "text/html; charset=utf-8")(w, r, next)
}

const loginPage = `<!DOCTYPE html>
<html><head><title>Sign in</title></head>
<body><form action="/login" method="post"><input name="user"></form></body></html>
`

// Empty answers 200 with an empty body.
func Empty(w http.ResponseWriter, r *http.Request, next http.Handler) {
	Status(http.StatusOK, "")(w, r, next)
}

// WrongVersion answers with the .info of a version nobody asked for.
func WrongVersion(w http.ResponseWriter, r *http.Request, next http.Handler) {
	Status(http.StatusOK, infoText("v0.0.1-other"), "Content-Type", "application/json")(w, r, next)
}

// OtherMod answers with the go.mod of another module.
func OtherMod(w http.ResponseWriter, r *http.Request, next http.Handler) {
	Status(http.StatusOK, "module other.example/mod\n")(w, r, next)
}

// NotZip answers 200 with bytes that are no zip file.
func NotZip(w http.ResponseWriter, r *http.Request, next http.Handler) {
	Status(http.StatusOK, "this is not a zip file", "Content-Type", "application/zip")(w, r, next)
}

// BadZip answers with a sound zip file of another module.
func BadZip(w http.ResponseWriter, r *http.Request, next http.Handler) {
	other := module.Version{Path: "other.example/mod", Version: "v1.0.0"}
	var data bytes.Buffer
	if err := writeZip(&data, other, map[string]string{"go.mod": "module other.example/mod\n"}); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	Status(http.StatusOK, data.String(), "Content-Type", "application/zip")(w, r, next)
}
