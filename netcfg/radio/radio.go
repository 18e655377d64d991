// Package radio reads what the radios of a machine can do from the kernel (nl80211):
// their bands and modes, and the country whose rules they keep to.
//
// It changes nothing and joins no network. Switches that turn radios off are package
// kernel's.
package radio

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/mdlayher/wifi"
)

// Facts are what there is.
type Facts struct {
	Radios []Radio
	// Country is whose rules count for all radios that bring none of their own: two
	// letters of ISO 3166-1; "00" for what is allowed everywhere, "" when not told.
	Country string
}

// A Radio is one that may have several links. Linux' nl80211.h calls it a wiphy.
type Radio struct {
	Name  string   // "phy0"
	Links []int    // indexes of those it has now
	Modes []string // "station", "access point", "mesh point", "monitor", ...
	Bands []Band
}

// A Band is one of a radio.
type Band struct {
	Name     string // "2.4 GHz"
	Channels int    // that the radio knows
	Usable   int    // of these, by the rules of the country
	Newest   string // the newest of the standards that the library knows and both ends could speak: "802.11n", "802.11ac"; "" for older ones
}

// source is a *wifi.Client.
type source interface {
	PHYs() ([]*wifi.PHY, error)
	Interfaces() ([]*wifi.Interface, error)
	GetRegulatoryDomain() (*wifi.RegulatoryDomain, error)
}

// Read asks the kernel about the namespace of the calling thread. A kernel that knows
// no radios, or has not yet loaded what knows them, has none.
func Read() (Facts, error) {
	c, err := wifi.New()
	if errors.Is(err, fs.ErrNotExist) {
		return Facts{}, nil
	}
	if err != nil {
		return Facts{}, fmt.Errorf("asking the kernel about radios: %w", err)
	}
	defer c.Close()
	return read(c)
}

// read asks for everything, and gives what it got. The library trusts that attributes
// are as long as they should be, and panics when a driver has a shorter one.
func read(s source) (f Facts, err error) {
	defer func() {
		if odd := recover(); odd != nil {
			err = fmt.Errorf("reading what the kernel says of radios: %v", odd)
		}
	}()
	if domain, err := s.GetRegulatoryDomain(); err == nil {
		f.Country = country(domain.Region)
	}
	phys, err := s.PHYs()
	if err != nil {
		return f, fmt.Errorf("asking the kernel about radios: %w", err)
	}
	links, err := s.Interfaces()
	if err != nil {
		err = fmt.Errorf("asking the kernel about the links of radios: %w", err)
	}
	for _, p := range phys {
		f.Radios = append(f.Radios, radioOf(p, links))
	}
	return f, err
}

// country lets through what is one. The kernel has others for domains that are put
// together of several: "98", "99".
func country(region string) string {
	region = strings.TrimRight(region, "\x00")
	letters := !strings.ContainsFunc(region, func(r rune) bool { return r < 'A' || r > 'Z' })
	if region == "00" || len(region) == 2 && letters {
		return region
	}
	return ""
}

func radioOf(p *wifi.PHY, links []*wifi.Interface) Radio {
	r := Radio{Name: p.Name}
	for _, l := range links {
		if l.PHY == p.Index && l.Index != 0 { // a device for P2P alone is none
			r.Links = append(r.Links, l.Index)
		}
	}
	slices.Sort(r.Links)
	for _, mode := range p.SupportedIftypes {
		r.Modes = append(r.Modes, mode.String())
	}
	for _, attributes := range p.BandAttributes {
		if len(attributes.FrequencyAttributes) > 0 {
			r.Bands = append(r.Bands, bandOf(attributes))
		}
	}
	return r
}

func bandOf(a wifi.BandAttributes) Band {
	b := Band{Name: bandName(a.FrequencyAttributes[0].Frequency), Channels: len(a.FrequencyAttributes)}
	for _, c := range a.FrequencyAttributes {
		if !c.Disabled {
			b.Usable++
		}
	}
	switch {
	case a.VHTCapabilities != nil:
		b.Newest = "802.11ac"
	case a.HTCapabilities != nil:
		b.Newest = "802.11n"
	}
	return b
}

// bandName is that of the band a frequency in MHz is in.
func bandName(mhz int) string {
	for _, b := range []struct {
		below int
		name  string
	}{{2000, "1 GHz"}, {4000, "2.4 GHz"}, {5926, "5 GHz"}, {8000, "6 GHz"}} {
		if mhz < b.below {
			return b.name
		}
	}
	return "60 GHz"
}
