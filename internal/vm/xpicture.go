package vm

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
)

// A Picture is what a head showed, as QEMU saw it.
type Picture struct {
	Head  Head
	Image *image.RGBA
}

// Screendump takes a picture of a head.
func (m *Monitor) Screendump(h Head) (Picture, error) {
	file := m.Path("picture.ppm")
	args := map[string]any{"filename": file}
	if h.Device != "" {
		args["device"], args["head"] = h.Device, h.Head
	}
	if err := m.Do("screendump", args); err != nil {
		return Picture{}, fmt.Errorf("photographing %v: %w", h, err)
	}
	f, err := os.Open(file)
	if err != nil {
		return Picture{}, err
	}
	defer f.Close()
	img, err := readPPM(f)
	if err != nil {
		return Picture{}, fmt.Errorf("photographing %v: %w", h, err)
	}
	return Picture{Head: h, Image: img}, nil
}

// readPPM reads the raw 8-bit colour form of netpbm's PPM, ppm(5), which is
// what QEMU writes.
func readPPM(r io.Reader) (*image.RGBA, error) {
	br := bufio.NewReader(r)
	var w, h, most int
	if _, err := fmt.Fscanf(br, "P6\n%d %d\n%d\n", &w, &h, &most); err != nil {
		return nil, fmt.Errorf("reading a PPM's head: %w", err)
	}
	if most != 255 || w <= 0 || h <= 0 || w > 1<<14 || h > 1<<14 {
		return nil, fmt.Errorf("a PPM of %dx%d with values to %d", w, h, most)
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	row := make([]byte, 3*w)
	for y := range h {
		if _, err := io.ReadFull(br, row); err != nil {
			return nil, fmt.Errorf("reading line %d of a PPM: %w", y, err)
		}
		for x := range w {
			img.SetRGBA(x, y, color.RGBA{row[3*x], row[3*x+1], row[3*x+2], 255})
		}
	}
	return img, nil
}

// Lit is the share of pixels which are not nearly black, 0 to 1.
func (p Picture) Lit() float64 {
	var lit int
	for i := 0; i+3 < len(p.Image.Pix); i += 4 {
		if px := p.Image.Pix[i : i+3]; max(px[0], px[1], px[2]) > 24 {
			lit++
		}
	}
	return float64(lit) / float64(len(p.Image.Pix)/4)
}

// Tiled says whether the lower right corner, away from windows and pointer, is
// one tile of n by n pixels over and over, and the tile no single colour.
func (p Picture) Tiled(n int) bool {
	w, h := p.Size()
	corner := image.Rect(w-w/4, h-h/4, w-n, h-n)
	at := p.Image.RGBAAt
	var plain = true
	for y := corner.Min.Y; y < corner.Max.Y; y++ {
		for x := corner.Min.X; x < corner.Max.X; x++ {
			if c := at(x, y); c != at(x+n, y) || c != at(x, y+n) {
				return false
			}
			plain = plain && at(x, y) == at(corner.Min.X, corner.Min.Y)
		}
	}
	return !plain
}

// Size is width and height in pixels.
func (p Picture) Size() (w, h int) { return p.Image.Rect.Dx(), p.Image.Rect.Dy() }

// Save writes the picture as NAME.png into the folder ATTUNE_ARTEFACTS, or
// out/FOLDER in the checkout, and gives the file's path.
func (p Picture) Save(folder, name string) (string, error) {
	dir := os.Getenv("ATTUNE_ARTEFACTS")
	if dir == "" {
		root, err := projectRoot()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(root, "out", folder)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		return "", err
	}
	return f.Name(), errors.Join(png.Encode(f, p.Image), f.Close())
}
