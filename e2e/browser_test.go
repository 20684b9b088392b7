//go:build unix

package e2e

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// browser is a Chromium without a screen, one page of it, and no network. It is
// spoken to over two pipes, in messages that a zero byte ends.
type browser struct {
	t       *testing.T
	to      *os.File
	from    *bufio.Reader
	session string
	last    int
	// said are the complaints of the page, asked the addresses it wanted.
	said, asked []string
}

// message is one of the DevTools protocol: a call, its answer or an event.
type message struct {
	ID      int             `json:"id,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  any             `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// newBrowser starts a browser that ends with the test; it skips the test where
// there is none.
func newBrowser(t *testing.T) *browser {
	t.Helper()
	var program string
	for _, name := range []string{"chromium", "google-chrome", "chromium-browser"} {
		if path, err := exec.LookPath(name); err == nil && program == "" {
			program = path
		}
	}
	if program == "" {
		t.Skip("there is neither Chromium nor Chrome")
	}
	theirs, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, ours, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	// It is asked to close when the context of the test is over.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
	cmd := exec.CommandContext(ctx, program,
		"--headless", "--remote-debugging-pipe", "--user-data-dir="+home,
		"--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-color-profile=srgb", "--hide-scrollbars",
		"--no-first-run", "--disable-background-networking", "--disable-component-update", "--no-proxy-server",
		"--host-resolver-rules=MAP * ~NOTFOUND",
	)
	cmd.Env = append(os.Environ(), "HOME="+home)
	cmd.ExtraFiles = []*os.File{theirs, ours}
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	theirs.Close()
	ours.Close()
	b := &browser{t: t, to: to, from: bufio.NewReader(from)}
	t.Cleanup(func() {
		b.t, b.session = t, ""
		b.call("Browser.close", nil, nil)
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
		cancel()
		to.Close()
		from.Close()
	})
	if err := from.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	var target struct {
		TargetID string `json:"targetId"`
	}
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct {
		SessionID string `json:"sessionId"`
	}
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network", "Audits"} {
		b.call(domain+".enable", nil, nil)
	}
	b.call("Network.emulateNetworkConditions", map[string]any{"offline": true, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}, nil)
	return b
}

// call calls a method and takes the answer into result, unless that is nil.
func (b *browser) call(method string, params, result any) {
	b.t.Helper()
	b.last++
	id := b.last
	text, err := json.Marshal(message{ID: id, Session: b.session, Method: method, Params: params})
	if err == nil {
		_, err = b.to.Write(append(text, 0))
	}
	if err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
	for {
		m := b.next()
		switch {
		case m.ID != id:
		case m.Error != nil:
			b.t.Fatalf("%s: %s", method, m.Error.Message)
		default:
			if result != nil {
				if err := json.Unmarshal(m.Result, result); err != nil {
					b.t.Fatalf("%s: %v", method, err)
				}
			}
			return
		}
	}
}

// next reads one message and keeps what tells of trouble.
func (b *browser) next() message {
	b.t.Helper()
	text, err := b.from.ReadBytes(0)
	if err != nil {
		b.t.Fatalf("listening to the browser: %v", err)
	}
	text = text[:len(text)-1]
	var m message
	if err := json.Unmarshal(text, &m); err != nil {
		b.t.Fatal(err)
	}
	switch m.Method {
	case "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded", "Audits.issueAdded":
		b.said = append(b.said, string(text))
	case "Network.requestWillBeSent":
		var event struct {
			Params struct {
				Request struct {
					URL string `json:"url"`
				} `json:"request"`
			} `json:"params"`
		}
		if err := json.Unmarshal(text, &event); err != nil {
			b.t.Fatal(err)
		}
		b.asked = append(b.asked, event.Params.Request.URL)
	}
	return m
}

// look is how somebody looks at a page.
type look struct {
	width  int
	scheme string // light or dark
}

// open shows a file as it looks on a screen of that kind.
func (b *browser) open(name string, l look) {
	b.t.Helper()
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": l.width, "height": 900, "deviceScaleFactor": 1, "mobile": l.width < 500}, nil)
	b.view(l, "screen")
	path, err := filepath.Abs(name)
	if err != nil {
		b.t.Fatal(err)
	}
	b.said, b.asked = nil, nil
	b.call("Page.navigate", map[string]any{"url": (&url.URL{Scheme: "file", Path: path}).String()}, nil)
	for b.next().Method != "Page.loadEventFired" {
	}
}

// view shows the page on a medium: screen or print. It takes effect with the
// next frame.
func (b *browser) view(l look, medium string) {
	b.t.Helper()
	scheme := []map[string]string{{"name": "prefers-color-scheme", "value": l.scheme}}
	b.call("Emulation.setEmulatedMedia", map[string]any{"media": medium, "features": scheme}, nil)
	eval[int](b, "new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r(0))))")
}

// eval gives the value of an expression in the page, or what it promises.
func eval[T any](b *browser, expression string) T {
	b.t.Helper()
	var got struct {
		Result struct {
			Value T `json:"value"`
		} `json:"result"`
		Exception any `json:"exceptionDetails"`
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &got)
	if got.Exception != nil {
		b.t.Fatalf("%s: %v", expression, got.Exception)
	}
	return got.Result.Value
}

// picture takes one of the upper part of the page, so many pixels high; 0 for
// all of it.
func (b *browser) picture(l look, height int) []byte {
	b.t.Helper()
	if height == 0 {
		height = eval[int](b, "document.documentElement.scrollHeight")
	}
	var shot struct{ Data string }
	clip := map[string]any{"x": 0, "y": 0, "width": l.width, "height": height, "scale": 1}
	b.call("Page.captureScreenshot", map[string]any{"format": "png", "captureBeyondViewport": true, "clip": clip}, &shot)
	return b.decoded(shot.Data)
}

func (b *browser) decoded(data string) []byte {
	b.t.Helper()
	raw, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		b.t.Fatal(err)
	}
	return raw
}

// quiet makes sure that the page complained of nothing and asked for nothing
// but itself.
func (b *browser) quiet(name string) {
	b.t.Helper()
	b.call("Runtime.evaluate", map[string]any{"expression": "0"}, nil) // what was said by now has come
	for _, words := range b.said {
		b.t.Errorf("the page complains: %s", words)
	}
	if len(b.asked) != 1 || !strings.HasSuffix(b.asked[0], filepath.Base(name)) {
		b.t.Errorf("the page asks for %q", b.asked)
	}
}
