package status

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"attune/detect"
	"attune/internal/records"
	"attune/internal/settings"
)

// A Machine says what machine it is, without what tells it from its like.
type Machine struct {
	Vendor  string `json:"vendor,omitempty"`
	Product string `json:"product,omitempty"`
	Version string `json:"version,omitempty"`
	BIOS    string `json:"bios,omitempty"`
	Kernel  string `json:"kernel,omitempty"`
	Devices int    `json:"devices"` // that the kernel knows
}

func machineOf(f Facts) Machine {
	dmi := f.Inventory.DMI
	m := Machine{Vendor: dmi.SysVendor, Product: dmi.ProductName, Version: dmi.ProductVersion, Kernel: f.Release, Devices: len(f.Inventory.Devices)}
	m.BIOS = strings.TrimSpace(dmi.BIOSVersion + " " + dmi.BIOSDate)
	return m
}

// Name is the machine in a few words.
func (m Machine) Name() string {
	product := m.Product
	if strings.HasPrefix(product, m.Vendor) {
		product = strings.TrimSpace(strings.TrimPrefix(product, m.Vendor))
	}
	return cmp.Or(strings.TrimSpace(m.Vendor+" "+product), "a machine that does not say its make")
}

// Boot is how the last boot went.
type Boot struct {
	Written    *time.Time `json:"written,omitempty"` // when its record was
	Kernel     string     `json:"kernel,omitempty"`
	DryRun     bool       `json:"dry_run,omitempty"` // only tried out: nothing was loaded
	Udevd      bool       `json:"udevd,omitempty"`   // one was running: only what it left out was loaded
	Settled    bool       `json:"settled"`
	TookMS     int64      `json:"took_ms"`
	Loaded     int        `json:"loaded"` // modules that went into the kernel
	Failed     int        `json:"failed"`
	WaitingFor string     `json:"waiting_for,omitempty"`
	Running    []string   `json:"running,omitempty"` // modules still loading at the deadline
	Slowest    string     `json:"slowest,omitempty"` // the chain that took longest, in words
}

func bootOf(r Record) *Boot {
	if r.Boot == nil {
		return nil
	}
	b := &Boot{
		Kernel: r.Boot.Release, DryRun: r.Boot.DryRun, Udevd: r.Boot.Udevd, Settled: r.Boot.Settled,
		TookMS: r.Boot.Took.Milliseconds(), Failed: len(r.Boot.Failed()),
		WaitingFor: r.Boot.WaitingFor, Running: r.Boot.Running, Slowest: r.Chain().Text(),
	}
	for _, l := range r.Boot.Loads {
		if l.Err == "" {
			b.Loaded++
		}
	}
	if !r.Written.IsZero() && r.Written.Unix() > 0 {
		at := r.Written.UTC().Truncate(time.Second)
		b.Written = &at
	}
	return b
}

// A Choice is one thing a user has chosen that is kept.
type Choice struct {
	Kind  string        `json:"kind"`
	Scope records.Scope `json:"scope"`
	Path  string        `json:"path"`
	Text  string        `json:"text,omitempty"`
}

func choices(all []records.Stored) []Choice {
	kept := []Choice{}
	for _, r := range all {
		kept = append(kept, Choice{r.Kind, r.Scope, r.Path, fmt.Sprint(r.Value)})
	}
	return kept
}

// A Setting is one setting in force and where it is from.
type Setting struct {
	Key    string        `json:"key"`
	Value  string        `json:"value"`
	Source string        `json:"source"` // "/etc/attune/site.toml:3"
	Rank   settings.Rank `json:"rank"`
	Lost   int           `json:"lost,omitempty"` // how many others wanted something else; attune config --explain KEY names them
}

func inForce(all []settings.Explanation) []Setting {
	kept := []Setting{}
	for _, e := range all {
		if len(e.Winner) > 0 {
			kept = append(kept, Setting{e.Key, e.Value, e.Winner[0].Source, e.Winner[0].Rank, len(e.Lost)})
		}
	}
	return kept
}

// X is what became of the files written for X.
type X struct {
	Verdict string   `json:"verdict,omitempty"` // "accepted", "refused", "unchanged", "not checked"; "" unknown
	Why     string   `json:"why,omitempty"`
	Server  string   `json:"server,omitempty"` // path of the Xorg binary
	Reach   string   `json:"reach,omitempty"`  // how X finds the files: "link", "mount", "configdir", "" not at all
	Files   []string `json:"files"`
}

// nameOf is a device for people.
func (f Facts) nameOf(d detect.Device) string {
	if f.Name != nil {
		if name := f.Name(d); name != "" {
			return name
		}
	}
	return cmp.Or(d.Label, d.Path)
}
