package browser

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// open opens a page made of a piece of HTML.
func open(t *testing.T, b *Browser, html string, v View) *Tab {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, []byte("<!DOCTYPE html><html lang=en><meta name=viewport content='width=device-width'><title>t</title><body style='margin:0'>"+html), 0o644); err != nil {
		t.Fatal(err)
	}
	return b.Open("file://"+file, v)
}

// What a page may do wrong is noticed, so that a page without trouble has none.
func TestTroubleIsSeen(t *testing.T) {
	b := Start(t)
	phone := View{Width: 360, Height: 640, Phone: true}
	for _, c := range []struct{ name, html, trouble, asked string }{
		{"in order", "<p>fine", "", ""},
		{"a script that fails", "<script>nothing()</script>", "exceptionThrown", ""},
		{"a word on the console", "<script>console.log('so')</script>", "consoleAPICalled", ""},
		{"a picture from elsewhere", "<img src='http://example.org/x.png' alt=x>", "loadingFailed", "http://example.org/x.png"},
		{"a style its own rules forbid", "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\"><style>p{color:red}</style>", "Content Security Policy", ""},
	} {
		tab := open(t, b, c.html, phone)
		seen := strings.Join(tab.Trouble, "\n")
		if (seen == "") != (c.trouble == "") || !strings.Contains(seen, c.trouble) {
			t.Errorf("%s: %q, want %q", c.name, seen, c.trouble)
		}
		if c.asked != "" && (len(tab.Asked) != 2 || tab.Asked[1] != c.asked) || c.asked == "" && len(tab.Asked) != 1 {
			t.Errorf("%s: asked for %q", c.name, tab.Asked)
		}
		tab.Close()
	}
}

func TestMeasures(t *testing.T) {
	b := Start(t)
	for _, c := range []struct {
		name, html  string
		view        View
		wide, faint int
	}{
		{"in order", "<p>fine", View{Width: 360, Height: 640}, 0, 0},
		{"a word that is too long", "<p>" + strings.Repeat("m", 200), View{Width: 360, Height: 640, Phone: true}, 1, 0},
		{"it fits a desktop", "<p>" + strings.Repeat("m", 60), View{Width: 1280, Height: 640}, 0, 0},
		{"grey on white", "<p style='color:#999'>hard", View{Width: 360, Height: 640}, 0, 1},
		{"the least that is enough", "<p style='color:#767676'>enough", View{Width: 360, Height: 640}, 0, 0},
		{"only by night", "<style>@media (prefers-color-scheme:dark){body{background:#000;color:#333}}</style><p>hard", View{Width: 360, Height: 640, Dark: true}, 0, 1},
		{"in a drawing", "<svg><text y=20 fill='#ccc'>hard</text></svg>", View{Width: 360, Height: 640}, 0, 1},
	} {
		tab := open(t, b, c.html, c.view)
		if wide, faint := tab.Wider(), tab.Faint(4.5); (len(wide) > 0) != (c.wide > 0) || len(faint) != c.faint {
			t.Errorf("%s: wider %v, faint %v", c.name, wide, faint)
		}
		tab.Close()
	}
}

// A picture shows the whole page in the width it was looked at.
func TestPicture(t *testing.T) {
	tab := open(t, Start(t), "<div style='height:2000px;background:#123456'></div>", View{Width: 400, Height: 300})
	img, err := png.Decode(bytes.NewReader(tab.Picture(5000)))
	if err != nil {
		t.Fatal(err)
	}
	r, g, bl, _ := img.At(200, 1990).RGBA()
	if size := img.Bounds().Size(); size.X != 400 || size.Y != 2000 || r>>8 != 0x12 || g>>8 != 0x34 || bl>>8 != 0x56 {
		t.Errorf("%v, %x %x %x", size, r>>8, g>>8, bl>>8)
	}
}
