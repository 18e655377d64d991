package browser

import (
	"encoding/json"
	"strings"
)

// A View is the window a page is looked at in.
type View struct {
	Width, Height int
	Phone         bool // as a phone shows pages: by its viewport, with touch
	Dark          bool
	Print         bool
}

// A Tab is an open page.
type Tab struct {
	b       *Browser
	session string
	Trouble []string // errors, warnings, broken rules, failed requests
	Asked   []string // what it wanted to fetch, itself the first
}

// Open opens a page and waits until it is drawn.
func (b *Browser) Open(url string, v View) *Tab {
	b.t.Helper()
	var made struct{ TargetID, SessionID string }
	b.call("", "Target.createTarget", map[string]any{"url": "about:blank"}, &made)
	b.call("", "Target.attachToTarget", map[string]any{"targetId": made.TargetID, "flatten": true}, &made)
	t := &Tab{b: b, session: made.SessionID}
	for _, domain := range []string{"Page", "Runtime", "Log", "Network", "Security", "Audits"} {
		t.call(domain+".enable", nil, nil)
	}
	t.See(v)
	b.saw = nil
	t.call("Page.navigate", map[string]any{"url": url}, nil)
	if !b.has(t.session, "Page.loadEventFired") {
		b.until("the page", func(m message) bool { return m.Session == t.session && m.Method == "Page.loadEventFired" })
	}
	t.Eval("document.fonts.ready.then(() => true)", nil)
	t.told()
	return t
}

// See changes the window.
func (t *Tab) See(v View) {
	t.b.t.Helper()
	t.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": v.Width, "height": v.Height, "deviceScaleFactor": 1, "mobile": v.Phone}, nil)
	scheme, media := "light", ""
	if v.Dark {
		scheme = "dark"
	}
	if v.Print {
		media = "print"
	}
	t.call("Emulation.setEmulatedMedia", map[string]any{"media": media, "features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
}

func (t *Tab) call(method string, params, result any) {
	t.b.t.Helper()
	if params == nil {
		params = struct{}{}
	}
	t.b.call(t.session, method, params, result)
}

func (b *Browser) has(session, method string) bool {
	for _, m := range b.saw {
		if m.Session == session && m.Method == method {
			return true
		}
	}
	return false
}

// troubles are what a page in order never causes.
var troubles = map[string]bool{
	"Runtime.exceptionThrown": true, "Runtime.consoleAPICalled": true, "Log.entryAdded": true,
	"Network.loadingFailed": true, "Audits.issueAdded": true, "Inspector.targetCrashed": true,
}

// told sorts what the browser said of the page meanwhile.
func (t *Tab) told() {
	for _, m := range t.b.saw {
		switch {
		case m.Session != t.session:
		case troubles[m.Method]:
			t.Trouble = append(t.Trouble, m.String())
		case m.Method == "Network.requestWillBeSent":
			var p struct{ Request struct{ URL string } }
			if json.Unmarshal(m.Params, &p) == nil {
				t.Asked = append(t.Asked, p.Request.URL)
			}
		}
	}
	t.b.saw = nil
}

// Eval asks the page something; result nil does not care.
func (t *Tab) Eval(js string, result any) {
	t.b.t.Helper()
	var got struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	t.call("Runtime.evaluate", map[string]any{"expression": strings.TrimSpace(js), "returnByValue": true, "awaitPromise": true}, &got)
	if e := got.ExceptionDetails; e != nil {
		t.b.t.Fatalf("asking the page: %s %s", e.Text, e.Exception.Description)
	}
	if result != nil {
		if err := json.Unmarshal(got.Result.Value, result); err != nil {
			t.b.t.Fatalf("asking the page: %v: %s", err, got.Result.Value)
		}
	}
}

// Picture is the page as PNG, the height of it all or at most so many pixels.
func (t *Tab) Picture(most int) []byte {
	t.b.t.Helper()
	var size struct{ W, H float64 }
	t.Eval("({W: document.documentElement.clientWidth, H: document.documentElement.scrollHeight})", &size)
	var got struct{ Data []byte }
	t.call("Page.captureScreenshot", map[string]any{"format": "png", "captureBeyondViewport": true,
		"clip": map[string]any{"x": 0, "y": 0, "width": size.W, "height": min(size.H, float64(most)), "scale": 1}}, &got)
	return got.Data
}

// Clip is the part of the page an element takes, as PNG.
func (t *Tab) Clip(selector string) []byte {
	t.b.t.Helper()
	var r struct{ X, Y, Width, Height float64 }
	t.Eval(`(() => { const r = document.querySelector(`+quoted(selector)+`).getBoundingClientRect(); return {X: r.x + scrollX, Y: r.y + scrollY, Width: r.width, Height: r.height} })()`, &r)
	var got struct{ Data []byte }
	t.call("Page.captureScreenshot", map[string]any{"format": "png", "captureBeyondViewport": true,
		"clip": map[string]any{"x": max(0, r.X-16), "y": r.Y, "width": r.Width + 32, "height": min(r.Height, 6000), "scale": 1}}, &got)
	return got.Data
}

func quoted(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

func number(f float64) string {
	b, _ := json.Marshal(f)
	return string(b)
}

// Close closes the page.
func (t *Tab) Close() { t.call("Page.close", nil, nil) }
