package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"attune/internal/corpus"
	"attune/internal/report/browser"
)

// views are how the page is looked at. The phone is the narrowest sold.
var views = []struct {
	name string
	browser.View
}{
	{"desktop-light", browser.View{Width: 1280, Height: 900}},
	{"desktop-dark", browser.View{Width: 1280, Height: 900, Dark: true}},
	{"phone-light", browser.View{Width: 360, Height: 780, Phone: true}},
	{"phone-dark", browser.View{Width: 360, Height: 780, Phone: true, Dark: true}},
	{"print", browser.View{Width: 794, Height: 1123, Print: true}},
}

// In a real browser: no error and no warning, nothing fetched, nothing wider
// than the window, every text readable, headings in order, and no element that
// a device's name could have made.
func TestReportInBrowser(t *testing.T) {
	b := browser.Start(t)
	pages := map[string]string{"booted": booted, "hostile": hostile(t)}
	for _, file := range kept(t, "seats") {
		pages[strings.TrimSuffix(filepath.Base(file), ".txtar")] = file
	}
	if real := corpus.Machines(t); len(real) > 0 {
		pages["corpus"] = real[0]
	}
	for name, root := range pages {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "page.html")
			if err := os.WriteFile(file, pageOf(t, root), 0o644); err != nil {
				t.Fatal(err)
			}
			for _, v := range views {
				look(t, b, "file://"+file, name+"-"+v.name, v.View)
			}
		})
	}
}

func look(t *testing.T, b *browser.Browser, url, name string, v browser.View) {
	t.Helper()
	tab := b.Open(url, v)
	defer tab.Close()
	if len(tab.Trouble) > 0 || len(tab.Asked) != 1 || tab.Asked[0] != url {
		t.Errorf("%s: trouble %q, asked for %q", name, tab.Trouble, tab.Asked)
	}
	tab.Eval(`document.querySelectorAll('details').forEach(d => d.open = true)`, nil)
	for _, e := range tab.Wider() {
		t.Errorf("%s: wider than the window: %s, to %.0f px", name, e.What, e.Is)
	}
	for _, e := range tab.Faint(4.5) {
		t.Errorf("%s: hard to read: %s, contrast %.2f", name, e.What, e.Is)
	}
	var page struct {
		Styled            bool
		Title, Scheme     string
		Foreign, Headings []string
		Nameless, Loose   int
	}
	tab.Eval(`({
		Styled: getComputedStyle(document.querySelector('.badge')).borderTopWidth !== '0px',
		Title: document.title,
		Foreign: [...document.querySelectorAll('script,img,iframe,object,embed,link,base,form,input,audio,video,[onclick],[onerror],[style]')].map(e => e.outerHTML.slice(0, 80)),
		Headings: [...document.querySelectorAll('h1,h2,h3')].map(h => h.tagName),
		Nameless: [...document.querySelectorAll('table')].filter(t => !t.caption || !t.caption.textContent.trim()).length
			+ [...document.querySelectorAll('svg')].filter(s => s.getAttribute('aria-hidden') !== 'true' && !(s.getAttribute('aria-label') || s.querySelector('title'))).length,
		Loose: [...document.querySelectorAll('nav a')].filter(a => !document.querySelector(a.getAttribute('href'))).length,
	})`, &page)
	if !page.Styled || !strings.HasSuffix(page.Title, "– attune report") || len(page.Foreign) > 0 || page.Nameless > 0 || page.Loose > 0 {
		t.Errorf("%s: %+v", name, page)
	}
	for i, h := range page.Headings {
		if i == 0 && h != "H1" || i > 0 && (h == "H1" || h == "H3" && page.Headings[i-1] == "H1") {
			t.Errorf("%s: headings %v", name, page.Headings)
			break
		}
	}
	tab.Eval(`document.querySelectorAll('details:not([id])').forEach(d => { if (!d.hasAttribute('data-was')) d.open = false })`, nil)
	if err := browser.Keep("report", name, tab.Picture(12_000)); err != nil {
		t.Error(err)
	}
}
