package failsafe

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"attune/internal/fingerprint"
	"attune/xconfig"
	"attune/xconfig/gpu"
)

// Facts are what the state of a ladder belongs to, and the ladder. As JSON they are
// part of ladder.json.
type Facts struct {
	Hardware string `json:"hardware"` // digest: GPUs with their places and kernel drivers, the kind of machine
	Image    string `json:"image"`    // digest: the program, the release, the kernel, X and its drivers
	Settings string `json:"settings"` // digest: what is asked for of displays, the administrator's files
	Steps    []Step `json:"steps"`    // the best first; none where there is no X or nothing to show a picture with
}

// A Step is one way to try.
type Step struct {
	Name   string `json:"name"`             // "planned" or one of xconfig's steps
	Driver string `json:"driver,omitempty"` // of xconfig.StepDriver
	Why    string `json:"why"`              // what is different about it
}

// Planned is the top of every ladder.
const Planned = "planned"

// Key tells steps apart: "own", "driver fbdev".
func (s Step) Key() string { return strings.TrimSpace(s.Name + " " + s.Driver) }

// FactsOf is pure. image is ImageOf's. What the ladder itself does to a machine,
// such as covering a file, is in none of the digests.
// broken are known files X stops at.
func FactsOf(f xconfig.Facts, p xconfig.Preferences, good *Good, broken []Broken, image string) Facts {
	facts := Facts{
		Hardware: digest(hardware(f)...),
		Image:    digest(image, f.Image.XServer, f.Image.Drivers, f.Image.NvidiaPaths),
		Settings: digest(cmp.Or(p.Asked, Asked(p, nil)), f.Image.DropIns),
	}
	facts.Steps = steps(f, p, good.fits(facts))
	return facts.covering(broken)
}

// covering has the step on which files X cannot read are covered, where there
// are such files.
func (f Facts) covering(broken []Broken) Facts {
	if len(broken) == 0 || len(f.Steps) == 0 || f.Steps[min(1, len(f.Steps)-1)].Name == xconfig.StepCovered {
		return f
	}
	f.Steps = slices.Insert(slices.Clone(f.Steps), 1, Step{Name: xconfig.StepCovered, Why: "with empty files over those X cannot read"})
	return f
}

// hardware leaves out what may be plugged: displays, sticks. Monitors that come
// and go must not send a machine up and down its ladder.
func hardware(f xconfig.Facts) []any {
	var gpus []string
	for _, d := range f.Machine.Devices {
		if d.Subsystem == "pci" && d.Class>>16 == 0x03 {
			gpus = append(gpus, fmt.Sprintf("%s %s %s", d.Path, d.Modalias, d.Driver))
		}
	}
	for _, c := range f.Graphics.Cards {
		if !strings.HasPrefix(c.ID, "usb-") { // DisplayLink docks come and go
			gpus = append(gpus, "card "+c.ID+" "+c.Driver)
		}
	}
	slices.Sort(gpus)
	return []any{fingerprint.Kind(f.Machine.DMI), gpus}
}

// Asked is a digest of preferences and of what users chose (chosen). Whose digest is to stay the
// same when a display is pulled leaves what depends on displays out of p.
func Asked(p xconfig.Preferences, chosen any) string { return digest(asked(p), chosen) }

// asked is what of the preferences X could stumble over.
func asked(p xconfig.Preferences) xconfig.Preferences {
	p.Sources, p.Fallback, p.Asked = nil, xconfig.Fallback{}, ""
	p.Outputs = slices.Clone(p.Outputs)
	for i := range p.Outputs {
		p.Outputs[i].Source = ""
	}
	p.Touch = slices.Clone(p.Touch)
	for i := range p.Touch {
		p.Touch[i].Source = ""
	}
	return p
}

// steps are the ladder of a machine.
func steps(f xconfig.Facts, p xconfig.Preferences, good bool) []Step {
	if f.Image.XServer == "" {
		return nil
	}
	plain := asked(p).Plainly()
	plan, _ := gpu.Plan(f, plain)
	if plan.Kind == "none" && !plan.Headless {
		return nil
	}
	all := []Step{{Name: Planned, Why: "everything as planned"}}
	if good {
		all = append(all, Step{Name: xconfig.StepGood, Why: "the files there was a picture with before"})
	}
	if len(f.Image.DropIns) > 0 {
		all = append(all, Step{Name: xconfig.StepOwn, Why: "without the administrator's files for X"})
	}
	if digest(plain) != digest(asked(p)) {
		all = append(all, Step{Name: xconfig.StepPlain, Why: "without what is asked for of displays"})
	}
	all = append(all, Step{Name: xconfig.StepAlone, Why: "X by itself, without any file of attune's"})
	for i, r := range plan.Ladder {
		if i > 0 && gpu.Shows(r.Driver) {
			all = append(all, Step{Name: xconfig.StepDriver, Driver: r.Driver, Why: r.Why})
		}
	}
	return all
}

// digest is the same for the same values.
func digest(values ...any) string {
	data, err := json.Marshal(values)
	if err != nil {
		panic(err) // strings, numbers, maps of them: cannot be
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}
