package fakenet

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Go runs the go command in dir, cut off from this machine's settings and
// caches: HOME, GOPATH, GOMODCACHE and GOCACHE are empty directories of the
// test, GOENV, GOPROXY and GOSUMDB are off, GOTOOLCHAIN is local, and no other
// variable but PATH is inherited. env, as "NAME=value", is added and wins. For
// two runs with the same module cache, pass GOMODCACHE=[ModCache] to both.
//
// The command is killed when ctx ends; err is then ctx's error. Otherwise it
// is that of [exec.Cmd.Run], an *exec.ExitError if the command failed.
func Go(ctx context.Context, t testing.TB, dir string, env []string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	home := t.TempDir()
	for _, setting := range env {
		if given, ok := strings.CutPrefix(setting, "HOME="); ok && filepath.IsAbs(given) {
			home = given
		}
	}
	quiet(t, home)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	// A process group of git and others may hold the pipes when go is killed.
	cmd.WaitDelay = time.Second
	cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"),
		"SYSTEMROOT=" + os.Getenv("SYSTEMROOT"), // Windows has no sockets without
		"PWD=" + dir,
		"HOME=" + home,
		"USERPROFILE=" + home,
		"APPDATA=" + filepath.Join(home, "AppData"),
		"TMPDIR=" + home,
		"TMP=" + home,
		"GOPATH=" + filepath.Join(home, "gopath"),
		"GOMODCACHE=" + ModCache(t),
		"GOCACHE=" + filepath.Join(home, "gocache"),
		"GOENV=off",
		"GOFLAGS=",
		"GOPROXY=off",
		"GOSUMDB=off",
		"GOTOOLCHAIN=local",
		"GIT_CONFIG_NOSYSTEM=1",
		"GIT_TERMINAL_PROMPT=0",
	}, env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	if err != nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	return out.String(), errs.String(), err
}

// ModCache returns an empty directory for a module cache. The go command makes
// what it puts there read-only; the test's end removes it nevertheless.
func ModCache(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	t.Cleanup(func() {
		// TempDir's own cleanup follows and reports what could not be removed.
		filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				err = os.Chmod(path, 0o777)
			}
			return err
		})
	})
	return dir
}

// quiet switches telemetry off for a home directory. Else go leaves a child
// behind that still writes there while the test removes it.
func quiet(t testing.TB, home string) {
	t.Helper()
	if home == "" {
		return // nowhere to write
	}
	for _, config := range []string{".config", "Library/Application Support", "AppData"} {
		dir := filepath.Join(home, filepath.FromSlash(config), "go", "telemetry")
		err := os.MkdirAll(dir, 0o777)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, "mode"), []byte("off"), 0o666)
		}
		if err != nil {
			t.Fatalf("fakenet: switching telemetry off: %v", err)
		}
	}
}
