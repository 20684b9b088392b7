package fakenet

import "net/http"

// Login returns a fault that answers as the site should to who sends this name
// and password by Basic authentication, and 401 to everybody else.
func Login(user, password string) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if u, p, ok := r.BasicAuth(); !ok || u != user || p != password {
			Status(http.StatusUnauthorized, "log in first", "WWW-Authenticate", `Basic realm="fakenet"`)(w, r, nil)
			return
		}
		next.ServeHTTP(w, r)
	}
}
