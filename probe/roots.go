package probe

import (
	"crypto/x509"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/modreach/modreach/route"
)

// workspaceRoots gives the authorities to trust where the workspace, and not
// the process, names them by SSL_CERT_FILE or SSL_CERT_DIR; nil where it does
// not, and so crypto/x509 reads those variables itself. It only knows how to
// add to the system's.
func workspaceRoots(env route.Env) *x509.CertPool {
	file, dir := env.Get("SSL_CERT_FILE"), env.Get("SSL_CERT_DIR")
	if file.Origin != route.Workspace && dir.Origin != route.Workspace {
		return nil
	}
	switch runtime.GOOS {
	case "darwin", "ios", "windows":
		return nil // the system verifies, and does not look at the variables
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	names := []string{file.Value}
	for d := range strings.SplitSeq(dir.Value, ":") {
		entries, _ := os.ReadDir(d) // like crypto/x509: what cannot be read adds nothing
		for _, e := range entries {
			names = append(names, filepath.Join(d, e.Name()))
		}
	}
	for _, name := range names {
		if text, err := os.ReadFile(name); err == nil {
			roots.AppendCertsFromPEM(text)
		}
	}
	return roots
}
