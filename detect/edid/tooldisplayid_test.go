package edid

import (
	"fmt"
	"strings"
)

func (f toolFacts) displayID(d *DisplayID) {
	f.addf("displayid", "Version: %d.%d", d.Version, d.Revision)
	if k := d.Kind; k.Version >= 2 {
		f.add("displayid", "Display Product Primary Use Case: "+toolUses[k.Code])
	} else {
		f.add("displayid", "Display Product Type: "+toolTypes[k.Code])
	}
	f.timings("displayid-timings", d.Detailed)
	for _, x := range d.Formulas {
		preferred := ""
		if x.Preferred {
			preferred = " preferred"
		}
		f.addf("displayid-formulas", "%dx%d%s", x.Width, x.Height, preferred)
	}
	for _, x := range d.TimingIDs {
		switch x.Table {
		case TableDMT:
			f.addf("displayid-ids", "DMT 0x%02x", x.ID)
		case TableVIC:
			f.addf("displayid-ids", "VIC %d", x.ID)
		default:
			f.addf("displayid-ids", "HDMI VIC %d", x.ID)
		}
	}
	if d.Tile != nil {
		f.tile(d.Tile)
	}
	if d.Product != nil {
		f.product(d.Product)
	}
	if d.Display != nil {
		f.display(d)
	}
	f.displayRanges(d)
	f.displayRest(d)
}

var (
	toolTypes = [256]string{"Extension Section", "Test Structure; test equipment only", "Display panel or other transducer, LCD or PDP module, etc.",
		"Standalone display device", "Television receiver", "Repeater/translator", "DIRECT DRIVE monitor"}
	toolUses = [256]string{"Same primary use case as the base section", "Test Structure; test equipment only",
		"None of the listed primary use cases; generic display", "Television (TV) display", "Desktop productivity display",
		"Desktop gaming display", "Presentation display", "Head-mounted Virtual Reality (VR) display", "Head-mounted Augmented Reality (AR) display"}
)

func (f toolFacts) tile(x *Tile) {
	const k = "displayid-tile"
	alone := []string{"Undefined", "Image is displayed at the Tile Location", "Image is scaled to fit the entire tiled display",
		"Image is cloned to all other tiles", "Reserved", "Reserved", "Reserved", "Reserved"}
	enclosure := "multiple physical display enclosures"
	if x.SingleEnclosure {
		enclosure = "a single physical display enclosure"
	}
	f.add(k, "Capabilities:")
	f.add(k, "Behavior if it is the only tile: "+alone[x.Alone])
	f.add(k, "Behavior if more than one tile and fewer than total number of tiles: "+[]string{alone[0], alone[1], alone[4], alone[4]}[x.Some])
	f.add(k, "Tiled display consists of "+enclosure)
	f.addf(k, "Num horizontal tiles: %d Num vertical tiles: %d", x.Columns, x.Rows)
	f.addf(k, "Tile location: %d, %d", x.Column, x.Row)
	f.addf(k, "Tile resolution: %dx%d", x.Width, x.Height)
	f.add(k, "Tiled Display Manufacturer/Vendor ID: "+x.Group.Vendor)
	f.addf(k, "Tiled Display Product ID Code: %d", x.Group.Product)
	f.addf(k, "Tiled Display Serial Number: %d", x.Group.Serial)
}

func (f toolFacts) product(p *ProductID) {
	const k = "displayid-product"
	f.add(k, "Vendor "+p.Vendor)
	f.addf(k, "Product Code: %d", p.Product)
	if p.Serial != 0 {
		f.addf(k, "Serial Number: %d", p.Serial)
	}
	if p.ModelYear != 0 {
		f.addf(k, "Model Year: %d", p.ModelYear)
	} else {
		s := fmt.Sprintf("Year of Manufacture: %d", p.Year)
		if p.Week != 0 {
			s += fmt.Sprintf(", Week %d", p.Week)
		}
		f.add(k, s)
	}
	if p.Name != "" {
		f.add(k, "Product ID: "+p.Name)
	}
}

func (f toolFacts) display(d *DisplayID) {
	const k = "displayid-display"
	x := d.Display
	f.addf(k, "Image size: %.1f mm x %.1f mm", float64(x.WidthUM)/1000, float64(x.HeightUM)/1000)
	f.addf(k, "Display native pixel format: %dx%d", x.Width, x.Height)
	luminance := func(what string, v float64) {
		if v == 0 {
			f.addf(k, "%s: do not use", what)
			return
		}
		f.addf(k, "%s: %f cd/m^2", what, v)
	}
	if d.Version >= 2 {
		luminance("Native Maximum Luminance (Full Coverage)", x.MaxFull)
		luminance("Native Maximum Luminance (10% Rectangular Coverage)", x.Max10)
		luminance("Native Minimum Luminance", x.Min)
		f.addf(k, "Native Color Depth: %d bpc", x.BitDepth)
		if x.Gamma != 0 {
			f.addf(k, "Native Gamma EOTF: %.2f", x.Gamma)
		}
		return
	}
	if x.Gamma != 0 {
		f.addf(k, "Gamma: %.2f", x.Gamma)
	}
	f.addf(k, "Aspect ratio: %.2f", x.Aspect)
	f.addf(k, "Dynamic bpc native: %d", x.BitDepth)
}

func (f toolFacts) displayRanges(d *DisplayID) {
	const k = "displayid-ranges"
	for _, r := range d.Ranges {
		if d.Version < 2 {
			f.addf(k, "Pixel Clock: %.3f-%.3f MHz", float64(r.MinClock)/1e6, float64(r.MaxClock)/1e6)
			f.addf(k, "Horizontal Frequency: %d-%d kHz", r.MinHKHz, r.MaxHKHz)
			f.addf(k, "Vertical Refresh: %d-%d Hz", r.MinVHz, r.MaxVHz)
			continue
		}
		f.addf(k, "Minimum Pixel Clock: %d kHz", r.MinClock/1000)
		f.addf(k, "Maximum Pixel Clock: %d kHz", r.MaxClock/1000)
		f.addf(k, "Minimum Vertical Refresh Rate: %d Hz", r.MinVHz)
		f.addf(k, "Maximum Vertical Refresh Rate: %d Hz", r.MaxVHz)
		f.add(k, "Seamless Dynamic Video Timing Support: "+map[bool]string{true: "Yes", false: "No"}[r.Seamless])
	}
	for _, a := range d.Adaptive {
		f.add("displayid-adaptive", map[bool]string{true: "Native Panel Range", false: "Non-Native Panel Range"}[a.Native])
		f.addf("displayid-adaptive", "Min Refresh Rate: %d Hz", a.MinVHz)
		f.addf("displayid-adaptive", "Max Refresh Rate: %d Hz", a.MaxVHz)
	}
}

func (f toolFacts) displayRest(d *DisplayID) {
	if i := d.Interface; i != nil {
		for _, e := range []struct {
			name   string
			depths Depths
		}{{"RGB", i.RGB}, {"YCbCr 4:4:4", i.YCbCr444}, {"YCbCr 4:2:2", i.YCbCr422}, {"YCbCr 4:2:0", i.YCbCr420}} {
			if set := bitNames(depthNames[:], uint(e.depths)); set != nil {
				f.add("displayid-interface", "Supported bpc for "+e.name+" encoding: "+strings.Join(set, ", "))
			}
		}
	}
	if c := d.Container; c != "" {
		f.addf("displayid-container", "Container ID: %x-%x-%x-%x-%x", string(c[:4]), string(c[4:6]), string(c[6:8]), string(c[8:10]), string(c[10:]))
	}
	if d.Serial != "" {
		f.addf("displayid-serial", "Text: '%s'", d.Serial)
	}
	for _, s := range d.Texts {
		f.addf("displayid-texts", "Text: '%s'", s)
	}
	for _, v := range d.Vendor {
		f.add("displayid-vendor", v.OUI.String())
	}
}
